//! The native module `posix`: the file calls of the standard library's `os`, over the run's [`FileView`].
//!
//! File descriptors are numbers of a table of the run, not of the process. 0, 1 and 2 are the standard streams.
//! There are no processes, users or signals here; what is missing is missing as on a platform without it.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, IsTerminal, Read, Seek, SeekFrom, Write},
    os::fd::{AsFd, AsRawFd},
    path::PathBuf,
    time::Duration,
};

use rustpython_vm::{
    AsObject, Context, PyObjectRef, PyResult, TryFromObject, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyModuleDef},
    function::FsPath,
};

use super::FileView;

thread_local! {
    static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
}

/// What the native module works on: one for each interpreter, and so for each thread.
struct Run {
    view: FileView,
    descriptors: Vec<Option<Descriptor>>,
    /// The one of the two streams that was printed to last, when somebody reads both as they are written.
    printed_to: Option<i32>,
}

enum Descriptor {
    File(File),
    Null,
}

/// Gives the thread's interpreter its files. [`leave`] takes them back.
///
/// `keeps_order` says that somebody reads stdout and stderr as they are written, so that a write to one can wait until
/// what was written to the other has been read.
pub(crate) fn enter(view: FileView, keeps_order: bool) -> io::Result<()> {
    let stream = |owned: io::Result<std::os::fd::OwnedFd>| owned.map(|owned| Some(Descriptor::File(File::from(owned))));
    let descriptors = vec![
        stream(io::stdin().as_fd().try_clone_to_owned())?,
        stream(io::stdout().as_fd().try_clone_to_owned())?,
        stream(io::stderr().as_fd().try_clone_to_owned())?,
    ];
    RUN.set(Some(Run { view, descriptors, printed_to: keeps_order.then_some(1) }));
    Ok(())
}

/// Closes what the program left open and returns what it wrote, relative to the run's folder.
pub(crate) fn leave() -> Vec<PathBuf> {
    RUN.take().map_or_else(Vec::new, |run| run.view.written())
}

/// Reads a whole file of the view, for the importer and for tracebacks.
pub(crate) fn read_file(path: &std::path::Path) -> io::Result<Vec<u8>> {
    with_view(|view| {
        let mut content = Vec::new();
        view.open(path, super::view::OpenMode { read: true, ..Default::default() })?.read_to_end(&mut content)?;
        Ok(content)
    })
}

fn with_run<R>(action: impl FnOnce(&mut Run) -> io::Result<R>) -> io::Result<R> {
    RUN.with_borrow_mut(|run| match run {
        Some(run) => action(run),
        None => Err(io::Error::from_raw_os_error(libc::ENOENT)),
    })
}

fn with_view<R>(action: impl FnOnce(&mut FileView) -> io::Result<R>) -> io::Result<R> {
    with_run(|run| action(&mut run.view))
}

impl Run {
    fn descriptor(&mut self, number: i32) -> io::Result<&mut Descriptor> {
        let slot = usize::try_from(number).ok().and_then(|number| self.descriptors.get_mut(number));
        slot.and_then(Option::as_mut).ok_or_else(|| io::Error::from_raw_os_error(libc::EBADF))
    }

    /// Waits until what was printed to the other stream has been read, so that who reads both sees them in order.
    fn keep_order(&mut self, number: i32) {
        if !matches!(number, 1 | 2) || self.printed_to.is_none_or(|last| last == number) {
            return;
        }
        if let Some(Some(Descriptor::File(other))) = self.descriptors.get((3 - number) as usize) {
            wait_until_read(other);
        }
        self.printed_to = Some(number);
    }

    fn add(&mut self, descriptor: Descriptor) -> i32 {
        let free = self.descriptors.iter().position(Option::is_none).unwrap_or(self.descriptors.len());
        if free == self.descriptors.len() {
            self.descriptors.push(None);
        }
        self.descriptors[free] = Some(descriptor);
        i32::try_from(free).unwrap_or(i32::MAX)
    }
}

/// Waits until a pipe is empty, or nobody can read it any more. What is no pipe is not waited for.
fn wait_until_read(pipe: &File) {
    use std::os::unix::fs::FileTypeExt;
    if !pipe.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo()) {
        return;
    }
    let mut turns = 0u32;
    while has_unread(pipe) && has_reader(pipe) {
        turns += 1;
        match turns {
            0..20 => std::thread::yield_now(),
            _ => std::thread::sleep(Duration::from_micros(100)),
        }
    }
}

fn has_unread(pipe: &File) -> bool {
    let mut unread: libc::c_int = 0;
    // SAFETY: the call writes one integer, which lives here.
    let result = unsafe { libc::ioctl(pipe.as_raw_fd(), libc::FIONREAD, &raw mut unread) };
    result == 0 && unread > 0
}

