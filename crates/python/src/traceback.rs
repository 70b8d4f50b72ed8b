//! What is printed of an exception that nobody caught: CPython's form, with the learner's lines and carets.
//!
//! Frames of the frozen library are left out as long as a frame of the learner's own files remains: the last line
//! that is shown is the line that the learner can change.

use std::{collections::HashMap, path::Path};

use rustpython_vm::{
    AsObject, Py, PyObjectRef, VirtualMachine,
    builtins::{PyBaseException, PyBaseExceptionRef, PyInt, PyList, PyStr},
    suggestion::offer_suggestions,
};

use crate::files;

/// An exception that ended a program.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The exception's class, as in `ZeroDivisionError` or `json.decoder.JSONDecodeError`.
    pub class: String,
    /// `str()` of the exception.
    pub message: String,
    /// The learner's frames, the outermost first.
    pub frames: Vec<Frame>,
    /// All that is printed to stderr.
    pub traceback: String,
}

/// A place in the learner's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The file's absolute path, or a name in angle brackets.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The function, or `<module>`.
    pub function: String,
}

/// A frame, and where in its line it stands.
struct Place {
    frame: Frame,
    /// Lines from 1 and columns from 0, in characters, of the expression that raised.
    range: Option<Range>,
}

#[derive(Clone, Copy, Debug)]
struct Range {
    first_line: usize,
    last_line: usize,
    start: usize,
    end: usize,
}

/// Lines of files, each file read once.
#[derive(Default)]
struct Sources {
    files: HashMap<String, Vec<String>>,
}

impl Sources {
    fn line(&mut self, file: &str, line: usize) -> Option<&str> {
        let lines = self.files.entry(file.to_owned()).or_insert_with(|| {
            let content = files::posix::read_file(Path::new(file)).unwrap_or_default();
            String::from_utf8_lossy(&content).lines().map(str::to_owned).collect()
        });
        lines.get(line.checked_sub(1)?).map(String::as_str)
    }
}

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// Describes an exception with those that led to it.
pub(crate) fn describe(vm: &VirtualMachine, exception: &PyBaseExceptionRef) -> Raised {
    let mut sources = Sources::default();
    let mut text = String::new();
    for (exception, link) in chain(vm, exception) {
        write_exception(vm, &exception, &mut sources, &mut text);
        text.push_str(link);
    }
    Raised {
        class: class_name(vm, exception),
        message: message(vm, exception),
        frames: visible_places(exception).into_iter().map(|place| place.frame).collect(),
        traceback: text,
    }
}

/// The exception with its causes, the first cause first; each with the sentence that leads to the next.
fn chain(vm: &VirtualMachine, exception: &PyBaseExceptionRef) -> Vec<(PyBaseExceptionRef, &'static str)> {
    let mut links = vec![(exception.clone(), "")];
    let mut seen = vec![exception.get_id()];
    let mut current = exception.clone();
    loop {
        let is_suppressed = || {
            let suppressed = current.as_object().get_attr("__suppress_context__", vm);
            suppressed.and_then(|value| value.try_to_bool(vm)).unwrap_or(false)
        };
        let next = match (current.__cause__(), current.__context__()) {
            (Some(cause), _) => (cause, CAUSE),
            (None, Some(context)) if !is_suppressed() => (context, CONTEXT),
            _ => break,
        };
        if seen.contains(&next.0.get_id()) {
            break;
        }
        seen.push(next.0.get_id());
        links.push((next.0.clone(), next.1));
        current = next.0;
    }
    links.reverse();
    // The sentence belongs after the exception that came first.
    links
}

