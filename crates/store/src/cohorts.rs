//! Cohorts: groups of learners, and the instructors who follow them.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row};

use crate::clock::{Millis, now};
use crate::{Account, Error, Result, Store, id, name, page};

/// A group of learners.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Cohort {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Millis,
    /// How many learners it has.
    pub members: i64,
}

/// A learner of a cohort, or an instructor who follows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Member {
    /// The account.
    pub account: Account,
    /// Since when.
    pub since: Millis,
}

/// Cohorts of a store.
#[derive(Clone, Copy, Debug)]
pub struct Cohorts<'a>(pub(crate) &'a Store);

const BY_ID: &str = "SELECT c.id, c.name, c.created,
        (SELECT COUNT(*) FROM cohort_members m WHERE m.cohort = c.id) AS members
    FROM cohorts c WHERE c.id = $1";
const LIST: &str = "SELECT c.id, c.name, c.created,
        (SELECT COUNT(*) FROM cohort_members m WHERE m.cohort = c.id) AS members
    FROM cohorts c WHERE c.id > $1 ORDER BY c.id LIMIT $2";
const OF_INSTRUCTOR: &str = "SELECT c.id, c.name, c.created,
        (SELECT COUNT(*) FROM cohort_members m WHERE m.cohort = c.id) AS members
    FROM cohort_instructors i JOIN cohorts c ON c.id = i.cohort
    WHERE i.account = $3 AND i.cohort > $1 ORDER BY i.cohort LIMIT $2";
const OF_LEARNER: &str = "SELECT c.id, c.name, c.created,
        (SELECT COUNT(*) FROM cohort_members m WHERE m.cohort = c.id) AS members
    FROM cohort_members l JOIN cohorts c ON c.id = l.cohort
    WHERE l.account = $3 AND l.cohort > $1 ORDER BY l.cohort LIMIT $2";
const MEMBERS: &str = "SELECT a.id, a.name, a.display, a.role, a.language, a.created, a.disabled, m.since
    FROM cohort_members m JOIN accounts a ON a.id = m.account
    WHERE m.cohort = $1 AND m.account > $2 ORDER BY m.account LIMIT $3";
const INSTRUCTORS: &str = "SELECT a.id, a.name, a.display, a.role, a.language, a.created, a.disabled, i.since
    FROM cohort_instructors i JOIN accounts a ON a.id = i.account
    WHERE i.cohort = $1 AND i.account > $2 ORDER BY i.account LIMIT $3";
const FOLLOWS: &str = "SELECT COUNT(*) FROM (SELECT i.cohort FROM cohort_instructors i
    WHERE i.account = $1 AND i.cohort = $2 LIMIT 1) AS found";
const TEACHES: &str = "SELECT COUNT(*) FROM (SELECT i.cohort FROM cohort_instructors i
    JOIN cohort_members m ON m.cohort = i.cohort WHERE i.account = $1 AND m.account = $2 LIMIT 1) AS found";
const ADD_MEMBER: &str = "INSERT INTO cohort_members (cohort, account, since) VALUES ($1, $2, $3)
    ON CONFLICT (cohort, account) DO NOTHING";
const ADD_INSTRUCTOR: &str = "INSERT INTO cohort_instructors (cohort, account, since) VALUES ($1, $2, $3)
    ON CONFLICT (cohort, account) DO NOTHING";