fn has_reader(pipe: &File) -> bool {
    let mut asked = libc::pollfd { fd: pipe.as_raw_fd(), events: 0, revents: 0 };
    // SAFETY: the call reads and writes one structure, which lives here.
    let result = unsafe { libc::poll(&raw mut asked, 1, 0) };
    result >= 0 && asked.revents & libc::POLLERR == 0
}

fn is_standard_stream(number: i32) -> bool {
    (0..=2).contains(&number)
}

/// Makes Python's exception of an error: the class that belongs to the number, with the path as it was given.
fn os_error(cause: &io::Error, path: Option<PyObjectRef>, vm: &VirtualMachine) -> PyBaseExceptionRef {
    os_error_of_two(cause, path, None, vm)
}

fn os_error_of_two(
    cause: &io::Error,
    path: Option<PyObjectRef>,
    second: Option<PyObjectRef>,
    vm: &VirtualMachine,
) -> PyBaseExceptionRef {
    let number = cause.raw_os_error().unwrap_or(match cause.kind() {
        io::ErrorKind::NotFound => libc::ENOENT,
        io::ErrorKind::AlreadyExists => libc::EEXIST,
        io::ErrorKind::PermissionDenied => libc::EACCES,
        io::ErrorKind::InvalidInput => libc::EINVAL,
        _ => libc::EIO,
    });
    let none = || vm.ctx.none();
    let arguments = vec![
        vm.ctx.new_int(number).into(),
        vm.ctx.new_str(message_of(number)).into(),
        path.unwrap_or_else(none),
        none(),
        second.unwrap_or_else(none),
    ];
    let class = vm.ctx.exceptions.os_error.to_owned();
    match class.as_object().call(arguments, vm).and_then(|exception| exception.try_into_value(vm)) {
        Ok(exception) | Err(exception) => exception,
    }
}

/// The system's sentence for an error number.
fn message_of(number: i32) -> String {
    let message = io::Error::from_raw_os_error(number).to_string();
    match message.rfind(" (os error") {
        Some(end) => message[..end].to_owned(),
        None => message,
    }
}

/// A path as Python gives it: `str`, `bytes` or anything with `__fspath__`.
pub(super) struct PathArgument {
    path: PathBuf,
    given: PyObjectRef,
    is_bytes: bool,
}

impl TryFromObject for PathArgument {
    fn try_from_object(vm: &VirtualMachine, object: PyObjectRef) -> PyResult<Self> {
        let path = FsPath::try_from_path_like(object.clone(), true, vm)?;
        let is_bytes = matches!(path, FsPath::Bytes(_));
        Ok(Self { path: path.to_path_buf(vm)?, given: object, is_bytes })
    }
}

/// A path or the number of an open file.
pub(super) enum PathOrNumber {
    Path(PathArgument),
    Number(i32),
}

impl TryFromObject for PathOrNumber {
    fn try_from_object(vm: &VirtualMachine, object: PyObjectRef) -> PyResult<Self> {
        match object.downcast_ref::<rustpython_vm::builtins::PyInt>() {
            Some(number) => Ok(Self::Number(number.try_to_primitive(vm)?)),
            None => PathArgument::try_from_object(vm, object).map(Self::Path),
        }
    }
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    posix::module_def(ctx)
}

#[expect(clippy::unwrap_used, reason = "RustPython's macro writes them for the fields of structures")]
#[expect(clippy::module_inception, reason = "the macro names Python's module after Rust's")]
#[rustpython_vm::pymodule]
mod posix {
    use std::{
        ffi::{OsStr, OsString},
        os::unix::ffi::OsStrExt,
        path::Path,
        time::{Duration, SystemTime, UNIX_EPOCH},
    };

    use rustpython_vm::{
        AsObject, FromArgs, Py, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
        builtins::{PyDictRef, PyIntRef, PyListRef, PyStrRef, PyTupleRef, PyTypeRef},
        function::{ArgBytesLike, ArgMemoryBuffer, FsPath, FuncArgs, OptionalArg},
        protocol::PyIterReturn,
        pyclass, pystruct_sequence, pystruct_sequence_data,
        types::{IterNext, Iterable, PyStructSequence, Representable, SelfIter},
    };

    use super::super::view::{OpenMode, Stat};
    use super::*;

    #[pyattr]
    use libc::{
        F_OK, O_APPEND, O_CLOEXEC, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_SYNC,
        O_TRUNC, O_WRONLY, R_OK, W_OK, X_OK,
    };

    #[pyattr]
    fn error(vm: &VirtualMachine) -> PyTypeRef {
        vm.ctx.exceptions.os_error.to_owned()
    }

    #[pyattr]
    fn environ(vm: &VirtualMachine) -> PyDictRef {
        let environment = vm.ctx.new_dict();
        let home = with_view(|view| Ok(view.current_folder().as_os_str().as_bytes().to_vec())).unwrap_or_default();
        for (name, value) in [("HOME", home), ("LANG", b"C.UTF-8".to_vec()), ("PATH", Vec::new())] {
            let name = vm.ctx.new_bytes(name.into());
            environment.set_item(name.as_object(), vm.ctx.new_bytes(value).into(), vm).expect("bytes can be hashed");
        }
        environment
    }

