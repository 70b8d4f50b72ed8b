//! Backups of SQLite's file, and the whole record of one learner.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lyceum_store::*;
use serde_json::{Value, json};

use crate::walk::{grade, person, program};

async fn folder_of(store: &Store) -> Option<&Path> {
    let Location::Folder(folder) = store.location() else {
        let refused = store.backup(Path::new("/tmp/never")).await;
        assert!(matches!(refused, Err(Error::UsePostgresTools)));
        return None;
    };
    Some(folder)
}

pub(crate) async fn a_backup_is_one_moment_while_others_write(store: Store) {
    let Some(folder) = folder_of(&store).await else { return };
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap().id;
    let stop = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (store, lin, stop) = (store.clone(), lin.clone(), stop.clone());
        async move {
            let mut kept = 0;
            while !stop.load(Ordering::Relaxed) {
                let sent = store.submissions().create(program(&lin, Kind::Submit, "x")).await.unwrap();
                store.submissions().claim(&sent.id).await.unwrap();
                store.grades().record(&sent.id, 1, grade(GradeStatus::Fail, 0)).await.unwrap();
                kept += 1;
            }
            kept
        }
    });
    while store.progress().unit(&lin, "ml", "linear").await.unwrap().is_none_or(|unit| unit.attempts < 20) {
        tokio::task::yield_now().await;
    }
    let backup = folder.with_file_name("备 份#1.db");
    let facts = store.backup(&backup).await.unwrap();
    stop.store(true, Ordering::Relaxed);
    let kept: i64 = writer.await.unwrap();
    assert!((20..=kept + 1).contains(&facts.submissions), "{facts:?}, {kept}");
    assert_eq!((facts.schema, facts.accounts), (1, 1));
    assert_eq!(check_backup(&backup).await.unwrap(), facts);
    assert!(matches!(store.backup(&backup).await, Err(Error::Io { .. })), "a backup overwrites nothing");

    // Everything in the copy fits together.
    let elsewhere = folder.with_file_name("elsewhere");
    assert_eq!(restore(&backup, &elsewhere).await.unwrap(), (facts.clone(), None));
    let copy = Store::open(&Location::Folder(elsewhere)).await.unwrap();
    let versions = copy.submissions().versions(&lin, "ml", "linear", None, 500).await.unwrap();
    let graded = versions.iter().filter(|version| version.status.is_some()).count() as i64;
    assert_eq!(copy.progress().unit(&lin, "ml", "linear").await.unwrap().unwrap().attempts, graded);
    copy.close().await;
}

pub(crate) async fn a_restored_database_takes_the_place_of_the_old(store: Store) {
    let Some(folder) = folder_of(&store).await else { return };
    store.accounts().create(person("before"), Role::Learner).await.unwrap();
    let backup = folder.with_file_name("backup.db");
    let facts = store.backup(&backup).await.unwrap();
    store.accounts().create(person("after"), Role::Learner).await.unwrap();
    assert!(matches!(restore(&backup, folder).await, Err(Error::InUse { .. })), "somebody has it open");
    let folder = folder.to_owned();
    store.close().await;
    drop(store);

    let (restored, kept) = restore(&backup, &folder).await.unwrap();
    assert_eq!(restored, facts);
    let again = Store::open(&Location::Folder(folder.clone())).await.unwrap();
    assert!(again.accounts().by_name("before").await.unwrap().is_some());
    assert!(again.accounts().by_name("after").await.unwrap().is_none());
    again.close().await;
    drop(again);
    assert_eq!(check_backup(&kept.unwrap()).await.unwrap().accounts, 2, "what was there is kept beside it");

    let broken = folder.with_file_name("broken.db");
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    std::fs::write(&broken, bytes).unwrap();
    let text = folder.with_file_name("text.db");
    std::fs::write(&text, "not a database, but long enough to look like a file of one".repeat(100)).unwrap();
    let empty = folder.with_file_name("empty.db");
    std::fs::write(&empty, "").unwrap();
    for bad in [&broken, &text, &empty] {
        let refused = restore(bad, &folder).await;
        assert!(matches!(refused, Err(Error::Backup { .. })), "{}: {refused:?}", bad.display());
    }
    assert!(matches!(restore(Path::new("/nowhere.db"), &folder).await, Err(Error::Io { .. })));
    let still = Store::open(&Location::Folder(folder.clone())).await.unwrap();
    assert!(still.accounts().by_name("before").await.unwrap().is_some());
    still.close().await;
    drop(still);

    // A database that is broken is no reason not to put a backup in its place.
    std::fs::write(folder.join("lyceum.db"), "broken").unwrap();
    let (_, kept) = restore(&backup, &folder).await.unwrap();
    assert_eq!(std::fs::read(kept.unwrap()).unwrap(), b"broken");
    let healed = Store::open(&Location::Folder(folder)).await.unwrap();
    assert!(healed.accounts().by_name("before").await.unwrap().is_some());
    healed.close().await;
}

