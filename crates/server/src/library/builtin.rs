//! The course that is part of the binary. It is read from a folder like any other, so it is unpacked first.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::LibraryError;

/// The files of `courses/`, by their paths in it.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/courses.rs"));
/// Differs when a file differs.
const TAG: &str = env!("LYCEUM_COURSES_TAG");

/// Unpacks the built-in course, unless this version of it lies there already, and returns the folders of courses.
pub(super) fn unpack(data: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    let home = data.join("courses");
    let folder = home.join(TAG);
    if !folder.is_dir() {
        unpack_into(&home, &folder).map_err(|source| LibraryError::Unpack { folder: folder.clone(), source })?;
    }
    let is_course = |name: &str| name.ends_with("/course.toml") && name.matches('/').count() == 1;
    let courses = FILES.iter().filter(|(name, _)| is_course(name));
    Ok(courses.filter_map(|(name, _)| Some(folder.join(Path::new(name).parent()?))).collect())
}

/// The folder appears by one rename, so a server that dies meanwhile leaves no half of it.
fn unpack_into(home: &Path, folder: &Path) -> io::Result<()> {
    let unfinished = home.join(format!(".{TAG}-{}", std::process::id()));
    for (name, bytes) in FILES {
        let path = unfinished.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&unfinished))?;
        fs::write(path, bytes)?;
    }
    match fs::rename(&unfinished, folder) {
        Err(_) if folder.is_dir() => fs::remove_dir_all(unfinished),
        renamed => renamed,
    }?;
    // Versions of before are of no use to anybody.
    for entry in fs::read_dir(home)?.flatten().filter(|entry| entry.path() != folder) {
        let _ = fs::remove_dir_all(entry.path());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_course_is_whole() {
        let data = tempfile::tempdir().unwrap();
        let folders = unpack(data.path()).unwrap();
        assert_eq!(folders, unpack(data.path()).unwrap());
        assert_eq!(folders.len(), 1);
        let loaded = lyceum_curriculum::load(&folders[0]);
        assert_eq!(loaded.problems, []);
        assert_eq!(loaded.content.unwrap().id, "zero-to-large-models");
    }
}
