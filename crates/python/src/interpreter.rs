//! Builds the interpreter and runs one program in it, from its first line to its exit status.
//!
//! The interpreter lives on a thread of its own with a deep stack: Python's recursion and the parser's both use the
//! machine's stack, and must end in an exception rather than in a crash.

use std::{
    io,
    path::{Path, PathBuf},
};

use lyceum_lab::{Notice, Observation, Probe};
use rustpython_vm::{
    AsObject, Interpreter, PyResult, Settings, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyDictRef},
    compiler::{
        CompileError, Mode,
        ast::token::TokenKind,
        parser::{LexicalErrorType, ParseErrorType},
    },
    scope::Scope,
};

use crate::{
    audio, datasets, encodings, figures,
    files::{self, FileView, Files},
    freeze, images, nesting, notices, numpy, probes, scalars, tokenizing, torch,
    traceback::{self, Raised},
    xray,
};

/// Address space for the interpreter's stack; only what is used of it becomes memory.
const STACK_BYTES: usize = 256 << 20;

/// A program to run, and what it may see.
pub struct Program {
    /// The program's file.
    pub path: PathBuf,
    /// What follows the program's path in `sys.argv`.
    pub arguments: Vec<String>,
    /// The folders that the program sees.
    pub files: Files,
    /// Called once on the thread that runs the program, before its first line: the place to set what the engine
    /// keeps for each thread, such as its observer or its seed.
    pub prepare: Option<Box<dyn FnOnce() + Send>>,
    /// Whether its `__name__` is `__main__`, as that of a program is, and not its file's name, as that of a module.
    pub is_main: bool,
    /// What is made of the names that it leaves.
    pub exhibits: Option<Exhibits>,
    /// What is asked of the program after it ended.
    pub probes: Vec<Probe>,
    /// Called with the answer to each probe as soon as it is there.
    pub observe: Option<Observer>,
}

/// A program that makes exhibits of what another one left.
pub struct Exhibits {
    /// Its text.
    pub text: String,
    /// Says, when the other one has ended, whether there is time for them.
    pub is_time: Box<dyn FnOnce() -> bool + Send>,
}

/// Is told the id of a probe and its answer.
pub type Observer = Box<dyn FnMut(&str, Observation) + Send>;

impl Program {
    /// A program without arguments.
    pub fn new(path: impl Into<PathBuf>, files: Files) -> Self {
        Self {
            path: path.into(),
            arguments: Vec::new(),
            files,
            prepare: None,
            is_main: true,
            exhibits: None,
            probes: Vec::new(),
            observe: None,
        }
    }
}

/// How a program ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The exit status: 0, 1 after an exception, or what `sys.exit` said.
    pub status: i32,
    /// The exception that ended the program, if one did. It has been printed to stderr.
    pub raised: Option<Raised>,
    /// The files that the program left in the run's folder, relative to it.
    pub written: Vec<PathBuf>,
    /// What happened in it that no exception tells.
    pub notices: Vec<Notice>,
}

