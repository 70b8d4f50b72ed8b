//! Accounts: who there is, what they may do, and how all of theirs is deleted.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row};

use crate::audit;
use crate::clock::{Millis, now};
use crate::row::{RowExt, words};
use crate::{Error, NewAuditEntry, Result, Store, id, name, page, text};

words! {
    /// What an account may do.
    Role {
        /// Learns.
        Learner = "learner",
        /// Follows cohorts and invites learners.
        Instructor = "instructor",
        /// Manages accounts and sees how Lyceum runs.
        Operator = "operator",
    }
}

words! {
    /// The language that a person is spoken to in.
    Language {
        /// 中文
        Zh = "zh",
        /// English
        En = "en",
    }
}

/// An account. What proves a password is not part of it: see [`Accounts::password_hash`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// The login, as it was typed.
    pub name: String,
    /// How the person is called.
    pub display: String,
    /// What it may do.
    pub role: Role,
    /// The language that the person is spoken to in.
    pub language: Language,
    /// When it was made.
    pub created: Millis,
    /// Since when it cannot sign in.
    pub disabled: Option<Millis>,
}

/// An account that is to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The login. It must differ from every other in more than case and width.
    pub name: String,
    /// How the person is called.
    pub display: String,
    /// The language that the person is spoken to in.
    pub language: Language,
    /// What a password is checked against, made by the caller.
    pub password_hash: String,
}

/// Accounts of a store.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a>(pub(crate) &'a Store);

const BY_ID: &str = "SELECT id, name, display, role, language, created, disabled FROM accounts WHERE id = $1";
const BY_NAME: &str = "SELECT id, name, display, role, language, created, disabled FROM accounts WHERE folded = $1";
const LIST: &str = "SELECT id, name, display, role, language, created, disabled FROM accounts
    WHERE id > $1 ORDER BY id LIMIT $2";
const LIST_OF_ROLE: &str = "SELECT id, name, display, role, language, created, disabled FROM accounts
    WHERE role = $3 AND id > $1 ORDER BY id LIMIT $2";
const INSERT: &str = "INSERT INTO accounts (id, name, folded, display, role, language, password_hash, created)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const ANY: &str = "SELECT COUNT(*) FROM (SELECT id FROM accounts LIMIT 1) AS found";
const PASSWORD_HASH: &str = "SELECT password_hash FROM accounts WHERE id = $1";
const OTHER_OPERATORS: &str = "SELECT COUNT(*) FROM (
    SELECT id FROM accounts WHERE role = 'operator' AND disabled IS NULL AND id <> $1 LIMIT 1) AS others";
const TAKE_TURN: &str = "UPDATE turns SET taken = taken + 1 WHERE name = 'operators'";

