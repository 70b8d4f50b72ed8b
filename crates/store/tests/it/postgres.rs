//! A PostgreSQL server for the tests: made in a temporary folder, reached by a Unix socket in it alone, and gone with
//! it. A server refuses to run as root, so root's tests start it as another user.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use lyceum_store::Location;

/// If this is set, the tests fail where there is no PostgreSQL.
const REQUIRED: &str = "LYCEUM_REQUIRE_POSTGRES";

/// A running server, which ends with this.
pub(crate) struct Server {
    programs: PathBuf,
    user: Option<User>,
    folder: tempfile::TempDir,
    databases: AtomicU32,
}

#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Server {
    /// Starts a server, or says aloud why there is none.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os(REQUIRED).is_none(), "{REQUIRED} is set, and there is no initdb");
            // Not by a macro, whose output the test harness would keep to itself.
            let _ = writeln!(std::io::stderr(), "SKIPPED: nothing was tested on PostgreSQL: there is no initdb here");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("lyceum-pg-").tempdir().unwrap();
        let user = rustix::process::geteuid().is_root().then(unprivileged);
        if let Some(user) = user {
            chown(folder.path(), Some(user.uid), Some(user.gid)).unwrap();
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let server = Self { programs, user, folder, databases: AtomicU32::new(0) };
        let data = server.folder.path().join("data");
        server.run(
            Command::new(server.programs.join("initdb"))
                .args(["--username=lyceum", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
                .arg(&data),
        );
        let socket = server.folder.path().display();
        let options =
            format!("-c listen_addresses='' -c unix_socket_directories='{socket}' -c max_connections=60 -c fsync=off");
        server.run(
            Command::new(server.programs.join("pg_ctl"))
                .args(["start", "-w", "-t", "60", "-o", &options, "-l"])
                .arg(server.folder.path().join("log"))
                .arg("-D")
                .arg(&data),
        );
        Some(server)
    }

    /// Makes an empty database.
    pub(crate) fn database(&self) -> Location {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run(
            Command::new(self.programs.join("createdb"))
                .args(["--username=lyceum", &name, "-h"])
                .arg(self.folder.path()),
        );
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        Location::Url(format!("postgres://lyceum@{socket}/{name}"))
    }

    fn run(&self, command: &mut Command) -> Output {
        let program = command.get_program().to_owned();
        let mut as_user = match self.user {
            None => Command::new(&program),
            Some(User { uid, gid }) => {
                let mut setpriv = Command::new("setpriv");
                setpriv.args([format!("--reuid={uid}"), format!("--regid={gid}")]).arg("--clear-groups");
                setpriv.arg(&program);
                setpriv
            }
        };
        // The server that `pg_ctl` leaves behind must not hold on to the tests' standard streams.
        let log = std::fs::File::create(self.folder.path().join("output")).unwrap();
        let output = as_user
            .args(command.get_args())
            .current_dir(self.folder.path())
            .stdin(std::process::Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .output()
            .unwrap();
        let said = std::fs::read_to_string(self.folder.path().join("output")).unwrap_or_default();
        assert!(output.status.success(), "{program:?} failed: {said}");
        output
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        self.run(Command::new(self.programs.join("pg_ctl")).args(["stop", "-w", "-m", "immediate", "-D"]).arg(data));
    }
}

/// Finds the folder with PostgreSQL's programs: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let has_both = |folder: &PathBuf| ["initdb", "pg_ctl", "createdb"].iter().all(|name| folder.join(name).exists());
    let on_path = std::env::var_os("PATH");
    let on_path = on_path.iter().flat_map(std::env::split_paths);
    let versions = std::fs::read_dir(Path::new("/usr/lib/postgresql")).into_iter().flatten().flatten();
    on_path.chain(versions.map(|version| version.path().join("bin"))).find(has_both)
}

/// Returns a user without rights: that of Debian's package, or nobody.
fn unprivileged() -> User {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of_postgres = users.lines().find_map(|line| {
        let mut fields = line.strip_prefix("postgres:")?.split(':').skip(1);
        Some(User { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    });
    of_postgres.unwrap_or(User { uid: 65534, gid: 65534 })
}
