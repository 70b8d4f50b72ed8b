//! The files that a program sees, and nothing else of the machine.
//!
//! [`view`] decides which file a path means: the program's own folder with the run's folder laid over it, each data
//! folder, and a temporary folder. It knows no Python. [`posix`] is the native module of that name, on which the
//! standard library's `os`, `pathlib`, `shutil`, `glob` and `tempfile` stand; `lib/_lyceum/fileio.py` builds `open`
//! on it. Confining the process itself (Landlock, seccomp) is not done here but in `lyceum_lab::sandbox`: the view opens
//! its folders before that, and works after it.

pub(crate) mod posix;
mod view;

use std::path::PathBuf;

pub(crate) use view::FileView;

/// The folders that a program may touch.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The program's own folder: relative paths start here. It is never written to.
    pub program: PathBuf,
    /// More folders to read. Each is seen under its own absolute path, and its files also as if they lay in the
    /// program's folder, so that `open("input.txt")` finds them.
    pub data: Vec<PathBuf>,
    /// The run's folder, laid over the program's: whatever the program writes lands here, and is seen by what it
    /// reads afterwards. It is created when the first file is written.
    pub out: PathBuf,
    /// What the program sees as `/tmp`: a folder that is there already, and whose owner removes it. Without one a folder
    /// is made when the program needs it, and removed after it.
    pub temporary: Option<PathBuf>,
}
