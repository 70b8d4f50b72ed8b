//! What learners are writing.

use lyceum_store::*;
use tokio::task::JoinSet;

use crate::walk::person;

pub(crate) async fn a_draft_that_was_changed_elsewhere_is_not_overwritten(store: Store) {
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap().id;
    let put = async |code: &str, based_on| store.drafts().put(&lin, "ml", "linear", code, based_on).await.unwrap();
    assert_eq!(store.drafts().get(&lin, "ml", "linear").await.unwrap(), None);
    assert_eq!(put("a", 0).await, Saved::Yes(1));
    assert_eq!(put("b", 1).await, Saved::Yes(2));
    let Saved::Conflict(newer) = put("c", 1).await else { panic!("it was changed") };
    assert_eq!((newer.code.as_str(), newer.revision), ("b", 2));
    assert!(matches!(put("c", 0).await, Saved::Conflict(_)));
    assert!(matches!(put("c", 7).await, Saved::Conflict(_)));
    assert_eq!(put("b", 1).await, Saved::Yes(2), "what is there already counts as saved");
    assert_eq!(store.drafts().get(&lin, "ml", "linear").await.unwrap().unwrap().code, "b");
    assert_eq!(store.drafts().get(&lin, "ml", "other").await.unwrap(), None);
    let worked = store.progress().unit(&lin, "ml", "linear").await.unwrap().unwrap().worked;
    assert!(worked.is_some());
    assert!(matches!(store.drafts().put("nobody", "ml", "linear", "x", 0).await, Err(Error::NotFound { .. })));
}

pub(crate) async fn of_drafts_that_race_none_is_lost(store: Store) {
    const PAGES: usize = 8;
    const CHANGES: usize = 10;
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap().id;
    let mut pages = JoinSet::new();
    for page in 0..PAGES {
        let (store, lin) = (store.clone(), lin.clone());
        pages.spawn(async move {
            for change in 0..CHANGES {
                let mark = format!("[{page}.{change}]");
                let seen = store.drafts().get(&lin, "ml", "linear").await.unwrap();
                let (mut code, mut revision) = seen.map_or_else(Default::default, |draft| (draft.code, draft.revision));
                // As a person would who is shown the newer draft: their change is made again on top of it.
                while let Saved::Conflict(newer) =
                    store.drafts().put(&lin, "ml", "linear", &format!("{code}{mark}"), revision).await.unwrap()
                {
                    (code, revision) = (newer.code, newer.revision);
                }
            }
        });
    }
    pages.join_all().await;
    let draft = store.drafts().get(&lin, "ml", "linear").await.unwrap().unwrap();
    assert_eq!(draft.revision, (PAGES * CHANGES) as i64);
    for page in 0..PAGES {
        for change in 0..CHANGES {
            assert_eq!(draft.code.matches(&format!("[{page}.{change}]")).count(), 1);
        }
    }
}

pub(crate) async fn what_cannot_be_kept_is_refused(store: Store) {
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap().id;
    let put = async |code: &str| store.drafts().put(&lin, "ml", "linear", code, 0).await;
    let large = "x".repeat(MAX_CODE_BYTES + 1);
    assert!(matches!(put(&large).await, Err(Error::TooLarge { bytes, limit, .. }) if bytes == limit + 1));
    assert!(matches!(put("a\0b").await, Err(Error::Nul { what: "a program" })));
    let strange = "学\u{1f600}\r\n\t'; DROP TABLE drafts; --\u{7f}\u{feff}$1 ?1 :a @b \\ \" ` %";
    assert_eq!(put(strange).await.unwrap(), Saved::Yes(1));
    assert_eq!(store.drafts().get(&lin, "ml", "linear").await.unwrap().unwrap().code, strange);
}
