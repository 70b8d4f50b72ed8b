//! Sessions: who is signed in. A session ends by itself; only its secret's hash is kept.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use crate::clock::{Millis, now};
use crate::{Account, Error, Result, Store, TokenHash};

/// A session that is good, with its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub account: Account,
    /// When it began.
    pub created: Millis,
    /// When it ends.
    pub expires: Millis,
}

/// Sessions of a store.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(crate) &'a Store);

const BY_TOKEN_HASH: &str = "SELECT a.id, a.name, a.display, a.role, a.language, a.created, a.disabled,
        s.created AS session_created, s.expires AS session_expires
    FROM sessions s JOIN accounts a ON a.id = s.account
    WHERE s.token_hash = $1 AND s.expires > $2 AND a.disabled IS NULL";

impl Sessions<'_> {
    /// Begins a session.
    pub async fn create(self, token: &TokenHash, account: &str, expires: Millis) -> Result<()> {
        let mut transaction = self.0.begin_lightly().await?;
        sqlx::query("INSERT INTO sessions (token_hash, account, created, expires) VALUES ($1, $2, $3, $4)")
            .bind(token.as_str().to_owned())
            .bind(account.to_owned())
            .bind(now())
            .bind(expires)
            .execute(&mut *transaction)
            .await
            .map_err(|error| match Error::is_foreign_key(&error) {
                true => Error::NotFound { what: "account" },
                false => error.into(),
            })?;
        transaction.commit().await
    }

    /// Finds a session that has not ended, of an account that may sign in.
    pub async fn by_token_hash(self, token: &TokenHash) -> Result<Option<Session>> {
        let query = sqlx::query_as(BY_TOKEN_HASH).bind(token.as_str().to_owned()).bind(now());
        Ok(query.fetch_optional(self.0.reader()).await?)
    }

    /// Puts the end of a session off.
    pub async fn extend(self, token: &TokenHash, expires: Millis) -> Result<()> {
        let mut transaction = self.0.begin_lightly().await?;
        sqlx::query("UPDATE sessions SET expires = $2 WHERE token_hash = $1 AND expires < $2")
            .bind(token.as_str().to_owned())
            .bind(expires)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    /// Ends a session.
    pub async fn delete(self, token: &TokenHash) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token.as_str().to_owned())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    /// Ends all sessions of an account.
    pub async fn delete_all_of(self, account: &str) -> Result<u64> {
        let mut transaction = self.0.begin().await?;
        let done = sqlx::query("DELETE FROM sessions WHERE account = $1")
            .bind(account.to_owned())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// Removes what is left of sessions that have ended, and returns how many there were.
    pub async fn sweep(self) -> Result<u64> {
        let mut transaction = self.0.begin_lightly().await?;
        let done =
            sqlx::query("DELETE FROM sessions WHERE expires <= $1").bind(now()).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }
}

impl FromRow<'_, AnyRow> for Session {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            account: Account::from_row(row)?,
            created: row.try_get("session_created")?,
            expires: row.try_get("session_expires")?,
        })
    }
}