    #[pyattr]
    fn _have_functions(vm: &VirtualMachine) -> PyListRef {
        vm.ctx.new_list(Vec::new())
    }

    fn python_path(path: &OsStr, as_bytes: bool, vm: &VirtualMachine) -> PyObjectRef {
        if as_bytes { vm.ctx.new_bytes(path.as_bytes().to_vec()).into() } else { vm.fsdecode(path.to_owned()).into() }
    }

    // Open files.

    #[derive(FromArgs)]
    struct OpenArguments {
        #[pyarg(any)]
        path: PathArgument,
        #[pyarg(any)]
        flags: i32,
        #[pyarg(any, default)]
        mode: OptionalArg<u32>,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
    }

    fn refuse_folder_number(number: Option<i32>, vm: &VirtualMachine) -> PyResult<()> {
        match number {
            Some(_) => Err(vm.new_not_implemented_error("dir_fd is not available in Lyceum")),
            None => Ok(()),
        }
    }

    #[pyfunction]
    fn open(arguments: OpenArguments, vm: &VirtualMachine) -> PyResult<i32> {
        let _ = arguments.mode;
        refuse_folder_number(arguments.dir_fd, vm)?;
        let PathArgument { path, given, .. } = arguments.path;
        let flags = arguments.flags;
        let access = flags & libc::O_ACCMODE;
        let mode = OpenMode {
            read: access != libc::O_WRONLY,
            write: access != libc::O_RDONLY,
            append: flags & libc::O_APPEND != 0,
            create: flags & libc::O_CREAT != 0,
            exclusive: flags & libc::O_EXCL != 0,
            truncate: flags & libc::O_TRUNC != 0,
        };
        with_run(|run| {
            if path == Path::new("/dev/null") {
                return Ok(run.add(Descriptor::Null));
            }
            let file = run.view.open(&path, mode)?;
            Ok(run.add(Descriptor::File(file)))
        })
        .map_err(|cause| os_error(&cause, Some(given), vm))
    }

    #[pyfunction]
    fn close(number: i32, vm: &VirtualMachine) -> PyResult<()> {
        with_run(|run| {
            run.descriptor(number)?;
            if !is_standard_stream(number) {
                run.descriptors[number as usize] = None;
            }
            Ok(())
        })
        .map_err(|cause| os_error(&cause, None, vm))
    }

    fn with_file<R>(
        number: i32,
        of_null: R,
        mut action: impl FnMut(&mut File) -> io::Result<R>,
        vm: &VirtualMachine,
    ) -> PyResult<R> {
        let result = with_run(|run| match run.descriptor(number)? {
            Descriptor::Null => Ok(of_null),
            Descriptor::File(file) => loop {
                match action(file) {
                    Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                    result => break result,
                }
            },
        });
        vm.check_signals()?;
        result.map_err(|cause| os_error(&cause, None, vm))
    }

    #[pyfunction]
    fn read(number: i32, count: usize, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
        let mut buffer = Vec::new();
        // A mistaken huge count costs no memory: the buffer grows with what there is to read.
        let read = |file: &mut File| {
            buffer.clear();
            if count <= 1 << 20 {
                buffer.resize(count, 0);
                let length = file.read(&mut buffer)?;
                buffer.truncate(length);
                Ok(())
            } else {
                file.take(count as u64).read_to_end(&mut buffer).map(drop)
            }
        };
        with_file(number, (), read, vm)?;
        Ok(vm.ctx.new_bytes(buffer).into())
    }

    /// Reads into a buffer of Python and returns how many bytes came.
    #[pyfunction]
    fn readinto(number: i32, buffer: ArgMemoryBuffer, vm: &VirtualMachine) -> PyResult<usize> {
        let mut target = buffer.borrow_buf_mut();
        with_file(number, 0, |file| file.read(&mut target), vm)
    }

    /// Reads all that is left.
    #[pyfunction]
    fn _read_to_end(number: i32, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
        let mut buffer = Vec::new();
        with_file(number, (), |file| file.read_to_end(&mut buffer).map(drop), vm)?;
        Ok(vm.ctx.new_bytes(buffer).into())
    }

    #[pyfunction]
    fn write(number: i32, data: ArgBytesLike, vm: &VirtualMachine) -> PyResult<usize> {
        let data = data.borrow_buf();
        // Without a run there is no file either, which the next line says.
        let _ = with_run(|run| {
            run.keep_order(number);
            Ok(())
        });
        with_file(number, data.len(), |file| file.write(&data), vm)
    }

