use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    Check, DType, Exception, Failure, Kind, Observation, StackFrame,
    checks::{Budget, Call, Case, Inputs, Source, Target, Tolerance},
};

fn check(id: &str, kind: Kind) -> Check {
    Check {
        id: id.into(),
        points: 2,
        skills: vec!["s".into()],
        title: Text::new("题", "title"),
        pass: Text::new("对", "right"),
        fail: Text::new("错 {difference}", "wrong by {difference}"),
        hints: vec![Text::new("一", "one"), Text::new("二", "two")],
        messages: BTreeMap::from([(Failure::Shape, Text::new("{shape}", "{shape} not {expected_shape}"))]),
        kind,
    }
}

fn call(target: &str) -> Kind {
    Kind::Call(Call {
        target: Target { name: target.into(), init: None, method: None },
        cases: vec![Case { inputs: Inputs::default(), expect: None }],
        tolerance: Tolerance { rtol: 1e-4, atol: 1e-6 },
        compare_dtype: true,
    })
}

fn lab() -> Lab {
    Lab {
        unit: "u".into(),
        version: "v".into(),
        variant: false,
        resources: Budget { cpu_seconds: 1, memory_mib: 64 },
        withhold: Vec::new(),
        checks: vec![
            check("a", call("f")),
            check("b", call("g")),
            check("c", Kind::Source(Source { must_not_use: vec!["backward".into()], ..Source::default() })),
        ],
    }
}

fn number(value: f64) -> Observation {
    Observation::value(Value::Float(value))
}

fn graded(outcome: Outcome, observed: &[(&str, Observation)], reference: &[(&str, Observation)]) -> Grade {
    let report = |outcome, observed: &[(&str, Observation)]| LabReport {
        observed: observed.iter().map(|(id, seen)| ((*id).into(), seen.clone())).collect(),
        ..LabReport::ended(outcome)
    };
    let runs = [Run { report: report(outcome, observed), trace: Trace::default() }];
    let reference = report(Outcome::Finished, reference);
    let evidence =
        Evidence { runs: &runs, reference: Some(&reference), source: &SourceFacts::default(), file: "/f.py" };
    grade(&lab(), &Key::default(), &evidence)
}

