//! What this kernel has of what the confinement is made of.
//!
//! Nothing is taken on trust that can be asked: Landlock tells its version, seccomp its actions. Whether each forbidden
//! thing is then really denied is shown by `attempts`.

use std::{fmt, sync::OnceLock};

use rustix::process::{Uid, geteuid};
use serde::{Deserialize, Serialize};

use super::users;

/// A part of the confinement that a kernel may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Landlock: files outside the run's folders cannot be opened, made or removed.
    LandlockFiles,
    /// Landlock, version 3: a file that may only be read cannot be cut off.
    LandlockTruncate,
    /// Landlock, version 4: no TCP. The second wall: seccomp forbids sockets.
    LandlockTcp,
    /// Landlock, version 5: no commands to devices. The second wall: seccomp forbids them.
    LandlockDevices,
    /// Landlock, version 6: no signals and no abstract Unix sockets to the outside. The second wall: seccomp forbids
    /// both.
    LandlockScopes,
    /// Seccomp: only the system calls of the list.
    Seccomp,
    /// A user of the run's own, which a process of root needs to become one that is not.
    OwnUser,
}

impl Part {
    /// Every part, the essential ones of each mechanism first.
    pub const ALL: [Part; 7] = [
        Part::LandlockFiles,
        Part::LandlockTruncate,
        Part::LandlockTcp,
        Part::LandlockDevices,
        Part::LandlockScopes,
        Part::Seccomp,
        Part::OwnUser,
    ];

    /// Says whether something is possible without it, so that a lab must not run. Without another part what it forbids
    /// is forbidden once instead of twice.
    pub fn is_essential(self) -> bool {
        !matches!(self, Part::LandlockTcp | Part::LandlockDevices | Part::LandlockScopes)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::LandlockFiles => "Landlock (Linux 5.13, switched on at boot)",
            Part::LandlockTruncate => "Landlock version 3 (Linux 6.2)",
            Part::LandlockTcp => "Landlock version 4 (Linux 6.7)",
            Part::LandlockDevices => "Landlock version 5 (Linux 6.10)",
            Part::LandlockScopes => "Landlock version 6 (Linux 6.12)",
            Part::Seccomp => "seccomp filters that end a process (Linux 4.14)",
            Part::OwnUser => "a range of users for runs that root starts, and the right to change to them",
        })
    }
}

/// Facts about the kernel that this process runs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kernel {
    /// Landlock's version; 0 where there is none.
    pub landlock_abi: u32,
    /// Whether seccomp filters can end a process.
    pub seccomp: bool,
    /// Whether this process is root, so that runs get a user of their own.
    pub is_root: bool,
    /// The first user of the range that runs are given when root starts them.
    pub first_user: Option<u32>,
}

impl Kernel {
    /// Asks the kernel, once in the life of the process.
    pub fn this() -> &'static Kernel {
        static KERNEL: OnceLock<Kernel> = OnceLock::new();
        KERNEL.get_or_init(|| Kernel {
            landlock_abi: landlock_abi(),
            seccomp: can_kill_by_seccomp(),
            is_root: geteuid() == Uid::ROOT,
            first_user: users::range().map(|range| range.start),
        })
    }

    /// Returns the parts that it lacks.
    pub fn missing(&self) -> Vec<Part> {
        Part::ALL.into_iter().filter(|part| !self.has(*part)).collect()
    }

    fn has(&self, part: Part) -> bool {
        match part {
            Part::LandlockFiles => self.landlock_abi >= 1,
            Part::LandlockTruncate => self.landlock_abi >= 3,
            Part::LandlockTcp => self.landlock_abi >= 4,
            Part::LandlockDevices => self.landlock_abi >= 5,
            Part::LandlockScopes => self.landlock_abi >= 6,
            Part::Seccomp => self.seccomp,
            Part::OwnUser => !self.is_root || self.first_user.is_some(),
        }
    }
}

fn landlock_abi() -> u32 {
    const VERSION: libc::c_uint = 1;
    // SAFETY: with this flag the call reads no memory; it returns the version or fails.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0usize, VERSION) };
    u32::try_from(version).unwrap_or(0)
}

fn can_kill_by_seccomp() -> bool {
    let action: u32 = libc::SECCOMP_RET_KILL_PROCESS;
    // SAFETY: the call reads one `u32`, which lives here.
    let result = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0, &raw const action) };
    result == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_kernel_lacks_what_came_later() {
        let mut kernel = Kernel { landlock_abi: 7, seccomp: true, is_root: true, first_user: Some(70_000) };
        assert_eq!(kernel.missing(), []);
        kernel.landlock_abi = 2;
        assert_eq!(
            kernel.missing(),
            [Part::LandlockTruncate, Part::LandlockTcp, Part::LandlockDevices, Part::LandlockScopes]
        );
        kernel.landlock_abi = 4;
        assert!(!kernel.missing().into_iter().any(Part::is_essential));
        kernel.first_user = None;
        assert!(kernel.missing().contains(&Part::OwnUser));
        kernel.is_root = false;
        assert!(!kernel.missing().contains(&Part::OwnUser));
    }
}