    #[pyfunction]
    fn lseek(number: i32, offset: i64, whence: i32, vm: &VirtualMachine) -> PyResult<u64> {
        let invalid = || vm.new_value_error("negative seek position or unknown whence");
        let target = match whence {
            libc::SEEK_SET => SeekFrom::Start(u64::try_from(offset).map_err(|_| invalid())?),
            libc::SEEK_CUR => SeekFrom::Current(offset),
            libc::SEEK_END => SeekFrom::End(offset),
            _ => return Err(invalid()),
        };
        with_file(number, 0, |file| file.seek(target), vm)
    }

    #[pyfunction]
    fn isatty(number: i32, _vm: &VirtualMachine) -> bool {
        match number {
            0 => io::stdin().is_terminal(),
            1 => io::stdout().is_terminal(),
            2 => io::stderr().is_terminal(),
            _ => false,
        }
    }

    #[pyfunction]
    fn fsync(number: i32, vm: &VirtualMachine) -> PyResult<()> {
        with_file(number, (), |file| file.sync_all(), vm)
    }

    #[pyfunction]
    fn ftruncate(number: i32, length: u64, vm: &VirtualMachine) -> PyResult<()> {
        with_file(number, (), |file| file.set_len(length), vm)
    }

    #[pyfunction]
    fn truncate(target: PathOrNumber, length: u64, vm: &VirtualMachine) -> PyResult<()> {
        match target {
            PathOrNumber::Number(number) => ftruncate(number, length, vm),
            PathOrNumber::Path(PathArgument { path, given, .. }) => {
                with_view(|view| view.open_own_copy(&path)?.set_len(length))
                    .map_err(|cause| os_error(&cause, Some(given), vm))
            }
        }
    }

    // What files are.

    #[pystruct_sequence_data]
    struct StatResultData {
        st_mode: u32,
        st_ino: u64,
        st_dev: u64,
        st_nlink: u64,
        st_uid: u32,
        st_gid: u32,
        st_size: u64,
        #[pystruct_sequence(unnamed)]
        st_atime_int: i64,
        #[pystruct_sequence(unnamed)]
        st_mtime_int: i64,
        #[pystruct_sequence(unnamed)]
        st_ctime_int: i64,
        #[pystruct_sequence(skip)]
        st_atime: f64,
        #[pystruct_sequence(skip)]
        st_mtime: f64,
        #[pystruct_sequence(skip)]
        st_ctime: f64,
        #[pystruct_sequence(skip)]
        st_atime_ns: i128,
        #[pystruct_sequence(skip)]
        st_mtime_ns: i128,
        #[pystruct_sequence(skip)]
        st_ctime_ns: i128,
        #[pystruct_sequence(skip)]
        st_blksize: u64,
        #[pystruct_sequence(skip)]
        st_blocks: u64,
    }

    #[pyattr]
    #[pystruct_sequence(name = "stat_result", module = "os", data = "StatResultData")]
    struct StatResult;

    #[pyclass(with(PyStructSequence))]
    impl StatResult {}

    fn stat_result(stat: &Stat, vm: &VirtualMachine) -> PyObjectRef {
        let seconds = |nanoseconds: i128| nanoseconds as f64 / 1e9;
        let whole = |nanoseconds: i128| (nanoseconds / 1_000_000_000) as i64;
        StatResult::from_data(
            StatResultData {
                st_mode: stat.mode,
                st_ino: stat.inode,
                st_dev: stat.device,
                st_nlink: stat.links,
                st_uid: stat.user,
                st_gid: stat.group,
                st_size: stat.size,
                st_atime_int: whole(stat.accessed),
                st_mtime_int: whole(stat.modified),
                st_ctime_int: whole(stat.changed),
                st_atime: seconds(stat.accessed),
                st_mtime: seconds(stat.modified),
                st_ctime: seconds(stat.changed),
                st_atime_ns: stat.accessed,
                st_mtime_ns: stat.modified,
                st_ctime_ns: stat.changed,
                st_blksize: stat.block_size,
                st_blocks: stat.blocks,
            },
            vm,
        )
        .into()
    }

    #[derive(FromArgs)]
    struct StatArguments {
        #[pyarg(any)]
        path: PathOrNumber,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
        #[pyarg(named, default = true)]
        follow_symlinks: bool,
    }

    #[pyfunction]
    fn stat(arguments: StatArguments, vm: &VirtualMachine) -> PyResult {
        refuse_folder_number(arguments.dir_fd, vm)?;
        match arguments.path {
            PathOrNumber::Number(number) => fstat(number, vm),
            PathOrNumber::Path(path) => stat_path(&path, arguments.follow_symlinks, vm),
        }
    }

    fn stat_path(path: &PathArgument, follow: bool, vm: &VirtualMachine) -> PyResult {
        if path.path == Path::new("/dev/null") {
            return Ok(stat_result(&Stat::of_null_device(), vm));
        }
        match with_view(|view| view.stat(&path.path, follow)) {
            Ok(stat) => Ok(stat_result(&stat, vm)),
            Err(cause) => Err(os_error(&cause, Some(path.given.clone()), vm)),
        }
    }

