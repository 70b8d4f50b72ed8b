//! The live line, on a terminal of the test's own.

use std::{
    fs::File,
    io::Read,
    os::fd::{FromRawFd, OwnedFd},
    process::Stdio,
    ptr,
};

use crate::sandbox::Sandbox;

/// Makes a terminal: the side that shows, and the side that programs write to.
fn terminal() -> (File, OwnedFd) {
    let (mut shows, mut takes) = (0, 0);
    // SAFETY: both pointers are to integers of this function; the others may be null.
    let result = unsafe { libc::openpty(&mut shows, &mut takes, ptr::null_mut(), ptr::null(), ptr::null()) };
    assert_eq!(result, 0);
    // SAFETY: the call gave these two descriptors to us alone.
    unsafe { (File::from_raw_fd(shows), OwnedFd::from_raw_fd(takes)) }
}

/// Runs a program on a terminal and returns all that the terminal was sent.
fn shown(program: &str, term: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.write("program.py", program);
    let (mut shows, takes) = terminal();
    let mut command = sandbox.command();
    command
        .args(["run", "program.py"])
        .env("TERM", term)
        .stdin(Stdio::null())
        .stdout(Stdio::from(takes.try_clone().unwrap()))
        .stderr(Stdio::from(takes));
    let mut child = command.spawn().unwrap();
    // The command holds our copies of the terminal, which would keep it open.
    drop(command);
    let mut bytes = Vec::new();
    // Linux ends a terminal that nobody writes to any more with an error.
    let _ = shows.read_to_end(&mut bytes);
    assert!(child.wait().unwrap().success());
    String::from_utf8(bytes).unwrap()
}

/// Returns the lines that remain on the terminal.
fn remaining(shown: &str) -> Vec<&str> {
    shown.split('\n').map(|line| line.trim_end_matches('\r')).map(|line| line.rsplit('\r').next().unwrap()).collect()
}

const SLOW_TRAINING: &str = "
import time, torch
w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
print('starts')
for step in range(40):
    optimizer.zero_grad()
    ((w - 1) ** 2).sum().backward()
    optimizer.step()
    time.sleep(0.02)
print('ends')
";

#[test]
fn a_terminal_shows_step_loss_and_speed_and_keeps_a_summary() {
    let shown = shown(SLOW_TRAINING, "xterm");
    assert!(shown.contains("   loss "), "{shown:?}");
    assert!(shown.contains(" steps/s   0:0"), "{shown:?}");
    let lines = remaining(&shown);
    assert_eq!(lines[0], "starts");
    assert!(lines[1].ends_with("ends"), "{lines:?}");
    assert!(lines[2].contains("40 steps in "), "{lines:?}");
    assert!(lines[2].contains(", last loss "), "{lines:?}");
}

#[test]
fn a_terminal_that_cannot_redraw_shows_only_the_program() {
    assert_eq!(shown(SLOW_TRAINING, "dumb"), "starts\r\nends\r\n");
}

#[test]
fn a_program_that_does_not_train_has_no_line() {
    assert_eq!(shown("print('hello')\n", "xterm"), "hello\r\n");
}
