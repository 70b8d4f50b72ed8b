//! What a data set is: its card, its content, and the parts that it is split into.

use std::{fmt, fs::File, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Images, Problem, Result, Table,
    manifest::Role,
    table::{self, TableOptions},
    text,
};

/// What a person should know of a set before using it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// A line that says what it is.
    #[serde(default)]
    pub title: String,
    /// What it holds, where it comes from and what it is not fit for.
    #[serde(default)]
    pub description: String,
    /// Under which terms it may be used.
    #[serde(default)]
    pub licence: String,
    /// Where it was published.
    #[serde(default)]
    pub source: String,
}

/// A part of a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// Everything.
    #[default]
    All,
    /// What a model learns from.
    Train,
    /// What it is judged by.
    Test,
}

impl Split {
    /// Returns the name of the part.
    pub fn name(self) -> &'static str {
        match self {
            Split::All => "all",
            Split::Train => "train",
            Split::Test => "test",
        }
    }

    /// Says whether a row belongs to the part, in a set that was published in one piece: every
    /// fifth row, from the first on, is for testing. So the parts of a set are the same everywhere,
    /// and rows that are sorted by class spread over both.
    fn takes_row(self, row: usize) -> bool {
        match self {
            Split::All => true,
            Split::Train => !row.is_multiple_of(5),
            Split::Test => row.is_multiple_of(5),
        }
    }
}

/// What a set holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Rows of numbers and a column to predict.
    Table(Table),
    /// Images of one size with labels.
    Images {
        /// The images.
        images: Images,
        /// The name of each class.
        class_names: Vec<String>,
    },
    /// A text.
    Text(String),
}

impl Content {
    /// Keeps the part of a set that was published in one piece: every fifth row is for testing; of
    /// a text, the last tenth.
    pub(crate) fn keep(&mut self, split: Split) {
        match self {
            _ if split == Split::All => {}
            Content::Table(table) => table.retain(|row| split.takes_row(row)),
            Content::Images { images, .. } => images.retain(|row| split.takes_row(row)),
            Content::Text(text) => {
                let characters = text.chars().count();
                let cut = text.char_indices().nth(characters - characters / 10).map_or(text.len(), |(at, _)| at);
                match split {
                    Split::Test => drop(text.drain(..cut)),
                    _ => text.truncate(cut),
                }
            }
        }
    }

    /// Returns a line about what the set holds.
    pub fn summary(&self) -> Summary {
        match self {
            Content::Table(table) => Summary::Table {
                rows: table.rows(),
                features: table.feature_names.len(),
                target: table.target_name.clone(),
                classes: match &table.target {
                    table::Target::Classes { names, .. } => Some(names.len()),
                    _ => None,
                },
            },
            Content::Images { images, class_names } => Summary::Images {
                count: images.count(),
                height: images.height,
                width: images.width,
                classes: class_names.len(),
            },
            Content::Text(text) => Summary::Text { characters: text.chars().count() },
        }
    }
}

/// What a set holds, in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Summary {
    /// A table.
    Table {
        /// How many rows.
        rows: usize,
        /// How many columns predict.
        features: usize,
        /// The column that is predicted.
        target: String,
        /// How many classes it has, where it has classes.
        classes: Option<usize>,
    },
    /// Images.
    Images {
        /// How many.
        count: usize,
        /// Pixels from top to bottom.
        height: usize,
        /// Pixels from left to right.
        width: usize,
        /// How many classes.
        classes: usize,
    },
    /// A text.
    Text {
        /// How many characters.
        characters: usize,
    },
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Summary::Table { rows, features, target, classes } => {
                write!(f, "{rows} rows, {features} features, predicts {target}")?;
                classes.map_or(Ok(()), |classes| write!(f, " ({classes} classes)"))
            }
            Summary::Images { count, height, width, classes } => {
                write!(f, "{count} images of {height}x{width}, {classes} classes")
            }
            Summary::Text { characters } => write!(f, "text of {characters} characters"),
        }
    }
}

/// A file of a set, and what it is called when something is wrong with it.
pub(crate) struct SetFile {
    pub(crate) role: Role,
    pub(crate) path: PathBuf,
    pub(crate) shown: PathBuf,
}

/// Reads and checks the content of a set from its files.
pub(crate) fn read(
    files: &[SetFile],
    options: &TableOptions<'_>,
    class_names: &[String],
    split: Split,
) -> Result<Content> {
    let find = |role| files.iter().find(|file| file.role == role);
    if let Some(file) = find(Role::Table) {
        let table = table::read(open(file)?, options).map_err(|problem| problem.in_file(&file.shown))?;
        let mut content = Content::Table(table);
        content.keep(split);
        return Ok(content);
    }
    if let Some(file) = find(Role::Text) {
        let text = text::read(open(file)?).map_err(|problem| problem.in_file(&file.shown))?;
        let mut content = Content::Text(text);
        content.keep(split);
        return Ok(content);
    }

    let mut all: Option<Images> = None;
    for (part, images, labels) in
        [(Split::Train, Role::TrainImages, Role::TrainLabels), (Split::Test, Role::TestImages, Role::TestLabels)]
    {
        let (Some(images), Some(labels)) = (find(images), find(labels)) else {
            continue;
        };
        if split != Split::All && split != part {
            continue;
        }
        let read = Images::read(open(images)?, open(labels)?)
            .map_err(|(blamed, problem)| problem.in_file(&[images, labels][blamed].shown))?;
        check_labels(&read, class_names).map_err(|problem| problem.in_file(&labels.shown))?;
        match &mut all {
            None => all = Some(read),
            Some(all) if (all.height, all.width) == (read.height, read.width) => all.append(read),
            Some(all) => {
                let expected = format!("images of {}x{}, as in the training part", all.height, all.width);
                let found = format!("{}x{}", read.height, read.width);
                return Err(Problem::new(expected, found).in_file(&images.shown));
            }
        }
    }
    let images = all.ok_or_else(|| Error::NoSplit {
        name: String::new(),
        split: split.name(),
        has: if find(Role::TrainImages).is_some() { "train".into() } else { "test".into() },
    })?;
    let classes = images.labels.iter().max().map_or(0, |label| usize::from(*label) + 1);
    let class_names = match class_names {
        [] => (0..classes).map(|class| class.to_string()).collect(),
        names => names.to_vec(),
    };
    Ok(Content::Images { images, class_names })
}

fn check_labels(images: &Images, class_names: &[String]) -> Result<(), Problem> {
    match images.labels.iter().position(|label| usize::from(*label) >= class_names.len()) {
        Some(at) if !class_names.is_empty() => Err(Problem::new(
            format!("labels from 0 to {}", class_names.len() - 1),
            format!("{} for image {at}", images.labels[at]),
        )),
        _ => Ok(()),
    }
}

fn open(file: &SetFile) -> Result<File> {
    File::open(&file.path).map_err(Error::io("read", &file.shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_at_nine_tenths_of_its_characters() {
        let text = "学而时习之不亦说乎？a";
        let part = |split| {
            let mut content = Content::Text(text.into());
            content.keep(split);
            match content {
                Content::Text(text) => text,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((part(Split::Train) + &part(Split::Test)).as_str(), text);
        assert_eq!(part(Split::Test), "a");
        assert_eq!(part(Split::All), text);
    }

    #[test]
    fn every_row_is_in_one_part() {
        for row in 0..20 {
            assert_ne!(Split::Train.takes_row(row), Split::Test.takes_row(row));
        }
        assert_eq!((0..1797).filter(|row| Split::Test.takes_row(*row)).count(), 360);
    }
}
