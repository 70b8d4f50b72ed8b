//! Help texts.

use crate::sandbox::Sandbox;

fn help(args: &[&str]) -> String {
    let ended = Sandbox::new().lyceum(args).code(0);
    assert_eq!(ended.stderr, "");
    ended.stdout
}

#[test]
fn every_command_explains_itself() {
    insta::assert_snapshot!("lyceum", help(&["--help"]));
    insta::assert_snapshot!("run", help(&["run", "--help"]));
    insta::assert_snapshot!("course", help(&["course", "--help"]));
    insta::assert_snapshot!("course_new", help(&["course", "new", "--help"]));
    insta::assert_snapshot!("course_check", help(&["course", "check", "--help"]));
    insta::assert_snapshot!("course_show", help(&["course", "show", "--help"]));
    insta::assert_snapshot!("lab", help(&["lab", "--help"]));
    insta::assert_snapshot!("lab_run", help(&["lab", "run", "--help"]));
    insta::assert_snapshot!("lab_submit", help(&["lab", "submit", "--help"]));
    insta::assert_snapshot!("serve", help(&["serve", "--help"]));
    insta::assert_snapshot!("admin", help(&["admin", "--help"]));
    for command in ["backup", "restore", "copy", "export", "delete", "invite", "reset-password"] {
        insta::assert_snapshot!(format!("admin_{command}").replace('-', "_"), help(&["admin", command, "--help"]));
    }
    insta::assert_snapshot!("doctor", help(&["doctor", "--help"]));
    insta::assert_snapshot!("data", help(&["data", "--help"]));
    insta::assert_snapshot!("data_list", help(&["data", "list", "--help"]));
    insta::assert_snapshot!("data_show", help(&["data", "show", "--help"]));
    insta::assert_snapshot!("data_import", help(&["data", "import", "--help"]));
    insta::assert_snapshot!("data_pull", help(&["data", "pull", "--help"]));
}

#[test]
fn the_worker_is_not_shown() {
    assert!(!help(&["--help"]).contains("worker"));
}

#[test]
fn both_forms_of_version_agree() {
    assert_eq!(help(&["version"]), help(&["--version"]));
}

#[test]
fn a_mistake_on_the_command_line_is_status_2() {
    let ended = Sandbox::new().lyceum(&["run"]).code(2);
    assert!(ended.stderr.contains("<FILE.py>"), "{}", ended.stderr);
    Sandbox::new().lyceum(&["walk"]).code(2);
    let ended = Sandbox::new().lyceum(&["run", "a.py", "--time-limit", "soon"]).code(2);
    assert!(ended.stderr.contains("expected a number of seconds"), "{}", ended.stderr);
}
