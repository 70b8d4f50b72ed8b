//! Programs in lessons: whether they can be parsed, and whether both languages hold the same ones.

use rustpython_ruff_python_ast::token::TokenKind;
use rustpython_ruff_python_parser::parse_module;
use rustpython_ruff_text_size::Ranged;

/// What is wrong with the text of a program, and on which of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The longest program that is parsed, in bytes.
pub(crate) const MAX_LENGTH: usize = 1 << 20;

/// Returns the words of a program without its comments, texts and layout of lines.
///
/// # Errors
/// When it cannot be parsed.
pub(crate) fn skeleton(text: &str) -> Result<Vec<String>, SyntaxError> {
    let parsed = parse(text)?;
    let mut words = Vec::new();
    // How many formatted strings the token stands in.
    let mut depth = 0_usize;
    for token in parsed.tokens().iter() {
        match token.kind() {
            TokenKind::Comment | TokenKind::NonLogicalNewline => {}
            TokenKind::FStringStart | TokenKind::TStringStart => {
                if depth == 0 {
                    words.push("\"\"".to_owned());
                }
                depth += 1;
            }
            TokenKind::FStringEnd | TokenKind::TStringEnd => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            TokenKind::String => words.push("\"\"".to_owned()),
            TokenKind::Newline => words.push("\n".to_owned()),
            TokenKind::Indent => words.push("indent".to_owned()),
            TokenKind::Dedent => words.push("dedent".to_owned()),
            _ => words.push(text.get(token.range().to_std_range()).unwrap_or_default().to_owned()),
        }
    }
    // Texts that stand beside each other are one.
    words.dedup_by(|next, last| next == "\"\"" && last == "\"\"");
    Ok(words)
}

/// Parses a program.
///
/// # Errors
/// When it cannot be parsed.
pub(crate) fn parse(
    text: &str,
) -> Result<rustpython_ruff_python_parser::Parsed<rustpython_ruff_python_ast::ModModule>, SyntaxError> {
    if text.len() > MAX_LENGTH {
        return Err(SyntaxError { line: 1, message: format!("the program is longer than {MAX_LENGTH} bytes") });
    }
    if let Some(line) = nests_too_deeply(text) {
        return Err(SyntaxError { line, message: "the program nests too deeply".into() });
    }
    parse_module(text).map_err(|error| {
        let at = error.location.start().to_usize();
        SyntaxError { line: line_at(text, at), message: error.error.to_string() }
    })
}

/// Returns the line of a position, counted from 1.
pub(crate) fn line_at(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// The parser recurses, so text that nests without end must not reach it. Returns the line where it does.
/// Brackets in texts and comments are counted as well: real programs stay far below the bound.
fn nests_too_deeply(text: &str) -> Option<usize> {
    const MAX_DEPTH: usize = 200;
    let mut depth = 0_usize;
    let mut prefixes = 0_usize;
    for (at, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        for byte in line.bytes() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            // `not not not x`, `----x`, `a if b else c if ...`, `lambda: lambda: ...` nest without brackets.
            prefixes = if matches!(byte, b'-' | b'+' | b'~') { prefixes + 1 } else { 0 };
            if depth > MAX_DEPTH || prefixes > MAX_DEPTH {
                return Some(at + 1);
            }
        }
        let words = line.split(|byte: char| !byte.is_ascii_alphabetic());
        let nesting = words.filter(|word| matches!(*word, "not" | "else" | "lambda" | "await")).count();
        let powers = line.matches("**").count();
        let colons = line.matches(':').count();
        if indent > 4 * MAX_DEPTH || nesting > MAX_DEPTH || powers > MAX_DEPTH || colons > 20 * MAX_DEPTH {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn comments_and_texts_do_not_count() {
        let zh = "x = 1  # 一\nprint(f'损失 {x:.2f}', \"甲\" '乙')\n\n\nif x:\n    y = '''丙\n丁'''\n";
        let en = "x = 1\n# one\nprint(f\"{x} is the loss\", 'a')\nif x:\n        y = \"c\"\n";
        assert_eq!(skeleton(zh), skeleton(en));
        assert_ne!(skeleton("x = 1"), skeleton("x = 2"));
        assert_ne!(skeleton("if x:\n    a\nb"), skeleton("if x:\n    a\n    b"));
    }

    #[test]
    fn a_wrong_program_names_its_line() {
        assert_eq!(skeleton("x = 1\ny = (\n").unwrap_err().line, 3);
        assert!(skeleton(&"(".repeat(1 << 16)).unwrap_err().message.contains("deep"));
        assert!(skeleton(&"not ".repeat(1 << 16)).unwrap_err().message.contains("deep"));
        assert!(skeleton(&"-".repeat(1 << 16)).unwrap_err().message.contains("deep"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}|[a-z(){}\\[\\]:=\\n '\"#f,+-]{0,80}") {
            let _ = skeleton(&text);
        }
    }
}
