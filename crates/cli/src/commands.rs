//! The commands, as the user types them.

mod admin;
mod course;
mod data;
mod doctor;
mod lab;
mod run;
mod serve;
mod version;
mod worker;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Lyceum 学园: courses and labs for people who build, run and govern AI models.
#[derive(Parser)]
#[command(name = "lyceum", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Lyceum {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::ServeArgs),
    Run(run::RunArgs),
    #[command(subcommand)]
    Course(course::CourseCommand),
    #[command(subcommand)]
    Lab(lab::LabCommand),
    #[command(subcommand)]
    Data(data::DataCommand),
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    Doctor(doctor::DoctorArgs),
    Version(version::VersionArgs),
    #[command(hide = true)]
    Worker(worker::WorkerArgs),
}

impl Lyceum {
    /// Runs the command and returns the exit status.
    ///
    /// # Errors
    /// When Lyceum failed; the failure of a learner's program is a status.
    pub fn run(self) -> Result<u8> {
        match self.command.unwrap_or_else(|| Command::Serve(serve::ServeArgs::default())) {
            Command::Serve(args) => serve::run(&args).map(|()| 0),
            Command::Admin(command) => admin::run(&command).map(|()| 0),
            Command::Run(args) => run::run(&args),
            Command::Lab(command) => lab::run(&command),
            Command::Course(command) => course::run(&command),
            Command::Data(command) => data::run(&command).map(|()| 0),
            Command::Doctor(args) => doctor::run(&args),
            Command::Version(args) => version::run(&args).map(|()| 0),
            Command::Worker(args) => worker::run(&args),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Lyceum::command().debug_assert();
    }
}
