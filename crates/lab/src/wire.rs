//! The wire form: one JSON object a line.
//!
//! A child writes any number of events and then one report. It is the learner's process, so the
//! reader believes nothing: a line has a greatest length, and a broken line is an error that names
//! its number, after which reading can go on.

use std::io::{self, BufRead, Read as _, Write};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Event, LabReport};

/// The longest line that a reader takes, in bytes.
pub const MAX_LINE: usize = 16 << 20;

/// What a child sends: an event, or its report at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    /// Something happened.
    Event(Event),
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

/// Why a message could not be read or written.
#[derive(Debug, Error)]
pub enum WireError {
    /// The pipe failed.
    #[error("cannot read or write the message pipe: {0}")]
    Io(#[from] io::Error),
    /// A line is no message.
    #[error("line {line} is no message: {source}")]
    Malformed {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A line is longer than [`MAX_LINE`].
    #[error("line {line} is longer than {limit} bytes")]
    TooLong {
        /// The line, counted from 1.
        line: u64,
        /// The greatest length.
        limit: usize,
    },
}

/// Writes one message as a line.
///
/// # Errors
/// When the writer fails.
pub fn write_message(writer: &mut impl Write, message: &Message) -> Result<(), WireError> {
    let mut line = serde_json::to_vec(message).map_err(io::Error::from)?;
    line.push(b'\n');
    writer.write_all(&line)?;
    Ok(())
}

/// Reads messages line by line.
///
/// It is an iterator; after a malformed or over-long line it goes on with the next one.
pub struct MessageReader<R> {
    reader: R,
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> MessageReader<R> {
    /// Makes a reader of the lines of `reader`.
    pub fn new(reader: R) -> Self {
        Self { reader, line: 0, buffer: Vec::new() }
    }

    /// Reads a line into the buffer. Returns false at the end.
    fn fill(&mut self) -> Result<bool, WireError> {
        self.buffer.clear();
        let mut bounded = (&mut self.reader).take(MAX_LINE as u64 + 1);
        if bounded.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(false);
        }
        self.line += 1;
        if self.buffer.len() > MAX_LINE {
            let ended = self.buffer.last() == Some(&b'\n');
            self.buffer = Vec::new();
            if !ended {
                self.skip_line()?;
            }
            return Err(WireError::TooLong { line: self.line, limit: MAX_LINE });
        }
        Ok(true)
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let available = self.reader.fill_buf()?;
            let newline = available.iter().position(|byte| *byte == b'\n');
            let used = newline.map_or(available.len(), |at| at + 1);
            let ended = newline.is_some() || available.is_empty();
            self.reader.consume(used);
            if ended {
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Iterator for MessageReader<R> {
    type Item = Result<Message, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.fill() {
            Ok(false) => None,
            Ok(true) => Some(
                serde_json::from_slice(&self.buffer).map_err(|source| WireError::Malformed { line: self.line, source }),
            ),
            Err(error) => Some(Err(error)),
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

    #[test]
    fn messages_come_back_in_order() {
        let sent: Vec<Message> = vec![
            event(1).into(),
            Event::Step { step: 1, optimizer: "Adam".into(), learning_rate: 1e-3, time: 0.1 }.into(),
            LabReport::ended(Outcome::Finished).into(),
        ];
        let mut bytes = Vec::new();
        for message in &sent {
            write_message(&mut bytes, message).unwrap();
        }
        let read: Vec<Message> = MessageReader::new(bytes.as_slice()).collect::<Result<_, _>>().unwrap();
        assert_eq!(read, sent);
    }

    #[test]
    fn a_broken_line_is_named_and_the_next_one_is_read() {
        let mut bytes = b"{\"event\":\"scal\n\xff\xfe\n\n".to_vec();
        write_message(&mut bytes, &event(7).into()).unwrap();
        let read: Vec<_> = MessageReader::new(bytes.as_slice()).collect();
        assert_eq!(read.len(), 4);
        assert!(read[0].as_ref().unwrap_err().to_string().starts_with("line 1 is no message"));
        assert!(read[1].is_err() && read[2].is_err());
        assert_eq!(read[3].as_ref().unwrap(), &event(7).into());
    }

    #[test]
    fn a_line_without_end_takes_bounded_memory() {
        let endless = io::repeat(b'x').take(3 * MAX_LINE as u64).chain(&b"\n"[..]);
        let mut bytes = Vec::new();
        write_message(&mut bytes, &event(1).into()).unwrap();
        let mut reader = MessageReader::new(io::BufReader::new(endless.chain(bytes.as_slice())));
        assert!(matches!(reader.next(), Some(Err(WireError::TooLong { line: 1, .. }))));
        assert_eq!(reader.next().unwrap().unwrap(), event(1).into());
        assert!(reader.next().is_none());
    }

    #[test]
    fn a_cut_off_last_line_is_an_error_and_not_a_message() {
        let mut bytes = Vec::new();
        write_message(&mut bytes, &event(1).into()).unwrap();
        bytes.truncate(bytes.len() - 5);
        let read: Vec<_> = MessageReader::new(bytes.as_slice()).collect();
        assert!(matches!(read.as_slice(), [Err(WireError::Malformed { line: 1, .. })]));
    }
}