/// Why a program could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program's file cannot be read.
    #[error("cannot read the program {}: {cause}", path.display())]
    Program {
        /// The program's file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A folder that the program should see cannot be opened.
    #[error("cannot open a folder for the program: {0}")]
    Folder(#[source] io::Error),
    /// The system gave no thread, or the interpreter itself broke.
    #[error("the interpreter failed: {0}")]
    Interpreter(String),
}

impl Program {
    /// Reads the program and opens its folders. From here on the process may give up the right to open others.
    ///
    /// # Errors
    /// When the program's file or a folder cannot be read.
    pub fn open(self) -> Result<OpenProgram, Error> {
        let unreadable = |cause| Error::Program { path: self.path.clone(), cause };
        let source = std::fs::read(&self.path).map_err(unreadable)?;
        let absolute = std::path::absolute(&self.path).map_err(unreadable)?;
        let view = FileView::new(&self.files).map_err(Error::Folder)?;
        freeze::open();
        let Self { path, arguments, prepare, is_main, exhibits, probes, observe, .. } = self;
        let streams_are_read = false;
        Ok(OpenProgram {
            path,
            absolute,
            source,
            arguments,
            view,
            prepare,
            is_main,
            exhibits,
            probes,
            observe,
            streams_are_read,
        })
    }
}

/// A program that has been read, with its folders open.
pub struct OpenProgram {
    path: PathBuf,
    absolute: PathBuf,
    source: Vec<u8>,
    arguments: Vec<String>,
    view: FileView,
    /// Called once on the thread that runs the program, before its first line.
    pub prepare: Option<Box<dyn FnOnce() + Send>>,
    is_main: bool,
    exhibits: Option<Exhibits>,
    probes: Vec<Probe>,
    /// Called with the answer to each probe as soon as it is there.
    pub observe: Option<Observer>,
    /// Whether somebody reads stdout and stderr as they are written. Then the program waits, when it turns from one to
    /// the other, until all of the first has been read, so that the reader sees them in order.
    pub streams_are_read: bool,
}

impl OpenProgram {
    /// Runs the program to its end.
    ///
    /// What it prints goes to the process's stdout and stderr as it is printed.
    ///
    /// # Errors
    /// When the interpreter itself failed; never because of what the program does.
    pub fn run(self) -> Result<Outcome, Error> {
        let thread = std::thread::Builder::new()
            .name("program".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || run_on_this_thread(self))
            .map_err(|cause| Error::Interpreter(cause.to_string()))?;
        match thread.join() {
            Ok(outcome) => outcome,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                Err(Error::Interpreter(text.unwrap_or("it panicked").to_owned()))
            }
        }
    }
}

/// Opens a program and runs it to its end.
///
/// # Errors
/// When the program could not be started, or the interpreter itself failed; never because of what the program does.
pub fn run_program(program: Program) -> Result<Outcome, Error> {
    program.open()?.run()
}

fn run_on_this_thread(program: OpenProgram) -> Result<Outcome, Error> {
    let OpenProgram {
        path,
        absolute,
        source,
        arguments,
        view,
        prepare,
        is_main,
        exhibits,
        probes,
        mut observe,
        streams_are_read,
    } = program;
    files::posix::enter(view, streams_are_read).map_err(Error::Folder)?;
    if let Some(prepare) = prepare {
        prepare();
    }
    let mut settings = Settings::default();
    settings.import_site = false;
    // The order of a set of strings must not be another at every run.
    settings.hash_seed = Some(0);
    settings.argv = std::iter::once(path.to_string_lossy().into_owned()).chain(arguments).collect();
    let interpreter = build(settings);
    let (status, raised) = interpreter.enter(|vm| {
        let mut names = None;
        let ended = start(vm, &absolute, exhibits.is_some())
            .and_then(|()| run_main(vm, &source, &absolute, is_main, &mut names));
        let ended = finish(vm, ended);
        // A program that stopped half way may still be asked for what it has; without any names it never began.
        if let Some(names) = names {
            // How it trained is over: what a probe does is no part of it.
            lyceum_engine::autograd::observe::set_listener(None);
            xray::stop();
            for probe in &probes {
                let observation = probes::run(vm, &names, probe);
                if let Some(observe) = &mut observe {
                    observe(&probe.id, observation);
                }
            }
            if let Some(exhibits) = exhibits
                && (exhibits.is_time)()
            {
                make_exhibits(vm, &exhibits.text, names);
            }
        }
        ended
    });
    interpreter.enter(keep_threading_out);
    // Runs what `atexit` holds, closes files and flushes; whatever still fails then is said on stderr.
    let flush_status = interpreter.finalize(None);
    torch::forget_interpreter();
    numpy::forget_classes();
    let written = files::posix::leave();
    let status = if status == 0 { i32::try_from(flush_status).unwrap_or(1) } else { status };
    Ok(Outcome { status, raised, written, notices: notices::take() })
}

