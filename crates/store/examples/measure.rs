//! Measures the store: how many submissions a second it keeps and grades, how long a call waits, how much a submission
//! takes on disk, and how much memory the connections take.
//!
//! ```sh
//! cargo run --release -p lyceum-store --example measure                     # SQLite, in a folder beside the build
//! cargo run --release -p lyceum-store --example measure -- 4000 /dev/shm    # in memory: what is left without a disk
//! cargo run --release -p lyceum-store --example measure -- 4000 postgres://user@localhost/empty
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lyceum_store::{
    CheckResult, GradeStatus, Kind, Language, Location, NewAccount, NewGrade, NewSubmission, Role, Saved, Store,
};
use serde_json::json;
use tokio::task::JoinSet;

const LEARNERS: usize = 300;
/// About as long as the programs of the course.
const LINES: usize = 60;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let number: usize = arguments.next().map_or(Ok(4000), |number| number.parse())?;
    let place = arguments.next();
    let url = place.clone().filter(|place| place.contains("://"));
    let parent = match &place {
        Some(folder) if url.is_none() => PathBuf::from(folder),
        _ => std::env::current_exe()?.with_file_name(""),
    };
    let folder = tempfile::tempdir_in(parent)?;
    let location = url.map_or_else(|| Location::Folder(folder.path().into()), Location::Url);
    let before = resident_kib();
    let store = Store::open(&location).await?;
    let accounts = learners(&store).await?;
    let facts = store.facts().await?;
    println!("{} {}, {LEARNERS} learners, programs of {} bytes", facts.database, facts.version, program(0).len());
    println!("memory after opening: {:+.1} MiB", (resident_kib() - before) as f64 / 1024.0);

    for clients in [1, 16, 64] {
        let name = format!("keep a submission, {clients} at once");
        let times = at_once(&store, &accounts, clients, number / 4, keep).await?;
        report(&name, times);
    }
    let times = at_once(&store, &accounts, 16, number / 4, save_draft).await?;
    report("save a draft, 16 at once", times);

    let start = store.facts().await?.bytes;
    let times = at_once(&store, &accounts, 16, number, whole).await?;
    report("keep, claim, 4 batches of events, grade; 16 at once", times);
    let grown = store.facts().await?.bytes - start;
    println!("size of a submission with its grade and events: {} bytes", grown / number as u64);

    let times = at_once(&store, &accounts, 16, number, look).await?;
    report("read where a learner is, 16 at once", times);
    let mut writers = JoinSet::new();
    writers.spawn({
        let (store, accounts) = (store.clone(), accounts.clone());
        async move { at_once(&store, &accounts, 16, number / 2, whole).await.map(drop) }
    });
    let times = at_once(&store, &accounts, 4, number / 2, look).await?;
    report("the same, 4 at once while others write", times);
    for result in writers.join_all().await {
        result?;
    }
    println!("memory after all that: {:+.1} MiB", (resident_kib() - before) as f64 / 1024.0);
    println!("database: {:.1} MiB", store.facts().await?.bytes as f64 / (1 << 20) as f64);
    if let Location::Folder(folder) = &location {
        let began = Instant::now();
        let facts = store.backup(&folder.join("backup.db")).await?;
        println!(
            "backup, checked: {:.2} s for {:.1} MiB",
            began.elapsed().as_secs_f64(),
            facts.bytes as f64 / (1 << 20) as f64
        );
    }
    store.close().await;
    Ok(())
}

type Failure = lyceum_store::Error;

async fn learners(store: &Store) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for number in 0..LEARNERS {
        let new = NewAccount {
            name: format!("learner{number}"),
            display: format!("学员 {number}"),
            language: Language::Zh,
            password_hash: "$argon2id$".into(),
        };
        ids.push(store.accounts().create(new, Role::Learner).await?.id);
    }
    Ok(ids)
}

/// Does something `number` times, so many at once, and returns how long each took, and all together.
async fn at_once<F>(
    store: &Store,
    accounts: &[String],
    clients: usize,
    number: usize,
    action: fn(Store, String, usize) -> F,
) -> Result<(Duration, Vec<Duration>), Failure>
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let began = Instant::now();
    let mut running = JoinSet::new();
    for client in 0..clients {
        let (store, accounts) = (store.clone(), accounts.to_vec());
        running.spawn(async move {
            let mut times = Vec::new();
            for turn in (client..number).step_by(clients) {
                let began = Instant::now();
                action(store.clone(), accounts[turn % accounts.len()].clone(), turn).await?;
                times.push(began.elapsed());
            }
            Ok::<_, Failure>(times)
        });
    }
    let mut times = Vec::new();
    for result in running.join_all().await {
        times.extend(result?);
    }
    Ok((began.elapsed(), times))
}

async fn keep(store: Store, account: String, turn: usize) -> Result<(), Failure> {
    let code = program(turn);
    store.submissions().create(new(&account, &code)).await.map(drop)
}

async fn save_draft(store: Store, account: String, turn: usize) -> Result<(), Failure> {
    let based_on = store.drafts().get(&account, "ml", "cnn").await?.map_or(0, |draft| draft.revision);
    match store.drafts().put(&account, "ml", "cnn", &program(turn), based_on).await? {
        Saved::Yes(_) | Saved::Conflict(_) => Ok(()),
    }
}

async fn whole(store: Store, account: String, turn: usize) -> Result<(), Failure> {
    let code = program(turn);
    let id = store.submissions().create(new(&account, &code)).await?.id;
    store.submissions().claim(&id).await?;
    for batch in 0..4 {
        let frames: Vec<_> = (0..20)
            .map(|step| {
                json!({"type": "scalar", "name": "loss", "step": batch * 20 + step, "value": 0.1234}).to_string()
            })
            .collect();
        store.events().append(&id, 1, batch * 20 + 1, &frames).await?;
    }
    store.grades().record(&id, 1, grade(turn)).await.map(drop)
}

async fn look(store: Store, account: String, _: usize) -> Result<(), Failure> {
    store.progress().overview(&account, "ml").await.map(drop)
}

fn program(turn: usize) -> String {
    (0..LINES).map(|line| format!("loss_{line} = criterion(model(x), y)  # {turn}\n")).collect()
}

fn new<'a>(account: &'a str, code: &'a str) -> NewSubmission<'a> {
    const NONE: &serde_json::Value = &serde_json::Value::Null;
    let kind = Kind::Submit;
    NewSubmission { account, course: "ml", unit: "cnn", kind, code, lab_version: "0123456789abcdef", options: NONE }
}

fn grade(turn: usize) -> NewGrade {
    let status = if turn.is_multiple_of(3) { GradeStatus::Pass } else { GradeStatus::Fail };
    let checks = (0..6).map(|check| CheckResult {
        check: format!("check-{check}"),
        status,
        points: 1,
        max_points: 1,
        skills: vec!["convolution".into()],
    });
    NewGrade {
        status,
        score: 3,
        max_score: 6,
        grade: json!({"version": 1, "message": "x".repeat(2000)}).to_string(),
        timings: json!({"queued": 3, "run": 700}),
        checks: checks.collect(),
        outcome: None,
    }
}

fn report(name: &str, (all, mut times): (Duration, Vec<Duration>)) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    let rate = times.len() as f64 / all.as_secs_f64();
    println!("{name}: {rate:.0} a second, p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms", at(0.5), at(0.95), at(0.99));
}

/// How much of this process is in memory.
fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
