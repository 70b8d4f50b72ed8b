//! Depth ends in an exception, never in a crash.

use crate::runner::{prints, run};

#[test]
fn recursion_raises() {
    let out = prints(
        r#"
import sys

def down(n):
    return down(n + 1)

class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "x")

class Mirror:
    def __repr__(self):
        return repr(self)

def attempt(action):
    try:
        action()
        print("done")
    except RecursionError:
        print("RecursionError")

attempt(lambda: down(0))
attempt(lambda: Endless().a)
attempt(lambda: repr(Mirror()))
sys.setrecursionlimit(10**9)
attempt(lambda: down(0))
"#,
    );
    assert_eq!(out, "RecursionError\n".repeat(4));
}

#[test]
fn deep_data_does_not_crash() {
    let ran = run(r#"
import copy, pickle

def attempt(action):
    try:
        action()
    except (RecursionError, TypeError):
        pass

nested = []
twin = []
pairs = ()
table = {}
for _ in range(20_000):
    nested, twin, pairs, table = [nested], [twin], (pairs,), {"k": table}
for value in (nested, pairs, table):
    attempt(lambda: repr(value))
    attempt(lambda: copy.deepcopy(value))
    attempt(lambda: pickle.dumps(value))
    attempt(lambda: hash(value))
attempt(lambda: nested == twin)

class Node:
    def __init__(self, next):
        self.next = next

head = None
for _ in range(100_000):
    head = Node(head)
del head, nested, twin, pairs, table
print("alive")
"#);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "alive\n", ""));
}

#[test]
fn deeply_nested_source_is_a_syntax_error() {
    let parts =
        ["(", "[", "{", "-", "not ", "lambda: ", "1 + ", "1 if 1 else ", "2 ** ", "a.", "f(1)(2)", "1 < ", "x and "];
    for part in parts {
        let ran = run(&format!("x = {}1\n", part.repeat(100_000)));
        assert_eq!(ran.status, 1, "{part}");
        assert!(
            ran.stderr.ends_with("SyntaxError: expression too deeply nested or too long\n"),
            "{part}: {}",
            ran.stderr
        );
    }
    let ran = run(
        "for call in (eval, lambda s: exec(s), lambda s: compile(s, 'x', 'exec')):\n    try:\n        call('(' * 100_000)\n    except SyntaxError as error:\n        print(error.msg)\n",
    );
    assert_eq!((ran.status, ran.stdout), (0, "expression too deeply nested or too long\n".repeat(3)));
}

#[test]
fn source_below_the_limit_compiles() {
    for part in ["(", "-", "not ", "lambda: ", "1 + ", "1 if 1 else ", "0 if 0 else ", "x and "] {
        let count = 1_600;
        let closing = if part == "(" { ")".repeat(count) } else { String::new() };
        let ran = run(&format!("x = 1\ny = {}1{closing}\n", part.repeat(count)));
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{part}");
    }
}