    #[derive(FromArgs)]
    struct LstatArguments {
        #[pyarg(any)]
        path: PathArgument,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
    }

    #[pyfunction]
    fn lstat(arguments: LstatArguments, vm: &VirtualMachine) -> PyResult {
        refuse_folder_number(arguments.dir_fd, vm)?;
        stat_path(&arguments.path, false, vm)
    }

    #[pyfunction]
    fn fstat(number: i32, vm: &VirtualMachine) -> PyResult {
        let stat = with_file(number, Stat::of_null_device(), |file| Stat::of_open_file(file), vm)?;
        Ok(stat_result(&stat, vm))
    }

    #[derive(FromArgs)]
    #[expect(dead_code, reason = "accepted as CPython does; there is one user and no dir_fd")]
    struct AccessArguments {
        #[pyarg(any)]
        path: PathArgument,
        #[pyarg(any)]
        mode: i32,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
        #[pyarg(named, default = false)]
        effective_ids: bool,
        #[pyarg(named, default = true)]
        follow_symlinks: bool,
    }

    #[pyfunction]
    fn access(arguments: AccessArguments, _vm: &VirtualMachine) -> bool {
        let Ok(stat) = with_view(|view| view.stat(&arguments.path.path, arguments.follow_symlinks)) else {
            return false;
        };
        // What the program changes is its own copy, so every visible file can be written to.
        arguments.mode & libc::X_OK == 0 || stat.mode & 0o111 != 0
    }

    #[pyfunction]
    fn readlink(arguments: LstatArguments, vm: &VirtualMachine) -> PyResult {
        refuse_folder_number(arguments.dir_fd, vm)?;
        let PathArgument { path, given, is_bytes } = arguments.path;
        match with_view(|view| view.read_link(&path)) {
            Ok(target) => Ok(python_path(target.as_os_str(), is_bytes, vm)),
            Err(cause) => Err(os_error(&cause, Some(given), vm)),
        }
    }

    // Folders.

    #[pyfunction]
    fn getcwd(vm: &VirtualMachine) -> PyResult {
        let current = with_view(|view| Ok(view.current_folder().to_owned()));
        current.map(|path| python_path(path.as_os_str(), false, vm)).map_err(|cause| os_error(&cause, None, vm))
    }

    #[pyfunction]
    fn getcwdb(vm: &VirtualMachine) -> PyResult {
        let current = with_view(|view| Ok(view.current_folder().to_owned()));
        current.map(|path| python_path(path.as_os_str(), true, vm)).map_err(|cause| os_error(&cause, None, vm))
    }

    #[derive(FromArgs)]
    struct FolderArguments {
        #[pyarg(any, default)]
        path: Option<PathOrNumber>,
    }

    fn folder_argument(path: Option<PathOrNumber>, vm: &VirtualMachine) -> PyResult<PathArgument> {
        match path {
            Some(PathOrNumber::Path(path)) => Ok(path),
            Some(PathOrNumber::Number(_)) => {
                Err(vm.new_type_error("path should be string, bytes, os.PathLike or None, not int"))
            }
            None => Ok(PathArgument { path: ".".into(), given: vm.ctx.new_str(".").into(), is_bytes: false }),
        }
    }

    #[pyfunction]
    fn chdir(folder: PathArgument, vm: &VirtualMachine) -> PyResult<()> {
        with_view(|view| view.change_folder(&folder.path)).map_err(|cause| os_error(&cause, Some(folder.given), vm))
    }

    #[pyfunction]
    fn listdir(arguments: FolderArguments, vm: &VirtualMachine) -> PyResult<PyListRef> {
        let PathArgument { path, given, is_bytes } = folder_argument(arguments.path, vm)?;
        let entries = with_view(|view| view.list(&path)).map_err(|cause| os_error(&cause, Some(given), vm))?;
        Ok(vm.ctx.new_list(entries.keys().map(|name| python_path(name, is_bytes, vm)).collect()))
    }

    #[pyfunction]
    fn scandir(arguments: FolderArguments, vm: &VirtualMachine) -> PyResult {
        let PathArgument { path, given, is_bytes } = folder_argument(arguments.path, vm)?;
        let entries = with_view(|view| view.list(&path)).map_err(|cause| os_error(&cause, Some(given), vm))?;
        let entries = entries.into_iter().map(|(name, entry)| DirEntry {
            path: path.join(&name),
            name,
            is_bytes,
            is_folder: entry.file_type.is_dir(),
            is_file: entry.file_type.is_file(),
            is_link: entry.file_type.is_symlink(),
            inode: entry.inode,
        });
        let entries: Vec<DirEntry> = entries.rev().collect();
        Ok(ScandirIterator { rest: RefCell::new(entries) }.into_ref(&vm.ctx).into())
    }

