//! Downloads a published set: with resume, with several addresses, and with a sum that is known
//! beforehand.
//!
//! What has arrived of a file waits in `.downloads/SHA256.part` in the catalogue's folder, so an
//! interrupted download goes on where it stopped, tomorrow too. Only when every file is complete and
//! has the known SHA-256 does the set go through the same checks as an import, into the catalogue.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use ureq::{Agent, Body, http};

use crate::{
    Catalogue, Error, ImportOptions, Result,
    catalogue::{LocalSet, check_name},
    error::Attempt,
    import::{Source, sha256_of},
    published::{Published, PublishedFile},
};

/// How often an address is asked again after an attempt that brought nothing new.
const RETRIES: u32 = 3;

/// How a set is pulled.
#[derive(Clone, Debug)]
pub struct PullOptions {
    /// A folder on the web that is asked instead of the known ones.
    pub from: Option<String>,
    /// Whether a set of the same name gives way.
    pub replace: bool,
    /// The wait before the first repetition; it doubles with each further one.
    pub patience: Duration,
}

impl Default for PullOptions {
    fn default() -> Self {
        Self { from: None, replace: false, patience: Duration::from_millis(500) }
    }
}

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file that is being fetched.
    pub file: &'a str,
    /// How many bytes of the set are here.
    pub done: u64,
    /// How many bytes the set has.
    pub total: u64,
}

impl Catalogue {
    /// Downloads a published set into the catalogue.
    ///
    /// # Errors
    /// When no address gives a file, or gives one of another size or SHA-256 than is known, or the
    /// set is there already. Then the catalogue is as it was; what has arrived of a good file is kept
    /// for the next attempt.
    pub fn pull(
        &self,
        set: &Published,
        options: &PullOptions,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<LocalSet> {
        check_name(set.name)?;
        let home = self.home()?;
        if !options.replace && home.join(set.name).exists() {
            return Err(Error::Exists { name: set.name.into() });
        }
        let downloads = home.join(".downloads");
        fs::create_dir_all(&downloads).map_err(Error::io("create", &downloads))?;

        let result = self.pull_into(&downloads, set, options, progress);
        // It stays when there is something in it to go on with.
        let _ = fs::remove_dir(&downloads);
        result
    }

    fn pull_into(
        &self,
        downloads: &Path,
        set: &Published,
        options: &PullOptions,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<LocalSet> {
        let mut sources = Vec::new();
        let mut before = 0;
        for file in set.files {
            let mut part = Part::open(downloads, file)?;
            let mut report = |done| progress(Progress { file: file.name, done: before + done, total: set.bytes() });
            part.fetch(&addresses(set, options, file), options.patience, &mut report)?;
            before += file.bytes;
            sources.push((part, file));
        }
        let files: Vec<Source> = sources
            .iter()
            .map(|(part, file)| Source {
                role: file.role,
                path: part.path.clone(),
                name: file.name.into(),
                shown: file.name.into(),
            })
            .collect();
        let import = ImportOptions { card: set.card(), replace: options.replace, ..ImportOptions::default() };
        let local = self.install(set.name, &files, &import)?;
        for (part, _) in sources {
            // A leftover is only space: the next pull of the same file would use it.
            let _ = fs::remove_file(&part.path);
        }
        Ok(local)
    }
}

fn addresses(set: &Published, options: &PullOptions, file: &PublishedFile) -> Vec<String> {
    let join = |folder: &str| format!("{}/{}", folder.trim_end_matches('/'), file.name);
    match &options.from {
        Some(folder) => vec![join(folder)],
        None => set.mirrors.iter().map(|folder| join(folder)).collect(),
    }
}

/// What has arrived of a file.
struct Part<'a> {
    known: &'a PublishedFile,
    path: PathBuf,
    /// Locked, so that two downloads do not write the same file.
    file: File,
}

/// Why an attempt brought no complete file.
enum Failure {
    /// Asking again may help.
    Passing(String),
    /// The address does not have the file.
    Final(String),
    /// Our own disk failed.
    Disk(io::Error),
}

impl<'a> Part<'a> {
    fn open(downloads: &Path, known: &'a PublishedFile) -> Result<Self> {
        let path = downloads.join(format!("{}.part", known.sha256));
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(Error::io("write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { known, path, file }),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { file: known.name.into() }),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", &path)(error)),
        }
    }

