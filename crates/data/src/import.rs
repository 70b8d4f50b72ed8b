//! Imports a set: finds out what a path holds, copies it aside, checks the copy, and only then puts
//! it into the catalogue.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    Card, Catalogue, Error, Result, Split, builtin,
    catalogue::{LocalSet, Staging, check_name},
    manifest::{Manifest, ManifestFile, Role},
    published::{self, Published},
    set::{self, SetFile},
    table::TableOptions,
};

/// What is imported, and what is said about it.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The form of the files; told from their names when absent.
    pub format: Option<Format>,
    /// The column of a table that is predicted; the last one when absent.
    pub target: Option<String>,
    /// The columns of a table that are left out.
    pub drop: Vec<String>,
    /// What is to be known of the set.
    pub card: Card,
    /// Whether a set of the same name gives way.
    pub replace: bool,
}

/// The form of the files of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// MNIST's: images and labels in IDX files.
    Idx,
    /// A table with a header.
    Csv,
    /// A text in UTF-8.
    Text,
}

/// A file that is to be part of a set.
pub(crate) struct Source {
    pub(crate) role: Role,
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    /// What the file is called when something is wrong with it.
    pub(crate) shown: PathBuf,
}

impl Catalogue {
    /// Puts the set in `path` into the catalogue under `name`.
    ///
    /// `path` is a CSV file with a header, a text, one of MNIST's IDX files (its partner is looked
    /// for beside it), or a folder with those.
    ///
    /// # Errors
    /// When the name is taken or cannot name a set, or a file is not what it should be. Then the
    /// catalogue is as it was.
    pub fn import(&self, name: &str, path: &Path, options: &ImportOptions) -> Result<LocalSet> {
        check_name(name)?;
        if builtin::find(name).is_some() {
            return Err(Error::BuiltInName { name: name.into() });
        }
        let sources = find_sources(path, options.format)?;
        self.install(name, &sources, options)
    }

    /// Copies the files aside, checks the copies, and puts them into the catalogue.
    pub(crate) fn install(&self, name: &str, sources: &[Source], options: &ImportOptions) -> Result<LocalSet> {
        let staging = Staging::begin(self.home()?, name, options.replace)?;
        let mut files = Vec::new();
        let mut staged = Vec::new();
        for source in sources {
            let path = staging.folder().join(&source.name);
            let (bytes, sha256) = copy(source, &path)?;
            files.push(ManifestFile { role: source.role, name: source.name.clone(), bytes, sha256 });
            staged.push(SetFile { role: source.role, path, shown: source.shown.clone() });
        }

        let published = published::find(name);
        let class_names = published.map(Published::class_names).unwrap_or_default();
        let table = TableOptions { target: options.target.as_deref(), drop: &options.drop, classes: None };
        let content = set::read(&staged, &table, &class_names, Split::All)?;

        let mut card = options.card.clone();
        if let Some(published) = published {
            let known = published.card();
            for (field, known) in [
                (&mut card.title, known.title),
                (&mut card.description, known.description),
                (&mut card.licence, known.licence),
                (&mut card.source, known.source),
            ] {
                if field.is_empty() {
                    *field = known;
                }
            }
        }
        let mut manifest = Manifest::new(card, content.summary(), files);
        manifest.as_published = published.is_some_and(|set| {
            manifest.files.iter().all(|file| set.files.iter().any(|known| known.sha256 == file.sha256))
        });
        manifest.class_names = class_names;
        manifest.target = options.target.clone();
        manifest.drop = options.drop.clone();
        manifest.write(staging.folder())?;
        staging.finish()?;
        self.local(name)
    }
}

/// Copies a file and returns its size and SHA-256.
fn copy(source: &Source, to: &Path) -> Result<(u64, String)> {
    let mut from = File::open(&source.path).map_err(Error::io("read", &source.shown))?;
    let mut into = File::create(to).map_err(Error::io("write", to))?;
    let mut hasher = Sha256::new();
    let mut total = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer).map_err(Error::io("read", &source.shown))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        into.write_all(&buffer[..read]).map_err(Error::io("write", to))?;
        total += read as u64;
    }
    into.sync_all().map_err(Error::io("write", to))?;
    Ok((total, hex::encode(hasher.finalize())))
}

/// Returns the SHA-256 of a file.
pub(crate) fn sha256_of(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(Error::io("read", path))?;
    let mut hasher = Sha256::new();
    io::copy(&mut file, &mut hasher).map_err(Error::io("read", path))?;
    Ok(hex::encode(hasher.finalize()))
}

