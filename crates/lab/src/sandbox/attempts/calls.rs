//! The attempts themselves. Most are bare system calls, because that is what a program that has broken out of the
//! interpreter has.

use std::{
    ffi::CString,
    fs::{self, OpenOptions},
    io,
    os::unix::ffi::OsStrExt,
    path::Path,
    ptr::{null, null_mut},
};

use libc::{
    AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX, AF_VSOCK, AT_FDCWD, CLONE_NEWNS, CLONE_NEWUSER, SOCK_DGRAM,
    SOCK_RAW, SOCK_STREAM, c_long, syscall,
};

use super::{
    Attempt,
    Denial::{Absent, Ends, Fails},
    Ground,
};

/// Returns every attempt, by what it is about.
pub fn attempts() -> &'static [Attempt] {
    ATTEMPTS
}

macro_rules! attempts {
    ($($name:literal, $expected:ident, $what:literal, $act:expr;)*) => {
        &[$(Attempt { name: $name, what: $what, expected: $expected, act: $act }),*]
    };
}

/// Calls the system directly; the expression gives the number and arguments.
macro_rules! call {
    ($number:ident $(, $argument:expr)* $(,)?) => {
        // SAFETY: every pointer among the arguments is null or to something that lives until the call returns; none of
        // the calls keeps one.
        result(unsafe { syscall(libc::$number $(, $argument)*) })
    };
}

