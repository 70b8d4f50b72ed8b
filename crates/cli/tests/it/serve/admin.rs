//! `lyceum admin`: everything that it does, and what a person is told.

use serde_json::{Value, json};

use super::{
    house::House,
    person::{LAB, PASSWORD, Person, person},
};

#[test]
fn a_backup_is_made_while_the_server_runs_and_put_back_when_it_does_not() {
    let mut house = House::empty();
    let owner = house.owner();
    owner.put(&format!("{LAB}/draft"), json!({ "code": "before", "revision": 0 })).is(200);
    let file = house.data.path().join("backup.db").to_str().unwrap().to_owned();
    let (done, out, _) = house.admin(&["backup", &file], "");
    assert!(done && out.contains("1 accounts, 0 submissions"), "{out}");
    let (done, _, error) = house.admin(&["backup", &file], "");
    assert!(!done && error.contains("cannot write"), "{error}");

    owner.put(&format!("{LAB}/draft"), json!({ "code": "after", "revision": 1 })).is(200);
    let (done, _, error) = house.admin(&["restore", &file], "");
    assert!(!done && error.contains("hint: end the server first"), "{error}");
    assert!(house.end());
    let (done, out, error) = house.admin(&["restore", &file], "");
    assert!(done && out.contains("what was there is in "), "{out}{error}");
    house.start();
    let mut again = Person::at(&house.origin);
    again.comes(again.post("/api/session", json!({ "name": "owner", "password": PASSWORD })));
    assert_eq!(again.get(LAB).is(200)["lab"]["draft"]["code"], "before");
}

#[test]
fn everything_moves_to_another_database() {
    let mut house = House::empty();
    house.owner().put(&format!("{LAB}/draft"), json!({ "code": "moved", "revision": 0 })).is(200);
    let other = tempfile::tempdir().unwrap();
    let to = other.path().to_str().unwrap().to_owned();
    let (done, _, error) = house.admin(&["copy", "--to", &to], "");
    assert!(!done && error.contains("hint: end the server first"), "{error}");
    assert!(house.end());
    let (done, out, error) = house.admin(&["copy", "--to", &to], "");
    assert!(done && out.starts_with("copied "), "{out}{error}");
    let (done, _, error) = house.admin(&["copy", "--to", &to], "");
    assert!(!done && error.contains("hint: "), "{error}");
    house.data = other;
    house.start();
    let mut again = Person::at(&house.origin);
    again.comes(again.post("/api/session", json!({ "name": "owner", "password": PASSWORD })));
    assert_eq!(again.get(LAB).is(200)["lab"]["draft"]["code"], "moved");
}

#[test]
fn people_are_invited_given_passwords_written_down_and_deleted() {
    let house = House::empty();
    let (done, _, error) = house.admin(&["invite"], "");
    assert!(!done && error.contains("there is no account yet"), "{error}");
    house.owner();
    let (done, link, error) =
        house.admin(&["invite", "--role", "learner", "--origin", "https://learn.example.org/"], "");
    assert!(done && link.starts_with("https://learn.example.org/join#"), "{link}{error}");
    let mut ada = Person::at(&house.origin);
    ada.comes(ada.post("/api/join", person(link.trim().split_once('#').unwrap().1, "Ada")));
    ada.put(&format!("{LAB}/draft"), json!({ "code": "ada's draft", "revision": 0 })).is(200);

    let (done, _, error) = house.admin(&["reset-password", "ada"], "short\n");
    assert!(!done && error.contains("at least 8"), "{error}");
    let (done, out, error) = house.admin(&["reset-password", "ada"], "another password\n");
    assert!(done && out.contains("signed out"), "{out}{error}");
    ada.get(LAB).fails(401, "signed_out");
    ada.comes(ada.post("/api/session", json!({ "name": "ada", "password": "another password" })));

    let (done, record, _) = house.admin(&["export", "ADA"], "");
    let record: Value = serde_json::from_str(&record).unwrap();
    assert!(done && record.to_string().contains("ada's draft"));
    assert_eq!(record["account"]["name"], "Ada");

    let (done, _, error) = house.admin(&["delete", "ada"], "");
    assert!(!done && error.contains("--yes"), "{error}");
    ada.get(LAB).is(200);
    let (done, _, error) = house.admin(&["delete", "ada", "--yes"], "");
    assert!(done, "{error}");
    ada.get(LAB).fails(401, "signed_out");
    let (done, _, error) = house.admin(&["delete", "ada", "--yes"], "");
    assert!(!done && error.contains("there is no account `ada`"), "{error}");
    let (done, _, error) = house.admin(&["delete", "owner", "--yes"], "");
    assert!(!done && error.contains("last operator"), "{error}");
}
