//! One learner's way through everything.

use lyceum_store::*;
use serde_json::json;

/// An account that is to be made.
pub(crate) fn person(name: &str) -> NewAccount {
    NewAccount {
        name: name.into(),
        display: format!("{name} 林"),
        language: Language::Zh,
        password_hash: "$argon2id$v=19$…".into(),
    }
}

/// A program that is to be kept.
pub(crate) fn program<'a>(account: &'a str, kind: Kind, code: &'a str) -> NewSubmission<'a> {
    const NONE: &serde_json::Value = &serde_json::Value::Null;
    NewSubmission { account, course: "ml", unit: "linear", kind, code, lab_version: "v1", options: NONE }
}

/// A grade with one check.
pub(crate) fn grade(status: GradeStatus, score: u32) -> NewGrade {
    NewGrade {
        status,
        score,
        max_score: 5,
        grade: json!({"version": 1, "score": score}).to_string(),
        timings: json!({"queued": 1, "run": 200}),
        checks: vec![CheckResult {
            check: "loss".into(),
            status,
            points: score,
            max_points: 5,
            skills: vec!["mse".into()],
        }],
        outcome: Some(json!({"outcome": "finished"})),
    }
}

pub(crate) async fn from_the_first_account_to_a_grade(store: Store) {
    store.ping().await.unwrap();
    assert!(!store.accounts().any().await.unwrap());
    let owner = store.accounts().create_owner(person("Owner")).await.unwrap();
    assert_eq!(owner.role, Role::Operator);
    assert!(matches!(store.accounts().create_owner(person("two")).await, Err(Error::OwnerExists)));

    let cohort = store.cohorts().create("一班", &owner.id).await.unwrap();
    let token = Token::random().unwrap();
    let invitation = NewInvitation {
        role: Role::Learner,
        cohort: Some(cohort.id.clone()),
        uses: 1,
        expires: now() + 60_000,
        created_by: owner.id.clone(),
    };
    store.invitations().create(&token.hash(), invitation).await.unwrap();
    let learner = store.invitations().take(&token.hash(), person("ｌｉｎ")).await.unwrap();
    assert_eq!(learner.name, "lin");
    assert!(matches!(
        store.invitations().take(&token.hash(), person("other")).await,
        Err(Error::Invitation(InvitationProblem::UsedUp))
    ));

    let secret = Token::random().unwrap();
    store.sessions().create(&secret.hash(), &learner.id, now() + 60_000).await.unwrap();
    let session = store.sessions().by_token_hash(&secret.hash()).await.unwrap().unwrap();
    assert_eq!(session.account, learner);

    store.progress().open_unit(&learner.id, "ml", "linear").await.unwrap();
    let given = json!(2);
    let answer = NewAnswer { question: "q1", given: &given, right: true, points: 1, max_points: 1 };
    assert_eq!(store.progress().answer(&learner.id, "ml", "linear", answer).await.unwrap().tries, 1);
    assert_eq!(store.drafts().put(&learner.id, "ml", "linear", "x = 1", 0).await.unwrap(), Saved::Yes(1));

    let sent = store.submissions().create(program(&learner.id, Kind::Submit, "x = 1")).await.unwrap();
    assert_eq!(store.submissions().open().await.unwrap(), (1, 0));
    assert_eq!(store.submissions().queued(None, 10).await.unwrap()[0].id, sent.id);
    let claimed = store.submissions().claim(&sent.id).await.unwrap().unwrap();
    assert_eq!((claimed.state, claimed.attempt, claimed.code.as_str()), (State::Running, 1, "x = 1"));
    assert_eq!(store.submissions().claim(&sent.id).await.unwrap(), None);
    let frames = [json!({"type": "phase"}).to_string(), json!({"type": "output"}).to_string()];
    assert_eq!(store.events().append(&sent.id, 1, 1, &frames).await.unwrap(), Appended::Yes);
    assert_eq!(store.events().after(&sent.id, 1, 10).await.unwrap()[0].frame, frames[1]);
    assert_eq!(store.grades().record(&sent.id, 1, grade(GradeStatus::Pass, 5)).await.unwrap(), Recorded::Now);
    assert_eq!(store.grades().record(&sent.id, 1, grade(GradeStatus::Fail, 0)).await.unwrap(), Recorded::NotAnyMore);

    let overview = store.progress().overview(&learner.id, "ml").await.unwrap();
    assert_eq!((overview[0].attempts, overview[0].best_score, overview[0].answer_points), (1, Some(5), 1));
    let versions = store.submissions().versions(&learner.id, "ml", "linear", None, 10).await.unwrap();
    assert_eq!((versions[0].status, versions[0].score), (Some(GradeStatus::Pass), Some(5)));
    assert!(store.submissions().last_passing(&learner.id, "ml", "linear").await.unwrap().is_some());
    assert_eq!(store.reports().progress(&cohort.id, "ml", None, 10).await.unwrap()[0].units, overview);
    assert_eq!(store.reports().checks(&cohort.id, "ml").await.unwrap()[0].attempts, 1);
    assert_eq!(store.reports().grades(&cohort.id, "ml", None, 10).await.unwrap().len(), 1);
    assert!(store.reports().stuck(&cohort.id, "ml", 3, 0, 10).await.unwrap().is_empty());

    let entry = NewAuditEntry {
        actor: Some(owner.id.clone()),
        action: "account.delete".into(),
        subject: Some(learner.id.clone()),
        detail: json!({"why": "asked"}),
        request: None,
    };
    let mut export = store.export(&learner.id).await.unwrap();
    let mut document = String::new();
    while let Some(piece) = export.next().await.unwrap() {
        document.push_str(&piece);
    }
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["submissions"][0]["grade"]["score"], 5);
    assert_eq!(document["events"][0]["frames"][1]["type"], "output");
    store.accounts().delete(&learner.id, entry).await.unwrap();
    assert_eq!(store.accounts().by_name("LIN").await.unwrap(), None);
    assert_eq!(store.submissions().by_id(&sent.id).await.unwrap(), None);
    assert_eq!(store.audit().page(AuditFilter::All, None, 10).await.unwrap().len(), 1);
    assert!(store.facts().await.unwrap().bytes > 0);
}
