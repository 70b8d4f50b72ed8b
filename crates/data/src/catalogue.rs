//! The catalogue: the built-in sets, and the sets in the user's data folder.
//!
//! The folder is `$LYCEUM_DATA_DIR`, else `$XDG_DATA_HOME/lyceum/data`, else
//! `~/.local/share/lyceum/data`. A set is a folder in it, named after the set, with the files and a
//! `set.json`. A set appears by one rename of a folder that is complete, so a reader never sees half
//! of one; names that start with a dot are work in progress and are not sets.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{
    Card, Content, Error, Result, Split, Summary, builtin,
    import::sha256_of,
    manifest::Manifest,
    published::{self, PUBLISHED},
    set::{self, SetFile},
};

/// The sets that can be loaded.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    home: Option<PathBuf>,
}

/// A set in the user's data folder.
#[derive(Clone, Debug)]
pub struct LocalSet {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    manifest: Manifest,
}

/// A line of the catalogue.
#[derive(Debug)]
pub struct Listing {
    /// The set's name.
    pub name: String,
    /// A line that says what it is.
    pub title: String,
    /// Whether it can be loaded.
    pub state: State,
}

/// Whether a set can be loaded.
#[derive(Debug)]
pub enum State {
    /// It is part of the binary.
    BuiltIn,
    /// It is in the user's data folder.
    Here,
    /// It would have to be pulled.
    ToPull {
        /// How much there is to fetch.
        bytes: u64,
    },
    /// It is in the user's data folder, but damaged.
    Damaged(Error),
}

/// What is known of a set without reading all of it.
#[derive(Debug)]
pub struct Description {
    /// The set's name.
    pub name: String,
    /// What a person should know of it.
    pub card: Card,
    /// What it holds, when it can be loaded.
    pub summary: Option<Summary>,
    /// Its folder, when it is in the user's data folder.
    pub folder: Option<PathBuf>,
    /// Whether its files are those that were published, when that can be told.
    pub as_published: Option<bool>,
}

impl Catalogue {
    /// Makes a catalogue of the built-in sets alone.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// Makes a catalogue of the built-in sets and those in `home`.
    pub fn at(home: impl Into<PathBuf>) -> Self {
        Self { home: Some(home.into()) }
    }

    /// Makes the catalogue that the environment variables name.
    pub fn from_env() -> Self {
        let variable = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = variable("LYCEUM_DATA_DIR")
            .or_else(|| variable("XDG_DATA_HOME").map(|folder| folder.join("lyceum/data")))
            .or_else(|| variable("HOME").map(|folder| folder.join(".local/share/lyceum/data")));
        Self { home }
    }

    /// Returns the folder of the sets that are not built in.
    ///
    /// # Errors
    /// When no environment variable names one.
    pub fn home(&self) -> Result<&Path> {
        self.home.as_deref().ok_or(Error::NoHome)
    }

