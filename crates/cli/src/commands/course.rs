//! `lyceum course`

mod check;
mod new;
mod show;

use anyhow::Result;
use clap::Subcommand;

/// Makes, checks and shows courses.
///
/// A course is a folder of text files: course.toml, and for each unit a lesson in Chinese and in English and,
/// where it has a lab, a starter, a solution, checks and known wrong answers.
#[derive(Subcommand)]
pub enum CourseCommand {
    New(new::NewArgs),
    Check(check::CheckArgs),
    Show(show::ShowArgs),
}

pub fn run(command: &CourseCommand) -> Result<u8> {
    match command {
        CourseCommand::New(args) => new::run(args).map(|()| 0),
        CourseCommand::Check(args) => check::run(args),
        CourseCommand::Show(args) => show::run(args).map(|()| 0),
    }
}
