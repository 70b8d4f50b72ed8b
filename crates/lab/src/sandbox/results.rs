//! What a run wrote, read by the parent.
//!
//! The program chose the names and the contents. A file is opened beneath the run's folder, over no link of any kind; it
//! is read only when it is a plain file, and only up to a size that the reader sets.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read},
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, ResolveFlags, fstat, openat2, statat};

use super::scratch::Scratch;
use crate::Artefact;

/// The files of a run that is over. Dropping them removes them, unless the job named the folder.
#[derive(Debug)]
pub struct Results {
    folder: Option<OwnedFd>,
    // Removed when this is dropped.
    _scratch: Option<Scratch>,
}

impl Results {
    pub(super) fn new(folder: Option<OwnedFd>, scratch: Option<Scratch>) -> Self {
        Self { folder, _scratch: scratch }
    }

    /// Lists the plain files, by path. What lies deeper than a path can name is left out, and so is what comes after the
    /// first 10,000.
    pub fn list(&self) -> Vec<Artefact> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let mut found = list_beneath(folder, 10_000);
        found.sort_by(|one, other| one.path.cmp(&other.path));
        found
    }

    /// Reads a file by its path inside the run's folder.
    ///
    /// # Errors
    /// When there is none, when it is not a plain file or is reached over a link, or when it holds more than `most`
    /// bytes.
    pub fn read(&self, path: impl AsRef<Path>, most: u64) -> io::Result<Vec<u8>> {
        let folder = self.folder.as_ref().ok_or(io::ErrorKind::NotFound)?;
        read_beneath(folder, path.as_ref(), most)
    }
}

/// How files and folders of a run are opened.
const BENEATH: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_SYMLINKS).union(ResolveFlags::NO_MAGICLINKS);

fn list_beneath(top: impl AsFd, most: usize) -> Vec<Artefact> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(".")];
    while let Some(inside) = folders.pop() {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(opened) = openat2(&top, &inside, flags, Mode::empty(), BENEATH) else { continue };
        let Ok(entries) = Dir::read_from(&opened) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Ok(stat) = statat(&opened, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            let path = inside.join(OsStr::from_bytes(name.to_bytes()));
            match FileType::from_raw_mode(stat.st_mode) {
                FileType::Directory if !matches!(name.to_bytes(), b"." | b"..") => folders.push(path),
                FileType::RegularFile if found.len() < most => {
                    let path = path.strip_prefix(".").unwrap_or(&path).to_owned();
                    found.push(Artefact { path, bytes: u64::try_from(stat.st_size).unwrap_or(0) });
                }
                _ => {}
            }
        }
    }
    found
}

fn read_beneath(folder: impl AsFd, path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // A named pipe must not make the parent wait.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = openat2(folder, path, flags, Mode::empty(), BENEATH)?;
    let stat = fstat(&opened)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a plain file"));
    }
    let mut content = Vec::new();
    File::from(opened).take(most.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {most} bytes")));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink, process::Command};

    use rustix::fs::open;

    use super::*;

    #[test]
    fn only_plain_files_of_the_folder_are_read() {
        let base = tempfile::tempdir().unwrap();
        let (inside, outside) = (base.path().join("run"), base.path().join("secret"));
        fs::create_dir_all(inside.join("sub")).unwrap();
        fs::write(&outside, "secret").unwrap();
        fs::write(inside.join("sub/result"), "12345").unwrap();
        symlink("../secret", inside.join("planted")).unwrap();
        symlink("sub/result", inside.join("harmless")).unwrap();
        symlink("..", inside.join("up")).unwrap();
        assert!(Command::new("mkfifo").arg(inside.join("fifo")).status().unwrap().success());
        let folder = open(&inside, OFlags::DIRECTORY | OFlags::RDONLY, Mode::empty()).unwrap();
        let read = |path: &str, most| read_beneath(&folder, Path::new(path), most);
        assert_eq!(read("sub/result", 5).unwrap(), b"12345");
        assert_eq!(read("sub/result", 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        for path in ["planted", "harmless", "up/secret", "../secret", "/etc/passwd", "sub", "fifo", "none", ""] {
            assert!(read(path, 100).is_err(), "{path}");
        }
        let listed: Vec<Artefact> = list_beneath(&folder, 10);
        assert_eq!(listed, [Artefact { path: "sub/result".into(), bytes: 5 }]);
        let absolute = outside.to_str().unwrap();
        assert!(read(absolute, 100).is_err());
    }
}
