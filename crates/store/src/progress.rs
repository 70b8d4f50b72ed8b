//! Progress: answers to questions, and where a learner is in a unit and in each check of its lab.
//!
//! The numbers of a unit are kept up to date by the transactions that change what they count, so a cohort's table is
//! read without counting anything.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, FromRow, Row};

use crate::clock::{Millis, now};
use crate::row::RowExt;
use crate::{Error, GradeStatus, NewGrade, Result, Store, text};

/// An answer to a question of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Answer {
    /// The question.
    pub question: String,
    /// What was answered last, as JSON.
    pub given: serde_json::Value,
    /// Whether the last answer is right.
    pub right: bool,
    /// The most points that an answer got.
    pub points: i64,
    /// The points that there are.
    pub max_points: i64,
    /// How often it was answered.
    pub tries: i64,
    /// When it was answered last.
    pub answered: Millis,
    /// When it was first answered right.
    pub solved: Option<Millis>,
}

/// An answer that is to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAnswer<'a> {
    /// The question.
    pub question: &'a str,
    /// What was answered, as JSON.
    pub given: &'a serde_json::Value,
    /// Whether it is right.
    pub right: bool,
    /// The points that it gets.
    pub points: u32,
    /// The points that there are.
    pub max_points: u32,
}

/// Where a learner is in a unit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UnitProgress {
    /// The unit.
    pub unit: String,
    /// When it was first opened.
    pub opened: Millis,
    /// When anything was done in it last.
    pub active: Millis,
    /// When its lab was worked on last.
    pub worked: Option<Millis>,
    /// How many of its questions were answered.
    pub answered: i64,
    /// The points of the answers.
    pub answer_points: i64,
    /// How many submissions were graded. One that the lab's fault kept from being graded does not count.
    pub attempts: i64,
    /// How many of them failed since the last that passed.
    pub failures: i64,
    /// The best score.
    pub best_score: Option<i64>,
    /// The score that there was to reach then.
    pub max_score: Option<i64>,
    /// When the last one was graded.
    pub graded: Option<Millis>,
    /// When the first one passed.
    pub passed: Option<Millis>,
}

/// How a learner does in one check of a lab, over all graded submissions.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CheckProgress {
    /// The unit.
    pub unit: String,
    /// The check.
    pub check: String,
    /// The skills that it shows.
    pub skills: Vec<String>,
    /// How it came out last.
    pub status: GradeStatus,
    /// The most points that it got.
    pub points: i64,
    /// The points that there are.
    pub max_points: i64,
    /// How often it was graded.
    pub attempts: i64,
    /// How often it did not pass.
    pub failures: i64,
    /// When it first passed.
    pub passed: Option<Millis>,
}

/// Progress of learners.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a>(pub(crate) &'a Store);

const TOUCH: &str = "INSERT INTO unit_progress
        (account, course, unit, opened, active, worked, answered, answer_points, attempts, failures)
    VALUES ($1, $2, $3, $4, $4, $5, 0, 0, 0, 0)
    ON CONFLICT (account, course, unit)
    DO UPDATE SET active = excluded.active, worked = COALESCE(excluded.worked, unit_progress.worked)";
const ANSWER: &str = "INSERT INTO answers
        (account, course, unit, question, given, is_right, points, max_points, tries, answered, solved)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)
    ON CONFLICT (account, course, unit, question)
    DO UPDATE SET given = excluded.given, is_right = excluded.is_right,
        points = CASE WHEN excluded.points > answers.points THEN excluded.points ELSE answers.points END,
        max_points = excluded.max_points, tries = answers.tries + 1, answered = excluded.answered,
        solved = COALESCE(answers.solved, excluded.solved)";
const COUNT_ANSWERS: &str = "UPDATE unit_progress SET
        answered = (SELECT COUNT(*) FROM answers a WHERE a.account = $1 AND a.course = $2 AND a.unit = $3),
        answer_points = (SELECT CAST(COALESCE(SUM(a.points), 0) AS BIGINT) FROM answers a
            WHERE a.account = $1 AND a.course = $2 AND a.unit = $3)
    WHERE account = $1 AND course = $2 AND unit = $3";
const ANSWERED: &str = "SELECT question, given, is_right, points, max_points, tries, answered, solved FROM answers
    WHERE account = $1 AND course = $2 AND unit = $3 AND question = $4";
