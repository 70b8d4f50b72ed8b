//! Invitations: links by which people make their own accounts, a given number of times and until a given day.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row};

use crate::clock::{Millis, now};
use crate::row::RowExt;
use crate::{
    Account, Error, InvitationProblem, NewAccount, Result, Role, Store, TokenHash, accounts, cohorts, id, page,
};

/// An invitation. Its secret is not kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// What those who come may do.
    pub role: Role,
    /// The cohort that they come into.
    pub cohort: Option<String>,
    /// How many may come.
    pub uses: i64,
    /// How many have come.
    pub used: i64,
    /// When it was made.
    pub created: Millis,
    /// Who made it, unless that account is gone.
    pub created_by: Option<String>,
    /// When it ends.
    pub expires: Millis,
    /// When it was taken back.
    pub revoked: Option<Millis>,
}

/// An invitation that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// What those who come may do.
    pub role: Role,
    /// The cohort that they come into: learners as members, others as its instructors.
    pub cohort: Option<String>,
    /// How many may come, at least one.
    pub uses: u32,
    /// When it ends.
    pub expires: Millis,
    /// Who makes it.
    pub created_by: String,
}

/// Invitations of a store.
#[derive(Clone, Copy, Debug)]
pub struct Invitations<'a>(pub(crate) &'a Store);

const BY_TOKEN_HASH: &str = "SELECT id, role, cohort, uses, used, created, created_by, expires, revoked
    FROM invitations WHERE token_hash = $1";
const BY_ID: &str = "SELECT id, role, cohort, uses, used, created, created_by, expires, revoked
    FROM invitations WHERE id = $1";
const LIST: &str = "SELECT id, role, cohort, uses, used, created, created_by, expires, revoked
    FROM invitations WHERE id < $1 ORDER BY id DESC LIMIT $2";
const LIST_OF: &str = "SELECT id, role, cohort, uses, used, created, created_by, expires, revoked
    FROM invitations WHERE created_by = $3 AND id < $1 ORDER BY id DESC LIMIT $2";
const INSERT: &str = "INSERT INTO invitations (id, token_hash, role, cohort, uses, used, created, created_by, expires)
    VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)";
const USE: &str = "UPDATE invitations SET used = used + 1
    WHERE token_hash = $1 AND used < uses AND expires > $2 AND revoked IS NULL";

impl Invitations<'_> {
    /// Makes an invitation.
    pub async fn create(self, token: &TokenHash, new: NewInvitation) -> Result<Invitation> {
        let mut transaction = self.0.begin().await?;
        let invitation = Invitation {
            id: id::new()?,
            role: new.role,
            cohort: new.cohort,
            uses: i64::from(new.uses.max(1)),
            used: 0,
            created: now(),
            created_by: Some(new.created_by),
            expires: new.expires,
            revoked: None,
        };
        sqlx::query(INSERT)
            .bind(invitation.id.clone())
            .bind(token.as_str().to_owned())
            .bind(invitation.role.as_str())
            .bind(invitation.cohort.clone())
            .bind(invitation.uses)
            .bind(invitation.created)
            .bind(invitation.created_by.clone())
            .bind(invitation.expires)
            .execute(&mut *transaction)
            .await
            .map_err(|error| match Error::is_foreign_key(&error) {
                true => Error::NotFound { what: "cohort" },
                false => error.into(),
            })?;
        transaction.commit().await?;
        Ok(invitation)
    }

    /// Finds an invitation, by which somebody could come now.
    pub async fn by_token_hash(self, token: &TokenHash) -> Result<Invitation> {
        let invitation: Option<Invitation> =
            sqlx::query_as(BY_TOKEN_HASH).bind(token.as_str().to_owned()).fetch_optional(self.0.reader()).await?;
        let invitation = invitation.ok_or(Error::Invitation(InvitationProblem::Unknown))?;
        match invitation.problem(now()) {
            Some(problem) => Err(Error::Invitation(problem)),
            None => Ok(invitation),
        }
    }

    /// Finds an invitation by its id, whatever its state.
    pub async fn by_id(self, id: &str) -> Result<Option<Invitation>> {
        Ok(sqlx::query_as(BY_ID).bind(id.to_owned()).fetch_optional(self.0.reader()).await?)
    }

    /// Makes an account by an invitation. Either both count or nothing happens.
    pub async fn take(self, token: &TokenHash, new: NewAccount) -> Result<Account> {
        let mut transaction = self.0.begin().await?;
        let used = sqlx::query(USE).bind(token.as_str().to_owned()).bind(now()).execute(&mut *transaction).await?;
        let invitation: Option<Invitation> =
            sqlx::query_as(BY_TOKEN_HASH).bind(token.as_str().to_owned()).fetch_optional(&mut *transaction).await?;
        let invitation = invitation.ok_or(Error::Invitation(InvitationProblem::Unknown))?;
        if used.rows_affected() == 0 {
            return Err(Error::Invitation(invitation.problem(now()).unwrap_or(InvitationProblem::UsedUp)));
        }
        let account = accounts::insert(&mut transaction, new, invitation.role).await?;
        join(&mut transaction, &invitation, &account).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// Lists invitations, the newest first, from the one before `before`: all, or those that one person made.
    pub async fn list(self, created_by: Option<&str>, before: Option<&str>, limit: u32) -> Result<Vec<Invitation>> {
        let query = sqlx::query_as(if created_by.is_some() { LIST_OF } else { LIST });
        let query = query.bind(before.unwrap_or(page::AFTER_ALL).to_owned()).bind(page::limit(limit));
        let query = match created_by {
            Some(account) => query.bind(account.to_owned()),
            None => query,
        };
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Takes an invitation back. Those who came stay.
    pub async fn revoke(self, id: &str) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        let done = sqlx::query("UPDATE invitations SET revoked = COALESCE(revoked, $2) WHERE id = $1")
            .bind(id.to_owned())
            .bind(now())
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound { what: "invitation" });
        }
        transaction.commit().await
    }
}

async fn join(transaction: &mut AnyConnection, invitation: &Invitation, account: &Account) -> Result<()> {
    match (&invitation.cohort, invitation.role) {
        (None, _) => Ok(()),
        (Some(cohort), Role::Learner) => cohorts::insert_member(transaction, cohort, &account.id).await,
        (Some(cohort), Role::Instructor | Role::Operator) => {
            cohorts::insert_instructor(transaction, cohort, &account.id).await
        }
    }
}

impl Invitation {
    /// Says why nobody can come by it at a time.
    pub fn problem(&self, at: Millis) -> Option<InvitationProblem> {
        match self {
            Self { revoked: Some(_), .. } => Some(InvitationProblem::Revoked),
            Self { used, uses, .. } if used >= uses => Some(InvitationProblem::UsedUp),
            Self { expires, .. } if *expires <= at => Some(InvitationProblem::Expired),
            _ => None,
        }
    }
}

impl FromRow<'_, AnyRow> for Invitation {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            role: row.word("role", Role::from_word)?,
            cohort: row.try_get("cohort")?,
            uses: row.try_get("uses")?,
            used: row.try_get("used")?,
            created: row.try_get("created")?,
            created_by: row.try_get("created_by")?,
            expires: row.try_get("expires")?,
            revoked: row.try_get("revoked")?,
        })
    }
}