pub(crate) async fn a_record_is_whole_and_nobody_elses(store: Store) {
    let teacher = store.accounts().create(person("teacher"), Role::Instructor).await.unwrap().id;
    let cohort = store.cohorts().create("一班", &teacher).await.unwrap().id;
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap().id;
    let other = store.accounts().create(person("other"), Role::Learner).await.unwrap().id;
    store.cohorts().add_member(&cohort, &lin).await.unwrap();
    for account in [&lin, &other] {
        for number in 0..23 {
            let unit = format!("unit-{}", number % 7);
            let code = format!("# \"{number}\"\n\\学\u{7f}{account}");
            let given = json!({"text": code});
            let question = format!("q{number}");
            let answer = NewAnswer { question: &question, given: &given, right: true, points: 1, max_points: 1 };
            store.progress().answer(account, "ml", &unit, answer).await.unwrap();
            store.drafts().put(account, &format!("course-{number}"), &unit, &code, 0).await.unwrap();
            let new = NewSubmission { unit: &unit, ..program(account, Kind::Submit, &code) };
            let sent = store.submissions().create(new).await.unwrap();
            store.submissions().claim(&sent.id).await.unwrap();
            for batch in 0..3 {
                let frames = [json!({"seq": 2 * batch + 1}), json!({"seq": 2 * batch + 2})];
                let frames = frames.map(|frame| frame.to_string());
                store.events().append(&sent.id, 1, 2 * batch + 1, &frames).await.unwrap();
            }
            if number % 2 == 0 {
                store.grades().record(&sent.id, 1, grade(GradeStatus::Pass, 5)).await.unwrap();
            }
        }
    }
    let entry = NewAuditEntry { action: "account.role".into(), subject: Some(lin.clone()), ..Default::default() };
    store.audit().append(entry).await.unwrap();

    let mut export = store.export(&lin).await.unwrap();
    let (mut text, mut pieces) = (String::new(), 0);
    while let Some(piece) = export.next().await.unwrap() {
        text.push_str(&piece);
        pieces += 1;
    }
    assert!(pieces > 20, "it comes in pieces");
    assert_eq!(export.next().await.unwrap(), None);
    assert!(!text.contains(&other) && !text.contains("argon2"));
    let document: Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| document[name].as_array().unwrap();
    assert_eq!(document["account"]["name"], "lin");
    assert_eq!(list("cohorts")[0]["name"], "一班");
    assert_eq!((list("answers").len(), list("drafts").len(), list("submissions").len()), (23, 23, 23));
    assert_eq!((list("units").len(), list("checks").len(), list("audit").len()), (7 + 23, 7, 1));
    assert_eq!(list("submissions")[3]["code"], format!("# \"3\"\n\\学\u{7f}{lin}"));
    assert_eq!(list("submissions").iter().filter(|one| one["grade"]["score"] == 5).count(), 12);
    for (one, submission) in list("events").chunks(3).zip(list("submissions")) {
        let numbers = one.iter().flat_map(|batch| {
            assert_eq!(batch["submission"], submission["id"]);
            batch["frames"].as_array().unwrap().iter().map(|frame| frame["seq"].as_i64().unwrap())
        });
        assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    }
    assert_eq!(list("events").len(), 23 * 3);
    assert!(matches!(store.export("nobody").await, Err(Error::NotFound { what: "account" })));
}