const ANSWERS: &str = "SELECT question, given, is_right, points, max_points, tries, answered, solved FROM answers
    WHERE account = $1 AND course = $2 AND unit = $3 ORDER BY question LIMIT $4";
const OVERVIEW: &str = "SELECT unit, opened, active, worked, answered, answer_points, attempts, failures,
        best_score, max_score, graded, passed
    FROM unit_progress WHERE account = $1 AND course = $2 ORDER BY unit LIMIT $3";
const UNIT: &str = "SELECT unit, opened, active, worked, answered, answer_points, attempts, failures,
        best_score, max_score, graded, passed
    FROM unit_progress WHERE account = $1 AND course = $2 AND unit = $3";
const CHECKS: &str = "SELECT unit, check_id, skills, status, points, max_points, attempts, failures, passed
    FROM check_progress WHERE account = $1 AND course = $2 ORDER BY unit, check_id LIMIT $3";
const GRADED: &str = "UPDATE unit_progress SET
        active = $4, worked = $4, graded = $4, attempts = attempts + 1,
        failures = CASE WHEN $5 = 1 THEN 0 ELSE failures + 1 END,
        passed = CASE WHEN $5 = 1 THEN COALESCE(passed, $4) ELSE passed END,
        max_score = CASE WHEN best_score IS NULL OR $6 >= best_score THEN $7 ELSE max_score END,
        best_score = CASE WHEN best_score IS NULL OR $6 >= best_score THEN $6 ELSE best_score END
    WHERE account = $1 AND course = $2 AND unit = $3";
const GRADED_CHECK: &str = "INSERT INTO check_progress
        (account, course, unit, check_id, skills, status, points, max_points, attempts, failures, passed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)
    ON CONFLICT (account, course, unit, check_id)
    DO UPDATE SET skills = excluded.skills, status = excluded.status,
        points = CASE WHEN excluded.points > check_progress.points THEN excluded.points
            ELSE check_progress.points END,
        max_points = excluded.max_points, attempts = check_progress.attempts + 1,
        failures = check_progress.failures + excluded.failures,
        passed = COALESCE(check_progress.passed, excluded.passed)";
/// The most units, questions or checks that are given at once. A course has far fewer.
const ALL: i64 = 5000;

impl Progress<'_> {
    /// Notes that a learner opened a unit.
    pub async fn open_unit(self, account: &str, course: &str, unit: &str) -> Result<()> {
        let mut transaction = self.0.begin_lightly().await?;
        touch(&mut transaction, account, course, unit, now(), false).await?;
        transaction.commit().await
    }

    /// Keeps an answer: the last one, how often, and the best points. Returns what is kept now.
    pub async fn answer(self, account: &str, course: &str, unit: &str, new: NewAnswer<'_>) -> Result<Answer> {
        let given = text::to_json("an answer", new.given)?;
        let question = text::key("a question's id", new.question)?;
        let at = now();
        let mut transaction = self.0.begin_for(account).await?;
        touch(&mut transaction, account, course, unit, at, false).await?;
        sqlx::query(ANSWER)
            .bind(account.to_owned())
            .bind(course.to_owned())
            .bind(unit.to_owned())
            .bind(question.to_owned())
            .bind(given)
            .bind(i64::from(new.right))
            .bind(i64::from(new.points))
            .bind(i64::from(new.max_points))
            .bind(at)
            .bind(new.right.then_some(at))
            .execute(&mut *transaction)
            .await?;
        of_unit(COUNT_ANSWERS, account, course, unit).execute(&mut *transaction).await?;
        let answer = sqlx::query_as(ANSWERED)
            .bind(account.to_owned())
            .bind(course.to_owned())
            .bind(unit.to_owned())
            .bind(question.to_owned())
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(answer)
    }

    /// Returns a learner's answers in a unit.
    pub async fn answers(self, account: &str, course: &str, unit: &str) -> Result<Vec<Answer>> {
        let query = sqlx::query_as(ANSWERS).bind(account.to_owned()).bind(course.to_owned()).bind(unit.to_owned());
        Ok(query.bind(ALL).fetch_all(self.0.reader()).await?)
    }

    /// Returns where a learner is in each unit of a course that they opened.
    pub async fn overview(self, account: &str, course: &str) -> Result<Vec<UnitProgress>> {
        let query = sqlx::query_as(OVERVIEW).bind(account.to_owned()).bind(course.to_owned()).bind(ALL);
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Returns where a learner is in a unit, if they opened it.
    pub async fn unit(self, account: &str, course: &str, unit: &str) -> Result<Option<UnitProgress>> {
        let query = sqlx::query_as(UNIT).bind(account.to_owned()).bind(course.to_owned()).bind(unit.to_owned());
        Ok(query.fetch_optional(self.0.reader()).await?)
    }

    /// Returns how a learner does in each check of a course's labs.
    pub async fn checks(self, account: &str, course: &str) -> Result<Vec<CheckProgress>> {
        let query = sqlx::query_as(CHECKS).bind(account.to_owned()).bind(course.to_owned()).bind(ALL);
        Ok(query.fetch_all(self.0.reader()).await?)
    }
}

