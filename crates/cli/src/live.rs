//! The live line: step, loss and speed of a training loop, on the terminal while it runs.
//!
//! It is the last line of the terminal and is taken away before anything else is written there.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use lyceum_lab::sandbox::Stream;

use crate::progress::Progress;

/// How often the line is drawn anew.
pub const EVERY: Duration = Duration::from_millis(100);

/// The terminal below the program's output.
pub struct Live {
    started: Instant,
    /// Whether the line is on the terminal.
    drawn: bool,
    /// Whether the program has left the cursor in the middle of a line of its own.
    in_line: bool,
    /// Whether stdout is the terminal as well.
    has_stdout: bool,
}

impl Live {
    /// Makes one when standard error is a terminal that can take it.
    pub fn on_terminal() -> Option<Self> {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty());
        (io::stderr().is_terminal() && !dumb).then(|| Self {
            started: Instant::now(),
            drawn: false,
            in_line: false,
            has_stdout: io::stdout().is_terminal(),
        })
    }

    /// Makes room for what a program prints to a stream.
    pub fn make_room(&mut self, stream: Stream, bytes: &[u8]) {
        if stream == Stream::Stdout && !self.has_stdout {
            return;
        }
        self.clear();
        if let Some(last) = bytes.last() {
            self.in_line = *last != b'\n';
        }
    }

    /// Draws the line, if there is anything to show and room for it.
    pub fn draw(&mut self, progress: &Progress) {
        if progress.step == 0 || self.in_line {
            return;
        }
        let width = match rustix::termios::tcgetwinsize(io::stderr()) {
            Ok(size) if size.ws_col > 0 => usize::from(size.ws_col),
            _ => 80,
        };
        let line: String = line(progress, self.started.elapsed()).chars().take(width - 1).collect();
        self.drawn = true;
        let _ = write_all(io::stderr(), format!("\r\x1b[K\x1b[2m{line}\x1b[0m").as_bytes());
    }

    /// Takes the line away, and leaves a summary in its place.
    pub fn finish(&mut self, progress: &Progress) {
        self.clear();
        if self.in_line {
            let _ = write_all(io::stderr(), b"\n");
            self.in_line = false;
        }
        if let Some(summary) = summary(progress) {
            let _ = write_all(io::stderr(), format!("\x1b[2m{summary}\x1b[0m\n").as_bytes());
        }
    }

    fn clear(&mut self) {
        if self.drawn {
            // A terminal that cannot be written to has no line to take away.
            let _ = write_all(io::stderr(), b"\r\x1b[K");
            self.drawn = false;
        }
    }
}

fn write_all(mut to: impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes)?;
    to.flush()
}

fn line(progress: &Progress, elapsed: Duration) -> String {
    let mut line = format!("step {}", progress.step);
    if let Some(loss) = progress.loss {
        line += &format!("   loss {}", short(loss));
    }
    if let Some(speed) = progress.speed() {
        line += &format!("   {} steps/s", short(speed));
    }
    let seconds = elapsed.as_secs();
    line += &format!("   {}:{:02}", seconds / 60, seconds % 60);
    line
}

fn summary(progress: &Progress) -> Option<String> {
    if progress.step == 0 {
        return None;
    }
    let steps = if progress.step == 1 { "step" } else { "steps" };
    let mut line = format!("{} {steps} in {:.1} s", progress.step, progress.time().as_secs_f64());
    if let Some(speed) = progress.mean_speed() {
        line += &format!(", {} a second", short(speed));
    }
    if let Some(loss) = progress.loss {
        line += &format!(", last loss {}", short(loss));
    }
    Some(line)
}

/// Returns a number with about four digits.
fn short(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => value.to_string(),
        0.0 => "0".into(),
        size if !(1e-4..1e6).contains(&size) => format!("{value:.3e}"),
        size if size < 1.0 => format!("{value:.5}"),
        size if size < 10.0 => format!("{value:.4}"),
        size if size < 100.0 => format!("{value:.2}"),
        size if size < 1000.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let numbers = [0.0, 1.5e-7, 0.69321718, 2.302685, 45.678, 187.26, 54321.9, 1e9, f64::NAN, -0.5];
        let shown = numbers.map(short).join(" ");
        assert_eq!(shown, "0 1.500e-7 0.69322 2.3027 45.68 187.3 54322 1.000e9 NaN -0.50000");
    }

    #[test]
    fn the_line_says_what_is_known() {
        let mut progress = Progress::default();
        assert_eq!(summary(&progress), None);
        progress.step = 12;
        assert_eq!(line(&progress, Duration::from_secs(75)), "step 12   1:15");
        progress.loss = Some(0.25);
        assert_eq!(line(&progress, Duration::from_secs(5)), "step 12   loss 0.25000   0:05");
        assert_eq!(summary(&progress).unwrap(), "12 steps in 0.0 s, last loss 0.25000");
    }
}
