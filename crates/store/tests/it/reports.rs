//! Cohorts, and what their instructors want to know.

use lyceum_store::*;
use serde_json::json;

use crate::walk::{grade, person, program};

async fn submit(store: &Store, account: &str, unit: &str, status: GradeStatus, score: u32) {
    let new = NewSubmission { unit, ..program(account, Kind::Submit, "x") };
    let sent = store.submissions().create(new).await.unwrap();
    store.submissions().claim(&sent.id).await.unwrap().unwrap();
    store.grades().record(&sent.id, 1, grade(status, score)).await.unwrap();
}

async fn people(store: &Store, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(store.accounts().create(person(name), Role::Learner).await.unwrap().id);
    }
    ids
}

pub(crate) async fn cohorts_have_learners_and_instructors(store: Store) {
    let teacher = store.accounts().create(person("teacher"), Role::Instructor).await.unwrap().id;
    let other = store.accounts().create(person("other"), Role::Instructor).await.unwrap().id;
    let learners = people(&store, &["a", "b", "c"]).await;
    let cohort = store.cohorts().create("一班", &teacher).await.unwrap();
    assert!(matches!(store.cohorts().create(" 一班", &teacher).await, Err(Error::NameTaken)));
    let second = store.cohorts().create("Ｃlass 2", &other).await.unwrap();
    assert!(matches!(store.cohorts().rename(&cohort.id, "class 2").await, Err(Error::NameTaken)));
    store.cohorts().rename(&cohort.id, "一班 2026").await.unwrap();
    for learner in &learners[..2] {
        store.cohorts().add_member(&cohort.id, learner).await.unwrap();
        store.cohorts().add_member(&cohort.id, learner).await.unwrap();
    }
    let found = store.cohorts().by_id(&cohort.id).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.members), ("一班 2026", 2));
    assert!(store.cohorts().teaches(&teacher, &learners[0]).await.unwrap());
    assert!(!store.cohorts().teaches(&teacher, &learners[2]).await.unwrap());
    assert!(!store.cohorts().teaches(&other, &learners[0]).await.unwrap());
    assert!(!store.cohorts().follows(&other, &cohort.id).await.unwrap());
    store.cohorts().add_instructor(&cohort.id, &other).await.unwrap();
    assert!(store.cohorts().teaches(&other, &learners[0]).await.unwrap());
    let ids = |list: Vec<Cohort>| list.into_iter().map(|cohort| cohort.id).collect::<Vec<_>>();
    let followed = store.cohorts().of_instructor(&other, None, 10).await.unwrap();
    assert_eq!(ids(followed), [cohort.id.clone(), second.id.clone()]);
    let followed = store.cohorts().of_instructor(&other, Some(&cohort.id), 10).await.unwrap();
    assert_eq!(ids(followed), [second.id.as_str()]);
    assert_eq!(ids(store.cohorts().of_learner(&learners[0], None, 10).await.unwrap()), [cohort.id.as_str()]);
    assert_eq!(store.cohorts().list(None, 1).await.unwrap().len(), 1);
    assert_eq!(store.cohorts().instructors(&cohort.id, None, 10).await.unwrap().len(), 2);
    store.cohorts().remove_instructor(&cohort.id, &other).await.unwrap();
    store.cohorts().remove_member(&cohort.id, &learners[1]).await.unwrap();
    assert!(matches!(store.cohorts().remove_member(&cohort.id, &learners[1]).await, Err(Error::NotFound { .. })));
    assert!(matches!(store.cohorts().add_member("nowhere", &learners[1]).await, Err(Error::NotFound { .. })));
    let members = store.cohorts().members(&cohort.id, None, 10).await.unwrap();
    assert_eq!(members.iter().map(|member| &member.account.id).collect::<Vec<_>>(), [&learners[0]]);
    store.cohorts().delete(&cohort.id).await.unwrap();
    assert!(store.accounts().by_id(&learners[0]).await.unwrap().is_some());
    assert!(matches!(store.cohorts().delete(&cohort.id).await, Err(Error::NotFound { what: "cohort" })));
}

pub(crate) async fn the_table_shows_a_cohort_and_nobody_else(store: Store) {
    let teacher = store.accounts().create(person("teacher"), Role::Instructor).await.unwrap().id;
    let cohort = store.cohorts().create("one", &teacher).await.unwrap().id;
    let names: Vec<_> = (0..12).map(|number| format!("l{number}")).collect();
    let learners = people(&store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for learner in &learners[..10] {
        store.cohorts().add_member(&cohort, learner).await.unwrap();
    }
    for (number, learner) in learners.iter().enumerate().filter(|(number, _)| number % 2 == 0) {
        submit(&store, learner, "linear", GradeStatus::Fail, number as u32 % 5).await;
        submit(&store, learner, "cnn", GradeStatus::Pass, 5).await;
        store.progress().open_unit(learner, "other-course", "intro").await.unwrap();
    }
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.reports().progress(&cohort, "ml", after.as_deref(), 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.account.id.clone());
        seen.extend(page);
    }
    assert_eq!(seen.iter().map(|one| &one.account.id).collect::<Vec<_>>(), learners[..10].iter().collect::<Vec<_>>());
    for (number, one) in seen.iter().enumerate() {
        let expected = store.progress().overview(&learners[number], "ml").await.unwrap();
        assert_eq!(one.units, expected);
        assert_eq!(one.units.len(), if number % 2 == 0 { 2 } else { 0 });
    }

    let mut rows = Vec::new();
    let mut last: Option<(String, String)> = None;
    loop {
        let after = last.as_ref().map(|(account, unit)| (account.as_str(), unit.as_str()));
        let page = store.reports().grades(&cohort, "ml", after, 3).await.unwrap();
        let Some(row) = page.last() else { break };
        last = Some((row.account.clone(), row.progress.unit.clone()));
        rows.extend(page.into_iter().map(|row| (row.name, row.progress.unit, row.progress.best_score)));
    }
    let expected: Vec<_> = (0..10)
        .step_by(2)
        .flat_map(|number: i64| {
            let name = format!("l{number}");
            [(name.clone(), "cnn".to_owned(), Some(5)), (name, "linear".to_owned(), Some(number % 5))]
        })
        .collect();
    assert_eq!(rows, expected);
}

