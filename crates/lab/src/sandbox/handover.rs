//! Lends a folder of root's to the user of a run, and takes it back.
//!
//! When root starts a run, the program has a user of its own, who can write only where that user is allowed to. What it
//! writes must still land in the folder that was chosen, while it is being written, so that a checkpoint survives
//! whatever happens. So the folder changes hands for as long as the run lasts.

use std::{
    ffi::OsStr,
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{AtFlags, Dir, FileType, Gid, Mode, OFlags, Uid, chownat, fchown, open, statat},
    process::{getegid, geteuid},
};

use super::users;

/// A folder that belongs to a run's user until this is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    path: PathBuf,
}

impl Lent {
    /// Gives the folder, and what root has in it, to the user.
    ///
    /// # Errors
    /// When the folder cannot be given away, as on a network file system; it is then as it was.
    pub(super) fn to(user: u32, path: &Path) -> io::Result<Self> {
        let lent = Self { path: path.to_owned() };
        hand_over(path, Uid::from_raw(user), Gid::from_raw(user), |owner| owner == geteuid().as_raw())?;
        Ok(lent)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // What cannot be taken back is still root's to read, change and remove.
        let _ = hand_over(&self.path, geteuid(), getegid(), users::is_of_a_run);
    }
}

/// Gives a folder and what is in it to an owner, as far as it now belongs to one of those. Links are given away
/// themselves, never what they point to.
fn hand_over(path: &Path, user: Uid, group: Gid, of_those: impl Fn(u32) -> bool) -> io::Result<()> {
    /// More than a run may write.
    const MOST: usize = 1_000_000;
    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
    let top: OwnedFd = open(path, FOLDER, Mode::empty())?;
    fchown(&top, Some(user), Some(group))?;
    let mut folders = vec![path.to_owned()];
    let mut seen = 0;
    while let Some(path) = folders.pop() {
        let Ok(opened) = open(&path, FOLDER, Mode::empty()) else { continue };
        for entry in Dir::read_from(opened.as_fd())?.flatten() {
            let name = entry.file_name();
            seen += 1;
            if matches!(name.to_bytes(), b"." | b"..") || seen > MOST {
                continue;
            }
            let Ok(stat) = statat(&opened, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            let is_folder = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
            // A file with a second name may be another's as well.
            if of_those(stat.st_uid) && (is_folder || stat.st_nlink == 1) {
                let _ = chownat(&opened, name, Some(user), Some(group), AtFlags::SYMLINK_NOFOLLOW);
            }
            if is_folder {
                folders.push(path.join(OsStr::from_bytes(name.to_bytes())));
            }
        }
    }
    Ok(())
}
