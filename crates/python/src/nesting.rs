//! Refuses source text that nests deeper than the parser's and the compiler's stack allows.
//!
//! Both recurse once for each level of an expression, and a stack that runs out ends the process instead of raising.
//! The depth is not known before parsing, so this counts, by the text alone, what can add a level: brackets,
//! operators and keywords since the last comma or the start of the statement. No program written by a person comes
//! near the limit.

use rustpython_vm::{
    AsObject, PyResult, TryFromBorrowedObject, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyStr},
    function::{ArgBytesLike, FuncArgs},
};

/// Levels of an expression. Each takes up to 20 KB of a stack of 256 MB.
const DEEPEST_EXPRESSION: usize = 5_000;
/// Levels of indentation; the same as CPython's.
const DEEPEST_INDENTATION: usize = 100;

/// What nests too deeply, and in which line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TooDeep {
    Expression { line: usize },
    Indentation { line: usize },
}

/// Checks a program's text.
pub(crate) fn check(source: &str) -> Result<(), TooDeep> {
    let bytes = source.as_bytes();
    let mut scan = Scan { bytes, position: 0, line: 1, levels: vec![0], depth: 0, indents: vec![0] };
    scan.run()
}

struct Scan<'a> {
    bytes: &'a [u8],
    position: usize,
    line: usize,
    /// For each open bracket, and for the statement itself, what was counted since its last comma.
    levels: Vec<usize>,
    /// The sum of `levels`.
    depth: usize,
    indents: Vec<usize>,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), TooDeep> {
        self.indentation()?;
        while let Some(&byte) = self.bytes.get(self.position) {
            match byte {
                b'\n' => {
                    self.position += 1;
                    self.line += 1;
                    if self.levels.len() == 1 {
                        self.reset();
                        self.indentation()?;
                    }
                }
                b'#' => self.skip_while(|byte| byte != b'\n'),
                b'\\' => {
                    self.line += usize::from(self.bytes.get(self.position + 1) == Some(&b'\n'));
                    self.position += 2;
                }
                b'"' | b'\'' => self.string(byte),
                b'(' | b'[' | b'{' => {
                    self.count()?;
                    self.levels.push(0);
                    self.position += 1;
                }
                b')' | b']' | b'}' => {
                    if self.levels.len() > 1 {
                        self.depth -= self.levels.pop().unwrap_or(0);
                    }
                    self.position += 1;
                }
                b',' | b';' => {
                    self.reset();
                    self.position += 1;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {
                    let start = self.position;
                    self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80);
                    if is_keyword(&self.bytes[start..self.position]) {
                        self.count()?;
                    }
                }
                b'0'..=b'9' => self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'),
                byte if byte.is_ascii_punctuation() => {
                    self.count()?;
                    self.position += 1;
                }
                _ => self.position += 1,
            }
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), TooDeep> {
        if let Some(level) = self.levels.last_mut() {
            *level += 1;
        }
        self.depth += 1;
        if self.depth > DEEPEST_EXPRESSION { Err(TooDeep::Expression { line: self.line }) } else { Ok(()) }
    }

    fn reset(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            self.depth -= *level;
            *level = 0;
        }
    }

    fn skip_while(&mut self, is_part: impl Fn(u8) -> bool) {
        while self.bytes.get(self.position).is_some_and(|byte| is_part(*byte)) {
            self.position += 1;
        }
    }

    /// Skips a string. What nests inside an f-string is bounded by the count of its braces.
    fn string(&mut self, quote: u8) {
        let is_triple = self.bytes[self.position..].starts_with(&[quote; 3]);
        self.position += if is_triple { 3 } else { 1 };
        while let Some(&byte) = self.bytes.get(self.position) {
            match byte {
                b'\\' => self.position += 1,
                b'\n' if !is_triple => return,
                b'\n' => self.line += 1,
                _ if byte == quote && !is_triple => break,
                _ if byte == quote && self.bytes[self.position..].starts_with(&[quote; 3]) => {
                    self.position += 2;
                    break;
                }
                _ => {}
            }
            self.position += 1;
        }
        self.position += 1;
    }

    fn indentation(&mut self) -> Result<(), TooDeep> {
        let start = self.position;
        self.skip_while(|byte| byte == b' ' || byte == b'\t' || byte == 0x0c);
        if matches!(self.bytes.get(self.position), None | Some(b'\n' | b'\r' | b'#')) {
            return Ok(());
        }
        let indent = self.position - start;
        while self.indents.last().is_some_and(|last| *last > indent) {
            self.indents.pop();
        }
        if self.indents.last() != Some(&indent) {
            self.indents.push(indent);
        }
        if self.indents.len() > DEEPEST_INDENTATION + 1 {
            return Err(TooDeep::Indentation { line: self.line });
        }
        Ok(())
    }
}

