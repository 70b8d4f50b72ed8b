//! What happens in a run, for those who watch it.
//!
//! A run's frames are numbered and kept here while it waits and runs, and in the store afterwards, so whoever lost the
//! connection goes on where they were. A run that begins again after the server died numbers its frames beyond those
//! of the attempt before.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use tokio::sync::watch;

/// A frame as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its number; frames that only say what is so at the moment have none.
    pub seq: Option<u64>,
    /// Its JSON, an object with a `type`.
    pub json: Arc<str>,
}

/// The numbers of an attempt's frames begin here times the attempt.
pub const ATTEMPT: u64 = 1_000_000;
/// The most bytes that are kept of one run's frames; what comes beyond is left out, but for how it ended.
const MOST_BYTES: usize = 8 << 20;

/// Returns the number of the first frame of an attempt, of which the store has so many from before; attempts are
/// counted from 1.
pub fn first_of(attempt: u64, kept: u64) -> u64 {
    attempt.saturating_sub(1) * ATTEMPT + kept + 1
}

/// The frames of one run.
#[derive(Debug)]
pub struct Live {
    log: Mutex<Log>,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct Log {
    first: u64,
    frames: Vec<Arc<str>>,
    bytes: usize,
    left_out: bool,
    position: Option<usize>,
    over: bool,
}

impl Live {
    fn new() -> Self {
        let log = Log { first: 1, frames: Vec::new(), bytes: 0, left_out: false, position: None, over: false };
        Self { log: Mutex::new(log), changed: watch::Sender::new(()) }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an attempt, whose first frame has this number.
    pub fn begin(&self, first: u64) {
        let mut log = self.log();
        log.first = first;
        log.frames.clear();
        (log.bytes, log.left_out, log.position) = (0, false, None);
    }

    /// Says how many jobs come before this one.
    pub fn stands_at(&self, position: usize) {
        let mut log = self.log();
        if log.position.replace(position) != Some(position) {
            drop(log);
            self.changed.send_replace(());
        }
    }

    /// Adds a frame that must not be left out: how the run stands, and what came of it.
    pub fn say(&self, frame: &impl Serialize) {
        let Ok(json) = serde_json::to_string(frame) else { return };
        let mut log = self.log();
        log.bytes += json.len();
        log.frames.push(json.into());
        drop(log);
        self.changed.send_replace(());
    }

    /// Adds a frame of what the program does, as long as there is room.
    pub fn tell(&self, frame: &impl Serialize) {
        if self.log().left_out {
            return;
        }
        let Ok(json) = serde_json::to_string(frame) else { return };
        let mut log = self.log();
        if log.bytes + json.len() > MOST_BYTES {
            log.left_out = true;
            log.frames.push(r#"{"type":"left_out"}"#.into());
        } else {
            log.bytes += json.len();
            log.frames.push(json.into());
        }
        drop(log);
        self.changed.send_replace(());
    }

    /// Returns the frames, and the number of the first.
    pub fn frames(&self) -> (u64, Vec<Arc<str>>) {
        let log = self.log();
        (log.first, log.frames.clone())
    }

    fn end(&self) {
        self.log().over = true;
        self.changed.send_replace(());
    }

    /// Returns what comes after a number, and whether that is all there will ever be.
    fn after(&self, seq: u64, most: usize) -> (Vec<Frame>, Option<usize>, bool) {
        let log = self.log();
        let skip = usize::try_from((seq + 1).saturating_sub(log.first)).unwrap_or(usize::MAX);
        let rest = log.frames.iter().enumerate().skip(skip).take(most);
        let frames: Vec<Frame> =
            rest.map(|(at, json)| Frame { seq: Some(log.first + at as u64), json: Arc::clone(json) }).collect();
        let is_last = log.over && skip.saturating_add(frames.len()) >= log.frames.len();
        (frames, log.position, is_last)
    }
}

/// The runs that wait or run, by their submission's id.
#[derive(Debug, Default)]
pub struct Hub {
    live: Mutex<HashMap<String, Arc<Live>>>,
}

impl Hub {
    fn map(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the frames of a run, and makes a place for them if there is none.
    pub fn open(&self, id: &str) -> Arc<Live> {
        Arc::clone(self.map().entry(id.to_owned()).or_insert_with(|| Arc::new(Live::new())))
    }

    /// Returns the frames of a run that waits or runs.
    pub fn get(&self, id: &str) -> Option<Arc<Live>> {
        self.map().get(id).cloned()
    }

    /// Ends a run. Those who watch still get what they have not had.
    pub fn close(&self, id: &str) {
        let removed = self.map().remove(id);
        if let Some(live) = removed {
            live.end();
        }
    }
}

/// Follows a run: frame by frame from a number on, to its end.
pub struct Follower {
    live: Arc<Live>,
    changed: watch::Receiver<()>,
    after: u64,
    position: Option<usize>,
    ready: VecDeque<Frame>,
    is_last: bool,
}

impl Follower {
    pub fn new(live: Arc<Live>, after: u64) -> Self {
        let changed = live.changed.subscribe();
        Self { live, changed, after, position: None, ready: VecDeque::new(), is_last: false }
    }

    /// Returns the next frame, when there is one; none when there will be no more.
    pub async fn next(&mut self) -> Option<Frame> {
        const SOME: usize = 64;
        loop {
            if let Some(frame) = self.ready.pop_front() {
                self.after = frame.seq.unwrap_or(self.after);
                return Some(frame);
            }
            if self.is_last {
                return None;
            }
            // What happens after this look is noticed below.
            self.changed.borrow_and_update();
            let (frames, position, is_last) = self.live.after(self.after, SOME);
            self.is_last = is_last;
            if frames.is_empty() && position != self.position {
                self.position = position;
                if let Some(position) = position {
                    let json = format!(r#"{{"type":"phase","phase":"queued","position":{position}}}"#);
                    return Some(Frame { seq: None, json: json.into() });
                }
            }
            if frames.is_empty() && !is_last {
                self.changed.changed().await.ok()?;
            }
            self.ready.extend(frames);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    async fn rest(hub: &Hub, id: &str, after: u64) -> Vec<u64> {
        let mut follower = Follower::new(hub.get(id).unwrap(), after);
        hub.close(id);
        let mut seen = Vec::new();
        while let Some(frame) = follower.next().await {
            seen.extend(frame.seq);
        }
        seen
    }

    #[tokio::test]
    async fn who_comes_back_gets_what_they_missed_and_nothing_twice() {
        for after in 0..12 {
            let hub = Hub::default();
            let live = hub.open("a");
            live.begin(1);
            for at in 0..10 {
                live.tell(&json!({ "at": at }));
            }
            assert_eq!(rest(&hub, "a", after).await, (after + 1..=10).collect::<Vec<_>>());
        }
    }

    #[tokio::test]
    async fn a_new_attempt_is_seen_whole_whatever_was_seen_before() {
        for after in [0, 7, 1_000_000] {
            let hub = Hub::default();
            let live = hub.open("a");
            live.begin(first_of(2, 0));
            live.say(&json!({ "type": "phase", "phase": "restarted" }));
            live.tell(&json!({}));
            assert_eq!(rest(&hub, "a", after).await, [1_000_001, 1_000_002]);
        }
    }

    #[tokio::test]
    async fn a_position_is_told_while_waiting_and_has_no_number() {
        let hub = Hub::default();
        let live = hub.open("a");
        live.stands_at(3);
        let mut follower = Follower::new(Arc::clone(&live), 0);
        let frame = follower.next().await.unwrap();
        assert_eq!((frame.seq, frame.json.contains("\"position\":3")), (None, true));
        live.stands_at(2);
        assert!(follower.next().await.unwrap().json.contains("\"position\":2"));
        live.begin(1);
        live.say(&json!({ "type": "phase", "phase": "starting" }));
        assert_eq!(follower.next().await.unwrap().seq, Some(1));
        hub.close("a");
        assert_eq!(follower.next().await, None);
    }

    #[tokio::test]
    async fn a_program_that_tells_too_much_is_cut_but_its_end_is_said() {
        let hub = Hub::default();
        let live = hub.open("a");
        live.begin(1);
        let long = "x".repeat(1 << 20);
        for _ in 0..20 {
            live.tell(&json!({ "text": long }));
        }
        live.say(&json!({ "type": "grade" }));
        let (_, frames) = live.frames();
        assert!(frames.iter().map(|frame| frame.len()).sum::<usize>() <= MOST_BYTES + 1_000);
        assert!(frames[frames.len() - 2].contains("left_out") && frames[frames.len() - 1].contains("grade"));
    }

    proptest! {
        /// However the writer and a reader that reconnects at any time are interleaved, each frame comes once, in order.
        #[test]
        fn nothing_is_lost(steps in prop::collection::vec(0_u8..4, 1..100)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let hub = Hub::default();
                let live = hub.open("a");
                live.begin(1);
                let (mut told, mut seen) = (0, Vec::new());
                let mut follower = Follower::new(Arc::clone(&live), 0);
                for step in steps {
                    match step {
                        0 | 1 => {
                            told += 1;
                            live.tell(&json!({ "at": told }));
                        }
                        2 => follower = Follower::new(Arc::clone(&live), seen.last().copied().unwrap_or(0)),
                        _ if seen.len() < told => seen.extend(follower.next().await.and_then(|frame| frame.seq)),
                        _ => {}
                    }
                }
                hub.close("a");
                while let Some(frame) = follower.next().await {
                    seen.extend(frame.seq);
                }
                prop_assert_eq!(seen, (1..=told as u64).collect::<Vec<_>>());
                Ok(())
            })?;
        }
    }
}