fn write_exception(vm: &VirtualMachine, exception: &PyBaseExceptionRef, sources: &mut Sources, text: &mut String) {
    let is_group = exception.fast_isinstance(vm.ctx.exceptions.base_exception_group);
    if is_group && let Some(formatted) = format_by_library(vm, exception) {
        text.push_str(&formatted);
        return;
    }
    let places = visible_places(exception);
    if !places.is_empty() {
        text.push_str("Traceback (most recent call last):\n");
        write_places(&places, sources, text);
    }
    if exception.fast_isinstance(vm.ctx.exceptions.syntax_error) {
        write_syntax_error(vm, exception, text);
    } else {
        let message = message(vm, exception);
        text.push_str(&class_name(vm, exception));
        if !message.is_empty() {
            text.push_str(": ");
            text.push_str(message.trim_end());
        }
        if let Some(name) = offer_suggestions(exception, vm) {
            text.push_str(&format!(". Did you mean: '{}'?", name.to_string_lossy()));
        }
        text.push('\n');
    }
    write_notes(vm, exception, text);
}

/// Groups of exceptions are drawn by the standard library.
fn format_by_library(vm: &VirtualMachine, exception: &PyBaseExceptionRef) -> Option<String> {
    let module = vm.import("traceback", 0).ok()?;
    let lines = vm.call_method(&module, "format_exception", (exception.clone(),)).ok()?;
    let lines = vm.extract_elements_with(&lines, Ok).ok()?;
    Some(lines.iter().filter_map(|line| Some(line.downcast_ref::<PyStr>()?.to_string_lossy().into_owned())).collect())
}

fn write_notes(vm: &VirtualMachine, exception: &PyBaseExceptionRef, text: &mut String) {
    let Ok(notes) = exception.as_object().get_attr("__notes__", vm) else { return };
    let Some(notes) = notes.downcast_ref::<PyList>().map(|notes| notes.borrow_vec().to_vec()) else { return };
    for note in notes {
        if let Ok(note) = note.str(vm) {
            text.push_str(&note.to_string_lossy());
            text.push('\n');
        }
    }
}

fn class_name(vm: &VirtualMachine, exception: &PyBaseExceptionRef) -> String {
    let class = exception.class();
    let name = class.__qualname__(vm).downcast_ref::<PyStr>().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| class.name().to_string());
    match class.__module__(vm).downcast_ref::<PyStr>().map(|module| module.to_string_lossy().into_owned()) {
        Some(module) if module != "builtins" && module != "__main__" => format!("{module}.{name}"),
        _ => name,
    }
}

fn message(vm: &VirtualMachine, exception: &PyBaseExceptionRef) -> String {
    match exception.as_object().str(vm) {
        Ok(message) => message.to_string_lossy().into_owned(),
        Err(_) => "<exception str() failed>".to_owned(),
    }
}

/// The frames to show: those of the learner's files, or all if there is none.
fn visible_places(exception: &Py<PyBaseException>) -> Vec<Place> {
    let Some(traceback) = exception.__traceback__() else { return Vec::new() };
    let places: Vec<Place> = traceback.iter().map(|entry| place(&entry)).collect();
    let is_learners = |place: &Place| place.frame.file.starts_with(['/', '<']);
    if places.iter().any(is_learners) {
        return places.into_iter().filter(is_learners).collect();
    }
    let named = |mut place: Place| {
        place.frame.file = format!("<frozen {}>", place.frame.file);
        place
    };
    places.into_iter().map(named).collect()
}

fn place(entry: &rustpython_vm::builtins::PyTraceback) -> Place {
    let code = &entry.frame.code;
    // As in CPython, an instruction counts two.
    let location = code.locations.get(entry.lasti as usize / 2);
    let range = location.map(|(start, end)| Range {
        first_line: start.line.get(),
        last_line: end.line.get(),
        start: start.character_offset.to_zero_indexed(),
        end: end.character_offset.to_zero_indexed(),
    });
    Place {
        frame: Frame {
            file: code.source_path().as_str().to_owned(),
            line: entry.lineno.get(),
            function: code.obj_name.as_str().to_owned(),
        },
        range: range.filter(|range| range.first_line == entry.lineno.get()),
    }
}

