//! Runs programs in the sandbox, and tells those who watch what happens.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    io,
    os::fd::{AsFd, BorrowedFd},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

use lyceum_curriculum::Runner;
use lyceum_lab::{
    Event, LabJob, LabReport, Observation,
    figure::svg,
    sandbox::{self, Confinement, Flow, Stream, Strength, Watcher},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    frames::{Frame, Phase},
    live::Live,
    thinner::Thinner,
};

/// How programs are confined on this machine.
#[derive(Clone, Debug)]
pub struct Workshop {
    /// How much of the confinement there must be.
    pub strength: Strength,
    /// The binary that is started as the worker; this one when absent.
    pub binary: Option<OsString>,
    /// The folder for the folders of runs.
    pub base: Option<PathBuf>,
}

impl Workshop {
    pub fn confinement(&self) -> Confinement {
        Confinement { binary: self.binary.clone(), base: self.base.clone(), ..Confinement::lab() }.with(self.strength)
    }
}

/// Runs the programs of one submission.
pub struct Sandboxed<'a> {
    pub workshop: &'a Workshop,
    /// Who watches; nobody does where a program is a lesson's.
    pub live: Option<&'a Live>,
    /// Becomes readable when the run is to be ended.
    pub cancel: Option<&'a UnixStream>,
    /// What the names of parts of drawings begin with.
    pub id: &'a str,
}

impl Runner for Sandboxed<'_> {
    fn run(&self, job: &LabJob, events: &mut dyn FnMut(&Event)) -> io::Result<LabReport> {
        // The solution is imported, and nobody sees it run; with more seeds the same is told only once.
        let is_watched = !job.as_module && job.seed.unwrap_or(0) == 0;
        let live = self.live.filter(|_| is_watched);
        let mut teller = Teller::new(live, self.cancel.map(AsFd::as_fd), events, self.id, job);
        if let Some(live) = live {
            live.say(&Frame::phase(Phase::Running));
        }
        let finished = sandbox::run(job, &self.workshop.confinement(), &mut teller).map_err(io::Error::other)?;
        teller.tell_the_rest();
        let mut report = finished.report;
        report.observed = teller.answers;
        if let Some(live) = live {
            live.say(&Frame::report(&report, &job.program));
        }
        Ok(report)
    }
}

/// Passes on what a run tells, a little later and many at once.
struct Teller<'a> {
    live: Option<&'a Live>,
    cancel: Option<BorrowedFd<'a>>,
    events: &'a mut dyn FnMut(&Event),
    id: &'a str,
    /// The folder that the program lies in, which is nobody's business.
    folder: String,
    asked: BTreeSet<String>,
    answers: BTreeMap<String, Observation>,
    printed: String,
    printed_to: Stream,
    /// The beginning of a character whose rest has not come, of each stream.
    begun: [Vec<u8>; 2],
    happened: Vec<Value>,
    thinner: Thinner,
    figures: usize,
}

/// How often what has gathered is passed on.
const PAUSE: Duration = Duration::from_millis(50);
/// How much may gather before it is passed on at once.
const MUCH_TEXT: usize = 16 << 10;
const MANY_EVENTS: usize = 500;
/// A drawing that is longer is left out: a page that shows it would not move any more.
const LONGEST_DRAWING: usize = 3 << 20;

impl<'a> Teller<'a> {
    fn new(
        live: Option<&'a Live>,
        cancel: Option<BorrowedFd<'a>>,
        events: &'a mut dyn FnMut(&Event),
        id: &'a str,
        job: &LabJob,
    ) -> Self {
        Self {
            live,
            cancel,
            events,
            id,
            folder: folder_of(&job.program),
            asked: job.probes.iter().map(|probe| probe.id.clone()).collect(),
            answers: BTreeMap::new(),
            printed: String::new(),
            printed_to: Stream::Stdout,
            begun: [Vec::new(), Vec::new()],
            happened: Vec::new(),
            thinner: Thinner::default(),
            figures: 0,
        }
    }

    fn tell_the_rest(&mut self) {
        let rest = self.thinner.rest();
        self.happened.extend(rest.iter().filter_map(|event| serde_json::to_value(event).ok()));
        self.flush();
    }

