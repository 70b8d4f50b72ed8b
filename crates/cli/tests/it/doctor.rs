//! `lyceum doctor`: whether everything that a program must not do is denied on this machine.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use serde_json::Value;

use crate::sandbox::{Sandbox, ended};

fn diagnosis(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Asserts that every attempt was denied, and in the way that is expected of it.
fn holds(diagnosis: &Value) {
    let attempts = diagnosis["attempts"].as_array().unwrap();
    assert!(attempts.len() > 70);
    for attempt in attempts {
        assert_eq!(attempt["came"]["denied"], attempt["expected"], "{attempt}");
    }
    assert_eq!((&diagnosis["all_denied"], &diagnosis["missing"]), (&Value::Bool(true), &Value::Array(Vec::new())));
}

#[test]
fn everything_is_denied() {
    let sandbox = Sandbox::new();
    holds(&diagnosis(&sandbox.lyceum(&["doctor", "--json"]).code(0).stdout));
    let table = sandbox.lyceum(&["doctor"]).code(0).stdout;
    assert!(table.contains("Landlock version"), "{table}");
    assert!(table.contains("attempts were denied\n") && !table.contains("NOT DENIED"), "{table}");
}

#[test]
fn everything_is_denied_to_a_user_without_rights() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    // Where that user can reach the binary.
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let binary = folder.path().join("lyceum");
    fs::copy(env!("CARGO_BIN_EXE_lyceum"), &binary).unwrap();
    let as_nobody = |arguments: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&binary).args(arguments);
        ended(command.current_dir(folder.path()).env("TMPDIR", folder.path()).output().unwrap())
    };
    let diagnosis = diagnosis(&as_nobody(&["doctor", "--json"]).code(0).stdout);
    holds(&diagnosis);
    assert_eq!(diagnosis["kernel"]["is_root"], false);

    fs::write(folder.path().join("program.py"), "open('result', 'w').write('1')\n").unwrap();
    let run = as_nobody(&["run", "program.py"]).code(0);
    assert!(run.stderr.contains("runs/program-1"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("runs/program-1/result")).unwrap(), "1");
}

#[test]
fn the_attempts_are_real() {
    let ended = Sandbox::new().lyceum(&["doctor", "--no-sandbox", "--json"]).code(1);
    let diagnosis = diagnosis(&ended.stdout);
    let came = |name: &str| {
        let attempts = diagnosis["attempts"].as_array().unwrap();
        attempts.iter().find(|attempt| attempt["attempt"] == name).unwrap()["came"].clone()
    };
    for name in
        ["read-outside", "write-outside", "chmod-outside", "utime-outside", "symlink", "udp", "unix-socket", "fork"]
    {
        assert_eq!(came(name), "happened", "{name}");
    }
}

#[test]
fn a_run_can_be_without_the_sandbox() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run("print(1)\nopen('a', 'w').write('1')\n", &["--no-sandbox"]).code(0).stdout, "1\n");
    assert!(sandbox.path().join("runs/program-1/a").exists());
    sandbox.run("", &["--no-sandbox", "--allow-weak-sandbox"]).code(2);
    sandbox.run("", &["--allow-weak-sandbox"]).code(0);
}
