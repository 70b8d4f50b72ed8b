//! `lyceum run`

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::sandbox::{Sandbox, ended};

#[test]
fn what_a_program_prints_passes_through_unchanged() {
    let ended = Sandbox::new()
        .run("import sys\nprint('一')\nprint('two', end='')\nprint('three', file=sys.stderr)\n", &[])
        .code(0);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("一\ntwo", "three\n"));
}

#[test]
fn the_status_is_the_programs() {
    let sandbox = Sandbox::new();
    sandbox.run("", &[]).code(0);
    sandbox.run("import sys\nsys.exit(7)\n", &[]).code(7);
    let ended = sandbox.run("def f(x):\n    return 1 / x\n\nf(0)\n", &[]).code(1);
    assert!(ended.stderr.starts_with("Traceback (most recent call last):\n"), "{}", ended.stderr);
    assert!(ended.stderr.contains("line 4, in <module>"), "{}", ended.stderr);
    assert!(ended.stderr.contains("line 2, in f"), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("ZeroDivisionError: division by zero\n"), "{}", ended.stderr);
    sandbox.run("def f(:\n", &[]).code(1);
}

#[test]
fn arguments_after_two_dashes_are_the_programs() {
    let ended =
        Sandbox::new().run("import sys\nprint(sys.argv)\n", &["--seed", "1", "--", "--epochs", "3", "数"]).code(0);
    assert_eq!(ended.stdout, "['program.py', '--epochs', '3', '数']\n");
}

