//! The wire form: one JSON object a line.
//!
//! A child writes any number of events and answers, and then one report. It is the learner's process, so
//! the reader believes nothing: a line has a greatest length, and what is no message is passed over.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::{Event, LabReport, Observation};

/// The longest line that a reader takes, in bytes.
pub const MAX_LINE: usize = 16 << 20;

/// What a child sends: events, answers to probes, and its report at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    /// Something happened.
    Event(Event),
    /// A probe has its answer.
    Observed {
        /// The probe's id.
        observed: String,
        /// The answer.
        observation: Box<Observation>,
    },
    /// The run is over.
    Report {
        /// How it ended.
        report: Box<LabReport>,
    },
}

impl From<Event> for Message {
    fn from(event: Event) -> Self {
        Message::Event(event)
    }
}

impl From<LabReport> for Message {
    fn from(report: LabReport) -> Self {
        Message::Report { report: Box::new(report) }
    }
}

/// Writes one message as a line.
///
/// # Errors
/// When the writer fails.
pub fn write_message(writer: &mut impl Write, message: &Message) -> io::Result<()> {
    let mut line = serde_json::to_vec(message).map_err(io::Error::from)?;
    line.push(b'\n');
    writer.write_all(&line)
}

/// Cuts a stream of bytes into lines, however the bytes arrive.
///
/// A line that is longer than the limit is passed over, and takes no more memory than the limit.
#[derive(Debug)]
pub struct Lines {
    limit: usize,
    begun: Vec<u8>,
    /// Whether the line that has begun is too long.
    skipping: bool,
}

impl Lines {
    /// Makes one that passes over lines with more than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, begun: Vec::new(), skipping: false }
    }

    /// Takes bytes, and calls back with each line that they complete, without its end.
    pub fn push(&mut self, mut bytes: &[u8], mut each: impl FnMut(&[u8])) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            if self.begun.is_empty() && !self.skipping && line.len() <= self.limit {
                each(line);
            } else {
                self.keep(line);
                if !self.skipping {
                    each(&self.begun);
                }
            }
            self.begun.clear();
            self.begun.shrink_to(1 << 16);
            self.skipping = false;
            bytes = rest;
        }
        self.keep(bytes);
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.skipping |= self.begun.len() + bytes.len() > self.limit;
        if self.skipping {
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    fn event(step: u64) -> Event {
        Event::Scalar { step, name: "loss".into(), value: 1.0, time: 0.0 }
    }

    /// The lines of bytes that arrive in pieces of one size.
    fn lines(bytes: &[u8], limit: usize, piece: usize) -> Vec<Vec<u8>> {
        let (mut lines, mut found) = (Lines::new(limit), Vec::new());
        for piece in bytes.chunks(piece) {
            lines.push(piece, |line| found.push(line.to_owned()));
        }
        found
    }

    #[test]
    fn messages_come_back_in_order() {
        let sent: Vec<Message> = vec![
            event(1).into(),
            Message::Observed {
                observed: "mse/0".into(),
                observation: Box::new(Observation::value(crate::Value::Int(1))),
            },
            Event::Step { step: 1, optimizer: "Adam".into(), learning_rate: 1e-3, time: 0.1 }.into(),
            LabReport::ended(Outcome::Finished).into(),
        ];
        let mut bytes = Vec::new();
        for message in &sent {
            write_message(&mut bytes, message).unwrap();
        }
        for piece in [1, 7, 1 << 20] {
            let read: Vec<Message> =
                lines(&bytes, MAX_LINE, piece).iter().map(|line| serde_json::from_slice(line).unwrap()).collect();
            assert_eq!(read, sent);
        }
    }

    #[test]
    fn a_line_without_end_takes_bounded_memory() {
        let (mut lines, mut found) = (Lines::new(1_000), Vec::new());
        for _ in 0..10_000 {
            lines.push(&[b'x'; 100], |line| found.push(line.to_owned()));
            assert!(lines.begun.capacity() <= 2_000);
        }
        lines.push(b"x\nshort\n\n", |line| found.push(line.to_owned()));
        assert_eq!(found, [b"short".to_vec(), Vec::new()]);
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit() {
        for piece in [1, 3, 100] {
            assert_eq!(lines(b"12345\n123456\n1\n", 5, piece), [b"12345".to_vec(), b"1".to_vec()]);
        }
    }

    #[test]
    fn a_cut_off_last_line_is_no_line() {
        assert_eq!(lines(b"one\ntw", 10, 4), [b"one".to_vec()]);
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        for line in [&b"{\"event\":\"scal"[..], b"\xff\xfe", b"", b"[]", b"{\"report\":{}}"] {
            assert!(serde_json::from_slice::<Message>(line).is_err());
        }
    }
}
