//! Who is signed in.

use lyceum_store::*;

use crate::walk::person;

pub(crate) async fn a_session_ends(store: Store) {
    let account = store.accounts().create(person("lin"), Role::Learner).await.unwrap();
    let tokens: Vec<_> = (0..3).map(|_| Token::random().unwrap().hash()).collect();
    store.sessions().create(&tokens[0], &account.id, now() + 60_000).await.unwrap();
    store.sessions().create(&tokens[1], &account.id, now() - 1).await.unwrap();
    assert!(store.sessions().by_token_hash(&tokens[0]).await.unwrap().is_some());
    assert!(store.sessions().by_token_hash(&tokens[1]).await.unwrap().is_none(), "its time is over");
    assert!(store.sessions().by_token_hash(&tokens[2]).await.unwrap().is_none(), "nobody made it");
    assert!(store.sessions().by_token_hash(&TokenHash::of("' OR 1=1 --")).await.unwrap().is_none());
    assert_eq!(store.sessions().sweep().await.unwrap(), 1);

    store.sessions().extend(&tokens[0], now() + 120_000).await.unwrap();
    store.sessions().extend(&tokens[0], now() + 1000).await.unwrap();
    let session = store.sessions().by_token_hash(&tokens[0]).await.unwrap().unwrap();
    assert!(session.expires > now() + 100_000, "putting the end off never brings it nearer");
    store.sessions().delete(&tokens[0]).await.unwrap();
    assert!(store.sessions().by_token_hash(&tokens[0]).await.unwrap().is_none());
}

pub(crate) async fn a_disabled_account_has_no_session(store: Store) {
    store.accounts().create_owner(person("owner")).await.unwrap();
    let account = store.accounts().create(person("lin"), Role::Learner).await.unwrap();
    let token = Token::random().unwrap().hash();
    store.sessions().create(&token, &account.id, now() + 60_000).await.unwrap();
    store.accounts().set_disabled(&account.id, true).await.unwrap();
    assert!(store.sessions().by_token_hash(&token).await.unwrap().is_none());
    store.sessions().create(&token, &account.id, now() + 60_000).await.unwrap();
    assert!(store.sessions().by_token_hash(&token).await.unwrap().is_none(), "not even one that is made later");
    store.accounts().set_disabled(&account.id, false).await.unwrap();
    assert!(store.sessions().by_token_hash(&token).await.unwrap().is_some());
    assert_eq!(store.sessions().delete_all_of(&account.id).await.unwrap(), 1);
    let of_nobody = store.sessions().create(&Token::random().unwrap().hash(), "nobody", now()).await;
    assert!(matches!(of_nobody, Err(Error::NotFound { what: "account" })));
}
