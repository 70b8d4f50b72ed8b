//! Programs that try to get out, to forge their result, or to take more than they may: each with what comes of it.
//!
//! They run as in a lab. What a program could do that has left the interpreter is tried by the sandbox's own tests and
//! by `lyceum doctor`.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use lyceum_lab::{
    LabJob, Limits, Outcome,
    sandbox::{self, Confinement, End, Finished, Recorder, Stream},
};
use tempfile::TempDir;

use crate::sandbox::Sandbox;

/// A run that is over, with all that it said.
struct Run {
    finished: Finished,
    said: Recorder,
    _runs: TempDir,
}

impl Run {
    fn stdout(&self) -> String {
        self.said.text(Stream::Stdout)
    }

    fn stderr(&self) -> String {
        self.said.text(Stream::Stderr)
    }

    #[track_caller]
    fn outcome(self, expected: Outcome) -> Self {
        assert_eq!(self.finished.report.outcome, expected, "{:?} {:?}", self.finished, self.said);
        self
    }
}

/// The limits of a small lab.
fn limits() -> Limits {
    Limits { wall_ms: Some(60_000), ..Limits::for_lab(20, 512 << 20) }
}

fn run_with(program: &str, limits: Limits) -> Run {
    let place = Sandbox::new();
    let mut job = LabJob::new(place.write("program.py", program));
    job.limits = limits;
    let runs = tempfile::tempdir().unwrap();
    let confinement = Confinement {
        binary: Some(env!("CARGO_BIN_EXE_lyceum").into()),
        base: Some(runs.path().to_owned()),
        ..Confinement::lab()
    };
    let mut said = Recorder::default();
    let finished = sandbox::run(&job, &confinement, &mut said).unwrap();
    let run = Run { finished, said, _runs: runs };
    assert!(run.finished.report.missing.is_empty());
    run
}

fn run(program: &str) -> Run {
    run_with(program, limits())
}

/// Runs a program that does not end by itself.
fn run_for(seconds: f64, program: &str) -> Run {
    let started = Instant::now();
    let run = run_with(program, Limits { wall_ms: Some((seconds * 1000.0) as u64), ..limits() });
    assert!(started.elapsed() < Duration::from_secs(30));
    run
}

/// Asserts that each statement raises one of the exceptions that stand for "this is not possible here".
fn all_raise(setup: &str, statements: &[&str]) {
    let mut program = format!("{setup}\ntried = 0\n");
    for statement in statements {
        program += &format!(
            "try:\n    {statement}\n    print('POSSIBLE:', {statement:?})\nexcept (OSError, ImportError, AttributeError, \
             NotImplementedError, RuntimeError) as error:\n    tried += 1\n"
        );
    }
    program += "print(tried)\n";
    let run = run(&program).outcome(Outcome::Finished);
    assert_eq!(run.stdout(), format!("{}\n", statements.len()), "{}", run.stderr());
}

#[test]
fn files_of_the_machine_cannot_be_read() {
    all_raise(
        "import os, pathlib, io, shutil, sys, importlib",
        &[
            "open('/etc/passwd')",
            "open('../../../../../../etc/passwd')",
            "io.FileIO('/etc/passwd')",
            "pathlib.Path('/etc/hostname').read_text()",
            "os.open('/etc/passwd', os.O_RDONLY)",
            "os.listdir('/')",
            "os.listdir('/root')",
            "os.stat('/etc/passwd')",
            "shutil.copy('/etc/passwd', 'mine')",
            "open('/proc/self/environ')",
            "open('/proc/self/maps')",
            "open('/dev/mem')",
            "open('/proc/self/fd/0')",
            "os.chdir('/etc')",
            "sys.path.insert(0, '/usr/lib/python3/dist-packages') or importlib.import_module('apt')",
        ],
    );
}

