//! Grades: what a submission is worth, kept in the transaction that ends it.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use crate::clock::{Millis, now};
use crate::row::{RowExt, words};
use crate::{Result, State, Store, progress, submissions, text};

words! {
    /// How a submission or one check came out.
    GradeStatus {
        /// It does what is asked.
        Pass = "pass",
        /// It does something else.
        Fail = "fail",
        /// It ended with an exception, or was ended.
        Error = "error",
        /// Its time was up.
        Timeout = "timeout",
        /// The lab is at fault. This costs no attempt.
        NotGradable = "not_gradable",
    }
}

/// How one check came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// The check.
    pub check: String,
    /// How it came out.
    pub status: GradeStatus,
    /// The points that were earned.
    pub points: u32,
    /// The points that there are.
    pub max_points: u32,
    /// The skills that it shows.
    pub skills: Vec<String>,
}

/// A grade that is to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGrade {
    /// How the submission came out.
    pub status: GradeStatus,
    /// The points that were earned.
    pub score: u32,
    /// The points that there are.
    pub max_score: u32,
    /// The whole grade as JSON text: what the page shows. Kept as it is.
    pub grade: String,
    /// How long it took, in whatever parts the caller measures.
    pub timings: Value,
    /// The checks.
    pub checks: Vec<CheckResult>,
    /// How the run ended.
    pub outcome: Option<Value>,
}

/// A grade that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// How the submission came out.
    pub status: GradeStatus,
    /// The points that were earned.
    pub score: i64,
    /// The points that there are.
    pub max_score: i64,
    /// The whole grade as JSON text.
    pub grade: String,
    /// How long it took.
    pub timings: Value,
    /// When it was graded.
    pub graded: Millis,
}

/// What came of recording a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is kept.
    Now,
    /// The submission was over already, or a newer attempt is under way. Nothing changed.
    NotAnyMore,
}

/// Grades of a store.
#[derive(Clone, Copy, Debug)]
pub struct Grades<'a>(pub(crate) &'a Store);

const INSERT: &str = "INSERT INTO grades (submission, status, score, max_score, grade, timings, graded)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const BY_SUBMISSION: &str = "SELECT status, score, max_score, grade, timings, graded FROM grades
    WHERE submission = $1";

impl Grades<'_> {
    /// Keeps the grade of an attempt, ends the submission, and counts it into the learner's progress, all or nothing.
    /// A second grade of the same submission changes nothing.
    pub async fn record(self, submission: &str, attempt: i64, grade: NewGrade) -> Result<Recorded> {
        let timings = text::to_json("timings", &grade.timings)?;
        text::json("a grade", &grade.grade)?;
        let at = now();
        let Some(of) = self.0.submissions().by_id(submission).await? else { return Ok(Recorded::NotAnyMore) };
        let mut transaction = self.0.begin_for(&of.account).await?;
        let ended =
            submissions::end(&mut transaction, submission, attempt, State::Done, grade.outcome.as_ref(), at).await?;
        if !ended {
            return Ok(Recorded::NotAnyMore);
        }
        sqlx::query(INSERT)
            .bind(submission.to_owned())
            .bind(grade.status.as_str())
            .bind(i64::from(grade.score))
            .bind(i64::from(grade.max_score))
            .bind(grade.grade.clone())
            .bind(timings)
            .bind(at)
            .execute(&mut *transaction)
            .await?;
        progress::count_grade(&mut transaction, &of.account, &of.course, &of.unit, &grade, at).await?;
        transaction.commit().await?;
        Ok(Recorded::Now)
    }

    /// Finds the grade of a submission.
    pub async fn by_submission(self, submission: &str) -> Result<Option<Grade>> {
        Ok(sqlx::query_as(BY_SUBMISSION).bind(submission.to_owned()).fetch_optional(self.0.reader()).await?)
    }
}

impl Grade {
    /// Reads the whole grade as the type that it was written from.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        text::from_json("a grade", &self.grade)
    }
}

impl FromRow<'_, AnyRow> for Grade {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            status: row.word("status", GradeStatus::from_word)?,
            score: row.try_get("score")?,
            max_score: row.try_get("max_score")?,
            grade: row.try_get("grade")?,
            timings: row.json("timings")?,
            graded: row.try_get("graded")?,
        })
    }
}
