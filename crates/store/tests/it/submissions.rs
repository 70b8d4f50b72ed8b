//! Programs that were sent, and their grades.

use lyceum_store::*;
use serde_json::json;
use tokio::task::JoinSet;

use crate::walk::{grade, person, program};

async fn learner(store: &Store, name: &str) -> String {
    store.accounts().create(person(name), Role::Learner).await.unwrap().id
}

pub(crate) async fn one_of_many_workers_gets_a_job(store: Store) {
    let lin = learner(&store, "lin").await;
    let sent = store.submissions().create(program(&lin, Kind::Submit, "x")).await.unwrap();
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let (store, id) = (store.clone(), sent.id.clone());
        workers.spawn(async move { store.submissions().claim(&id).await.unwrap() });
    }
    let claimed: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].attempt, claimed[0].state), (1, State::Running));
    assert!(claimed[0].started >= Some(sent.created));
}

pub(crate) async fn of_many_grades_one_counts(store: Store) {
    let lin = learner(&store, "lin").await;
    let sent = store.submissions().create(program(&lin, Kind::Submit, "x")).await.unwrap();
    store.submissions().claim(&sent.id).await.unwrap().unwrap();
    let mut graders = JoinSet::new();
    for score in 0..8 {
        let (store, id) = (store.clone(), sent.id.clone());
        graders.spawn(async move { store.grades().record(&id, 1, grade(GradeStatus::Fail, score)).await.unwrap() });
    }
    let recorded = graders.join_all().await;
    assert_eq!(recorded.iter().filter(|&&one| one == Recorded::Now).count(), 1);
    let unit = store.progress().unit(&lin, "ml", "linear").await.unwrap().unwrap();
    assert_eq!((unit.attempts, unit.failures, unit.passed), (1, 1, None));
    let kept = store.grades().by_submission(&sent.id).await.unwrap().unwrap();
    assert_eq!(unit.best_score, Some(kept.score));
    assert_eq!(kept.read::<serde_json::Value>().unwrap()["score"], kept.score);
}

pub(crate) async fn after_a_restart_the_old_attempt_is_refused(store: Store) {
    let lin = learner(&store, "lin").await;
    let sent = store.submissions().create(program(&lin, Kind::Submit, "x")).await.unwrap();
    let waits = store.submissions().create(program(&lin, Kind::Run, "y")).await.unwrap();
    let first = store.submissions().claim(&sent.id).await.unwrap().unwrap();
    assert_eq!(store.submissions().requeue_running().await.unwrap(), 1);
    let queue = store.submissions().queued(None, 10).await.unwrap();
    let ids: Vec<_> = queue.iter().map(|queued| (queued.id.clone(), queued.attempt)).collect();
    assert_eq!(ids, [(sent.id.clone(), 1), (waits.id.clone(), 0)], "in the order in which they were sent");

    let record = async |attempt| store.grades().record(&sent.id, attempt, grade(GradeStatus::Pass, 5)).await.unwrap();
    assert_eq!(record(first.attempt).await, Recorded::NotAnyMore, "it waits");
    let second = store.submissions().claim(&sent.id).await.unwrap().unwrap();
    assert_eq!(second.attempt, 2);
    assert_eq!(record(first.attempt).await, Recorded::NotAnyMore, "a newer attempt runs");
    assert!(!store.submissions().fail(&sent.id, first.attempt, &json!(null)).await.unwrap());
    let frame = ["{}".to_owned()];
    assert_eq!(store.events().append(&sent.id, first.attempt, 1, &frame).await.unwrap(), Appended::NotAnyMore);
    assert_eq!(record(second.attempt).await, Recorded::Now);
    assert_eq!(record(second.attempt).await, Recorded::NotAnyMore);
    assert_eq!(store.submissions().requeue_running().await.unwrap(), 0);
}

