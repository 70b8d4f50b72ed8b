//! Reads text: UTF-8, plain or compressed with gzip.

use std::io::Read;

use crate::{Problem, gzip};

/// The most bytes that a text may have.
pub const MAX_BYTES: u64 = 1 << 30;

/// Reads a text.
///
/// # Errors
/// When it is not UTF-8, empty, or larger than [`MAX_BYTES`].
pub fn read(reader: impl Read) -> Result<String, Problem> {
    let bytes = gzip::plain(reader)
        .and_then(|reader| gzip::read_at_most(reader, MAX_BYTES))
        .map_err(|error| Problem::new("a readable text", format!("an error: {error}")))?
        .ok_or_else(|| Problem::new(format!("a text of at most {MAX_BYTES} bytes"), "more"))?;
    if bytes.is_empty() {
        return Err(Problem::new("a text", "an empty file"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        Problem::new("text in UTF-8", format!("the byte {:02x}", bytes[at])).at_line(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_it_is() {
        let text = "学而时习之\r\n\ttwo\u{0}";
        assert_eq!(read(text.as_bytes()).unwrap(), text);
        assert_eq!(read(gzip::compress(text.as_bytes()).as_slice()).unwrap(), text);
    }

    #[test]
    fn what_is_not_text_is_named_with_its_line() {
        let problem = read(&b"one\ntwo\nth\xffree"[..]).unwrap_err().to_string();
        assert_eq!(problem, "line 3: expected text in UTF-8, found the byte ff");
        // A character that the end of the file cuts in two.
        assert!(read(&"学".as_bytes()[..2]).unwrap_err().to_string().ends_with("the byte e5"));
        assert!(read(&b""[..]).unwrap_err().to_string().ends_with("an empty file"));
    }
}