    #[pyattr]
    #[pyclass(module = "posix", name = "ScandirIterator")]
    #[derive(Debug, PyPayload)]
    struct ScandirIterator {
        /// The entries that are still to come, the last first.
        rest: RefCell<Vec<DirEntry>>,
    }

    impl SelfIter for ScandirIterator {}

    impl IterNext for ScandirIterator {
        fn next(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<PyIterReturn> {
            Ok(match zelf.rest.borrow_mut().pop() {
                Some(entry) => PyIterReturn::Return(entry.into_ref(&vm.ctx).into()),
                None => PyIterReturn::StopIteration(None),
            })
        }
    }

    #[pyclass(with(IterNext, Iterable), flags(DISALLOW_INSTANTIATION))]
    impl ScandirIterator {
        #[pymethod]
        fn close(&self) {
            self.rest.borrow_mut().clear();
        }

        #[pymethod]
        fn __enter__(zelf: PyRef<Self>) -> PyRef<Self> {
            zelf
        }

        #[pymethod]
        fn __exit__(&self, _exception: FuncArgs) {
            self.close();
        }
    }

    #[pyattr]
    #[pyclass(module = "os", name = "DirEntry")]
    #[derive(Debug, PyPayload)]
    struct DirEntry {
        name: OsString,
        path: std::path::PathBuf,
        is_bytes: bool,
        is_folder: bool,
        is_file: bool,
        is_link: bool,
        inode: u64,
    }

    #[derive(FromArgs)]
    struct FollowArgument {
        #[pyarg(named, default = true)]
        follow_symlinks: bool,
    }

    impl Representable for DirEntry {
        fn repr_str(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<String> {
            let name = python_path(&zelf.name, zelf.is_bytes, vm).repr(vm)?;
            Ok(format!("<DirEntry {}>", name.to_string_lossy()))
        }
    }

    #[pyclass(with(Representable), flags(DISALLOW_INSTANTIATION))]
    impl DirEntry {
        #[pygetset]
        fn name(&self, vm: &VirtualMachine) -> PyObjectRef {
            python_path(&self.name, self.is_bytes, vm)
        }

        #[pygetset]
        fn path(&self, vm: &VirtualMachine) -> PyObjectRef {
            python_path(self.path.as_os_str(), self.is_bytes, vm)
        }

        #[pymethod]
        fn __fspath__(&self, vm: &VirtualMachine) -> PyObjectRef {
            self.path(vm)
        }

        fn target_has_type(&self, kind: u32) -> bool {
            with_view(|view| view.stat(&self.path, true)).is_ok_and(|stat| stat.mode & libc::S_IFMT == kind)
        }

        #[pymethod]
        fn is_dir(&self, argument: FollowArgument, _vm: &VirtualMachine) -> bool {
            self.is_folder || argument.follow_symlinks && self.is_link && self.target_has_type(libc::S_IFDIR)
        }

        #[pymethod]
        fn is_file(&self, argument: FollowArgument, _vm: &VirtualMachine) -> bool {
            self.is_file || argument.follow_symlinks && self.is_link && self.target_has_type(libc::S_IFREG)
        }

        #[pymethod]
        fn is_symlink(&self) -> bool {
            self.is_link
        }

        #[pymethod]
        fn is_junction(&self) -> bool {
            false
        }

        #[pymethod]
        fn inode(&self) -> u64 {
            self.inode
        }

        #[pymethod]
        fn stat(&self, argument: FollowArgument, vm: &VirtualMachine) -> PyResult {
            let path = PathArgument { path: self.path.clone(), given: self.path(vm), is_bytes: self.is_bytes };
            stat_path(&path, argument.follow_symlinks, vm)
        }
    }

    // Changes.

    #[derive(FromArgs)]
    struct MkdirArguments {
        #[pyarg(any)]
        path: PathArgument,
        #[pyarg(any, default = 0o777)]
        mode: u32,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
    }

    #[pyfunction]
    fn mkdir(arguments: MkdirArguments, vm: &VirtualMachine) -> PyResult<()> {
        refuse_folder_number(arguments.dir_fd, vm)?;
        let PathArgument { path, given, .. } = arguments.path;
        with_view(|view| view.create_folder(&path, arguments.mode)).map_err(|cause| os_error(&cause, Some(given), vm))
    }

    #[pyfunction]
    fn rmdir(arguments: LstatArguments, vm: &VirtualMachine) -> PyResult<()> {
        refuse_folder_number(arguments.dir_fd, vm)?;
        let PathArgument { path, given, .. } = arguments.path;
        with_view(|view| view.remove_folder(&path)).map_err(|cause| os_error(&cause, Some(given), vm))
    }

