//! A server that is killed at any moment loses nothing that it acknowledged, and grades it once.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    house::House,
    person::{LAB, Person},
};

const KILLS: usize = 50;
const LEARNERS: usize = 3;

/// Goes on sending small programs until it is told to stop or nobody answers, and notes what was acknowledged.
fn send_until(person: &Person, stop: &AtomicBool, acknowledged: &Mutex<Vec<(usize, String)>>, who: usize) {
    let code = "def mean(numbers):\n    return sum(numbers) / len(numbers)\n";
    while !stop.load(Ordering::Relaxed) {
        let body = json!({ "code": code, "kind": "submit" });
        match person.try_post(&format!("{LAB}/submissions"), &body) {
            Some(answer) if answer.status == 202 => {
                let id = answer.is(202)["id"].as_str().unwrap().to_owned();
                acknowledged.lock().unwrap().push((who, id));
            }
            Some(answer) => assert_eq!(answer.status, 429, "{}", answer.text),
            None => return,
        }
        thread::sleep(Duration::from_millis(40));
    }
}

#[test]
fn fifty_kills_lose_nothing_and_nothing_is_graded_twice() {
    let mut house = House::empty();
    let owner = house.owner();
    let mut learners: Vec<Person> = (0..LEARNERS).map(|at| house.learner(&owner, &format!("learner{at}"))).collect();
    let acknowledged = Mutex::new(Vec::new());
    // A plain generator: the moments differ, and a run that fails can be had again.
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    for _ in 0..KILLS {
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for (who, learner) in learners.iter().enumerate() {
                let (stop, acknowledged) = (&stop, &acknowledged);
                scope.spawn(move || send_until(learner, stop, acknowledged, who));
            }
            thread::sleep(Duration::from_millis(20 + next(400)));
            house.kill();
            stop.store(true, Ordering::Relaxed);
        });
        house.start();
        for learner in &mut learners {
            learner.origin = house.origin.clone();
        }
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= KILLS, "only {} were acknowledged", acknowledged.len());

    let deadline = Instant::now() + Duration::from_secs(120);
    for (at, learner) in learners.iter().enumerate() {
        let mine: BTreeSet<&str> =
            acknowledged.iter().filter(|(who, _)| *who == at).map(|(_, id)| id.as_str()).collect();
        let versions = loop {
            let versions = all_versions(learner);
            if versions.iter().all(|version| version["state"] == "done") {
                break versions;
            }
            assert!(Instant::now() < deadline, "not everything came to its end: {versions:?}");
            thread::sleep(Duration::from_millis(100));
        };
        let kept: BTreeSet<&str> = versions.iter().map(|version| version["id"].as_str().unwrap()).collect();
        assert!(mine.is_subset(&kept), "lost: {:?}", mine.difference(&kept).collect::<Vec<_>>());
        for version in &versions {
            assert_eq!((version["status"].as_str(), version["score"].as_i64()), (Some("pass"), Some(4)), "{version}");
        }
        // What was written down and not acknowledged any more is kept as well; each is graded once, no more.
        let attempts = learner.get(LAB).is(200)["progress"]["attempts"].as_u64().unwrap();
        assert_eq!(attempts as usize, versions.len());
    }
}

fn all_versions(person: &Person) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let before = all.last().map_or(String::new(), |version| format!("&before={}", version["id"].as_str().unwrap()));
        let page = person.get(&format!("{LAB}/versions?limit=200{before}")).is(200);
        let page = page.as_array().unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page.iter().cloned());
    }
}
