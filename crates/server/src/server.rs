//! A server from its start to its end.

use std::{
    fs, io,
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use lyceum_data::Catalogue;
use lyceum_lab::sandbox::{Kernel, Part, Strength};
use lyceum_store::{Serving, Store, Token};
use thiserror::Error;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::App,
    config::Config,
    connections,
    jobs::{Desk, desk::Parts, sandboxed::Workshop},
    library::{Library, LibraryError},
    metrics::Metrics,
    router,
};

/// Why a server cannot start or go on.
#[derive(Debug, Error)]
pub enum ServerError {
    /// It would be reachable by others without TLS.
    #[error("{listen} can be reached by others, and nothing was said of TLS")]
    Public {
        /// Where it was to listen.
        listen: SocketAddr,
    },
    /// The kernel lacks essential parts of the confinement.
    #[error("this system cannot confine the programs of learners: it lacks {}", parts.iter().map(Part::to_string).collect::<Vec<_>>().join(", "))]
    Sandbox {
        /// What it lacks.
        parts: Vec<Part>,
    },
    /// The data folder cannot be used.
    #[error("cannot use the folder {}", folder.display())]
    Data {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The store cannot be opened.
    #[error("cannot open the database")]
    Store(#[from] lyceum_store::Error),
    /// The courses cannot be read.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The address cannot be listened on.
    #[error("cannot listen on {listen}")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system failed.
    #[error("cannot {action}")]
    System {
        /// What was to be done.
        action: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// A server that listens and has not begun to answer.
pub struct Server {
    app: App,
    listener: TcpListener,
    address: SocketAddr,
    setup: Option<Token>,
    close: watch::Sender<bool>,
    workers: Vec<thread::JoinHandle<()>>,
    /// Nobody else serves this database meanwhile.
    serving: Serving,
}

/// How long the workers may take to come to an end when the server does.
const PATIENCE: Duration = Duration::from_secs(8);

impl Server {
    /// Opens everything, takes over what waits, and listens.
    ///
    /// # Errors
    /// When something that it needs is not there.
    pub async fn start(config: Config) -> Result<Self, ServerError> {
        let listen = config.listen;
        if !listen.ip().is_loopback() && !config.behind_tls {
            return Err(ServerError::Public { listen });
        }
        let parts: Vec<Part> = Kernel::this().missing();
        if config.strength == Strength::Full && parts.iter().any(|part| part.is_essential()) {
            return Err(ServerError::Sandbox { parts });
        }
        let folder = config.data.clone();
        let location = config.location();
        make_private(&folder, location.file().as_deref())
            .map_err(|source| ServerError::Data { folder: folder.clone(), source })?;
        let store = Store::open(&location).await?;
        let serving = store.serve_alone().await?;
        let (courses, data) = (config.courses.clone(), config.data.clone());
        let library = tokio::task::spawn_blocking(move || Library::read(&courses, &data)).await;
        let library =
            Arc::new(library.map_err(|error| ServerError::System {
                action: "read the courses",
                source: io::Error::other(error),
            })??);
        let metrics = Arc::new(Metrics::new());
        let workshop = Workshop { strength: config.strength, binary: config.worker.clone(), base: None };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers = config.workers.map_or(cores, usize::from);
        let desk = Arc::new(Desk::new(Parts {
            store: store.clone(),
            library: Arc::clone(&library),
            metrics: Arc::clone(&metrics),
            workshop,
            catalogue: Catalogue::at(config.catalogue()),
            data: config.data.clone(),
            workers,
            room: config.queue,
            room_each: config.queue_each,
        }));
        let listener = TcpListener::bind(listen).await.map_err(|source| ServerError::Listen { listen, source })?;
        let address = listener.local_addr().map_err(|source| ServerError::Listen { listen, source })?;
        let (close, closing) = watch::channel(false);
        let app = App::new(config, store, library, metrics, Arc::clone(&desk), closing);
        let setup = app.prepare_setup().await?;
        desk.take_over().await?;
        let workers = desk.start().map_err(|source| ServerError::System { action: "start a worker", source })?;
        Ok(Self { app, listener, address, setup, close, workers, serving })
    }

    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the link by which the first account is made, if there is none yet. It works once.
    pub fn setup_link(&self) -> Option<String> {
        let token = self.setup.as_ref()?.reveal();
        Some(format!("{}/setup#{token}", self.origin()))
    }

    /// Returns the address that a browser is to be given.
    pub fn origin(&self) -> String {
        let config = &self.app.config;
        match config.hosts.first().filter(|_| config.behind_tls) {
            Some(host) => format!("https://{host}"),
            None => format!("http://{}", self.address),
        }
    }

    /// Answers until `ended` comes, lets what is under way come to an end, and puts everything away. What runs is ended
    /// and begins again at the next start.
    pub async fn run(self, ended: impl Future<Output = ()>) {
        let Self { app, listener, close, workers, serving, .. } = self;
        let sweeping = tokio::spawn(sweep(app.clone()));
        let desk = Arc::clone(&app.desk);
        let closing = async move {
            ended.await;
            tracing::info!("ending");
            close.send_replace(true);
            desk.close();
        };
        connections::serve(listener, router::router(app.clone()), app.config.patience, closing).await;
        sweeping.abort();
        app.desk.close();
        let joined = tokio::task::spawn_blocking(move || workers.into_iter().for_each(|worker| drop(worker.join())));
        if tokio::time::timeout(PATIENCE, joined).await.is_err() {
            tracing::warn!("a worker did not come to an end");
        }
        app.store.close().await;
        drop(serving);
    }
}

/// Removes what has had its time: sessions that ended, and what runs told a season ago.
async fn sweep(app: App) {
    const SEASON: Duration = Duration::from_secs(90 * 24 * 60 * 60);
    let mut hourly = tokio::time::interval(Duration::from_secs(60 * 60));
    loop {
        hourly.tick().await;
        let before = lyceum_store::now() - i64::try_from(SEASON.as_millis()).unwrap_or(i64::MAX);
        let swept = async {
            app.store.sessions().sweep().await?;
            while app.store.events().prune(before, 100).await? > 0 {}
            Ok::<(), lyceum_store::Error>(())
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "old things could not be removed");
        }
    }
}

/// Makes the data folder, and has nobody else on this machine read the database, whoever may look into the folder.
fn make_private(folder: &Path, database: Option<&Path>) -> io::Result<()> {
    if !folder.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    if let Some(database) = database {
        // SQLite gives the files beside it the same permissions.
        let file = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(database)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