fn build(settings: Settings) -> Interpreter {
    let builder = Interpreter::builder(settings);
    let mut modules = rustpython_stdlib::stdlib_module_defs(&builder.ctx);
    modules.push(files::posix::module_def(&builder.ctx));
    modules.push(datasets::module_def(&builder.ctx));
    modules.push(encodings::module_def(&builder.ctx));
    modules.push(figures::module_def(&builder.ctx));
    modules.push(scalars::module_def(&builder.ctx));
    modules.push(images::module_def(&builder.ctx));
    modules.push(audio::module_def(&builder.ctx));
    modules.push(tokenizing::module_def(&builder.ctx));
    modules.push(numpy::module_def(&builder.ctx));
    modules.push(xray::module_def(&builder.ctx));
    modules.extend(torch::module_defs(&builder.ctx));
    builder
        .add_native_modules(&modules)
        .add_frozen_modules(rustpython_pylib::FROZEN_STDLIB.decode())
        .add_frozen_modules(freeze::library())
        .build()
}

/// Gives Python its files, its standard streams and the importer for the program's own modules.
fn start(vm: &VirtualMachine, program: &Path, has_exhibits: bool) -> PyResult<()> {
    let folder = program.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
    vm.sys_module.set_attr("path", vm.ctx.new_list(vec![vm.ctx.new_str(folder).into()]), vm)?;
    // The object that the program sees is not the same twice; without this `print` could not tell it from a new hook.
    let hook = vm.sys_module.get_attr("excepthook", vm)?;
    vm.sys_module.set_attr("__excepthook__", hook, vm)?;
    let start = vm.import("_lyceum_start", 0)?;
    vm.call_method(&start, "install", ())?;
    if xray::is_on() {
        let python_half = vm.import("_lyceum.xray", 0)?.get_attr("xray", vm)?;
        vm.call_method(&python_half, "install", ())?;
    }
    if has_exhibits {
        let exhibit = vm.import("lyceum.exhibit", 0)?.get_attr("exhibit", vm)?;
        vm.call_method(&exhibit, "_remember_paths", ())?;
    }
    nesting::guard_builtins(vm)?;
    Ok(())
}

/// Runs the program, and tells the names that it has as soon as it can have any.
fn run_main(
    vm: &VirtualMachine,
    source: &[u8],
    path: &Path,
    is_main: bool,
    names: &mut Option<PyDictRef>,
) -> PyResult<()> {
    let file_name = path.to_string_lossy().into_owned();
    let text = decode(vm, source, &file_name)?;
    nesting::check(&text).map_err(|too_deep| nesting::exception(vm, &too_deep, &file_name))?;
    let code = vm.compile(&text, Mode::Exec, file_name.clone()).map_err(|cause| syntax_error(vm, &cause, &text))?;
    let scope = vm.new_scope_with_main()?;
    scope.globals.set_item("__file__", vm.ctx.new_str(file_name).into(), vm)?;
    if !is_main {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        scope.globals.set_item("__name__", vm.ctx.new_str(stem).into(), vm)?;
    }
    *names = Some(scope.globals.clone());
    vm.run_code_obj(code, scope).map(drop)
}

/// Makes what a unit shows of a program. It is there to be looked at: what fails is noted for the unit's author.
fn make_exhibits(vm: &VirtualMachine, text: &str, names: PyDictRef) {
    let made = match vm.compile(text, Mode::Exec, "exhibits.py".to_owned()) {
        Ok(code) => vm.run_code_obj(code, Scope::with_builtins(None, names, vm)).map(drop),
        Err(cause) => Err(vm.new_syntax_error(&cause, Some(text))),
    };
    if let Err(exception) = made {
        let raised = traceback::describe(vm, &exception);
        notices::no_exhibit(&format!("exhibits.py: {}: {}", raised.class, raised.message));
    }
}