const ATTEMPTS: &[Attempt] = attempts! {
    // Files.
    "read-passwd", Fails, "read /etc/passwd", |_| fs::File::open("/etc/passwd").map(drop);
    "read-outside", Fails, "read a file outside its folders", |ground| fs::File::open(&ground.file).map(drop);
    "list-root", Fails, "list the root folder", |_| fs::read_dir("/").map(drop);
    "read-processes", Fails, "look at the parent's memory map", |ground| read(&format!("/proc/{}/maps", ground.parent));
    "write-outside", Fails, "write to a file outside its folders",
        |ground| OpenOptions::new().write(true).open(&ground.file).map(drop);
    "create-outside", Fails, "make a file outside its folders",
        |ground| fs::File::create_new(ground.file.with_extension("new")).map(drop);
    "truncate-outside", Fails, "cut off a file outside its folders", |ground| {
        let path = c(&ground.file);
        call!(SYS_truncate, path.as_ptr(), 0)
    };
    "truncate-read-only", Fails, "cut off a file by opening it to read", |ground| {
        let path = c(&ground.file);
        call!(SYS_openat, AT_FDCWD, path.as_ptr(), libc::O_RDONLY | libc::O_TRUNC)
    };
    "remove-outside", Fails, "remove a file outside its folders", |ground| fs::remove_file(&ground.file);
    "rename-outside", Fails, "rename a file outside its folders",
        |ground| fs::rename(&ground.file, ground.file.with_extension("moved"));
    "chmod-outside", Fails, "change a file's permissions", |ground| {
        let path = c(&ground.file);
        call!(SYS_fchmodat, AT_FDCWD, path.as_ptr(), 0o777)
    };
    "chmod-inside", Fails, "make a file that runs with its owner's rights", |ground| {
        let path = c(&ground.scratch);
        call!(SYS_fchmodat, AT_FDCWD, path.as_ptr(), 0o4777)
    };
    "chown-outside", Fails, "give a file away", |ground| {
        let path = c(&ground.file);
        // SAFETY: the call takes nothing.
        let user = unsafe { libc::getuid() };
        call!(SYS_fchownat, AT_FDCWD, path.as_ptr(), user, user, 0)
    };
    "utime-outside", Fails, "change a file's times", |ground| {
        let path = c(&ground.file);
        call!(SYS_utimensat, AT_FDCWD, path.as_ptr(), null::<u8>(), 0)
    };
    "xattr-outside", Fails, "change a file's attributes", |ground| {
        let path = c(&ground.file);
        call!(SYS_setxattr, path.as_ptr(), c"user.lyceum".as_ptr(), c"1".as_ptr(), 1, 0)
    };
    "link-outside", Fails, "give a file outside a second name", |ground| {
        let (path, link) = (c(&ground.file), c(&ground.scratch.join("link")));
        call!(SYS_linkat, AT_FDCWD, path.as_ptr(), AT_FDCWD, link.as_ptr(), 0)
    };
    "symlink", Fails, "plant a symbolic link", |ground| {
        let link = c(&ground.scratch.join("link"));
        call!(SYS_symlinkat, c"/etc".as_ptr(), AT_FDCWD, link.as_ptr())
    };
    "fifo", Fails, "plant a named pipe", |ground| node(ground, libc::S_IFIFO);
    "socket-file", Fails, "plant a socket", |ground| node(ground, libc::S_IFSOCK);
    "device", Fails, "make a device", |ground| node(ground, libc::S_IFCHR);
    "watch-files", Fails, "watch files", |_| call!(SYS_inotify_init1, 0);
    "file-handle", Ends, "open a file by its handle", |_| call!(SYS_open_by_handle_at, AT_FDCWD, null::<u8>(), 0);
    "hidden-file", Fails, "make a file that has no name", |_| call!(SYS_memfd_create, c"file".as_ptr(), 0);

    // Networks.
    "tcp", Ends, "open a TCP socket", |_| socket(AF_INET, SOCK_STREAM, 0);
    "tcp6", Ends, "open a TCP socket over IPv6", |_| socket(AF_INET6, SOCK_STREAM, 0);
    "udp", Ends, "open a UDP socket", |_| socket(AF_INET, SOCK_DGRAM, 0);
    "mptcp", Ends, "open an MPTCP socket", |_| socket(AF_INET, SOCK_STREAM, libc::IPPROTO_MPTCP);
    "raw-socket", Ends, "open a raw socket", |_| socket(AF_PACKET, SOCK_RAW, 0);
    "unix-socket", Ends, "open a Unix socket", |_| socket(AF_UNIX, SOCK_STREAM, 0);
    "abstract-socket", Ends, "listen on an abstract Unix socket", |_| abstract_socket();
    "netlink", Ends, "talk to the kernel's networks", |_| socket(AF_NETLINK, SOCK_RAW, 0);
    "vsock", Ends, "talk to the host of a virtual machine", |_| socket(AF_VSOCK, SOCK_STREAM, 0);
    "socket-pair", Ends, "make a pair of sockets", |_| {
        let mut pair = [0i32; 2];
        call!(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair.as_mut_ptr())
    };

    // Processes.
    "fork", Fails, "start a process", |_| process(libc::SIGCHLD);
    "vfork", Fails, "start a process that shares its memory", |_| process(libc::CLONE_VM | libc::SIGCHLD);
    "clone3", Absent, "start a process by the newest call", |_| call!(SYS_clone3, null::<u8>(), 0);
    "exec", Ends, "run another program", |_| {
        let arguments = [null::<u8>()];
        call!(SYS_execve, c"/nonexistent".as_ptr(), arguments.as_ptr(), arguments.as_ptr())
    };
    "setsid", Fails, "leave its session", |_| call!(SYS_setsid);
    "setpgid", Fails, "leave its group of processes", |_| call!(SYS_setpgid, 0, 0);
    "kill-parent", Fails, "send its parent a signal", |ground| call!(SYS_kill, ground.parent, 0);
    "kill-all", Fails, "send every process a signal", |_| call!(SYS_kill, -1, 0);
    "thread-kill-parent", Fails, "send its parent's thread a signal",
        |ground| call!(SYS_tgkill, ground.parent, ground.parent, 0);
    "queue-signal", Fails, "send its parent a signal with a value",
        |ground| call!(SYS_rt_sigqueueinfo, ground.parent, 0, null::<u8>());
    "pidfd", Ends, "take hold of its parent", |ground| call!(SYS_pidfd_open, ground.parent, 0);
    "ptrace", Ends, "trace its parent", |ground| call!(SYS_ptrace, libc::PTRACE_SEIZE, ground.parent, 0, 0);
    "read-memory", Ends, "read its parent's memory",
        |ground| call!(SYS_process_vm_readv, ground.parent, null::<u8>(), 0, null::<u8>(), 0, 0);
    "parents-limits", Fails, "change its parent's limits",
        |ground| call!(SYS_prlimit64, ground.parent, libc::RLIMIT_CORE, null::<u8>(), null_mut::<u8>());
    "raise-limits", Fails, "change its own limits", |_| {
        let limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        call!(SYS_prlimit64, 0, libc::RLIMIT_CORE, &raw const limit, null_mut::<u8>())
    };
    "parents-priority", Fails, "change its parent's priority",
        |ground| call!(SYS_setpriority, libc::PRIO_PROCESS, ground.parent, 0);
    "outlive-parent", Fails, "stay when its parent ends", |_| call!(SYS_prctl, libc::PR_SET_PDEATHSIG, 0, 0, 0, 0);
    "dumpable", Fails, "let others read its memory", |_| call!(SYS_prctl, libc::PR_SET_DUMPABLE, 1, 0, 0, 0);
    "owner-of-signals", Fails, "make the kernel send signals", |ground| call!(SYS_fcntl, 0, libc::F_SETOWN, ground.parent);

    // Rights.
    "root", Fails, "be root", |_| be_root();
    "become-root", Ends, "become root", |_| call!(SYS_setuid, 0);
    "groups", Ends, "join groups", |_| call!(SYS_setgroups, 0, null::<u8>());
    "capabilities", Ends, "take capabilities", |_| call!(SYS_capset, null::<u8>(), null::<u8>());
    "user-namespace", Ends, "become root in a namespace", |_| call!(SYS_unshare, CLONE_NEWUSER);
    "mount-namespace", Ends, "have a file system of its own", |_| call!(SYS_unshare, CLONE_NEWNS);
    "enter-namespace", Ends, "enter a namespace", |_| call!(SYS_setns, -1, 0);
    "mount", Ends, "mount a file system", |_| {
        call!(SYS_mount, c"none".as_ptr(), c"/nonexistent".as_ptr(), c"tmpfs".as_ptr(), 0, null::<u8>())
    };
    "unmount", Ends, "unmount a file system", |_| call!(SYS_umount2, c"/nonexistent".as_ptr(), 0);
    "chroot", Ends, "change its root folder", |_| call!(SYS_chroot, c"/".as_ptr());
    "personality", Fails, "switch off protections of its memory", |_| call!(SYS_personality, 0xffff_ffffu32);
    "seccomp", Fails, "put another filter in place", |_| call!(SYS_seccomp, 1, 0, null::<u8>());

    // Doors into the kernel.
    "io-uring", Ends, "use io_uring", |_| call!(SYS_io_uring_setup, 0, null::<u8>());
    "aio", Ends, "use asynchronous input and output", |_| {
        let mut context = 0usize;
        call!(SYS_io_setup, 1, &raw mut context)
    };
    "bpf", Ends, "load a program into the kernel", |_| call!(SYS_bpf, 0, null::<u8>(), 0);
    "perf", Ends, "measure other processes", |_| call!(SYS_perf_event_open, null::<u8>(), 0, -1, -1, 0);
    "userfaultfd", Ends, "hold up the kernel at a page of memory", |_| call!(SYS_userfaultfd, 0);
    "keyctl", Ends, "read the kernel's keys", |_| call!(SYS_keyctl, 0, -3, 0);
    "add-key", Ends, "give the kernel a key", |_| {
        call!(SYS_add_key, c"user".as_ptr(), c"lyceum".as_ptr(), c"1".as_ptr(), 1, -1)
    };
    "load-module", Ends, "load a module into the kernel", |_| call!(SYS_init_module, null::<u8>(), 0, c"".as_ptr());
    "reboot", Ends, "restart the machine", |_| call!(SYS_reboot, 0, 0, 0, null::<u8>());
    "kernel-log", Ends, "read the kernel's log", |_| call!(SYS_syslog, 10, null::<u8>(), 0);
    "shared-memory", Fails, "share memory with others", |_| call!(SYS_shmget, libc::IPC_PRIVATE, 4096, 0);
    "message-queue", Fails, "open a message queue", |_| call!(SYS_msgget, libc::IPC_PRIVATE, 0);
    "semaphore", Fails, "open a semaphore", |_| call!(SYS_semget, libc::IPC_PRIVATE, 1, 0);
    "type-on-terminal", Fails, "type on the terminal", |_| call!(SYS_ioctl, 0, libc::TIOCSTI, c"".as_ptr());
    "executable-memory", Fails, "make memory executable", |_| {
        let (access, kind) = (libc::PROT_READ | libc::PROT_EXEC, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        call!(SYS_mmap, 0usize, 4096usize, access, kind, -1, 0usize)
    };

    // What it was born with.
    "environment", Fails, "know the parent's environment", |_| none_of(std::env::vars_os().any(|(name, _)| {
        !matches!(name.to_str(), Some("TMPDIR" | "LYCEUM_PYLIB"))
    }));
    "descriptors", Fails, "use a descriptor of the parent's", |_| none_of(has_spare_descriptors());
};

fn result(returned: c_long) -> io::Result<()> {
    if returned == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn c(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap_or_default()
}

fn read(path: &str) -> io::Result<()> {
    fs::read(path).map(drop)
}

fn node(ground: &Ground, kind: libc::mode_t) -> io::Result<()> {
    let path = c(&ground.scratch.join("node"));
    call!(SYS_mknodat, AT_FDCWD, path.as_ptr(), kind | 0o600, 0x0103)
}

fn socket(family: i32, kind: i32, protocol: i32) -> io::Result<()> {
    call!(SYS_socket, family, kind, protocol)
}

fn abstract_socket() -> io::Result<()> {
    use std::os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixListener},
    };
    let address = SocketAddr::from_abstract_name(format!("lyceum-attempt-{}", std::process::id()))?;
    UnixListener::bind_addr(&address).map(drop)
}

