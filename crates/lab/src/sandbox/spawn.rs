//! Starts a worker: the same binary again, with four or five pipes and nothing else.

use std::{
    ffi::OsStr,
    io::{self, PipeReader, Write},
    os::fd::{AsFd, AsRawFd, OwnedFd},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use rustix::{
    io::{FdFlags, fcntl_setfd},
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
};

use super::{SandboxError, order::Order, system};

/// A worker that runs.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) pidfd: OwnedFd,
    pub(super) pid: Pid,
    pub(super) started: Instant,
    pub(super) events: PipeReader,
}

/// Held while pipes can be inherited, so that a worker does not get those of another one.
static SPAWNING: Mutex<()> = Mutex::new(());

/// Starts a worker and gives it its order.
pub(super) fn start(
    binary: &OsStr,
    order: &Order,
    temporary: Option<&Path>,
    stdin: Stdio,
) -> Result<Started, SandboxError> {
    let wire = serde_json::to_vec(order).map_err(io::Error::from).map_err(system("write the order down"))?;
    let (order_reader, mut order_writer) = io::pipe().map_err(system("make a pipe"))?;
    let (events, events_writer) = io::pipe().map_err(system("make a pipe"))?;
    let mut command = Command::new(binary);
    command
        .arg("worker")
        .args(["--order", &order_reader.as_raw_fd().to_string()])
        .args(["--events", &events_writer.as_raw_fd().to_string()])
        .args(["--parent", &std::process::id().to_string()])
        .env_clear()
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(temporary) = temporary {
        command.env("TMPDIR", temporary);
    }
    if let Some(library) = std::env::var_os("LYCEUM_PYLIB") {
        // Means something only to a binary that was built to develop the Python library.
        command.env("LYCEUM_PYLIB", library);
    }
    let started = Instant::now();
    let child = {
        let _alone = SPAWNING.lock().unwrap_or_else(PoisonError::into_inner);
        let inherited = [order_reader.as_fd(), events_writer.as_fd()];
        for pipe in inherited {
            fcntl_setfd(pipe, FdFlags::empty()).map_err(io::Error::from).map_err(system("pass on a pipe"))?;
        }
        let spawned = command.spawn();
        for pipe in inherited {
            let _ = fcntl_setfd(pipe, FdFlags::CLOEXEC);
        }
        spawned
    };
    let mut child = child.map_err(system("start a process"))?;
    // The pipes end when the worker does, so the parent must not hold its ends.
    drop((order_reader, events_writer));
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound);
    let pid = pid.map_err(io::Error::from).map_err(system("number the process"))?;
    let pidfd = pidfd_open(pid, PidfdFlags::empty()).map_err(io::Error::from).map_err(system("watch the process"))?;
    if let Err(error) = order_writer.write_all(&wire) {
        // A worker that is gone already says more by its status.
        if error.kind() != io::ErrorKind::BrokenPipe {
            let _ = pidfd_send_signal(&pidfd, Signal::KILL);
            let _ = child.wait();
            return Err(system("pass the order on")(error));
        }
    }
    Ok(Started { child, pidfd, pid, started, events })
}
