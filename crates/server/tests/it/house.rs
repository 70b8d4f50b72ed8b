//! A server on a port of its own, and those who talk to it.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use lyceum_server::{Config, Server, config::Rates};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::person::{Person, person};

/// A server that runs until it is dropped.
pub struct House {
    pub origin: String,
    pub data: TempDir,
    pub setup_token: Option<String>,
    running: Option<Running>,
}

struct Running {
    end: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl House {
    /// Starts one with nobody in it.
    pub fn empty() -> Self {
        Self::with(|_| {})
    }

    /// Starts one with nobody in it and something set differently.
    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut house = Self { origin: String::new(), data, setup_token: None, running: None };
        house.start(change);
        house
    }

    /// Starts the server, also again.
    pub fn start(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::local(self.data.path());
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.courses = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/courses/small"))];
        config.worker = Some(waiting_worker(self.data.path()).into());
        config.workers = "2".parse().ok();
        config.rates = Rates { account: 10_000.0, address: 10_000.0 };
        change(&mut config);
        let (end, ended) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let server = Server::start(config).await.unwrap();
                let token = server.setup_link().map(|link| link.split_once('#').unwrap().1.to_owned());
                tell.send((format!("http://{}", server.address()), token)).unwrap();
                server.run(async { drop(ended.await) }).await;
            });
        });
        let (origin, token) = told.recv().unwrap();
        (self.origin, self.setup_token) = (origin, token);
        self.running = Some(Running { end, thread });
    }

    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.end.send(());
            let _ = running.thread.join();
        }
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Person {
        Person::at(&self.origin)
    }

    /// Makes the first account.
    pub fn owner(&self) -> Person {
        let mut owner = self.stranger();
        let person = person(self.setup_token.as_deref().unwrap(), "owner");
        owner.comes(owner.post("/api/setup", person));
        owner
    }

    /// Has an operator invite somebody, who comes.
    pub fn invited(&self, by: &Person, role: &str, cohort: Option<&str>) -> Person {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let invitation = by.post("/api/invitations", json!({ "role": role, "cohort": cohort })).is(201);
        let link = invitation["link"].as_str().unwrap();
        let mut guest = self.stranger();
        let name = format!("{role}{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let answer = guest.post("/api/join", person(link.strip_prefix("/join#").unwrap(), &name));
        guest.comes(answer);
        guest
    }

    /// Everybody: an operator, an instructor and a learner.
    pub fn everybody(&self) -> [Person; 3] {
        let owner = self.owner();
        let instructor = self.invited(&owner, "instructor", None);
        let learner = self.invited(&owner, "learner", None);
        [owner, instructor, learner]
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Writes a worker that never answers, so that what is sent goes on running until it is stopped.
fn waiting_worker(folder: &Path) -> PathBuf {
    let path = folder.join("worker.sh");
    if !path.exists() {
        std::fs::write(&path, "#!/bin/sh\nexec sleep 60\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    path
}
