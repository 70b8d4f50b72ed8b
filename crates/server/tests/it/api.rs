//! The form of the API: its description, its errors, and how answers are kept.

use std::{fs, path::Path};

use serde_json::{Value, json};
use ureq::http::Method;

use crate::{house::House, person::LAB};

/// The description that the page's types are made from is the one of this program. `LYCEUM_UPDATE=1` writes it anew.
#[test]
fn the_description_in_the_repository_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let description = lyceum_server::description();
    if std::env::var_os("LYCEUM_UPDATE").is_some() {
        fs::write(&path, &description).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == description, "{} is not up to date: run this test with LYCEUM_UPDATE=1", path.display());
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    let description: Value = serde_json::from_str(&lyceum_server::description()).unwrap();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    let mut waiting = vec![&description];
    let mut names = std::collections::BTreeSet::new();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(map) => {
                if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                    let name = reference.strip_prefix("#/components/schemas/").unwrap();
                    assert!(schemas.contains_key(name), "there is no {name}");
                    names.insert(name);
                }
                waiting.extend(map.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    let unused: Vec<&String> = schemas.keys().filter(|name| !names.contains(name.as_str())).collect();
    assert_eq!(unused, ["Frame"], "only the frames of a run are named by nobody");
    let mut ids = std::collections::BTreeSet::new();
    for path in description["paths"].as_object().unwrap().values() {
        for operation in path.as_object().unwrap().values() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{operation}");
        }
    }
}

#[test]
fn what_is_not_there_says_so_in_one_form() {
    let house = House::empty();
    let owner = house.owner();
    for path in ["/api/nothing", "/api/courses/nothing", "/api/courses/small/units/nothing", "/api/submissions/x"] {
        owner.get(path).fails(404, "not_found");
    }
    owner.delete("/api/courses").fails(405, "not_allowed");
    owner.post(&format!("{LAB}/answers"), json!({ "question": "nothing", "given": "1" })).fails(404, "not_found");
    owner
        .post("/api/courses/small/units/reading/submissions", json!({ "code": "", "kind": "run" }))
        .fails(404, "not_found");
    owner.post(&format!("{LAB}/answers"), json!({ "question": 1 })).fails(422, "malformed");
    let broken = owner.ask(Method::POST, &format!("{LAB}/answers"), Some("{".into()), &[]);
    broken.fails(400, "malformed");
    owner.get("/api/recent?limit=many").fails(400, "malformed");
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let house = House::empty();
    let owner = house.owner();
    owner.get(LAB).is(200);
    let first = owner.get(LAB);
    let tag = first.header("etag").unwrap().to_owned();
    let again = owner.ask(Method::GET, LAB, None, &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    owner.post(&format!("{LAB}/answers"), json!({ "question": "of-two", "given": "1" })).is(200);
    assert_eq!(owner.ask(Method::GET, LAB, None, &[("if-none-match", &tag)]).status, 200);
}

#[test]
fn every_answer_has_its_headers() {
    let house = House::empty();
    let owner = house.owner();
    for path in ["/", "/api/session", "/api/nothing", "/health", "/courses/small", "/nothing.js"] {
        let answer = owner.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe-eval"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-request-id").unwrap().len(), 16, "{path}");
    }
    assert_eq!(owner.get("/api/session").header("cache-control"), Some("no-store"));
}

#[test]
fn large_answers_are_compressed_and_streams_are_not() {
    let house = House::empty();
    let owner = house.owner();
    let plain = owner.get("/api/openapi.json");
    assert_eq!(plain.header("content-encoding"), None);
    let packed = owner.ask(Method::HEAD, "/api/openapi.json", None, &[("accept-encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
}

#[test]
fn monitors_learn_what_they_need() {
    let house = House::empty();
    let monitor = house.stranger();
    assert_eq!(monitor.get("/health").text, "ok\n");
    assert_eq!(monitor.get("/ready").text, "ready\n");
    house.owner();
    let text = monitor.get("/metrics").text;
    assert!(
        text.contains("lyceum_http_requests_total{method=\"POST\",route=\"/api/setup\",status=\"200\"} 1"),
        "{text}"
    );
    assert!(text.ends_with("# EOF\n"));
    for proxied in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        monitor.ask(Method::GET, "/metrics", None, &[(proxied, "192.0.2.1")]).fails(401, "signed_out");
    }
}

#[test]
fn the_status_says_how_the_server_is_doing() {
    let house = House::empty();
    let status = house.owner().get("/api/status").is(200);
    assert_eq!(status["queue"]["workers"], 2);
    assert_eq!(status["database"]["kind"], "SQLite");
    assert_eq!(status["courses"][0]["id"], "small");
    assert!(status["resources"]["memory_bytes"].as_u64().unwrap() > 1 << 20);
}