    fn flush(&mut self) {
        let Some(live) = self.live else { return };
        if !self.printed.is_empty() {
            let text = self.printed.replace(&self.folder, "");
            live.tell(&Frame::Output { stream: self.printed_to.into(), text: &text });
            self.printed.clear();
        }
        if !self.happened.is_empty() {
            live.tell(&Frame::Events { events: &self.happened });
            self.happened.clear();
        }
    }
}

impl Watcher for Teller<'_> {
    fn output(&mut self, stream: Stream, bytes: &[u8]) -> Flow {
        if self.live.is_none() {
            return Flow::Continue;
        }
        if stream != self.printed_to {
            self.flush();
            self.printed_to = stream;
        }
        let begun = &mut self.begun[usize::from(stream == Stream::Stderr)];
        begun.extend_from_slice(bytes);
        take_whole(begun, &mut self.printed);
        if self.printed.len() > MUCH_TEXT {
            self.flush();
        }
        Flow::Continue
    }

    fn event(&mut self, event: Event) {
        (self.events)(&event);
        if self.live.is_none() {
            return;
        }
        let Some(event) = self.thinner.take(event) else { return };
        let told = match &event {
            Event::Figure { step, name, figure, time } => {
                self.figures += 1;
                draw(figure, &format!("{}-{}", self.id, self.figures))
                    .map(|svg| json!({"event": "figure", "step": step, "name": name, "svg": svg, "time": time}))
            }
            event => serde_json::to_value(event).ok(),
        };
        self.happened.extend(told);
        if self.happened.len() > MANY_EVENTS {
            self.flush();
        }
    }

    fn observed(&mut self, probe: String, observation: Observation) {
        // The first answer counts: the program's process can send others later.
        if self.asked.contains(&probe) {
            self.answers.entry(probe).or_insert(observation);
        }
    }

    fn tick_every(&self) -> Option<Duration> {
        self.live.map(|_| PAUSE)
    }

    fn tick(&mut self) {
        self.flush();
    }

    fn cancel(&self) -> Option<BorrowedFd<'_>> {
        self.cancel
    }
}

/// Draws a figure, unless the drawing is too long to be shown.
pub fn draw(figure: &lyceum_lab::Figure, id: &str) -> Option<String> {
    let drawing = svg::draw(figure, &svg::Options { id: id.to_owned(), ..svg::Options::default() });
    (drawing.len() <= LONGEST_DRAWING).then_some(drawing)
}

/// Returns the folder of a program as it stands before the program's name in a traceback.
pub fn folder_of(program: &Path) -> String {
    program.parent().map(|folder| format!("{}/", folder.display())).unwrap_or_default()
}

/// Moves the characters that are whole into a text; what is no UTF-8 becomes U+FFFD.
pub fn take_whole(bytes: &mut Vec<u8>, text: &mut String) {
    let mut rest = bytes.as_slice();
    loop {
        match std::str::from_utf8(rest) {
            Ok(whole) => {
                text.push_str(whole);
                rest = &[];
                break;
            }
            Err(error) => {
                let (whole, after) = rest.split_at(error.valid_up_to());
                text.push_str(&String::from_utf8_lossy(whole));
                rest = after;
                match error.error_len() {
                    Some(wrong) => {
                        text.push('\u{fffd}');
                        rest = &rest[wrong..];
                    }
                    None => break,
                }
            }
        }
    }
    let kept = rest.to_vec();
    *bytes = kept;
}

/// One of the streams that a program prints to.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamName {
    Stdout,
    Stderr,
}

impl From<Stream> for StreamName {
    fn from(stream: Stream) -> Self {
        match stream {
            Stream::Stdout => StreamName::Stdout,
            Stream::Stderr => StreamName::Stderr,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_characters() {
        let text = "损失 loss ↓ 🎓";
        for piece in 1..6 {
            let (mut begun, mut whole) = (Vec::new(), String::new());
            for bytes in text.as_bytes().chunks(piece) {
                begun.extend_from_slice(bytes);
                take_whole(&mut begun, &mut whole);
            }
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn what_is_no_text_is_marked_and_nothing_gathers() {
        let (mut begun, mut whole) = (b"a\xff\xfeb\xe6".to_vec(), String::new());
        take_whole(&mut begun, &mut whole);
        assert_eq!((whole.as_str(), begun.as_slice()), ("a\u{fffd}\u{fffd}b", &b"\xe6"[..]));
    }
}
