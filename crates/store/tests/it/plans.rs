//! How SQLite would find the rows of every statement of the store, read from the source: by an index, never by looking
//! at all rows of a table, and never without a limit.

use std::collections::BTreeSet;

use lyceum_store::{Location, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};

/// Statements that look at all rows on purpose: of tables that stay small, or because one row is enough.
const MAY_SCAN: &[&str] = &[
    // Whether there is any row.
    "SELECT COUNT(*) FROM (SELECT id FROM accounts LIMIT 1) AS found",
    // A backup is looked through as a whole.
    "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations",
    "SELECT COUNT(*) FROM accounts",
    "SELECT COUNT(*) FROM submissions",
];

/// Statements that sort what they found: a cohort's learners in one course, by when they were active.
const MAY_SORT: &[&str] = &["SELECT a.id, a.name, a.display, a.role, a.language, a.created, a.disabled, p.unit"];

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let statements = statements();
    assert!(statements.len() > 70, "only {} statements were found", statements.len());
    let folder = tempfile::tempdir().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&Location::Folder(folder.path().into())).await.unwrap();
        let mut connection =
            AnyConnection::connect(&format!("sqlite://{}/lyceum.db", folder.path().display())).await.unwrap();
        let mut problems = Vec::new();
        for statement in &statements {
            let plan = plan(&mut connection, statement).await;
            let scans = plan.iter().any(|step| {
                let of_query = ["CONSTANT ROW", "found", "others"].iter().any(|name| step.ends_with(name));
                step.starts_with("SCAN ") && !step.contains("pragma_") && !of_query
            });
            if scans && !MAY_SCAN.contains(&statement.as_str()) {
                problems.push(format!("looks at all rows: {statement}\n  {}", plan.join("\n  ")));
            }
            let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
            if sorts && !MAY_SORT.iter().any(|start| statement.starts_with(start)) {
                problems.push(format!("sorts: {statement}\n  {}", plan.join("\n  ")));
            }
        }
        assert!(problems.is_empty(), "{}", problems.join("\n\n"));
        connection.close().await.unwrap();
        store.close().await;
    });
}

#[test]
fn every_list_has_a_limit() {
    let unbounded: Vec<_> = statements()
        .into_iter()
        .filter(|statement| statement.starts_with("SELECT") && !statement.contains("LIMIT"))
        // One row: by its whole key, or what an aggregate gives.
        .filter(|statement| {
            let by_key = ["id = $1", "folded = $1", "token_hash = $1", "submission = $1", "unit = $3"];
            let one = by_key.iter().any(|key| statement.contains(key)) || statement.starts_with("SELECT COUNT(*)");
            let aggregate = statement.starts_with("SELECT COALESCE(MAX(") || statement.contains("GROUP BY state");
            let facts =
                statement.contains("pragma_") || statement == "SELECT 1" || statement.contains("sqlite_version");
            !(one || aggregate || facts)
        })
        .collect();
    assert!(unbounded.is_empty(), "{unbounded:#?}");
}

async fn plan(connection: &mut AnyConnection, statement: &str) -> Vec<String> {
    // Parameters without values are NULL, which an index on a part of the rows does not mind.
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")));
    let rows = rows.fetch_all(&mut *connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// Reads the statements out of the source. None of them has a quotation mark in it.
fn statements() -> BTreeSet<String> {
    let mut statements = BTreeSet::new();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        for part in source.split('"').skip(1) {
            let statement = part.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_one = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|start| statement.starts_with(start));
            // Others are PostgreSQL's, or put together by `copy.rs` of the names of tables and columns.
            let is_others =
                ["pg_", "current_setting", "FOR KEY SHARE", "{"].iter().any(|word| statement.contains(word));
            if is_one && !is_others {
                statements.insert(statement);
            }
        }
    }
    statements
}
