//! The job: which program to run, with what, and within which limits.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::Probe;

/// One run that is asked for.
///
/// ```
/// use lyceum_lab::{FileView, LabJob};
///
/// let mut job = LabJob::new("labs/regression/train.py");
/// job.seed = Some(7);
/// assert_eq!(job.files, FileView::around("labs/regression/train.py"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabJob {
    /// The Python file to run.
    pub program: PathBuf,
    /// What the program sees as `sys.argv[1:]`.
    #[serde(default)]
    pub args: Vec<String>,
    /// The seed that torch's default generator gets before the program starts.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The number of threads that the engine computes with; all cores when absent.
    #[serde(default)]
    pub threads: Option<NonZeroUsize>,
    /// What the run may use up.
    #[serde(default)]
    pub limits: Limits,
    /// The folders that the program sees.
    pub files: FileView,
    /// The catalogue of data sets that `lyceum.data` reads; only the built-in sets when absent.
    #[serde(default)]
    pub data_home: Option<PathBuf>,
    /// Parts of data sets that the program cannot load, as in `digits/test`.
    #[serde(default)]
    pub withhold: Vec<String>,
    /// Whether the program runs as if it were imported: its `__name__` is not `__main__`.
    #[serde(default)]
    pub as_module: bool,
    /// Whether the run is looked into: its graphs and its parameters are told as events.
    #[serde(default)]
    pub xray: bool,
    /// A program that runs after this one, among the names that it left, and makes exhibits of them.
    #[serde(default)]
    pub exhibits: Option<String>,
    /// What is asked of the program after it ended, in this order.
    #[serde(default)]
    pub probes: Vec<Probe>,
}

impl LabJob {
    /// Makes a job without limits that sees only the program's own folder.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let program = program.into();
        Self {
            files: FileView::around(program.clone()),
            program,
            args: Vec::new(),
            seed: None,
            threads: None,
            limits: Limits::default(),
            data_home: None,
            withhold: Vec::new(),
            as_module: false,
            xray: false,
            exhibits: None,
            probes: Vec::new(),
        }
    }
}

/// What a run may use up; an absent limit does not bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Wall-clock time in milliseconds, from the start of the child to its end.
    #[serde(default)]
    pub wall_ms: Option<u64>,
    /// Memory in bytes: what the program and the engine have allocated at one time.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
    /// Seconds of computing, over all threads.
    #[serde(default)]
    pub cpu_seconds: Option<u64>,
    /// What the program may print, stdout and stderr together, in bytes.
    #[serde(default)]
    pub output_bytes: Option<u64>,
    /// How large one file may grow, in bytes.
    #[serde(default)]
    pub file_bytes: Option<u64>,
    /// What all files that the program writes may take of the disk, in bytes.
    #[serde(default)]
    pub disk_bytes: Option<u64>,
}

impl Limits {
    /// Makes the limits of a lab from what its author allows: room for its output and its files, and time on the clock
    /// for a machine that is busy with others.
    pub fn for_lab(cpu_seconds: u64, memory_bytes: u64) -> Self {
        Self {
            wall_ms: Some(cpu_seconds.saturating_mul(4).saturating_add(10).saturating_mul(1_000)),
            memory_bytes: Some(memory_bytes),
            cpu_seconds: Some(cpu_seconds),
            output_bytes: Some(1 << 20),
            file_bytes: Some(64 << 20),
            disk_bytes: Some(256 << 20),
        }
    }

    /// Returns the wall-clock limit.
    pub fn wall(&self) -> Option<Duration> {
        self.wall_ms.map(Duration::from_millis)
    }
}

/// The folders that a program sees, and the one that its writes land in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileView {
    /// The program's own folder, read-only: what relative paths are looked up in.
    pub folder: PathBuf,
    /// More folders that may be read, by their absolute paths.
    #[serde(default)]
    pub readable: Vec<PathBuf>,
    /// The folder laid over the program's own that takes what it writes. Without one a confined program
    /// writes to a folder of the run's that is gone with it, and another cannot write.
    #[serde(default)]
    pub out: Option<PathBuf>,
}

impl FileView {
    /// Makes the view of a program that sees its own folder and cannot write.
    pub fn around(program: impl Into<PathBuf>) -> Self {
        let mut folder = program.into();
        folder.pop();
        if folder.as_os_str().is_empty() {
            folder.push(".");
        }
        Self { folder, readable: Vec::new(), out: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_survives_its_wire_form() {
        let mut job = LabJob::new("a/b.py");
        job.args = vec!["--epochs".into(), "3".into(), String::new(), "数据".into()];
        job.seed = Some(u64::MAX);
        job.threads = NonZeroUsize::new(2);
        job.limits = Limits { wall_ms: Some(1_500), ..Limits::for_lab(30, 1 << 40) };
        job.files.readable.push("/data".into());
        job.files.out = Some("runs/1".into());
        job.data_home = Some("/home/a/.local/share/lyceum/data".into());
        job.withhold.push("digits/test".into());
        job.as_module = true;
        job.xray = true;
        job.exhibits = Some("show()".into());
        job.probes.push(serde_json::from_str(r#"{"id":"mse/0","target":"mse"}"#).unwrap());
        let line = serde_json::to_string(&job).unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<LabJob>(&line).unwrap(), job);
    }

    #[test]
    fn a_small_job_needs_only_a_program_and_its_folder() {
        let job: LabJob = serde_json::from_str(r#"{"program":"a/b.py","files":{"folder":"a"}}"#).unwrap();
        assert_eq!(job, LabJob::new("a/b.py"));
    }

    #[test]
    fn an_unknown_field_is_an_error_and_not_a_limit_that_is_ignored() {
        let line = r#"{"program":"a.py","files":{"folder":"."},"limits":{"wall":3}}"#;
        let error = serde_json::from_str::<LabJob>(line).unwrap_err().to_string();
        assert!(error.contains("unknown field `wall`"), "{error}");
    }

    #[test]
    fn the_view_of_a_bare_file_name_is_the_current_folder() {
        assert_eq!(FileView::around("train.py").folder, PathBuf::from("."));
    }
}