impl Accounts<'_> {
    /// Makes the first account, an operator. Of several that try at once one succeeds.
    pub async fn create_owner(self, new: NewAccount) -> Result<Account> {
        let mut transaction = self.0.begin().await?;
        take_turn(&mut transaction).await?;
        if sqlx::query_scalar::<_, i64>(ANY).fetch_one(&mut *transaction).await? > 0 {
            return Err(Error::OwnerExists);
        }
        let account = insert(&mut transaction, new, Role::Operator).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// Makes an account.
    pub async fn create(self, new: NewAccount, role: Role) -> Result<Account> {
        let mut transaction = self.0.begin().await?;
        let account = insert(&mut transaction, new, role).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// Whether there is any account: if not, the first start is not over.
    pub async fn any(self) -> Result<bool> {
        Ok(sqlx::query_scalar::<_, i64>(ANY).fetch_one(self.0.reader()).await? > 0)
    }

    /// Finds an account.
    pub async fn by_id(self, id: &str) -> Result<Option<Account>> {
        Ok(sqlx::query_as(BY_ID).bind(id.to_owned()).fetch_optional(self.0.reader()).await?)
    }

    /// Finds an account by its login, however it is written.
    pub async fn by_name(self, name: &str) -> Result<Option<Account>> {
        let folded = name::fold(name);
        if text::key("a name", &folded).is_err() {
            return Ok(None);
        }
        Ok(sqlx::query_as(BY_NAME).bind(folded).fetch_optional(self.0.reader()).await?)
    }

    /// Returns what an account's password is checked against.
    pub async fn password_hash(self, id: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(PASSWORD_HASH).bind(id.to_owned()).fetch_optional(self.0.reader()).await?)
    }

    /// Lists accounts, the oldest first, from the one after `after`.
    pub async fn list(self, role: Option<Role>, after: Option<&str>, limit: u32) -> Result<Vec<Account>> {
        let query = sqlx::query_as(if role.is_some() { LIST_OF_ROLE } else { LIST });
        let query = query.bind(after.unwrap_or_default().to_owned()).bind(page::limit(limit));
        let query = match role {
            Some(role) => query.bind(role.as_str()),
            None => query,
        };
        Ok(query.fetch_all(self.0.reader()).await?)
    }

    /// Changes how the person is called and spoken to.
    pub async fn set_profile(self, id: &str, display: &str, language: Language) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        let done = sqlx::query("UPDATE accounts SET display = $2, language = $3 WHERE id = $1")
            .bind(id.to_owned())
            .bind(name::display(display)?)
            .bind(language.as_str())
            .execute(&mut *transaction)
            .await?;
        found(done.rows_affected())?;
        transaction.commit().await
    }

    /// Changes what the password is checked against, and ends all sessions of the account but `keep`.
    pub async fn set_password_hash(self, id: &str, hash: &str, keep: Option<&crate::TokenHash>) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        let done = sqlx::query("UPDATE accounts SET password_hash = $2 WHERE id = $1")
            .bind(id.to_owned())
            .bind(text::key("a password's hash", hash)?.to_owned())
            .execute(&mut *transaction)
            .await?;
        found(done.rows_affected())?;
        sqlx::query("DELETE FROM sessions WHERE account = $1 AND token_hash <> $2")
            .bind(id.to_owned())
            .bind(keep.map_or("", |hash| hash.as_str()).to_owned())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    /// Changes what an account may do. The last operator stays one.
    pub async fn set_role(self, id: &str, role: Role) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        if role != Role::Operator {
            leave_an_operator(&mut transaction, id).await?;
        }
        let done = sqlx::query("UPDATE accounts SET role = $2 WHERE id = $1")
            .bind(id.to_owned())
            .bind(role.as_str())
            .execute(&mut *transaction)
            .await?;
        found(done.rows_affected())?;
        transaction.commit().await
    }

    /// Lets an account sign in or not. If not, its sessions end. The last operator can always sign in.
    pub async fn set_disabled(self, id: &str, disabled: bool) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        if disabled {
            leave_an_operator(&mut transaction, id).await?;
            sqlx::query("DELETE FROM sessions WHERE account = $1")
                .bind(id.to_owned())
                .execute(&mut *transaction)
                .await?;
        }
        let done = sqlx::query("UPDATE accounts SET disabled = $2 WHERE id = $1")
            .bind(id.to_owned())
            .bind(disabled.then(now))
            .execute(&mut *transaction)
            .await?;
        found(done.rows_affected())?;
        transaction.commit().await
    }

    /// Deletes an account and everything of theirs: sessions, answers, drafts, programs, grades, what runs told. Lines
    /// of the audit log stay, without what they said about this account. The last operator cannot be deleted.
    ///
    /// `entry` is written to the audit log in the same transaction.
    pub async fn delete(self, id: &str, entry: NewAuditEntry) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        leave_an_operator(&mut transaction, id).await?;
        let done =
            sqlx::query("DELETE FROM accounts WHERE id = $1").bind(id.to_owned()).execute(&mut *transaction).await?;
        found(done.rows_affected())?;
        audit::forget(&mut transaction, id).await?;
        audit::insert(&mut transaction, entry).await?;
        transaction.commit().await?;
        self.0.forget_deleted().await
    }
}

/// Makes an account in a transaction.
pub(crate) async fn insert(transaction: &mut AnyConnection, new: NewAccount, role: Role) -> Result<Account> {
    let login = name::login(&new.name)?;
    let account = Account {
        id: id::new()?,
        name: login.name,
        display: name::display(&new.display)?,
        role,
        language: new.language,
        created: now(),
        disabled: None,
    };
    sqlx::query(INSERT)
        .bind(account.id.clone())
        .bind(account.name.clone())
        .bind(login.folded)
        .bind(account.display.clone())
        .bind(role.as_str())
        .bind(account.language.as_str())
        .bind(text::key("a password's hash", &new.password_hash)?.to_owned())
        .bind(account.created)
        .execute(&mut *transaction)
        .await
        .map_err(|error| if Error::is_unique(&error) { Error::NameTaken } else { error.into() })?;
    Ok(account)
}

/// Fails unless an operator other than `id` can sign in, or `id` is none that can. Two that leave at once are asked one
/// after the other.
async fn leave_an_operator(transaction: &mut AnyConnection, id: &str) -> Result<()> {
    take_turn(transaction).await?;
    let account: Option<Account> = sqlx::query_as(BY_ID).bind(id.to_owned()).fetch_optional(&mut *transaction).await?;
    let account = account.ok_or(Error::NotFound { what: "account" })?;
    if account.role != Role::Operator || account.disabled.is_some() {
        return Ok(());
    }
    let others: i64 = sqlx::query_scalar(OTHER_OPERATORS).bind(id.to_owned()).fetch_one(&mut *transaction).await?;
    if others == 0 { Err(Error::LastOperator) } else { Ok(()) }
}

async fn take_turn(transaction: &mut AnyConnection) -> Result<()> {
    sqlx::query(TAKE_TURN).execute(&mut *transaction).await?;
    Ok(())
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::NotFound { what: "account" }) } else { Ok(()) }
}

impl FromRow<'_, AnyRow> for Account {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            display: row.try_get("display")?,
            role: row.word("role", Role::from_word)?,
            language: row.word("language", Language::from_word)?,
            created: row.try_get("created")?,
            disabled: row.try_get("disabled")?,
        })
    }
}
