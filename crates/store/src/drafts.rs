//! Drafts: what a learner is writing in a lab. Whoever saves says which revision they changed, so that of two pages
//! that save at once neither overwrites the other unseen.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use crate::clock::{Millis, now};
use crate::{Error, Result, Store, progress, text};

/// What a learner is writing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Draft {
    /// The program.
    pub code: String,
    /// Increases with every change; the first is 1.
    pub revision: i64,
    /// When it was saved.
    pub saved: Millis,
}

/// What came of saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is saved under this revision.
    Yes(i64),
    /// Somebody saved in between: this is what is there, and it was not touched.
    Conflict(Draft),
}

/// Drafts of a store.
#[derive(Clone, Copy, Debug)]
pub struct Drafts<'a>(pub(crate) &'a Store);

const GET: &str = "SELECT code, revision, saved FROM drafts WHERE account = $1 AND course = $2 AND unit = $3";
const PUT: &str = "INSERT INTO drafts (account, course, unit, code, revision, saved)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account, course, unit)
    DO UPDATE SET code = excluded.code, revision = excluded.revision, saved = excluded.saved
    WHERE drafts.revision = $7";

impl Drafts<'_> {
    /// Returns what a learner was writing.
    pub async fn get(self, account: &str, course: &str, unit: &str) -> Result<Option<Draft>> {
        let query = sqlx::query_as(GET).bind(account.to_owned()).bind(course.to_owned()).bind(unit.to_owned());
        Ok(query.fetch_optional(self.0.reader()).await?)
    }

    /// Saves what a learner changed, if the revision that they changed is still the newest; 0 stands for none. What is
    /// there already, word for word, counts as saved: a page that lost the answer can ask again.
    pub async fn put(self, account: &str, course: &str, unit: &str, code: &str, based_on: i64) -> Result<Saved> {
        let code = text::code(code)?;
        let at = now();
        let mut transaction = self.0.begin_for(account).await?;
        let revision = based_on.max(0).saturating_add(1);
        let done = sqlx::query(PUT)
            .bind(account.to_owned())
            .bind(text::key("a course's id", course)?.to_owned())
            .bind(text::key("a unit's id", unit)?.to_owned())
            .bind(code.to_owned())
            .bind(revision)
            .bind(at)
            .bind(based_on)
            .execute(&mut *transaction)
            .await
            .map_err(|error| match Error::is_foreign_key(&error) {
                true => Error::NotFound { what: "account" },
                false => error.into(),
            })?;
        if done.rows_affected() > 0 {
            progress::touch(&mut transaction, account, course, unit, at, true).await?;
            transaction.commit().await?;
            return Ok(Saved::Yes(revision));
        }
        let query = sqlx::query_as(GET).bind(account.to_owned()).bind(course.to_owned()).bind(unit.to_owned());
        let newer: Draft = query.fetch_one(&mut *transaction).await?;
        Ok(if newer.code == code { Saved::Yes(newer.revision) } else { Saved::Conflict(newer) })
    }
}

impl FromRow<'_, AnyRow> for Draft {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self { code: row.try_get("code")?, revision: row.try_get("revision")?, saved: row.try_get("saved")? })
    }
}
