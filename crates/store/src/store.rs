//! The store itself: connections, transactions, and the way to each entity.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};

use crate::location::{self, Location};
use crate::log::Log;
use crate::{
    Accounts, Audit, Cohorts, Drafts, Error, Events, Grades, Invitations, Progress, Reports, Result, Sessions,
    Submissions, migrations,
};

/// How many connections read from SQLite. Each has a thread and a cache of its own.
const SQLITE_READERS: u32 = 4;
/// How many connections there are to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 10;
/// How long a call waits for a connection.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether another process has opened the database.
const GLANCE: Duration = Duration::from_millis(10);

/// The store. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    location: Location,
    /// SQLite has one writer at a time, so there is one connection that writes: callers wait in a fair queue here
    /// instead of polling for the file's lock. With PostgreSQL both are the same pool.
    writer: AnyPool,
    reader: AnyPool,
    /// SQLite's log, which is flushed before a write is acknowledged. PostgreSQL flushes its own.
    log: Option<Arc<Log>>,
    /// Held while SQLite's file is open, so that nobody puts another in its place.
    open: Mutex<Option<File>>,
}

/// A transaction that writes.
pub(crate) struct Writing {
    transaction: Transaction<'static, Any>,
    log: Option<Arc<Log>>,
}

impl Writing {
    /// Ends it. When this returns, what it wrote is kept.
    pub(crate) async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        match self.log {
            Some(log) => log.flush().await,
            None => Ok(()),
        }
    }
}

impl Deref for Writing {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

/// Says that this process is the one server of a database, for as long as it is kept.
#[derive(Debug)]
pub struct Serving {
    _file: Option<File>,
    _connection: Option<AnyConnection>,
}

/// What an operator sees of the database.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Facts {
    /// `SQLite` or `PostgreSQL`.
    pub database: &'static str,
    /// The database's own version.
    pub version: String,
    /// The version of the tables.
    pub schema: i64,
    /// How much it takes on disk.
    pub bytes: u64,
}

impl Store {
    /// Opens the database, which is made if it is missing, and brings its tables up to date.
    pub async fn open(location: &Location) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let (writer, reader, log, open) = match location {
            Location::Folder(folder) => {
                make_folder(folder)?;
                let open = lock_shared(folder)?;
                // Two processes that open a new folder at once would both make its tables.
                let _turn = wait_for_turn(folder).await?;
                let url = location::sqlite(&folder.join(location::FILE), "rwc")?;
                let writer = sqlite(1, false).connect(&url).await?;
                migrations::run(&writer).await?;
                let reader = sqlite(SQLITE_READERS, true).connect(&url).await?;
                (writer, reader, Some(Arc::new(Log::open(folder).await?)), Some(open))
            }
            Location::Url(url) => {
                let pool = AnyPoolOptions::new()
                    .max_connections(POSTGRES_CONNECTIONS)
                    .acquire_timeout(PATIENCE)
                    .after_connect(|connection, _| {
                        Box::pin(async move { connection.execute(location::POSTGRES).await.map(drop) })
                    })
                    .connect(location::postgres(url)?)
                    .await?;
                migrations::run(&pool).await?;
                (pool.clone(), pool, None, None)
            }
        };
        Ok(Self { inner: Arc::new(Inner { location: location.clone(), writer, reader, log, open: Mutex::new(open) }) })
    }

    /// Makes this process the one that serves the database and runs what was sent. Fails if there is one already. A
    /// process that ends, in whatever way, serves no more.
    pub async fn serve_alone(&self) -> Result<Serving> {
        match self.location() {
            Location::Folder(folder) => {
                let file = lock_file(folder, "serving.lock")?;
                match file.try_lock() {
                    Ok(()) => Ok(Serving { _file: Some(file), _connection: None }),
                    Err(TryLockError::WouldBlock) => Err(Error::Served),
                    Err(TryLockError::Error(source)) => Err(cannot("lock", folder, source)),
                }
            }
            Location::Url(url) => {
                let mut connection = AnyConnection::connect(location::postgres(url)?).await?;
                let locked: bool = sqlx::query_scalar(POSTGRES_SERVING).fetch_one(&mut connection).await?;
                match locked {
                    true => Ok(Serving { _file: None, _connection: Some(connection) }),
                    false => Err(Error::Served),
                }
            }
        }
    }

    /// Returns where the database is.
    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// Closes the connections, after what is under way. SQLite then leaves one file.
    pub async fn close(&self) {
        self.inner.reader.close().await;
        self.inner.writer.close().await;
        self.inner.open.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(self.reader()).await?;
        Ok(())
    }

    /// Tells what the database is and how large.
    pub async fn facts(&self) -> Result<Facts> {
        let (database, version, bytes) = match self.location() {
            Location::Folder(_) => ("SQLite", "SELECT sqlite_version()", SQLITE_BYTES),
            Location::Url(_) => ("PostgreSQL", "SELECT current_setting('server_version')", POSTGRES_BYTES),
        };
        let version: String = sqlx::query_scalar(version).fetch_one(self.reader()).await?;
        let bytes: i64 = sqlx::query_scalar(bytes).fetch_one(self.reader()).await?;
        Ok(Facts { database, version, schema: migrations::NEWEST, bytes: bytes.max(0) as u64 })
    }

    /// Accounts.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts(self)
    }

    /// Sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Invitations.
    pub fn invitations(&self) -> Invitations<'_> {
        Invitations(self)
    }

    /// Answers to questions, and where learners are in their units.
    pub fn progress(&self) -> Progress<'_> {
        Progress(self)
    }

    /// What learners are writing.
    pub fn drafts(&self) -> Drafts<'_> {
        Drafts(self)
    }

    /// Programs that were sent.
    pub fn submissions(&self) -> Submissions<'_> {
        Submissions(self)
    }

    /// What submissions are worth.
    pub fn grades(&self) -> Grades<'_> {
        Grades(self)
    }

    /// What runs tell.
    pub fn events(&self) -> Events<'_> {
        Events(self)
    }

    /// Groups of learners.
    pub fn cohorts(&self) -> Cohorts<'_> {
        Cohorts(self)
    }

    /// What instructors want to know.
    pub fn reports(&self) -> Reports<'_> {
        Reports(self)
    }

    /// Who did what.
    pub fn audit(&self) -> Audit<'_> {
        Audit(self)
    }

    pub(crate) fn reader(&self) -> &AnyPool {
        &self.inner.reader
    }

    /// Starts a transaction whose writes last when it is committed, through a loss of power as well.
    pub(crate) async fn begin(&self) -> Result<Writing> {
        self.begin_with(true, "BEGIN").await
    }

    /// Starts a transaction that writes several things of one account. With PostgreSQL it holds the account first, as
    /// its deletion does, so that neither waits for what the other holds.
    pub(crate) async fn begin_for(&self, account: &str) -> Result<Writing> {
        let mut transaction = self.begin().await?;
        if let Location::Url(_) = self.location() {
            sqlx::query(POSTGRES_HOLD).bind(account.to_owned()).execute(&mut *transaction).await?;
        }
        Ok(transaction)
    }

    /// Starts a transaction for what is written often and worth little: it lasts through the end of this process, in
    /// whatever way, but a loss of power may take the last moments of it. Nothing waits for the disk.
    pub(crate) async fn begin_lightly(&self) -> Result<Writing> {
        self.begin_with(false, "BEGIN; SET LOCAL synchronous_commit = off").await
    }

    /// SQLite takes its lock at once, so that no statement can fail because somebody wrote between a read and a write.
    async fn begin_with(&self, lasts: bool, postgres: &'static str) -> Result<Writing> {
        let begin = match self.location() {
            Location::Folder(_) => "BEGIN IMMEDIATE",
            Location::Url(_) => postgres,
        };
        let transaction = self.inner.writer.begin_with(begin).await?;
        Ok(Writing { transaction, log: if lasts { self.inner.log.clone() } else { None } })
    }

    /// Removes what was deleted from SQLite's log as well, where it would stay until other writes take its place. If
    /// somebody reads for so long that this cannot be done now, those writes will.
    pub(crate) async fn forget_deleted(&self) -> Result<()> {
        let Location::Folder(folder) = self.location() else { return Ok(()) };
        let mut connection = connect(&folder.join(location::FILE), "rw").await?;
        connection.execute("PRAGMA busy_timeout = 1000").await?;
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        Ok(connection.close().await?)
    }
}

