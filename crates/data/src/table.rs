//! Reads tables: CSV with a header, numbers in every column but the one that is predicted.

use std::{collections::BTreeSet, io::Read};

use crate::{
    Problem, gzip,
    rows::{Row, Rows},
};

/// The most bytes that a table may have.
pub const MAX_BYTES: u64 = 1 << 30;

/// A table of numbers with something to predict.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The names of the columns that predict.
    pub feature_names: Vec<String>,
    /// The name of the column that is predicted.
    pub target_name: String,
    /// The values, row by row: `rows * feature_names.len()` of them.
    pub features: Vec<f64>,
    /// What is predicted, a value a row.
    pub target: Target,
}

/// The column that is predicted.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Words: each row has the number of its class, and the classes have names.
    Classes {
        /// The class of each row.
        labels: Vec<i64>,
        /// The name of each class.
        names: Vec<String>,
    },
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Numbers of which at least one has a fraction.
    Numbers(Vec<f64>),
}

impl Target {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Target::Classes { labels, .. } => labels.len(),
            Target::Integers(values) => values.len(),
            Target::Numbers(values) => values.len(),
        }
    }

    /// Says whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn keep(&mut self, rows: &[usize]) {
        fn pick<T: Copy>(values: &mut Vec<T>, rows: &[usize]) {
            *values = rows.iter().map(|row| values[*row]).collect();
        }
        match self {
            Target::Classes { labels, .. } => pick(labels, rows),
            Target::Integers(values) => pick(values, rows),
            Target::Numbers(values) => pick(values, rows),
        }
    }
}

/// How the columns of a table are meant.
#[derive(Clone, Debug, Default)]
pub struct TableOptions<'a> {
    /// The column that is predicted; the last one when absent.
    pub target: Option<&'a str>,
    /// Columns that are left out.
    pub drop: &'a [String],
    /// The classes in their order; sorted by name when absent.
    pub classes: Option<&'a [&'a str]>,
}

impl Table {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.target.len()
    }

    /// Keeps the rows whose numbers satisfy `keep`, in their order.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let width = self.feature_names.len();
        let rows: Vec<usize> = (0..self.rows()).filter(|row| keep(*row)).collect();
        self.features =
            rows.iter().flat_map(|row| self.features[row * width..(row + 1) * width].iter().copied()).collect();
        self.target.keep(&rows);
    }
}

/// Reads a table from CSV with a header, plain or compressed with gzip.
///
/// # Errors
/// When the header lacks a name or repeats one, a row has another number of columns than the
/// header, a value is missing or is no finite number, or there are no rows.
pub fn read(reader: impl Read, options: &TableOptions<'_>) -> Result<Table, Problem> {
    let bytes = gzip::plain(reader)
        .and_then(|reader| gzip::read_at_most(reader, MAX_BYTES))
        .map_err(|error| Problem::new("a readable CSV file", format!("an error: {error}")))?
        .ok_or_else(|| Problem::new(format!("a CSV file of at most {MAX_BYTES} bytes"), "more"))?;
    let mut rows = Rows::new(&bytes);
    let header = rows.next()?.ok_or_else(|| Problem::new("a header with the names of the columns", "an empty file"))?;
    let columns = Columns::choose(header, options)?;
    let mut features = Vec::new();
    let mut words = Vec::new();
    while let Some(mut row) = rows.next()? {
        let line = row.line;
        if row.words.len() != columns.names.len() {
            let expected = format!("{} columns, as in the header", columns.names.len());
            return Err(Problem::new(expected, row.words.len().to_string()).at_line(line));
        }
        for column in &columns.features {
            let name = &columns.names[*column];
            features.push(number(&row.words[*column], name).map_err(|problem| problem.at_line(line))?);
        }
        let word = std::mem::take(&mut row.words[columns.target]);
        if word.is_empty() {
            return Err(missing(&columns.names[columns.target]).at_line(line));
        }
        words.push((line, word));
    }
    if words.is_empty() {
        return Err(Problem::new("at least one row under the header", "none"));
    }
    Ok(Table {
        feature_names: columns.features.iter().map(|column| columns.names[*column].clone()).collect(),
        target_name: columns.names[columns.target].clone(),
        features,
        target: target(&words, options.classes)?,
    })
}