    /// Lists all sets by name: the built-in ones, those in the folder, and those that can be pulled.
    ///
    /// # Errors
    /// When the folder cannot be read. A damaged set is listed as such.
    pub fn list(&self) -> Result<Vec<Listing>> {
        let mut listings: Vec<Listing> = builtin::BUILT_IN
            .iter()
            .map(|set| Listing { name: set.name.into(), title: set.card().title, state: State::BuiltIn })
            .collect();
        for name in self.local_names()? {
            listings.push(match self.local(&name) {
                Ok(set) => {
                    let title = match set.manifest.card.title {
                        title if title.is_empty() => set.manifest.summary.to_string(),
                        title => title,
                    };
                    Listing { name, title, state: State::Here }
                }
                Err(error) => Listing { name, title: String::new(), state: State::Damaged(error) },
            });
        }
        for set in PUBLISHED {
            if !listings.iter().any(|listing| listing.name == set.name) {
                let state = State::ToPull { bytes: set.bytes() };
                listings.push(Listing { name: set.name.into(), title: set.title.into(), state });
            }
        }
        listings.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listings)
    }

    /// Describes a set.
    ///
    /// # Errors
    /// When there is no set of that name, or it is damaged.
    pub fn describe(&self, name: &str) -> Result<Description> {
        if let Some(set) = builtin::find(name) {
            let content = set.load(Split::All).map_err(|problem| problem.in_file(name))?;
            return Ok(Description {
                name: name.into(),
                card: set.card(),
                summary: Some(content.summary()),
                folder: None,
                as_published: None,
            });
        }
        match self.local(name) {
            Ok(set) => Ok(Description {
                as_published: published::find(name).map(|_| set.manifest.as_published),
                name: set.name,
                card: set.manifest.card,
                summary: Some(set.manifest.summary),
                folder: Some(set.folder),
            }),
            Err(Error::NotPulled { name }) => Ok(Description {
                card: published::find(&name).map(published::Published::card).unwrap_or_default(),
                name,
                summary: None,
                folder: None,
                as_published: None,
            }),
            Err(error) => Err(error),
        }
    }

    /// Loads a part of a set.
    ///
    /// # Errors
    /// When there is no set of that name, it has no such part, or its files are not those that were
    /// imported.
    pub fn load(&self, name: &str, split: Split) -> Result<Content> {
        match builtin::find(name) {
            Some(set) => set.load(split).map_err(|problem| problem.in_file(name)),
            None => self.local(name)?.load(split),
        }
    }

    /// Returns what a person should know of a set.
    ///
    /// # Errors
    /// When there is no set of that name, or it is damaged.
    pub fn card(&self, name: &str) -> Result<Card> {
        match builtin::find(name) {
            Some(set) => Ok(set.card()),
            None => Ok(self.local(name)?.manifest.card),
        }
    }

    /// Returns the set of that name in the folder.
    pub(crate) fn local(&self, name: &str) -> Result<LocalSet> {
        if check_name(name).is_ok()
            && let Some(home) = &self.home
        {
            let folder = home.join(name);
            if folder.is_dir() {
                let manifest = Manifest::read(&folder)?;
                return Ok(LocalSet { name: name.into(), folder, manifest });
            }
        }
        if published::find(name).is_some() {
            return Err(Error::NotPulled { name: name.into() });
        }
        Err(Error::Unknown { name: name.into(), near: self.nearest(name) })
    }

    fn local_names(&self) -> Result<Vec<String>> {
        let Some(home) = &self.home else {
            return Ok(Vec::new());
        };
        let entries = match fs::read_dir(home) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io("read", home)(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::io("read", home))?;
            if let Ok(name) = entry.file_name().into_string()
                && check_name(&name).is_ok()
                && builtin::find(&name).is_none()
                && entry.path().is_dir()
            {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Returns the known name that is closest to `name`, if one is close.
    fn nearest(&self, name: &str) -> Option<String> {
        let wanted = name.to_lowercase().replace([' ', '_'], "-");
        let mut known = self.local_names().unwrap_or_default();
        known.extend(builtin::BUILT_IN.iter().map(|set| set.name.to_owned()));
        known.extend(PUBLISHED.iter().map(|set| set.name.to_owned()));
        known
            .into_iter()
            .map(|known| (strsim::normalized_damerau_levenshtein(&wanted, &known.replace('_', "-")), known))
            .filter(|(similarity, _)| *similarity > 0.5)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, known)| known)
    }
}

impl LocalSet {
    /// Returns what it holds.
    pub fn summary(&self) -> &Summary {
        &self.manifest.summary
    }

    /// Says whether its files are the published ones, byte for byte.
    pub fn is_as_published(&self) -> bool {
        self.manifest.as_published
    }

    /// Reads a part of it, after a look at whether the files are those that were imported.
    fn load(&self, split: Split) -> Result<Content> {
        let mut files = Vec::new();
        for file in &self.manifest.files {
            let path = self.folder.join(&file.name);
            let found = fs::metadata(&path).map_err(Error::io("read", &path))?.len();
            if found != file.bytes {
                return Err(Error::WrongSize { path, expected: file.bytes, found });
            }
            let found = sha256_of(&path)?;
            if found != file.sha256 {
                return Err(Error::WrongHash { path, expected: file.sha256.clone(), found });
            }
            files.push(SetFile { role: file.role, shown: path.clone(), path });
        }
        set::read(&files, &self.manifest.table_options(), &self.manifest.class_names, split).map_err(
            |error| match error {
                Error::NoSplit { split, has, .. } => Error::NoSplit { name: self.name.clone(), split, has },
                error => error,
            },
        )
    }
}