impl Cohorts<'_> {
    /// Makes a cohort, followed by the one who makes it.
    pub async fn create(self, name: &str, instructor: &str) -> Result<Cohort> {
        let cohort = Cohort { id: id::new()?, name: name::display(name)?, created: now(), members: 0 };
        let mut transaction = self.0.begin().await?;
        sqlx::query("INSERT INTO cohorts (id, name, folded, created) VALUES ($1, $2, $3, $4)")
            .bind(cohort.id.clone())
            .bind(cohort.name.clone())
            .bind(name::fold(&cohort.name))
            .bind(cohort.created)
            .execute(&mut *transaction)
            .await
            .map_err(name_taken)?;
        insert_instructor(&mut transaction, &cohort.id, instructor).await?;
        transaction.commit().await?;
        Ok(cohort)
    }

    /// Gives a cohort another name.
    pub async fn rename(self, id: &str, name: &str) -> Result<()> {
        let name = name::display(name)?;
        let mut transaction = self.0.begin().await?;
        let done = sqlx::query("UPDATE cohorts SET name = $2, folded = $3 WHERE id = $1")
            .bind(id.to_owned())
            .bind(name.clone())
            .bind(name::fold(&name))
            .execute(&mut *transaction)
            .await
            .map_err(name_taken)?;
        found(done.rows_affected())?;
        transaction.commit().await
    }

    /// Deletes a cohort and its open invitations. Its learners stay.
    pub async fn delete(self, id: &str) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        let done =
            sqlx::query("DELETE FROM cohorts WHERE id = $1").bind(id.to_owned()).execute(&mut *transaction).await?;
        found(done.rows_affected())?;
        transaction.commit().await
    }

    /// Finds a cohort.
    pub async fn by_id(self, id: &str) -> Result<Option<Cohort>> {
        Ok(sqlx::query_as(BY_ID).bind(id.to_owned()).fetch_optional(self.0.reader()).await?)
    }

    /// Lists all cohorts, the oldest first, from the one after `after`.
    pub async fn list(self, after: Option<&str>, limit: u32) -> Result<Vec<Cohort>> {
        let query = sqlx::query_as(LIST).bind(after.unwrap_or_default().to_owned()).bind(page::limit(limit));
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Lists the cohorts that an instructor follows.
    pub async fn of_instructor(self, account: &str, after: Option<&str>, limit: u32) -> Result<Vec<Cohort>> {
        let query = sqlx::query_as(OF_INSTRUCTOR).bind(after.unwrap_or_default().to_owned());
        Ok(query.bind(page::limit(limit)).bind(account.to_owned()).fetch_all(self.0.reader()).await?)
    }

    /// Lists the cohorts that a learner is in.
    pub async fn of_learner(self, account: &str, after: Option<&str>, limit: u32) -> Result<Vec<Cohort>> {
        let query = sqlx::query_as(OF_LEARNER).bind(after.unwrap_or_default().to_owned());
        Ok(query.bind(page::limit(limit)).bind(account.to_owned()).fetch_all(self.0.reader()).await?)
    }

    /// Whether an instructor follows a cohort.
    pub async fn follows(self, instructor: &str, cohort: &str) -> Result<bool> {
        self.any(FOLLOWS, instructor, cohort).await
    }

    /// Whether a learner is in a cohort that an instructor follows.
    pub async fn teaches(self, instructor: &str, learner: &str) -> Result<bool> {
        self.any(TEACHES, instructor, learner).await
    }

    /// Lists the learners of a cohort, from the one after `after`.
    pub async fn members(self, cohort: &str, after: Option<&str>, limit: u32) -> Result<Vec<Member>> {
        self.people(MEMBERS, cohort, after, limit).await
    }

    /// Lists the instructors who follow a cohort.
    pub async fn instructors(self, cohort: &str, after: Option<&str>, limit: u32) -> Result<Vec<Member>> {
        self.people(INSTRUCTORS, cohort, after, limit).await
    }

    /// Takes a learner into a cohort. Nothing changes if they are in it.
    pub async fn add_member(self, cohort: &str, account: &str) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        insert_member(&mut transaction, cohort, account).await?;
        transaction.commit().await
    }

    /// Lets a learner go from a cohort.
    pub async fn remove_member(self, cohort: &str, account: &str) -> Result<()> {
        self.remove("DELETE FROM cohort_members WHERE cohort = $1 AND account = $2", cohort, account).await
    }

    /// Lets an instructor follow a cohort.
    pub async fn add_instructor(self, cohort: &str, account: &str) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        insert_instructor(&mut transaction, cohort, account).await?;
        transaction.commit().await
    }

    /// Has an instructor follow a cohort no more.
    pub async fn remove_instructor(self, cohort: &str, account: &str) -> Result<()> {
        self.remove("DELETE FROM cohort_instructors WHERE cohort = $1 AND account = $2", cohort, account).await
    }

    async fn any(self, statement: &'static str, one: &str, other: &str) -> Result<bool> {
        let query = sqlx::query_scalar::<_, i64>(statement).bind(one.to_owned()).bind(other.to_owned());
        Ok(query.fetch_one(self.0.reader()).await? > 0)
    }

    async fn people(
        self,
        statement: &'static str,
        cohort: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Member>> {
        let query = sqlx::query_as(statement).bind(cohort.to_owned()).bind(after.unwrap_or_default().to_owned());
        Ok(query.bind(page::limit(limit)).fetch_all(self.0.reader()).await?)
    }

    async fn remove(self, statement: &'static str, cohort: &str, account: &str) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        let query = sqlx::query(statement).bind(cohort.to_owned()).bind(account.to_owned());
        let done = query.execute(&mut *transaction).await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound { what: "member" });
        }
        transaction.commit().await
    }
}

pub(crate) async fn insert_member(transaction: &mut AnyConnection, cohort: &str, account: &str) -> Result<()> {
    insert(transaction, ADD_MEMBER, cohort, account).await
}

pub(crate) async fn insert_instructor(transaction: &mut AnyConnection, cohort: &str, account: &str) -> Result<()> {
    insert(transaction, ADD_INSTRUCTOR, cohort, account).await
}

async fn insert(transaction: &mut AnyConnection, statement: &'static str, cohort: &str, account: &str) -> Result<()> {
    let query = sqlx::query(statement).bind(cohort.to_owned()).bind(account.to_owned()).bind(now());
    match query.execute(&mut *transaction).await {
        Ok(_) => Ok(()),
        Err(error) if Error::is_foreign_key(&error) => Err(Error::NotFound { what: "cohort or account" }),
        Err(error) => Err(error.into()),
    }
}

fn name_taken(error: sqlx::Error) -> Error {
    if Error::is_unique(&error) { Error::NameTaken } else { error.into() }
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::NotFound { what: "cohort" }) } else { Ok(()) }
}

impl FromRow<'_, AnyRow> for Cohort {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            created: row.try_get("created")?,
            members: row.try_get("members")?,
        })
    }
}

impl FromRow<'_, AnyRow> for Member {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self { account: Account::from_row(row)?, since: row.try_get("since")? })
    }
}
