//! The worker's side: from the first line of its `main` to the point where a program may begin.
//!
//! The order matters. First the worker cuts itself off from all that it inherited by chance and reads its order. Then
//! the binary opens what the program will see, while it still may. Then [`Worker::confine`] takes everything away, in
//! one step from which nothing leads back. Only after that may threads exist: Landlock and seccomp bind the thread that
//! calls them and those that it starts later.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
    path::Path,
};

use rustix::{
    fs::{Gid, Uid},
    process::{
        DumpableBehavior, Pid, Signal, chdir, geteuid, getppid, getuid, set_dumpable_behavior,
        set_parent_process_death_signal, setsid,
    },
    thread::{
        CapabilitySet, CapabilitySets, set_capabilities, set_no_new_privs, set_thread_groups, set_thread_res_gid,
        set_thread_res_uid,
    },
};
use thiserror::Error;

use super::{
    Part, attempts,
    folders::Reachable,
    limits,
    order::{Answer, Order, Plan, Task},
    syscalls,
};
use crate::{LabJob, Limits};

/// Where a worker finds its pipes and its parent; the parent passes them on its command line.
#[derive(Clone, Copy, Debug)]
pub struct Inheritance {
    /// The descriptor that the order is read from.
    pub order: RawFd,
    /// The descriptor that events and the report are written to.
    pub events: RawFd,
    /// The process that started this one.
    pub parent: i32,
}

