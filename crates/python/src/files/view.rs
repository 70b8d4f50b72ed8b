//! Which file a path means, and what may be done to it.
//!
//! A [`FileView`] is a few roots, each known under an absolute path. A root has lower folders, which are only read,
//! and at most one upper folder, which takes what is written: a file is looked up in the upper folder first. What the
//! program removes or renames in a lower folder is remembered for the run and hidden; the folder itself stays as it is.
//!
//! **Invariant:** every file is reached through a [`Dir`], so neither `..` nor a symbolic link leads out of a root.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    ffi::OsString,
    fs::File,
    io,
    path::{Component, Path, PathBuf},
};

use cap_std::{
    ambient_authority,
    fs::{Dir, DirBuilder, FileType, Metadata, MetadataExt, OpenOptions, Permissions, PermissionsExt},
};

use super::Files;

/// How a file is to be opened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OpenMode {
    pub read: bool,
    pub write: bool,
    pub append: bool,
    pub create: bool,
    pub exclusive: bool,
    pub truncate: bool,
}

impl OpenMode {
    fn changes_files(self) -> bool {
        self.write || self.append || self.create || self.truncate
    }

    fn options(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.read(self.read).write(self.write && !self.append).append(self.append);
        options
    }
}

/// What `stat` tells about a file. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stat {
    pub mode: u32,
    pub inode: u64,
    pub device: u64,
    pub links: u64,
    pub user: u32,
    pub group: u32,
    pub size: u64,
    pub accessed: i128,
    pub modified: i128,
    pub changed: i128,
    pub block_size: u64,
    pub blocks: u64,
}

macro_rules! stat_of {
    ($metadata:expr) => {{
        let metadata = $metadata;
        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Stat {
            mode: metadata.mode(),
            inode: metadata.ino(),
            device: metadata.dev(),
            links: metadata.nlink(),
            user: metadata.uid(),
            group: metadata.gid(),
            size: metadata.size(),
            accessed: nanoseconds(metadata.atime(), metadata.atime_nsec()),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
            block_size: metadata.blksize(),
            blocks: metadata.blocks(),
        }
    }};
}

impl Stat {
    pub(crate) fn of_open_file(file: &File) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        Ok(stat_of!(file.metadata()?))
    }

    /// A folder above the visible ones: it exists, and shows nothing.
    fn of_closed_folder() -> Self {
        Self {
            mode: libc::S_IFDIR | 0o555,
            inode: 0,
            device: 0,
            links: 2,
            user: 0,
            group: 0,
            size: 0,
            accessed: 0,
            modified: 0,
            changed: 0,
            block_size: 4096,
            blocks: 0,
        }
    }

    /// `/dev/null`.
    pub(crate) fn of_null_device() -> Self {
        Self { mode: libc::S_IFCHR | 0o666, links: 1, ..Self::of_closed_folder() }
    }
}

/// One name in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub file_type: FileType,
    pub inode: u64,
}

/// The files that a program sees.
#[derive(Debug)]
pub(crate) struct FileView {
    roots: Vec<Root>,
    current: PathBuf,
    written: BTreeSet<PathBuf>,
}

#[derive(Debug)]
struct Root {
    /// The absolute paths under which the root is known.
    prefixes: Vec<PathBuf>,
    upper: Option<Upper>,
    lowers: Vec<Dir>,
    /// Paths in lower folders that the program removed; what lies beneath them is hidden as well.
    removed: HashSet<PathBuf>,
    records_writes: bool,
}

#[derive(Debug)]
struct Upper {
    place: UpperPlace,
    folder: Option<Dir>,
}

#[derive(Debug)]
enum UpperPlace {
    Folder(PathBuf),
    Temporary(Option<tempfile::TempDir>),
}

/// Where a path was found.
struct Found<'a> {
    folder: &'a Dir,
    in_upper: bool,
    metadata: Metadata,
}

fn error(errno: i32) -> io::Error {
    io::Error::from_raw_os_error(errno)
}

/// `Dir` does not take an empty path for itself.
fn or_dot(relative: &Path) -> &Path {
    if relative.as_os_str().is_empty() { Path::new(".") } else { relative }
}

