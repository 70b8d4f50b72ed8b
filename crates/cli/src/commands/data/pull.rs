//! `lyceum data pull`

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;
use lyceum_data::{
    Catalogue,
    published::{self, PUBLISHED},
    pull::{Progress, PullOptions},
};

use super::human_size;
use crate::hint;

/// Downloads a published data set and checks it against its known SHA-256.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum data pull mnist
  lyceum data pull mnist --from http://mirror.example.org/mnist

An interrupted download goes on where it stopped when the command is given again.")]
pub struct PullArgs {
    /// mnist, fashion-mnist or tinyshakespeare.
    name: String,
    /// The address of a folder that has the files, instead of the usual ones.
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// Replace a set of the same name.
    #[arg(long)]
    replace: bool,
}

pub fn run(args: &PullArgs) -> Result<()> {
    let Some(set) = published::find(&args.name) else {
        let known: Vec<&str> = PUBLISHED.iter().map(|set| set.name).collect();
        return Err(hint::error(
            format!("{:?} cannot be pulled; these can: {}", args.name, known.join(", ")),
            "`lyceum data import` takes a set of your own",
        ));
    };
    let options = PullOptions { from: args.from.clone(), replace: args.replace, ..PullOptions::default() };
    let mut bar = Bar::new();
    let result = Catalogue::from_env().pull(set, &options, &mut |progress| bar.show(progress));
    bar.clear();
    let local = result?;
    writeln!(io::stdout(), "{}: {}", local.name, local.summary())?;
    Ok(())
}

/// A progress bar on a terminal, nothing elsewhere.
struct Bar {
    visible: bool,
    started: Instant,
    /// What was here when the command started.
    already: Option<u64>,
    shown: Option<Instant>,
}

impl Bar {
    fn new() -> Self {
        let visible = io::stderr().is_terminal();
        Self { visible, started: Instant::now(), already: None, shown: None }
    }

    fn show(&mut self, progress: Progress<'_>) {
        let already = *self.already.get_or_insert(progress.done);
        let due = self.shown.is_none_or(|shown| shown.elapsed() >= Duration::from_millis(100));
        if self.visible && (due || progress.done == progress.total) {
            self.shown = Some(Instant::now());
            let seconds = self.started.elapsed().as_secs_f64();
            let line = bar_line(progress, progress.done.saturating_sub(already), seconds);
            // A terminal that cannot be written to shows no bar.
            let _ = write!(io::stderr(), "\r\x1b[K{line}");
        }
    }

    fn clear(&self) {
        if self.visible && self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn bar_line(progress: Progress<'_>, fetched: u64, seconds: f64) -> String {
    const WIDTH: u64 = 24;
    let filled = (progress.done * WIDTH).checked_div(progress.total).unwrap_or(WIDTH).min(WIDTH);
    let bar: String = (0..WIDTH).map(|at| if at < filled { '█' } else { '░' }).collect();
    let rate = human_size((fetched as f64 / seconds.max(1e-3)) as u64);
    let (done, total) = (human_size(progress.done), human_size(progress.total));
    format!("{bar} {done} of {total}, {rate}/s  {}", progress.file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_how_far_and_how_fast() {
        let progress = Progress { file: "input.txt", done: 500_000, total: 1_000_000 };
        assert_eq!(
            bar_line(progress, 400_000, 2.0),
            "████████████░░░░░░░░░░░░ 500.0 kB of 1.0 MB, 200.0 kB/s  input.txt"
        );
        let nothing = Progress { file: "empty", done: 0, total: 0 };
        assert!(bar_line(nothing, 0, 0.0).starts_with(&"█".repeat(24)));
    }
}
