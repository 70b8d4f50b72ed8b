//! Opening a store: again, by several, with the wrong tables, elsewhere.

use std::os::unix::fs::PermissionsExt;

use lyceum_store::*;
use sqlx::{AnyConnection, Connection};
use tokio::task::JoinSet;

use crate::walk::person;

async fn connect(location: &Location) -> AnyConnection {
    let url = match location {
        Location::Folder(folder) => format!("sqlite://{}/lyceum.db", folder.display()),
        Location::Url(url) => url.clone(),
    };
    AnyConnection::connect(&url).await.unwrap()
}

pub(crate) async fn what_was_written_is_there_when_it_is_opened_again(store: Store) {
    let lin = store.accounts().create(person("lin"), Role::Learner).await.unwrap();
    store.close().await;
    let again = Store::open(store.location()).await.unwrap();
    assert_eq!(again.accounts().by_name("lin").await.unwrap(), Some(lin));
    again.close().await;
}

pub(crate) async fn several_may_open_it_at_once(store: Store) {
    let mut opened = JoinSet::new();
    for number in 0..4 {
        let location = store.location().clone();
        opened.spawn(async move {
            let store = Store::open(&location).await.unwrap();
            store.accounts().create(person(&format!("p{number}")), Role::Learner).await.unwrap();
            store.close().await;
        });
    }
    opened.join_all().await;
    assert_eq!(store.accounts().list(None, None, 10).await.unwrap().len(), 4);
}

pub(crate) async fn several_may_make_it_at_once(store: Store) {
    let Location::Folder(folder) = store.location() else { return };
    let location = Location::Folder(folder.with_file_name("fresh").join("data"));
    let mut opened = JoinSet::new();
    for _ in 0..6 {
        let location = location.clone();
        opened.spawn(async move { Store::open(&location).await.unwrap() });
    }
    let stores = opened.join_all().await;
    stores[0].accounts().create(person("lin"), Role::Learner).await.unwrap();
    for store in &stores {
        assert!(store.accounts().by_name("lin").await.unwrap().is_some());
    }
    let mode = std::fs::metadata(folder.with_file_name("fresh").join("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else looks into the folder");
}

pub(crate) async fn one_serves(store: Store) {
    let serving = store.serve_alone().await.unwrap();
    let other = Store::open(store.location()).await.unwrap();
    assert!(matches!(other.serve_alone().await, Err(Error::Served)));
    drop(serving);
    // PostgreSQL notices a moment later that the connection is closed.
    for _ in 0..100 {
        match other.serve_alone().await {
            Ok(_) => return other.close().await,
            Err(Error::Served) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("nobody serves, and nobody may");
}

pub(crate) async fn tables_of_a_newer_program_are_refused(store: Store) {
    let mut connection = connect(store.location()).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT 9000, 'future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let opened = Store::open(store.location()).await;
    assert!(matches!(opened, Err(Error::Newer { found: 9000, known: 1 })), "{opened:?}");
}

pub(crate) async fn it_tells_what_it_is(store: Store) {
    store.ping().await.unwrap();
    let facts = store.facts().await.unwrap();
    let expected = if matches!(store.location(), Location::Folder(_)) { "SQLite" } else { "PostgreSQL" };
    assert_eq!((facts.database, facts.schema), (expected, 1));
    assert!(facts.bytes > 10_000 && !facts.version.is_empty(), "{facts:?}");
}