/// Which columns are which.
struct Columns {
    names: Vec<String>,
    features: Vec<usize>,
    target: usize,
}

impl Columns {
    fn choose(header: Row, options: &TableOptions<'_>) -> Result<Self, Problem> {
        let Row { line, words: names } = header;
        let mut seen = BTreeSet::new();
        for (column, name) in names.iter().enumerate() {
            if name.is_empty() {
                return Err(
                    Problem::new("a name for every column", format!("none for column {}", column + 1)).at_line(line)
                );
            }
            if !seen.insert(name) {
                return Err(Problem::new("different names for the columns", format!("{name:?} twice")).at_line(line));
            }
        }
        if names.iter().all(|name| name.parse::<f64>().is_ok()) {
            return Err(Problem::new("a header with the names of the columns", "numbers").at_line(line));
        }
        let find = |wanted: &str| {
            names
                .iter()
                .position(|name| name == wanted)
                .ok_or_else(|| Problem::new(format!("a column named {wanted:?}"), names.join(", ")).at_line(line))
        };
        let dropped = options.drop.iter().map(|name| find(name)).collect::<Result<BTreeSet<_>, _>>()?;
        let target = match options.target {
            Some(name) => find(name)?,
            None => (0..names.len())
                .rev()
                .find(|column| !dropped.contains(column))
                .ok_or_else(|| Problem::new("a column to predict", "every column dropped").at_line(line))?,
        };
        let features: Vec<usize> =
            (0..names.len()).filter(|column| *column != target && !dropped.contains(column)).collect();
        if features.is_empty() {
            return Err(Problem::new("at least two columns", format!("only {:?}", names[target])).at_line(line));
        }
        Ok(Self { names, features, target })
    }
}

fn number(word: &str, column: &str) -> Result<f64, Problem> {
    match word.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ if word.is_empty() => Err(missing(column)),
        _ => Err(Problem::new(format!("a number in the column {column:?}"), format!("{:?}", short(word)))),
    }
}

fn missing(column: &str) -> Problem {
    Problem::new(format!("a value in the column {column:?}"), "nothing")
}

