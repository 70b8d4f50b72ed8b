//! The folder of one run: made for it alone, and gone after it.
//!
//! ```text
//! $TMPDIR/lyceum-0/            one for each user that starts runs
//!   1819869184/                0700, one for each run, locked as long as its parent lives
//!     tmp/                     the program's temporary folder
//!     out/                     what it writes, when the job names no other folder
//! ```
//!
//! When root starts the run, the folder's name is the number of the run's user: making the folder claims the user. A
//! parent that was killed leaves its folder behind unlocked, and the next run removes it.

use std::{
    ffi::{CString, OsStr},
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use rustix::{
    fs::{
        AtFlags, CWD, Dir, FileType, FlockOperation, Gid, Mode, OFlags, Uid, chmodat, fchmod, fchown, flock, fstat,
        mkdirat, open, openat, renameat, statat, unlinkat,
    },
    io::Errno,
    process::geteuid,
};

use super::users;

/// What opens a folder and nothing that only points to one.
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The folder of one run. Dropping it removes it with all that is in it.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
    name: String,
    /// The folder that holds it.
    parent: OwnedFd,
    /// Open and locked: who can lock it knows that nobody uses it any more.
    folder: OwnedFd,
    user: Option<u32>,
}

impl Scratch {
    /// Makes the folder of a run, which belongs to a user of its own when this process is root and there are such users.
    pub(super) fn create(base: &Path) -> io::Result<Self> {
        /// How many names are tried; each may be taken by another run.
        const TRIES: usize = 1_000;
        let users = if geteuid() == Uid::ROOT { users::range() } else { None };
        let parent_path = base.join(format!("lyceum-{}", geteuid().as_raw()));
        for number in 0..TRIES {
            let parent = parent_folder(&parent_path)?;
            if number == 0 {
                remove_abandoned(parent.as_fd());
            }
            let chosen = fresh_number();
            let user = users.as_ref().map(|range| range.start + (chosen % u64::from(range.end - range.start)) as u32);
            let name = user.map_or_else(|| format!("{chosen:016x}"), |user| user.to_string());
            if let Some(folder) = claim(parent.as_fd(), &name, user)? {
                let path = parent_path.join(&name);
                return Ok(Self { path, name, parent, folder, user });
            }
        }
        Err(io::Error::other("every name for a run's folder is taken"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The user that the run was given.
    pub(super) fn user(&self) -> Option<u32> {
        self.user
    }

    /// The program's temporary folder.
    pub(super) fn temporary(&self) -> PathBuf {
        self.path.join("tmp")
    }

    /// What takes the program's files when the job names no folder.
    pub(super) fn out(&self) -> PathBuf {
        self.path.join("out")
    }

    /// Opens [`Scratch::out`].
    pub(super) fn open_out(&self) -> io::Result<OwnedFd> {
        Ok(openat(&self.folder, "out", FOLDER, Mode::empty())?)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = empty(self.folder.as_fd());
        let _ = unlinkat(&self.parent, &self.name, AtFlags::REMOVEDIR);
        if let Some(parent) = self.path.parent() {
            // Fails while other runs have their folders there, as it should.
            let _ = std::fs::remove_dir(parent);
        }
    }
}

/// A number that is not used twice in this process, and hardly in another.
fn fresh_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_nanos() as u64);
    let mixed = (now ^ u64::from(std::process::id()).rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    NEXT.compare_exchange(0, mixed | 1, Relaxed, Relaxed).ok();
    // Odd, so that it goes through every number before one comes again.
    NEXT.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed) >> 7
}

/// Opens the folder that holds those of the runs, after making it if need be.
fn parent_folder(path: &Path) -> io::Result<OwnedFd> {
    let made = mkdirat(CWD, path, Mode::RWXU | Mode::XGRP | Mode::XOTH);
    if !matches!(made, Ok(()) | Err(Errno::EXIST)) {
        made?;
    }
    let folder = open(path, FOLDER, Mode::empty())?;
    if made.is_ok() {
        // Whatever the umask took away.
        fchmod(&folder, Mode::RWXU | Mode::XGRP | Mode::XOTH)?;
    }
    let stat = fstat(&folder)?;
    if stat.st_uid != geteuid().as_raw() || stat.st_mode & 0o022 != 0 {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("{} belongs to another user; TMPDIR can name another place", path.display()),
        ));
    }
    Ok(folder)
}

