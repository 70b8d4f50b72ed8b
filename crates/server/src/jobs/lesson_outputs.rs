//! What the programs of lessons print and draw: made once, in the sandbox, when nothing else waits.
//!
//! What was made is kept in the data folder under a name that depends on the program and on this binary. A unit that
//! somebody reads comes first.

use std::{
    collections::{HashSet, VecDeque},
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use lyceum_curriculum::submission::{binary, run_lesson_program};
use lyceum_lab::{
    Event,
    sandbox::{self, Flow, Stream, Watcher},
};
use sha2::{Digest, Sha256};

use super::{
    desk::Desk,
    sandboxed::{draw, folder_of, take_whole},
};
use crate::{
    library::{LessonOutput, Library},
    metrics::Metrics,
};

/// A lesson's program whose output is missing.
#[derive(Clone, Debug)]
struct Wanted {
    course: String,
    unit: String,
    text: String,
}

/// The outputs of lessons' programs.
pub struct LessonOutputs {
    folder: PathBuf,
    wanted: Mutex<VecDeque<Wanted>>,
    is_closed: AtomicBool,
}

/// The most that a program may print in a lesson.
const MOST_OUTPUT: usize = 64 << 10;
/// The most figures under one program.
const MOST_FIGURES: usize = 20;

impl LessonOutputs {
    /// Puts what was made before into the lessons, and notes what is missing.
    pub fn new(folder: PathBuf, library: &Library, metrics: &Metrics) -> Self {
        let mut wanted = VecDeque::new();
        let programs = library.programs();
        forget_others(&folder, &programs.iter().map(|(.., text)| file_of(&folder, text)).collect());
        for (course, unit, text) in programs {
            if !file_of(&folder, &text).is_file() {
                wanted.push_back(Wanted { course, unit, text });
            }
        }
        metrics.lesson_outputs.set(i64::try_from(wanted.len()).unwrap_or(i64::MAX));
        let lesson_outputs = Self { folder, wanted: Mutex::new(wanted), is_closed: AtomicBool::new(false) };
        for shelf in library.courses() {
            for unit in &shelf.course.units {
                shelf.take_outputs(&unit.id, &|text| lesson_outputs.made(text));
            }
        }
        lesson_outputs
    }

    fn wanted(&self) -> MutexGuard<'_, VecDeque<Wanted>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made(&self, text: &str) -> Option<LessonOutput> {
        serde_json::from_slice(&fs::read(file_of(&self.folder, text)).ok()?).ok()
    }

    pub fn is_wanted(&self) -> bool {
        !self.is_closed.load(Ordering::Relaxed) && !self.wanted().is_empty()
    }

    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// Has the programs of a unit made before others, because somebody reads it. Says whether any is missing.
    pub fn want(&self, course: &str, unit: &str) -> bool {
        let mut wanted = self.wanted();
        let (first, later): (VecDeque<_>, VecDeque<_>) =
            wanted.drain(..).partition(|one: &Wanted| one.course == course && one.unit == unit);
        let is_missing = !first.is_empty();
        wanted.extend(first);
        wanted.extend(later);
        is_missing
    }

    /// Runs the program that is wanted first, and puts what it gives into its lesson.
    pub fn make_one(&self, desk: &Desk) {
        let Some(wanted) = self.wanted().pop_front() else { return };
        let left = self.wanted().len();
        desk.metrics.lesson_outputs.set(i64::try_from(left).unwrap_or(i64::MAX));
        let id = name_of(&wanted.text);
        let made = make(&wanted.text, &format!("x{}", &id[..10]), desk, &self.is_closed);
        let kept = made.and_then(|output| match output {
            Some(output) => self.keep(&wanted.text, &output),
            None => Ok(()),
        });
        if let Err(error) = kept {
            tracing::warn!(course = wanted.course, unit = wanted.unit, %error, "a lesson's program has no output");
            return;
        }
        if let Some(shelf) = desk.library.course(&wanted.course) {
            shelf.take_outputs(&wanted.unit, &|text| self.made(text));
        }
    }

    fn keep(&self, text: &str, output: &LessonOutput) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let path = file_of(&self.folder, text);
        let unfinished = path.with_extension("unfinished");
        fs::write(&unfinished, serde_json::to_vec(output)?)?;
        fs::rename(unfinished, path)
    }
}

/// Removes what other binaries made, and programs that are in no lesson any more.
fn forget_others(folder: &Path, needed: &HashSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_output = !entry.file_name().to_string_lossy().starts_with(NAMES);
        if is_output && !needed.contains(&entry.path()) {
            // What is left takes some room, and nothing else.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What the files of the editor's names begin with, which lie in the same folder.
pub const NAMES: &str = "names-";

/// Runs a program. Returns nothing when it was broken off because the server ends.
fn make(text: &str, id: &str, desk: &Desk, is_closed: &AtomicBool) -> io::Result<Option<LessonOutput>> {
    let mut keeper = Keeper { made: LessonOutput::default(), begun: [Vec::new(), Vec::new()], id: id.to_owned() };
    let mut folder = String::new();
    let data_home = desk.catalogue.home().ok().map(ToOwned::to_owned);
    run_lesson_program(text, data_home, |job| {
        folder = folder_of(&job.program);
        let finished = sandbox::run(job, &desk.workshop.confinement(), &mut keeper).map_err(io::Error::other)?;
        Ok(finished.report)
    })?;
    if is_closed.load(Ordering::Relaxed) {
        return Ok(None);
    }
    keeper.made.output = keeper.made.output.replace(&folder, "");
    Ok(Some(keeper.made))
}

/// Keeps what a program prints and draws.
struct Keeper {
    made: LessonOutput,
    begun: [Vec<u8>; 2],
    id: String,
}

impl Watcher for Keeper {
    fn output(&mut self, stream: Stream, bytes: &[u8]) -> Flow {
        let begun = &mut self.begun[usize::from(stream == Stream::Stderr)];
        begun.extend_from_slice(bytes);
        if self.made.output.len() < MOST_OUTPUT {
            take_whole(begun, &mut self.made.output);
        } else {
            begun.clear();
        }
        Flow::Continue
    }

    fn event(&mut self, event: Event) {
        if let Event::Figure { figure, .. } = &event
            && self.made.figures.len() < MOST_FIGURES
        {
            let id = format!("{}-{}", self.id, self.made.figures.len() + 1);
            self.made.figures.extend(draw(figure, &id));
        }
    }
}

fn file_of(folder: &Path, text: &str) -> PathBuf {
    folder.join(format!("{}.json", name_of(text)))
}

/// What an output depends on: the program and this very binary.
fn name_of(text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(binary());
    hash.update(text);
    hex::encode(&hash.finalize()[..16])
}
