//! The audit log: who did what, to whom, when. Lines are only added. They name accounts by id; of an account that was
//! deleted the lines stay, and what they said about it goes.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row};

use crate::clock::{Millis, now};
use crate::row::RowExt;
use crate::{Result, Store, id, page, text};

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AuditEntry {
    /// Its id. A later line has a greater one.
    pub id: String,
    /// When it happened.
    pub at: Millis,
    /// The account that did it; none for Lyceum itself and for those who are not signed in.
    pub actor: Option<String>,
    /// How the one who did it is called now, unless the account is gone.
    pub actor_name: Option<String>,
    /// What was done: `account.create`.
    pub action: String,
    /// What it was done to: an account's id, or that of another thing.
    pub subject: Option<String>,
    /// How the subject is called now, if it is an account that is there.
    pub subject_name: Option<String>,
    /// More about it.
    pub detail: Value,
    /// The request that did it.
    pub request: Option<String>,
}

/// A line that is to be added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewAuditEntry {
    /// The account that did it.
    pub actor: Option<String>,
    /// What was done.
    pub action: String,
    /// What it was done to. Where that is a person, the id of the account: by it the detail is found again when the
    /// account is deleted.
    pub subject: Option<String>,
    /// More about it.
    pub detail: Value,
    /// The request that did it.
    pub request: Option<String>,
}

/// Which lines are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditFilter<'a> {
    /// All.
    All,
    /// Those of what one account did.
    Actor(&'a str),
    /// Those of what was done to one thing.
    Subject(&'a str),
}

/// The audit log of a store.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a>(pub(crate) &'a Store);

const INSERT: &str = "INSERT INTO audit (id, at, actor, action, subject, detail, request)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PAGE: &str = "SELECT l.id, l.at, l.actor, l.action, l.subject, l.detail, l.request,
        a.name AS actor_name, s.name AS subject_name
    FROM audit l LEFT JOIN accounts a ON a.id = l.actor LEFT JOIN accounts s ON s.id = l.subject
    WHERE l.id < $1 ORDER BY l.id DESC LIMIT $2";
const PAGE_OF_ACTOR: &str = "SELECT l.id, l.at, l.actor, l.action, l.subject, l.detail, l.request,
        a.name AS actor_name, s.name AS subject_name
    FROM audit l LEFT JOIN accounts a ON a.id = l.actor LEFT JOIN accounts s ON s.id = l.subject
    WHERE l.actor = $3 AND l.id < $1 ORDER BY l.id DESC LIMIT $2";
const PAGE_OF_SUBJECT: &str = "SELECT l.id, l.at, l.actor, l.action, l.subject, l.detail, l.request,
        a.name AS actor_name, s.name AS subject_name
    FROM audit l LEFT JOIN accounts a ON a.id = l.actor LEFT JOIN accounts s ON s.id = l.subject
    WHERE l.subject = $3 AND l.id < $1 ORDER BY l.id DESC LIMIT $2";
const FORGET_SUBJECT: &str = "UPDATE audit SET detail = 'null' WHERE subject = $1";
const FORGET_ACTOR: &str = "UPDATE audit SET detail = 'null' WHERE actor = $1 AND subject IS NULL";

impl Audit<'_> {
    /// Adds a line.
    pub async fn append(self, entry: NewAuditEntry) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        insert(&mut transaction, entry).await?;
        transaction.commit().await
    }

    /// Lists lines, the newest first, from the one before `before`.
    pub async fn page(self, filter: AuditFilter<'_>, before: Option<&str>, limit: u32) -> Result<Vec<AuditEntry>> {
        let (statement, whose) = match filter {
            AuditFilter::All => (PAGE, None),
            AuditFilter::Actor(id) => (PAGE_OF_ACTOR, Some(id)),
            AuditFilter::Subject(id) => (PAGE_OF_SUBJECT, Some(id)),
        };
        let query =
            sqlx::query_as(statement).bind(before.unwrap_or(page::AFTER_ALL).to_owned()).bind(page::limit(limit));
        let query = match whose {
            Some(id) => query.bind(id.to_owned()),
            None => query,
        };
        Ok(query.fetch_all(self.0.reader()).await?)
    }
}

/// Adds a line in a transaction.
pub(crate) async fn insert(transaction: &mut AnyConnection, entry: NewAuditEntry) -> Result<()> {
    let optional = |what, value: Option<String>| match value {
        Some(value) => text::key(what, &value).map(|value| Some(value.to_owned())),
        None => Ok(None),
    };
    sqlx::query(INSERT)
        .bind(id::new()?)
        .bind(now())
        .bind(optional("an actor", entry.actor)?)
        .bind(text::key("an action", &entry.action)?.to_owned())
        .bind(optional("a subject", entry.subject)?)
        .bind(text::to_json("a detail", &entry.detail)?)
        .bind(optional("a request's id", entry.request)?)
        .execute(&mut *transaction)
        .await?;
    Ok(())
}

/// Removes what lines say about an account.
pub(crate) async fn forget(transaction: &mut AnyConnection, account: &str) -> Result<()> {
    for statement in [FORGET_SUBJECT, FORGET_ACTOR] {
        sqlx::query(statement).bind(account.to_owned()).execute(&mut *transaction).await?;
    }
    Ok(())
}

impl FromRow<'_, AnyRow> for AuditEntry {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            at: row.try_get("at")?,
            actor: row.try_get("actor")?,
            actor_name: row.try_get("actor_name")?,
            action: row.try_get("action")?,
            subject: row.try_get("subject")?,
            subject_name: row.try_get("subject_name")?,
            detail: row.json("detail")?,
            request: row.try_get("request")?,
        })
    }
}
