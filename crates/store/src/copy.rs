//! Copying everything from one database to another: how an installation moves from SQLite to PostgreSQL, or back.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row};

use crate::{Error, Result, Store};

/// A table, with its columns in the order in which they are copied: those of the key first.
struct Table {
    name: &'static str,
    key: &'static [Column],
    rest: &'static [Column],
    /// How many rows come at once.
    rows: usize,
}

#[derive(Clone, Copy)]
enum Column {
    Text(&'static str),
    Number(&'static str),
}
use Column::{Number, Text};

/// The tables, each after those that it refers to.
const TABLES: &[Table] = &[
    Table {
        name: "accounts",
        key: &[Text("id")],
        rest: &[
            Text("name"),
            Text("folded"),
            Text("display"),
            Text("role"),
            Text("language"),
            Text("password_hash"),
            Number("created"),
            Number("disabled"),
        ],
        rows: 500,
    },
    Table {
        name: "sessions",
        key: &[Text("token_hash")],
        rest: &[Text("account"), Number("created"), Number("expires")],
        rows: 500,
    },
    Table { name: "cohorts", key: &[Text("id")], rest: &[Text("name"), Text("folded"), Number("created")], rows: 500 },
    Table { name: "cohort_instructors", key: &[Text("cohort"), Text("account")], rest: &[Number("since")], rows: 500 },
    Table { name: "cohort_members", key: &[Text("cohort"), Text("account")], rest: &[Number("since")], rows: 500 },
    Table {
        name: "invitations",
        key: &[Text("id")],
        rest: &[
            Text("token_hash"),
            Text("role"),
            Text("cohort"),
            Number("uses"),
            Number("used"),
            Number("created"),
            Text("created_by"),
            Number("expires"),
            Number("revoked"),
        ],
        rows: 500,
    },
    Table {
        name: "unit_progress",
        key: &[Text("account"), Text("course"), Text("unit")],
        rest: &[
            Number("opened"),
            Number("active"),
            Number("worked"),
            Number("answered"),
            Number("answer_points"),
            Number("attempts"),
            Number("failures"),
            Number("best_score"),
            Number("max_score"),
            Number("graded"),
            Number("passed"),
        ],
        rows: 500,
    },
    Table {
        name: "answers",
        key: &[Text("account"), Text("course"), Text("unit"), Text("question")],
        rest: &[
            Text("given"),
            Number("is_right"),
            Number("points"),
            Number("max_points"),
            Number("tries"),
            Number("answered"),
            Number("solved"),
        ],
        rows: 100,
    },
    Table {
        name: "drafts",
        key: &[Text("account"), Text("course"), Text("unit")],
        rest: &[Text("code"), Number("revision"), Number("saved")],
        rows: 50,
    },
    Table {
        name: "submissions",
        key: &[Text("id")],
        rest: &[
            Text("account"),
            Text("course"),
            Text("unit"),
            Text("kind"),
            Text("code"),
            Text("lab_version"),
            Text("options"),
            Text("state"),
            Number("attempt"),
            Number("created"),
            Number("started"),
            Number("ended"),
            Text("outcome"),
        ],
        rows: 50,
    },
    Table {
        name: "grades",
        key: &[Text("submission")],
        rest: &[Text("status"), Number("score"), Number("max_score"), Text("grade"), Text("timings"), Number("graded")],
        rows: 50,
    },
    Table {
        name: "check_progress",
        key: &[Text("account"), Text("course"), Text("unit"), Text("check_id")],
        rest: &[
            Text("skills"),
            Text("status"),
            Number("points"),
            Number("max_points"),
            Number("attempts"),
            Number("failures"),
            Number("passed"),
        ],
        rows: 500,
    },
    Table {
        name: "events",
        key: &[Text("submission"), Number("last_seq")],
        rest: &[Number("first_seq"), Number("attempt"), Text("frames")],
        rows: 20,
    },
    Table {
        name: "audit",
        key: &[Text("id")],
        rest: &[Number("at"), Text("actor"), Text("action"), Text("subject"), Text("detail"), Text("request")],
        rows: 200,
    },
];

impl Store {
    /// Copies everything into a store that has no account yet, all or nothing, and returns how many rows that were.
    /// Nobody may serve either of them meanwhile.
    pub async fn copy_to(&self, target: &Store) -> Result<u64> {
        let _here = self.serve_alone().await?;
        let _there = target.serve_alone().await?;
        let mut transaction = target.begin().await?;
        if target.accounts().any().await? {
            return Err(Error::NotEmpty);
        }
        let mut copied = 0;
        for table in TABLES {
            copied += self.copy_table(table, &mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(copied)
    }

    async fn copy_table(&self, table: &Table, target: &mut AnyConnection) -> Result<u64> {
        let (first, next, insert) = (table.first(), table.next(), table.insert());
        let mut copied = 0;
        let mut last: Option<AnyRow> = None;
        loop {
            let mut query = sqlx::query(AssertSqlSafe(if last.is_some() { next.clone() } else { first.clone() }));
            if let Some(last) = &last {
                for &column in table.key {
                    query = bind(query, last, column)?;
                }
            }
            let mut rows = query.bind(table.rows as i64).fetch_all(self.reader()).await?;
            for row in &rows {
                let mut query = sqlx::query(AssertSqlSafe(insert.clone()));
                for column in table.columns() {
                    query = bind(query, row, column)?;
                }
                query.execute(&mut *target).await?;
            }
            copied += rows.len() as u64;
            let is_last = rows.len() < table.rows;
            last = rows.pop();
            if is_last {
                return Ok(copied);
            }
        }
    }
}

impl Table {
    fn columns(&self) -> impl Iterator<Item = Column> {
        self.key.iter().chain(self.rest).copied()
    }

    /// The first rows.
    fn first(&self) -> String {
        let (columns, key) = (names(self.columns()), names(self.key.iter().copied()));
        format!("SELECT {columns} FROM {} ORDER BY {key} LIMIT $1", self.name)
    }

    /// The rows after a key.
    fn next(&self) -> String {
        let (columns, key) = (names(self.columns()), names(self.key.iter().copied()));
        let (after, limit) = (parameters(self.key.len()), self.key.len() + 1);
        format!("SELECT {columns} FROM {} WHERE ({key}) > ({after}) ORDER BY {key} LIMIT ${limit}", self.name)
    }

    fn insert(&self) -> String {
        let (columns, values) = (names(self.columns()), parameters(self.columns().count()));
        format!("INSERT INTO {} ({columns}) VALUES ({values})", self.name)
    }
}

fn names(columns: impl Iterator<Item = Column>) -> String {
    let names: Vec<_> = columns
        .map(|column| match column {
            Text(name) | Number(name) => name,
        })
        .collect();
    names.join(", ")
}

fn parameters(number: usize) -> String {
    let parameters: Vec<_> = (1..=number).map(|place| format!("${place}")).collect();
    parameters.join(", ")
}

type Query<'q> = sqlx::query::Query<'q, Any, sqlx::any::AnyArguments>;

/// Binds the value of a column as what it is, also where it is absent.
fn bind<'q>(query: Query<'q>, row: &AnyRow, column: Column) -> Result<Query<'q>> {
    Ok(match column {
        Text(name) => query.bind(row.try_get::<Option<String>, _>(name)?),
        Number(name) => query.bind(row.try_get::<Option<i64>, _>(name)?),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Location;

    #[tokio::test]
    async fn every_column_of_every_table_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Location::Folder(folder.path().into())).await.unwrap();
        let columns = "SELECT m.name AS of_table, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT IN ('_sqlx_migrations', 'turns')";
        let rows = sqlx::query(columns).fetch_all(store.reader()).await.unwrap();
        let mut there: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
        for row in &rows {
            let is_number = row.get::<String, _>("type") == "BIGINT";
            there.entry(row.get("of_table")).or_default().push((row.get("name"), is_number));
        }
        let mut copied: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
        for table in TABLES {
            let columns = table.columns().map(|column| match column {
                Text(name) => (name.to_owned(), false),
                Number(name) => (name.to_owned(), true),
            });
            copied.insert(table.name.into(), columns.collect());
        }
        for columns in there.values_mut().chain(copied.values_mut()) {
            columns.sort();
        }
        assert_eq!(there, copied);
        store.close().await;
    }
}