fn short(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

fn target(words: &[(u64, String)], classes: Option<&[&str]>) -> Result<Target, Problem> {
    if classes.is_none() {
        if let Some(values) = words.iter().map(|(_, word)| word.parse().ok()).collect() {
            return Ok(Target::Integers(values));
        }
        let numbers: Option<Vec<f64>> =
            words.iter().map(|(_, word)| word.parse().ok().filter(|value: &f64| value.is_finite())).collect();
        if let Some(values) = numbers {
            return Ok(Target::Numbers(values));
        }
    }
    let names: Vec<String> = match classes {
        Some(names) => names.iter().map(|name| (*name).to_owned()).collect(),
        None => {
            let distinct: BTreeSet<&String> = words.iter().map(|(_, word)| word).collect();
            distinct.into_iter().cloned().collect()
        }
    };
    let numbers: std::collections::BTreeMap<&str, i64> = names.iter().map(String::as_str).zip(0..).collect();
    let labels = words
        .iter()
        .map(|(line, word)| {
            numbers.get(word.as_str()).copied().ok_or_else(|| {
                Problem::new(format!("one of {}", names.join(", ")), format!("{:?}", short(word))).at_line(*line)
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Target::Classes { labels, names })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<Table, Problem> {
        read(text.as_bytes(), &TableOptions::default())
    }

    fn problem(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn words_are_classes_whole_numbers_integers_and_the_rest_numbers() {
        let table = parse("a,b,kind\n1,2.5,dog\n-3,4e2,cat\n0,.5,dog\n").unwrap();
        assert_eq!(table.feature_names, ["a", "b"]);
        assert_eq!(table.target_name, "kind");
        assert_eq!(table.features, [1.0, 2.5, -3.0, 400.0, 0.0, 0.5]);
        let names = vec!["cat".to_owned(), "dog".to_owned()];
        assert_eq!(table.target, Target::Classes { labels: vec![1, 0, 1], names });
        assert_eq!(parse("a,y\n1,2\n1,-3\n").unwrap().target, Target::Integers(vec![2, -3]));
        assert_eq!(parse("a,y\n1,2\n1,.5\n").unwrap().target, Target::Numbers(vec![2.0, 0.5]));
    }

    #[test]
    fn quotes_spaces_line_ends_and_a_byte_order_mark_are_understood() {
        let table = parse("\u{feff}\"a, b\" , y\r\n 1 ,\"x\"\r\n\r\n2,\"he said \"\"x\"\"\"").unwrap();
        assert_eq!(table.feature_names, ["a, b"]);
        assert_eq!(table.rows(), 2);
    }

    #[test]
    fn the_target_can_be_chosen_and_columns_dropped() {
        let drop = ["id".to_owned()];
        let options = TableOptions { target: Some("y"), drop: &drop, classes: None };
        let table = read(&b"id,y,a\nrow-1,3,4\n"[..], &options).unwrap();
        assert_eq!((table.feature_names, table.target), (vec!["a".into()], Target::Integers(vec![3])));
        let options = TableOptions { target: Some("z"), ..TableOptions::default() };
        let problem = read(&b"id,y\n1,2\n"[..], &options).unwrap_err().to_string();
        assert_eq!(problem, "line 1: expected a column named \"z\", found id, y");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        assert_eq!(problem(""), "expected a header with the names of the columns, found an empty file");
        assert_eq!(problem("a,b\n"), "expected at least one row under the header, found none");
        assert_eq!(problem("1,2\n3,4\n"), "line 1: expected a header with the names of the columns, found numbers");
        assert_eq!(problem("a,a\n1,2\n"), "line 1: expected different names for the columns, found \"a\" twice");
        assert_eq!(problem("a,\n1,2\n"), "line 1: expected a name for every column, found none for column 2");
        assert_eq!(problem("a\n1\n"), "line 1: expected at least two columns, found only \"a\"");
        assert_eq!(problem("a,b\n1,2\n\n1,2,3\n"), "line 4: expected 2 columns, as in the header, found 3");
        assert_eq!(problem("a,b\n1,2\nx,2\n"), "line 3: expected a number in the column \"a\", found \"x\"");
        assert_eq!(problem("a,b\n,2\n"), "line 2: expected a value in the column \"a\", found nothing");
        assert_eq!(problem("a,b\n2,\n"), "line 2: expected a value in the column \"b\", found nothing");
        assert!(problem("a,b\nnan,2\n").contains("expected a number"));
        let bad = read(&b"a,b\n1,2\n\xff,2\n"[..], &TableOptions::default()).unwrap_err();
        assert_eq!(bad.line, Some(3));
    }

    #[test]
    fn rows_can_be_kept() {
        let mut table = parse("a,b,y\n1,2,3\n4,5,6\n7,8,9\n").unwrap();
        table.retain(|row| row != 1);
        assert_eq!(table.features, [1.0, 2.0, 7.0, 8.0]);
        assert_eq!(table.target, Target::Integers(vec![3, 9]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(bytes.as_slice(), &TableOptions::default());
        }

        #[test]
        fn nothing_like_a_table_makes_it_panic(text in "[a-c0-9,\"\n\r. é-]{0,120}") {
            if let Ok(table) = parse(&text) {
                prop_assert_eq!(table.features.len(), table.rows() * table.feature_names.len());
            }
        }

        #[test]
        fn numbers_come_back(values in prop::collection::vec((-1e12f64..1e12, any::<i64>()), 1..20)) {
            let text: String = values.iter().map(|(a, y)| format!("{a},{y}\n")).collect();
            let table = parse(&format!("a,y\n{text}")).unwrap();
            prop_assert_eq!(table.features, values.iter().map(|(a, _)| *a).collect::<Vec<_>>());
            prop_assert_eq!(table.target, Target::Integers(values.iter().map(|(_, y)| *y).collect()));
        }
    }
}
