//! Following a run: its frames as server-sent events, from any of them on.

use std::{collections::VecDeque, convert::Infallible, sync::PoisonError, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use lyceum_store::{State as Stage, Submission};
use serde::Deserialize;
use tokio::sync::watch;

use super::submissions::visible;
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Me, Path, Query},
    jobs::live::{ATTEMPT, Follower, Frame},
};

/// From where on.
#[derive(Deserialize)]
pub struct From {
    after: Option<u64>,
}

pub async fn follow(
    State(app): State<App>,
    Me(me): Me,
    Path(id): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Answer<Response> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|id| id.parse().ok());
    let after = last.or(from.after).unwrap_or(0);
    let source = source(&app, &me, &id, after).await?;
    let watching = Watching::begin(&app, &me.id)?;
    let closing = app.closing.clone();
    let events = stream::unfold((source, closing, watching), |(mut source, mut closing, watching)| async move {
        let frame = tokio::select! {
            frame = source.next() => frame?,
            // The page comes back when there is a server again.
            _ = ended(&mut closing) => return None,
        };
        Some((Ok::<Event, Infallible>(event(&frame)), (source, closing, watching)))
    });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    let mut response = sse.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies of the nginx kind would wait until there is more to pass on.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

async fn ended(closing: &mut watch::Receiver<bool>) {
    // Without a sender the server is gone altogether.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// Where frames come from: the run itself, or what was kept of it.
enum Source {
    Live(Follower),
    Kept(Box<Kept>),
}

impl Source {
    async fn next(&mut self) -> Option<Frame> {
        match self {
            Source::Live(follower) => follower.next().await,
            Source::Kept(kept) => kept.next().await,
        }
    }
}

/// Finds where the frames of a submission are. It may end just now, so both places are looked at again.
async fn source(app: &App, me: &lyceum_store::Account, id: &str, after: u64) -> Answer<Source> {
    const LOOKS: usize = 50;
    for _ in 0..LOOKS {
        let live = app.desk.hub.get(id);
        let submission = visible(app, me, id).await?;
        if let Some(live) = live {
            return Ok(Source::Live(Follower::new(live, after)));
        }
        if !matches!(submission.state, Stage::Queued | Stage::Running) {
            return Ok(Source::Kept(Box::new(Kept::new(app.clone(), submission, after))));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The server is ending: what ran is left for the next one.
    Err(AppError::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "closing", "the server is being stopped"))
}

/// The frames of a run that is over.
struct Kept {
    app: App,
    submission: Submission,
    /// The number of the last frame that was given.
    after: u64,
    base: u64,
    ready: VecDeque<Frame>,
    stage: Rest,
}

/// What is still to come.
enum Rest {
    Frames,
    Ending,
    Nothing,
}

impl Kept {
    fn new(app: App, submission: Submission, after: u64) -> Self {
        let attempt = u64::try_from(submission.attempt).unwrap_or(1);
        let base = attempt.saturating_sub(1) * ATTEMPT;
        Self { app, submission, after, base, ready: VecDeque::new(), stage: Rest::Frames }
    }

    async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Some(frame);
            }
            match self.stage {
                Rest::Frames => self.read().await.ok()?,
                Rest::Ending => self.end().await.ok()?,
                Rest::Nothing => return None,
            }
        }
    }

    /// Reads some of the frames that were kept.
    async fn read(&mut self) -> Result<(), lyceum_store::Error> {
        const SOME: u32 = 100;
        let seq = i64::try_from(self.after.saturating_sub(self.base)).unwrap_or(i64::MAX);
        let events = self.app.store.events().after(&self.submission.id, seq, SOME).await?;
        if events.is_empty() {
            self.stage = Rest::Ending;
        }
        for event in events {
            let seq = self.base + u64::try_from(event.seq).unwrap_or(0);
            self.after = seq;
            self.ready.push_back(Frame { seq: Some(seq), json: event.frame.into() });
        }
        Ok(())
    }

    /// Says what came of it. That is kept with the grade, not among the frames.
    async fn end(&mut self) -> Result<(), lyceum_store::Error> {
        self.stage = Rest::Nothing;
        let last = self.app.store.events().last_seq(&self.submission.id).await?;
        let mut seq = self.base + u64::try_from(last).unwrap_or(0);
        let mut say = |json: String| {
            seq += 1;
            // Whoever had it already is told again, without a number, so that they know that this is all.
            self.ready.push_back(Frame { seq: (seq > self.after).then_some(seq), json: json.into() });
        };
        if let Some(grade) = self.app.store.grades().by_submission(&self.submission.id).await? {
            say(format!(r#"{{"type":"grade","grade":{}}}"#, grade.grade));
        }
        let phase = match self.submission.state {
            Stage::Stopped => "stopped",
            Stage::Failed => "failed",
            _ => "done",
        };
        let at = self.submission.ended.unwrap_or(self.submission.created);
        say(format!(r#"{{"type":"phase","phase":"{phase}","at":{at}}}"#));
        Ok(())
    }
}

/// Writes a frame as an event, named after its type.
fn event(frame: &Frame) -> Event {
    let name = frame.json.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split('"').next()).unwrap_or("message");
    let event = match frame.seq {
        Some(seq) => Event::default().id(seq.to_string()),
        None => Event::default(),
    };
    event.event(name).data(&*frame.json)
}

/// Counts a connection while it lasts.
struct Watching {
    app: App,
    account: String,
}

impl Watching {
    /// Each account may follow so many at a time, or one could take all connections there are.
    const MOST: usize = 20;

    fn begin(app: &App, account: &str) -> Answer<Self> {
        let mut followers = app.followers.lock().unwrap_or_else(PoisonError::into_inner);
        let count = followers.entry(account.to_owned()).or_default();
        if *count >= Self::MOST {
            let message = "this account follows as many runs as it may";
            return Err(AppError::too_many("too_many_followers", message, Duration::from_secs(10)));
        }
        *count += 1;
        app.metrics.followers.inc();
        Ok(Self { app: app.clone(), account: account.to_owned() })
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut followers = self.app.followers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = followers.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                followers.remove(&self.account);
            }
        }
        self.app.metrics.followers.dec();
    }
}