#[test]
fn standard_input_is_the_users() {
    let sandbox = Sandbox::new();
    sandbox.write("program.py", "print('hello', input())\n");
    let mut child =
        sandbox.command().args(["run", "program.py"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("学园\n".as_bytes()).unwrap();
    assert_eq!(ended(child.wait_with_output().unwrap()).code(0).stdout, "hello 学园\n");
}

#[test]
fn a_program_that_takes_too_long_is_ended_with_124() {
    let start = Instant::now();
    let ended = Sandbox::new().run("print('on', flush=True)\nwhile True: pass\n", &["--time-limit", "2"]).code(124);
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(ended.stdout, "on\n");
    assert_eq!(ended.stderr, "lyceum: the program was ended: its 2 s were up\n");
}

#[test]
fn a_program_that_takes_too_much_memory_is_ended_with_137() {
    let program = "print('on', flush=True)\nkept = []\nwhile True:\n    kept.append([0] * 100_000)\n";
    let ended = Sandbox::new().run(program, &["--memory-limit", "200"]).code(137);
    assert_eq!(ended.stdout, "on\n");
    assert_eq!(ended.stderr, "lyceum: the program was ended: it needed more than its 200 MiB of memory\n");
}

#[test]
fn more_memory_than_any_machine_has_is_said_to_be_too_much() {
    let ended = Sandbox::new().run("x = [0] * 10**13\n", &[]).code(137);
    assert_eq!(ended.stderr, "lyceum: the program was ended: it needed more memory than there is\n");
}

#[test]
fn a_tensor_that_is_too_large_is_an_exception_that_can_be_caught() {
    let sandbox = Sandbox::new();
    let program =
        "import torch\ntry:\n    torch.zeros(1_000_000_000)\nexcept MemoryError as error:\n    print('caught')\n";
    assert_eq!(sandbox.run(program, &["--memory-limit", "500"]).code(0).stdout, "caught\n");
    let ended = sandbox.run("import torch\ntorch.zeros(1_000_000_000)\n", &["--memory-limit", "500"]).code(137);
    assert!(ended.stderr.contains("MemoryError"), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("it needed more than its 500 MiB of memory\n"), "{}", ended.stderr);
}

const TRAINING: &str = "
import torch
x = torch.tensor([[1.0], [2.0]])
y = torch.tensor([[2.0], [4.0]])
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
print(loss.item())
";

#[test]
fn a_training_loop_is_seen_without_a_line_of_code_for_it() {
    let sandbox = Sandbox::new();
    let ended = sandbox.run(TRAINING, &["--events", "events.jsonl", "--seed", "3"]).code(0);
    let events: Vec<serde_json::Value> = fs::read_to_string(sandbox.path().join("events.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let losses: Vec<f64> =
        events.iter().filter(|event| event["name"] == "loss").map(|event| event["value"].as_f64().unwrap()).collect();
    assert_eq!(losses.len(), 3);
    assert!((losses[2] - ended.stdout.trim().parse::<f64>().unwrap()).abs() < 1e-6);
    let steps: Vec<u64> =
        events.iter().filter(|event| event["event"] == "step").map(|event| event["step"].as_u64().unwrap()).collect();
    assert_eq!(steps, [1, 2, 3]);
    assert!(events.iter().any(|event| event["event"] == "step" && event["name"] == "SGD" && event["value"] == 0.1));
    assert!(events.iter().all(|event| event["time"].as_f64().is_some_and(|time| time >= 0.0)));
}

#[test]
fn a_seed_gives_the_numbers_of_manual_seed() {
    let sandbox = Sandbox::new();
    let seeded = sandbox.run("import torch\nprint(torch.rand(3).tolist())\n", &["--seed", "7"]).code(0);
    let by_hand =
        sandbox.run("import torch\ntorch.manual_seed(7)\nprint(torch.rand(3).tolist())\n", &["--threads", "1"]).code(0);
    assert_eq!(seeded.stdout, by_hand.stdout);
}

#[test]
fn what_a_program_writes_lands_in_a_folder_of_its_own_and_is_listed() {
    let sandbox = Sandbox::new();
    let program = "with open('result.txt', 'w') as f:\n    f.write('12345')\nprint(open('result.txt').read())\n";
    let ended = sandbox.run(program, &[]).code(0);
    assert_eq!(ended.stdout, "12345\n");
    assert_eq!(ended.stderr, "lyceum: the program wrote to runs/program-1:\n  result.txt (5 bytes)\n");
    assert!(!sandbox.path().join("result.txt").exists());
    assert_eq!(fs::read_to_string(sandbox.path().join("runs/program-1/result.txt")).unwrap(), "12345");
    sandbox.run(program, &["--out", "there"]).code(0);
    assert!(sandbox.path().join("there/result.txt").exists());
    sandbox.run("print(1)\n", &["--out", "there"]).code(0);
    assert!(!sandbox.path().join("runs/program-2").exists());
}

#[test]
fn a_data_folder_can_be_read_and_not_written() {
    let sandbox = Sandbox::new();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("corpus.txt"), "text").unwrap();
    let path = folder.path().to_str().unwrap();
    let program = format!("print(open({:?}).read())\n", folder.path().join("corpus.txt"));
    assert_eq!(sandbox.run(&program, &["--data", path]).code(0).stdout, "text\n");
    sandbox.run(&program, &[]).code(1);
    sandbox.run("", &["--data", "/nowhere"]).code(2);
}

#[test]
fn what_cannot_be_run_is_said_with_a_hint() {
    let sandbox = Sandbox::new();
    let ended = sandbox.lyceum(&["run", "missing.py"]).code(2);
    assert!(ended.stderr.starts_with("error: cannot open missing.py: "), "{}", ended.stderr);
    assert!(ended.stderr.contains("\nhint: "), "{}", ended.stderr);
    sandbox.lyceum(&["run", "."]).code(2);
    let ended = sandbox.run("", &["--out", "program.py"]).code(2);
    assert!(ended.stderr.contains("is no folder"), "{}", ended.stderr);
    sandbox.run("", &["--events", "no/such/folder"]).code(2);
}

/// A program that runs until it is ended, and has said that it runs.
fn endless(sandbox: &Sandbox) -> Child {
    sandbox.write("program.py", "print('on', flush=True)\nwhile True: pass\n");
    let mut child =
        sandbox.command().args(["run", "program.py"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "on\n");
    child
}

/// The processes that a process has started.
fn children(child: &Child) -> Vec<u32> {
    let id = child.id();
    let text = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
    text.split_whitespace().map(|id| id.parse().unwrap()).collect()
}

fn is_gone(id: u32) -> bool {
    let path = format!("/proc/{id}/stat");
    (0..200).any(|_| {
        thread::sleep(Duration::from_millis(10));
        // A process that nobody has waited for yet is a zombie, and gone.
        !Path::new(&path).exists() || fs::read_to_string(&path).is_ok_and(|stat| stat.contains(") Z "))
    })
}

fn signal(id: u32, name: &str) {
    assert!(Command::new("kill").args([name, &id.to_string()]).status().unwrap().success());
}

#[test]
fn ctrl_c_ends_the_run_and_the_program() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let child = endless(&Sandbox::new());
        let [program] = children(&child)[..] else { panic!("expected one process") };
        signal(child.id(), name);
        let ended = ended(child.wait_with_output().unwrap()).code(code);
        assert_eq!(ended.stderr, "lyceum: the program was ended because you asked for it\n");
        assert!(is_gone(program));
    }
}

#[test]
fn the_program_does_not_outlive_a_killed_parent() {
    let mut child = endless(&Sandbox::new());
    let [program] = children(&child)[..] else { panic!("expected one process") };
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_gone(program));
}

#[test]
fn a_program_that_is_killed_by_others_is_said_to_be() {
    let child = endless(&Sandbox::new());
    let [program] = children(&child)[..] else { panic!("expected one process") };
    signal(program, "-KILL");
    let ended = ended(child.wait_with_output().unwrap()).code(137);
    assert!(ended.stderr.contains("was killed"), "{}", ended.stderr);
}
