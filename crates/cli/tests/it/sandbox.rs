//! A folder to run the binary in, with a catalogue of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

pub struct Sandbox {
    folder: TempDir,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Returns what is in a file, as text.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lyceum"));
        command
            .current_dir(self.path())
            .env("LYCEUM_DATA_DIR", self.path().join("catalogue"))
            .env_remove("RUST_BACKTRACE")
            .env_remove("http_proxy")
            .env_remove("HTTP_PROXY")
            .env_remove("ALL_PROXY")
            .env_remove("all_proxy");
        command
    }

    /// Runs the binary to its end.
    pub fn lyceum(&self, args: &[&str]) -> Ended {
        ended(self.command().args(args).output().unwrap())
    }

    /// Runs a program given as text.
    pub fn run(&self, program: &str, args: &[&str]) -> Ended {
        self.write("program.py", program);
        let mut command = self.command();
        command.args(["run", "program.py"]).args(args);
        ended(command.output().unwrap())
    }

    /// Returns what lies under the catalogue, hidden things included.
    pub fn catalogue(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path().join("catalogue")) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ended {
    /// Asserts the exit status, and shows everything when it is another.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}
