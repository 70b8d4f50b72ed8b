//! Modules beside the program, and what is not there.

use crate::runner::{Workspace, prints, run};

#[test]
fn modules_beside_the_program_are_found() {
    let ran = Workspace::new()
        .file("model.py", "import util.text as t\nprint('loading', __name__)\nclass Net:\n    name = t.shout('net')\n")
        .file("util/__init__.py", "")
        .file("util/text.py", "from .words import MARK\ndef shout(word):\n    return word + MARK\n")
        .file("util/words.py", "MARK = '!'\n")
        .file("plain/inner.py", "value = 7\n")
        .run("from model import Net\nimport model, plain.inner, os\nprint(Net.name, plain.inner.value, os.path.basename(model.__file__))\nimport importlib\nprint(importlib.import_module('util.words').MARK)\n");
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "loading model\nnet! 7 model.py\n!\n", ""));
}

#[test]
fn an_error_in_a_module_names_its_file_and_line() {
    let workspace = Workspace::new().file("model.py", "x = 1\ny = x / 0\n").file("broken.py", "x = (\n");
    let ran = workspace.run("import model\n");
    let module = workspace.program_folder().join("model.py");
    assert!(
        ran.stderr
            .contains(&format!("  File \"{}\", line 2, in <module>\n    y = x / 0\n        ~~^~~\n", module.display())),
        "{}",
        ran.stderr
    );
    let ran = workspace.run("import broken\n");
    let module = workspace.program_folder().join("broken.py");
    assert!(ran.stderr.contains(&format!("  File \"{}\", line 1\n", module.display())), "{}", ran.stderr);
    assert!(ran.stderr.contains("SyntaxError: "), "{}", ran.stderr);
}

#[test]
fn what_a_module_writes_can_be_imported() {
    let out = prints("open('made.py', 'w').write('value = 5\\n')\nimport made\nprint(made.value)\n");
    assert_eq!(out, "5\n");
}

#[test]
fn what_is_missing_is_said() {
    for (name, message) in [
        ("nothing", "ModuleNotFoundError: No module named 'nothing'\n"),
        ("numpy.fft", "NotImplementedError: numpy.fft is not part of Lyceum yet\n"),
        (
            "pandas",
            "ModuleNotFoundError: No module named 'pandas': Lyceum has torch, torchvision, \
             numpy, matplotlib, PIL, tokenizers, tqdm, lyceum and Python's standard library\n",
        ),
        (
            "scipy.stats",
            "ModuleNotFoundError: No module named 'scipy': Lyceum has torch, torchvision, \
             numpy, matplotlib, PIL, tokenizers, tqdm, lyceum and Python's standard library\n",
        ),
        ("ssl", "ModuleNotFoundError: No module named 'ssl': a Lyceum program has no network\n"),
    ] {
        let ran = run(&format!("import {name}\n"));
        assert_eq!(ran.status, 1);
        assert!(ran.stderr.ends_with(message), "{}", ran.stderr);
    }
}
