//! Splits CSV into rows of words: quotes, line ends and empty lines are dealt with here, meaning in
//! [`table`](crate::table).

use csv_core::ReadRecordResult;

use crate::Problem;

/// Rows of a CSV file.
pub(crate) struct Rows<'a> {
    reader: csv_core::Reader,
    rest: &'a [u8],
    /// The line that the rest starts on, counted from 1.
    line: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// A row: its line, and its words without the spaces around them.
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) words: Vec<String>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self { reader: csv_core::Reader::new(), rest, line: 1, bytes: vec![0; 1024], ends: vec![0; 64] }
    }

    fn advance(&mut self, count: usize) {
        let (read, rest) = self.rest.split_at(count);
        self.line += read.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.rest = rest;
    }

    /// Reads the next row that is not an empty line; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Row>, Problem> {
        self.advance(self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count());
        let line = self.line;
        let (mut written, mut fields) = (0, 0);
        loop {
            let (result, read, wrote, ended) =
                self.reader.read_record(self.rest, &mut self.bytes[written..], &mut self.ends[fields..]);
            self.advance(read);
            written += wrote;
            fields += ended;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
                // The reader is told of the end of the file by being given nothing.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
        }
        let mut start = 0;
        let mut words = Vec::with_capacity(fields);
        for end in &self.ends[..fields] {
            let word = std::str::from_utf8(&self.bytes[start..*end]).map_err(|error| {
                let byte = self.bytes[start + error.valid_up_to()];
                Problem::new("a row of CSV in UTF-8", format!("the byte {byte:02x}")).at_line(line)
            })?;
            words.push(word.trim().to_owned());
            start = *end;
        }
        Ok(Some(Row { line, words }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<(u64, Vec<String>)> {
        let mut rows = Rows::new(text);
        std::iter::from_fn(|| rows.next().unwrap()).map(|row| (row.line, row.words)).collect()
    }

    #[test]
    fn rows_know_their_lines() {
        let text = b"\xef\xbb\xbfa, b \r\n\r\n\n\"x\ny\",\"he said \"\"z\"\"\"\n1,";
        let expected = [(1, vec!["a", "b"]), (4, vec!["x\ny", "he said \"z\""]), (6, vec!["1", ""])];
        let expected = expected.map(|(line, words)| (line, words.into_iter().map(str::to_owned).collect()));
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn long_rows_of_long_words_fit() {
        let word = "w".repeat(3000);
        let line = vec![word.as_str(); 500].join(",");
        let read = rows(format!("{line}\n{line}").as_bytes());
        assert_eq!(read.len(), 2);
        assert!(read.iter().all(|(_, words)| words.len() == 500 && words.iter().all(|read| *read == word)));
    }

    #[test]
    fn a_quote_that_does_not_end_takes_the_rest() {
        assert_eq!(rows(b"a,\"b\nc"), [(1, vec!["a".to_owned(), "b\nc".to_owned()])]);
        assert_eq!(rows(b""), []);
        assert_eq!(rows(b"\n\r\n"), []);
    }
}
