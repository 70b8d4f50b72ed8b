//! What is refused: requests from other pages, for other hosts, too large, too many.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use lyceum_server::{Config, Server, ServerError, config::Rates};
use serde_json::json;
use ureq::http::Method;

use crate::{house::House, person::LAB};

#[test]
fn another_page_changes_nothing() {
    let house = House::empty();
    let owner = house.owner();
    let body = || Some(json!({ "name": "by another page" }).to_string());
    let with = |headers: &[(&str, &str)]| owner.ask(Method::POST, "/api/cohorts", body(), headers);
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "http://localhost")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", ""), ("sec-fetch-site", "none")],
    ] {
        with(headers).fails(403, "foreign_origin");
    }
    // A form of another page can send text, and no JSON.
    with(&[("content-type", "text/plain")]).fails(415, "not_json");
    owner.ask(Method::DELETE, "/api/session", None, &[("origin", "https://evil.example")]).fails(403, "foreign_origin");
    assert_eq!(owner.get("/api/cohorts").is(200), json!([]));
    with(&[("sec-fetch-site", "same-origin")]).is(201);
    with(&[("origin", ""), ("sec-fetch-site", "same-origin")]).fails(409, "name_taken");
}

#[test]
fn a_foreign_name_does_not_lead_here() {
    let house = House::with(|config| config.hosts.push("learn.example.org".into()));
    let owner = house.owner();
    for host in ["evil.example", "evil.example:8600", "127.0.0.1.evil.example", "localhost.evil.example"] {
        owner.ask(Method::GET, "/api/session", None, &[("host", host)]).fails(421, "unknown_host");
        owner.ask(Method::GET, "/", None, &[("host", host)]).fails(421, "unknown_host");
    }
    for host in ["localhost:8600", "LEARN.example.org", "learn.example.org:443", "[::1]:8600"] {
        owner.ask(Method::GET, "/api/session", None, &[("host", host)]).is(200);
    }
}

#[test]
fn what_is_too_large_is_refused_and_nothing_is_kept() {
    let house = House::empty();
    let owner = house.owner();
    let long = "x".repeat(300 << 10);
    owner.put(&format!("{LAB}/draft"), json!({ "code": long, "revision": 0 })).fails(413, "program_long");
    owner.post(&format!("{LAB}/submissions"), json!({ "code": long, "kind": "run" })).fails(413, "program_long");
    let longer = "x".repeat(600 << 10);
    owner.put(&format!("{LAB}/draft"), json!({ "code": longer, "revision": 0 })).fails(413, "too_large");
    owner.post("/api/cohorts", json!({ "name": "x".repeat(20 << 10) })).fails(413, "too_large");
    owner.post("/api/cohorts", json!({ "name": "x".repeat(200) })).fails(422, "name_long");
    owner
        .post(&format!("{LAB}/answers"), json!({ "question": "of-two", "given": "1".repeat(2_000) }))
        .fails(422, "answer_long");
    let nul = json!({ "code": "a\u{0}b", "revision": 0 });
    owner.put(&format!("{LAB}/draft"), nul).fails(422, "null_character");
    assert!(owner.get(LAB).is(200)["lab"]["draft"].is_null());
    assert_eq!(owner.get("/api/recent").is(200), json!([]));
}

#[test]
fn who_asks_too_often_waits() {
    let house = House::with(|config| config.rates = Rates { account: 5.0, address: 10_000.0 });
    let owner = house.owner();
    let answers: Vec<_> = (0..60).map(|_| owner.get("/api/courses")).collect();
    let refused: Vec<_> = answers.into_iter().filter(|answer| answer.status != 200).collect();
    assert!((20..=40).contains(&refused.len()), "{}", refused.len());
    for answer in refused {
        assert_eq!(answer.header("retry-after"), Some("1"));
        answer.fails(429, "too_many_requests");
    }
    house.stranger().get("/api/session").is(200);
}

#[test]
fn behind_tls_cookies_are_for_https_alone() {
    let house = House::with(|config| {
        config.behind_tls = true;
        config.hosts.push("learn.example.org".into());
    });
    let stranger = house.stranger();
    let person = crate::person::person(house.setup_token.as_deref().unwrap(), "owner").to_string();
    let with = |origin: &str| {
        let headers = [("host", "learn.example.org"), ("origin", origin)];
        stranger.ask(Method::POST, "/api/setup", Some(person.clone()), &headers)
    };
    with("http://learn.example.org").fails(403, "foreign_origin");
    let answer = with("https://learn.example.org");
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-lyceum_session=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").is_some());
}

#[test]
fn nobody_listens_publicly_by_accident() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let mut config = Config::local(folder.path());
        config.listen = listen.parse().unwrap();
        assert!(matches!(runtime.block_on(Server::start(config)), Err(ServerError::Public { .. })), "{listen}");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn nobody_else_on_the_machine_reads_the_database() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::empty();
    house.owner();
    let mut seen = 0;
    for entry in std::fs::read_dir(house.data.path()).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("lyceum.db") {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
            seen += 1;
        }
    }
    assert!(seen >= 2, "the database and its log");
}

#[test]
fn a_connection_that_says_nothing_does_not_stay() {
    let house = House::with(|config| config.patience = Duration::from_secs(1));
    let address = house.origin.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let began = Instant::now();
    let mut rest = Vec::new();
    let _ = connection.read_to_end(&mut rest);
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn one_account_does_not_take_all_connections() {
    let house = House::empty();
    let owner = house.owner();
    let sent = owner.post(&format!("{LAB}/submissions"), json!({ "code": "x", "kind": "run" })).is(202);
    let path = format!("/api/submissions/{}", sent["id"].as_str().unwrap());
    let address = house.origin.strip_prefix("http://").unwrap();
    let cookie = owner.cookie.clone().unwrap();
    let follow = || {
        let mut connection = TcpStream::connect(address).unwrap();
        let request = format!("GET {path}/events HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let mut head = [0; 12];
        connection.read_exact(&mut head).unwrap();
        (connection, String::from_utf8_lossy(&head[9..]).into_owned())
    };
    let followers: Vec<_> = (0..20).map(|_| follow()).collect();
    assert!(followers.iter().all(|(_, status)| status == "200"));
    assert_eq!(follow().1, "429");
    drop(followers);
    // A connection that is gone is noticed when something is to be sent on it.
    owner.delete(&path).is(204);
    for _ in 0..100 {
        if follow().1 == "200" {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("connections that are gone are still counted");
}

#[test]
fn what_is_no_http_harms_nobody() {
    let house = House::empty();
    let address = house.origin.strip_prefix("http://").unwrap();
    for bytes in [
        &b"\x16\x03\x01\x02\x00"[..],
        b"GET\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        &[0xff; 5_000],
    ] {
        let mut connection = TcpStream::connect(address).unwrap();
        let _ = connection.write_all(bytes);
        let _ = connection.shutdown(std::net::Shutdown::Write);
        let mut rest = Vec::new();
        let _ = connection.read_to_end(&mut rest);
    }
    assert_eq!(house.stranger().get("/health").status, 200);
}
