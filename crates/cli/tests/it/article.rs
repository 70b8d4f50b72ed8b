//! The article's three programs, as printed: `examples/article`.

use std::fs;

use crate::sandbox::{Sandbox, ended};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

/// Runs an example and returns what it printed.
#[track_caller]
fn run(example: &str, args: &[&str]) -> String {
    let path = format!("{EXAMPLES}/{example}");
    let output = Sandbox::new().command().args(["run", &path, "--"]).args(args).output().unwrap();
    ended(output).code(0).stdout
}

/// Returns the number that ends the line which begins so.
#[track_caller]
fn number(printed: &str, start: &str) -> f64 {
    let line = printed.lines().find(|line| line.starts_with(start));
    let word = line.and_then(|line| line.rsplit(' ').next()).unwrap_or_else(|| panic!("no {start:?} in:\n{printed}"));
    word.trim_end_matches('%').parse().unwrap()
}

#[test]
fn each_example_holds_the_printed_program_byte_for_byte() {
    for name in ["linear_regression.py", "logistic_regression.py", "cnn.py"] {
        let printed = fs::read_to_string(format!("{EXAMPLES}/article/printed/{name}")).unwrap();
        let example = fs::read_to_string(format!("{EXAMPLES}/article/{name}")).unwrap();
        assert_eq!(example.matches(&printed).count(), 1, "{name}");
    }
}

#[test]
fn linear_regression_explains_a_part_of_diabetes() {
    let printed = run("article/linear_regression.py", &[]);
    assert!(number(&printed, "share of the variance") > 0.4, "{printed}");
}

#[test]
fn logistic_regression_tells_tumours_apart() {
    let printed = run("article/logistic_regression.py", &[]);
    assert!(number(&printed, "accuracy") > 85.0, "{printed}");
}

#[test]
fn the_network_learns_a_few_digits_by_heart() {
    let printed = run("article/cnn.py", &["8"]);
    assert!(number(&printed, "loss on 8 digits") < 0.1, "{printed}");
}

#[test]
fn the_everyday_form_learns_within_an_epoch() {
    let printed = run("cnn_minibatch.py", &["1"]);
    assert!(number(&printed, "epoch 1") > 60.0, "{printed}");
}

#[test]
fn the_first_program_learns() {
    let printed = run("first.py", &[]);
    assert!(number(&printed, "step   0") > 1.0, "{printed}");
    assert!(number(&printed, "step 100") < 0.1, "{printed}");
}
