//! The limits that the kernel keeps for a worker.

use rustix::{
    io,
    process::{Resource, Rlimit, getrlimit, setrlimit},
};

use crate::Limits;

/// What a process may have beside what its allocator hands out: the binary, stacks (the interpreter's alone takes 256
/// MiB), and what the allocator holds in reserve.
const RESERVE: u64 = 1 << 30;

/// Sets the limits of a job.
///
/// The memory's real keeper is the binary's counting allocator, which can raise Python's `MemoryError`; the address space
/// is bounded for what does not come from there. `own_user` says that no other process has this one's user, so that its
/// threads can be counted.
pub(super) fn set(limits: &Limits, own_user: bool) -> io::Result<()> {
    bound(Resource::Core, 0)?;
    bound(Resource::Memlock, 0)?;
    bound(Resource::Msgqueue, 0)?;
    bound(Resource::Stack, 8 << 20)?;
    bound(Resource::Nofile, 256)?;
    if own_user {
        // Threads: the pool has as many as the job says, or as there are cores, and few besides.
        bound(Resource::Nproc, 1_200)?;
    }
    if let Some(bytes) = limits.memory_bytes {
        bound(Resource::As, bytes.saturating_add(RESERVE))?;
    }
    if let Some(bytes) = limits.file_bytes {
        bound(Resource::Fsize, bytes)?;
    }
    if let Some(seconds) = limits.cpu_seconds {
        // The first ends a program, the second one that found a way not to be ended.
        bound(Resource::Cpu, seconds.saturating_add(1))?;
        let maximum = getrlimit(Resource::Cpu).maximum;
        setrlimit(Resource::Cpu, Rlimit { current: Some(seconds), maximum })?;
    }
    Ok(())
}

/// Lowers a limit, which stays as it is when it is lower already.
fn bound(resource: Resource, most: u64) -> io::Result<()> {
    let most = getrlimit(resource).maximum.map_or(most, |maximum| maximum.min(most));
    setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
}
