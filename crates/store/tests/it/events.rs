//! What runs tell.

use lyceum_store::*;
use serde_json::json;

use crate::walk::{person, program};

async fn running(store: &Store) -> String {
    let lin = match store.accounts().by_name("lin").await.unwrap() {
        Some(account) => account.id,
        None => store.accounts().create(person("lin"), Role::Learner).await.unwrap().id,
    };
    let sent = store.submissions().create(program(&lin, Kind::Run, "x")).await.unwrap();
    store.submissions().claim(&sent.id).await.unwrap().unwrap();
    sent.id
}

fn frames(numbers: std::ops::Range<i64>) -> Vec<String> {
    numbers.map(|seq| json!({"type": "output", "text": format!("line {seq}\n学\0")}).to_string()).collect()
}

pub(crate) async fn a_page_that_comes_back_misses_nothing(store: Store) {
    let id = running(&store).await;
    let all = frames(1..101);
    let mut next = 1;
    for size in [1, 2, 7, 30, 60] {
        let batch = &all[next as usize - 1..next as usize - 1 + size];
        assert_eq!(store.events().append(&id, 1, next, batch).await.unwrap(), Appended::Yes);
        next += size as i64;
    }
    assert_eq!(store.events().append(&id, 1, next, &[]).await.unwrap(), Appended::Yes);
    assert_eq!(store.events().last_seq(&id).await.unwrap(), 100);
    for seen in [0, 1, 2, 5, 9, 10, 11, 40, 99, 100, 1000] {
        for limit in [1, 3, 64, 200] {
            let events = store.events().after(&id, seen, limit).await.unwrap();
            let expected: Vec<_> = (seen + 1..=100).take(limit as usize).collect();
            assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), expected);
            assert!(events.iter().all(|event| event.frame == all[event.seq as usize - 1]));
        }
    }
    assert!(store.events().after("nothing", 0, 10).await.unwrap().is_empty());
}

pub(crate) async fn what_comes_at_once_is_read_in_pages(store: Store) {
    let id = running(&store).await;
    let all: Vec<_> = (1..=3000).map(|seq| json!({"seq": seq, "text": "x".repeat(seq % 997)}).to_string()).collect();
    store.events().append(&id, 1, 1, &all).await.unwrap();
    let mut read = Vec::new();
    loop {
        let page = store.events().after(&id, read.len() as i64, 499).await.unwrap();
        if page.is_empty() {
            break;
        }
        read.extend(page.into_iter().map(|event| event.frame));
    }
    assert_eq!(read, all);
    assert_eq!(store.events().last_seq(&id).await.unwrap(), 3000);
}

pub(crate) async fn numbers_have_no_gaps_and_frames_are_json(store: Store) {
    let id = running(&store).await;
    let append = async |first, frames: &[String]| store.events().append(&id, 1, first, frames).await;
    for first in [0, 2, -1] {
        assert!(matches!(append(first, &frames(1..2)).await, Err(Error::Frames { .. })));
    }
    append(1, &frames(1..4)).await.unwrap();
    for first in [1, 3, 5] {
        assert!(matches!(append(first, &frames(1..2)).await, Err(Error::Frames { .. })));
    }
    assert!(matches!(append(4, &["{}\n{}".into()]).await, Err(Error::Frames { .. })));
    assert!(matches!(append(4, &["{".into()]).await, Err(Error::Json { .. })));
    assert!(matches!(append(4, &["".into()]).await, Err(Error::Json { .. })));
    append(4, &frames(4..5)).await.unwrap();
    store.submissions().requeue_running().await.unwrap();
    store.submissions().claim(&id).await.unwrap().unwrap();
    assert_eq!(append(5, &frames(5..6)).await.unwrap(), Appended::NotAnyMore);
    assert_eq!(store.events().append(&id, 2, 5, &frames(5..6)).await.unwrap(), Appended::Yes);
    assert_eq!(store.events().append("nothing", 1, 1, &frames(1..2)).await.unwrap(), Appended::NotAnyMore);
}

pub(crate) async fn old_frames_go_and_those_of_open_runs_stay(store: Store) {
    let mut ids = Vec::new();
    for _ in 0..5 {
        let id = running(&store).await;
        store.events().append(&id, 1, 1, &frames(1..3)).await.unwrap();
        ids.push(id);
    }
    for id in &ids[..4] {
        store.submissions().finish(id, 1, &json!(null)).await.unwrap();
    }
    assert_eq!(store.events().prune(now() - 60_000, 100).await.unwrap(), 0, "they are young");
    let later = now() + 60_000;
    assert_eq!(store.events().prune(later, 3).await.unwrap(), 3);
    assert_eq!(store.events().prune(later, 3).await.unwrap(), 1);
    assert_eq!(store.events().prune(later, 3).await.unwrap(), 0);
    assert_eq!(store.events().last_seq(&ids[4]).await.unwrap(), 2);
    assert!(store.submissions().by_id(&ids[0]).await.unwrap().is_some());
}