/// The path without `.`, `..` and repeated slashes, by its text alone.
fn normalised(path: &Path) -> PathBuf {
    let mut result = PathBuf::from("/");
    for component in path.components() {
        match component {
            Component::Normal(name) => result.push(name),
            Component::ParentDir => {
                result.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    result
}

impl Upper {
    fn new(place: UpperPlace) -> Self {
        Self { place, folder: None }
    }

    /// The folder, if it exists already.
    fn existing(&self) -> Option<&Dir> {
        self.folder.as_ref()
    }

    /// The folder, created if need be.
    fn created(&mut self) -> io::Result<&Dir> {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => {
                let path = match &mut self.place {
                    UpperPlace::Folder(path) => {
                        std::fs::create_dir_all(&*path)?;
                        path.as_path()
                    }
                    UpperPlace::Temporary(temporary) => {
                        let created = tempfile::Builder::new().prefix("lyceum-").tempdir()?;
                        temporary.insert(created).path()
                    }
                };
                Dir::open_ambient_dir(path, ambient_authority())?
            }
        };
        Ok(self.folder.insert(folder))
    }
}

impl Root {
    fn is_removed(&self, relative: &Path) -> bool {
        !self.removed.is_empty() && relative.ancestors().any(|path| self.removed.contains(path))
    }

    /// Looks the path up, the upper folder first. A symbolic link at its end is not followed.
    fn find(&self, relative: &Path) -> io::Result<Option<Found<'_>>> {
        let upper = self.upper.as_ref().and_then(Upper::existing).map(|folder| (folder, true));
        let hidden = self.is_removed(relative);
        let lowers = self.lowers.iter().filter(|_| !hidden).map(|folder| (folder, false));
        let mut is_below_a_file = false;
        for (folder, in_upper) in upper.into_iter().chain(lowers) {
            match folder.symlink_metadata(or_dot(relative)) {
                Ok(metadata) => return Ok(Some(Found { folder, in_upper, metadata })),
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) if cause.kind() == io::ErrorKind::NotADirectory => is_below_a_file = true,
                Err(cause) => return Err(cause),
            }
        }
        if is_below_a_file { Err(error(libc::ENOTDIR)) } else { Ok(None) }
    }

    fn find_existing(&self, relative: &Path) -> io::Result<Found<'_>> {
        self.find(relative)?.ok_or_else(|| error(libc::ENOENT))
    }

    fn is_folder(&self, relative: &Path) -> io::Result<bool> {
        let found = self.find_existing(relative)?;
        if found.metadata.is_symlink() {
            return Ok(found.folder.metadata(or_dot(relative))?.is_dir());
        }
        Ok(found.metadata.is_dir())
    }

    fn is_in_a_lower_folder(&self, relative: &Path) -> bool {
        !self.is_removed(relative) && self.lowers.iter().any(|folder| folder.symlink_metadata(or_dot(relative)).is_ok())
    }

    /// The upper folder, with the folders that lead to the path.
    fn upper_for_writing(&mut self, relative: &Path) -> io::Result<&Dir> {
        if let Some(parent) = relative.parent()
            && !self.is_folder_or_top(parent)?
        {
            return Err(error(libc::ENOTDIR));
        }
        let upper = self.upper.as_mut().ok_or_else(|| error(libc::EROFS))?.created()?;
        if let Some(parent) = relative.parent()
            && !parent.as_os_str().is_empty()
        {
            upper.create_dir_all(parent)?;
        }
        Ok(upper)
    }

    fn is_folder_or_top(&self, relative: &Path) -> io::Result<bool> {
        Ok(relative.as_os_str().is_empty() || self.is_folder(relative)?)
    }

    /// Copies a file of a lower folder into the upper one, so that it can be changed there.
    fn copy_up(&mut self, relative: &Path, target: &Path) -> io::Result<()> {
        let found = self.find_existing(relative)?;
        let mut source = found.folder.open(relative)?;
        let mut copy = self.upper_for_writing(target)?.create(target)?;
        io::copy(&mut source, &mut copy)?;
        Ok(())
    }

    /// The upper folder, after making sure that the file lies there.
    fn upper_with_own_copy(&mut self, relative: &Path) -> io::Result<&Dir> {
        let found = self.find_existing(relative)?;
        if !found.in_upper {
            if self.is_folder(relative)? {
                self.upper_for_writing(relative)?.create_dir_all(or_dot(relative))?;
            } else {
                self.copy_up(relative, relative)?;
            }
        }
        self.upper_for_writing(relative)
    }

    fn open(&mut self, relative: &Path, mode: OpenMode) -> io::Result<File> {
        let found = self.find(relative)?;
        if !mode.changes_files() {
            let found = found.ok_or_else(|| error(libc::ENOENT))?;
            let file = found.folder.open(or_dot(relative))?;
            return if file.metadata()?.is_dir() { Err(error(libc::EISDIR)) } else { Ok(file.into_std()) };
        }
        let in_upper = found.as_ref().is_some_and(|found| found.in_upper);
        let exists = found.is_some();
        if exists && mode.exclusive && mode.create {
            return Err(error(libc::EEXIST));
        }
        if exists && self.is_folder(relative).unwrap_or(false) {
            return Err(error(libc::EISDIR));
        }
        if !exists && !mode.create {
            return Err(error(libc::ENOENT));
        }
        if exists && !in_upper && !mode.truncate {
            self.copy_up(relative, relative)?;
        }
        let mut options = mode.options();
        options.truncate(mode.truncate && !mode.append).create(!exists || !in_upper);
        let folder = self.upper_for_writing(relative)?;
        let file = folder.open_with(relative, &options)?;
        if mode.truncate && mode.append {
            file.set_len(0)?;
        }
        Ok(file.into_std())
    }

    fn list(&self, relative: &Path) -> io::Result<BTreeMap<OsString, Entry>> {
        if !self.is_folder(relative)? {
            return Err(error(libc::ENOTDIR));
        }
        let mut entries = BTreeMap::new();
        let upper = self.upper.as_ref().and_then(Upper::existing).map(|folder| (folder, true));
        for (folder, in_upper) in upper.into_iter().chain(self.lowers.iter().map(|folder| (folder, false))) {
            let Ok(names) = folder.read_dir(or_dot(relative)) else { continue };
            for entry in names {
                let entry = entry?;
                let name = entry.file_name();
                if (in_upper || !self.is_removed(&relative.join(&name))) && !entries.contains_key(&name) {
                    let found = Entry { file_type: entry.file_type()?, inode: entry.metadata().map_or(0, |m| m.ino()) };
                    entries.insert(name, found);
                }
            }
        }
        Ok(entries)
    }

    fn create_folder(&mut self, relative: &Path, mode: u32) -> io::Result<()> {
        if relative.as_os_str().is_empty() || self.find(relative)?.is_some() {
            return Err(error(libc::EEXIST));
        }
        let mut builder = DirBuilder::new();
        cap_std::fs::DirBuilderExt::mode(&mut builder, mode | 0o700);
        self.upper_for_writing(relative)?.create_dir_with(relative, &builder)
    }

    fn remove_folder(&mut self, relative: &Path) -> io::Result<()> {
        let found = self.find_existing(relative)?;
        if !found.metadata.is_dir() {
            return Err(error(libc::ENOTDIR));
        }
        let in_upper = found.in_upper;
        if !self.list(relative)?.is_empty() {
            return Err(error(libc::ENOTEMPTY));
        }
        if relative.as_os_str().is_empty() {
            return Err(error(libc::EBUSY));
        }
        self.remove(relative, in_upper, |folder, path| folder.remove_dir(path))
    }

    fn remove_file(&mut self, relative: &Path) -> io::Result<()> {
        let found = self.find_existing(relative)?;
        if found.metadata.is_dir() {
            return Err(error(libc::EISDIR));
        }
        let in_upper = found.in_upper;
        self.remove(relative, in_upper, |folder, path| folder.remove_file(path))
    }

    fn remove(
        &mut self,
        relative: &Path,
        in_upper: bool,
        remove: impl FnOnce(&Dir, &Path) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.upper.is_none() {
            return Err(error(libc::EROFS));
        }
        if in_upper {
            remove(self.upper_for_writing(relative)?, relative)?;
        }
        if self.is_in_a_lower_folder(relative) {
            self.removed.insert(relative.to_owned());
        }
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let source = self.find_existing(from)?;
        let (source_is_folder, in_upper) = (source.metadata.is_dir(), source.in_upper);
        if from == to {
            return Ok(());
        }
        if to.starts_with(from) {
            return Err(error(libc::EINVAL));
        }
        if let Some(target) = self.find(to)? {
            match (source_is_folder, target.metadata.is_dir()) {
                (false, true) => return Err(error(libc::EISDIR)),
                (true, false) => return Err(error(libc::ENOTDIR)),
                (true, true) if !self.list(to)?.is_empty() => return Err(error(libc::ENOTEMPTY)),
                _ => {}
            }
        }
        let has_lower_part = self.is_in_a_lower_folder(from);
        if source_is_folder && has_lower_part {
            // As between two devices: the caller (`shutil.move`) then copies.
            return Err(error(libc::EXDEV));
        }
        if in_upper {
            let folder = self.upper_for_writing(to)?;
            folder.rename(from, folder, to)?;
        } else {
            self.copy_up(from, to)?;
        }
        if source_is_folder && self.is_in_a_lower_folder(to) {
            self.removed.insert(to.to_owned());
        }
        if has_lower_part {
            self.removed.insert(from.to_owned());
        }
        Ok(())
    }
}

