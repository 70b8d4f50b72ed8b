//! Problems: what is wrong with a course, for its author, with file and line.

use std::{
    cell::RefCell,
    fmt,
    path::{Path, PathBuf},
};

use serde::Serialize;

/// Something in a course that has to be changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.message),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.message),
        }
    }
}

/// Collects the problems of one text, and knows which line a position is on.
pub(crate) struct Sink<'a> {
    file: &'a Path,
    /// The positions at which lines begin.
    starts: Vec<usize>,
    /// How many lines of the file come before the text.
    lines_before: usize,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Sink<'a> {
    /// Makes a sink for a text that is a whole file.
    pub(crate) fn new(file: &'a Path, text: &str) -> Self {
        Self::inside(file, text, 0)
    }

    /// Makes a sink for a text that stands in a file after so many lines.
    pub(crate) fn inside(file: &'a Path, text: &str, lines_before: usize) -> Self {
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        Self { file, starts, lines_before, problems: RefCell::default() }
    }

    /// Returns the line in the file that a position of the text is on.
    pub(crate) fn line(&self, position: usize) -> usize {
        self.lines_before + self.starts.partition_point(|start| *start <= position)
    }

    /// Notes a problem at a position.
    pub(crate) fn at(&self, position: usize, message: impl Into<String>) {
        self.on_line(self.line(position), message);
    }

    /// Notes a problem on a line of the file.
    pub(crate) fn on_line(&self, line: usize, message: impl Into<String>) {
        self.problems.borrow_mut().push(Problem { file: self.file.to_owned(), line, message: message.into() });
    }

    /// Gives the problems away.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Makes a sink for a text that stands in the same file after so many lines.
    pub(crate) fn within(&self, text: &str, lines_before: usize) -> Sink<'a> {
        Sink::inside(self.file, text, lines_before)
    }

    /// Takes over problems that were found elsewhere.
    pub(crate) fn extend(&self, problems: Vec<Problem>) {
        self.problems.borrow_mut().extend(problems);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_on_the_line_that_it_is_on() {
        let sink = Sink::inside(Path::new("a.md"), "ab\n\nc", 10);
        let lines: Vec<usize> = [0, 2, 3, 4, 5, 99].iter().map(|at| sink.line(*at)).collect();
        assert_eq!(lines, [11, 11, 12, 13, 13, 13]);
        sink.at(3, "is empty");
        assert_eq!(sink.into_problems()[0].to_string(), "a.md:12: is empty");
    }
}