fn right() -> [(&'static str, Observation); 2] {
    [("a/0", number(1.0)), ("b/0", number(2.0))]
}

fn statuses(grade: &Grade) -> Vec<Status> {
    grade.tests.iter().map(|test| test.status).collect()
}

#[test]
fn a_text_earns_nothing_while_nothing_works() {
    let grade = graded(Outcome::Finished, &[("a/0", number(7.0))], &right());
    assert_eq!((grade.tests[2].status, grade.score), (Status::Fail, 0));
    let grade = graded(Outcome::Finished, &right()[..1], &right());
    assert_eq!((grade.tests[2].status, grade.score), (Status::Pass, 4));
}

#[test]
fn what_is_right_passes_with_all_points() {
    let grade = graded(Outcome::Finished, &right(), &right());
    assert_eq!((grade.status, grade.score, grade.max_score), (Status::Pass, 6, 6));
    assert!(grade.tests.iter().all(|test| test.hints.is_empty() && test.message.en == "right"));
}

#[test]
fn points_are_given_for_parts_and_hints_for_the_first_failure() {
    let grade = graded(Outcome::Finished, &[("a/0", number(1.5)), ("b/0", number(2.0))], &right());
    assert_eq!((grade.status, grade.score), (Status::Fail, 4));
    assert_eq!(grade.tests[0].message.en, "wrong by 0.5");
    assert_eq!(grade.tests[0].hints.len(), 2);
    let both = graded(Outcome::Finished, &[("a/0", number(1.5)), ("b/0", number(1.0))], &right());
    assert_eq!((both.tests[0].hints.len(), both.tests[1].hints.len()), (2, 0));
}

#[test]
fn fail_error_timeout_and_not_gradable_are_kept_apart() {
    let exception = Exception {
        class: "ValueError".into(),
        message: "bad".into(),
        frames: vec![StackFrame { file: "/f.py".into(), line: 7, function: "f".into() }],
        traceback: String::new(),
    };
    let raised = Observation::Raised { exception };
    let grade = graded(Outcome::Finished, &[("a/0", raised), ("b/0", number(2.0))], &right());
    assert_eq!((grade.status, grade.tests[0].line), (Status::Error, Some(7)));
    assert_eq!(grade.tests[0].message.en, "`f` stopped at line 7: ValueError: bad");

    let grade = graded(Outcome::TimedOut, &[("a/0", number(1.0))], &right());
    assert_eq!(statuses(&grade), [Status::Pass, Status::Timeout, Status::Pass]);
    assert_eq!(grade.status, Status::Timeout);

    let grade = graded(Outcome::Finished, &right(), &right()[..1]);
    assert_eq!((grade.status, grade.tests[1].status), (Status::NotGradable, Status::NotGradable));

    let grade = graded(Outcome::Finished, &[("a/0", Observation::Missing { name: "f".into() })], &right());
    assert_eq!(statuses(&grade), [Status::Fail, Status::Error, Status::Fail]);

    for outcome in [Outcome::OutOfMemory, Outcome::OutputLimit, Outcome::Killed, Outcome::Raised] {
        let grade = graded(outcome, &[], &right());
        assert_eq!(statuses(&grade)[..2], [Status::Error, Status::Error], "{outcome:?}");
        assert_eq!(grade.status, Status::Error);
    }
}

#[test]
fn a_program_that_stops_at_its_end_has_its_points_and_does_not_pass() {
    let grade = graded(Outcome::Raised, &right(), &right());
    assert_eq!((grade.status, grade.score), (Status::Error, 6));
}

#[test]
fn the_labs_own_words_come_first() {
    let tensor = |shape: &[usize]| {
        Observation::value(Value::Tensor(TensorValue::of_numbers(DType::Float32, shape.to_vec(), &[0.0; 2]).unwrap()))
    };
    let grade = graded(
        Outcome::Finished,
        &[("a/0", tensor(&[2, 1])), ("b/0", number(2.0))],
        &[("a/0", tensor(&[2])), ("b/0", number(2.0))],
    );
    assert_eq!(grade.tests[0].message.en, "(2, 1) not (2,)");
}

#[test]
fn nothing_to_grade_by_is_not_gradable() {
    let evidence = Evidence { runs: &[], reference: None, source: &SourceFacts::default(), file: "f.py" };
    assert_eq!(grade(&lab(), &Key::default(), &evidence).status, Status::NotGradable);
}

#[test]
fn a_grade_survives_its_wire_form() {
    let grade = graded(Outcome::Raised, &[("a/0", number(f64::NAN))], &right());
    let line = serde_json::to_string(&grade).unwrap();
    assert_eq!(serde_json::from_str::<Grade>(&line).unwrap(), grade);
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        "\\PC{0,6}".prop_map(Value::Str),
        (0_usize..4, 0_usize..4).prop_map(|(a, b)| {
            Value::Tensor(TensorValue::new(DType::Float32, vec![a, b], vec![255; a * b * 4]).unwrap())
        }),
        "\\PC{0,6}".prop_map(Value::Other),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Tuple),
            proptest::collection::vec((inner.clone(), inner), 0..3).prop_map(Value::Dict),
        ]
    })
}

proptest! {
    #[test]
    fn no_report_makes_grading_panic(seen in value(), expected in value(), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let grade = graded(Outcome::Finished, &[("a/0", Observation::value(seen))], &[("a/0", Observation::value(expected))]);
        prop_assert!(grade.score <= grade.max_score);
        let _ = serde_json::from_slice::<LabReport>(&bytes);
    }
}
