//! Bringing a database's tables up to date. A migration is one text for both databases, and is never changed after it
//! was released: the next one changes what it made.

use sqlx::AnyPool;
use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use crate::{Error, Result};

const TEXTS: &[(&str, &str)] = &[("start", include_str!("../migrations/0001_start.sql"))];

/// The newest version of the tables that this program knows.
pub(crate) const NEWEST: i64 = TEXTS.len() as i64;

/// Runs the migrations that the database has not seen yet.
pub(crate) async fn run(pool: &AnyPool) -> Result<()> {
    let migrations = TEXTS
        .iter()
        .zip(1..)
        .map(|(&(description, text), version)| {
            Migration::new(version, description.into(), MigrationType::Simple, text.into_sql_str(), false)
        })
        .collect();
    Migrator::with_migrations(migrations).run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > NEWEST => Error::Newer { found, known: NEWEST },
        error => Error::Migrate(error),
    })
}
