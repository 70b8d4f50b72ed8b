//! How programs end: exit statuses, and what is printed of an exception.

use crate::runner::{Workspace, prints, run};

#[track_caller]
fn fails_with(source: &str, stderr: &str) {
    let workspace = Workspace::new();
    let ran = workspace.run(source);
    let program = workspace.program_folder().join("main.py");
    let shown = ran.stderr.replace(&program.display().to_string(), "main.py");
    assert_eq!((ran.status, shown.as_str()), (1, stderr));
}

#[test]
fn an_empty_program_ends_well() {
    let ran = run("");
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    assert!(ran.written.is_empty());
}

#[test]
fn exit_statuses_are_those_of_python() {
    for (source, status, stderr) in [
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(0)", 0, ""),
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit(-1)", 255, ""),
        ("import sys; sys.exit('no data')", 1, "no data\n"),
        ("raise SystemExit(7)", 7, ""),
        ("exit(4)", 4, ""),
        ("import os; os._exit(5)", 5, ""),
        ("import atexit; atexit.register(print, end=''); raise SystemExit(6)", 6, ""),
    ] {
        let ran = run(source);
        assert_eq!((ran.status, ran.stderr.as_str()), (status, stderr), "{source}");
    }
}

#[test]
fn a_traceback_shows_the_learners_lines_with_carets() {
    fails_with(
        "def mean(values):\n    return sum(values) / len(values)\n\nprint(mean([]))\n",
        r#"Traceback (most recent call last):
  File "main.py", line 4, in <module>
    print(mean([]))
          ~~~~^^^^
  File "main.py", line 2, in mean
    return sum(values) / len(values)
           ~~~~~~~~~~~~^~~~~~~~~~~~~
ZeroDivisionError: division by zero
"#,
    );
}

#[test]
fn a_whole_line_gets_no_carets_and_a_subscript_gets_its_brackets() {
    fails_with(
        "x = {'a': [1]}\nraise ValueError('学园')\n",
        "Traceback (most recent call last):\n  File \"main.py\", line 2, in <module>\n    raise ValueError('学园')\nValueError: 学园\n",
    );
    fails_with(
        "names = {'a': [1]}\nprint(names['a'][5])\n",
        "Traceback (most recent call last):\n  File \"main.py\", line 2, in <module>\n    print(names['a'][5])\n          ~~~~~~~~~~^^^\nIndexError: list index out of range\n",
    );
}

#[test]
fn causes_come_first() {
    fails_with(
        "try:\n    {}['k']\nexcept KeyError as error:\n    raise RuntimeError('no k') from error\n",
        r#"Traceback (most recent call last):
  File "main.py", line 2, in <module>
    {}['k']
    ~~^^^^^
KeyError: 'k'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "main.py", line 4, in <module>
    raise RuntimeError('no k') from error
RuntimeError: no k
"#,
    );
    fails_with(
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise KeyError('x') from None\n",
        "Traceback (most recent call last):\n  File \"main.py\", line 4, in <module>\n    raise KeyError('x') from None\nKeyError: 'x'\n",
    );
}

#[test]
fn frames_of_the_library_are_left_out() {
    let ran = run("import json\njson.loads('{')\n");
    assert_eq!(ran.status, 1);
    assert_eq!(ran.stderr.matches("  File ").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("json.decoder.JSONDecodeError: "), "{}", ran.stderr);
}

#[test]
fn a_recursion_is_cut_short() {
    let ran = run("def f(n):\n    return f(n + 1)\nf(0)\n");
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("  [Previous line repeated "), "{}", ran.stderr);
    assert!(ran.stderr.contains("RecursionError: maximum recursion depth exceeded"), "{}", ran.stderr);
    assert!(ran.stderr.lines().count() < 20, "{}", ran.stderr);
}

#[test]
fn names_are_suggested_and_notes_follow() {
    let ran = run("length = 3\nprint(lenght)\n");
    assert!(
        ran.stderr.ends_with("NameError: name 'lenght' is not defined. Did you mean: 'length'?\n"),
        "{}",
        ran.stderr
    );
    let ran = run("e = ValueError('x')\ne.add_note('see the data')\nraise e\n");
    assert!(ran.stderr.ends_with("ValueError: x\nsee the data\n"), "{}", ran.stderr);
}

#[test]
fn syntax_errors_point_at_their_place() {
    for (source, place) in [
        ("x = 1\nif x\n    pass\n", "  File \"main.py\", line 2\n    if x\n"),
        ("print('a'\n", "  File \"main.py\", line 1\n    print('a'\n         ^\nSyntaxError: "),
        ("def f():\nreturn 1\n", "  File \"main.py\", line 2\n    return 1\n"),
        ("x = 'abc\n", "  File \"main.py\", line 1\n    x = 'abc\n"),
    ] {
        let workspace = Workspace::new();
        let ran = workspace.run(source);
        let program = workspace.program_folder().join("main.py");
        let shown = ran.stderr.replace(&program.display().to_string(), "main.py");
        assert_eq!(ran.status, 1);
        assert!(shown.starts_with(place), "{source:?} gave\n{shown}");
        assert!(shown.lines().last().is_some_and(|line| line.contains("Error: ")), "{shown}");
    }
}

#[test]
fn text_that_is_not_utf_8_is_a_syntax_error() {
    let ran = Workspace::new().file("main.py", b"x = 1\ny = '\xe9'\n").run_file("main.py");
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("SyntaxError: not UTF-8: byte 0xe9 on line 2"), "{}", ran.stderr);
    let ran =
        Workspace::new().file("main.py", b"\xef\xbb\xbfprint('bom')\r\nif 1:\r\n    print(2)\r\n").run_file("main.py");
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "bom\n2\n"));
}

#[test]
fn groups_of_exceptions_are_drawn() {
    let ran = run("raise ExceptionGroup('two', [ValueError('a'), KeyError('b')])\n");
    assert_eq!(ran.status, 1);
    for part in ["ExceptionGroup: two (2 sub-exceptions)", "ValueError: a", "KeyError: 'b'"] {
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
}

#[test]
fn a_programs_own_hook_prints_instead() {
    let ran = run("import sys\nsys.excepthook = lambda c, v, t: print('hook', c.__name__, v)\n1 / 0\n");
    assert_eq!(
        (ran.status, ran.stdout.as_str(), ran.stderr.as_str()),
        (1, "hook ZeroDivisionError division by zero\n", "")
    );
}

#[test]
fn an_interrupt_has_its_own_status() {
    let ran = run("raise KeyboardInterrupt\n");
    assert_eq!(ran.status, 130);
    assert!(ran.stderr.ends_with("KeyboardInterrupt\n"), "{}", ran.stderr);
}

#[test]
fn a_program_knows_itself() {
    let workspace = Workspace::new().arguments(&["--lr", "0.1", "学 园"]);
    let ran = workspace
        .run("import sys\nprint(__name__, __file__, sys.argv)\nassert sys.modules['__main__'].__dict__ is globals()\n");
    let program = workspace.program_folder().join("main.py");
    let expected = format!("__main__ {0} ['{0}', '--lr', '0.1', '学 园']\n", program.display());
    assert_eq!((ran.status, ran.stdout, ran.stderr), (0, expected, String::new()));
}

#[test]
fn what_runs_at_the_end_runs() {
    let out = prints(
        "import atexit\natexit.register(print, 'at exit')\nclass A:\n    def __del__(self): print('deleted')\na = A()\nprint('last line')\n",
    );
    assert!(out.starts_with("last line\nat exit\n"), "{out}");
}
