//! What an instructor wants to know of a cohort.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use lyceum_store::{CheckRate, GradeRow, LearnerProgress, Stuck, UnitProgress};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::{
    cohorts::followed,
    courses::{ProgressView, found},
};
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Me, Path, Query},
    library::{Shelf, questions},
    schema::{self, AccountView},
};

/// Which course a report is about: the first one when nothing is said.
#[derive(Deserialize)]
pub struct About {
    course: Option<String>,
    after: Option<String>,
}

impl About {
    fn shelf<'a>(&self, app: &'a App) -> Answer<&'a Shelf> {
        match &self.course {
            Some(course) => found(app, course),
            None => app.library.courses().first().ok_or_else(|| AppError::not_found("course")),
        }
    }
}

/// A learner, and where they are.
#[derive(Serialize, ToSchema)]
pub struct LearnerRow {
    account: AccountView,
    /// By unit; units that they did not open are absent.
    units: BTreeMap<String, ProgressView>,
}

/// How often a check fails.
#[derive(Serialize, ToSchema)]
#[schema(as = CheckRate)]
pub struct CheckView {
    unit: String,
    check: String,
    #[schema(value_type = schema::Text, required, nullable)]
    title: Option<lyceum_lab::Text>,
    /// For how many learners it was graded.
    learners: i64,
    /// How many of them have not passed it yet.
    not_passed: i64,
    /// How often it was graded.
    attempts: i64,
    failures: i64,
}

/// A learner who may need help.
#[derive(Serialize, ToSchema)]
#[schema(as = Stuck)]
pub struct StuckView {
    account: AccountView,
    unit: String,
    /// Failed submissions since the last that passed.
    failures: i64,
    /// When anything was done in the unit last, in Unix milliseconds.
    active: i64,
    progress: ProgressView,
}

pub fn progress_of(shelf: &Shelf, progress: &UnitProgress) -> ProgressView {
    let points = shelf.unit(&progress.unit).map_or(0, |unit| questions(unit).1);
    ProgressView::new(Some(progress), points)
}

pub async fn progress(
    State(app): State<App>,
    Me(me): Me,
    Path(cohort): Path<String>,
    Query(about): Query<About>,
) -> Answer<axum::Json<Vec<LearnerRow>>> {
    const PAGE: u32 = 100;
    followed(&app, &me, &cohort).await?;
    let shelf = about.shelf(&app)?;
    let page = app.store.reports().progress(&cohort, &shelf.course.id, about.after.as_deref(), PAGE).await?;
    let row = |LearnerProgress { account, units }: LearnerProgress| LearnerRow {
        account: account.into(),
        units: units.into_iter().map(|unit| (unit.unit.clone(), progress_of(shelf, &unit))).collect(),
    };
    Ok(axum::Json(page.into_iter().map(row).collect()))
}

pub async fn checks(
    State(app): State<App>,
    Me(me): Me,
    Path(cohort): Path<String>,
    Query(about): Query<About>,
) -> Answer<axum::Json<Vec<CheckView>>> {
    followed(&app, &me, &cohort).await?;
    let shelf = about.shelf(&app)?;
    let rates = app.store.reports().checks(&cohort, &shelf.course.id).await?;
    let view = |rate: CheckRate| {
        let lab = shelf.unit(&rate.unit).and_then(|unit| unit.lab.as_ref());
        let check = lab.and_then(|files| files.lab.checks.iter().find(|check| check.id == rate.check));
        let CheckRate { unit, check: id, learners, not_passed, attempts, failures } = rate;
        let title = check.map(|check| check.title.clone());
        CheckView { unit, check: id, title, learners, not_passed, attempts, failures }
    };
    Ok(axum::Json(rates.into_iter().map(view).collect()))
}

pub async fn stuck(
    State(app): State<App>,
    Me(me): Me,
    Path(cohort): Path<String>,
    Query(about): Query<About>,
) -> Answer<axum::Json<Vec<StuckView>>> {
    /// So many failures in a row are a reason to ask.
    const FAILURES: u32 = 3;
    /// Who began and has not come back for so long may have given up.
    const IDLE_MS: i64 = 3 * 24 * 60 * 60 * 1000;
    followed(&app, &me, &cohort).await?;
    let shelf = about.shelf(&app)?;
    let idle_since = lyceum_store::now() - IDLE_MS;
    let stuck = app.store.reports().stuck(&cohort, &shelf.course.id, FAILURES, idle_since, 100).await?;
    let view = |Stuck { account, progress }: Stuck| StuckView {
        account: account.into(),
        unit: progress.unit.clone(),
        failures: progress.failures,
        active: progress.active,
        progress: progress_of(shelf, &progress),
    };
    Ok(axum::Json(stuck.into_iter().map(view).collect()))
}

pub async fn grades(
    State(app): State<App>,
    Me(me): Me,
    Path(cohort): Path<String>,
    Query(about): Query<About>,
) -> Answer<Response> {
    followed(&app, &me, &cohort).await?;
    let shelf = about.shelf(&app)?;
    let mut rows: Vec<GradeRow> = Vec::new();
    loop {
        let after = rows.last().map(|row| (row.account.clone(), row.progress.unit.clone()));
        let after = after.as_ref().map(|(account, unit)| (account.as_str(), unit.as_str()));
        let page = app.store.reports().grades(&cohort, &shelf.course.id, after, lyceum_store::MAX_PAGE).await?;
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"grades-{}.csv\"", shelf.course.id)),
    ];
    Ok((headers, as_csv(shelf, &rows)).into_response())
}

/// Writes results as CSV, a line for each learner and unit. The mark at the beginning has spreadsheets read it as UTF-8.
fn as_csv(shelf: &Shelf, rows: &[GradeRow]) -> String {
    let mut text = String::from(
        "\u{feff}name,display,unit,score,max_score,passed,attempts,question_points,question_max,last_active\r\n",
    );
    for row in rows {
        let progress = &row.progress;
        let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        let question_max = shelf.unit(&progress.unit).map_or(0, |unit| questions(unit).1);
        let fields = [
            row.name.clone(),
            row.display.clone(),
            progress.unit.clone(),
            number(progress.best_score),
            number(progress.max_score),
            progress.passed.map_or_else(String::new, iso),
            progress.attempts.to_string(),
            progress.answer_points.to_string(),
            question_max.to_string(),
            iso(progress.active),
        ];
        let line: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        text += &line.join(",");
        text += "\r\n";
    }
    text
}

/// Quotes a field, and keeps a spreadsheet from taking a name for a formula.
fn quoted(field: &str) -> String {
    let field = match field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{field}"),
        false => field.to_owned(),
    };
    match field.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field,
    }
}

/// Writes a time as ISO 8601 in UTC.
fn iso(millis: i64) -> String {
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000) / 1000);
    // The calendar in eras of 400 years that begin in March, as in Howard Hinnant's "chrono-compatible low-level date
    // algorithms".
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399_000, "2000-02-28T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_795_564_800_000, "2026-11-25T00:00:00Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(iso(millis), text);
        }
    }

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(quoted("=1+2"), "'=1+2");
        assert_eq!(quoted("林, \"Lin\""), "\"林, \"\"Lin\"\"\"");
        assert_eq!(quoted("ada"), "ada");
    }
}