/// Checks that a name can name a set: it is also the name of a folder.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let first = name.bytes().next();
    let good = name.len() <= 64
        && first.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.'));
    if good { Ok(()) } else { Err(Error::BadName { name: name.into() }) }
}

/// A folder in which a set is made ready. It disappears unless [`Staging::finish`] is reached.
pub(crate) struct Staging {
    folder: PathBuf,
    target: PathBuf,
    name: String,
    replace: bool,
    /// Whether the folder still has to be removed.
    pending: bool,
}

impl Staging {
    /// Starts a set, after clearing away what a process that was killed left behind.
    pub(crate) fn begin(home: &Path, name: &str, replace: bool) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let target = home.join(name);
        if !replace && target.exists() {
            return Err(Error::Exists { name: name.into() });
        }
        fs::create_dir_all(home).map_err(Error::io("create", home))?;
        sweep(home);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = home.join(format!(".import-{}-{number}", process::id()));
        fs::create_dir(&folder).map_err(Error::io("create", &folder))?;
        Ok(Self { folder, target, name: name.into(), replace, pending: true })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts the complete set in its place in one step.
    pub(crate) fn finish(mut self) -> Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;

        let rename = |flags| renameat_with(CWD, &self.folder, CWD, &self.target, flags);
        let mut result = rename(RenameFlags::NOREPLACE);
        if result == Err(Errno::EXIST) && self.replace {
            // The old set takes the new one's place in the staging folder, which is then removed.
            result = rename(RenameFlags::EXCHANGE);
        } else if result.is_ok() {
            self.pending = false;
        } else if matches!(result, Err(Errno::INVAL | Errno::NOSYS)) {
            // A file system without these flags: a plain rename still refuses a set that is there.
            result = fs::rename(&self.folder, &self.target)
                .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO));
            self.pending = result.is_err();
        }
        match result {
            Ok(()) => Ok(()),
            Err(Errno::EXIST | Errno::NOTEMPTY) => Err(Error::Exists { name: self.name.clone() }),
            Err(errno) => Err(Error::io("create", &self.target)(errno.into())),
        }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if self.pending {
            // Nothing can be done about a failure here; the next import sweeps it up.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Removes the staging folders of processes that are gone.
fn sweep(home: &Path) {
    let Ok(entries) = fs::read_dir(home) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(".import-")) else {
            continue;
        };
        let owner = rest.split('-').next().and_then(|id| id.parse::<u32>().ok());
        if owner.is_some_and(|id| id != process::id() && !Path::new(&format!("/proc/{id}")).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ImportOptions, Target, gzip::compress, idx};

    struct Scratch {
        folder: tempfile::TempDir,
        catalogue: Catalogue,
    }

    impl Scratch {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let catalogue = Catalogue::at(folder.path().join("home/data"));
            Self { folder, catalogue }
        }

        fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
            let path = self.folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            path
        }

        fn import(&self, name: &str, path: &Path) -> Result<LocalSet> {
            self.catalogue.import(name, path, &ImportOptions::default())
        }

        /// Everything in the catalogue's folder, the hidden things included.
        fn left(&self) -> Vec<String> {
            let Ok(entries) = fs::read_dir(self.catalogue.home().unwrap()) else {
                return Vec::new();
            };
            let mut names: Vec<String> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }

        fn mnist(&self, folder: &str, prefix: &str, count: u8, suffix: &str) {
            let pack = |bytes: Vec<u8>| {
                if suffix == ".gz" { compress(&bytes) } else { bytes }
            };
            let pixels = vec![7; usize::from(count) * 4];
            let labels: Vec<u8> = (0..count).collect();
            let images = pack(idx::write(&[count.into(), 2, 2], &pixels));
            self.write(&format!("{folder}/{prefix}-images-idx3-ubyte{suffix}"), &images);
            let labels = pack(idx::write(&[count.into()], &labels));
            self.write(&format!("{folder}/{prefix}-labels-idx1-ubyte{suffix}"), &labels);
        }
    }

    #[test]
    fn a_table_is_imported_and_loaded() {
        let scratch = Scratch::new();
        let path = scratch.write("flats.csv", b"id,rooms,rent\n1,2,900.5\n2,3,1200\n");
        let options = ImportOptions { drop: vec!["id".into()], ..ImportOptions::default() };
        let set = scratch.catalogue.import("flats", &path, &options).unwrap();
        assert_eq!(set.summary().to_string(), "2 rows, 1 features, predicts rent");
        let Content::Table(table) = scratch.catalogue.load("flats", Split::All).unwrap() else { panic!() };
        assert_eq!(table.target, Target::Numbers(vec![900.5, 1200.0]));
        assert_eq!(scratch.left(), ["flats"]);
        let names: Vec<String> = scratch.catalogue.list().unwrap().into_iter().map(|listing| listing.name).collect();
        assert_eq!(
            names,
            ["breast_cancer", "diabetes", "digits", "fashion-mnist", "flats", "iris", "mnist", "tinyshakespeare"]
        );
    }

    #[test]
    fn idx_files_are_imported_plain_and_compressed_in_one_or_two_parts() {
        let scratch = Scratch::new();
        scratch.mnist("plain", "t10k", 3, "");
        scratch.import("small", &scratch.folder.path().join("plain")).unwrap();
        let Content::Images { images, class_names } = scratch.catalogue.load("small", Split::Test).unwrap() else {
            panic!()
        };
        assert_eq!((images.count(), class_names), (3, vec!["0".into(), "1".into(), "2".into()]));
        let error = scratch.catalogue.load("small", Split::Train).unwrap_err().to_string();
        assert_eq!(error, "the data set \"small\" has no train part here; it has: test");

        scratch.mnist("both", "train", 5, ".gz");
        scratch.mnist("both", "t10k", 2, ".gz");
        scratch.import("both", &scratch.folder.path().join("both")).unwrap();
        let count = |split| match scratch.catalogue.load("both", split).unwrap() {
            Content::Images { images, .. } => images.count(),
            other => panic!("{other:?}"),
        };
        assert_eq!([Split::All, Split::Train, Split::Test].map(count), [7, 5, 2]);

        let one = scratch.folder.path().join("both/t10k-images-idx3-ubyte.gz");
        scratch.import("one", &one).unwrap();
        assert!(scratch.catalogue.load("one", Split::Train).is_err());
    }

    #[test]
    fn a_set_under_a_published_name_takes_its_card_and_is_not_called_published() {
        let scratch = Scratch::new();
        scratch.mnist("m", "t10k", 3, ".gz");
        let set = scratch.import("mnist", &scratch.folder.path().join("m")).unwrap();
        assert!(!set.is_as_published());
        assert_eq!(scratch.catalogue.describe("mnist").unwrap().as_published, Some(false));
        assert!(scratch.catalogue.card("mnist").unwrap().licence.contains("CC BY-SA"));
        // Labels beyond the ten digits cannot be MNIST.
        scratch.mnist("n", "t10k", 12, "");
        let error = scratch.import("fashion-mnist", &scratch.folder.path().join("n")).unwrap_err();
        assert!(error.to_string().ends_with("expected labels from 0 to 9, found 10 for image 10"));
    }

    #[test]
    fn a_failed_import_leaves_nothing_behind_and_names_the_users_file() {
        let scratch = Scratch::new();
        let bad = scratch.write("bad.csv", b"a,b\n1,2\n1\n");
        let error = scratch.import("bad", &bad).unwrap_err().to_string();
        assert_eq!(error, format!("{}: line 3: expected 2 columns, as in the header, found 1", bad.display()));
        let empty = scratch.write("empty/readme.md", b"hello");
        assert!(scratch.import("bad", empty.parent().unwrap()).is_err());
        assert!(scratch.import("bad", Path::new("/nowhere.csv")).is_err());
        assert!(scratch.import("bad", Path::new("/dev/null")).is_err());
        scratch.mnist("cut", "train", 5, "");
        let images = scratch.write("cut/train-images-idx3-ubyte", &idx::write(&[5, 2, 2], &[0; 19]));
        let error = scratch.import("bad", images.parent().unwrap()).unwrap_err().to_string();
        assert!(error.starts_with(&images.display().to_string()), "{error}");
        assert_eq!(scratch.left(), [""; 0]);
    }

    #[test]
    fn a_set_is_replaced_only_when_asked_and_only_by_a_good_one() {
        let scratch = Scratch::new();
        let first = scratch.write("a.txt", b"first");
        let second = scratch.write("b.txt", "zweite".as_bytes());
        let bad = scratch.write("c.txt", b"\xff");
        scratch.import("text", &first).unwrap();
        let error = scratch.import("text", &second).unwrap_err();
        assert!(matches!(error, Error::Exists { .. }) && error.hint().unwrap().contains("--replace"));
        let replace = ImportOptions { replace: true, ..ImportOptions::default() };
        assert!(scratch.catalogue.import("text", &bad, &replace).is_err());
        assert_eq!(scratch.catalogue.load("text", Split::All).unwrap(), Content::Text("first".into()));
        scratch.catalogue.import("text", &second, &replace).unwrap();
        assert_eq!(scratch.catalogue.load("text", Split::All).unwrap(), Content::Text("zweite".into()));
        assert_eq!(scratch.left(), ["text"]);
    }

    #[test]
    fn names_that_cannot_be_a_folder_or_are_taken_are_refused() {
        let scratch = Scratch::new();
        let path = scratch.write("a.txt", b"text");
        for name in ["", ".", "..", "../x", "a/b", ".hidden", "A", "数据", &"a".repeat(65)] {
            assert!(matches!(scratch.import(name, &path), Err(Error::BadName { .. })), "{name:?}");
            assert!(matches!(scratch.catalogue.load(name, Split::All), Err(Error::Unknown { .. })));
        }
        assert!(matches!(scratch.import("iris", &path), Err(Error::BuiltInName { .. })));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let catalogue = Catalogue::built_in();
        let near = |name: &str| match catalogue.load(name, Split::All).unwrap_err() {
            Error::Unknown { near, .. } => near,
            other => panic!("{other}"),
        };
        assert_eq!(near("Iris").as_deref(), Some("iris"));
        assert_eq!(near("breast-cancer").as_deref(), Some("breast_cancer"));
        assert_eq!(near("fashion_mnist").as_deref(), Some("fashion-mnist"));
        assert_eq!(near("tiny_shakespeare").as_deref(), Some("tinyshakespeare"));
        assert_eq!(near("weather"), None);
        assert!(matches!(catalogue.load("mnist", Split::All), Err(Error::NotPulled { .. })));
    }

    #[test]
    fn damage_after_the_import_is_noticed() {
        let scratch = Scratch::new();
        let path = scratch.write("a.txt", b"text");
        let set = scratch.import("text", &path).unwrap();
        fs::write(set.folder.join("a.txt"), b"next").unwrap();
        assert!(matches!(scratch.catalogue.load("text", Split::All), Err(Error::WrongHash { .. })));
        fs::write(set.folder.join("a.txt"), b"longer text").unwrap();
        assert!(matches!(scratch.catalogue.load("text", Split::All), Err(Error::WrongSize { .. })));
        for manifest in ["", "{}", "[1", "{\"version\":1e99}"] {
            fs::write(set.folder.join("set.json"), manifest).unwrap();
            assert!(scratch.catalogue.load("text", Split::All).is_err());
        }
        let listed = scratch.catalogue.list().unwrap();
        assert!(listed.iter().any(|set| set.name == "text" && matches!(set.state, State::Damaged(_))));
    }

    #[test]
    fn a_manifest_cannot_reach_outside_its_folder() {
        let scratch = Scratch::new();
        let path = scratch.write("a.txt", b"text");
        let set = scratch.import("text", &path).unwrap();
        let manifest = fs::read_to_string(set.folder.join("set.json")).unwrap();
        for name in ["../../../a.txt", "/etc/passwd", ".."] {
            let changed = manifest.replace("\"a.txt\"", &format!("{name:?}"));
            fs::write(set.folder.join("set.json"), changed).unwrap();
            let error = scratch.catalogue.load("text", Split::All).unwrap_err().to_string();
            assert!(error.contains("expected the plain name of a file"), "{error}");
        }
    }

    #[test]
    fn what_a_killed_import_left_is_swept_up() {
        let scratch = Scratch::new();
        let home = scratch.catalogue.home().unwrap().to_owned();
        fs::create_dir_all(home.join(".import-4194305-0")).unwrap();
        let path = scratch.write("a.txt", b"text");
        scratch.import("text", &path).unwrap();
        assert_eq!(scratch.left(), ["text"]);
    }
}
