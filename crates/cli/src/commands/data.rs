//! `lyceum data`

mod import;
mod list;
mod pull;
mod show;

use anyhow::Result;
use clap::Subcommand;

/// Lists, shows, imports and downloads data sets.
///
/// Sets that are not built in lie in $LYCEUM_DATA_DIR, or else in lyceum/data under $XDG_DATA_HOME or
/// ~/.local/share. A program reads them with `lyceum.data.load(NAME)`.
#[derive(Subcommand)]
pub enum DataCommand {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Import(import::ImportArgs),
    Pull(pull::PullArgs),
}

pub fn run(command: &DataCommand) -> Result<()> {
    match command {
        DataCommand::List(args) => list::run(args),
        DataCommand::Show(args) => show::run(args),
        DataCommand::Import(args) => import::run(args),
        DataCommand::Pull(args) => pull::run(args),
    }
}

/// Returns a size as a person reads it: `4.5 kB`, `11.6 MB`.
fn human_size(bytes: u64) -> String {
    let (value, unit) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (bytes as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (bytes as f64 / 1e6, "MB"),
        _ => (bytes as f64 / 1e9, "GB"),
    };
    format!("{value:.1} {unit}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_short() {
        let sizes = [0, 999, 1_000, 4_542, 1_115_394, 11_594_722, 5_000_000_000];
        let shown = sizes.map(super::human_size).join(", ");
        assert_eq!(shown, "0 B, 999 B, 1.0 kB, 4.5 kB, 1.1 MB, 11.6 MB, 5.0 GB");
    }
}
