//! `kill -9` at any moment: what was acknowledged is there, and every submission is graded once.
//!
//! A child process (this test's own binary) writes and says on its standard output what the store acknowledged, until
//! it is killed; then the next one goes on with the same database, as a server does when it is started again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use lyceum_store::*;
use tokio::task::JoinSet;

use crate::walk::{grade, person, program};

/// Names the database of a child: a folder, or an address.
const DATABASE: &str = "LYCEUM_TEST_DATABASE";
const ROUNDS: u64 = 25;

pub(crate) async fn what_was_acknowledged_survives_kill_9(store: Store) {
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap().id;
    let location = store.location().clone();
    store.close().await;
    drop(store);

    let mut acknowledged = Acknowledged::default();
    for round in 0..ROUNDS {
        acknowledged.collect(&location, round);
    }
    assert!(acknowledged.sent.len() > 50 && acknowledged.graded.len() > 20, "{acknowledged:?}");

    let store = Store::open(&location).await.unwrap();
    store.submissions().requeue_running().await.unwrap();
    assert_eq!(store.submissions().open().await.unwrap().1, 0);
    // What waits is graded, as after any start.
    while let Some(waiting) = store.submissions().queued(None, 1).await.unwrap().first() {
        let job = store.submissions().claim(&waiting.id).await.unwrap().unwrap();
        let recorded = store.grades().record(&job.id, job.attempt, grade(GradeStatus::Fail, 0)).await.unwrap();
        assert_eq!(recorded, Recorded::Now);
    }
    let mut graded = 0;
    for id in &acknowledged.sent {
        let submission = store.submissions().by_id(id).await.unwrap().expect("it was acknowledged");
        assert_eq!((submission.state, submission.code.as_str()), (State::Done, id_code(&submission.options).as_str()));
        let kept = store.grades().by_submission(id).await.unwrap().expect("it was graded");
        if let Some(&score) = acknowledged.graded.get(id) {
            assert_eq!(kept.score, score, "a grade that was acknowledged is the grade");
        }
        graded += 1;
    }
    // The learner's numbers count each submission once, those included that were kept and not acknowledged.
    let unit = store.progress().unit(&lin, "ml", "linear").await.unwrap().unwrap();
    let mut all = 0;
    let mut before: Option<String> = None;
    loop {
        let page = store.submissions().versions(&lin, "ml", "linear", before.as_deref(), 500).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id.clone());
        all += page.len() as i64;
    }
    assert_eq!(unit.attempts, all);
    assert!(all >= graded);
    let draft = store.drafts().get(&lin, "ml", "linear").await.unwrap().unwrap();
    assert!(draft.revision >= acknowledged.revision, "{} < {}", draft.revision, acknowledged.revision);
    store.close().await;
}

fn id_code(options: &serde_json::Value) -> String {
    format!("# {}\n", options["mark"]).repeat(200)
}

/// What children have said.
#[derive(Debug, Default)]
struct Acknowledged {
    sent: BTreeSet<String>,
    graded: BTreeMap<String, i64>,
    revision: i64,
}

impl Acknowledged {
    /// Starts a child, kills it while it writes, and notes what it said until then.
    fn collect(&mut self, location: &Location, round: u64) {
        let database = match location {
            Location::Folder(folder) => folder.display().to_string(),
            Location::Url(url) => url.clone(),
        };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "durability::child", "--ignored", "--nocapture", "--quiet"])
            .env(DATABASE, database)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("ready"));
        assert!(first.is_some(), "the child ended by itself");
        let killer = std::thread::spawn(move || {
            // Different moments of the work each time.
            std::thread::sleep(Duration::from_millis(15 + round * 7919 % 120));
            child.kill().unwrap();
            child.wait().unwrap();
        });
        for line in lines.map_while(Result::ok) {
            let words: Vec<_> = line.split(' ').collect();
            match words[..] {
                ["sent", id] => drop(self.sent.insert(id.into())),
                ["graded", id, score] => {
                    let before = self.graded.insert(id.into(), score.parse().unwrap());
                    assert_eq!(before, None, "{id} was graded twice");
                }
                ["saved", revision] => self.revision = revision.parse().unwrap(),
                _ => {}
            }
        }
        killer.join().unwrap();
    }
}

/// Says something in one piece: a line of a child that is killed is whole or not there.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "a part of the test above, which starts it and kills it"]
fn child() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let location = if database.contains("://") { Location::Url(database) } else { Location::Folder(database.into()) };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&location).await.unwrap();
        store.submissions().requeue_running().await.unwrap();
        let lin = store.accounts().by_name("lin").await.unwrap().unwrap().id;
        say("\nready");
        let mut work = JoinSet::new();
        for client in 0..4 {
            work.spawn(send(store.clone(), lin.clone(), client));
        }
        for worker in 0..2 {
            work.spawn(run(store.clone(), worker));
        }
        work.spawn(save(store, lin));
        work.join_all().await;
    });
}

async fn send(store: Store, lin: String, client: u32) {
    for number in 0.. {
        let options = serde_json::json!({"mark": format!("{client}.{number}")});
        let code = id_code(&options);
        let new = NewSubmission { options: &options, ..program(&lin, Kind::Submit, &code) };
        let sent = store.submissions().create(new).await.unwrap();
        say(&format!("sent {}", sent.id));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn run(store: Store, worker: u32) {
    for turn in 0.. {
        let waiting = store.submissions().queued(None, 4).await.unwrap();
        let Some(waiting) = waiting.get(worker as usize) else {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        };
        let Some(job) = store.submissions().claim(&waiting.id).await.unwrap() else { continue };
        let first = store.events().last_seq(&job.id).await.unwrap() + 1;
        store.events().append(&job.id, job.attempt, first, &["{\"phase\":\"running\"}".into()]).await.unwrap();
        let score = turn % 6;
        let recorded = store.grades().record(&job.id, job.attempt, grade(GradeStatus::Fail, score)).await.unwrap();
        if recorded == Recorded::Now {
            say(&format!("graded {} {score}", job.id));
        }
    }
}

async fn save(store: Store, lin: String) {
    let mut revision = store.drafts().get(&lin, "ml", "linear").await.unwrap().map_or(0, |draft| draft.revision);
    loop {
        let code = format!("after {revision}");
        let Saved::Yes(next) = store.drafts().put(&lin, "ml", "linear", &code, revision).await.unwrap() else {
            panic!("nobody else writes it")
        };
        revision = next;
        say(&format!("saved {revision}"));
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}
