//! The tests.

use std::{
    fs,
    io::Write,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::fs::PermissionsExt,
    },
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use lyceum_lab::{
    LabJob, Limits, Outcome,
    sandbox::{
        Came, Confinement, End, Finished, Kernel, Recorder, SandboxError, Stream, Strength, Watcher, attempts, examine,
        run,
    },
};

macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub const CASES: &[(&str, fn())] = &[$((stringify!($name), $name)),*];
    };
}

cases![
    a_program_prints_and_ends,
    the_status_is_the_programs,
    what_it_prints_is_capped_while_it_is_read,
    time_on_the_clock_ends_it,
    computing_time_ends_it_however_many_threads_compute,
    a_program_that_ignores_every_signal_is_ended,
    mapped_memory_is_bounded,
    a_file_that_grows_too_large_is_an_error,
    many_files_end_it,
    results_are_plain_files_beneath_the_folder,
    a_forged_report_does_not_count,
    nothing_that_it_says_breaks_the_reader,
    events_arrive_in_order,
    a_forbidden_call_ends_it,
    threads_work_and_nothing_is_inherited,
    standard_input_is_empty,
    it_can_be_cancelled,
    every_attempt_is_denied_as_expected,
    the_attempts_are_real,
    an_unprivileged_user_is_confined_as_well,
    where_landlock_is_missing_there_is_no_run_unless_it_is_allowed,
    a_thousand_runs_leave_nothing_behind,
    runs_from_many_threads_do_not_meet,
    a_run_dies_with_its_parent,
];

/// A folder with a program in it, and a folder for the runs' folders.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.runs()).unwrap();
        place
    }

    fn runs(&self) -> PathBuf {
        self.folder.path().join("runs")
    }

    fn job(&self, behaviour: &str) -> LabJob {
        let program = self.folder.path().join(behaviour.replace(' ', "-"));
        fs::write(&program, behaviour).unwrap();
        let mut job = LabJob::new(program);
        job.limits = Limits::for_lab(20, 256 << 20);
        job
    }

    fn confinement(&self) -> Confinement {
        Confinement { base: Some(self.runs()), ..Confinement::lab() }
    }

    fn run(&self, behaviour: &str) -> (Finished, Recorder) {
        self.run_job(&self.job(behaviour))
    }

    fn run_job(&self, job: &LabJob) -> (Finished, Recorder) {
        let mut recorder = Recorder::default();
        let finished = run(job, &self.confinement(), &mut recorder).unwrap();
        (finished, recorder)
    }

    /// Asserts that no run left anything.
    fn is_empty(&self) -> bool {
        fs::read_dir(self.runs()).unwrap().next().is_none()
    }
}

fn a_program_prints_and_ends() {
    let place = Place::new();
    let (finished, recorder) = place.run("print");
    assert_eq!((finished.report.outcome, finished.end), (Outcome::Finished, End::Exited(0)));
    assert_eq!(recorder.text(Stream::Stdout), "out 一\n");
    assert_eq!(recorder.text(Stream::Stderr), "err 二\n");
    let resources = finished.report.resources;
    assert!((0.0..5.0).contains(&resources.cpu_seconds) && resources.wall_seconds > 0.0, "{resources:?}");
    assert!(resources.peak_memory_bytes > 100_000);
    assert!(finished.report.missing.is_empty());
    drop(finished);
    assert!(place.is_empty());
}

fn the_status_is_the_programs() {
    let place = Place::new();
    let (finished, _) = place.run("exit 7");
    assert_eq!((finished.end, finished.reported), (End::Exited(7), false));
    assert_eq!((finished.report.outcome, finished.report.exit_code), (Outcome::Killed, 7));
    let (finished, _) = place.run("abort");
    assert_eq!((finished.end, finished.report.exit_code), (End::Signalled(libc::SIGABRT), 134));
    let (finished, _) = place.run("exit 247");
    assert_eq!((finished.report.outcome, finished.report.exit_code), (Outcome::OutOfMemory, 137));
    let job = LabJob::new(place.folder.path().join("missing"));
    let error = run(&job, &place.confinement(), &mut ()).unwrap_err();
    assert!(matches!(&error, SandboxError::Refused { reason } if reason.contains("cannot read")), "{error}");
}

fn what_it_prints_is_capped_while_it_is_read() {
    let started = Instant::now();
    let place = Place::new();
    let (finished, recorder) = place.run("flood");
    assert_eq!((finished.report.outcome, finished.end), (Outcome::OutputLimit, End::TooMuchOutput));
    assert_eq!(recorder.text(Stream::Stdout).len(), 1 << 20);
    assert!(started.elapsed() < Duration::from_secs(10));
}

