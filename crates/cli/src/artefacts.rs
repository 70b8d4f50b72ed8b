//! The folder that a run writes to: found before the run, compared after it.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result};
use lyceum_lab::Artefact;

use crate::hint;

/// The most files that are looked at.
const MOST: usize = 100_000;

/// The folder of a run.
pub struct RunFolder {
    path: PathBuf,
    before: HashMap<PathBuf, (u64, SystemTime)>,
    /// Whether it was made for this run and goes away when nothing is written.
    own: bool,
}

impl RunFolder {
    /// Takes the folder that the user chose.
    pub fn chosen(path: &Path) -> Result<Self> {
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_dir() => {
                return Err(hint::error(
                    format!("{} is no folder", path.display()),
                    "`--out DIR` names the folder that the program's files are written to",
                ));
            }
            Ok(_) => {}
            Err(_) => fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))?,
        }
        let path = fs::canonicalize(path).with_context(|| format!("cannot open {}", path.display()))?;
        let before = files(&path).into_iter().map(|file| (file.path, (file.bytes, file.modified))).collect();
        Ok(Self { path, before, own: false })
    }

    /// Makes a new folder `runs/STEM-NUMBER` under `base`.
    ///
    /// Where none can be made, the run has a folder that is not there: a program that writes nothing
    /// does not notice, another gets the system's error.
    pub fn new_for(program: &Path, base: &Path) -> Self {
        let stem = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let runs = base.join("runs");
        let mut path = runs.join(&stem);
        let made = fs::create_dir_all(&runs).is_ok()
            && (1..=1_000_000).any(|number| {
                path = runs.join(format!("{stem}-{number}"));
                match fs::create_dir(&path) {
                    Err(error) => error.kind() != io::ErrorKind::AlreadyExists,
                    Ok(()) => true,
                }
            });
        Self { path, before: HashMap::new(), own: made }
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lists what the run wrote, by path. A folder that was made for the run and has nothing in it
    /// goes away.
    pub fn finish(&self) -> Vec<Artefact> {
        let mut written: Vec<Artefact> = files(&self.path)
            .into_iter()
            .filter(|file| self.before.get(&file.path) != Some(&(file.bytes, file.modified)))
            .map(|file| Artefact { path: file.path, bytes: file.bytes })
            .collect();
        written.sort_by(|a, b| a.path.cmp(&b.path));
        if self.own && written.is_empty() {
            remove_empty(&self.path);
            if let Some(runs) = self.path.parent() {
                // Fails when there are other runs, as it should.
                let _ = fs::remove_dir(runs);
            }
        }
        written
    }
}

struct Found {
    path: PathBuf,
    bytes: u64,
    modified: SystemTime,
}

/// Returns the files under a folder, with paths inside it. What cannot be read is left out.
fn files(folder: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inside) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&inside)) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = inside.join(entry.file_name());
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.is_dir() {
                folders.push(path);
            } else if found.len() < MOST {
                let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                found.push(Found { path, bytes: metadata.len(), modified });
            }
        }
    }
    found
}

/// Removes a folder that holds only folders.
fn remove_empty(folder: &Path) {
    if let Ok(entries) = fs::read_dir(folder) {
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                remove_empty(&entry.path());
            }
        }
    }
    let _ = fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_run_wrote_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(folder.path().join("old"), "1").unwrap();
        fs::write(folder.path().join("sub/changed"), "1").unwrap();
        let run = RunFolder::chosen(folder.path()).unwrap();
        assert_eq!(run.finish(), []);
        fs::write(folder.path().join("sub/changed"), "12").unwrap();
        fs::write(folder.path().join("new"), "123").unwrap();
        let written = run.finish();
        let shown: Vec<(&str, u64)> = written.iter().map(|file| (file.path.to_str().unwrap(), file.bytes)).collect();
        assert_eq!(shown, [("new", 3), ("sub/changed", 2)]);
    }

    #[test]
    fn every_run_has_its_own_folder_and_an_empty_one_goes_away() {
        let base = tempfile::tempdir().unwrap();
        let first = RunFolder::new_for(Path::new("a/train.py"), base.path());
        assert_eq!(first.path(), base.path().join("runs/train-1"));
        fs::write(first.path().join("model"), "1").unwrap();
        let second = RunFolder::new_for(Path::new("train.py"), base.path());
        fs::create_dir_all(second.path().join("empty/er")).unwrap();
        assert_eq!(second.finish(), []);
        assert!(!second.path().exists());
        assert_eq!(first.finish().len(), 1);
        fs::remove_file(first.path().join("model")).unwrap();
        first.finish();
        assert!(!base.path().join("runs").exists());
    }

    #[test]
    fn a_file_is_no_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(RunFolder::chosen(file.path()).is_err());
    }
}
