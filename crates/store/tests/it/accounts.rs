//! Who there is.

use lyceum_store::*;
use tokio::task::JoinSet;

use crate::walk::person;

pub(crate) async fn of_many_first_accounts_one_succeeds(store: Store) {
    let mut tries = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        tries.spawn(async move { store.accounts().create_owner(person(&format!("owner{number}"))).await });
    }
    let results = tries.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(Error::OwnerExists))), "{results:?}");
    assert_eq!(store.accounts().list(None, None, 100).await.unwrap().len(), 1);
}

pub(crate) async fn a_login_is_taken_in_any_case_and_width(store: Store) {
    store.accounts().create(person("Straße"), Role::Learner).await.unwrap();
    for name in ["straße", "STRASSE", "ｓｔｒａｓｓｅ", " strasse "] {
        let again = store.accounts().create(person(name), Role::Learner).await;
        assert!(matches!(again, Err(Error::NameTaken)), "{name}: {again:?}");
        assert_eq!(store.accounts().by_name(name).await.unwrap().unwrap().name, "Straße");
    }
    assert!(matches!(
        store.accounts().create(person("a b"), Role::Learner).await,
        Err(Error::Name(NameProblem::Character { found: ' ' }))
    ));
}

pub(crate) async fn one_of_two_operators_stays_when_both_leave_at_once(store: Store) {
    #[derive(Clone, Copy)]
    enum Way {
        Role,
        Disabled,
        Deleted,
    }
    async fn leave(store: Store, id: String, way: Way) -> Result<()> {
        match way {
            Way::Role => store.accounts().set_role(&id, Role::Learner).await,
            Way::Disabled => store.accounts().set_disabled(&id, true).await,
            Way::Deleted => store.accounts().delete(&id, NewAuditEntry::default()).await,
        }
    }
    let mut last = store.accounts().create_owner(person("owner")).await.unwrap();
    for (round, way) in [Way::Role, Way::Disabled, Way::Deleted, Way::Role, Way::Disabled].into_iter().enumerate() {
        let other = store.accounts().create(person(&format!("other{round}")), Role::Operator).await.unwrap();
        let both = [&last, &other].map(|account| tokio::spawn(leave(store.clone(), account.id.clone(), way)));
        let mut refused = 0;
        for result in both {
            match result.await.unwrap() {
                Ok(()) => {}
                Err(Error::LastOperator) => refused += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(refused, 1);
        let operators = store.accounts().list(Some(Role::Operator), None, 100).await.unwrap();
        let mut left: Vec<_> = operators.into_iter().filter(|account| account.disabled.is_none()).collect();
        assert_eq!(left.len(), 1);
        last = left.remove(0);
        for way in [Way::Role, Way::Disabled, Way::Deleted] {
            let result = leave(store.clone(), last.id.clone(), way).await;
            assert!(matches!(result, Err(Error::LastOperator)));
        }
    }
}

pub(crate) async fn lists_come_in_pages(store: Store) {
    for number in 0..25 {
        let role = if number % 5 == 0 { Role::Instructor } else { Role::Learner };
        store.accounts().create(person(&format!("a{number}")), role).await.unwrap();
    }
    let mut names = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.accounts().list(None, after.as_deref(), 10).await.unwrap();
        assert!(page.len() <= 10);
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        names.extend(page.into_iter().map(|account| account.name));
    }
    assert_eq!(names, (0..25).map(|number| format!("a{number}")).collect::<Vec<_>>());
    assert_eq!(store.accounts().list(Some(Role::Instructor), None, 100).await.unwrap().len(), 5);
    assert!(store.accounts().list(None, None, u32::MAX).await.unwrap().len() <= MAX_PAGE as usize);
    assert!(store.accounts().list(None, None, 0).await.unwrap().is_empty());
}

pub(crate) async fn what_a_person_changes_is_kept(store: Store) {
    let account = store.accounts().create(person("lin"), Role::Learner).await.unwrap();
    store.accounts().set_profile(&account.id, " 林娜 ", Language::En).await.unwrap();
    store.accounts().set_role(&account.id, Role::Instructor).await.unwrap();
    let changed = store.accounts().by_id(&account.id).await.unwrap().unwrap();
    assert_eq!((changed.display.as_str(), changed.language, changed.role), ("林娜", Language::En, Role::Instructor));
    assert!(matches!(
        store.accounts().set_profile("nobody", "x", Language::En).await,
        Err(Error::NotFound { what: "account" })
    ));
    assert!(matches!(store.accounts().set_role("nobody", Role::Learner).await, Err(Error::NotFound { .. })));
    assert!(matches!(store.accounts().set_disabled("nobody", false).await, Err(Error::NotFound { .. })));
    assert_eq!(store.accounts().password_hash("nobody").await.unwrap(), None);
}

pub(crate) async fn a_new_password_ends_the_other_sessions(store: Store) {
    let account = store.accounts().create(person("lin"), Role::Learner).await.unwrap();
    let (here, there) = (Token::random().unwrap(), Token::random().unwrap());
    for token in [&here, &there] {
        store.sessions().create(&token.hash(), &account.id, now() + 60_000).await.unwrap();
    }
    store.accounts().set_password_hash(&account.id, "new", Some(&here.hash())).await.unwrap();
    assert_eq!(store.accounts().password_hash(&account.id).await.unwrap().as_deref(), Some("new"));
    assert!(store.sessions().by_token_hash(&here.hash()).await.unwrap().is_some());
    assert!(store.sessions().by_token_hash(&there.hash()).await.unwrap().is_none());
    store.accounts().set_password_hash(&account.id, "newer", None).await.unwrap();
    assert!(store.sessions().by_token_hash(&here.hash()).await.unwrap().is_none());
}
