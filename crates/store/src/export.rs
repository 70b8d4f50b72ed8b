//! All of one account, as one JSON document: to be handed to the person, or taken to another place.
//!
//! It comes in pieces, so that a learner with thousands of runs costs no memory. What proves a password and the
//! sessions' secrets are not in it.

use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Column, Row, ValueRef};

use crate::clock::now;
use crate::{Error, Result, Store};

/// The version of the document's form.
const VERSION: u32 = 1;

/// One list of the document.
struct Section {
    /// Its name in the document.
    name: &'static str,
    /// The rows of `$1` after the key in `$2`, …; the last parameter is the limit.
    statement: &'static str,
    /// The columns of the key, and the least value of each.
    key: &'static [(&'static str, &'static str)],
    /// How many rows come at once.
    rows: i64,
}

/// Columns that hold JSON.
const JSON: &[&str] = &["given", "options", "outcome", "grade", "timings", "skills", "detail"];
/// Columns that hold a line of JSON for each frame.
const LINES: &[&str] = &["frames"];

const SECTIONS: &[Section] = &[
    Section {
        name: "cohorts",
        statement: "SELECT c.id, c.name, m.since FROM cohort_members m JOIN cohorts c ON c.id = m.cohort
            WHERE m.account = $1 AND m.cohort > $2 ORDER BY m.cohort LIMIT $3",
        key: &[("id", "")],
        rows: 200,
    },
    Section {
        name: "units",
        statement: "SELECT course, unit, opened, active, worked, answered, answer_points, attempts, failures,
                best_score, max_score, graded, passed
            FROM unit_progress WHERE account = $1 AND (course, unit) > ($2, $3) ORDER BY course, unit LIMIT $4",
        key: &[("course", ""), ("unit", "")],
        rows: 200,
    },
    Section {
        name: "checks",
        statement: "SELECT course, unit, check_id, skills, status, points, max_points, attempts, failures, passed
            FROM check_progress WHERE account = $1 AND (course, unit, check_id) > ($2, $3, $4)
            ORDER BY course, unit, check_id LIMIT $5",
        key: &[("course", ""), ("unit", ""), ("check_id", "")],
        rows: 200,
    },
    Section {
        name: "answers",
        statement: "SELECT course, unit, question, given, is_right, points, max_points, tries, answered, solved
            FROM answers WHERE account = $1 AND (course, unit, question) > ($2, $3, $4)
            ORDER BY course, unit, question LIMIT $5",
        key: &[("course", ""), ("unit", ""), ("question", "")],
        rows: 50,
    },
    Section {
        name: "drafts",
        statement: "SELECT course, unit, code, revision, saved FROM drafts
            WHERE account = $1 AND (course, unit) > ($2, $3) ORDER BY course, unit LIMIT $4",
        key: &[("course", ""), ("unit", "")],
        rows: 10,
    },
    Section {
        name: "submissions",
        statement: "SELECT s.id, s.course, s.unit, s.kind, s.code, s.lab_version, s.options, s.state, s.attempt,
                s.created, s.started, s.ended, s.outcome, g.grade, g.timings, g.graded
            FROM submissions s LEFT JOIN grades g ON g.submission = s.id
            WHERE s.account = $1 AND s.id > $2 ORDER BY s.id LIMIT $3",
        key: &[("id", "")],
        rows: 10,
    },
    Section {
        name: "events",
        statement: "SELECT e.submission, e.attempt, e.first_seq, e.last_seq, e.frames
            FROM submissions s JOIN events e ON e.submission = s.id
            WHERE s.account = $1 AND s.id >= $2 AND (s.id > $2 OR e.last_seq > CAST($3 AS BIGINT))
            ORDER BY s.id, e.last_seq LIMIT $4",
        key: &[("submission", ""), ("last_seq", "0")],
        rows: 4,
    },
    Section {
        name: "audit",
        statement: "SELECT id, at, action, detail FROM audit WHERE subject = $1 AND id > $2 ORDER BY id LIMIT $3",
        key: &[("id", "")],
        rows: 200,
    },
];

/// The document, piece by piece.
#[derive(Debug)]
pub struct Export {
    store: Store,
    account: String,
    /// The beginning, until it was taken.
    head: Option<String>,
    /// The section that is under way, and where in it.
    section: usize,
    after: Option<Vec<String>>,
    ended: bool,
}

impl Store {
    /// Begins the export of all of one account.
    pub async fn export(&self, account: &str) -> Result<Export> {
        let found = self.accounts().by_id(account).await?.ok_or(Error::NotFound { what: "account" })?;
        let found = serde_json::to_string(&found).map_err(|source| Error::Json { what: "an account", source })?;
        let head = format!("{{\"version\":{VERSION},\"exported\":{},\"account\":{found}", now());
        Ok(Export {
            store: self.clone(),
            account: account.to_owned(),
            head: Some(head),
            section: 0,
            after: None,
            ended: false,
        })
    }
}

impl Export {
    /// Returns the next piece. All of them, one after the other, are the document.
    pub async fn next(&mut self) -> Result<Option<String>> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        let Some(section) = SECTIONS.get(self.section) else {
            let end = (!self.ended).then(|| "}\n".to_owned());
            self.ended = true;
            return Ok(end);
        };
        let begun = self.after.is_some();
        let after = self.after.take();
        let after = after.unwrap_or_else(|| section.key.iter().map(|&(_, least)| least.to_owned()).collect());
        let mut query = sqlx::query(section.statement).bind(self.account.clone());
        for part in &after {
            query = query.bind(part.clone());
        }
        let rows = query.bind(section.rows).fetch_all(self.store.reader()).await?;
        let mut piece = if begun { String::new() } else { format!(",\n\"{}\":[", section.name) };
        for (number, row) in rows.iter().enumerate() {
            piece.push_str(if begun || number > 0 { ",\n" } else { "\n" });
            object(row, &mut piece)?;
        }
        match rows.last() {
            Some(last) if rows.len() as i64 == section.rows => self.after = Some(key(section, last)?),
            _ => {
                piece.push(']');
                self.section += 1;
            }
        }
        Ok(Some(piece))
    }
}

fn key(section: &Section, row: &AnyRow) -> Result<Vec<String>> {
    let part = |&(column, _): &(&str, &str)| {
        row.try_get::<String, _>(column).or_else(|_| row.try_get::<i64, _>(column).map(|number| number.to_string()))
    };
    Ok(section.key.iter().map(part).collect::<sqlx::Result<_>>()?)
}

/// Writes a row as an object.
fn object(row: &AnyRow, out: &mut String) -> Result<()> {
    for (number, column) in row.columns().iter().enumerate() {
        let name = column.name();
        out.push_str(if number == 0 { "{\"" } else { ",\"" });
        out.push_str(name);
        out.push_str("\":");
        let value = row.try_get_raw(number)?;
        if value.is_null() {
            out.push_str("null");
        } else if value.type_info().kind() == AnyTypeInfoKind::BigInt {
            out.push_str(&row.try_get::<i64, _>(number)?.to_string());
        } else {
            let text: &str = row.try_get(number)?;
            match name {
                name if JSON.contains(&name) => out.push_str(text),
                name if LINES.contains(&name) => {
                    out.push('[');
                    out.push_str(&text.replace('\n', ","));
                    out.push(']');
                }
                _ => {
                    let quoted = serde_json::to_string(text);
                    out.push_str(&quoted.map_err(|source| Error::Json { what: "a text", source })?);
                }
            }
        }
    }
    out.push('}');
    Ok(())
}