    #[pyfunction(name = "remove")]
    #[pyfunction]
    fn unlink(arguments: LstatArguments, vm: &VirtualMachine) -> PyResult<()> {
        refuse_folder_number(arguments.dir_fd, vm)?;
        let PathArgument { path, given, .. } = arguments.path;
        with_view(|view| view.remove_file(&path)).map_err(|cause| os_error(&cause, Some(given), vm))
    }

    #[derive(FromArgs)]
    struct RenameArguments {
        #[pyarg(any)]
        src: PathArgument,
        #[pyarg(any)]
        dst: PathArgument,
        #[pyarg(named, default)]
        src_dir_fd: Option<i32>,
        #[pyarg(named, default)]
        dst_dir_fd: Option<i32>,
    }

    #[pyfunction(name = "replace")]
    #[pyfunction]
    fn rename(arguments: RenameArguments, vm: &VirtualMachine) -> PyResult<()> {
        refuse_folder_number(arguments.src_dir_fd.or(arguments.dst_dir_fd), vm)?;
        let RenameArguments { src, dst, .. } = arguments;
        with_view(|view| view.rename(&src.path, &dst.path))
            .map_err(|cause| os_error_of_two(&cause, Some(src.given), Some(dst.given), vm))
    }

    #[derive(FromArgs)]
    #[expect(dead_code, reason = "links are refused whatever is asked for")]
    struct LinkArguments {
        #[pyarg(any)]
        src: PathArgument,
        #[pyarg(any)]
        dst: PathArgument,
        #[pyarg(any, default = false)]
        target_is_directory: bool,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
    }

    /// Links are not made: a link could point at what the program does not see.
    #[pyfunction(name = "link")]
    #[pyfunction]
    fn symlink(arguments: LinkArguments, vm: &VirtualMachine) -> PyResult<()> {
        let refused = io::Error::from_raw_os_error(libc::EPERM);
        Err(os_error_of_two(&refused, Some(arguments.src.given), Some(arguments.dst.given), vm))
    }

    #[derive(FromArgs)]
    #[expect(dead_code, reason = "no link is ever created, so following one makes no difference")]
    struct ChmodArguments {
        #[pyarg(any)]
        path: PathArgument,
        #[pyarg(any)]
        mode: u32,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
        #[pyarg(named, default = true)]
        follow_symlinks: bool,
    }

    #[pyfunction]
    fn chmod(arguments: ChmodArguments, vm: &VirtualMachine) -> PyResult<()> {
        refuse_folder_number(arguments.dir_fd, vm)?;
        let PathArgument { path, given, .. } = arguments.path;
        // The run's owner keeps read and write access to what a run leaves behind.
        with_view(|view| view.set_permissions(&path, arguments.mode & 0o777 | 0o600))
            .map_err(|cause| os_error(&cause, Some(given), vm))
    }

    #[derive(FromArgs)]
    #[expect(dead_code, reason = "no link is ever created, so following one makes no difference")]
    struct UtimeArguments {
        #[pyarg(any)]
        path: PathArgument,
        #[pyarg(any, default)]
        times: Option<PyTupleRef>,
        #[pyarg(named, default)]
        ns: Option<PyTupleRef>,
        #[pyarg(named, default)]
        dir_fd: Option<i32>,
        #[pyarg(named, default = true)]
        follow_symlinks: bool,
    }

    #[pyfunction]
    fn utime(arguments: UtimeArguments, vm: &VirtualMachine) -> PyResult<()> {
        refuse_folder_number(arguments.dir_fd, vm)?;
        let seconds = |value: &PyObjectRef| -> PyResult<Duration> {
            let seconds = value.try_float(vm)?.to_f64();
            Duration::try_from_secs_f64(seconds).map_err(|_| vm.new_value_error("utime: times must not be negative"))
        };
        let nanoseconds = |value: &PyObjectRef| -> PyResult<Duration> {
            Ok(Duration::from_nanos(value.try_index(vm)?.try_to_primitive(vm)?))
        };
        let pair = |tuple: &PyTupleRef, of: &dyn Fn(&PyObjectRef) -> PyResult<Duration>| match tuple.as_slice() {
            [accessed, modified] => Ok((UNIX_EPOCH + of(accessed)?, UNIX_EPOCH + of(modified)?)),
            _ => Err(vm.new_type_error("utime: 'times' must be either a tuple of two ints or None")),
        };
        let (accessed, modified) = match (&arguments.times, &arguments.ns) {
            (Some(_), Some(_)) => {
                return Err(vm.new_value_error("utime: you may specify either 'times' or 'ns' but not both"));
            }
            (Some(times), None) => pair(times, &seconds)?,
            (None, Some(times)) => pair(times, &nanoseconds)?,
            (None, None) => (SystemTime::now(), SystemTime::now()),
        };
        let PathArgument { path, given, .. } = arguments.path;
        let times = std::fs::FileTimes::new().set_accessed(accessed).set_modified(modified);
        let result = with_view(|view| match view.open_own_copy(&path) {
            // A folder's times are its own business.
            Err(cause) if cause.kind() == io::ErrorKind::IsADirectory => Ok(()),
            opened => match opened?.set_times(times) {
                // A confined process may not, as on a file system that keeps no times.
                Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => Ok(()),
                set => set,
            },
        });
        result.map_err(|cause| os_error(&cause, Some(given), vm))
    }

