//! Answers to the questions of a lesson.

use axum::extract::State;
use lyceum_lab::Text;
use lyceum_store::{Answer as Kept, NewAnswer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::units::unit_of;
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Json, Me, Path},
    library::{Asked, question},
    schema,
};

/// An answer.
#[derive(Deserialize, ToSchema)]
pub struct Given {
    pub question: String,
    /// For a choice its number, counted from 1.
    pub given: String,
}

/// An answer that was given, and what is to be said of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Answer)]
pub struct AnswerView {
    given: String,
    right: bool,
    /// HTML.
    #[schema(value_type = schema::Text)]
    explain: Text,
    /// The most points that an answer got.
    points: i64,
    max: i64,
    /// How often it was answered.
    tries: i64,
}

impl AnswerView {
    pub fn new(kept: &Kept, asked: &Asked<'_>) -> Self {
        Self {
            given: kept.given.as_str().map_or_else(|| kept.given.to_string(), str::to_owned),
            right: kept.right,
            explain: asked.explain(),
            points: kept.points,
            max: kept.max_points,
            tries: kept.tries,
        }
    }
}

/// The longest answer that is taken.
const LONGEST: usize = 1_000;

pub async fn give(
    State(app): State<App>,
    Me(me): Me,
    Path((course, id)): Path<(String, String)>,
    Json(Given { question: name, given }): Json<Given>,
) -> Answer<axum::Json<AnswerView>> {
    let (_, unit) = unit_of(&app, &course, &id)?;
    let asked = question(unit, &name).ok_or_else(|| AppError::not_found("question"))?;
    if given.len() > LONGEST {
        return Err(AppError::invalid("answer_long", format!("an answer has at most {LONGEST} bytes")));
    }
    let right = asked.accepts(&given);
    let points = if right { asked.en.points } else { 0 };
    let given = Value::String(given);
    let new = NewAnswer { question: &name, given: &given, right, points, max_points: asked.en.points };
    let kept = app.store.progress().answer(&me.id, &course, &id, new).await?;
    Ok(axum::Json(AnswerView::new(&kept, &asked)))
}