/// Why a worker could not take up its work.
#[derive(Debug, Error)]
pub enum WorkerError {
    /// A step failed.
    #[error("cannot {step}: {source}")]
    Step {
        /// What was to be done.
        step: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The parent ended before the worker was bound to it.
    #[error("the process that started this one is gone")]
    Orphan,
    /// The order cannot be understood.
    #[error("cannot understand the order: {0}")]
    Order(#[from] serde_json::Error),
    /// A descriptor is one of the standard streams.
    #[error("expected a descriptor above 2, found {0}")]
    Descriptor(RawFd),
    /// Landlock failed.
    #[error("cannot restrict files: {0}")]
    Landlock(#[from] landlock::RulesetError),
    /// Seccomp failed.
    #[error("cannot restrict system calls: {0}")]
    Seccomp(#[from] seccompiler::Error),
    /// A thread was started too early: it would stay free.
    #[error("this process has {0} threads before it is confined")]
    Threads(usize),
    /// The process is still root.
    #[error("this process could become root again")]
    StillRoot,
}

/// A process that was started to do one thing.
#[derive(Debug)]
pub struct Worker {
    order: Order,
    events: File,
    parent: i32,
}

fn step<T, E: Into<io::Error>>(step: &'static str, result: Result<T, E>) -> Result<T, WorkerError> {
    result.map_err(|source| WorkerError::Step { step, source: source.into() })
}

impl Worker {
    /// Takes over the pipes, closes everything else that was inherited, binds this process to its parent's life, and
    /// reads the order.
    ///
    /// # Errors
    /// When this process was not started as a worker, or its parent is gone.
    pub fn take_over(inheritance: Inheritance) -> Result<Self, WorkerError> {
        let Inheritance { order, events, parent } = inheritance;
        close_all_but(order, events)?;
        die_with(parent)?;
        let (mut order, events) = (inherited(order)?, inherited(events)?);
        let mut bytes = Vec::new();
        step("read the order", order.read_to_end(&mut bytes))?;
        Ok(Self { order: serde_json::from_slice(&bytes)?, events, parent })
    }

    /// Returns what this process is there for.
    pub fn task(&self) -> &Task {
        &self.order.task
    }

    /// Returns the folder for the program's temporary files; none when the worker does not confine itself.
    pub fn temporary(&self) -> Option<&Path> {
        self.order.confinement.as_ref().map(|plan| plan.temporary.as_path())
    }

    /// Says whether the worker confines itself.
    pub fn is_confined(&self) -> bool {
        self.order.confinement.is_some()
    }

    /// Gives up everything that the program does not need, and tells the parent. Returns the pipe for events and the
    /// report.
    ///
    /// # Errors
    /// When a step fails, for which the process must end; some rights may be gone already.
    pub fn confine(mut self) -> Result<File, WorkerError> {
        let none = Limits::default();
        let job = match &self.order.task {
            Task::Job(job) => Some(&**job),
            Task::Attempt(_) => None,
        };
        match &self.order.confinement {
            None => step("limit the process", limits::set(job.map_or(&none, |job| &job.limits), false))?,
            Some(plan) => confine(plan, job, self.parent)?,
        }
        self.answer(&Answer::Ready)?;
        Ok(self.events)
    }

    /// Tells the parent that there will be no run, and why.
    pub fn refuse(mut self, reason: &str) {
        // A parent that is gone need not know.
        let _ = self.answer(&Answer::Refused(reason.to_owned()));
    }

    /// Does what the doctor asks: confines itself and attempts one forbidden thing. Returns the status to end with.
    ///
    /// # Errors
    /// When the worker could not be confined, or is told to attempt something unknown.
    pub fn attempt(self) -> Result<u8, WorkerError> {
        let name = match &self.order.task {
            Task::Attempt(name) => name.clone(),
            Task::Job(_) => String::new(),
        };
        let ground = step("prepare the attempt", attempts::prepare(self.order.confinement.as_ref(), self.parent))?;
        let mut events = self.confine()?;
        let line = attempts::attempt(&name, &ground)?;
        step("report", events.write_all(&line))?;
        Ok(0)
    }

    fn answer(&mut self, answer: &Answer) -> Result<(), WorkerError> {
        let mut line = serde_json::to_vec(answer)?;
        line.push(b'\n');
        step("answer the parent", self.events.write_all(&line))
    }
}

fn confine(plan: &Plan, job: Option<&LabJob>, parent: i32) -> Result<(), WorkerError> {
    let threads = fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    if threads != 1 {
        return Err(WorkerError::Threads(threads));
    }
    // What is opened here is opened with the rights of whoever started the run.
    let reachable = step("open the run's folders", reachable(plan, job))?;
    if plan.own_session {
        step("leave the session", setsid())?;
    }
    let limits = job.map_or_else(Limits::default, |job| job.limits);
    step("limit the process", limits::set(&limits, plan.user.is_some()))?;
    ignore_file_size_signal();
    if let Some(home) = job.and_then(|job| job.data_home.as_deref()).filter(|home| home.is_dir()) {
        // The run's user may not be able to walk there, so the worker stands there already.
        step("open the catalogue of data sets", chdir(home))?;
    }
    match plan.user {
        Some(user) => become_user(user)?,
        None if geteuid() == Uid::ROOT && !plan.without.contains(&Part::OwnUser) => return Err(WorkerError::StillRoot),
        None => {}
    }
    drop_capabilities()?;
    // Changing the user has undone this.
    die_with(parent)?;
    step("hide the process's memory", set_dumpable_behavior(DumpableBehavior::NotDumpable))?;
    step("give up new rights", set_no_new_privs(true))?;
    if !plan.without.contains(&Part::LandlockFiles) {
        reachable.restrict()?;
    }
    if !plan.without.contains(&Part::Seccomp) {
        syscalls::restrict()?;
    }
    Ok(())
}

/// Opens what the program may reach.
fn reachable(plan: &Plan, job: Option<&LabJob>) -> io::Result<Reachable> {
    let mut reachable = Reachable::default();
    reachable.write(&plan.temporary)?;
    for file in &plan.readable {
        reachable.read_file(file)?;
    }
    let Some(job) = job else { return Ok(reachable) };
    reachable.read(&job.files.folder)?;
    for folder in &job.files.readable {
        reachable.read(folder)?;
    }
    if let Some(out) = job.files.out.as_deref().filter(|out| out.is_dir()) {
        reachable.write(out)?;
    }
    if let Some(home) = job.data_home.as_deref().filter(|home| home.is_dir()) {
        reachable.read(home)?;
    }
    Ok(reachable)
}

/// Becomes a user that owns nothing but the run's folder, and is in no group but one of its own.
fn become_user(user: u32) -> Result<(), WorkerError> {
    let (uid, gid) = (Uid::from_raw(user), Gid::from_raw(user));
    step("leave the groups", set_thread_groups(&[]))?;
    step("change the group", set_thread_res_gid(gid, gid, gid))?;
    step("change the user", set_thread_res_uid(uid, uid, uid))?;
    if [getuid(), geteuid()] != [uid; 2] || set_thread_res_uid(Uid::ROOT, Uid::ROOT, Uid::ROOT).is_ok() {
        return Err(WorkerError::StillRoot);
    }
    Ok(())
}

fn drop_capabilities() -> Result<(), WorkerError> {
    let none = CapabilitySet::empty();
    step(
        "give up capabilities",
        set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none }),
    )
}

/// A file that grows too large is then an error of the write, which Python raises, and not the end.
fn ignore_file_size_signal() {
    // SAFETY: no handler is installed, only "ignore"; there is one thread.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Ends this process when its parent ends, however that comes about.
fn die_with(parent: i32) -> Result<(), WorkerError> {
    step("bind the process to its parent", set_parent_process_death_signal(Some(Signal::KILL)))?;
    // The parent may have ended before the line above.
    if getppid().map(Pid::as_raw_pid) != Some(parent) {
        return Err(WorkerError::Orphan);
    }
    Ok(())
}

/// Closes every descriptor but the standard streams and two pipes.
fn close_all_but(one: RawFd, other: RawFd) -> Result<(), WorkerError> {
    let mut kept = [0, 0];
    for (kept, descriptor) in kept.iter_mut().zip([one, other]) {
        *kept = u32::try_from(descriptor).unwrap_or(0);
        if *kept <= 2 {
            return Err(WorkerError::Descriptor(descriptor));
        }
    }
    kept.sort_unstable();
    let gaps = [(3, kept[0] - 1), (kept[0] + 1, kept[1] - 1), (kept[1] + 1, u32::MAX)];
    for (first, last) in gaps.into_iter().filter(|(first, last)| first <= last) {
        // SAFETY: the process has just begun; nothing in it has opened a descriptor that it still uses.
        let result = unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) };
        if result != 0 {
            return step("close what was inherited (Linux 5.9 is needed)", Err(io::Error::last_os_error()));
        }
    }
    Ok(())
}

/// Takes over a pipe that the parent has left open.
fn inherited(descriptor: RawFd) -> Result<File, WorkerError> {
    // SAFETY: the number comes from the parent, which left this descriptor open for this process alone; each is taken
    // over once. Were it not open, reading and writing would fail with EBADF.
    let file = File::from(unsafe { OwnedFd::from_raw_fd(descriptor) });
    debug_assert_eq!(file.as_raw_fd(), descriptor);
    Ok(file)
}
