//! A unit: its lesson, its lab, and what one did in it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, http::HeaderMap, response::Response};
use lyceum_curriculum::Unit;
use lyceum_lab::Text;
use lyceum_store::{GradeStatus, Version};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    answers::AnswerView,
    courses::{ProgressView, TeachesView, found, teaches},
    tagged,
};
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Me, Path},
    library::{Shelf, question, questions},
    schema,
};

/// A unit, and what one did in it.
#[derive(Serialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitView {
    id: String,
    #[schema(value_type = schema::Text)]
    title: Text,
    #[schema(value_type = schema::Text)]
    summary: Text,
    requires: Vec<String>,
    minutes: u32,
    teaches: Vec<TeachesView>,
    #[schema(value_type = Lessons)]
    #[serde(serialize_with = "as_it_is")]
    lessons: Arc<RawValue>,
    #[schema(required, nullable)]
    lab: Option<LabView>,
    /// One's answers, by question.
    answers: BTreeMap<String, AnswerView>,
    progress: ProgressView,
    #[schema(required, nullable)]
    previous: Option<UnitLink>,
    #[schema(required, nullable)]
    next: Option<UnitLink>,
    /// Whether outputs of programs are still being made; asked again later, they are there.
    output_missing: bool,
}

/// A lab, and what one has of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Lab)]
pub struct LabView {
    /// What it adds up to: another version may grade otherwise.
    version: String,
    starter: String,
    checks: Vec<CheckCard>,
    resources: BudgetView,
    #[schema(required, nullable)]
    draft: Option<DraftView>,
    #[schema(required, nullable)]
    best: Option<BestView>,
}

/// A check of a lab.
#[derive(Serialize, ToSchema)]
pub struct CheckCard {
    id: String,
    #[schema(value_type = schema::Text)]
    title: Text,
    points: u32,
    skills: Vec<String>,
}

/// What a run may use up.
#[derive(Serialize, ToSchema)]
#[schema(as = Budget)]
pub struct BudgetView {
    cpu_seconds: u32,
    memory_mib: u32,
}

/// What one was writing.
#[derive(Serialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    pub code: String,
    /// Increases with every change.
    pub revision: i64,
}

/// One's best submission.
#[derive(Serialize, ToSchema)]
#[schema(as = Best)]
pub struct BestView {
    submission: String,
    score: i64,
    max: i64,
    passed: bool,
}

/// A neighbour of a unit.
#[derive(Serialize, ToSchema)]
pub struct UnitLink {
    id: String,
    #[schema(value_type = schema::Text)]
    title: Text,
}

/// The lesson in both languages.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct Lessons {
    zh: Lesson,
    en: Lesson,
}

/// A lesson. Everything that is HTML was written by the server and can be shown as it is.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct Lesson {
    /// HTML.
    title: String,
    sections: Vec<Section>,
}

/// A part of a lesson under a heading.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct Section {
    /// Its name in the lesson; empty for what stands before the first heading.
    id: String,
    /// HTML.
    heading: String,
    level: u8,
    blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// Text.
    Html { html: String },
    /// A program; where it runs, with what it prints and draws, once that was made.
    Program { text: String, run: bool, output: Option<String>, figures: Option<Vec<String>> },
    /// A question, without its answer.
    Question { id: String, ask: String, answer: AnswerForm, points: u32, skills: Vec<String> },
}

/// What kind of answer a question has.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AnswerForm {
    /// One of some options, counted from 1.
    Choice { options: Vec<String> },
    /// A number.
    Number,
    /// A short text.
    Text,
}

fn as_it_is<S: Serializer>(value: &Arc<RawValue>, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::serialize(value, serializer)
}

/// Finds a unit of a course.
pub fn unit_of<'a>(app: &'a App, course: &str, unit: &str) -> Answer<(&'a Shelf, &'a Unit)> {
    let shelf = found(app, course)?;
    Ok((shelf, shelf.unit(unit).ok_or_else(|| AppError::not_found("unit"))?))
}

pub async fn show(
    State(app): State<App>,
    Me(me): Me,
    Path((course, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer<Response> {
    let (shelf, unit) = unit_of(&app, &course, &id)?;
    let output_missing = app.desk.lesson_outputs.want(&course, &id);
    if output_missing {
        app.desk.wake();
    }
    let progress = app.store.progress();
    let known = progress.unit(&me.id, &course, &id).await?;
    if known.is_none() {
        progress.open_unit(&me.id, &course, &id).await?;
    }
    let mut answers = BTreeMap::new();
    for answer in progress.answers(&me.id, &course, &id).await? {
        if let Some(asked) = question(unit, &answer.question) {
            answers.insert(answer.question.clone(), AnswerView::new(&answer, &asked));
        }
    }
    let lab = match &unit.lab {
        Some(files) => {
            let draft = app.store.drafts().get(&me.id, &course, &id).await?;
            let versions = match known.as_ref().is_some_and(|known| known.attempts > 0) {
                true => app.store.submissions().versions(&me.id, &course, &id, None, 200).await?,
                false => Vec::new(),
            };
            Some(LabView {
                version: files.lab.version.clone(),
                starter: files.starter.clone(),
                checks: files.lab.checks.iter().map(check_card).collect(),
                resources: BudgetView {
                    cpu_seconds: files.lab.resources.cpu_seconds,
                    memory_mib: files.lab.resources.memory_mib,
                },
                draft: draft.map(|draft| DraftView { code: draft.code, revision: draft.revision }),
                best: best(&versions),
            })
        }
        None => None,
    };
    let at = shelf.position(&id).unwrap_or_default();
    let link = |unit: &Unit| UnitLink { id: unit.id.clone(), title: unit.title.clone() };
    let units = &shelf.course.units;
    let (_, points) = questions(unit);
    let view = UnitView {
        id: unit.id.clone(),
        title: unit.title.clone(),
        summary: unit.summary.clone(),
        requires: unit.requires.clone(),
        minutes: unit.minutes,
        teaches: teaches(unit),
        lessons: shelf.lessons(&id).ok_or_else(|| AppError::not_found("unit"))?,
        lab,
        answers,
        progress: ProgressView { opened: true, ..ProgressView::new(known.as_ref(), points) },
        previous: at.checked_sub(1).and_then(|before| units.get(before)).map(link),
        next: units.get(at + 1).map(link),
        output_missing,
    };
    Ok(tagged(serde_json::to_vec(&view).map_err(AppError::internal)?, &headers))
}

fn check_card(check: &lyceum_lab::Check) -> CheckCard {
    CheckCard { id: check.id.clone(), title: check.title.clone(), points: check.points, skills: check.skills.clone() }
}

/// Returns the submission with the best score; of several the newest.
fn best(versions: &[Version]) -> Option<BestView> {
    let graded = versions.iter().filter_map(|version| {
        let passed = version.status? == GradeStatus::Pass;
        Some((passed, version.score?, version))
    });
    let (passed, score, version) = graded.max_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)))?;
    Some(BestView { submission: version.id.clone(), score, max: version.max_score.unwrap_or(score), passed })
}
