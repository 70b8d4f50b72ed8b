//! Reads TOML with the line of everything, and goes on after a mistake so that all of them are found.
//!
//! A method that cannot give what it is asked for notes why and returns `None`; keys that nobody asked
//! for are noted at the end, with the names that were possible.

use std::{cell::RefCell, collections::BTreeMap, ops::Range};

use lyceum_lab::Text;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::problem::Sink;

/// A TOML document, and what is wrong with its form.
pub(crate) fn parse<'t>(text: &'t str, sink: &Sink<'_>) -> Spanned<DeTable<'t>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        sink.at(error.span().map_or(0, |span| span.start), error.message().to_owned());
    }
    table
}

/// A table that is being read.
pub(crate) struct Reader<'a> {
    pub(crate) sink: &'a Sink<'a>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) sink: &'a Sink<'a>,
    pub(crate) value: &'a DeValue<'a>,
    pub(crate) at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(sink: &'a Sink<'a>, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self::of(sink, table.get_ref(), table.span())
    }

    fn of(sink: &'a Sink<'a>, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { sink, table, span, asked: RefCell::default() }
    }

    /// Notes a problem with the table.
    pub(crate) fn problem(&self, message: impl Into<String>) {
        self.sink.at(self.span.start, message);
    }

    /// Returns the value of a key, if it is there.
    pub(crate) fn get(&self, key: &'static str) -> Option<Item<'a>> {
        self.asked.borrow_mut().push(key);
        let value = self.table.get(key)?;
        Some(Item { sink: self.sink, value: value.get_ref(), at: value.span().start, end: value.span().end })
    }

    /// Returns the value of a key that has to be there.
    pub(crate) fn need(&self, key: &'static str) -> Option<Item<'a>> {
        let found = self.get(key);
        if found.is_none() {
            self.problem(format!("`{key}` is missing"));
        }
        found
    }

    /// Every entry, for tables whose keys are names.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Item<'a>)> {
        self.table.iter().map(|(key, value)| {
            let item = Item { sink: self.sink, value: value.get_ref(), at: value.span().start, end: value.span().end };
            (key.get_ref().as_ref(), item)
        })
    }

    /// Says which of these keys the table has.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(crate) fn string(&self, key: &'static str) -> Option<String> {
        self.need(key)?.string()
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<Text> {
        self.need(key)?.text()
    }

    /// A list of strings; empty when absent.
    pub(crate) fn strings(&self, key: &'static str) -> Vec<String> {
        self.get(key).map(Item::strings).unwrap_or_default()
    }

    /// A number, if it is there.
    pub(crate) fn number(&self, key: &'static str) -> Option<f64> {
        self.get(key)?.number()
    }

    /// A whole number within a range, if it is there.
    pub(crate) fn whole(&self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        self.get(key)?.whole(range)
    }

    /// A boolean; the default when absent.
    pub(crate) fn flag(&self, key: &'static str, default: bool) -> bool {
        self.get(key).and_then(Item::boolean).unwrap_or(default)
    }

    /// Notes the keys that nobody asked for.
    pub(crate) fn finish(self) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) {
                let mut known: Vec<&str> = asked.clone();
                known.sort_unstable();
                known.dedup();
                self.sink.at(key.span().start, format!("`{name}` is not known here; possible are {}", listed(&known)));
            }
        }
    }
}

/// Names in a sentence.
pub(crate) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl<'a> Item<'a> {
    /// Notes a problem with the value.
    pub(crate) fn problem(self, message: impl Into<String>) {
        self.sink.at(self.at, message);
    }

    fn expected(self, what: &str) {
        let found = match self.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.problem(format!("expected {what}, found {found}"));
    }

    /// A string that is not empty.
    pub(crate) fn string(self) -> Option<String> {
        match self.value {
            DeValue::String(text) if text.trim().is_empty() => {
                self.problem("this is empty");
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.expected("a string");
                None
            }
        }
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                self.expected("true or false");
                None
            }
        }
    }

    pub(crate) fn integer(self) -> Option<i64> {
        let DeValue::Integer(integer) = self.value else {
            self.expected("a whole number");
            return None;
        };
        let parsed = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if parsed.is_none() {
            self.problem("this number does not fit 64 bits");
        }
        parsed
    }

    pub(crate) fn whole(self, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = self.integer()?;
        if !range.contains(&value) {
            self.problem(format!("expected a number from {} to {}, found {value}", range.start(), range.end()));
            return None;
        }
        Some(value)
    }

    pub(crate) fn number(self) -> Option<f64> {
        match self.value {
            DeValue::Integer(_) => self.integer().map(|value| value as f64),
            DeValue::Float(float) => {
                // TOML writes infinities and NaN as Rust reads them.
                let parsed = float.as_str().replace('_', "").parse().ok();
                if parsed.is_none() {
                    self.problem("this is no number");
                }
                parsed
            }
            _ => {
                self.expected("a number");
                None
            }
        }
    }

    pub(crate) fn items(self) -> Option<Vec<Item<'a>>> {
        let DeValue::Array(items) = self.value else {
            self.expected("an array");
            return None;
        };
        let item = |item: &'a Spanned<DeValue<'a>>| Item {
            sink: self.sink,
            value: item.get_ref(),
            at: item.span().start,
            end: item.span().end,
        };
        Some(items.iter().map(item).collect())
    }

    pub(crate) fn strings(self) -> Vec<String> {
        self.items().unwrap_or_default().into_iter().filter_map(Item::string).collect()
    }

    pub(crate) fn table(self) -> Option<Reader<'a>> {
        match self.value {
            DeValue::Table(table) => Some(Reader::of(self.sink, table, self.at..self.end)),
            _ => {
                self.expected("a table");
                None
            }
        }
    }

    /// A text in both languages: `{ zh = "...", en = "..." }`.
    pub(crate) fn text(self) -> Option<Text> {
        let table = self.table()?;
        let (zh, en) = (table.string("zh"), table.string("en"));
        table.finish();
        Some(Text { zh: zh?, en: en? })
    }

    /// One of some words.
    pub(crate) fn word<T: Copy>(self, words: &[(&str, T)]) -> Option<T> {
        let found = self.string()?;
        let known = words.iter().find(|(word, _)| *word == found).map(|(_, value)| *value);
        if known.is_none() {
            let possible: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.problem(format!("`{found}` is not known here; possible are {}", listed(&possible)));
        }
        known
    }
}

/// Notes names that occur more than once.
pub(crate) fn unique<'n>(sink: &Sink<'_>, what: &str, names: impl Iterator<Item = (&'n str, usize)>) {
    let mut seen = BTreeMap::new();
    for (name, at) in names {
        if let Some(first) = seen.insert(name, at) {
            sink.at(at, format!("there is {what} `{name}` on line {} already", sink.line(first)));
        }
    }
}

/// Says whether a name can be an id: lower-case letters, digits and hyphens.
pub(crate) fn is_id(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl Reader<'_> {
    /// An id.
    pub(crate) fn id(&self, key: &'static str) -> Option<String> {
        let item = self.need(key)?;
        let id = item.string()?;
        if !is_id(&id) {
            item.problem(format!("`{id}` is no id: lower-case letters, digits and hyphens make one"));
            return None;
        }
        Some(id)
    }
}