fn write_places(places: &[Place], sources: &mut Sources, text: &mut String) {
    // Three of a repeated frame are enough to see a recursion.
    const SHOWN: usize = 3;
    let mut index = 0;
    while index < places.len() {
        let same = places[index..].iter().take_while(|place| place.frame == places[index].frame).count();
        for place in &places[index..index + same.min(SHOWN)] {
            write_place(place, sources, text);
        }
        if same > SHOWN {
            let more = same - SHOWN;
            let times = if more == 1 { "time" } else { "times" };
            text.push_str(&format!("  [Previous line repeated {more} more {times}]\n"));
        }
        index += same;
    }
}

fn write_place(place: &Place, sources: &mut Sources, text: &mut String) {
    let Frame { file, line, function } = &place.frame;
    text.push_str(&format!("  File \"{file}\", line {line}, in {function}\n"));
    let Some(source) = sources.line(file, *line) else { return };
    let code = source.trim();
    if code.is_empty() {
        return;
    }
    text.push_str(&format!("    {code}\n"));
    if let Some(range) = place.range
        && let Some(carets) = carets(source, range)
    {
        text.push_str(&format!("    {carets}\n"));
    }
}

/// The line of carets under the part of a line that raised; `None` where it would tell nothing.
fn carets(source: &str, range: Range) -> Option<String> {
    let characters: Vec<char> = source.chars().collect();
    let indent = characters.iter().take_while(|character| character.is_whitespace()).count();
    let length = source.trim_end().chars().count();
    let spans_lines = range.last_line > range.first_line;
    let start = range.start.clamp(indent, length);
    let end = if spans_lines { length } else { range.end.clamp(start, length) };
    if start == end {
        return None;
    }
    let segment: String = characters[start..end].iter().collect();
    let anchor = anchor(&segment).filter(|_| !spans_lines);
    let before: String = characters[indent..start].iter().collect();
    if end == length && is_plain(before.trim_end(), anchor.as_ref()) {
        return None;
    }
    let (skipped, marked) = anchor.map_or((0, end - start), |anchor| (anchor.start, anchor.end - anchor.start));
    let mut line = " ".repeat(width(&characters[indent..start]));
    line.push_str(&"~".repeat(width(&characters[start..start + skipped])));
    line.push_str(&"^".repeat(width(&characters[start + skipped..start + skipped + marked])));
    line.push_str(&"~".repeat(width(&characters[start + skipped + marked..end])));
    Some(line)
}

/// Whether what raised is the whole statement, or the one call that it returns or assigns.
fn is_plain(before: &str, anchor: Option<&Anchor>) -> bool {
    match anchor {
        None => before.is_empty(),
        Some(anchor) if anchor.is_call => {
            before.is_empty() || before == "return" || (before.ends_with('=') && !before.ends_with("=="))
        }
        Some(_) => false,
    }
}