pub(crate) async fn what_was_stopped_stays_stopped(store: Store) {
    let lin = learner(&store, "lin").await;
    let waits = store.submissions().create(program(&lin, Kind::Run, "x")).await.unwrap();
    assert!(store.submissions().stop(&waits.id).await.unwrap());
    assert_eq!(store.submissions().claim(&waits.id).await.unwrap(), None);
    assert!(!store.submissions().stop(&waits.id).await.unwrap());
    let runs = store.submissions().create(program(&lin, Kind::Submit, "x")).await.unwrap();
    store.submissions().claim(&runs.id).await.unwrap().unwrap();
    assert!(store.submissions().stop(&runs.id).await.unwrap());
    let late = store.grades().record(&runs.id, 1, grade(GradeStatus::Pass, 5)).await.unwrap();
    assert_eq!(late, Recorded::NotAnyMore);
    assert_eq!(store.grades().by_submission(&runs.id).await.unwrap(), None);
    assert_eq!(store.submissions().by_id(&runs.id).await.unwrap().unwrap().state, State::Stopped);
    assert_eq!(store.submissions().open().await.unwrap(), (0, 0));
}

pub(crate) async fn runs_end_without_a_grade(store: Store) {
    let lin = learner(&store, "lin").await;
    let options = json!({"xray": true});
    let new = NewSubmission { options: &options, ..program(&lin, Kind::Run, "print(1)") };
    let run = store.submissions().create(new).await.unwrap();
    assert_eq!(store.submissions().open_of(&lin).await.unwrap(), 1);
    store.submissions().claim(&run.id).await.unwrap().unwrap();
    assert_eq!(store.submissions().open().await.unwrap(), (0, 1));
    let outcome = json!({"outcome": "finished", "seconds": 0.5});
    assert!(store.submissions().finish(&run.id, 1, &outcome).await.unwrap());
    let over = store.submissions().by_id(&run.id).await.unwrap().unwrap();
    assert_eq!((over.state, over.outcome, over.options), (State::Done, Some(outcome), options));
    assert!(over.ended >= over.started);
    assert_eq!(store.progress().unit(&lin, "ml", "linear").await.unwrap().unwrap().attempts, 0);
    assert_eq!(store.submissions().open_of(&lin).await.unwrap(), 0);
}

pub(crate) async fn every_version_is_kept_and_listed(store: Store) {
    let lin = learner(&store, "lin").await;
    let other = learner(&store, "other").await;
    let mut ids = Vec::new();
    for number in 0..23_u32 {
        let code = format!("x = {number}");
        let sent = store.submissions().create(program(&lin, Kind::Submit, &code)).await.unwrap();
        store.submissions().claim(&sent.id).await.unwrap().unwrap();
        let status = if number == 7 { GradeStatus::Pass } else { GradeStatus::Fail };
        store.grades().record(&sent.id, 1, grade(status, number % 6)).await.unwrap();
        ids.push(sent.id);
    }
    let elsewhere = NewSubmission { unit: "cnn", ..program(&lin, Kind::Run, "x") };
    let elsewhere = store.submissions().create(elsewhere).await.unwrap();
    store.submissions().create(program(&other, Kind::Run, "secret")).await.unwrap();
    ids.reverse();

    let mut listed = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let page = store.submissions().versions(&lin, "ml", "linear", before.as_deref(), 10).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id.clone());
        listed.extend(page);
    }
    assert_eq!(listed.iter().map(|version| &version.id).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert_eq!(listed[0].score, Some(22 % 6));
    let recent = store.submissions().recent(&lin, None, 3).await.unwrap();
    assert_eq!((recent[0].id.as_str(), recent[0].status), (elsewhere.id.as_str(), None));
    assert_eq!(recent.len(), 3);
    let passing = store.submissions().last_passing(&lin, "ml", "linear").await.unwrap().unwrap();
    assert_eq!(passing.code, "x = 7");
    assert_eq!(store.submissions().last_passing(&other, "ml", "linear").await.unwrap(), None);
}

pub(crate) async fn a_lab_at_fault_costs_no_attempt(store: Store) {
    let lin = learner(&store, "lin").await;
    let sent = store.submissions().create(program(&lin, Kind::Submit, "x")).await.unwrap();
    store.submissions().claim(&sent.id).await.unwrap().unwrap();
    store.grades().record(&sent.id, 1, grade(GradeStatus::NotGradable, 0)).await.unwrap();
    let unit = store.progress().unit(&lin, "ml", "linear").await.unwrap().unwrap();
    assert_eq!((unit.attempts, unit.failures, unit.best_score), (0, 0, None));
    assert!(store.progress().checks(&lin, "ml").await.unwrap().is_empty());
    let kept = store.grades().by_submission(&sent.id).await.unwrap().unwrap();
    assert_eq!(kept.status, GradeStatus::NotGradable);
}