/// Makes and locks a run's folder. Returns none when the name is taken.
fn claim(parent: BorrowedFd<'_>, name: &str, user: Option<u32>) -> io::Result<Option<OwnedFd>> {
    match mkdirat(parent, name, Mode::RWXU) {
        // The parent's folder may go away with its last run.
        Err(Errno::EXIST | Errno::NOENT) => return Ok(None),
        made => made?,
    }
    let Ok(folder) = openat(parent, name, FOLDER, Mode::empty()) else {
        return Ok(None);
    };
    // Between the lines above another run may have taken it for abandoned.
    let is_mine = flock(&folder, FlockOperation::NonBlockingLockExclusive).is_ok()
        && statat(parent, name, AtFlags::SYMLINK_NOFOLLOW)
            .is_ok_and(|stat| fstat(&folder).is_ok_and(|mine| mine.st_ino == stat.st_ino));
    if !is_mine {
        return Ok(None);
    }
    for part in ["tmp", "out"] {
        mkdirat(&folder, part, Mode::RWXU)?;
        if let Some(user) = user {
            let part = openat(&folder, part, FOLDER, Mode::empty())?;
            fchown(&part, Some(Uid::from_raw(user)), Some(Gid::from_raw(user)))?;
        }
    }
    if let Some(user) = user {
        fchown(&folder, Some(Uid::from_raw(user)), Some(Gid::from_raw(user)))?;
    }
    Ok(Some(folder))
}

/// Removes folders of runs whose parents are gone.
fn remove_abandoned(parent: BorrowedFd<'_>) {
    for name in names(parent) {
        let Ok(folder) = openat(parent, name.as_c_str(), FOLDER, Mode::empty()) else { continue };
        if flock(&folder, FlockOperation::NonBlockingLockExclusive).is_ok() {
            let _ = empty(folder.as_fd());
            let _ = unlinkat(parent, name.as_c_str(), AtFlags::REMOVEDIR);
        }
    }
}

/// Removes all that is in a folder, however deep it goes and whatever permissions it has: what a folder holds is moved
/// to the top before the folder is removed, so neither the stack nor descriptors run out.
fn empty(top: BorrowedFd<'_>) -> io::Result<()> {
    let mut moved = 0u64;
    loop {
        let mut folders = Vec::new();
        for name in names(top) {
            match unlinkat(top, name.as_c_str(), AtFlags::empty()) {
                Err(Errno::ISDIR) => folders.push(name),
                removed => removed?,
            }
        }
        if folders.is_empty() {
            return Ok(());
        }
        for name in folders {
            if unlinkat(top, name.as_c_str(), AtFlags::REMOVEDIR).is_ok() {
                continue;
            }
            chmodat(top, name.as_c_str(), Mode::RWXU, AtFlags::empty())?;
            let folder = openat(top, name.as_c_str(), FOLDER, Mode::empty())?;
            for inner in names(folder.as_fd()) {
                match unlinkat(&folder, inner.as_c_str(), AtFlags::empty()) {
                    Err(Errno::ISDIR) => {
                        // A folder can be moved only by one who may write to it.
                        chmodat(&folder, inner.as_c_str(), Mode::RWXU, AtFlags::empty())?;
                        loop {
                            moved += 1;
                            match renameat(&folder, inner.as_c_str(), top, format!(".moved-{moved}")) {
                                Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => {}
                                renamed => break renamed?,
                            }
                        }
                    }
                    removed => removed?,
                }
            }
            unlinkat(top, name.as_c_str(), AtFlags::REMOVEDIR)?;
        }
    }
}

/// The names in a folder.
fn names(folder: BorrowedFd<'_>) -> Vec<CString> {
    let Ok(entries) = Dir::read_from(folder) else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_owned());
    names.filter(|name| !matches!(name.to_bytes(), b"." | b"..")).collect()
}