/// Columns on a terminal: East Asian characters take two.
fn width(characters: &[char]) -> usize {
    let is_wide = |character: char| {
        matches!(u32::from(character),
            0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
            | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
    };
    characters.iter().map(|character| if is_wide(*character) { 2 } else { 1 }).sum()
}

/// The part of an expression to point at, in characters: the operator of `a / b`, the brackets of `a[b]`, the
/// parentheses of a call.
struct Anchor {
    start: usize,
    end: usize,
    is_call: bool,
}

fn anchor(segment: &str) -> Option<Anchor> {
    use ruff_text_size::Ranged;
    use rustpython_vm::compiler::{ast::Expr, parser::parse_expression};

    let parsed = parse_expression(segment).ok()?;
    let (start, end) = match parsed.expr() {
        Expr::BinOp(operation) => {
            let after_left = operation.left.range().end().to_usize();
            let between = &segment[after_left..operation.right.range().start().to_usize()];
            let offset = between.find(|character: char| !character.is_whitespace() && !")(\\#".contains(character))?;
            let symbols = between[offset..].chars().take_while(|character| "+-*/%@&|^<>".contains(*character)).count();
            (after_left + offset, after_left + offset + symbols)
        }
        Expr::Subscript(subscript) => {
            let open = subscript.value.range().end().to_usize();
            let open = open + segment[open..].find('[')?;
            (open, segment.len())
        }
        Expr::Call(call) => (call.arguments.range().start().to_usize(), segment.len()),
        _ => return None,
    };
    let characters = |bytes: usize| segment.get(..bytes).map(|text| text.chars().count());
    let anchor =
        Anchor { start: characters(start)?, end: characters(end)?, is_call: matches!(parsed.expr(), Expr::Call(_)) };
    (anchor.start < anchor.end).then_some(anchor)
}

fn write_syntax_error(vm: &VirtualMachine, exception: &PyBaseExceptionRef, text: &mut String) {
    let attribute = |name: &'static str| -> Option<PyObjectRef> {
        exception.as_object().get_attr(name, vm).ok().filter(|value| !vm.is_none(value))
    };
    let number = |name: &'static str| -> Option<usize> {
        attribute(name)?.downcast_ref::<PyInt>()?.try_to_primitive::<usize>(vm).ok()
    };
    let string = |name: &'static str| -> Option<String> {
        Some(attribute(name)?.downcast_ref::<PyStr>()?.to_string_lossy().into_owned())
    };
    let line = number("lineno");
    let file = string("filename").unwrap_or_else(|| "<string>".to_owned());
    match line {
        Some(line) => text.push_str(&format!("  File \"{file}\", line {line}\n")),
        None => text.push_str(&format!("  File \"{file}\"\n")),
    }
    if let Some(source) = string("text") {
        let shown = source.trim_end_matches(['\n', '\r', ' ']).trim_start_matches([' ', '\n', '\t', '\u{c}']);
        text.push_str(&format!("    {shown}\n"));
        if let Some(offset) = number("offset").filter(|offset| *offset > 0) {
            let removed =
                source.chars().count() - source.trim_start_matches([' ', '\n', '\t', '\u{c}']).chars().count();
            let characters: Vec<char> = shown.chars().collect();
            let start = (offset - 1).saturating_sub(removed).min(characters.len());
            let is_on_one_line = number("end_lineno").is_none_or(|end| Some(end) == line);
            let end = match number("end_offset") {
                Some(end) if is_on_one_line && end > offset => (end - 1).saturating_sub(removed),
                Some(_) if !is_on_one_line => characters.len(),
                _ => start + 1,
            };
            let marked = width(&characters[start..end.clamp(start, characters.len())]).max(1);
            text.push_str(&format!("    {}{}\n", " ".repeat(width(&characters[..start])), "^".repeat(marked)));
        }
    }
    let message = string("msg").unwrap_or_else(|| message(vm, exception));
    text.push_str(&format!("{}: {message}\n", class_name(vm, exception)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_point_at_what_raised() {
        for (line, part, expected) in [
            ("    return sum(x) / len(x)", "sum(x) / len(x)", Some("       ~~~~~~~^~~~~~~~")),
            ("print(mean([]))", "mean([])", Some("      ~~~~^^^^")),
            ("print(名['学'][5])", "名['学'][5]", Some("      ~~~~~~~~^^^")),
            ("{}['k']", "{}['k']", Some("~~^^^^^")),
            ("x = a.b + 1", "a.b", Some("    ^^^")),
            ("raise ValueError(1)", "raise ValueError(1)", None),
            ("    y = f(x)", "f(x)", None),
            ("    return f(x)", "f(x)", None),
            ("f(x)", "f(x)", None),
        ] {
            let before = line.find(part).expect("the part is in the line");
            let start = line[..before].chars().count();
            let range = Range { first_line: 1, last_line: 1, start, end: start + part.chars().count() };
            assert_eq!(carets(line, range).as_deref(), expected, "{line}");
        }
    }
}
