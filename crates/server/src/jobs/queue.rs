//! Whose turn it is.
//!
//! Every job stands in a *turn*, and in one turn each learner has at most one job. Turns are served in order; within
//! one, runs come before submissions, and what came first comes first. So whoever hands in ten programs at once
//! waits with the second until everyone else had their first, a run waits for no batch of another's, and nothing
//! waits for ever: before a job go at most one of each other learner in its own turn, and what stood there already.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

/// What a job is, as far as the order is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Somebody watches it.
    Run,
    /// It is graded.
    Submission,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    turn: u64,
    class: Class,
    arrival: u64,
}

/// Why a job was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// There are as many jobs as the queue holds.
    Queue,
    /// This learner has as many as one may have.
    Learner,
}

/// Jobs that wait.
#[derive(Debug)]
pub struct Queue<L, T> {
    waiting: BTreeMap<Place, (L, T)>,
    learners: HashMap<L, Standing>,
    turn: u64,
    arrivals: u64,
    room: usize,
    room_each: usize,
}

/// What is known of a learner: how many jobs of theirs wait or are about to, and the last turn they had one in.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    waiting: usize,
    reserved: usize,
    next_turn: u64,
}

impl<L: Clone + Eq + Hash, T> Queue<L, T> {
    /// Makes a queue for so many jobs, and so many of each learner.
    pub fn new(room: usize, room_each: usize) -> Self {
        let (waiting, learners) = (BTreeMap::new(), HashMap::new());
        Self { waiting, learners, turn: 0, arrivals: 0, room, room_each }
    }

    /// Keeps a place for a job that is being written down.
    pub fn reserve(&mut self, learner: &L) -> Result<(), Full> {
        let reserved: usize = self.learners.values().map(|standing| standing.reserved).sum();
        if self.waiting.len() + reserved >= self.room {
            return Err(Full::Queue);
        }
        let standing = self.learners.entry(learner.clone()).or_default();
        if standing.waiting + standing.reserved >= self.room_each {
            return Err(Full::Learner);
        }
        standing.reserved += 1;
        Ok(())
    }

    /// Gives back a place that is not needed.
    pub fn release(&mut self, learner: &L) {
        if let Some(standing) = self.learners.get_mut(learner) {
            standing.reserved = standing.reserved.saturating_sub(1);
        }
        self.forget();
    }

    /// Takes a job in, whether there is room or not: a job that was acknowledged has its place.
    pub fn put(&mut self, learner: L, class: Class, job: T) {
        let standing = self.learners.entry(learner.clone()).or_default();
        let turn = self.turn.max(standing.next_turn);
        standing.next_turn = turn + 1;
        standing.waiting += 1;
        self.arrivals += 1;
        let place = Place { turn, class, arrival: self.arrivals };
        self.waiting.insert(place, (learner, job));
    }

    /// Takes the job whose turn it is.
    pub fn take(&mut self) -> Option<(L, T)> {
        let (place, (learner, job)) = self.waiting.pop_first()?;
        self.turn = self.turn.max(place.turn);
        self.left(&learner);
        Some((learner, job))
    }

    /// Takes a job out, wherever it stands. Those of the same learner behind it move up a turn.
    pub fn remove(&mut self, is_it: impl Fn(&T) -> bool) -> Option<T> {
        let place = *self.waiting.iter().find(|(_, (_, job))| is_it(job))?.0;
        let (learner, job) = self.waiting.remove(&place)?;
        let behind: Vec<Place> =
            self.waiting.range(place..).filter(|(_, (of, _))| *of == learner).map(|(place, _)| *place).collect();
        let mut turn = place.turn;
        for place in behind {
            if let Some(moved) = self.waiting.remove(&place) {
                self.waiting.insert(Place { turn, ..place }, moved);
            }
            turn = place.turn;
        }
        if let Some(standing) = self.learners.get_mut(&learner) {
            standing.next_turn = turn;
        }
        self.left(&learner);
        Some(job)
    }

    fn left(&mut self, learner: &L) {
        if let Some(standing) = self.learners.get_mut(learner) {
            standing.waiting = standing.waiting.saturating_sub(1);
        }
        self.forget();
    }

    /// Forgets learners of whom nothing waits and whose last turn is over.
    fn forget(&mut self) {
        const FEW: usize = 64;
        if self.learners.len() > FEW.max(2 * self.waiting.len()) {
            let turn = self.turn;
            self.learners.retain(|_, standing| standing.waiting + standing.reserved > 0 || standing.next_turn > turn);
        }
    }

    /// Returns the jobs in the order in which they will be served.
    pub fn in_order(&self) -> impl Iterator<Item = &T> {
        self.waiting.values().map(|(_, job)| job)
    }

