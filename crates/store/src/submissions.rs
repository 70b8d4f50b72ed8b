//! Submissions: programs that were sent, to be run or to be graded, and how far each is.
//!
//! ```text
//! queued ──claim──► running ──record, finish──► done
//!    ▲                │  └──fail─────────────► failed
//!    └──requeue_all───┘         (either) stop ► stopped
//! ```
//!
//! A job that is claimed gets the next attempt's number, and whoever brings its result names that number. After the
//! server was killed, what was running goes back to the queue; a result of an attempt that is not the current one is
//! refused. So each submission is graded once.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row};

use crate::clock::{Millis, now};
use crate::row::{RowExt, words};
use crate::{GradeStatus, Result, Store, id, page, progress, text};

words! {
    /// What a program was sent for.
    Kind {
        /// To see what it does.
        Run = "run",
        /// To be graded.
        Submit = "submit",
    }
}

words! {
    /// How far a submission is.
    State {
        /// It waits.
        Queued = "queued",
        /// It runs, or is being graded.
        Running = "running",
        /// It is over.
        Done = "done",
        /// The learner stopped it.
        Stopped = "stopped",
        /// Lyceum could not run it.
        Failed = "failed",
    }
}

/// A program that was sent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Submission {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub account: String,
    /// The course.
    pub course: String,
    /// The unit.
    pub unit: String,
    /// What for.
    pub kind: Kind,
    /// The program.
    pub code: String,
    /// The version of the lab that it was written for.
    pub lab_version: String,
    /// How it is to be run.
    pub options: Value,
    /// How far it is.
    pub state: State,
    /// How often it was begun.
    pub attempt: i64,
    /// When it was sent.
    pub created: Millis,
    /// When it was last begun.
    pub started: Option<Millis>,
    /// When it was over.
    pub ended: Option<Millis>,
    /// How it ended, as whoever ran it told.
    pub outcome: Option<Value>,
}

/// A program that is to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSubmission<'a> {
    /// Who sends it.
    pub account: &'a str,
    /// The course.
    pub course: &'a str,
    /// The unit.
    pub unit: &'a str,
    /// What for.
    pub kind: Kind,
    /// The program.
    pub code: &'a str,
    /// The version of the lab.
    pub lab_version: &'a str,
    /// How it is to be run.
    pub options: &'a Value,
}

/// A submission that waits, without its program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub account: String,
    /// What for.
    pub kind: Kind,
    /// How often it was begun before.
    pub attempt: i64,
}

/// A submission in a list, without its program.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// The course.
    pub course: String,
    /// The unit.
    pub unit: String,
    /// What for.
    pub kind: Kind,
    /// How far it is.
    pub state: State,
    /// When it was sent.
    pub created: Millis,
    /// When it was over.
    pub ended: Option<Millis>,
    /// How it was graded, if it was.
    pub status: Option<GradeStatus>,
    /// What it is worth.
    pub score: Option<i64>,
    /// What there was to reach.
    pub max_score: Option<i64>,
}

/// Submissions of a store.
#[derive(Clone, Copy, Debug)]
pub struct Submissions<'a>(pub(crate) &'a Store);

const INSERT: &str = "INSERT INTO submissions
        (id, account, course, unit, kind, code, lab_version, options, state, attempt, created)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', 0, $9)";
const CLAIM: &str = "UPDATE submissions SET state = 'running', attempt = attempt + 1, started = $2
    WHERE id = $1 AND state = 'queued'
    RETURNING id, account, course, unit, kind, code, lab_version, options, state, attempt, created, started, ended,
        outcome";
const BY_ID: &str = "SELECT id, account, course, unit, kind, code, lab_version, options, state, attempt, created,
        started, ended, outcome
    FROM submissions WHERE id = $1";
const QUEUED: &str = "SELECT id, account, kind, attempt FROM submissions
    WHERE state IN ('queued', 'running') AND state = 'queued' AND id > $1 ORDER BY id LIMIT $2";
const REQUEUE: &str = "UPDATE submissions SET state = 'queued', started = NULL
    WHERE state IN ('queued', 'running') AND state = 'running'";
const END: &str = "UPDATE submissions SET state = $3, ended = $4, outcome = $5
    WHERE id = $1 AND state = 'running' AND attempt = $2";
const STOP: &str = "UPDATE submissions SET state = 'stopped', ended = $2
    WHERE id = $1 AND state IN ('queued', 'running')";
const OPEN: &str = "SELECT state, COUNT(*) AS number FROM submissions
    WHERE state IN ('queued', 'running') GROUP BY state";
