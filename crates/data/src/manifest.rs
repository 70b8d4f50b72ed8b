//! `set.json`: what the catalogue writes beside the files of a set.

use std::{
    fs, io,
    path::{Component, Path},
};

use serde::{Deserialize, Serialize};

use crate::{Card, Error, Problem, Result, Summary, table::TableOptions};

/// The name of the manifest in a set's folder.
pub(crate) const FILE_NAME: &str = "set.json";

/// The form that this version writes.
const VERSION: u32 = 1;

/// The most bytes that a manifest may have.
const MAX_BYTES: u64 = 1 << 20;

/// What the catalogue knows of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    version: u32,
    pub(crate) card: Card,
    pub(crate) summary: Summary,
    pub(crate) files: Vec<ManifestFile>,
    /// Whether the files are the published ones, byte for byte.
    pub(crate) as_published: bool,
    #[serde(default)]
    pub(crate) class_names: Vec<String>,
    #[serde(default)]
    pub(crate) target: Option<String>,
    #[serde(default)]
    pub(crate) drop: Vec<String>,
}

/// A file of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManifestFile {
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,
    Table,
    Text,
}

impl Manifest {
    pub(crate) fn new(card: Card, summary: Summary, files: Vec<ManifestFile>) -> Self {
        Self {
            version: VERSION,
            card,
            summary,
            files,
            as_published: false,
            class_names: Vec::new(),
            target: None,
            drop: Vec::new(),
        }
    }

    /// Reads the manifest of the set in `folder`.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE_NAME);
        let malformed = |expected: &str, found: String| Problem::new(expected, found).in_file(&path);
        let size = fs::metadata(&path).map_err(Error::io("read", &path))?.len();
        if size > MAX_BYTES {
            return Err(malformed("a manifest of at most 1 MiB", format!("{size} bytes")));
        }
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| malformed("the manifest of a data set", format!("an error: {error}")))?;
        if manifest.version != VERSION {
            return Err(malformed(
                "a manifest of version 1",
                format!("version {}, perhaps of a newer Lyceum", manifest.version),
            ));
        }
        for file in &manifest.files {
            let mut parts = Path::new(&file.name).components();
            if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
                return Err(malformed("the plain name of a file", format!("{:?}", file.name)));
            }
        }
        Ok(manifest)
    }

    /// Writes the manifest of the set in `folder` and waits until it is on the disk.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE_NAME);
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&path)?;
            serde_json::to_writer_pretty(&mut file, self)?;
            io::Write::write_all(&mut file, b"\n")?;
            file.sync_all()
        };
        write().map_err(Error::io("write", &path))
    }

    pub(crate) fn table_options(&self) -> TableOptions<'_> {
        TableOptions { target: self.target.as_deref(), drop: &self.drop, classes: None }
    }
}