pub(crate) async fn everything_can_be_copied_to_another_database(store: Store) {
    let folder = tempfile::tempdir().unwrap();
    let open = async |name: &str| Store::open(&Location::Folder(folder.path().join(name))).await.unwrap();
    let (source, back) = (open("source").await, open("back").await);
    let owner = source.accounts().create_owner(person("owner")).await.unwrap().id;
    let cohort = source.cohorts().create("一班", &owner).await.unwrap().id;
    let token = Token::random().unwrap().hash();
    let new = NewInvitation {
        role: Role::Learner,
        cohort: Some(cohort),
        uses: 700,
        expires: now() + 60_000,
        created_by: owner.clone(),
    };
    source.invitations().create(&token, new).await.unwrap();
    let mut learners = Vec::new();
    for number in 0..40 {
        learners.push(source.invitations().take(&token, person(&format!("l{number}"))).await.unwrap().id);
    }
    for (number, lin) in learners.iter().enumerate() {
        source.sessions().create(&TokenHash::of(lin), lin, now() + 60_000).await.unwrap();
        let given = json!([number, "学\n"]);
        let answer = NewAnswer { question: "q", given: &given, right: true, points: 1, max_points: 1 };
        source.progress().answer(lin, "ml", "linear", answer).await.unwrap();
        source.drafts().put(lin, "ml", "linear", "x = '学'\n\t", 0).await.unwrap();
        for turn in 0..3 {
            let sent = source.submissions().create(program(lin, Kind::Submit, "x = 1\r\n")).await.unwrap();
            if turn > 0 {
                source.submissions().claim(&sent.id).await.unwrap();
                source.events().append(&sent.id, 1, 1, &["{}".into(), "[1]".into()]).await.unwrap();
            }
            if turn > 1 {
                source.grades().record(&sent.id, 1, grade(GradeStatus::Pass, 5)).await.unwrap();
            }
        }
        let entry = NewAuditEntry { action: "test".into(), subject: Some(lin.clone()), ..Default::default() };
        source.audit().append(entry).await.unwrap();
    }

    let copied = source.copy_to(&store).await.unwrap();
    assert!(matches!(source.copy_to(&store).await, Err(Error::NotEmpty)));
    assert_eq!(store.copy_to(&back).await.unwrap(), copied);
    assert!(copied > 40 * 10, "{copied}");
    for lin in learners.iter().chain([&owner]) {
        let mut records = Vec::new();
        for store in [&source, &store, &back] {
            let mut record = store.export(lin).await.unwrap();
            let mut text = String::new();
            while let Some(piece) = record.next().await.unwrap() {
                text.push_str(&piece);
            }
            let mut record: Value = serde_json::from_str(&text).unwrap();
            record.as_object_mut().unwrap().remove("exported");
            records.push(record);
            assert_eq!(store.accounts().password_hash(lin).await.unwrap().unwrap(), "$argon2id$v=19$…");
        }
        assert_eq!(records[0], records[1]);
        assert_eq!(records[0], records[2]);
    }
    assert!(store.sessions().by_token_hash(&TokenHash::of(&learners[7])).await.unwrap().is_some());
    assert_eq!(store.submissions().open().await.unwrap(), (40, 40));
    assert_eq!(store.invitations().by_token_hash(&token).await.unwrap().used, 40);
    source.close().await;
    back.close().await;
}
