//! Events: what runs tell while they run, so that a page that comes back misses nothing.
//!
//! A frame is one line of JSON and has a number; the numbers of a submission begin at 1 and have no gaps, over all its
//! attempts. Frames are kept in the batches in which they come. They are for looking at a run, so they do not last as
//! long as the rest: see [`Events::prune`].

use sqlx::Row;

use crate::clock::Millis;
use crate::{Error, MAX_FRAME_BYTES, Result, Store, id, page, text};

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub seq: i64,
    /// One line of JSON.
    pub frame: String,
}

/// What came of appending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// They are kept.
    Yes,
    /// There is a newer attempt, or no such submission. Nothing changed.
    NotAnyMore,
}

/// Events of a store.
#[derive(Clone, Copy, Debug)]
pub struct Events<'a>(pub(crate) &'a Store);

/// The most frames of a batch, and the most bytes of one that has several.
const BATCH_FRAMES: usize = 200;
const BATCH_BYTES: usize = 256 << 10;

const CURRENT: &str = "SELECT COUNT(*) FROM submissions WHERE id = $1 AND attempt = $2";
const LAST: &str = "SELECT COALESCE(MAX(last_seq), 0) FROM events WHERE submission = $1";
const INSERT: &str = "INSERT INTO events (submission, last_seq, first_seq, attempt, frames)
    VALUES ($1, $2, $3, $4, $5)";
const AFTER: &str = "SELECT first_seq, frames FROM events WHERE submission = $1 AND last_seq > $2
    ORDER BY last_seq LIMIT 1";
const PRUNE: &str = "DELETE FROM events WHERE submission IN (
    SELECT DISTINCT e.submission FROM events e JOIN submissions s ON s.id = e.submission
    WHERE e.submission < $1 AND s.state NOT IN ('queued', 'running') LIMIT $2)";

impl Events<'_> {
    /// Keeps frames, of which the first has the number `first_seq`: one more than the last that is kept.
    pub async fn append(self, submission: &str, attempt: i64, first_seq: i64, frames: &[String]) -> Result<Appended> {
        if frames.is_empty() {
            return Ok(Appended::Yes);
        }
        for frame in frames {
            text::checked("a frame", frame, MAX_FRAME_BYTES)?;
            if frame.contains('\n') {
                return Err(Error::Frames { expected: "one line".into(), found: "several".into() });
            }
            text::from_json::<serde::de::IgnoredAny>("a frame", frame)?;
        }
        let mut transaction = self.0.begin_lightly().await?;
        let current: i64 =
            sqlx::query_scalar(CURRENT).bind(submission.to_owned()).bind(attempt).fetch_one(&mut *transaction).await?;
        if current == 0 {
            return Ok(Appended::NotAnyMore);
        }
        let last: i64 = sqlx::query_scalar(LAST).bind(submission.to_owned()).fetch_one(&mut *transaction).await?;
        if first_seq != last + 1 {
            return Err(Error::Frames { expected: (last + 1).to_string(), found: first_seq.to_string() });
        }
        let mut first = first_seq;
        for batch in batches(frames) {
            let next = first + batch.len() as i64;
            let insert = sqlx::query(INSERT)
                .bind(submission.to_owned())
                .bind(next - 1)
                .bind(first)
                .bind(attempt)
                .bind(batch.join("\n"))
                .execute(&mut *transaction)
                .await;
            match insert {
                Ok(_) => {}
                // With PostgreSQL the learner can be deleted between two statements.
                Err(error) if Error::is_foreign_key(&error) => return Ok(Appended::NotAnyMore),
                Err(error) => return Err(error.into()),
            }
            first = next;
        }
        transaction.commit().await?;
        Ok(Appended::Yes)
    }

    /// Returns the number of the last frame that is kept; 0 if there is none.
    pub async fn last_seq(self, submission: &str) -> Result<i64> {
        Ok(sqlx::query_scalar(LAST).bind(submission.to_owned()).fetch_one(self.0.reader()).await?)
    }

    /// Returns the frames after a number, at most `limit`. None means that there are none yet.
    pub async fn after(self, submission: &str, seq: i64, limit: u32) -> Result<Vec<Event>> {
        let limit = page::limit(limit) as usize;
        let mut events: Vec<Event> = Vec::new();
        let mut seq = seq;
        while events.len() < limit {
            let row = sqlx::query(AFTER).bind(submission.to_owned()).bind(seq).fetch_optional(self.0.reader()).await?;
            let Some(row) = row else { break };
            let first: i64 = row.try_get("first_seq")?;
            let frames: &str = row.try_get("frames")?;
            let room = limit - events.len();
            let numbered = (first..).zip(frames.split('\n')).filter(|&(number, _)| number > seq);
            events.extend(numbered.take(room).map(|(seq, frame)| Event { seq, frame: frame.to_owned() }));
            seq = events.last().map_or(seq, |event| event.seq);
        }
        Ok(events)
    }

    /// Removes the frames of runs that are over and were sent before a time, of at most `limit` runs, and returns how
    /// many batches that were. Call it again until it returns 0.
    pub async fn prune(self, before: Millis, limit: u32) -> Result<u64> {
        let mut transaction = self.0.begin_lightly().await?;
        let done =
            sqlx::query(PRUNE).bind(id::least_at(before)).bind(page::limit(limit)).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }
}

/// Cuts frames into batches of a size that is read again quickly, whatever came at once.
fn batches(frames: &[String]) -> impl Iterator<Item = &[String]> {
    let mut rest = frames;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rest.iter().take(BATCH_FRAMES).take_while(|frame| {
            bytes += frame.len();
            bytes <= BATCH_BYTES
        });
        // A frame that is too large by itself is a batch by itself.
        let number = fits.count().max(1).min(rest.len());
        let (batch, left) = rest.split_at(number);
        rest = left;
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_small_and_lose_nothing() {
        let sizes = [1, BATCH_BYTES + 1, 5, BATCH_BYTES, 1, BATCH_BYTES / 2, BATCH_BYTES / 2, 3];
        let mut frames: Vec<_> = sizes.iter().map(|&size| "x".repeat(size)).collect();
        frames.extend((0..3 * BATCH_FRAMES).map(|number| number.to_string()));
        let cut: Vec<_> = batches(&frames).collect();
        assert_eq!(cut.concat(), frames);
        assert!(cut.iter().all(|batch| batch.len() == 1 || batch.concat().len() <= BATCH_BYTES));
        assert!(cut.iter().all(|batch| (1..=BATCH_FRAMES).contains(&batch.len())));
        assert_eq!(batches(&[]).count(), 0);
    }
}
