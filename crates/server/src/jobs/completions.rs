//! The names that an editor offers: asked of the interpreter itself, once for each binary.

use std::{fs, io, path::PathBuf};

use lyceum_curriculum::submission::{binary, run_lesson_program};
use lyceum_lab::{
    Outcome,
    sandbox::{self, Recorder, Stream},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use utoipa::ToSchema;

use super::{lesson_outputs::NAMES, sandboxed::Workshop};

/// The program that lists them.
const PROGRAM: &str = include_str!("completions/names.py");

/// A name that a learner may type.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Completion {
    /// The whole name, as in `torch.nn.Linear`.
    pub name: String,
    /// `function`, `class`, `method`, `property`, `module` or `constant`.
    pub kind: String,
    /// How it is called, as in `(input, dim=None)`; empty where that is not known.
    pub signature: String,
    /// What it does.
    pub doc: String,
}

/// The names, once they were asked for.
pub struct Completions {
    file: PathBuf,
    workshop: Workshop,
    names: OnceCell<(axum::body::Bytes, String)>,
}

impl Completions {
    pub fn new(data: &std::path::Path, workshop: Workshop) -> Self {
        let mut hash = Sha256::new();
        hash.update(binary());
        hash.update(PROGRAM);
        let name: String = hex::encode(&hash.finalize()[..16]);
        let file = data.join("exhibits").join(format!("{NAMES}{name}.json"));
        Self { file, workshop, names: OnceCell::new() }
    }

    /// Returns the names as JSON, with a tag. The first time takes a second.
    pub async fn names(&self) -> io::Result<(axum::body::Bytes, String)> {
        let made = self.names.get_or_try_init(|| async {
            let (file, workshop) = (self.file.clone(), self.workshop.clone());
            let text = tokio::task::spawn_blocking(move || kept_or_made(&file, &workshop)).await;
            let text = text.map_err(io::Error::other)??;
            let tag: String = hex::encode(&Sha256::digest(&text)[..8]);
            Ok::<_, io::Error>((text.into(), format!("\"{tag}\"")))
        });
        made.await.cloned()
    }
}

fn kept_or_made(file: &std::path::Path, workshop: &Workshop) -> io::Result<Vec<u8>> {
    if let Ok(kept) = fs::read(file)
        && serde_json::from_slice::<Vec<Completion>>(&kept).is_ok()
    {
        return Ok(kept);
    }
    let workshop = workshop.clone();
    // The process dies with the thread that starts it, and those of the runtime come and go.
    let made = std::thread::spawn(move || {
        let mut recorder = Recorder::default();
        let report = run_lesson_program(PROGRAM, None, |job| {
            let finished = sandbox::run(job, &workshop.confinement(), &mut recorder);
            finished.map(|finished| finished.report).map_err(io::Error::other)
        })?;
        match report.outcome {
            Outcome::Finished => Ok(recorder.text(Stream::Stdout)),
            outcome => Err(io::Error::other(format!("{outcome:?}: {}", recorder.text(Stream::Stderr)))),
        }
    });
    let text = made.join().map_err(|_| io::Error::other("listing the names panicked"))??;
    // What is kept is what it should be, whatever was printed.
    let names: Vec<Completion> = serde_json::from_str(text.trim())?;
    let text = serde_json::to_vec(&names)?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(NAMES) {
                // Another binary's.
                let _ = fs::remove_file(entry.path());
            }
        }
        fs::write(file, &text)?;
    }
    Ok(text)
}
