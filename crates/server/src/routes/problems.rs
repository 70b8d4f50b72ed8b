//! What is wrong with a course, as `lyceum course check --quick` says it.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::courses::found;
use crate::{app::App, error::Answer, extract::Path};

/// Something that is wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// The file, as in `cnn/checks.toml`.
    file: String,
    /// The line, from 1; 0 for the file as a whole.
    line: usize,
    message: String,
}

pub async fn list(State(app): State<App>, Path(course): Path<String>) -> Answer<axum::Json<Vec<ProblemView>>> {
    let shelf = found(&app, &course)?;
    let view = |problem: &lyceum_curriculum::Problem| ProblemView {
        file: inside(&problem.file, &shelf.course.id),
        line: problem.line,
        message: problem.message.clone(),
    };
    Ok(axum::Json(shelf.problems.iter().map(view).collect()))
}

/// Returns a file's path in the course's folder: where that lies is the operator's business.
fn inside(file: &std::path::Path, course: &str) -> String {
    let parts: Vec<_> = file.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let from = parts.iter().rposition(|part| part == course).map_or(0, |at| at + 1);
    parts[from..].join("/")
}
