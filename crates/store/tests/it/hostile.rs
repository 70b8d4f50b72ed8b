//! Texts that mean something to a database, wherever a caller may put one: they are kept, found, or refused, and
//! nothing else happens.

use lyceum_store::*;

use crate::walk::{grade, person, program};

const TEXTS: &[&str] = &[
    "'; DROP TABLE accounts; --",
    "' OR '1'='1",
    "x') ON CONFLICT DO NOTHING; DELETE FROM submissions; --",
    "\" OR 1=1",
    "$1 $2 ?1 ? :a @a",
    "%_\\",
    "",
    " ",
    "\u{202e}\u{feff}\u{fffd}",
    "学\u{1f600}\u{10ffff}",
    "a\0b",
    "null",
];

pub(crate) async fn texts_are_texts(store: Store) {
    let owner = store.accounts().create_owner(person("owner")).await.unwrap();
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap().id;
    let sent = store.submissions().create(program(&lin, Kind::Submit, "x")).await.unwrap();
    for &text in TEXTS {
        nothing_or_refused(store.accounts().by_id(text).await);
        nothing_or_refused(store.accounts().by_name(text).await);
        nothing_or_refused(store.accounts().password_hash(text).await);
        nothing_or_refused(store.invitations().by_id(text).await);
        nothing_or_refused(store.cohorts().by_id(text).await);
        nothing_or_refused(store.submissions().by_id(text).await);
        nothing_or_refused(store.submissions().claim(text).await);
        nothing_or_refused(store.grades().by_submission(text).await);
        nothing_or_refused(store.drafts().get(&lin, text, text).await);
        nothing_or_refused(store.progress().unit(text, text, text).await);
        nothing_or_refused(store.submissions().last_passing(&lin, text, text).await);
        nothing_or_refused(store.sessions().by_token_hash(&TokenHash::of(text)).await);
        refused(store.accounts().set_role(text, Role::Operator).await);
        refused(store.accounts().set_disabled(text, true).await);
        refused(store.accounts().delete(text, NewAuditEntry::default()).await);
        refused(store.cohorts().add_member(text, text).await);
        refused(store.cohorts().delete(text).await);
        refused(store.invitations().revoke(text).await);
        refused(store.accounts().create(person(text), Role::Operator).await.map(drop).and_then(|()| {
            // Some of the texts are names.
            if text == "null" { Err(Error::NameTaken) } else { Ok(()) }
        }));
        let recorded = store.grades().record(text, 1, grade(GradeStatus::Pass, 5)).await;
        assert!(matches!(recorded, Ok(Recorded::NotAnyMore) | Err(Error::Nul { .. })), "{recorded:?}");
        let listed = store.submissions().versions(&lin, text, text, Some(text), 10).await;
        assert!(listed.map_or(true, |listed| listed.is_empty()));
        let listed = store.accounts().list(None, Some(text), 10).await;
        assert!(listed.map_or(true, |listed| listed.len() <= 3));

        let elsewhere = NewSubmission { course: text, unit: text, ..program(&lin, Kind::Run, text) };
        match store.submissions().create(elsewhere).await {
            Ok(kept) => {
                let found = store.submissions().by_id(&kept.id).await.unwrap().unwrap();
                assert_eq!((found.course.as_str(), found.unit.as_str(), found.code.as_str()), (text, text, text));
                assert_eq!(store.submissions().versions(&lin, text, text, None, 10).await.unwrap().len(), 1);
            }
            Err(error) => assert!(matches!(error, Error::Nul { .. }), "{error:?}"),
        }
    }
    assert_eq!(store.accounts().by_id(&owner.id).await.unwrap(), Some(owner));
    assert_eq!(store.submissions().by_id(&sent.id).await.unwrap(), Some(sent));
    let long = "x".repeat(1000);
    assert!(matches!(store.progress().open_unit(&lin, &long, "u").await, Err(Error::TooLarge { .. })));
}

fn nothing_or_refused<T: std::fmt::Debug>(result: Result<Option<T>>) {
    assert!(matches!(result, Ok(None) | Err(Error::Nul { .. })), "{result:?}");
}

fn refused(result: Result<()>) {
    let result = result.expect_err("it must be refused");
    let good = matches!(result, Error::NotFound { .. } | Error::Nul { .. } | Error::Name(_) | Error::NameTaken);
    assert!(good, "{result:?}");
}