fn is_keyword(word: &[u8]) -> bool {
    const NESTING: [&[u8]; 14] = [
        b"and", b"or", b"not", b"in", b"is", b"if", b"else", b"lambda", b"await", b"yield", b"for", b"async", b"case",
        b"from",
    ];
    NESTING.contains(&word)
}

/// The exception that Python gets.
pub(crate) fn exception(vm: &VirtualMachine, too_deep: &TooDeep, file_name: &str) -> PyBaseExceptionRef {
    let (class, message, line) = match too_deep {
        TooDeep::Expression { line } => {
            (vm.ctx.exceptions.syntax_error, "expression too deeply nested or too long", *line)
        }
        TooDeep::Indentation { line } => (vm.ctx.exceptions.indentation_error, "too many levels of indentation", *line),
    };
    let exception = vm.new_exception_msg(class.to_owned(), message.to_owned().into());
    let set = |name: &'static str, value: rustpython_vm::PyObjectRef| exception.as_object().set_attr(name, value, vm);
    let _ = set("filename", vm.ctx.new_str(file_name).into());
    let _ = set("lineno", vm.ctx.new_int(line).into());
    exception
}

/// Puts the check before the built-in functions that take source text.
pub(crate) fn guard_builtins(vm: &VirtualMachine) -> PyResult<()> {
    for name in ["compile", "eval", "exec"] {
        let original = vm.builtins.get_attr(name, vm)?;
        let guarded = vm.new_function(name, move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
            let source = arguments.args.first().or_else(|| arguments.kwargs.get("source"));
            let checked = match source {
                Some(source) => match source.downcast_ref::<PyStr>() {
                    Some(text) => check(&text.to_string_lossy()),
                    None => match ArgBytesLike::try_from_borrowed_object(vm, source) {
                        Ok(bytes) => check(&String::from_utf8_lossy(&bytes.borrow_buf())),
                        Err(_) => Ok(()),
                    },
                },
                None => Ok(()),
            };
            checked.map_err(|too_deep| exception(vm, &too_deep, "<string>"))?;
            original.call_with_args(arguments, vm)
        });
        vm.builtins.set_attr(name, guarded, vm)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_programs_pass() {
        let long_list = format!("x = [{}]", "-1, ".repeat(100_000));
        let long_program = "y = f(1)(2)[3].a + 'it''s' # (((\n".repeat(10_000);
        let string = format!("s = '''{}'''\nt = \"{}\"", "(\n".repeat(10_000), "(".repeat(10_000));
        for source in ["", "x = 1", &long_list, &long_program, &string] {
            assert_eq!(check(source), Ok(()));
        }
    }

    #[test]
    fn each_way_to_nest_is_refused() {
        let deep = [
            "(",
            "[",
            "{",
            "-",
            "not ",
            "lambda: ",
            "1 + ",
            "1 if 1 else ",
            "2 ** ",
            "a.",
            "f(1)(2)",
            "1 < ",
            "x and ",
        ];
        for part in deep {
            assert_eq!(
                check(&format!("\nx = {}", part.repeat(20_000))),
                Err(TooDeep::Expression { line: 2 }),
                "{part}"
            );
        }
        let blocks: String = (0..200).map(|level| format!("{}if 1:\n", " ".repeat(level))).collect();
        assert_eq!(check(&blocks), Err(TooDeep::Indentation { line: 102 }));
    }
}