fn time_on_the_clock_ends_it() {
    let place = Place::new();
    for behaviour in ["sleep", "spin", "forge-and-die"] {
        let mut job = place.job(behaviour);
        job.limits.wall_ms = Some(300);
        let (finished, _) = place.run_job(&job);
        assert_eq!((finished.report.outcome, finished.end), (Outcome::TimedOut, End::TimedOut), "{behaviour}");
        assert_eq!(finished.report.exit_code, 124);
        assert!((0.3..5.0).contains(&finished.report.resources.wall_seconds));
    }
}

fn computing_time_ends_it_however_many_threads_compute() {
    let place = Place::new();
    let mut job = place.job("spin-threads");
    job.limits.cpu_seconds = Some(1);
    let (finished, _) = place.run_job(&job);
    assert_eq!((finished.report.outcome, finished.end), (Outcome::TimedOut, End::TimedOut));
    assert!((0.9..3.0).contains(&finished.report.resources.cpu_seconds), "{:?}", finished.report.resources);
}

fn a_program_that_ignores_every_signal_is_ended() {
    let place = Place::new();
    let mut job = place.job("ignore-signals");
    job.limits.cpu_seconds = Some(1);
    let (finished, _) = place.run_job(&job);
    assert_eq!(finished.end, End::Signalled(libc::SIGKILL));
    assert!((1.0..4.0).contains(&finished.report.resources.cpu_seconds), "{:?}", finished.report.resources);
}

fn mapped_memory_is_bounded() {
    let place = Place::new();
    assert_eq!(place.run("map-memory").1.text(Stream::Stdout), "refused\n");
    let (finished, _) = place.run("eat-memory");
    assert_ne!(finished.report.outcome, Outcome::Finished);
    assert!(finished.report.resources.peak_memory_bytes < 2 << 30);
    if Kernel::this().is_root {
        let started: u32 = place.run("many-threads").1.text(Stream::Stdout).trim().parse().unwrap();
        assert!(started < 1_300, "{started}");
    }
}

fn a_file_that_grows_too_large_is_an_error() {
    let place = Place::new();
    let (finished, recorder) = place.run("large-file");
    assert_eq!(finished.report.outcome, Outcome::Finished);
    assert!(recorder.text(Stream::Stdout).starts_with("File too large"), "{recorder:?}");
}

fn many_files_end_it() {
    let place = Place::new();
    for behaviour in ["many-files", "many-folders"] {
        let (finished, _) = place.run(behaviour);
        assert_eq!((finished.report.outcome, finished.end), (Outcome::OutputLimit, End::TooMuchWritten), "{behaviour}");
        drop(finished);
        assert!(place.is_empty());
    }
}

fn results_are_plain_files_beneath_the_folder() {
    let place = Place::new();
    let (finished, recorder) = place.run("write");
    assert_eq!(recorder.text(Stream::Stdout), "Err(PermissionDenied)\n");
    assert_eq!(finished.results.read("sub/result", 100).unwrap(), b"12345");
    assert!(finished.results.read("large", 999).is_err());
    for path in ["planted", "sub", "none", "../tmp", "/etc/passwd"] {
        assert!(finished.results.read(path, 1000).is_err(), "{path}");
    }
    drop(finished);
    assert!(place.is_empty());

    // A folder that the job names is written to while the program runs, and stays.
    let out = place.folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("large"), "old").unwrap();
    let mut job = place.job("write");
    job.files.out = Some(out.clone());
    let (finished, _) = place.run_job(&job);
    assert_eq!(finished.results.read("sub/result", 100).unwrap(), b"12345");
    drop(finished);
    for path in ["", "large", "sub", "sub/result"] {
        use std::os::unix::fs::MetadataExt;
        let owner = fs::metadata(out.join(path)).unwrap().uid();
        assert_eq!(owner, fs::metadata(place.folder.path()).unwrap().uid(), "{path}");
    }
}

fn a_forged_report_does_not_count() {
    let place = Place::new();
    let (finished, recorder) = place.run("forge");
    // Its own report comes last, and its status is seen by the parent.
    assert_eq!((finished.report.outcome, finished.report.exit_code), (Outcome::Raised, 1));
    assert!(finished.report.metrics.is_empty());
    assert!(recorder.text(Stream::Stdout).contains("\"score\""));
    let (finished, _) = place.run("late-refusal");
    assert_eq!(finished.report.outcome, Outcome::Finished);
}

fn nothing_that_it_says_breaks_the_reader() {
    let place = Place::new();
    for behaviour in ["garbage", "long-line"] {
        let (finished, recorder) = place.run(behaviour);
        assert_eq!(finished.report.outcome, Outcome::Finished, "{behaviour}");
        assert!(recorder.events.is_empty());
    }
}