/// Opens a connection to a file of SQLite beside the store's own.
pub(crate) async fn connect(file: &Path, mode: &str) -> Result<AnyConnection> {
    let mut connection = AnyConnection::connect(&location::sqlite(file, mode)?).await?;
    connection.execute("PRAGMA busy_timeout = 15000").await?;
    Ok(connection)
}

/// Makes the data folder, for its owner alone, unless it is there.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| cannot("make the folder", folder, source))
}

/// Takes the folder for this process alone, as long as the file is kept.
pub(crate) fn lock_alone(folder: &Path) -> Result<File> {
    let file = lock_file(folder, "lyceum.lock")?;
    locked(file.try_lock(), folder)?;
    Ok(file)
}

/// Waits until no other process is opening the folder's database.
async fn wait_for_turn(folder: &Path) -> Result<File> {
    let began = Instant::now();
    let file = lock_file(folder, "opening.lock")?;
    loop {
        match locked(file.try_lock(), folder) {
            Err(Error::InUse { .. }) if began.elapsed() < PATIENCE => tokio::time::sleep(GLANCE).await,
            result => return result.map(|()| file),
        }
    }
}

fn lock_shared(folder: &Path) -> Result<File> {
    let file = lock_file(folder, "lyceum.lock")?;
    locked(file.try_lock_shared(), folder)?;
    Ok(file)
}

fn locked(result: Result<(), TryLockError>, folder: &Path) -> Result<()> {
    result.map_err(|error| match error {
        TryLockError::WouldBlock => Error::InUse { path: folder.into() },
        TryLockError::Error(source) => cannot("lock", folder, source),
    })
}

fn lock_file(folder: &Path, name: &str) -> Result<File> {
    let path = folder.join(name);
    File::options().create(true).truncate(false).write(true).open(&path).map_err(|source| cannot("open", &path, source))
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Io { action, path: path.into(), source }
}

/// The number is the name of the lock, and no other's: the bytes of "lyceum".
const POSTGRES_SERVING: &str = "SELECT pg_try_advisory_lock(119199253918061)";
const POSTGRES_HOLD: &str = "SELECT id FROM accounts WHERE id = $1 FOR KEY SHARE";
const SQLITE_BYTES: &str = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
const POSTGRES_BYTES: &str = "SELECT pg_database_size(current_database())";

fn sqlite(connections: u32, reader: bool) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(location::SQLITE).await?;
                if reader {
                    connection.execute(location::SQLITE_READER).await?;
                }
                Ok(())
            })
        })
}