/// What lies under a folder: how many files and folders, and how many bytes they take of the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) entries: u64,
    pub(super) bytes: u64,
}

/// Measures a folder. Stops once it holds more entries than `most`.
pub(super) fn usage(folder: &Path, most: u64) -> Usage {
    let mut usage = Usage::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(path) = folders.pop() {
        let opened = match open(&path, FOLDER, Mode::empty()) {
            Ok(opened) => opened,
            // Deeper than any program needs, and a way to hide.
            Err(Errno::NAMETOOLONG) => return Usage { entries: u64::MAX, ..usage },
            Err(_) => continue,
        };
        let Ok(entries) = Dir::read_from(&opened) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            usage.entries += 1;
            if usage.entries > most {
                return usage;
            }
            let Ok(stat) = statat(&opened, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            usage.bytes += u64::try_from(stat.st_blocks).unwrap_or(0) * 512;
            if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
                folders.push(path.join(OsStr::from_bytes(name.to_bytes())));
            }
        }
    }
    usage
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_runs_folder_goes_away_with_what_is_in_it() {
        let base = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(base.path()).unwrap();
        let path = scratch.path().to_owned();
        fs::create_dir_all(scratch.out().join("a/b/c")).unwrap();
        fs::write(scratch.out().join("a/b/c/file"), "1").unwrap();
        fs::write(scratch.temporary().join(".moved-1"), "1").unwrap();
        std::os::unix::fs::symlink("/etc", scratch.out().join("a/link")).unwrap();
        assert_eq!(usage(&path, 100).entries, 8);
        assert_eq!(usage(&path, 3).entries, 4);
        drop(scratch);
        assert!(!path.exists());
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
        assert!(Path::new("/etc/passwd").exists());
    }

    #[test]
    fn no_two_runs_have_the_same_folder_or_user() {
        let base = tempfile::tempdir().unwrap();
        let runs: Vec<Scratch> = (0..50).map(|_| Scratch::create(base.path()).unwrap()).collect();
        let mut names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 50);
        for run in &runs {
            use std::os::unix::fs::MetadataExt;
            let metadata = fs::metadata(run.path()).unwrap();
            assert_eq!(metadata.mode() & 0o777, 0o700);
            assert_eq!(metadata.uid(), run.user().unwrap_or(geteuid().as_raw()));
        }
    }

    #[test]
    fn a_folder_deeper_than_any_path_is_removed() {
        let base = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(base.path()).unwrap();
        let mut folder = scratch.open_out().unwrap();
        for _ in 0..3_000 {
            mkdirat(&folder, "deeper", Mode::RWXU).unwrap();
            folder = openat(&folder, "deeper", FOLDER, Mode::empty()).unwrap();
        }
        mkdirat(&folder, "closed", Mode::empty()).unwrap();
        drop(folder);
        let path = scratch.path().to_owned();
        drop(scratch);
        assert!(!path.exists());
    }

    #[test]
    fn what_a_killed_parent_left_is_removed_by_the_next_run() {
        let base = tempfile::tempdir().unwrap();
        let first = Scratch::create(base.path()).unwrap();
        let abandoned = first.path().with_file_name("123");
        fs::create_dir_all(abandoned.join("out")).unwrap();
        fs::write(abandoned.join("out/file"), "1").unwrap();
        let second = Scratch::create(base.path()).unwrap();
        assert!(!abandoned.exists());
        assert!(first.path().exists() && second.path().exists());
    }

    #[test]
    fn a_folder_of_somebody_else_is_not_used() {
        let base = tempfile::tempdir().unwrap();
        let planted = base.path().join(format!("lyceum-{}", geteuid().as_raw()));
        std::os::unix::fs::symlink("/tmp", &planted).unwrap();
        assert!(Scratch::create(base.path()).is_err());
        fs::remove_file(&planted).unwrap();
        fs::create_dir(&planted).unwrap();
        fs::set_permissions(&planted, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
        assert!(Scratch::create(base.path()).is_err());
    }
}
