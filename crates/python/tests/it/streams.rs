//! Standard input, output and error.

use crate::runner::{Workspace, prints, run};

#[test]
fn text_is_utf_8_and_nothing_is_lost() {
    assert_eq!(prints("print('学园', 'é', '🚀', end='')\nimport sys\nsys.stdout.write('\\n')\n"), "学园 é 🚀\n");
    let ran = run("import sys\nprint('\\ud800', file=sys.stderr)\nprint('\\udcff')\n");
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("\\udcff\n", "\\ud800\n"));
    assert_eq!(prints("for i in range(3000): print('x' * 100)\n").len(), 303_000);
}

#[test]
fn output_comes_before_the_exception() {
    let ran = run("print('no newline yet', end='')\n1 / 0\n");
    assert_eq!((ran.status, ran.stdout.as_str()), (1, "no newline yet"));
}

#[test]
fn bytes_can_be_written_too() {
    assert_eq!(
        prints(
            "import sys\nsys.stdout.buffer.write(b'raw\\n')\nsys.stdout.flush()\nprint(sys.stdout.encoding, sys.stdout.isatty())\n"
        ),
        "raw\nutf-8 False\n"
    );
}

#[test]
fn input_reads_lines() {
    let ran = Workspace::new().stdin("Ada\n36\nrest of it\nmore\n").run(
        "name = input('name? ')\nage = int(input())\nprint(name, age)\nimport sys\nprint(sys.stdin.read())\ntry:\n    input()\nexcept EOFError as error:\n    print(error)\n",
    );
    assert_eq!(
        (ran.status, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "name? Ada 36\nrest of it\nmore\n\nEOF when reading a line\n", "")
    );
}

#[test]
fn output_can_be_redirected() {
    let out = prints(
        "import io, contextlib\ntext = io.StringIO()\nwith contextlib.redirect_stdout(text):\n    print('inside')\nprint(repr(text.getvalue()))\n",
    );
    assert_eq!(out, "'inside\\n'\n");
}

#[test]
fn warnings_go_to_stderr() {
    let ran = run("import warnings\nwarnings.warn('careful')\n");
    assert!(ran.stderr.contains("UserWarning: careful"), "{}", ran.stderr);
    assert_eq!(ran.status, 0);
}
