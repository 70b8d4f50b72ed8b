//! How a server is to be run. Where the values come from is the command line's business.

use std::{ffi::OsString, net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

use lyceum_lab::sandbox::Strength;
use lyceum_store::Location;

/// How a server is to be run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whether TLS ends in front of it: cookies are for https only, and the proxy's word for who asks is taken.
    pub behind_tls: bool,
    /// The names that it may be asked for beside those of this machine, as in `learn.example.org`.
    pub hosts: Vec<String>,
    /// The folder for everything that it keeps.
    pub data: PathBuf,
    /// The folder of the data sets that programs can load; `data` in the data folder when absent.
    pub catalogue: Option<PathBuf>,
    /// The PostgreSQL database, where it is not SQLite in the data folder.
    pub database: Option<String>,
    /// The folders of the courses; the built-in one when there are none.
    pub courses: Vec<PathBuf>,
    /// How many programs run at the same time; as many as there are cores when absent.
    pub workers: Option<NonZeroUsize>,
    /// How many programs may wait.
    pub queue: usize,
    /// How many programs of one learner may wait or run.
    pub queue_each: usize,
    /// How much of the confinement programs must have.
    pub strength: Strength,
    /// The binary that is started as the worker; this one when absent.
    pub worker: Option<OsString>,
    /// A folder that the page is served from instead of what is built in.
    pub web: Option<PathBuf>,
    /// How many requests pass.
    pub rates: Rates,
    /// How long a connection may take over the head of a request, and how long it may be silent between two.
    pub patience: Duration,
}

/// How many requests a second pass, for each account and for each address without one.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Of an account.
    pub account: f64,
    /// Of an address without an account: all who are behind it log in through this.
    pub address: f64,
}

impl Config {
    /// Makes the configuration of a server for this machine alone, with everything in one folder.
    pub fn local(data: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8600)),
            behind_tls: false,
            hosts: Vec::new(),
            data: data.into(),
            catalogue: None,
            database: None,
            courses: Vec::new(),
            workers: None,
            queue: 256,
            queue_each: 8,
            strength: Strength::Full,
            worker: None,
            web: None,
            rates: Rates { account: 50.0, address: 100.0 },
            patience: Duration::from_secs(75),
        }
    }

    /// Returns where the database is.
    pub fn location(&self) -> Location {
        match &self.database {
            Some(url) => Location::Url(url.clone()),
            None => Location::Folder(self.data.clone()),
        }
    }

    /// Returns the folder of the data sets that programs can load.
    pub fn catalogue(&self) -> PathBuf {
        self.catalogue.clone().unwrap_or_else(|| self.data.join("data"))
    }
}