impl FileView {
    /// Opens the folders.
    ///
    /// # Errors
    /// When the program's folder or a data folder cannot be opened; the error names it.
    pub(crate) fn new(files: &Files) -> io::Result<Self> {
        let opened = |path: &Path| -> io::Result<(PathBuf, Dir)> {
            let named = |cause: io::Error| io::Error::new(cause.kind(), format!("{}: {cause}", path.display()));
            let resolved = or_dot(path).canonicalize().map_err(named)?;
            let folder = Dir::open_ambient_dir(&resolved, ambient_authority()).map_err(named)?;
            Ok((resolved, folder))
        };
        let prefixes = |path: &Path, resolved: PathBuf| -> io::Result<Vec<PathBuf>> {
            let given = normalised(&std::path::absolute(or_dot(path))?);
            Ok(if given == resolved { vec![resolved] } else { vec![resolved, given] })
        };

        let (program, program_folder) = opened(&files.program)?;
        let out = std::path::absolute(&files.out)?;
        let mut lowers = vec![program_folder];
        let mut roots = Vec::new();
        for path in &files.data {
            let (resolved, folder) = opened(path)?;
            lowers.push(folder.try_clone()?);
            roots.push(Root {
                prefixes: prefixes(path, resolved)?,
                upper: None,
                lowers: vec![folder],
                removed: HashSet::new(),
                records_writes: false,
            });
        }
        let mut upper = Upper::new(UpperPlace::Folder(out.clone()));
        if out.is_dir() {
            upper.created()?;
        }
        roots.push(Root {
            prefixes: prefixes(&files.program, program.clone())?,
            upper: Some(upper),
            lowers,
            removed: HashSet::new(),
            records_writes: true,
        });
        let mut temporary = Upper::new(match &files.temporary {
            Some(folder) => UpperPlace::Folder(folder.clone()),
            None => UpperPlace::Temporary(None),
        });
        if files.temporary.is_some() {
            temporary.created()?;
        }
        roots.push(Root {
            prefixes: vec![PathBuf::from("/tmp")],
            upper: Some(temporary),
            lowers: Vec::new(),
            removed: HashSet::new(),
            records_writes: false,
        });
        Ok(Self { roots, current: program, written: BTreeSet::new() })
    }