/// Finds the files of the set in `path`.
fn find_sources(path: &Path, format: Option<Format>) -> Result<Vec<Source>> {
    let metadata = fs::metadata(path).map_err(Error::io("read", path))?;
    if metadata.is_dir() {
        return find_in_folder(path, format);
    }
    if !metadata.is_file() {
        return Err(nothing(path, "a file or a folder", "something else".into()));
    }
    let name = file_name(path)?;
    match format.or_else(|| format_of(&name)) {
        Some(Format::Idx) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let part = idx_role(&name).map(is_training);
            let mut found = idx_pairs(folder.unwrap_or(Path::new(".")))?;
            found.retain(|source| Some(is_training(source.role)) == part);
            if found.is_empty() {
                return Err(nothing(path, IDX_NAMES, format!("{name:?} alone")));
            }
            Ok(found)
        }
        Some(Format::Csv) => Ok(vec![source(Role::Table, path, name)]),
        Some(Format::Text) => Ok(vec![source(Role::Text, path, name)]),
        None => Err(nothing(path, "a name ending in .csv or .txt, or a --format", format!("{name:?}"))),
    }
}

const IDX_NAMES: &str =
    "MNIST's files (train-images-idx3-ubyte with train-labels-idx1-ubyte, or t10k-..., also ending in .gz)";

fn find_in_folder(folder: &Path, format: Option<Format>) -> Result<Vec<Source>> {
    if format.is_none_or(|format| format == Format::Idx) {
        let pairs = idx_pairs(folder)?;
        if !pairs.is_empty() {
            return Ok(pairs);
        }
    }
    let mut found = Vec::new();
    for path in entries(folder)? {
        let Ok(name) = file_name(&path) else { continue };
        match format_of(&name) {
            Some(Format::Csv) if format.is_none_or(|format| format == Format::Csv) => {
                found.push(source(Role::Table, &path, name));
            }
            Some(Format::Text) if format.is_none_or(|format| format == Format::Text) => {
                found.push(source(Role::Text, &path, name));
            }
            _ => {}
        }
    }
    match found.len() {
        1 => Ok(found),
        0 => Err(nothing(folder, "MNIST's IDX files, a .csv or a .txt file", "none of them".into())),
        _ => {
            let names: Vec<&str> = found.iter().map(|source| source.name.as_str()).collect();
            Err(nothing(folder, "one file to import", names.join(", ")))
        }
    }
}

/// Returns the IDX files of a folder that are there with their partners, in the order of roles.
fn idx_pairs(folder: &Path) -> Result<Vec<Source>> {
    let mut found: Vec<Source> = Vec::new();
    for path in entries(folder)? {
        let Ok(name) = file_name(&path) else { continue };
        let Some(role) = idx_role(&name) else {
            continue;
        };
        // Both a plain and a compressed form may be there: one is enough.
        if !found.iter().any(|source| source.role == role) {
            found.push(source(role, &path, name));
        }
    }
    found.sort_by_key(|source| source.role);
    let roles: Vec<Role> = found.iter().map(|source| source.role).collect();
    found.retain(|source| roles.contains(&partner(source.role)));
    Ok(found)
}

fn idx_role(name: &str) -> Option<Role> {
    let stem = name.strip_suffix(".gz").unwrap_or(name).replace('.', "-");
    Some(match stem.as_str() {
        "train-images-idx3-ubyte" => Role::TrainImages,
        "train-labels-idx1-ubyte" => Role::TrainLabels,
        "t10k-images-idx3-ubyte" | "test-images-idx3-ubyte" => Role::TestImages,
        "t10k-labels-idx1-ubyte" | "test-labels-idx1-ubyte" => Role::TestLabels,
        _ => return None,
    })
}

fn partner(role: Role) -> Role {
    match role {
        Role::TrainImages => Role::TrainLabels,
        Role::TrainLabels => Role::TrainImages,
        Role::TestImages => Role::TestLabels,
        Role::TestLabels => Role::TestImages,
        alone => alone,
    }
}

fn is_training(role: Role) -> bool {
    matches!(role, Role::TrainImages | Role::TrainLabels)
}

fn format_of(name: &str) -> Option<Format> {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".gz").unwrap_or(&lower);
    if idx_role(name).is_some() {
        Some(Format::Idx)
    } else if stem.ends_with(".csv") {
        Some(Format::Csv)
    } else if stem.ends_with(".txt") {
        Some(Format::Text)
    } else {
        None
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(paths)
    };
    read().map_err(Error::io("read", folder))
}

fn file_name(path: &Path) -> Result<String> {
    match path.file_name().and_then(|name| name.to_str()) {
        Some(name) => Ok(name.to_owned()),
        None => Err(nothing(path, "a file name in UTF-8", "another one".into())),
    }
}

fn source(role: Role, path: &Path, name: String) -> Source {
    // A file of a set must not take the manifest's place.
    let name = if name == crate::manifest::FILE_NAME { format!("data-{name}") } else { name };
    Source { role, path: path.to_owned(), name, shown: path.to_owned() }
}

fn nothing(path: &Path, expected: &'static str, found: String) -> Error {
    Error::NothingToImport { path: path.to_owned(), expected, found }
}
