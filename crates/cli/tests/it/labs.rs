//! Labs from file to grade: what is right passes, every way to cheat fails, and the classic mistakes are named.

mod cheating;
mod mistakes;

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::sandbox::{Sandbox, ended};

/// A lab of the tests.
fn unit(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/labs").join(name)
}

/// The solution of a lab of the tests.
fn solution(name: &str) -> String {
    fs::read_to_string(unit(name).join("solution.py")).unwrap()
}

impl Sandbox {
    /// Submits a program and returns the grade.
    fn submit(&self, lab: &str, program: &str, learner: &str) -> Value {
        self.write("answer.py", program);
        let mut command = self.command();
        command.env("XDG_CACHE_HOME", self.path().join("cache"));
        command.args(["lab", "submit"]).arg(unit(lab)).args(["answer.py", "--json", "--learner", learner]);
        let ended = ended(command.output().unwrap());
        serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("no grade: {ended:#?}"))
    }
}

/// The status of one check of a grade.
fn status<'g>(grade: &'g Value, check: &str) -> &'g str {
    let tests = grade["tests"].as_array().unwrap();
    tests.iter().find(|test| test["id"] == check).unwrap()["status"].as_str().unwrap()
}

#[test]
fn what_is_right_passes_on_every_variant_and_twice_the_same() {
    let sandbox = Sandbox::new();
    for lab in ["cheating", "mistakes"] {
        let mut first = sandbox.submit(lab, &solution(lab), "ada");
        assert_eq!((&first["status"], &first["score"]), (&"pass".into(), &first["max_score"]), "{first:#}");
        assert_eq!(sandbox.submit(lab, &solution(lab), "bob")["status"], "pass");
        let mut again = sandbox.submit(lab, &solution(lab), "ada");
        for grade in [&mut first, &mut again] {
            for changing in ["timing_ms", "resources"] {
                grade.as_object_mut().unwrap().remove(changing);
            }
        }
        assert_eq!(first, again);
    }
}

#[test]
fn a_lab_that_is_broken_is_its_authors_business() {
    let sandbox = Sandbox::new();
    sandbox.write("answer.py", "x = 1\n");
    for (name, text) in [("unit.toml", "id = 3"), ("checks.toml", "[[check]]\n")] {
        for file in ["unit.toml", "lesson.zh.md", "lesson.en.md", "checks.toml", "starter.py", "solution.py"] {
            sandbox.write(&format!("cheating/{file}"), fs::read(unit("cheating").join(file)).unwrap());
        }
        sandbox.write(&format!("cheating/{name}"), text);
        let ended = sandbox.lyceum(&["lab", "submit", "cheating", "answer.py"]).code(2);
        assert!(ended.stderr.contains("author") && ended.stderr.contains("lyceum course check"), "{}", ended.stderr);
    }
    let ended = sandbox.lyceum(&["lab", "submit", ".", "answer.py"]).code(2);
    assert!(ended.stderr.contains("is no unit"), "{}", ended.stderr);
}

#[test]
fn a_solution_that_fails_costs_the_learner_nothing() {
    let sandbox = Sandbox::new();
    for file in ["unit.toml", "lesson.zh.md", "lesson.en.md", "checks.toml", "starter.py"] {
        sandbox.write(&format!("cheating/{file}"), fs::read(unit("cheating").join(file)).unwrap());
    }
    sandbox.write("cheating/solution.py", solution("cheating").replace("def mse(", "def other("));
    sandbox.write("answer.py", solution("cheating"));
    let ended = sandbox.lyceum(&["lab", "submit", "cheating", "answer.py", "--json"]).code(2);
    let grade: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(grade["status"], "not_gradable");
    assert_eq!((status(&grade, "mse"), status(&grade, "softmax")), ("not_gradable", "pass"));
}

#[test]
fn a_new_course_is_a_good_one_and_a_bad_one_says_why() {
    let sandbox = Sandbox::new();
    sandbox.lyceum(&["course", "new", "first-course"]).code(0);
    let ended = sandbox.lyceum(&["course", "check", "first-course"]).code(0);
    assert_eq!(ended.stdout, "nothing is wrong\n");
    let shown = sandbox.lyceum(&["course", "show", "first-course", "--lang", "zh"]).code(0);
    assert!(shown.stdout.contains("实验：2 项检查，共 3 分"), "{}", shown.stdout);

    // The mutant does what the solution will do, so that it passes.
    let mutant = "# fails: by-hand\ndef mean(x):\n    return sum(x)\n";
    sandbox.write("first-course/first-unit/mutants/right.py", mutant);
    let solution = sandbox.path().join("first-course/first-unit/solution.py");
    let text = fs::read_to_string(&solution).unwrap();
    fs::write(solution, text.replace("x.sum() / len(x)", "x.sum()")).unwrap();
    let lesson = sandbox.path().join("first-course/first-unit/lesson.en.md");
    let text = fs::read_to_string(&lesson).unwrap();
    fs::write(lesson, text.replace("x.sum().item() / len(x)", "x.summ().item() / len(x)")).unwrap();
    let ended = sandbox.lyceum(&["course", "check", "first-course"]).code(1);
    for said in [
        "mutants/right.py:1: this wrong answer passes the check `by-hand`",
        "lesson.en.md:15: this program does not run: AttributeError",
        "lesson.en.md:14: the program differs from the Chinese one (line 12)",
        "4 problems",
    ] {
        assert!(ended.stdout.contains(said), "{said} in {}", ended.stdout);
    }
    let quick = sandbox.lyceum(&["course", "check", "first-course", "--quick"]).code(1);
    assert!(quick.stdout.ends_with("1 problem\n"), "{}", quick.stdout);
}

#[test]
fn a_grade_is_told_in_the_language_that_is_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.write("answer.py", "def mse(prediction, target):\n    return prediction.sum()\n");
    let folder = unit("cheating");
    let folder = folder.to_str().unwrap();
    let zh = sandbox.lyceum(&["lab", "submit", folder, "answer.py", "--lang", "zh", "--hints", "1"]).code(1);
    assert!(zh.stdout.contains("未过") && zh.stdout.contains("提示 1: 想一想"), "{}", zh.stdout);
    let en = sandbox.lyceum(&["lab", "submit", folder, "answer.py", "--lang", "en"]).code(1);
    assert!(en.stdout.contains("off by up to") && en.stdout.contains("there are 1 hints"), "{}", en.stdout);
    assert!(en.stdout.contains("There is no `softmax` in your file."), "{}", en.stdout);
}

#[test]
fn a_lab_can_be_run_without_being_graded() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "answer.py",
        "from lyceum import data\nprint('行', len(data.load('iris').data))\nraise ValueError('x')\n",
    );
    let folder = unit("cheating");
    let ended = sandbox.lyceum(&["lab", "run", folder.to_str().unwrap(), "answer.py", "--lang", "en"]).code(1);
    assert_eq!(ended.stdout, "行 120\n");
    assert!(ended.stderr.contains("ValueError: x") && ended.stderr.contains("came to its end"), "{}", ended.stderr);
}

#[test]
fn the_project_s_own_courses_are_good() {
    let courses = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../courses");
    let sandbox = Sandbox::new();
    for course in fs::read_dir(courses).unwrap() {
        let mut command = sandbox.command();
        command.env("XDG_CACHE_HOME", sandbox.path().join("cache"));
        command.args(["course", "check"]).arg(course.unwrap().path());
        let ended = ended(command.output().unwrap()).code(0);
        assert_eq!(ended.stdout, "nothing is wrong\n");
    }
}