    /// Returns how many jobs wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn order(queue: &mut Queue<char, &'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| queue.take().map(|(_, job)| job)).collect()
    }

    #[test]
    fn learners_take_turns() {
        let mut queue = Queue::new(100, 100);
        for job in ["a1", "a2", "a3"] {
            queue.put('a', Class::Submission, job);
        }
        queue.put('b', Class::Submission, "b1");
        queue.put('c', Class::Submission, "c1");
        queue.put('b', Class::Submission, "b2");
        assert_eq!(order(&mut queue), ["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    #[test]
    fn a_run_goes_before_the_batch_of_another() {
        let mut queue = Queue::new(100, 100);
        for job in ["a1", "a2"] {
            queue.put('a', Class::Submission, job);
        }
        queue.put('b', Class::Submission, "b1");
        queue.put('c', Class::Run, "run");
        assert_eq!(order(&mut queue), ["run", "a1", "b1", "a2"]);
    }

    #[test]
    fn who_was_served_waits_for_those_who_were_not() {
        let mut queue = Queue::new(100, 100);
        queue.put('a', Class::Run, "a1");
        queue.put('b', Class::Run, "b1");
        assert_eq!(queue.take().unwrap().1, "a1");
        queue.put('a', Class::Run, "a2");
        queue.put('c', Class::Submission, "c1");
        assert_eq!(order(&mut queue), ["b1", "c1", "a2"]);
    }

    #[test]
    fn places_are_bounded_and_given_back() {
        let mut queue: Queue<char, ()> = Queue::new(3, 2);
        assert_eq!(queue.reserve(&'a'), Ok(()));
        assert_eq!(queue.reserve(&'a'), Ok(()));
        assert_eq!(queue.reserve(&'a'), Err(Full::Learner));
        assert_eq!(queue.reserve(&'b'), Ok(()));
        assert_eq!(queue.reserve(&'c'), Err(Full::Queue));
        queue.release(&'b');
        assert_eq!(queue.reserve(&'c'), Ok(()));
        queue.release(&'a');
        queue.put('a', Class::Run, ());
        assert_eq!(queue.len(), 1);
        assert!(queue.remove(|()| true).is_some() && queue.remove(|()| true).is_none());
        assert_eq!(queue.len(), 0);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Put(u8, bool),
        Take,
        Remove(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => (0_u8..6, any::<bool>()).prop_map(|(learner, run)| Step::Put(learner, run)),
            3 => Just(Step::Take),
            1 => (0_usize..40).prop_map(Step::Remove),
        ];
        prop::collection::vec(step, 1..200)
    }

    proptest! {
        /// Nothing is lost or served twice, a learner's jobs of one class keep their order, and while a learner waits
        /// no other is served more than twice: once in the turn that had begun, once in the one they wait for.
        #[test]
        fn turns_are_fair(steps in steps()) {
            let mut queue: Queue<u8, (u8, bool, usize)> = Queue::new(1_000, 1_000);
            let mut waiting: Vec<(u8, bool, usize)> = Vec::new();
            // How often each other learner was served since a learner began to wait for the job at their head.
            let mut served: HashMap<(u8, u8), usize> = HashMap::new();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Put(learner, run) => {
                        if !waiting.iter().any(|job| job.0 == learner) {
                            served.retain(|(who, _), _| *who != learner);
                        }
                        let class = if run { Class::Run } else { Class::Submission };
                        queue.put(learner, class, (learner, run, number));
                        waiting.push((learner, run, number));
                    }
                    Step::Take => {
                        let taken = queue.take().map(|(_, job)| job);
                        prop_assert_eq!(taken.is_none(), waiting.is_empty());
                        let Some(taken) = taken else { continue };
                        let at = waiting.iter().position(|job| *job == taken);
                        prop_assert!(at.is_some(), "served twice or never put");
                        let first = waiting.iter().find(|job| job.0 == taken.0).copied();
                        prop_assert_eq!(first, Some(taken), "a learner's jobs keep their order");
                        waiting.remove(at.unwrap_or_default());
                        served.retain(|(who, _), _| *who != taken.0);
                        for waits in 0..6 {
                            if waits != taken.0 && waiting.iter().any(|job| job.0 == waits) {
                                let times = served.entry((waits, taken.0)).or_default();
                                *times += 1;
                                prop_assert!(*times <= 2, "{} was served {} times while {} waited", taken.0, times, waits);
                            }
                        }
                    }
                    Step::Remove(at) => {
                        let found = queue.in_order().nth(at).copied();
                        if let Some(job) = found.and_then(|found| queue.remove(|job| *job == found)) {
                            waiting.retain(|other| *other != job);
                            served.retain(|(who, _), _| *who != job.0);
                        }
                    }
                }
                prop_assert_eq!(queue.len(), waiting.len());
            }
        }
    }
}