fn events_arrive_in_order() {
    let (_, recorder) = Place::new().run("events");
    let steps: Vec<u64> = recorder.events.iter().map(|event| event.step()).collect();
    assert_eq!(steps, [1, 2, 3]);
}

fn a_forbidden_call_ends_it() {
    let (finished, _) = Place::new().run("socket");
    assert_eq!(finished.end, End::Signalled(libc::SIGSYS));
    assert_eq!(finished.report.outcome, Outcome::Killed);
}

fn threads_work_and_nothing_is_inherited() {
    let place = Place::new();
    // A descriptor of the parent's that an honest mistake left open for its children.
    let leaked = fs::File::open("/etc/passwd").unwrap();
    rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty()).unwrap();
    assert_eq!(place.run("threads").1.text(Stream::Stdout), "8\n");
    // The pipe for events.
    assert_eq!(place.run("descriptors").1.text(Stream::Stdout), "1\n");
}

fn standard_input_is_empty() {
    assert_eq!(Place::new().run("input").1.text(Stream::Stdout), "None\n");
}

/// Asks for the end as soon as the program has printed, or at once.
struct Canceller(std::io::PipeReader);

impl Watcher for Canceller {
    fn cancel(&self) -> Option<BorrowedFd<'_>> {
        Some(self.0.as_fd())
    }
}

fn it_can_be_cancelled() {
    let place = Place::new();
    let (reader, mut writer) = std::io::pipe().unwrap();
    let asking = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        writer.write_all(b"x").unwrap();
        writer
    });
    let started = Instant::now();
    let finished = run(&place.job("sleep"), &place.confinement(), &mut Canceller(reader)).unwrap();
    assert_eq!((finished.report.outcome, finished.end), (Outcome::Killed, End::Cancelled));
    assert!(started.elapsed() < Duration::from_secs(10));
    asking.join().unwrap();
    drop(finished);
    assert!(place.is_empty());
}

