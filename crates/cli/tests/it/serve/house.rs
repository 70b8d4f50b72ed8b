//! A server that runs as a process of its own.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tempfile::TempDir;

use super::person::{Person, person};

/// A server, until it is dropped.
pub struct House {
    pub data: TempDir,
    pub origin: String,
    pub setup_token: Option<String>,
    process: Option<Child>,
}

/// The course that the server's own tests have.
pub fn small_course() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/tests/it/courses/small")
}

impl House {
    /// Starts one with nobody in it.
    pub fn empty() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut house = Self { data, origin: String::new(), setup_token: None, process: None };
        house.start();
        house
    }

    /// Starts the server, also again.
    pub fn start(&mut self) {
        let mut process = Command::new(env!("CARGO_BIN_EXE_lyceum"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data"])
            .arg(self.data.path())
            .arg("--courses")
            .arg(small_course())
            .env_remove("LYCEUM_DATABASE_URL")
            .env("LANG", "C")
            .env_remove("LC_ALL")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.contains("http://")).expect("a link is printed");
        let link = &line[line.find("http://").unwrap()..];
        let (origin, token) = match link.split_once("/setup#") {
            Some((origin, token)) => (origin, Some(token)),
            None => (link, None),
        };
        (self.origin, self.setup_token) = (origin.to_owned(), token.map(str::to_owned));
        self.process = Some(process);
    }

    /// Makes the first account.
    pub fn owner(&self) -> Person {
        let mut owner = Person::at(&self.origin);
        owner.comes(owner.post("/api/setup", person(self.setup_token.as_deref().unwrap(), "owner")));
        owner
    }

    /// Has somebody invite a learner, who comes.
    pub fn learner(&self, by: &Person, name: &str) -> Person {
        let invitation = by.post("/api/invitations", json!({ "role": "learner" })).is(201);
        let mut guest = Person::at(&self.origin);
        let token = invitation["link"].as_str().unwrap().strip_prefix("/join#").unwrap();
        guest.comes(guest.post("/api/join", person(token, name)));
        guest
    }

    /// Kills the server, as a power cut would end it.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Asks the server to end, and says whether it ended well.
    pub fn end(&mut self) -> bool {
        let Some(mut process) = self.process.take() else { return false };
        kill_process(Pid::from_child(&process), Signal::TERM).unwrap();
        process.wait().unwrap().success()
    }

    /// Runs a command of `lyceum admin` on its data.
    pub fn admin(&self, args: &[&str], input: &str) -> (bool, String, String) {
        use std::io::Write;
        let mut process = Command::new(env!("CARGO_BIN_EXE_lyceum"))
            .arg("admin")
            .args(args)
            .arg("--data")
            .arg(self.data.path())
            .env_remove("LYCEUM_DATABASE_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout), text(&output.stderr))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}
