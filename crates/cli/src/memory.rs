//! The allocator of this binary: it counts what is allocated, and ends a run that takes more than it
//! may.
//!
//! A request of the engine for a large tensor is asked about beforehand ([`may_allocate`]) and
//! becomes a Python `MemoryError` when it would not fit. Everything else (lists, strings, the
//! interpreter itself) cannot be refused in the middle, so a breach ends the process: it leaves a
//! report that says so on the event pipe and ends with a status of its own. The system's own limit
//! stands behind this one for memory that does not come from here (see `lyceum_lab::sandbox`).

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    fs::File,
    os::{fd::BorrowedFd, unix::fs::FileExt},
    sync::{
        OnceLock,
        atomic::{AtomicI32, AtomicIsize, Ordering::Relaxed},
    },
};

/// Counts, then asks the system.
pub struct CountingAllocator;

/// The bytes that are allocated, apart from what threads have not yet added.
static USED: AtomicIsize = AtomicIsize::new(0);

/// The bytes that may be allocated.
static LIMIT: AtomicIsize = AtomicIsize::new(isize::MAX);

/// The pipe that a breach is reported on; negative when there is none.
static REPORT_TO: AtomicI32 = AtomicI32::new(-1);

/// How much a thread counts by itself before it adds to the common count: an atomic addition at every
/// allocation would cost an interpreter a tenth of its speed.
const BATCH: isize = 64 << 10;

thread_local! {
    // Constant and without a destructor, so that it can be used inside an allocator.
    static UNCOUNTED: Cell<isize> = const { Cell::new(0) };
}

/// Limits what this process may allocate from now on, and says on which pipe a breach is reported.
pub fn limit(bytes: u64, report_to: i32) {
    REPORT_TO.store(report_to, Relaxed);
    LIMIT.store(isize::try_from(bytes).unwrap_or(isize::MAX), Relaxed);
}

/// Makes the system's allocator keep freed memory for the next tensor, instead of giving it back and asking for it
/// again at every step: a training step then touches no new pages. Measured on the article's network with 512 digits:
/// 0.19 s of system time a step before, 0.01 s after.
pub fn keep_freed_memory() {
    // The memory of all threads comes from one heap that grows and does not shrink.
    let settings = [
        (libc::M_ARENA_MAX, 1),
        (libc::M_MMAP_MAX, 0),
        (libc::M_TRIM_THRESHOLD, libc::c_int::MAX),
        (libc::M_TOP_PAD, 64 << 20),
    ];
    set(&settings);
}

/// Makes the system's allocator give back what is freed, for a process that lives long: otherwise each thread keeps
/// the memory of the largest thing that it ever did. Measured on a server in which 150 people had made accounts, each
/// of whose passwords takes 19 MiB to hash: 213 MB before.
pub fn give_freed_memory_back() {
    set(&[(libc::M_ARENA_MAX, 2), (libc::M_MMAP_THRESHOLD, 256 << 10), (libc::M_TRIM_THRESHOLD, 1 << 20)]);
}

fn set(settings: &[(libc::c_int, libc::c_int)]) {
    for (parameter, value) in settings {
        // SAFETY: `mallopt` takes two numbers and changes how later allocations are served. It is called before other
        // threads exist. A parameter that is not known is ignored.
        unsafe { libc::mallopt(*parameter, *value) };
    }
}

/// Says whether an allocation of so many bytes would fit: into the limit, and for a large one into
/// what the machine has left.
pub fn may_allocate(bytes: usize) -> bool {
    /// From here on it is worth reading a file to know.
    const LARGE: usize = 256 << 20;
    let Ok(wanted) = isize::try_from(bytes) else {
        return false;
    };
    let fits = USED.load(Relaxed).saturating_add(wanted) <= LIMIT.load(Relaxed);
    fits && (bytes < LARGE || available().is_none_or(|available| bytes as u64 <= available))
}

/// Where the kernel tells how much memory the machine has; a confined process cannot open it any more.
static MACHINE: OnceLock<Option<File>> = OnceLock::new();

/// Opens what [`may_allocate`] looks at.
pub fn watch_machine() {
    MACHINE.get_or_init(|| File::open("/proc/meminfo").ok());
}

/// Returns the memory that the machine has left, in bytes.
fn available() -> Option<u64> {
    kibibytes(MACHINE.get()?.as_ref()?, "MemAvailable:")
}

/// Returns a figure of one of the kernel's tables of memory, in bytes.
pub fn kibibytes(table: &File, name: &str) -> Option<u64> {
    let mut text = [0; 8 << 10];
    let length = table.read_at(&mut text, 0).ok()?;
    let text = str::from_utf8(&text[..length]).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Adds to the count and says whether it is still within the limit.
fn count(bytes: isize) -> bool {
    let batch = UNCOUNTED.with(|uncounted| {
        let sum = uncounted.get().wrapping_add(bytes);
        let keep = sum.unsigned_abs() < BATCH as usize;
        uncounted.set(if keep { sum } else { 0 });
        (!keep).then_some(sum)
    });
    match batch {
        Some(sum) if sum > 0 => USED.fetch_add(sum, Relaxed).saturating_add(sum) <= LIMIT.load(Relaxed),
        Some(sum) => {
            USED.fetch_add(sum, Relaxed);
            true
        }
        None => true,
    }
}

/// Ends the process. It must not allocate.
#[cold]
fn breach() -> ! {
    let pipe = REPORT_TO.load(Relaxed);
    if pipe >= 0 {
        // On a line of its own, whatever another thread is in the middle of writing.
        let report = b"\n{\"report\":{\"outcome\":\"out_of_memory\",\"exit_code\":137}}\n";
        // SAFETY: the worker keeps the pipe open until the process ends.
        let pipe = unsafe { BorrowedFd::borrow_raw(pipe) };
        let _ = rustix::io::write(pipe, report);
    } else {
        // SAFETY: nothing in this process closes standard error.
        let stderr = unsafe { BorrowedFd::borrow_raw(2) };
        let _ = rustix::io::write(stderr, b"error: there is no memory left\n");
    }
    // SAFETY: ends the process at once, without running anything that could allocate.
    unsafe { libc::_exit(i32::from(lyceum_lab::sandbox::MEMORY_STATUS)) }
}

/// Passes on what the system gave, and ends the process when it gave nothing.
fn checked(pointer: *mut u8) -> *mut u8 {
    if pointer.is_null() { breach() } else { pointer }
}

// SAFETY: every method passes the caller's arguments on to `System`, and returns what that returned.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !count(layout.size() as isize) {
            breach();
        }
        // SAFETY: as the caller promises.
        checked(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !count(layout.size() as isize) {
            breach();
        }
        // SAFETY: as the caller promises.
        checked(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) };
        count(-(layout.size() as isize));
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !count(size as isize - layout.size() as isize) {
            breach();
        }
        // SAFETY: as the caller promises.
        checked(unsafe { System.realloc(pointer, layout, size) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allocated_is_counted_and_given_back() {
        let before = USED.load(Relaxed);
        let block = vec![1u8; 512 << 20];
        let during = USED.load(Relaxed);
        drop(block);
        let after = USED.load(Relaxed);
        // Other tests allocate meanwhile, but not half a gigabyte.
        assert!(during - before > 400 << 20, "{before} {during}");
        assert!(during - after > 400 << 20, "{during} {after}");
    }

    #[test]
    fn what_no_machine_has_is_refused() {
        watch_machine();
        assert!(may_allocate(1 << 20));
        assert!(!may_allocate(usize::MAX));
        assert!(!may_allocate(1 << 50));
    }
}