fn every_attempt_is_denied_as_expected() {
    let place = Place::new();
    let mut wrong = Vec::new();
    for attempt in attempts() {
        match examine(attempt, &place.confinement()) {
            Ok(Came::Denied(denial)) if denial == attempt.expected => {}
            other => wrong.push(format!("{}: {other:?}", attempt.name)),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(place.is_empty());
}

/// Without the confinement, what any process may do is not denied: so it is the confinement that denies it.
fn the_attempts_are_real() {
    let off = Confinement::lab().with(Strength::Off);
    let denied: Vec<&str> = attempts()
        .iter()
        .filter(|attempt| matches!(examine(attempt, &off), Ok(Came::Denied(_)) | Err(_)))
        .map(|attempt| attempt.name)
        .collect();
    // A kernel may lack some of these, and an ordinary user is denied others.
    let anyone_may = [
        "read-outside",
        "list-root",
        "write-outside",
        "create-outside",
        "truncate-outside",
        "truncate-read-only",
        "remove-outside",
        "rename-outside",
        "chmod-outside",
        "chmod-inside",
        "chown-outside",
        "utime-outside",
        "link-outside",
        "symlink",
        "fifo",
        "socket-file",
        "watch-files",
        "hidden-file",
        "tcp",
        "udp",
        "unix-socket",
        "abstract-socket",
        "netlink",
        "socket-pair",
        "fork",
        "vfork",
        "exec",
        "setsid",
        "kill-parent",
        "thread-kill-parent",
        "pidfd",
        "parents-priority",
        "outlive-parent",
        "dumpable",
        "seccomp",
        "shared-memory",
        "executable-memory",
    ];
    let wrongly: Vec<&&str> = denied.iter().filter(|name| anyone_may.contains(name)).collect();
    assert!(wrongly.is_empty(), "{wrongly:?}");
}

/// Runs one of these tests again as a user without rights.
fn an_unprivileged_user_is_confined_as_well() {
    if !Kernel::this().is_root {
        return;
    }
    // Where that user can reach it.
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let binary = folder.path().join("sandbox-tests");
    fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    for case in [
        "a_program_prints_and_ends",
        "every_attempt",
        "the_attempts_are_real",
        "results_are",
        "many_files",
        "a_forged",
        "time_on_the_clock",
        "mapped_memory",
        "a_thousand_runs",
    ] {
        let output = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&binary)
            .arg(case)
            .env("TMPDIR", folder.path())
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{case}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// What a kernel without Landlock answers, by a filter in front of a process that runs this test again.
fn where_landlock_is_missing_there_is_no_run_unless_it_is_allowed() {
    use std::{collections::BTreeMap, os::unix::process::CommandExt};

    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    let place = Place::new();
    if std::env::var_os("WITHOUT_LANDLOCK").is_none() {
        let calls = [libc::SYS_landlock_create_ruleset, libc::SYS_landlock_add_rule, libc::SYS_landlock_restrict_self];
        let rules: BTreeMap<i64, Vec<_>> = calls.map(|call| (call, Vec::new())).into();
        let arch = std::env::consts::ARCH.try_into().unwrap();
        let absent = SeccompAction::Errno(libc::ENOSYS as u32);
        let filter: BpfProgram =
            SeccompFilter::new(rules, SeccompAction::Allow, absent, arch).unwrap().try_into().unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("where_landlock_is_missing").env("WITHOUT_LANDLOCK", "1");
        // SAFETY: between fork and exec only a system call is made, on a filter that was built before.
        unsafe { command.pre_exec(move || seccompiler::apply_filter(&filter).map_err(std::io::Error::other)) };
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    assert_eq!(Kernel::this().landlock_abi, 0);
    let error = run(&place.job("nothing"), &place.confinement(), &mut ()).unwrap_err();
    let SandboxError::Missing { parts } = &error else { panic!("{error}") };
    assert_eq!(parts.len(), 5);
    assert!(error.to_string().contains("lacks Landlock"), "{error}");
    let weak = place.confinement().with(Strength::Weak);
    let finished = run(&place.job("nothing"), &weak, &mut ()).unwrap();
    assert_eq!(finished.report.outcome, Outcome::Finished);
    assert_eq!(&finished.report.missing, parts);
    // Seccomp still holds.
    let finished = run(&place.job("socket"), &weak, &mut ()).unwrap();
    assert_eq!(finished.end, End::Signalled(libc::SIGSYS));
}

fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

fn children() -> String {
    let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
    tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok()).collect()
}

fn a_thousand_runs_leave_nothing_behind() {
    let place = Place::new();
    let kinds = ["nothing", "print", "write", "exit 3", "socket", "forge", "abort", "threads"];
    let jobs = kinds.map(|behaviour| place.job(behaviour));
    let mut flood = place.job("flood");
    flood.limits.output_bytes = Some(10_000);
    place.run("nothing");
    let before = (open_descriptors(), children());
    let mut times = Vec::new();
    for number in 0..1_000 {
        let job = if number % 50 == 0 { &flood } else { &jobs[number % jobs.len()] };
        let started = Instant::now();
        run(job, &place.confinement(), &mut ()).unwrap();
        times.push(started.elapsed());
    }
    assert_eq!((open_descriptors(), children()), before);
    assert!(place.is_empty());
    assert_eq!(processes_of_runs(), 0);
    times.sort_unstable();
    println!("1000 runs: median {:.2?}, 95% {:.2?}, longest {:.2?}", times[500], times[950], times[999]);
}

/// Counts the processes of this binary that are workers.
fn processes_of_runs() -> usize {
    let this = fs::read_link("/proc/self/exe").unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.filter(|process| is_worker(process, &this)).count()
}

fn is_worker(process: &Path, binary: &Path) -> bool {
    let line = fs::read(process.join("cmdline")).unwrap_or_default();
    fs::read_link(process.join("exe")).is_ok_and(|exe| exe == binary) && line.windows(6).any(|word| word == b"worker")
}

fn runs_from_many_threads_do_not_meet() {
    let place = Place::new();
    let job = place.job("descriptors");
    let before = (open_descriptors(), children());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    // One pipe, and not those of the others.
                    let (finished, recorder) = place.run_job(&job);
                    assert_eq!(recorder.text(Stream::Stdout), "1\n");
                    assert_eq!(finished.report.outcome, Outcome::Finished);
                }
            });
        }
    });
    assert_eq!((open_descriptors(), children()), before);
    assert!(place.is_empty());
}

fn a_run_dies_with_its_parent() {
    if std::env::var_os("PLACE_OF_THE_RUN").is_some() {
        let folder = PathBuf::from(std::env::var_os("PLACE_OF_THE_RUN").unwrap());
        let mut job = LabJob::new(folder.join("sleep"));
        job.limits = Limits::default();
        let confinement = Confinement { base: Some(folder.join("runs")), ..Confinement::lab() };
        run(&job, &confinement, &mut ()).unwrap();
        return;
    }
    let place = Place::new();
    place.job("sleep");
    let mut parent = Command::new(std::env::current_exe().unwrap())
        .arg("a_run_dies_with_its_parent")
        .env("PLACE_OF_THE_RUN", place.folder.path())
        .spawn()
        .unwrap();
    let soon = |condition: &dyn Fn() -> bool| {
        (0..500).any(|_| {
            thread::sleep(Duration::from_millis(10));
            condition()
        })
    };
    assert!(soon(&|| processes_of_runs() == 1));
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert!(soon(&|| processes_of_runs() == 0));
    // Its folder is unlocked, and the next run removes it.
    assert!(!place.is_empty());
    place.run("nothing");
    assert!(place.is_empty());
}
