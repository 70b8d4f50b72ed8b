//! The files that a confined worker may reach, by Landlock.
//!
//! Everything that the kernel's version knows is forbidden, and then little is allowed: the job's folders to read, the
//! run's folders to write. Nowhere may a program make a link, socket, pipe or device, or run a file. TCP, signals and
//! abstract Unix sockets to the outside are forbidden here as well as by seccomp.

use std::{io, os::fd::OwnedFd, path::Path};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, Scope, make_bitflags,
};
use rustix::{
    fs::{Mode, OFlags, open},
    io::Errno,
};

/// The newest version whose rights were looked at; an older kernel enforces what it has, and the parent knows and tells
/// what it lacks.
const NEWEST: ABI = ABI::V7;

/// Folders and files, opened while this process may still open them.
#[derive(Debug, Default)]
pub(super) struct Reachable {
    rules: Vec<(OwnedFd, BitFlags<AccessFs>)>,
}

impl Reachable {
    /// Lets what is under a folder be read.
    pub(super) fn read(&mut self, folder: &Path) -> io::Result<()> {
        self.add(folder, make_bitflags!(AccessFs::{ReadFile | ReadDir}))
    }

    /// Lets one file be read, if it is there.
    pub(super) fn read_file(&mut self, file: &Path) -> io::Result<()> {
        match self.add(file, AccessFs::ReadFile.into()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            added => added,
        }
    }

    /// Lets plain files and folders under a folder be read, made, changed and removed.
    pub(super) fn write(&mut self, folder: &Path) -> io::Result<()> {
        self.add(
            folder,
            make_bitflags!(AccessFs::{
                ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir | Refer
            }),
        )
    }

    fn add(&mut self, path: &Path, access: BitFlags<AccessFs>) -> io::Result<()> {
        let opened = open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty());
        let opened = opened.map_err(|error: Errno| {
            let error = io::Error::from(error);
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?;
        self.rules.push((opened, access));
        Ok(())
    }

    /// Forbids this thread, and every thread that it starts, everything else, for good.
    pub(super) fn restrict(self) -> Result<(), RulesetError> {
        let mut ruleset = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?
            // A program that tries all day must not fill the machine's log.
            .log_same_exec(false)?;
        for (opened, access) in self.rules {
            ruleset = ruleset.add_rule(PathBeneath::new(opened, access))?;
        }
        ruleset.restrict_self()?;
        Ok(())
    }
}
