//! Whole programs in the manner of tutorials, run by the binary: `golden/programs.py` compares what they
//! print with what real PyTorch printed.

use std::{fs, path::Path};

use crate::sandbox::{Sandbox, ended};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden");

#[track_caller]
fn replay(program: &str) {
    let programs = format!("{GOLDEN}/programs.py");
    let output = Sandbox::new().command().args(["run", &programs, "--", program]).output().unwrap();
    let ended = ended(output).code(0);
    assert!(ended.stdout.trim_end().ends_with("1 passed, 0 failed"), "{}", ended.stdout);
}

#[test]
fn programs_print_what_pytorch_prints() {
    let mut names: Vec<String> = fs::read_dir(Path::new(GOLDEN).join("programs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for name in names {
        replay(&name);
    }
}