const OPEN_OF: &str = "SELECT COUNT(*) FROM submissions WHERE state IN ('queued', 'running') AND account = $1";
const VERSIONS: &str = "SELECT s.id, s.course, s.unit, s.kind, s.state, s.created, s.ended,
        g.status, g.score, g.max_score
    FROM submissions s LEFT JOIN grades g ON g.submission = s.id
    WHERE s.account = $1 AND s.course = $2 AND s.unit = $3 AND s.id < $4 ORDER BY s.id DESC LIMIT $5";
const RECENT: &str = "SELECT s.id, s.course, s.unit, s.kind, s.state, s.created, s.ended,
        g.status, g.score, g.max_score
    FROM submissions s LEFT JOIN grades g ON g.submission = s.id
    WHERE s.account = $1 AND s.id < $2 ORDER BY s.id DESC LIMIT $3";
const LAST_PASSING: &str = "SELECT s.id, s.account, s.course, s.unit, s.kind, s.code, s.lab_version, s.options,
        s.state, s.attempt, s.created, s.started, s.ended, s.outcome
    FROM submissions s JOIN grades g ON g.submission = s.id
    WHERE s.account = $1 AND s.course = $2 AND s.unit = $3 AND g.status = 'pass' ORDER BY s.id DESC LIMIT 1";