#[test]
fn neither_a_traceback_nor_a_file_name_of_compile_shows_a_file() {
    let secret = fs::read_to_string("/etc/passwd").unwrap();
    let first = secret.lines().next().unwrap();
    let program = "
import linecache, traceback
code = compile('1 / 0', '/etc/passwd', 'exec')
try:
    exec(code)
except ZeroDivisionError:
    traceback.print_exc()
print(linecache.getlines('/etc/passwd'))
print(compile('x = 1', '/etc/passwd', 'exec').co_filename)
exec(code)
";
    let run = run(program).outcome(Outcome::Raised);
    assert!(run.stderr().contains("ZeroDivisionError"), "{}", run.stderr());
    for text in [run.stdout(), run.stderr(), format!("{:?}", run.finished.report)] {
        assert!(!text.contains(first), "{text}");
    }
}

#[test]
fn nothing_outside_can_be_changed() {
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("file");
    fs::write(&file, "before").unwrap();
    let before = fs::metadata(&file).unwrap();
    let setup = format!("import os, pathlib, shutil\nfile, folder = {file:?}, {:?}", outside.path());
    all_raise(
        &setup,
        &[
            "open(file, 'w')",
            "open(file, 'a')",
            "open(file, 'r+')",
            "open(folder + '/new', 'x')",
            "os.chmod(file, 0o777)",
            "os.utime(file, (0, 0))",
            "os.remove(file)",
            "os.rename(file, folder + '/moved')",
            "os.truncate(file, 0)",
            "os.mkdir(folder + '/sub')",
            "os.symlink('/etc/passwd', 'planted')",
            "os.symlink('/etc/passwd', '/tmp/planted')",
            "os.link(file, 'second')",
            "os.mkfifo('fifo')",
            "os.chown(file, 0, 0)",
            "shutil.rmtree(folder)",
        ],
    );
    let after = fs::metadata(&file).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    assert_eq!((before.permissions(), before.modified().unwrap()), (after.permissions(), after.modified().unwrap()));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn what_it_writes_to_tmp_is_not_in_tmp() {
    let name = format!("lyceum-escape-{}", std::process::id());
    let run = run(&format!("open('/tmp/{name}', 'w').write('x')\nprint(open('/tmp/{name}').read())\n"));
    assert_eq!(run.outcome(Outcome::Finished).stdout(), "x\n");
    assert!(!Path::new("/tmp").join(&name).exists());
}

#[test]
fn there_is_no_network_and_no_other_process() {
    all_raise(
        "import os, importlib",
        &[
            "import socket; socket.socket()",
            "import socket; socket.create_connection(('127.0.0.1', 80))",
            "import _socket",
            "import urllib.request; urllib.request.urlopen('http://127.0.0.1')",
            "import subprocess; subprocess.run(['true'])",
            "import multiprocessing; multiprocessing.Process(target=print).start()",
            "os.system('true')",
            "os.fork()",
            "os.execv('/bin/true', ['true'])",
            "os.posix_spawn('/bin/true', ['true'], {})",
            "os.setsid()",
            "os.kill(os.getppid(), 9)",
            "import ctypes; ctypes.CDLL(None)",
            "import _ctypes",
            "import mmap; mmap.mmap(-1, 4096)",
            "import resource; resource.setrlimit(resource.RLIMIT_AS, (1, 1))",
        ],
    );
}

#[test]
fn a_tensor_of_ten_gigabytes_is_a_memory_error() {
    let run = run(
        "import torch\ntry:\n    torch.zeros(2_500_000_000)\nexcept MemoryError:\n    print('caught')\ntorch.zeros(2_500_000_000)\n",
    );
    let run = run.outcome(Outcome::OutOfMemory);
    assert_eq!((run.stdout().as_str(), run.finished.report.exit_code), ("caught\n", 137));
    assert_eq!(run.finished.report.exception.as_ref().unwrap().class, "MemoryError");
}

#[test]
fn a_list_that_grows_for_ever_ends_the_run() {
    let run = run(
        "kept = []\nwhile True:\n    try:\n        kept.append([0] * 100_000)\n    except BaseException:\n        pass\n",
    );
    let run = run.outcome(Outcome::OutOfMemory);
    assert_eq!(run.finished.report.exit_code, 137);
    assert!(run.finished.report.resources.peak_memory_bytes < 700 << 20);
}

#[test]
fn an_endless_loop_is_ended_in_python_and_in_a_native_op() {
    run_for(3.0, "while True: pass\n").outcome(Outcome::TimedOut);
    let matmul = "import torch\na = torch.rand(2000, 2000)\nwhile True:\n    a = (a @ a).sigmoid()\n";
    run_for(3.0, matmul).outcome(Outcome::TimedOut);
    run_for(3.0, "sum(range(10**15))\n").outcome(Outcome::TimedOut);
}

#[test]
fn computing_time_is_limited_apart_from_the_clock() {
    let run = run_with("while True: pass\n", Limits { cpu_seconds: Some(1), ..limits() }).outcome(Outcome::TimedOut);
    assert!((0.5..4.0).contains(&run.finished.report.resources.cpu_seconds));
}

#[test]
fn a_program_that_swallows_every_exception_is_ended_as_well() {
    let program = "
import sys
def again():
    while True:
        try:
            while True:
                try:
                    sys.exit(0)
                except BaseException:
                    pass
                finally:
                    continue
        except BaseException:
            again()
again()
";
    run_for(3.0, program).outcome(Outcome::TimedOut);
}

#[test]
fn deep_recursion_is_an_exception() {
    let run =
        run("def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError:\n    print('caught')\nf(0)\n");
    let run = run.outcome(Outcome::Raised);
    assert_eq!(run.stdout(), "caught\n");
    assert_eq!(run.finished.report.exception.as_ref().unwrap().class, "RecursionError");
    // Recursion that is in the data rather than in calls.
    let nested = run_with("x = []\nfor _ in range(1_000_000):\n    x = [x]\nprint('made')\ndel x\n", limits());
    assert!(matches!(nested.finished.end, End::Exited(0) | End::Signalled(_)), "{:?}", nested.finished);
}

#[test]
fn a_gigabyte_of_print_is_cut_off() {
    let started = Instant::now();
    let run = run("for _ in range(1_000_000):\n    print('x' * 1000)\n").outcome(Outcome::OutputLimit);
    assert_eq!(run.stdout().len(), 1 << 20);
    assert!(started.elapsed() < Duration::from_secs(20));
    // Both streams count together.
    let both = run_with(
        "import sys\nwhile True:\n    print('x' * 100)\n    print('y' * 100, file=sys.stderr)\n",
        Limits { output_bytes: Some(20_000), ..limits() },
    );
    let both = both.outcome(Outcome::OutputLimit);
    assert_eq!(both.stdout().len() + both.stderr().len(), 20_000);
}

#[test]
fn a_huge_integer_power_ends_by_time_or_by_memory() {
    let run = run_for(3.0, "x = 9 ** 9 ** 9 ** 9\nprint(x)\n");
    let outcome = run.finished.report.outcome;
    assert!(matches!(outcome, Outcome::TimedOut | Outcome::OutOfMemory | Outcome::Raised), "{:?}", run.finished);
    run_for(3.0, "x = 3\nwhile True:\n    x = x * x\n");
}

#[test]
fn a_catastrophic_regular_expression_is_ended() {
    run_for(3.0, "import re\nre.match('(a+)+$', 'a' * 60 + 'b')\n").outcome(Outcome::TimedOut);
}

#[test]
fn the_disk_cannot_be_filled() {
    let large = "f = open('large', 'wb')\nwhile True:\n    f.write(b'x' * 1_000_000)\n";
    let run = run(large).outcome(Outcome::Raised);
    assert!(run.stderr().contains("OSError: [Errno 27] File too large"), "{}", run.stderr());
    let many = "for i in range(10**9):\n    open(f'file-{i}', 'wb').write(b'x' * 1_000_000)\n";
    run_with(many, limits()).outcome(Outcome::OutputLimit);
    let tmp = "for i in range(10**9):\n    open(f'/tmp/file-{i}', 'wb').write(b'x' * 1_000_000)\n";
    run_with(tmp, limits()).outcome(Outcome::OutputLimit);
}

#[test]
fn a_forged_report_is_only_text() {
    let program = r#"
import json, os, sys
forged = json.dumps({"report": {"outcome": "finished", "exit_code": 0, "metrics": {"score": 100.0}, "observed": {"x": 1}}})
for number in range(300):
    try:
        os.write(number, ("\n" + forged + "\n").encode())
    except OSError:
        pass
print(forged)
print(forged, file=sys.stderr)
sys.exit(3)
"#;
    let run = run(program).outcome(Outcome::Finished);
    assert_eq!(run.finished.report.exit_code, 3);
    assert!(run.finished.report.metrics.is_empty() && run.finished.report.observed.is_empty());
    assert_eq!(run.stdout().matches("\"score\"").count(), 2);
}

#[test]
fn results_are_read_only_from_plain_files() {
    let run = run("import os\nos.mkdir('sub')\nopen('sub/result', 'w').write('12345')\n").outcome(Outcome::Finished);
    assert_eq!(run.finished.results.read("sub/result", 5).unwrap(), b"12345");
    let [written] = run.finished.report.artefacts.as_slice() else { panic!("{:?}", run.finished.report) };
    assert_eq!((written.path.as_path(), written.bytes), (Path::new("sub/result"), 5));
    for path in ["sub", "../tmp", "/etc/passwd", "sub/../../out/sub/result", "missing"] {
        assert!(run.finished.results.read(path, 1_000_000).is_err(), "{path}");
    }
}

#[test]
fn stdout_and_stderr_arrive_in_the_order_of_writing() {
    let program = "
import sys
for i in range(300):
    print(i, '一')
    print(i, '二', file=sys.stderr)
    if i % 3 == 0:
        print(i, 'more', file=sys.stderr)
";
    let run = run(program).outcome(Outcome::Finished);
    let mut expected = Vec::new();
    for number in 0..300 {
        expected.push((Stream::Stdout, format!("{number} 一\n")));
        let more = if number % 3 == 0 { format!("{number} more\n") } else { String::new() };
        expected.push((Stream::Stderr, format!("{number} 二\n{more}")));
    }
    let said: Vec<(Stream, String)> =
        run.said.output.iter().map(|(stream, bytes)| (*stream, String::from_utf8(bytes.clone()).unwrap())).collect();
    assert_eq!(said, expected);
}

#[test]
fn the_same_program_gives_the_same_report() {
    let program = "
import torch
torch.manual_seed(3)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
x = torch.randn(32, 4)
for _ in range(20):
    optimizer.zero_grad()
    loss = ((model(x) - x.sum(1, keepdim=True)) ** 2).mean()
    loss.backward()
    optimizer.step()
print(loss.item(), hash(('a', 1)), {'x', 'y', 'z'}, id)
";
    let (first, second) = (run(program), run(program));
    assert_eq!(first.stdout().split(" <").next(), second.stdout().split(" <").next());
    let (mut one, mut other) = (first.finished.report, second.finished.report);
    one.resources = Default::default();
    other.resources = Default::default();
    assert_eq!(one, other);
    assert_eq!(one.metrics.keys().collect::<Vec<_>>(), ["grad_norm", "loss"]);
}

#[test]
fn the_time_and_memory_that_it_took_are_known() {
    let run = run("x = 0\nfor i in range(300_000): x += i\nkept = b'x' * 50_000_000\n").outcome(Outcome::Finished);
    let resources = run.finished.report.resources;
    assert!(resources.cpu_seconds > 0.01 && resources.wall_seconds > 0.01, "{resources:?}");
    assert!((60 << 20..400 << 20).contains(&resources.peak_memory_bytes), "{resources:?}");
}
