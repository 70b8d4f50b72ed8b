//! The system calls that a confined worker may make, by seccomp.
//!
//! Landlock alone is not enough: it knows nothing of `chmod`, of UDP, of MPTCP, of Unix sockets in the file system or
//! of `fork`. The list holds what the interpreter, the engine and their libraries call; everything else fails with
//! `EPERM`. What no honest program in here ever tries ends the process at once, so that an attacker has one attempt.
//! `clone3` hides its flags behind a pointer, where a filter cannot look, so it "does not exist": the C library then
//! uses `clone`, and that may only make threads.

use std::collections::BTreeMap;

use libc::{
    CLONE_SIGHAND, CLONE_THREAD, CLONE_VM, ENOSYS, EPERM, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_GETFL, F_SETFD,
    PROT_EXEC,
};
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen::Dword, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq,
    SeccompCmpOp::MaskedEq, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

/// Allowed whatever the arguments are. They reach nothing but what is open already, files by Landlock's leave, memory,
/// threads and the time.
const ALLOWED: &[i64] = &[
    // Open files.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_preadv,
    libc::SYS_pwritev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_fstat,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fadvise64,
    libc::SYS_copy_file_range,
    libc::SYS_sendfile,
    libc::SYS_ppoll,
    // Files by name, for Landlock to decide.
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_mkdirat,
    libc::SYS_unlinkat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    // Threads.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_gettid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Signals to itself.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // The time, and who it is.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    // Answered with "does not exist" by a filter of its own.
    libc::SYS_clone3,
];

/// The older forms that only this architecture has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[i64] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_poll,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[i64] = &[];

/// End the process: nothing that runs in a worker calls them.
const DEADLY: &[i64] = &[
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_kcmp,
    libc::SYS_execve,
    libc::SYS_execveat,
    // Other worlds.
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_open_by_handle_at,
    // Other users.
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setgroups,
    libc::SYS_setfsuid,
    libc::SYS_setfsgid,
    libc::SYS_capset,
    // Doors into the kernel.
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_setup,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_syslog,
    libc::SYS_fanotify_init,
    // Networks.
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
];

/// Restricts this thread, and every thread that it starts, for good.
///
/// # Errors
/// When the kernel takes no filter.
pub(super) fn restrict() -> Result<(), Error> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let own_process = u64::from(std::process::id());
    for filter in [does_not_exist(arch)?, deadly(arch)?, allowed(arch, own_process)?] {
        apply_filter(&filter)?;
    }
    Ok(())
}

/// The stricter answer of two filters counts, so `clone3` must be allowed by the others for this one to be heard.
fn does_not_exist(arch: TargetArch) -> Result<BpfProgram, Error> {
    let rules = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    program(rules, SeccompAction::Allow, SeccompAction::Errno(ENOSYS as u32), arch)
}

fn deadly(arch: TargetArch) -> Result<BpfProgram, Error> {
    let rules = DEADLY.iter().map(|call| (*call, Vec::new())).collect();
    program(rules, SeccompAction::Allow, SeccompAction::KillProcess, arch)
}

fn allowed(arch: TargetArch, own_process: u64) -> Result<BpfProgram, Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().chain(ALLOWED_HERE).map(|call| (*call, Vec::new())).collect();
    let is = |index, value| SeccompCondition::new(index, Dword, Eq, value);
    let has_bits = |index, mask, bits| SeccompCondition::new(index, Dword, MaskedEq(mask), bits);
    let rule = |conditions| SeccompRule::new(conditions);
    let one_of = |index, values: &[u64]| -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
        values.iter().map(|value| rule(vec![is(index, *value)?])).collect()
    };

    // A thread of this process, and never a process.
    let thread = (CLONE_THREAD | CLONE_VM | CLONE_SIGHAND) as u64;
    let namespaces = NAMESPACES as u64;
    rules.insert(libc::SYS_clone, vec![rule(vec![has_bits(0, thread | namespaces, thread)?])?]);
    // Memory is never made executable.
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        rules.insert(call, vec![rule(vec![has_bits(2, PROT_EXEC as u64, 0)?])?]);
    }
    // A signal to itself, as `abort` sends it.
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        rules.insert(call, one_of(0, &[own_process])?);
    }
    rules.insert(
        libc::SYS_fcntl,
        one_of(1, &[F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL].map(|it| it as u64))?,
    );
    // How many bytes wait, whether it is a terminal, and closing on exec.
    rules.insert(libc::SYS_ioctl, one_of(1, &[libc::FIONREAD, libc::TCGETS, libc::FIOCLEX])?);
    // The name of a thread.
    rules.insert(libc::SYS_prctl, one_of(0, &[libc::PR_SET_NAME as u64])?);
    // Limits may be read and not set.
    rules.insert(libc::SYS_prlimit64, vec![rule(vec![is(0, 0)?, SeccompCondition::new(2, Qword, Eq, 0)?])?]);
    program(rules, SeccompAction::Errno(EPERM as u32), SeccompAction::Allow, arch)
}

/// What would put a thread into another namespace.
const NAMESPACES: libc::c_int = libc::CLONE_NEWNS
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWCGROUP;

fn program(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    matching: SeccompAction,
    arch: TargetArch,
) -> Result<BpfProgram, Error> {
    Ok(SeccompFilter::new(rules, otherwise, matching, arch)?.try_into()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_call_is_both_allowed_and_deadly() {
        for call in ALLOWED.iter().chain(ALLOWED_HERE) {
            assert!(!DEADLY.contains(call), "{call}");
        }
    }

    #[test]
    fn the_filters_fit_into_the_kernel() {
        const MOST_INSTRUCTIONS: usize = 4096;
        let arch = TargetArch::try_from(std::env::consts::ARCH).unwrap();
        for filter in [does_not_exist(arch), deadly(arch), allowed(arch, 7)] {
            assert!(filter.unwrap().len() < MOST_INSTRUCTIONS);
        }
    }
}
