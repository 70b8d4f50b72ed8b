//! Reports: what an instructor wants to know of a cohort. Everything is read from numbers that are kept up to date as
//! learners work, so a report costs as much as it shows.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use crate::clock::Millis;
use crate::{Account, Result, Store, UnitProgress, page};

/// A learner of a cohort, and where they are in each unit that they opened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LearnerProgress {
    /// The learner.
    pub account: Account,
    /// The units, by id.
    pub units: Vec<UnitProgress>,
}

/// How often a check fails in a cohort.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CheckRate {
    /// The unit.
    pub unit: String,
    /// The check.
    pub check: String,
    /// How many learners it was graded for.
    pub learners: i64,
    /// How many of them have not passed it yet.
    pub not_passed: i64,
    /// How often it was graded.
    pub attempts: i64,
    /// How often it did not pass.
    pub failures: i64,
}

/// A learner who may need help in a unit: they failed again and again since they last passed, or worked on the lab,
/// have not passed, and stopped.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Stuck {
    /// The learner.
    pub account: Account,
    /// Where they are.
    pub progress: UnitProgress,
}

/// A learner's result in a unit, as it is taken to other systems.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct GradeRow {
    /// The learner's id.
    pub account: String,
    /// The login.
    pub name: String,
    /// How the person is called.
    pub display: String,
    /// Where they are.
    pub progress: UnitProgress,
}

/// Reports of a store.
#[derive(Clone, Copy, Debug)]
pub struct Reports<'a>(pub(crate) &'a Store);

const UNITS: &str = "SELECT p.account, p.unit, p.opened, p.active, p.worked, p.answered, p.answer_points, p.attempts,
        p.failures, p.best_score, p.max_score, p.graded, p.passed
    FROM cohort_members m JOIN unit_progress p ON p.account = m.account
    WHERE m.cohort = $1 AND m.account >= $2 AND m.account <= $3 AND p.course = $4
    ORDER BY m.account, p.unit LIMIT $5";
const CHECKS: &str = "SELECT c.unit, c.check_id, COUNT(*) AS learners,
        COUNT(*) - COUNT(c.passed) AS not_passed,
        CAST(SUM(c.attempts) AS BIGINT) AS attempts, CAST(SUM(c.failures) AS BIGINT) AS failures
    FROM cohort_members m JOIN check_progress c ON c.account = m.account
    WHERE m.cohort = $1 AND c.course = $2
    GROUP BY c.unit, c.check_id ORDER BY c.unit, c.check_id LIMIT $3";
const STUCK: &str = "SELECT a.id, a.name, a.display, a.role, a.language, a.created, a.disabled,
        p.unit, p.opened, p.active, p.worked, p.answered, p.answer_points, p.attempts, p.failures, p.best_score,
        p.max_score, p.graded, p.passed
    FROM cohort_members m JOIN unit_progress p ON p.account = m.account JOIN accounts a ON a.id = m.account
    WHERE m.cohort = $1 AND p.course = $2 AND a.disabled IS NULL
        AND (p.failures >= $3 OR (p.passed IS NULL AND p.worked < $4))
    ORDER BY p.active DESC, a.id, p.unit LIMIT $5";
const GRADES: &str = "SELECT a.id AS account, a.name, a.display,
        p.unit, p.opened, p.active, p.worked, p.answered, p.answer_points, p.attempts, p.failures, p.best_score,
        p.max_score, p.graded, p.passed
    FROM cohort_members m JOIN unit_progress p ON p.account = m.account JOIN accounts a ON a.id = m.account
    WHERE m.cohort = $1 AND p.course = $2
        AND (m.account > $3 OR (m.account = $3 AND p.unit > $4))
    ORDER BY m.account, p.unit LIMIT $5";
/// The most learners of one page of the table.
const LEARNERS: u32 = 100;
/// The most rows of units for a page of learners.
const ROWS: i64 = 50_000;
/// The most checks of a course.
const ALL_CHECKS: i64 = 5000;

impl Reports<'_> {
    /// Returns where the learners of a cohort are in a course, a page of at most 100 learners from the one after
    /// `after`.
    pub async fn progress(
        self,
        cohort: &str,
        course: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LearnerProgress>> {
        let members = self.0.cohorts().members(cohort, after, limit.min(LEARNERS)).await?;
        let mut learners: Vec<_> =
            members.into_iter().map(|member| LearnerProgress { account: member.account, units: Vec::new() }).collect();
        let (Some(first), Some(last)) = (learners.first(), learners.last()) else { return Ok(learners) };
        let rows = sqlx::query(UNITS)
            .bind(cohort.to_owned())
            .bind(first.account.id.clone())
            .bind(last.account.id.clone())
            .bind(course.to_owned())
            .bind(ROWS)
            .fetch_all(self.0.reader())
            .await?;
        for row in rows {
            let account: &str = row.try_get("account")?;
            // Learners are in the order of their ids, as `members` gives them. One who came in between is not there.
            if let Ok(at) = learners.binary_search_by(|learner| learner.account.id.as_str().cmp(account)) {
                learners[at].units.push(UnitProgress::from_row(&row)?);
            }
        }
        Ok(learners)
    }

    /// Returns how often each check fails.
    pub async fn checks(self, cohort: &str, course: &str) -> Result<Vec<CheckRate>> {
        let query = sqlx::query_as(CHECKS).bind(cohort.to_owned()).bind(course.to_owned()).bind(ALL_CHECKS);
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Returns who may need help, the most recently active first: `failures` or more failed submissions since the last
    /// that passed, or worked on the lab, not passed, and not come back to it since `idle_since`.
    pub async fn stuck(
        self,
        cohort: &str,
        course: &str,
        failures: u32,
        idle_since: Millis,
        limit: u32,
    ) -> Result<Vec<Stuck>> {
        let query = sqlx::query_as(STUCK)
            .bind(cohort.to_owned())
            .bind(course.to_owned())
            .bind(i64::from(failures.max(1)))
            .bind(idle_since)
            .bind(page::limit(limit));
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Returns the results of a cohort's learners, by learner and unit, from those after the learner and unit of
    /// `after`.
    pub async fn grades(
        self,
        cohort: &str,
        course: &str,
        after: Option<(&str, &str)>,
        limit: u32,
    ) -> Result<Vec<GradeRow>> {
        let (account, unit) = after.unwrap_or_default();
        let query = sqlx::query_as(GRADES)
            .bind(cohort.to_owned())
            .bind(course.to_owned())
            .bind(account.to_owned())
            .bind(unit.to_owned())
            .bind(page::limit(limit));
        Ok(query.fetch_all(self.0.reader()).await?)
    }
}

impl FromRow<'_, AnyRow> for CheckRate {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            unit: row.try_get("unit")?,
            check: row.try_get("check_id")?,
            learners: row.try_get("learners")?,
            not_passed: row.try_get("not_passed")?,
            attempts: row.try_get("attempts")?,
            failures: row.try_get("failures")?,
        })
    }
}

impl FromRow<'_, AnyRow> for Stuck {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self { account: Account::from_row(row)?, progress: UnitProgress::from_row(row)? })
    }
}

impl FromRow<'_, AnyRow> for GradeRow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            account: row.try_get("account")?,
            name: row.try_get("name")?,
            display: row.try_get("display")?,
            progress: UnitProgress::from_row(row)?,
        })
    }
}
