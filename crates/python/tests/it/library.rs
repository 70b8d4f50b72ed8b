//! The standard library: each program in `library/` prints what CPython 3.11 prints, which stands beside it.
//!
//! A new program's output is made by `python3 NAME.py > NAME.out`, never by Lyceum.

use std::path::Path;

use crate::runner::{Workspace, prints, run};

#[test]
fn programs_print_what_cpython_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/library");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a program");
        let expected = std::fs::read_to_string(path.with_extension("out")).expect("what CPython printed");
        let ran = Workspace::new().run(&source);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", path.display());
        for (line, (ours, theirs)) in ran.stdout.lines().zip(expected.lines()).enumerate() {
            assert_eq!(ours, theirs, "{}, line {} of what it prints", path.display(), line + 1);
        }
        assert_eq!(ran.stdout.lines().count(), expected.lines().count(), "{}", path.display());
        count += 1;
    }
    assert!(count >= 6, "only {count} programs");
}

#[test]
fn modules_that_programs_import_are_there() {
    let modules = "math cmath random time datetime calendar collections collections.abc itertools functools typing dataclasses
        contextlib argparse copy re string json csv os os.path sys pathlib glob fnmatch pickle statistics enum abc warnings
        logging logging.handlers textwrap pprint operator heapq bisect fractions decimal numbers unittest inspect traceback
        hashlib hmac struct array io types urllib.parse urllib.request urllib.error base64 binascii timeit tempfile shutil
        platform gc weakref threading queue concurrent.futures subprocess socket multiprocessing signal secrets uuid
        zipfile gzip bz2 lzma zlib tarfile configparser tomllib html xml.etree.ElementTree difflib ast dis tokenize token
        keyword linecache codecs locale errno stat getpass graphlib ipaddress email.message importlib importlib.util
        importlib.metadata pkgutil runpy atexit contextvars doctest shelve sched reprlib colorsys unicodedata";
    let modules: Vec<&str> = modules.split_whitespace().collect();
    let out = prints(&format!("for name in {modules:?}:\n    __import__(name)\nprint('all there')\n"));
    assert_eq!(out, "all there\n");
}

#[test]
fn what_the_sandbox_has_not_is_said() {
    for (source, message) in [
        ("import os; os.system('ls')", "PermissionError: [Errno 1] a program cannot start other programs in Lyceum"),
        (
            "import subprocess; subprocess.run(['ls'])",
            "PermissionError: [Errno 1] a program cannot start other programs in Lyceum: ['ls']",
        ),
        (
            "import multiprocessing; multiprocessing.Process(target=print)",
            "PermissionError: [Errno 1] multiprocessing.Process: a program cannot start processes in Lyceum",
        ),
        (
            "import socket; socket.create_connection(('a', 1))",
            "OSError: [Errno 101] a program has no network in Lyceum",
        ),
        (
            "import urllib.request; urllib.request.urlopen('http://a.b')",
            "urllib.error.URLError: <urlopen error [Errno 101] a program has no network in Lyceum>",
        ),
        (
            "import threading; threading.Event().wait()",
            "RuntimeError: this would wait for ever: Lyceum runs threads one after the other, each to its end when it is started",
        ),
        ("import asyncio", "ModuleNotFoundError: No module named 'asyncio': Lyceum runs no event loop"),
    ] {
        let ran = run(source);
        assert_eq!(ran.status, 1, "{source}");
        assert!(ran.stderr.trim_end().ends_with(message), "{source} gave\n{}", ran.stderr);
    }
}