    // The rest of what programs ask of `os`.

    #[pyfunction]
    fn fspath(path: PyObjectRef, vm: &VirtualMachine) -> PyResult<FsPath> {
        FsPath::try_from_path_like(path, false, vm)
    }

    #[pyfunction]
    fn strerror(number: i32, _vm: &VirtualMachine) -> String {
        message_of(number)
    }

    #[pyfunction]
    fn getpid(_vm: &VirtualMachine) -> u32 {
        std::process::id()
    }

    #[pyfunction]
    fn getppid(_vm: &VirtualMachine) -> u32 {
        1
    }

    #[pyfunction(name = "geteuid")]
    #[pyfunction(name = "getgid")]
    #[pyfunction(name = "getegid")]
    #[pyfunction]
    fn getuid(_vm: &VirtualMachine) -> u32 {
        1000
    }

    #[pyfunction]
    fn cpu_count(_vm: &VirtualMachine) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    #[pyfunction]
    fn umask(_mask: u32, _vm: &VirtualMachine) -> u32 {
        0o022
    }

    #[pyfunction]
    fn urandom(count: PyIntRef, vm: &VirtualMachine) -> PyResult {
        let count: isize = count.try_to_primitive(vm)?;
        let count = usize::try_from(count).map_err(|_| vm.new_value_error("negative argument not allowed"))?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(count).map_err(|_| vm.new_memory_error(""))?;
        bytes.resize(count, 0);
        getrandom::fill(&mut bytes).map_err(|cause| vm.new_os_error(cause.to_string()))?;
        Ok(vm.ctx.new_bytes(bytes).into())
    }

    /// The environment is the program's alone: changes show in `os.environ`, and nowhere else.
    #[pyfunction]
    fn putenv(_name: PyObjectRef, _value: PyObjectRef, _vm: &VirtualMachine) {}

    #[pyfunction]
    fn unsetenv(_name: PyObjectRef, _vm: &VirtualMachine) {}

    #[pystruct_sequence_data]
    struct TerminalSizeData {
        columns: usize,
        lines: usize,
    }

    #[pyattr]
    #[pystruct_sequence(name = "terminal_size", module = "os", data = "TerminalSizeData")]
    struct TerminalSize;

    #[pyclass(with(PyStructSequence))]
    impl TerminalSize {}

    /// There is no terminal to ask; `shutil.get_terminal_size` then says 80 columns.
    #[pyfunction]
    fn get_terminal_size(_number: OptionalArg<i32>, vm: &VirtualMachine) -> PyResult<()> {
        Err(os_error(&io::Error::from_raw_os_error(libc::ENOTTY), None, vm))
    }

    #[pystruct_sequence_data]
    struct UnameResultData {
        sysname: &'static str,
        nodename: &'static str,
        release: &'static str,
        version: &'static str,
        machine: &'static str,
    }

    #[pyattr]
    #[pystruct_sequence(name = "uname_result", module = "os", data = "UnameResultData")]
    struct UnameResult;

    #[pyclass(with(PyStructSequence))]
    impl UnameResult {}

    #[pyfunction]
    fn uname(vm: &VirtualMachine) -> PyObjectRef {
        UnameResult::from_data(
            UnameResultData {
                sysname: "Linux",
                nodename: "lyceum",
                release: "",
                version: env!("CARGO_PKG_VERSION"),
                machine: std::env::consts::ARCH,
            },
            vm,
        )
        .into()
    }

    #[pyfunction]
    fn system(_command: PyStrRef, vm: &VirtualMachine) -> PyResult<i32> {
        let message = "a program cannot start other programs in Lyceum";
        let class = vm.ctx.exceptions.permission_error.to_owned();
        Err(vm.new_os_subtype_error(class, Some(libc::EPERM), message).upcast())
    }

    #[pyfunction]
    fn _exit(status: i32, vm: &VirtualMachine) -> PyResult<()> {
        let class = vm.ctx.exceptions.system_exit.to_owned();
        Err(vm.new_exception(class, vec![vm.ctx.new_int(status).into()]))
    }

    /// The text of a file of the view, for the importer.
    #[pyfunction]
    fn _read_file(path: PathArgument, vm: &VirtualMachine) -> PyResult {
        match read_file(&path.path) {
            Ok(content) => Ok(vm.ctx.new_bytes(content).into()),
            Err(cause) => Err(os_error(&cause, Some(path.given), vm)),
        }
    }
}
