//! Runs a program in a child: this test binary, asked for the one test [`child`].

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use lyceum_python::{Files, Program, run_program};

const MARK: &str = "<<<the program starts here>>>\n";
const LONGEST: Duration = Duration::from_secs(120);

/// A folder with a program and what belongs to it.
pub struct Workspace {
    folder: tempfile::TempDir,
    data: Vec<PathBuf>,
    arguments: Vec<String>,
    stdin: String,
}

/// How a program ended and what it printed.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    pub written: Vec<String>,
}

impl Workspace {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("program")).expect("a folder");
        Self { folder, data: Vec::new(), arguments: Vec::new(), stdin: String::new() }
    }

    /// The folder of the program; tests put files there.
    pub fn program_folder(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder exists").join("program")
    }

    /// The run's folder.
    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.program_folder().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(path, content).expect("a file");
        self
    }

    pub fn data(mut self, folder: &Path) -> Self {
        self.data.push(folder.to_owned());
        self
    }

    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        self
    }

    pub fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.to_owned();
        self
    }

    pub fn run(&self, source: &str) -> Ran {
        std::fs::write(self.program_folder().join("main.py"), source).expect("a file");
        self.run_file("main.py")
    }

    pub fn run_file(&self, name: &str) -> Ran {
        let mut command = Command::new(std::env::current_exe().expect("the test binary has a path"));
        command
            .args(["--exact", "runner::child", "--nocapture", "--test-threads=1"])
            .env("LYCEUM_IT_PROGRAM", self.program_folder().join(name))
            .env("LYCEUM_IT_OUT", self.out())
            .env("LYCEUM_IT_WRITTEN", self.folder.path().join("written"))
            .env("LYCEUM_IT_ARGUMENTS", self.arguments.join("\n"))
            .env("LYCEUM_IT_DATA", std::env::join_paths(&self.data).expect("no colon in the path"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (status, stdout, stderr) = wait(command.spawn().expect("the test binary runs"), &self.stdin);
        let written = std::fs::read_to_string(self.folder.path().join("written")).unwrap_or_default();
        let start = stdout.find(MARK).map_or(0, |start| start + MARK.len());
        Ran {
            status,
            stdout: stdout[start..].to_owned(),
            stderr,
            written: written.lines().map(str::to_owned).collect(),
        }
    }
}

/// Runs a program that stands alone.
pub fn run(source: &str) -> Ran {
    Workspace::new().run(source)
}

/// Runs a program that must end well, and returns what it printed.
#[track_caller]
pub fn prints(source: &str) -> String {
    let ran = run(source);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "the program failed; it printed {}", ran.stdout);
    ran.stdout
}

fn wait(mut child: Child, stdin: &str) -> (i32, String, String) {
    let mut input = child.stdin.take().expect("stdin is a pipe");
    // A program that does not read its input closes the pipe.
    let _ = input.write_all(stdin.as_bytes());
    drop(input);
    let reader = |mut stream: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).expect("a pipe can be read");
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = reader(Box::new(child.stdout.take().expect("stdout is a pipe")));
    let stderr = reader(Box::new(child.stderr.take().expect("stderr is a pipe")));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            break status;
        }
        if started.elapsed() > LONGEST {
            child.kill().expect("the child can be ended");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let text = |reader: std::thread::JoinHandle<String>| reader.join().expect("the reader ends");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// Not a test: what the child runs.
#[test]
fn child() {
    let Some(path) = std::env::var_os("LYCEUM_IT_PROGRAM") else { return };
    let path = PathBuf::from(path);
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let files = Files {
        program: path.parent().expect("a program has a folder").to_owned(),
        data: std::env::split_paths(&variable("LYCEUM_IT_DATA")).filter(|path| !path.as_os_str().is_empty()).collect(),
        out: variable("LYCEUM_IT_OUT").into(),
        temporary: None,
    };
    let mut program = Program::new(path, files);
    program.arguments = variable("LYCEUM_IT_ARGUMENTS").lines().map(str::to_owned).collect();
    print!("{MARK}");
    std::io::stdout().flush().expect("stdout is a pipe");
    let outcome = run_program(program).expect("the program can be started");
    let written: Vec<String> = outcome.written.iter().map(|path| path.display().to_string()).collect();
    std::fs::write(variable("LYCEUM_IT_WRITTEN"), written.join("\n")).expect("a file");
    std::process::exit(outcome.status);
}