/// Notes that a learner did something in a unit: in its lab, or elsewhere.
pub(crate) async fn touch(
    transaction: &mut AnyConnection,
    account: &str,
    course: &str,
    unit: &str,
    at: Millis,
    in_lab: bool,
) -> Result<()> {
    sqlx::query(TOUCH)
        .bind(account.to_owned())
        .bind(text::key("a course's id", course)?.to_owned())
        .bind(text::key("a unit's id", unit)?.to_owned())
        .bind(at)
        .bind(in_lab.then_some(at))
        .execute(&mut *transaction)
        .await
        .map_err(|error| match Error::is_foreign_key(&error) {
            true => Error::NotFound { what: "account" },
            false => error.into(),
        })?;
    Ok(())
}

/// Counts a grade into a learner's numbers.
pub(crate) async fn count_grade(
    transaction: &mut AnyConnection,
    account: &str,
    course: &str,
    unit: &str,
    grade: &NewGrade,
    at: Millis,
) -> Result<()> {
    if grade.status == GradeStatus::NotGradable {
        return Ok(());
    }
    touch(transaction, account, course, unit, at, true).await?;
    of_unit(GRADED, account, course, unit)
        .bind(at)
        .bind(i64::from(grade.status == GradeStatus::Pass))
        .bind(i64::from(grade.score))
        .bind(i64::from(grade.max_score))
        .execute(&mut *transaction)
        .await?;
    for check in grade.checks.iter().filter(|check| check.status != GradeStatus::NotGradable) {
        let passed = check.status == GradeStatus::Pass;
        of_unit(GRADED_CHECK, account, course, unit)
            .bind(text::key("a check's id", &check.check)?.to_owned())
            .bind(text::to_json("a check's skills", &check.skills)?)
            .bind(check.status.as_str())
            .bind(i64::from(check.points))
            .bind(i64::from(check.max_points))
            .bind(i64::from(!passed))
            .bind(passed.then_some(at))
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// A statement whose first three parameters say which learner and unit.
fn of_unit<'q>(
    statement: &'static str,
    account: &str,
    course: &str,
    unit: &str,
) -> sqlx::query::Query<'q, Any, sqlx::any::AnyArguments> {
    sqlx::query(statement).bind(account.to_owned()).bind(course.to_owned()).bind(unit.to_owned())
}

impl FromRow<'_, AnyRow> for Answer {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            question: row.try_get("question")?,
            given: row.json("given")?,
            right: row.truth("is_right")?,
            points: row.try_get("points")?,
            max_points: row.try_get("max_points")?,
            tries: row.try_get("tries")?,
            answered: row.try_get("answered")?,
            solved: row.try_get("solved")?,
        })
    }
}

impl FromRow<'_, AnyRow> for UnitProgress {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            unit: row.try_get("unit")?,
            opened: row.try_get("opened")?,
            active: row.try_get("active")?,
            worked: row.try_get("worked")?,
            answered: row.try_get("answered")?,
            answer_points: row.try_get("answer_points")?,
            attempts: row.try_get("attempts")?,
            failures: row.try_get("failures")?,
            best_score: row.try_get("best_score")?,
            max_score: row.try_get("max_score")?,
            graded: row.try_get("graded")?,
            passed: row.try_get("passed")?,
        })
    }
}

impl FromRow<'_, AnyRow> for CheckProgress {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            unit: row.try_get("unit")?,
            check: row.try_get("check_id")?,
            skills: row.json("skills")?,
            status: row.word("status", GradeStatus::from_word)?,
            points: row.try_get("points")?,
            max_points: row.try_get("max_points")?,
            attempts: row.try_get("attempts")?,
            failures: row.try_get("failures")?,
            passed: row.try_get("passed")?,
        })
    }
}