    /// Fetches what is missing, from the first address that gives it.
    fn fetch(&mut self, addresses: &[String], patience: Duration, progress: &mut dyn FnMut(u64)) -> Result<()> {
        let mut attempts = Vec::new();
        for url in addresses {
            match self.fetch_from(url, patience, progress)? {
                None => return Ok(()),
                Some(reason) => attempts.push(Attempt { url: url.clone(), reason }),
            }
        }
        Err(Error::Download { file: self.known.name.into(), attempts })
    }

    /// Fetches what is missing from one address. Returns why it gave nothing, or `None` when the file
    /// is complete.
    fn fetch_from(&mut self, url: &str, patience: Duration, progress: &mut dyn FnMut(u64)) -> Result<Option<String>> {
        let (mut idle, mut started_again) = (0, false);
        loop {
            let had = self.arrived()?;
            if had == self.known.bytes {
                let Some(reason) = self.check()? else {
                    progress(had);
                    return Ok(None);
                };
                // What is on the disk is wrong from somewhere on, and may be older than this attempt.
                self.file.set_len(0).map_err(Error::io("write", &self.path))?;
                if started_again {
                    return Ok(Some(reason));
                }
                started_again = true;
                continue;
            }
            match self.attempt(url, had, progress) {
                Ok(()) => {}
                Err(Failure::Disk(error)) => return Err(Error::io("write", &self.path)(error)),
                Err(Failure::Final(reason)) => return Ok(Some(reason)),
                Err(Failure::Passing(reason)) => {
                    idle = if self.arrived()? > had { 0 } else { idle + 1 };
                    if idle > RETRIES {
                        return Ok(Some(reason));
                    }
                    thread::sleep(patience * 2u32.saturating_pow(idle.saturating_sub(1)));
                }
            }
        }
    }

    fn arrived(&self) -> Result<u64> {
        Ok(self.file.metadata().map_err(Error::io("read", &self.path))?.len())
    }

    /// Says what is wrong with a file that has arrived in full.
    fn check(&self) -> Result<Option<String>> {
        let found = sha256_of(&self.path)?;
        let expected = self.known.sha256;
        Ok((found != expected).then(|| format!("expected a file with the SHA-256 {expected}, found {found}")))
    }