    /// The folder in which relative paths start.
    pub(crate) fn current_folder(&self) -> &Path {
        &self.current
    }

    /// What the program wrote and did not remove again, relative to the run's folder.
    pub(crate) fn written(&self) -> Vec<PathBuf> {
        self.written.iter().cloned().collect()
    }

    /// The root that holds the path, and the path within it.
    fn locate(&mut self, path: &Path) -> io::Result<(&mut Root, PathBuf)> {
        let path = self.absolute(path)?;
        let matching = |root: &Root| {
            let depth =
                |prefix: &PathBuf| path.strip_prefix(prefix).ok().map(|rest| (prefix.components().count(), rest));
            root.prefixes.iter().filter_map(depth).map(|(depth, rest)| (depth, rest.to_owned())).max()
        };
        let roots = self.roots.iter_mut().filter_map(|root| matching(root).map(|(depth, rest)| (depth, rest, root)));
        match roots.max_by_key(|(depth, _, _)| *depth) {
            Some((_, relative, root)) => {
                if root.lowers.is_empty()
                    && let Some(upper) = &mut root.upper
                {
                    upper.created()?;
                }
                Ok((root, relative))
            }
            None => Err(error(libc::ENOENT)),
        }
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        if path.as_os_str().is_empty() {
            return Err(error(libc::ENOENT));
        }
        Ok(normalised(&self.current.join(path)))
    }

    fn is_above_a_root(&self, path: &Path) -> bool {
        self.absolute(path).is_ok_and(|path| {
            self.roots.iter().flat_map(|root| &root.prefixes).any(|prefix| prefix.starts_with(&path) && *prefix != path)
        })
    }

    /// As [`Self::locate`], for a change: what lies outside is refused rather than missing.
    fn locate_for_change(&mut self, path: &Path) -> io::Result<(&mut Root, PathBuf)> {
        let is_outside = self.is_above_a_root(path) || self.parent_is_above_a_root(path);
        match self.locate(path) {
            Err(_) if is_outside => Err(error(libc::EACCES)),
            located => located,
        }
    }

    fn parent_is_above_a_root(&self, path: &Path) -> bool {
        self.absolute(path).is_ok_and(|path| path.parent().is_some_and(|parent| self.is_above_a_root(parent)))
    }