/// The parser's error as Python's exception; the mistakes that beginners make most are said as CPython says them.
fn syntax_error(vm: &VirtualMachine, cause: &CompileError, text: &str) -> PyBaseExceptionRef {
    let exception = vm.new_syntax_error(cause, Some(text));
    let CompileError::Parse(error) = cause else { return exception };
    let (line, _) = cause.python_location();
    let source = line.checked_sub(1).and_then(|index| text.lines().nth(index)).unwrap_or_default().trim_start();
    let message = match &error.error {
        _ if source.strip_prefix("print ").is_some_and(|rest| !rest.trim_start().starts_with(['(', '='])) => {
            "Missing parentheses in call to 'print'. Did you mean print(...)?".to_owned()
        }
        ParseErrorType::ExpectedToken { expected: TokenKind::Colon, .. } => "expected ':'".to_owned(),
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => {
            format!("unterminated string literal (detected at line {line})")
        }
        _ => return exception,
    };
    // The attribute exists on every SyntaxError; without it the shorter message stays.
    let _ = exception.as_object().set_attr("msg", vm.ctx.new_str(message), vm);
    exception
}

/// The program's text, which is UTF-8 with or without a byte order mark.
fn decode(vm: &VirtualMachine, source: &[u8], file_name: &str) -> PyResult<String> {
    let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
    let message = match std::str::from_utf8(source) {
        Ok(text) if text.contains('\0') => "source code cannot contain null bytes".to_owned(),
        Ok(text) => return Ok(text.to_owned()),
        Err(cause) => {
            let line = source[..cause.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            let byte = source.get(cause.valid_up_to()).copied().unwrap_or_default();
            format!("not UTF-8: byte 0x{byte:02x} on line {line}; save the file in the encoding UTF-8")
        }
    };
    let exception = vm.new_exception_msg(vm.ctx.exceptions.syntax_error.to_owned(), message.into());
    exception.as_object().set_attr("filename", vm.ctx.new_str(file_name), vm)?;
    Err(exception)
}

/// Turns the end of the program into an exit status, and prints what is to be printed of it.
fn finish(vm: &VirtualMachine, ended: PyResult<()>) -> (i32, Option<Raised>) {
    let Err(exception) = ended else { return (0, None) };
    if exception.fast_isinstance(vm.ctx.exceptions.system_exit) {
        // The low byte is what a shell sees, as with `exit(2)`.
        return ((vm.handle_exit_exception(exception) & 0xff) as i32, None);
    }
    let is_interrupt = exception.fast_isinstance(vm.ctx.exceptions.keyboard_interrupt);
    let raised = traceback::describe(vm, &exception);
    flush(vm, "stdout");
    print(vm, &exception, &raised);
    (if is_interrupt { 130 } else { 1 }, Some(raised))
}

/// Finalizing imports `threading` to join threads. A program that never did has none, and is spared the import, which
/// takes longer than all of the start.
fn keep_threading_out(vm: &VirtualMachine) {
    if let Ok(modules) = vm.sys_module.get_attr("modules", vm)
        && modules.get_item("threading", vm).is_err()
    {
        // `None` in `sys.modules` makes an import fail at once; if it cannot be set, the end is slow but right.
        let _ = modules.set_item("threading", vm.ctx.none(), vm);
    }
}

/// Prints the exception by the program's own `sys.excepthook`, if it set one, or as Python does.
fn print(vm: &VirtualMachine, exception: &PyBaseExceptionRef, raised: &Raised) {
    let hook = vm.sys_module.get_attr("excepthook", vm).ok();
    let original = vm.sys_module.get_attr("__excepthook__", vm).ok();
    if let (Some(hook), Some(original)) = (hook, original)
        && !hook.is(&original)
    {
        let (class, value, traceback) = vm.split_exception(exception.clone());
        if hook.call((class, value, traceback), vm).is_ok() {
            flush(vm, "stderr");
            return;
        }
    }
    let text = raised.traceback.clone();
    let printed = vm.sys_module.get_attr("stderr", vm).and_then(|stderr| vm.call_method(&stderr, "write", (text,)));
    if printed.is_err() {
        eprint!("{}", raised.traceback);
    }
    flush(vm, "stderr");
}

fn flush(vm: &VirtualMachine, stream: &'static str) {
    if let Ok(stream) = vm.sys_module.get_attr(stream, vm) {
        // A stream that the program closed or replaced cannot be flushed; there is nobody left to tell.
        let _ = vm.call_method(&stream, "flush", ());
    }
}