    /// Asks an address once for what is missing.
    fn attempt(&mut self, url: &str, had: u64, progress: &mut dyn FnMut(u64)) -> Result<(), Failure> {
        let mut request = agent().get(url).header("accept-encoding", "identity");
        if had > 0 {
            request = request.header("range", format!("bytes={had}-"));
        }
        let response = request.call().map_err(|error| match error {
            ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) | ureq::Error::Http(_) => {
                Failure::Final(error.to_string())
            }
            _ => Failure::Passing(error.to_string()),
        })?;
        let start = self.start(&response, had)?;
        self.store(response.into_body(), start, progress)
    }

    /// Returns the byte at which the body of a response starts.
    fn start(&mut self, response: &http::Response<Body>, had: u64) -> Result<u64, Failure> {
        let known = self.known.bytes;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let status = response.status();
        let (start, whole) = match status.as_u16() {
            200 => (0, header("content-length").and_then(|length| length.parse::<u64>().ok())),
            206 => {
                let range = header("content-range").unwrap_or_default();
                let Some((start, whole)) = parse_range(range) else {
                    return Err(Failure::Final(format!(
                        "expected an answer from byte {had} on, found the range {range:?}"
                    )));
                };
                if start > had {
                    return Err(Failure::Final(format!(
                        "expected an answer from byte {had} on, found one from byte {start} on"
                    )));
                }
                (start, whole)
            }
            // The server has nothing behind what is here, so what is here is of another file.
            416 => {
                self.file.set_len(0).map_err(Failure::Disk)?;
                return Err(Failure::Passing("the file there is shorter than what has arrived".into()));
            }
            408 | 425 | 429 | 500..=599 => {
                return Err(Failure::Passing(format!("the server answered {status}")));
            }
            _ => return Err(Failure::Final(format!("the server answered {status}"))),
        };
        match whole {
            Some(whole) if whole != known => {
                Err(Failure::Final(format!("expected a file of {known} bytes, found {whole}")))
            }
            _ => Ok(start),
        }
    }

    /// Writes a body behind `start`, and no more than the file is known to have.
    fn store(&mut self, body: Body, start: u64, progress: &mut dyn FnMut(u64)) -> Result<(), Failure> {
        let known = self.known.bytes;
        self.file.set_len(start).map_err(Failure::Disk)?;
        self.file.seek(SeekFrom::Start(start)).map_err(Failure::Disk)?;
        let mut body = body.into_reader().take(known - start + 1);
        let mut buffer = vec![0; 1 << 16];
        let mut done = start;
        progress(done);
        loop {
            let read = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(Failure::Passing(format!("the connection broke: {error}")));
                }
            };
            if done + read as u64 > known {
                self.file.set_len(0).map_err(Failure::Disk)?;
                return Err(Failure::Final(format!("expected a file of {known} bytes, found more")));
            }
            self.file.write_all(&buffer[..read]).map_err(Failure::Disk)?;
            done += read as u64;
            progress(done);
        }
        if done == known {
            return Ok(());
        }
        Err(Failure::Passing(format!("the connection ended after {done} of {known} bytes")))
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if self.arrived().is_ok_and(|bytes| bytes == 0) {
            // An empty file that stays is only untidy.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Reads `bytes START-END/WHOLE`.
fn parse_range(range: &str) -> Option<(u64, Option<u64>)> {
    let (bounds, whole) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = bounds.split_once('-')?;
    Some((start.trim().parse().ok()?, whole.trim().parse().ok()))
}

fn agent() -> Agent {
    Agent::config_builder()
        .user_agent(concat!("lyceum/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_recv_response(Some(Duration::from_secs(30)))
        // A connection that only trickles is given up and continued on a new one.
        .timeout_recv_body(Some(Duration::from_secs(300)))
        .build()
        .new_agent()
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader},
        net::{TcpListener, TcpStream},
        sync::{Arc, Mutex},
    };

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::{Content, Split, manifest::Role};

    const TEXT: &str = "To be, or not to be: that is the question.\n";

    /// What the server does with the next request.
    #[derive(Clone, Copy, Debug)]
    enum Answer {
        Good,
        /// The body without regard to a range.
        Whole,
        /// The headers and so many bytes of the body, then nothing.
        CutAfter(usize),
        Status(&'static str),
        /// Other bytes of the same length.
        Wrong,
        Longer,
        /// A body that does not end where it should, without a length.
        Endless,
        HangUp,
        BadRange,
    }

    /// A server in this process; it answers as it is told and remembers the ranges it was asked for.
    struct Server {
        url: String,
        ranges: Arc<Mutex<Vec<Option<u64>>>>,
    }

    impl Server {
        fn start(body: Vec<u8>, answers: Vec<Answer>) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}/data", listener.local_addr().unwrap());
            let ranges = Arc::new(Mutex::new(Vec::new()));
            let seen = Arc::clone(&ranges);
            thread::spawn(move || {
                let mut answers = answers.into_iter();
                for stream in listener.incoming() {
                    let answer = answers.next().unwrap_or(Answer::Status("404 Not Found"));
                    serve(stream.unwrap(), &body, answer, &seen);
                }
            });
            Self { url, ranges }
        }

        fn ranges(&self) -> Vec<Option<u64>> {
            self.ranges.lock().unwrap().clone()
        }
    }

    fn serve(mut stream: TcpStream, body: &[u8], answer: Answer, seen: &Mutex<Vec<Option<u64>>>) {
        let mut range = None;
        for line in BufReader::new(stream.try_clone().unwrap()).lines() {
            let line = line.unwrap().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(from) = line.strip_prefix("range: bytes=") {
                range = from.trim_end_matches('-').parse::<usize>().ok();
            }
        }
        seen.lock().unwrap().push(range.map(|start| start as u64));
        let start = range.unwrap_or(0).min(body.len());
        let whole = body.len();
        let head = |status: &str, length: usize, more: &str| {
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{more}\r\n").into_bytes()
        };
        let part = match range {
            Some(_) => head(
                "206 Partial Content",
                whole - start,
                &format!("content-range: bytes {start}-{}/{whole}\r\n", whole - 1),
            ),
            None => head("200 OK", whole, ""),
        };
        let bytes = match answer {
            Answer::Good => [part, body[start..].to_vec()].concat(),
            Answer::Whole => [head("200 OK", whole, ""), body.to_vec()].concat(),
            Answer::CutAfter(count) => [part, body[start..start + count].to_vec()].concat(),
            Answer::Status(status) => head(status, 0, ""),
            Answer::Wrong => [part, vec![b'x'; whole - start]].concat(),
            Answer::Longer => head("200 OK", whole + 1, ""),
            Answer::Endless => [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec(), vec![b'x'; 1 << 20]].concat(),
            Answer::HangUp => Vec::new(),
            Answer::BadRange => head("206 Partial Content", 1, "content-range: bytes 7-7/8\r\n"),
        };
        // The client may have hung up already.
        let _ = stream.write_all(&bytes);
    }

    fn published(body: &[u8]) -> Published {
        let sha256: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        let files = vec![PublishedFile {
            role: Role::Text,
            name: "input.txt",
            bytes: body.len() as u64,
            sha256: sha256.leak(),
        }];
        Published {
            name: "play",
            title: "A play",
            description: "",
            licence: "public domain",
            source: "",
            mirrors: &[],
            files: files.leak(),
            class_names: &[],
        }
    }

    struct Pulled {
        result: Result<LocalSet>,
        ranges: Vec<Option<u64>>,
        left: Vec<String>,
    }

    fn pull_into(home: &Path, answers: &[Answer]) -> Pulled {
        let server = Server::start(TEXT.into(), answers.to_vec());
        let options = PullOptions {
            from: Some(server.url.clone()),
            patience: Duration::from_millis(1),
            ..PullOptions::default()
        };
        let mut last = 0;
        let set = published(TEXT.as_bytes());
        let result = Catalogue::at(home).pull(&set, &options, &mut |progress| {
            assert_eq!(progress.total, TEXT.len() as u64);
            assert!(progress.done <= progress.total);
            last = progress.done;
        });
        if result.is_ok() {
            assert_eq!(last, TEXT.len() as u64);
        }
        let mut left: Vec<String> =
            fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        Pulled { result, ranges: server.ranges(), left }
    }

    fn pull(answers: &[Answer]) -> Pulled {
        pull_into(tempfile::tempdir().unwrap().path(), answers)
    }

    fn failure(answers: &[Answer]) -> String {
        let pulled = pull(answers);
        assert!(pulled.left.iter().all(|name| name == ".downloads"));
        pulled.result.unwrap_err().to_string()
    }

    #[test]
    fn a_set_arrives_and_can_be_loaded() {
        let home = tempfile::tempdir().unwrap();
        let pulled = pull_into(home.path(), &[Answer::Good]);
        assert_eq!(pulled.result.unwrap().summary().to_string(), "text of 43 characters");
        assert_eq!(pulled.left, ["play"]);
        let content = Catalogue::at(home.path()).load("play", Split::All).unwrap();
        assert_eq!(content, Content::Text(TEXT.into()));
        assert!(matches!(pull_into(home.path(), &[]).result, Err(Error::Exists { .. })));
    }

    #[test]
    fn a_broken_download_goes_on_where_it_stopped() {
        let pulled = pull(&[Answer::CutAfter(10), Answer::CutAfter(5), Answer::Good]);
        assert!(pulled.result.is_ok());
        assert_eq!(pulled.ranges, [None, Some(10), Some(15)]);
    }

    #[test]
    fn a_later_process_goes_on_as_well() {
        let home = tempfile::tempdir().unwrap();
        let first = pull_into(home.path(), &[Answer::CutAfter(20), Answer::Status("404 Not Found")]);
        assert!(first.result.is_err());
        assert_eq!(first.left, [".downloads"]);
        let second = pull_into(home.path(), &[Answer::Good]);
        assert!(second.result.is_ok());
        assert_eq!(second.ranges, [Some(20)]);
        assert_eq!(second.left, ["play"]);
    }

    #[test]
    fn a_server_that_ignores_the_range_is_read_from_the_start() {
        assert!(pull(&[Answer::CutAfter(10), Answer::Whole]).result.is_ok());
    }

    #[test]
    fn passing_failures_are_tried_again() {
        let busy = Answer::Status("503 Service Unavailable");
        assert!(pull(&[busy, Answer::HangUp, Answer::Status("429 Too Many Requests"), Answer::Good]).result.is_ok());
        let error = failure(&[busy; 9]);
        assert!(error.contains("the server answered 503"), "{error}");
        assert_eq!(pull(&[busy; 9]).ranges.len(), 4);
    }

    #[test]
    fn an_address_without_the_file_is_not_asked_twice() {
        let pulled = pull(&[Answer::Status("404 Not Found"), Answer::Good]);
        let error = pulled.result.unwrap_err();
        assert!(error.to_string().contains("the server answered 404 Not Found"), "{error}");
        assert!(error.hint().unwrap().contains("--from"));
        assert_eq!(pulled.ranges.len(), 1);
        assert_eq!(pulled.left, [""; 0]);
    }

    #[test]
    fn other_bytes_than_the_published_ones_are_refused() {
        let error = failure(&[Answer::Wrong, Answer::Wrong]);
        assert!(error.contains("expected a file with the SHA-256"), "{error}");
        assert!(failure(&[Answer::Longer]).contains("expected a file of 43 bytes, found 44"));
        assert!(failure(&[Answer::Endless]).contains("found more"));
        assert!(failure(&[Answer::CutAfter(3), Answer::BadRange]).contains("from byte 7 on"));
    }

    #[test]
    fn a_damaged_part_is_thrown_away_and_fetched_again() {
        let home = tempfile::tempdir().unwrap();
        pull_into(home.path(), &[Answer::CutAfter(20), Answer::Status("404 Not Found")]);
        let part = fs::read_dir(home.path().join(".downloads")).unwrap().next().unwrap().unwrap().path();
        fs::write(&part, vec![b'?'; 20]).unwrap();
        let pulled = pull_into(home.path(), &[Answer::Good, Answer::Good]);
        assert!(pulled.result.is_ok());
        assert_eq!(pulled.ranges, [Some(20), None]);
    }

    #[test]
    fn two_downloads_of_a_file_do_not_mix() {
        let folder = tempfile::tempdir().unwrap();
        let set = published(TEXT.as_bytes());
        let _first = Part::open(folder.path(), &set.files[0]).unwrap();
        assert!(matches!(Part::open(folder.path(), &set.files[0]), Err(Error::Busy { .. })));
    }

    #[test]
    fn an_address_that_is_none_is_said_at_once() {
        let home = tempfile::tempdir().unwrap();
        for from in ["", "nowhere", "ftp://example.org", "http://"] {
            let options = PullOptions { from: Some(from.into()), patience: Duration::ZERO, replace: false };
            let set = published(TEXT.as_bytes());
            let result = Catalogue::at(home.path()).pull(&set, &options, &mut |_| {});
            assert!(matches!(result, Err(Error::Download { .. })), "{from}");
        }
    }

    #[test]
    fn ranges_are_read() {
        assert_eq!(parse_range("bytes 10-19/43"), Some((10, Some(43))));
        assert_eq!(parse_range("bytes 10-19/*"), Some((10, None)));
        for bad in ["", "bytes", "bytes */43", "bytes x-1/3", "lines 1-2/3"] {
            assert_eq!(parse_range(bad), None, "{bad}");
        }
    }
}