impl Submissions<'_> {
    /// Keeps a program that was sent. When this returns, no crash loses it.
    pub async fn create(self, new: NewSubmission<'_>) -> Result<Submission> {
        let submission = Submission {
            id: id::new()?,
            account: new.account.to_owned(),
            course: text::key("a course's id", new.course)?.to_owned(),
            unit: text::key("a unit's id", new.unit)?.to_owned(),
            kind: new.kind,
            code: text::code(new.code)?.to_owned(),
            lab_version: text::key("a lab's version", new.lab_version)?.to_owned(),
            options: new.options.clone(),
            state: State::Queued,
            attempt: 0,
            created: now(),
            started: None,
            ended: None,
            outcome: None,
        };
        let options = text::to_json("a submission's options", new.options)?;
        let mut transaction = self.0.begin_for(new.account).await?;
        progress::touch(
            &mut transaction,
            &submission.account,
            &submission.course,
            &submission.unit,
            submission.created,
            true,
        )
        .await?;
        sqlx::query(INSERT)
            .bind(submission.id.clone())
            .bind(submission.account.clone())
            .bind(submission.course.clone())
            .bind(submission.unit.clone())
            .bind(submission.kind.as_str())
            .bind(submission.code.clone())
            .bind(submission.lab_version.clone())
            .bind(options)
            .bind(submission.created)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(submission)
    }

    /// Begins the next attempt of a submission that waits. None if it does not wait (any more).
    pub async fn claim(self, id: &str) -> Result<Option<Submission>> {
        let mut transaction = self.0.begin_lightly().await?;
        let claimed = sqlx::query_as(CLAIM).bind(id.to_owned()).bind(now()).fetch_optional(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(claimed)
    }

    /// Ends a run that is not graded. False if this attempt is not under way any more.
    pub async fn finish(self, id: &str, attempt: i64, outcome: &Value) -> Result<bool> {
        self.end(id, attempt, State::Done, Some(outcome)).await
    }

    /// Notes that Lyceum itself could not run or grade a submission. False if this attempt is not under way any more.
    pub async fn fail(self, id: &str, attempt: i64, outcome: &Value) -> Result<bool> {
        self.end(id, attempt, State::Failed, Some(outcome)).await
    }

    /// Stops a submission that waits or runs; what comes of it later is refused. False if it was over.
    pub async fn stop(self, id: &str) -> Result<bool> {
        let mut transaction = self.0.begin().await?;
        let done = sqlx::query(STOP).bind(id.to_owned()).bind(now()).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Puts everything that runs back into the queue, and returns how many there were. For the start of a server that
    /// is the only one: what ran then was ended with the one before.
    pub async fn requeue_running(self) -> Result<u64> {
        let mut transaction = self.0.begin_lightly().await?;
        let done = sqlx::query(REQUEUE).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// Lists what waits, the oldest first, from the one after `after`.
    pub async fn queued(self, after: Option<&str>, limit: u32) -> Result<Vec<Queued>> {
        let query = sqlx::query_as(QUEUED).bind(after.unwrap_or_default().to_owned()).bind(page::limit(limit));
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Counts what waits and what runs.
    pub async fn open(self) -> Result<(u64, u64)> {
        let rows = sqlx::query(OPEN).fetch_all(self.0.reader()).await?;
        let mut counts = (0, 0);
        for row in rows {
            let number = row.try_get::<i64, _>("number")?.max(0) as u64;
            match row.word("state", State::from_word)? {
                State::Queued => counts.0 = number,
                _ => counts.1 = number,
            }
        }
        Ok(counts)
    }

    /// Counts what of one learner waits or runs.
    pub async fn open_of(self, account: &str) -> Result<u64> {
        let number: i64 = sqlx::query_scalar(OPEN_OF).bind(account.to_owned()).fetch_one(self.0.reader()).await?;
        Ok(number.max(0) as u64)
    }

    /// Finds a submission.
    pub async fn by_id(self, id: &str) -> Result<Option<Submission>> {
        Ok(sqlx::query_as(BY_ID).bind(id.to_owned()).fetch_optional(self.0.reader()).await?)
    }

    /// Lists what a learner sent in a unit, the newest first, from the one before `before`.
    pub async fn versions(
        self,
        account: &str,
        course: &str,
        unit: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Version>> {
        let query = sqlx::query_as(VERSIONS)
            .bind(account.to_owned())
            .bind(course.to_owned())
            .bind(unit.to_owned())
            .bind(before.unwrap_or(page::AFTER_ALL).to_owned())
            .bind(page::limit(limit));
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Lists what a learner sent anywhere, the newest first, from the one before `before`.
    pub async fn recent(self, account: &str, before: Option<&str>, limit: u32) -> Result<Vec<Version>> {
        let query = sqlx::query_as(RECENT)
            .bind(account.to_owned())
            .bind(before.unwrap_or(page::AFTER_ALL).to_owned())
            .bind(page::limit(limit));
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Finds a learner's last submission in a unit that passed.
    pub async fn last_passing(self, account: &str, course: &str, unit: &str) -> Result<Option<Submission>> {
        let query = sqlx::query_as(LAST_PASSING).bind(account.to_owned()).bind(course.to_owned());
        Ok(query.bind(unit.to_owned()).fetch_optional(self.0.reader()).await?)
    }

    async fn end(self, id: &str, attempt: i64, state: State, outcome: Option<&Value>) -> Result<bool> {
        let mut transaction = self.0.begin().await?;
        let ended = end(&mut transaction, id, attempt, state, outcome, now()).await?;
        transaction.commit().await?;
        Ok(ended)
    }
}

/// Ends the current attempt of a submission, if this is it.
pub(crate) async fn end(
    transaction: &mut AnyConnection,
    id: &str,
    attempt: i64,
    state: State,
    outcome: Option<&Value>,
    at: Millis,
) -> Result<bool> {
    let outcome = outcome.map(|outcome| text::to_json("an outcome", outcome)).transpose()?;
    let done = sqlx::query(END)
        .bind(id.to_owned())
        .bind(attempt)
        .bind(state.as_str())
        .bind(at)
        .bind(outcome)
        .execute(&mut *transaction)
        .await?;
    Ok(done.rows_affected() > 0)
}

impl FromRow<'_, AnyRow> for Submission {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let outcome: Option<String> = row.try_get("outcome")?;
        Ok(Self {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            course: row.try_get("course")?,
            unit: row.try_get("unit")?,
            kind: row.word("kind", Kind::from_word)?,
            code: row.try_get("code")?,
            lab_version: row.try_get("lab_version")?,
            options: row.json("options")?,
            state: row.word("state", State::from_word)?,
            attempt: row.try_get("attempt")?,
            created: row.try_get("created")?,
            started: row.try_get("started")?,
            ended: row.try_get("ended")?,
            outcome: if outcome.is_some() { Some(row.json("outcome")?) } else { None },
        })
    }
}

impl FromRow<'_, AnyRow> for Queued {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            kind: row.word("kind", Kind::from_word)?,
            attempt: row.try_get("attempt")?,
        })
    }
}

impl FromRow<'_, AnyRow> for Version {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let status: Option<String> = row.try_get("status")?;
        Ok(Self {
            id: row.try_get("id")?,
            course: row.try_get("course")?,
            unit: row.try_get("unit")?,
            kind: row.word("kind", Kind::from_word)?,
            state: row.word("state", State::from_word)?,
            created: row.try_get("created")?,
            ended: row.try_get("ended")?,
            status: if status.is_some() { Some(row.word("status", GradeStatus::from_word)?) } else { None },
            score: row.try_get("score")?,
            max_score: row.try_get("max_score")?,
        })
    }
}
