//! The courses, read once and kept in the form in which they are sent.
//!
//! A unit's lesson is by far the largest part of an answer, so it is written as JSON beforehand, and again when the
//! output of one of its programs was made.

mod builtin;
mod lesson;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use lyceum_curriculum::{Answer, Course, LabFiles, Problem, Question, Unit};
use lyceum_lab::Text;
use serde_json::value::RawValue;
use thiserror::Error;

pub use lesson::LessonOutput;

/// Why the courses cannot be read.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// A course has nothing that could be read.
    #[error("{} is no course that could be read: {}", folder.display(), problem)]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// The first thing that is wrong.
        problem: String,
    },
    /// Two courses have one id.
    #[error("there are two courses `{id}`")]
    Twice {
        /// The id.
        id: String,
    },
    /// The built-in course could not be unpacked.
    #[error("cannot unpack the built-in course into {}", folder.display())]
    Unpack {
        /// Where to.
        folder: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

/// The courses.
pub struct Library {
    courses: Vec<Shelf>,
}

/// A course, and what is made of it.
pub struct Shelf {
    pub course: Course,
    pub problems: Vec<Problem>,
    units: HashMap<String, Book>,
}

/// A unit, and what is made of it.
pub struct Book {
    at: usize,
    lessons: RwLock<Arc<RawValue>>,
}

impl Library {
    /// Reads the courses in these folders, or the built-in one, which is unpacked into the data folder.
    ///
    /// # Errors
    /// When a course cannot be read at all. What is merely wrong in one is kept with it.
    pub fn read(folders: &[PathBuf], data: &Path) -> Result<Self, LibraryError> {
        let built_in;
        let folders = if folders.is_empty() {
            built_in = builtin::unpack(data)?;
            &built_in
        } else {
            folders
        };
        let mut courses: Vec<Shelf> = Vec::new();
        for folder in folders {
            let loaded = lyceum_curriculum::load(folder);
            let Some(course) = loaded.content else {
                let problem = loaded.problems.first().map_or_else(String::new, ToString::to_string);
                return Err(LibraryError::Unreadable { folder: folder.clone(), problem });
            };
            if courses.iter().any(|other| other.course.id == course.id) {
                return Err(LibraryError::Twice { id: course.id });
            }
            if !loaded.problems.is_empty() {
                tracing::warn!(course = course.id, problems = loaded.problems.len(), "a course has problems");
            }
            courses.push(Shelf::new(course, loaded.problems));
        }
        Ok(Self { courses })
    }

    pub fn courses(&self) -> &[Shelf] {
        &self.courses
    }

    pub fn course(&self, id: &str) -> Option<&Shelf> {
        self.courses.iter().find(|shelf| shelf.course.id == id)
    }

    /// Returns the lab of a unit.
    pub fn lab(&self, course: &str, unit: &str) -> Option<&LabFiles> {
        self.course(course)?.unit(unit)?.lab.as_ref()
    }

    /// Returns every program of a lesson that runs, with the unit that it belongs to; each text of a unit once.
    pub fn programs(&self) -> Vec<(String, String, String)> {
        let mut found: Vec<(String, String, String)> = Vec::new();
        for shelf in &self.courses {
            for unit in &shelf.course.units {
                for program in unit.zh.runs().chain(unit.en.runs()) {
                    if !found.iter().any(|(_, of, text)| *of == unit.id && *text == program.text) {
                        found.push((shelf.course.id.clone(), unit.id.clone(), program.text.clone()));
                    }
                }
            }
        }
        found
    }
}

impl Shelf {
    fn new(course: Course, problems: Vec<Problem>) -> Self {
        let nothing = |_: &str| None;
        let units = course.units.iter().enumerate();
        let book = |(at, unit): (usize, &Unit)| {
            let lessons = RwLock::new(lesson::written(unit, &nothing));
            (unit.id.clone(), Book { at, lessons })
        };
        Self { units: units.map(book).collect(), course, problems }
    }

    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.course.units.get(self.units.get(id)?.at)
    }

    /// Returns where a unit stands in the course.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.units.get(id).map(|book| book.at)
    }

    /// Returns a unit's lessons as they are sent.
    pub fn lessons(&self, id: &str) -> Option<Arc<RawValue>> {
        let lessons = self.units.get(id)?.lessons.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&lessons))
    }

    /// Writes the lessons of a unit anew with what its programs print and draw.
    pub fn take_outputs(&self, id: &str, made: &dyn Fn(&str) -> Option<LessonOutput>) {
        let (Some(book), Some(unit)) = (self.units.get(id), self.unit(id)) else { return };
        let written = lesson::written(unit, made);
        *book.lessons.write().unwrap_or_else(PoisonError::into_inner) = written;
    }
}

/// A question in both languages.
pub struct Asked<'a> {
    pub zh: &'a Question,
    pub en: &'a Question,
}

impl Asked<'_> {
    pub fn explain(&self) -> Text {
        Text::new(self.zh.explain.clone(), self.en.explain.clone())
    }

    /// Says whether an answer is right in either language.
    pub fn accepts(&self, given: &str) -> bool {
        let accepts = |answer: &Answer| answer.accepts(given);
        accepts(&self.zh.answer) || accepts(&self.en.answer)
    }
}

/// Returns a question of a unit.
pub fn question<'a>(unit: &'a Unit, id: &str) -> Option<Asked<'a>> {
    let zh = unit.zh.questions().find(|question| question.id == id);
    let en = unit.en.questions().find(|question| question.id == id);
    Some(Asked { zh: zh.or(en)?, en: en.or(zh)? })
}

/// Returns how many questions a unit has, and their points.
pub fn questions(unit: &Unit) -> (u32, u32) {
    let count = u32::try_from(unit.zh.questions().count()).unwrap_or(u32::MAX);
    (count, unit.zh.questions().map(|question| question.points).sum())
}
