//! What is left of an account that was deleted: nothing but lines of the audit log that do not say who it was.

use lyceum_store::*;
use serde_json::json;
use sqlx::{AnyConnection, Connection, Row};
use tokio::task::JoinSet;

use crate::walk::{grade, person, program};

/// Words that are in everything that the person left.
const MARK: &str = "Xiangyang-7f3a";

async fn fill(store: &Store, account: &str) {
    let code = format!("# {MARK}");
    let given = json!(MARK);
    let token = Token::random().unwrap().hash();
    store.sessions().create(&token, account, now() + 60_000).await.unwrap();
    let answer = NewAnswer { question: "q", given: &given, right: false, points: 0, max_points: 1 };
    store.progress().answer(account, "ml", "linear", answer).await.unwrap();
    store.drafts().put(account, "ml", "linear", &code, 0).await.unwrap();
    for number in 0..20 {
        let code = format!("# {MARK} {number}\n").repeat(40);
        let sent = store.submissions().create(program(account, Kind::Submit, &code)).await.unwrap();
        store.submissions().claim(&sent.id).await.unwrap().unwrap();
        let frame = json!({"text": MARK}).to_string();
        store.events().append(&sent.id, 1, 1, &[frame.clone(), frame]).await.unwrap();
        let new = NewGrade { grade: json!({"observed": MARK}).to_string(), ..grade(GradeStatus::Fail, 1) };
        store.grades().record(&sent.id, 1, new).await.unwrap();
    }
}

pub(crate) async fn nothing_of_a_deleted_learner_is_left(store: Store) {
    let owner = store.accounts().create_owner(person("owner")).await.unwrap().id;
    let cohort = store.cohorts().create("one", &owner).await.unwrap().id;
    let gone = store.accounts().create(person(MARK), Role::Learner).await.unwrap().id;
    let stays = store.accounts().create(person("stays"), Role::Learner).await.unwrap().id;
    for account in [&gone, &stays] {
        store.cohorts().add_member(&cohort, account).await.unwrap();
    }
    fill(&store, &gone).await;
    store.drafts().put(&stays, "ml", "linear", "mine", 0).await.unwrap();
    let line = |actor: &str, subject: Option<&str>, detail: serde_json::Value| NewAuditEntry {
        actor: Some(actor.into()),
        action: "test".into(),
        subject: subject.map(Into::into),
        detail,
        request: None,
    };
    for entry in [
        line(&owner, Some(&gone), json!({"name": MARK})),
        line(&gone, None, json!({"from": MARK})),
        line(&gone, Some(&stays), json!({"about": "stays"})),
        line(&owner, Some(&stays), json!({"about": "stays"})),
    ] {
        store.audit().append(entry).await.unwrap();
    }

    let deleted = line(&owner, Some(&gone), json!({"why": "asked for it"}));
    store.accounts().delete(&gone, deleted).await.unwrap();

    for (table, text) in texts(&store).await {
        assert!(!text.to_lowercase().contains(&MARK.to_lowercase()), "{table}: {text}");
        assert!(table == "audit" || !text.contains(&gone), "{table}: {text}");
    }
    let log = store.audit().page(AuditFilter::All, None, 10).await.unwrap();
    let details: Vec<_> = log.into_iter().map(|entry| entry.detail).rev().collect();
    let about_stays = json!({"about": "stays"});
    assert_eq!(details, [json!(null), json!(null), about_stays.clone(), about_stays, json!({"why": "asked for it"})]);
    assert_eq!(store.drafts().get(&stays, "ml", "linear").await.unwrap().unwrap().code, "mine");
    assert_eq!(store.cohorts().by_id(&cohort).await.unwrap().unwrap().members, 1);
    if let Location::Folder(folder) = store.location() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes()), "{}", path.display());
        }
    }
    assert!(matches!(store.accounts().delete(&gone, Default::default()).await, Err(Error::NotFound { .. })));
}

pub(crate) async fn a_deleted_instructor_leaves_cohorts_and_invitations(store: Store) {
    store.accounts().create_owner(person("owner")).await.unwrap();
    let teacher = store.accounts().create(person("teacher"), Role::Instructor).await.unwrap().id;
    let cohort = store.cohorts().create("one", &teacher).await.unwrap().id;
    let token = Token::random().unwrap().hash();
    let new = NewInvitation {
        role: Role::Learner,
        cohort: Some(cohort.clone()),
        uses: 1,
        expires: now() + 60_000,
        created_by: teacher.clone(),
    };
    store.invitations().create(&token, new).await.unwrap();
    store.accounts().delete(&teacher, NewAuditEntry::default()).await.unwrap();
    assert!(store.cohorts().by_id(&cohort).await.unwrap().is_some());
    assert_eq!(store.invitations().by_token_hash(&token).await.unwrap().created_by, None);
    assert!(store.cohorts().instructors(&cohort, None, 10).await.unwrap().is_empty());
}

pub(crate) async fn a_learner_can_go_while_their_programs_run(store: Store) {
    store.accounts().create_owner(person("owner")).await.unwrap();
    for round in 0..6 {
        let lin = store.accounts().create(person(&format!("lin{round}")), Role::Learner).await.unwrap().id;
        let mut work = JoinSet::new();
        for worker in 0..4 {
            let (store, lin) = (store.clone(), lin.clone());
            work.spawn(async move {
                // Until the account is gone, which every call says in its own way.
                for number in 0.. {
                    let unit = format!("unit{}", (number + worker) % 2);
                    let new = NewSubmission { unit: &unit, ..program(&lin, Kind::Submit, "x") };
                    let id = match store.submissions().create(new).await {
                        Ok(sent) => sent.id,
                        Err(Error::NotFound { .. }) => break,
                        Err(error) => panic!("{error:?}"),
                    };
                    let Some(_) = store.submissions().claim(&id).await.unwrap() else { break };
                    let _ = store.events().append(&id, 1, 1, &["{}".into()]).await.unwrap();
                    let _ = store.grades().record(&id, 1, grade(GradeStatus::Fail, 1)).await.unwrap();
                }
            });
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        store.accounts().delete(&lin, NewAuditEntry::default()).await.unwrap();
        work.join_all().await;
        assert!(store.submissions().recent(&lin, None, 1).await.unwrap().is_empty());
        assert_eq!(store.submissions().open().await.unwrap(), (0, 0));
    }
}

/// Reads every text of every table.
async fn texts(store: &Store) -> Vec<(String, String)> {
    let (url, tables) = match store.location() {
        Location::Folder(folder) => (
            format!("sqlite://{}/lyceum.db", folder.display()),
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
        ),
        Location::Url(url) => (
            url.clone(),
            "SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public'
                AND table_name NOT LIKE '\\_%'",
        ),
    };
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    assert!(tables.len() >= 14, "{tables:?}");
    let mut texts = Vec::new();
    for table in tables {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM {table}")));
        for row in rows.fetch_all(&mut connection).await.unwrap() {
            let columns = 0..row.columns().len();
            texts.extend(columns.filter_map(|at| Some((table.clone(), row.try_get::<String, _>(at).ok()?))));
        }
    }
    connection.close().await.unwrap();
    texts
}