    pub(crate) fn open(&mut self, path: &Path, mode: OpenMode) -> io::Result<File> {
        if mode.read && !mode.changes_files() && self.is_above_a_root(path) {
            return Err(error(libc::EISDIR));
        }
        let (root, relative) = if mode.changes_files() { self.locate_for_change(path) } else { self.locate(path) }?;
        let file = root.open(&relative, mode)?;
        if root.records_writes && mode.changes_files() {
            self.written.insert(relative);
        }
        Ok(file)
    }

    pub(crate) fn stat(&mut self, path: &Path, follow: bool) -> io::Result<Stat> {
        let is_above = self.is_above_a_root(path);
        let (root, relative) = match self.locate(path) {
            Err(_) if is_above => return Ok(Stat::of_closed_folder()),
            located => located?,
        };
        let found = root.find_existing(&relative)?;
        if follow && found.metadata.is_symlink() {
            return Ok(stat_of!(found.folder.metadata(&relative)?));
        }
        Ok(stat_of!(found.metadata))
    }

    pub(crate) fn list(&mut self, path: &Path) -> io::Result<BTreeMap<OsString, Entry>> {
        let is_above = self.is_above_a_root(path);
        let (root, relative) = match self.locate(path) {
            Err(_) if is_above => return Err(error(libc::EACCES)),
            located => located?,
        };
        root.list(&relative)
    }

    pub(crate) fn create_folder(&mut self, path: &Path, mode: u32) -> io::Result<()> {
        if self.is_above_a_root(path) {
            return Err(error(libc::EEXIST));
        }
        let (root, relative) = self.locate_for_change(path)?;
        root.create_folder(&relative, mode)
    }

    pub(crate) fn remove_folder(&mut self, path: &Path) -> io::Result<()> {
        let (root, relative) = self.locate_for_change(path)?;
        root.remove_folder(&relative)
    }

    pub(crate) fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        let (root, relative) = self.locate_for_change(path)?;
        root.remove_file(&relative)?;
        if root.records_writes {
            self.written.remove(&relative);
        }
        Ok(())
    }

    pub(crate) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let (root, source) = self.locate_for_change(from)?;
        let source_prefix = root.prefixes.first().cloned();
        let (root, target) = self.locate_for_change(to)?;
        if root.prefixes.first() != source_prefix.as_ref() {
            return Err(error(libc::EXDEV));
        }
        root.rename(&source, &target)?;
        if root.records_writes {
            let moved: Vec<PathBuf> = self.written.iter().filter(|path| path.starts_with(&source)).cloned().collect();
            for path in &moved {
                self.written.remove(path);
                let rest = path.strip_prefix(&source).unwrap_or(Path::new(""));
                self.written.insert(if rest.as_os_str().is_empty() { target.clone() } else { target.join(rest) });
            }
            if moved.is_empty() && !self.stat(to, false).is_ok_and(|stat| stat.mode & libc::S_IFMT == libc::S_IFDIR) {
                self.written.insert(target);
            }
        }
        Ok(())
    }

    pub(crate) fn read_link(&mut self, path: &Path) -> io::Result<PathBuf> {
        let is_above = self.is_above_a_root(path);
        let (root, relative) = match self.locate(path) {
            Err(_) if is_above => return Err(error(libc::EINVAL)),
            located => located?,
        };
        let found = root.find_existing(&relative)?;
        if !found.metadata.is_symlink() {
            return Err(error(libc::EINVAL));
        }
        found.folder.read_link_contents(&relative)
    }

    pub(crate) fn set_permissions(&mut self, path: &Path, mode: u32) -> io::Result<()> {
        let (root, relative) = self.locate_for_change(path)?;
        let folder = root.upper_with_own_copy(&relative)?;
        match folder.set_permissions(or_dot(&relative), Permissions::from_mode(mode)) {
            // A confined process may not, as on a file system without permissions: what it wrote stays its own to read
            // and write.
            Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => {}
            set => set?,
        }
        if root.records_writes && !root.is_folder(&relative)? {
            self.written.insert(relative);
        }
        Ok(())
    }

    /// Opens a file that lies in the upper folder, after copying it there if need be.
    pub(crate) fn open_own_copy(&mut self, path: &Path) -> io::Result<File> {
        self.open(path, OpenMode { read: true, write: true, ..OpenMode::default() })
    }

    pub(crate) fn change_folder(&mut self, path: &Path) -> io::Result<()> {
        let absolute = self.absolute(path)?;
        let (root, relative) = self.locate(path)?;
        if !root.is_folder(&relative)? {
            return Err(error(libc::ENOTDIR));
        }
        self.current = absolute;
        Ok(())
    }
}
