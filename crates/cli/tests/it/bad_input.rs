//! Hostile arguments at the border between the interpreter and the engine: every function that `torch` shows.

use crate::sandbox::{Sandbox, ended};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/bad_input.py");

#[test]
fn no_call_ends_otherwise_than_in_a_result_or_in_an_exception_of_torch() {
    let limits = ["--time-limit", "240", "--memory-limit", "3000"];
    for seed in ["1", "2"] {
        let output = Sandbox::new().command().arg("run").args(limits).args([PROGRAM, "--", seed, "8000"]).output();
        let ended = ended(output.unwrap()).code(0);
        assert!(ended.stdout.trim_end().ends_with("\n0 failed"), "{}", ended.stdout);
    }
}