/// Starts a process, which ends at once.
fn process(flags: i32) -> io::Result<()> {
    if flags & libc::CLONE_VM != 0 {
        // Where this is allowed, one that shares memory would disturb this one: it is asked for with flags that do not
        // go together, which the kernel looks at after the filter.
        return call!(SYS_clone, flags | libc::CLONE_THREAD, 0, 0, 0, 0);
    }
    // SAFETY: the new process makes no call but to end itself.
    match unsafe { syscall(libc::SYS_clone, flags, 0, 0, 0, 0) } {
        0 => {
            // SAFETY: ends the new process without running anything of the old one.
            unsafe { libc::_exit(0) }
        }
        returned => result(returned),
    }
}

fn be_root() -> io::Result<()> {
    // SAFETY: the calls take nothing.
    let is_root = unsafe { libc::getuid() == 0 || libc::geteuid() == 0 || libc::getgid() == 0 };
    none_of(is_root)
}

/// Succeeds when something is there that must not be.
fn none_of(found: bool) -> io::Result<()> {
    if found { Ok(()) } else { Err(io::Error::from_raw_os_error(libc::EPERM)) }
}

/// Says whether a descriptor is open besides the standard streams and the pipe that this process reports on.
fn has_spare_descriptors() -> bool {
    // SAFETY: asks for a descriptor's flags, which exist or not.
    let is_open = |descriptor| unsafe { libc::fcntl(descriptor, libc::F_GETFD) } >= 0;
    (3..4096).filter(|descriptor| is_open(*descriptor)).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attempt_has_a_name_of_its_own() {
        let mut names: Vec<&str> = attempts().iter().map(|attempt| attempt.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), attempts().len());
    }
}
