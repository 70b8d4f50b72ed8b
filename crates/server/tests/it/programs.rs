//! Programs that are sent: the queue, following, stopping, and a server that ends in between.

use serde_json::{Value, json};

use crate::{
    house::House,
    person::{LAB, Person},
};

fn send(person: &Person, kind: &str) -> crate::person::Answer {
    person.post(&format!("{LAB}/submissions"), json!({ "code": "print(1)", "kind": kind }))
}

fn sent(person: &Person, kind: &str) -> (String, Value) {
    let answer = send(person, kind).is(202);
    (answer["id"].as_str().unwrap().to_owned(), answer["position"].clone())
}

fn is_last(frame: &Value) -> bool {
    ["done", "stopped", "failed"].iter().any(|phase| frame["phase"] == *phase)
}

/// Waits until the workers have taken so many.
fn until_running(owner: &Person, count: usize) {
    for _ in 0..400 {
        if owner.get("/api/status").is(200)["queue"]["running"].as_array().unwrap().len() == count {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the workers took nothing");
}

#[test]
fn a_run_goes_before_the_batch_of_another_and_positions_are_told() {
    let house = House::empty();
    let owner = house.owner();
    let [ada, bob] = [house.invited(&owner, "learner", None), house.invited(&owner, "learner", None)];
    let busy = [sent(&owner, "run").0, sent(&owner, "run").0];
    until_running(&owner, 2);
    let (first, _) = sent(&ada, "submit");
    let (second, position) = sent(&ada, "submit");
    assert_eq!(position, 2);
    let (run, position) = sent(&bob, "run");
    assert_eq!(position, 1);
    let position =
        |person: &Person, id: &str| person.get(&format!("/api/submissions/{id}")).is(200)["position"].clone();
    assert_eq!((position(&ada, &first), position(&ada, &second)), (json!(2), json!(3)));
    let told = ada.follow(&second, 0, |frame| frame["position"] == 3);
    assert_eq!(told.last().unwrap().1["phase"], "queued");
    bob.delete(&format!("/api/submissions/{run}")).is(204);
    let told = ada.follow(&second, 0, |frame| frame["position"] == 2);
    assert!(told.iter().all(|(seq, _)| seq.is_none()));
    for id in busy {
        owner.delete(&format!("/api/submissions/{id}")).is(204);
    }
    until_running(&owner, 2);
    let told = ada.follow(&second, 0, |frame| frame["phase"] == "running");
    assert_eq!(told.last().unwrap().1["type"], "phase");
    for id in [first, second] {
        ada.delete(&format!("/api/submissions/{id}")).is(204);
    }
}

#[test]
fn what_is_stopped_ends_for_those_who_follow_and_for_those_who_come_later() {
    let house = House::empty();
    let owner = house.owner();
    let (id, _) = sent(&owner, "submit");
    until_running(&owner, 1);
    let (follower, followed) = (owner.clone(), id.clone());
    let following = std::thread::spawn(move || follower.follow(&followed, 0, is_last));
    owner.follow(&id, 0, |frame| frame["phase"] == "running");
    owner.delete(&format!("/api/submissions/{id}")).is(204);
    let frames = following.join().unwrap();
    assert_eq!(frames.last().unwrap().1["phase"], "stopped");
    let numbers: Vec<u64> = frames.iter().filter_map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let late = owner.follow(&id, 1_000, is_last);
    assert_eq!(late.last().unwrap().1["phase"], "stopped");
    let view = owner.get(&format!("/api/submissions/{id}")).is(200);
    assert_eq!((view["state"].as_str(), view["grade"].is_null()), (Some("stopped"), true));
    assert_eq!(owner.get(&format!("{LAB}/versions")).is(200)[0]["state"], "stopped");
    owner.delete(&format!("/api/submissions/{id}")).is(204);
}

#[test]
fn what_waits_can_be_stopped() {
    let house = House::empty();
    let owner = house.owner();
    let busy = [sent(&owner, "run").0, sent(&owner, "run").0];
    until_running(&owner, 2);
    let (id, position) = sent(&owner, "submit");
    assert_eq!(position, 1);
    owner.delete(&format!("/api/submissions/{id}")).is(204);
    assert_eq!(owner.follow(&id, 0, is_last).last().unwrap().1["phase"], "stopped");
    for id in busy {
        owner.delete(&format!("/api/submissions/{id}")).is(204);
    }
}

#[test]
fn there_is_room_for_so_many_of_each_and_so_many_altogether() {
    let house = House::with(|config| {
        config.queue = 5;
        config.queue_each = 3;
    });
    let owner = house.owner();
    let ada = house.invited(&owner, "learner", None);
    let mut all: Vec<(Person, String)> = Vec::new();
    for _ in 0..2 {
        all.push((owner.clone(), sent(&owner, "run").0));
    }
    until_running(&owner, 2);
    for _ in 0..3 {
        all.push((owner.clone(), sent(&owner, "run").0));
    }
    let refused = send(&owner, "run");
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    refused.fails(429, "too_many_waiting");
    for _ in 0..2 {
        all.push((ada.clone(), sent(&ada, "run").0));
    }
    send(&ada, "run").fails(429, "queue_full");
    assert_eq!(ada.get("/api/recent").is(200).as_array().unwrap().len(), 2, "what was refused was not kept");
    assert!(house.stranger().get("/metrics").text.contains("lyceum_submissions_refused_total 2"));
    for (person, id) in all.iter().rev() {
        person.delete(&format!("/api/submissions/{id}")).is(204);
    }
}

#[test]
fn what_was_acknowledged_goes_on_after_a_restart() {
    let mut house = House::empty();
    let mut owner = house.owner();
    let ids: Vec<String> = (0..6).map(|_| sent(&owner, "submit").0).collect();
    until_running(&owner, 2);
    let followed = owner.follow(&ids[0], 0, |frame| frame["phase"] == "running");
    let last = followed.last().unwrap().0.unwrap();
    house.stop();
    house.start(|_| {});
    owner.origin = house.origin.clone();
    until_running(&owner, 2);
    let status = owner.get("/api/status").is(200);
    assert_eq!(status["queue"]["waiting"], 4);
    let followed = owner.follow(&ids[0], last, |frame| frame["phase"] == "running");
    let numbered = || followed.iter().filter_map(|(seq, frame)| Some(((*seq)?, frame["phase"].as_str()?)));
    assert!(numbered().map(|(_, phase)| phase).eq(["restarted", "starting", "running"]), "{followed:?}");
    assert!(numbered().all(|(seq, _)| seq > last));
    for id in ids.iter().rev() {
        owner.delete(&format!("/api/submissions/{id}")).is(204);
    }
}

#[test]
fn a_lab_that_cannot_be_run_fails_without_a_word_of_the_inside() {
    let house = House::with(|config| config.worker = Some("/bin/false".into()));
    let owner = house.owner();
    let (id, _) = sent(&owner, "run");
    let frames = owner.follow(&id, 0, is_last);
    assert_eq!(frames.last().unwrap().1["phase"], "failed");
    let state = owner.get(&format!("/api/submissions/{id}")).is(200);
    assert_eq!((state["state"].as_str(), state["outcome"].is_null()), (Some("failed"), true));
}
