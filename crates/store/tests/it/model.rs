//! The numbers of a unit and of its checks, after any sequence of what can happen, are those that one gets by counting
//! what happened.

use std::collections::BTreeMap;

use lyceum_store::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::walk::{person, program};

const UNITS: usize = 2;
const CHECKS: usize = 3;

/// Something that can happen.
#[derive(Clone, Debug)]
enum Step {
    Open(usize),
    Answer {
        unit: usize,
        question: usize,
        right: bool,
        points: u32,
    },
    Save(usize),
    Grade {
        unit: usize,
        status: GradeStatus,
        score: u32,
        checks: Vec<GradeStatus>,
        again: bool,
    },
    /// The server is killed while the submission runs, and started again; the grade of the first attempt comes late.
    Restart {
        unit: usize,
        status: GradeStatus,
    },
    Stop(usize),
}

/// What is counted.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counted {
    answered: i64,
    answer_points: i64,
    attempts: i64,
    failures: i64,
    best_score: Option<i64>,
    passed: bool,
    worked: bool,
    /// By check: attempts, failures, whether it ever passed.
    checks: BTreeMap<String, (i64, i64, bool)>,
}

#[derive(Default)]
struct Model {
    units: BTreeMap<usize, Counted>,
    points: BTreeMap<(usize, usize), i64>,
}

impl Model {
    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Open(unit) => drop(self.units.entry(unit).or_default()),
            Step::Answer { unit, question, points, .. } => {
                let best = self.points.entry((unit, question)).or_default();
                *best = (*best).max(i64::from(points));
                let of_unit = self.points.iter().filter(|((of, _), _)| *of == unit);
                let (answered, sum) = of_unit.fold((0, 0), |(number, sum), (_, points)| (number + 1, sum + points));
                let counted = self.units.entry(unit).or_default();
                (counted.answered, counted.answer_points) = (answered, sum);
            }
            Step::Save(unit) | Step::Stop(unit) => self.units.entry(unit).or_default().worked = true,
            Step::Grade { unit, status, score, ref checks, .. } => self.grade(unit, status, score, checks),
            Step::Restart { unit, status } => self.grade(unit, status, 1, &[]),
        }
    }

    fn grade(&mut self, unit: usize, status: GradeStatus, score: u32, checks: &[GradeStatus]) {
        let counted = self.units.entry(unit).or_default();
        counted.worked = true;
        if status == GradeStatus::NotGradable {
            return;
        }
        counted.attempts += 1;
        counted.failures = if status == GradeStatus::Pass { 0 } else { counted.failures + 1 };
        counted.passed |= status == GradeStatus::Pass;
        counted.best_score = counted.best_score.max(Some(i64::from(score)));
        for (number, &status) in checks.iter().enumerate().filter(|(_, status)| **status != GradeStatus::NotGradable) {
            let check = counted.checks.entry(format!("c{number}")).or_default();
            check.0 += 1;
            check.1 += i64::from(status != GradeStatus::Pass);
            check.2 |= status == GradeStatus::Pass;
        }
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    let unit = 0..UNITS;
    let status = proptest::sample::select(GradeStatus::ALL);
    prop_oneof![
        unit.clone().prop_map(Step::Open),
        (unit.clone(), 0..3_usize, any::<bool>(), 0..4_u32).prop_map(|(unit, question, right, points)| Step::Answer {
            unit,
            question,
            right,
            points
        }),
        unit.clone().prop_map(Step::Save),
        unit.clone().prop_map(Step::Stop),
        (unit.clone(), status.clone()).prop_map(|(unit, status)| Step::Restart { unit, status }),
        (unit, status.clone(), 0..9_u32, proptest::collection::vec(status, 0..=CHECKS), any::<bool>())
            .prop_map(|(unit, status, score, checks, again)| Step::Grade { unit, status, score, checks, again }),
    ]
}

