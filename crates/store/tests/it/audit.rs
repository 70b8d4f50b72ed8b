//! Who did what.

use lyceum_store::*;
use serde_json::json;

use crate::walk::person;

pub(crate) async fn the_log_is_read_backwards(store: Store) {
    let lin = store.accounts().create(person("lin"), Role::Operator).await.unwrap().id;
    for number in 0..25 {
        let entry = NewAuditEntry {
            actor: (number % 2 == 0).then(|| lin.clone()),
            action: "account.role".into(),
            subject: Some(if number % 5 == 0 { lin.clone() } else { "cohort".into() }),
            detail: json!({"number": number}),
            request: Some(format!("r{number}")),
        };
        store.audit().append(entry).await.unwrap();
    }
    let mut numbers = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let page = store.audit().page(AuditFilter::All, before.as_deref(), 10).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id.clone());
        numbers.extend(page.iter().map(|entry| entry.detail["number"].as_i64().unwrap()));
    }
    assert_eq!(numbers, (0..25).rev().collect::<Vec<_>>());
    let by_lin = store.audit().page(AuditFilter::Actor(&lin), None, 100).await.unwrap();
    assert_eq!(by_lin.len(), 13);
    assert_eq!(by_lin[0].actor_name.as_deref(), Some("lin"));
    assert_eq!((by_lin[0].request.as_deref(), by_lin[0].subject_name.as_deref()), (Some("r24"), None));
    let on_lin = store.audit().page(AuditFilter::Subject(&lin), None, 100).await.unwrap();
    assert_eq!(on_lin.len(), 5);
    assert_eq!(on_lin[0].subject_name.as_deref(), Some("lin"));
}
