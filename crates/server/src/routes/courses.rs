//! The courses, and how far one is in them.

use std::collections::{BTreeMap, HashMap};

use axum::extract::State;
use lyceum_lab::Text;
use lyceum_store::{Millis, UnitProgress};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Me, Path},
    library::{Shelf, questions},
    schema::{self, Level},
};

/// A course in a list.
#[derive(Serialize, ToSchema)]
pub struct CourseCard {
    id: String,
    #[schema(value_type = schema::Text)]
    title: Text,
    #[schema(value_type = schema::Text)]
    summary: Text,
    /// How many units it has.
    units: usize,
}

/// A course, and how far one is.
#[derive(Serialize, ToSchema)]
#[schema(as = Course)]
pub struct CourseView {
    id: String,
    #[schema(value_type = schema::Text)]
    title: Text,
    #[schema(value_type = schema::Text)]
    summary: Text,
    skills: Vec<SkillView>,
    units: Vec<UnitCard>,
    /// The level that each skill was shown at; skills without one were not shown yet.
    skill_levels: BTreeMap<String, Level>,
}

/// Something that a person can do.
#[derive(Serialize, ToSchema)]
#[schema(as = Skill)]
pub struct SkillView {
    id: String,
    #[schema(value_type = schema::Text)]
    title: Text,
    requires: Vec<String>,
    #[schema(value_type = schema::Text)]
    know: Text,
    #[schema(value_type = schema::Text)]
    apply: Text,
    #[schema(value_type = schema::Text)]
    analyse: Text,
}

/// A unit in its course.
#[derive(Serialize, ToSchema)]
pub struct UnitCard {
    id: String,
    #[schema(value_type = schema::Text)]
    title: Text,
    #[schema(value_type = schema::Text)]
    summary: Text,
    requires: Vec<String>,
    minutes: u32,
    teaches: Vec<TeachesView>,
    has_lab: bool,
    /// How many questions it has.
    questions: u32,
    progress: ProgressView,
}

/// A skill that a unit teaches.
#[derive(Serialize, ToSchema)]
#[schema(as = Teaches)]
pub struct TeachesView {
    skill: String,
    level: Level,
}

/// How far one is in a unit.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = UnitProgress)]
pub struct ProgressView {
    pub opened: bool,
    /// How many of its questions were answered.
    pub answered: i64,
    pub question_points: i64,
    pub question_max: u32,
    /// The best score of its lab.
    #[schema(required, nullable)]
    pub best_score: Option<i64>,
    #[schema(required, nullable)]
    pub max_score: Option<i64>,
    /// Unix milliseconds.
    #[schema(required, nullable)]
    pub passed_at: Option<Millis>,
    /// How many submissions were graded.
    pub attempts: i64,
    /// When anything was done in it last, in Unix milliseconds.
    #[schema(required, nullable)]
    pub active: Option<Millis>,
}

impl ProgressView {
    pub fn new(found: Option<&UnitProgress>, question_max: u32) -> Self {
        Self {
            opened: found.is_some(),
            answered: found.map_or(0, |found| found.answered),
            question_points: found.map_or(0, |found| found.answer_points),
            question_max,
            best_score: found.and_then(|found| found.best_score),
            max_score: found.and_then(|found| found.max_score),
            passed_at: found.and_then(|found| found.passed),
            attempts: found.map_or(0, |found| found.attempts),
            active: found.map(|found| found.active),
        }
    }
}

pub fn teaches(unit: &lyceum_curriculum::Unit) -> Vec<TeachesView> {
    let view = |taught: &lyceum_curriculum::unit::Teaches| TeachesView {
        skill: taught.skill.clone(),
        level: taught.level.into(),
    };
    unit.teaches.iter().map(view).collect()
}

/// Finds a course.
pub fn found<'a>(app: &'a App, course: &str) -> Answer<&'a Shelf> {
    app.library.course(course).ok_or_else(|| AppError::not_found("course"))
}

pub async fn list(State(app): State<App>) -> axum::Json<Vec<CourseCard>> {
    let card = |shelf: &Shelf| CourseCard {
        id: shelf.course.id.clone(),
        title: shelf.course.title.clone(),
        summary: shelf.course.summary.clone(),
        units: shelf.course.units.len(),
    };
    axum::Json(app.library.courses().iter().map(card).collect())
}

pub async fn show(State(app): State<App>, Me(me): Me, Path(course): Path<String>) -> Answer<axum::Json<CourseView>> {
    let shelf = found(&app, &course)?;
    let overview = app.store.progress().overview(&me.id, &course).await?;
    Ok(axum::Json(view(shelf, &overview)))
}

fn view(shelf: &Shelf, overview: &[UnitProgress]) -> CourseView {
    let course = &shelf.course;
    let of: HashMap<&str, &UnitProgress> = overview.iter().map(|unit| (unit.unit.as_str(), unit)).collect();
    let units = course.units.iter().map(|unit| {
        let (count, points) = questions(unit);
        UnitCard {
            id: unit.id.clone(),
            title: unit.title.clone(),
            summary: unit.summary.clone(),
            requires: unit.requires.clone(),
            minutes: unit.minutes,
            teaches: teaches(unit),
            has_lab: unit.lab.is_some(),
            questions: count,
            progress: ProgressView::new(of.get(unit.id.as_str()).copied(), points),
        }
    });
    let skills = course.skills.iter().map(|skill| SkillView {
        id: skill.id.clone(),
        title: skill.title.clone(),
        requires: skill.requires.clone(),
        know: skill.know.clone(),
        apply: skill.apply.clone(),
        analyse: skill.analyse.clone(),
    });
    CourseView {
        id: course.id.clone(),
        title: course.title.clone(),
        summary: course.summary.clone(),
        skills: skills.collect(),
        units: units.collect(),
        skill_levels: skill_levels(shelf, overview),
    }
}

/// Returns the level that each skill was shown at.
///
/// A unit that is done shows what it teaches at the level that it teaches it: its lab passed, or, where it has none, all
/// its questions right. Most of its questions right show that one knows what it is about.
pub fn skill_levels(shelf: &Shelf, overview: &[UnitProgress]) -> BTreeMap<String, Level> {
    let mut levels = BTreeMap::new();
    for progress in overview {
        let Some(unit) = shelf.unit(&progress.unit) else { continue };
        let (_, points) = questions(unit);
        let points = i64::from(points);
        let is_done = match unit.lab {
            Some(_) => progress.passed.is_some(),
            None => points > 0 && progress.answer_points >= points,
        };
        let knows = points > 0 && progress.answer_points * 3 >= points * 2;
        for taught in &unit.teaches {
            let level = match (is_done, knows) {
                (true, _) => Level::from(taught.level),
                (false, true) => Level::Know,
                (false, false) => continue,
            };
            let best = levels.entry(taught.skill.clone()).or_insert(level);
            *best = level.max(*best);
        }
    }
    levels
}
