//! The binary as a user meets it: its output, its exit status, the files it leaves.

mod article;
mod data;
mod datasets;
<<<<<<< HEAD
mod doctor;
mod escapes;
=======
mod figures;
>>>>>>> 62fc1b6 (Document plotting, turn labels that run into each other, and bound what a recorder keeps of figures)
mod golden;
mod help;
mod labs;
mod live;
mod run;
mod sandbox;