pub(crate) async fn failure_rates_count_learners_and_attempts(store: Store) {
    let teacher = store.accounts().create(person("teacher"), Role::Instructor).await.unwrap().id;
    let cohort = store.cohorts().create("one", &teacher).await.unwrap().id;
    let learners = people(&store, &["a", "b", "stranger"]).await;
    for learner in &learners[..2] {
        store.cohorts().add_member(&cohort, learner).await.unwrap();
    }
    submit(&store, &learners[0], "linear", GradeStatus::Fail, 1).await;
    submit(&store, &learners[0], "linear", GradeStatus::Error, 0).await;
    submit(&store, &learners[0], "linear", GradeStatus::Pass, 5).await;
    submit(&store, &learners[1], "linear", GradeStatus::Timeout, 0).await;
    submit(&store, &learners[2], "linear", GradeStatus::Fail, 0).await;
    let rates = store.reports().checks(&cohort, "ml").await.unwrap();
    let expected =
        CheckRate { unit: "linear".into(), check: "loss".into(), learners: 2, not_passed: 1, attempts: 4, failures: 3 };
    assert_eq!(rates, [expected]);
    let own = store.progress().checks(&learners[0], "ml").await.unwrap();
    assert_eq!((own[0].attempts, own[0].failures, own[0].points), (3, 2, 5));
    assert_eq!((own[0].status, own[0].skills.as_slice()), (GradeStatus::Pass, ["mse".to_owned()].as_slice()));
}

pub(crate) async fn those_who_are_stuck_are_found(store: Store) {
    let teacher = store.accounts().create(person("teacher"), Role::Instructor).await.unwrap().id;
    let cohort = store.cohorts().create("one", &teacher).await.unwrap().id;
    let names = ["fails", "passed-then-fails-twice", "passed", "reads", "idle", "gone"];
    let learners = people(&store, &names).await;
    for learner in &learners {
        store.cohorts().add_member(&cohort, learner).await.unwrap();
    }
    let (fail, pass) = (GradeStatus::Fail, GradeStatus::Pass);
    for (learner, statuses) in
        learners.iter().zip([&[fail, fail, fail][..], &[fail, fail, pass, fail, fail], &[fail, fail, fail, pass]])
    {
        for &status in statuses {
            submit(&store, learner, "linear", status, 0).await;
        }
    }
    store.progress().open_unit(&learners[3], "ml", "linear").await.unwrap();
    store.drafts().put(&learners[4], "ml", "linear", "x", 0).await.unwrap();
    submit(&store, &learners[5], "linear", fail, 0).await;
    store.accounts().create(person("operator"), Role::Operator).await.unwrap();
    store.accounts().set_disabled(&learners[5], true).await.unwrap();

    let stuck = async |idle_since, limit| {
        let stuck = store.reports().stuck(&cohort, "ml", 3, idle_since, limit).await.unwrap();
        stuck.into_iter().map(|one| one.account.name).collect::<Vec<_>>()
    };
    assert_eq!(stuck(0, 10).await, ["fails"]);
    assert_eq!(stuck(now() + 1000, 10).await, ["idle", "fails"], "the most recently active first");
    assert_eq!(stuck(now() + 1000, 1).await, ["idle"]);
}

pub(crate) async fn answers_keep_the_best_and_how_often(store: Store) {
    let lin = people(&store, &["lin"]).await.remove(0);
    let answer = async |question: &str, given: serde_json::Value, right: bool, points: u32| {
        let new = NewAnswer { question, given: &given, right, points, max_points: 2 };
        store.progress().answer(&lin, "ml", "linear", new).await.unwrap()
    };
    let first = answer("q1", json!("学"), false, 1).await;
    assert_eq!((first.tries, first.points, first.right, first.solved), (1, 1, false, None));
    let right = answer("q1", json!([1, 2]), true, 2).await;
    assert_eq!((right.tries, right.points, right.right), (2, 2, true));
    let worse = answer("q1", json!(null), false, 0).await;
    assert_eq!((worse.tries, worse.points, worse.right, worse.solved), (3, 2, false, right.solved));
    assert_eq!(worse.given, json!(null));
    answer("q2", json!(3), true, 1).await;
    let unit = store.progress().unit(&lin, "ml", "linear").await.unwrap().unwrap();
    assert_eq!((unit.answered, unit.answer_points, unit.worked), (2, 3, None));
    let all = store.progress().answers(&lin, "ml", "linear").await.unwrap();
    assert_eq!(all.iter().map(|answer| answer.question.as_str()).collect::<Vec<_>>(), ["q1", "q2"]);
    assert!(store.progress().answers(&lin, "ml", "cnn").await.unwrap().is_empty());
}