/// Does a step to a store.
async fn perform(store: &Store, lin: &str, step: &Step) {
    let name = |unit: usize| format!("u{unit}");
    match *step {
        Step::Open(unit) => store.progress().open_unit(lin, "ml", &name(unit)).await.unwrap(),
        Step::Answer { unit, question, right, points } => {
            let (question, given) = (format!("q{question}"), json!(points));
            let new = NewAnswer { question: &question, given: &given, right, points, max_points: 4 };
            store.progress().answer(lin, "ml", &name(unit), new).await.unwrap();
        }
        Step::Save(unit) => {
            let seen = store.drafts().get(lin, "ml", &name(unit)).await.unwrap();
            let revision = seen.map_or(0, |draft| draft.revision);
            store.drafts().put(lin, "ml", &name(unit), &format!("{revision}"), revision).await.unwrap();
        }
        Step::Stop(unit) => {
            let id = running(store, lin, &name(unit)).await;
            assert!(store.submissions().stop(&id).await.unwrap());
            assert_eq!(record(store, &id, 1, GradeStatus::Pass, 9, &[]).await, Recorded::NotAnyMore);
        }
        Step::Grade { unit, status, score, ref checks, again } => {
            let id = running(store, lin, &name(unit)).await;
            assert_eq!(record(store, &id, 1, status, score, checks).await, Recorded::Now);
            if again {
                assert_eq!(record(store, &id, 1, GradeStatus::Pass, 9, checks).await, Recorded::NotAnyMore);
            }
        }
        Step::Restart { unit, status } => {
            let id = running(store, lin, &name(unit)).await;
            assert_eq!(store.submissions().requeue_running().await.unwrap(), 1);
            let second = store.submissions().claim(&id).await.unwrap().unwrap();
            assert_eq!(record(store, &id, 1, GradeStatus::Pass, 9, &[]).await, Recorded::NotAnyMore);
            assert_eq!(record(store, &id, second.attempt, status, 1, &[]).await, Recorded::Now);
        }
    }
}

async fn running(store: &Store, lin: &str, unit: &str) -> String {
    let new = NewSubmission { unit, ..program(lin, Kind::Submit, "x") };
    let id = store.submissions().create(new).await.unwrap().id;
    store.submissions().claim(&id).await.unwrap().unwrap();
    id
}

async fn record(
    store: &Store,
    id: &str,
    attempt: i64,
    status: GradeStatus,
    score: u32,
    checks: &[GradeStatus],
) -> Recorded {
    let checks = checks.iter().enumerate().map(|(number, &status)| CheckResult {
        check: format!("c{number}"),
        status,
        points: 1,
        max_points: 1,
        skills: Vec::new(),
    });
    let new = NewGrade {
        status,
        score,
        max_score: 9,
        grade: "{}".into(),
        timings: json!(null),
        checks: checks.collect(),
        outcome: None,
    };
    store.grades().record(id, attempt, new).await.unwrap()
}

/// Reads what the store counted, in the form of the model.
async fn counted(store: &Store, lin: &str) -> BTreeMap<usize, Counted> {
    let number = |unit: &str| unit[1..].parse::<usize>().unwrap();
    let mut units = BTreeMap::new();
    for unit in store.progress().overview(lin, "ml").await.unwrap() {
        let counted = Counted {
            answered: unit.answered,
            answer_points: unit.answer_points,
            attempts: unit.attempts,
            failures: unit.failures,
            best_score: unit.best_score,
            passed: unit.passed.is_some(),
            worked: unit.worked.is_some(),
            checks: BTreeMap::new(),
        };
        units.insert(number(&unit.unit), counted);
    }
    for check in store.progress().checks(lin, "ml").await.unwrap() {
        let of_unit = units.get_mut(&number(&check.unit)).unwrap();
        of_unit.checks.insert(check.check, (check.attempts, check.failures, check.passed.is_some()));
    }
    units
}

pub(crate) async fn numbers_are_what_counting_gives(store: Store) {
    let cases = if matches!(store.location(), Location::Folder(_)) { 60 } else { 15 };
    let handle = tokio::runtime::Handle::current();
    let checked = tokio::task::spawn_blocking(move || {
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        runner.run(&proptest::collection::vec(any_step(), 1..25), |steps| {
            let (expected, found) = handle.block_on(async {
                let name = Token::random().unwrap().reveal().to_owned();
                let lin = store.accounts().create(person(&name), Role::Learner).await.unwrap().id;
                let mut model = Model::default();
                for step in &steps {
                    perform(&store, &lin, step).await;
                    model.apply(step);
                }
                (model.units, counted(&store, &lin).await)
            });
            prop_assert_eq!(expected, found);
            Ok(())
        })
    });
    checked.await.unwrap().unwrap();
}
