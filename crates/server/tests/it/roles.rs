//! Who may do what: every route with every role, and what belongs to others.

use lyceum_server::routes;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    house::House,
    person::{LAB, Person},
};

/// Asks a route with something in every place that varies.
fn ask(person: &Person, method: &str, path: &str) -> crate::person::Answer {
    let path = path
        .replace("{course}", "small")
        .replace("{unit}", "mean")
        .replace("{account}", "00000000000000000000000000")
        .replace("{cohort}", "00000000000000000000000000")
        .replace("{token}", "00000000000000000000000000")
        .replace("{id}", "00000000000000000000000000");
    let method: Method = method.parse().unwrap();
    let body = matches!(method, Method::POST | Method::PUT | Method::PATCH).then(|| "{}".to_owned());
    // As if through a proxy, so that nobody is taken for a monitor on the same machine.
    person.ask(method, &path, body, &[("x-forwarded-for", "192.0.2.1")])
}

#[test]
fn every_route_admits_those_it_is_for_and_nobody_else() {
    let house = House::with(|config| config.worker = Some("/bin/false".into()));
    let [owner, instructor, learner] = house.everybody();
    let people = [
        (None, house.stranger()),
        (Some("learner"), learner),
        (Some("instructor"), instructor),
        (Some("operator"), owner),
    ];
    let rows = routes();
    assert!(rows.len() > 40);
    for (method, path, access) in rows {
        // Through a proxy a monitor is nobody.
        let access = if access == "monitor" { "operator" } else { access };
        let rank = ["everyone", "learner", "instructor", "operator"].iter().position(|name| *name == access);
        for (at, (role, person)) in people.iter().enumerate() {
            // Signing out would end what the next routes are asked with.
            let person = match (method, path) {
                ("DELETE", "/api/session") => house.stranger(),
                _ => person.clone(),
            };
            let answer = ask(&person, method, path);
            let is_admitted = at >= rank.unwrap();
            let what = format!("{method} {path} for {role:?}: {} {}", answer.status, answer.text);
            match (is_admitted, role) {
                (true, _) => assert!(![401, 403].contains(&answer.status), "{what}"),
                (false, None) => assert_eq!(answer.status, 401, "{what}"),
                (false, Some(_)) => assert_eq!(answer.status, 403, "{what}"),
            }
            assert!(answer.status < 500 || answer.status == 503, "{what}");
        }
    }
}

#[test]
fn learners_do_not_see_each_other() {
    let house = House::empty();
    let owner = house.owner();
    let [ada, bob] = [house.invited(&owner, "learner", None), house.invited(&owner, "learner", None)];
    ada.put(&format!("{LAB}/draft"), json!({ "code": "ada's draft", "revision": 0 })).is(200);
    ada.post(&format!("{LAB}/answers"), json!({ "question": "of-two", "given": "2.5" })).is(200);
    let sent = ada.post(&format!("{LAB}/submissions"), json!({ "code": "ada's program", "kind": "submit" })).is(202);
    let path = format!("/api/submissions/{}", sent["id"].as_str().unwrap());

    for path in [path.clone(), format!("{path}/events")] {
        bob.get(&path).fails(404, "not_found");
    }
    bob.delete(&path).fails(404, "not_found");
    let everything: String = [
        bob.get(LAB).text,
        bob.get(&format!("{LAB}/versions")).text,
        bob.get("/api/recent").text,
        bob.get("/api/account/record").text,
        bob.get("/api/courses/small").text,
    ]
    .concat();
    assert!(!everything.contains("ada's"), "{everything}");
    assert!(!everything.contains("Their sum is 5"), "an explanation of what bob did not answer");
    let unit = bob.get(LAB).is(200);
    assert_eq!((unit["lab"]["draft"].is_null(), unit["answers"].as_object().unwrap().len()), (true, 0));
    bob.put(&format!("{LAB}/draft"), json!({ "code": "bob's", "revision": 0 })).is(200);
    assert_eq!(ada.get(LAB).is(200)["lab"]["draft"]["code"], "ada's draft");
    assert_eq!(ada.get(&path).is(200)["code"], "ada's program");
    assert!(ada.get("/api/account/record").text.contains("ada's program"));
    ada.delete(&path).is(204);
}

#[test]
fn an_instructor_sees_the_work_of_their_learners_alone() {
    let house = House::empty();
    let owner = house.owner();
    let [mine, others] = [house.invited(&owner, "instructor", None), house.invited(&owner, "instructor", None)];
    let cohort = mine.post("/api/cohorts", json!({ "name": "mine" })).is(201)["id"].as_str().unwrap().to_owned();
    let learner = house.invited(&mine, "learner", Some(&cohort));
    let sent = learner.post(&format!("{LAB}/submissions"), json!({ "code": "x", "kind": "run" })).is(202);
    let submission = format!("/api/submissions/{}", sent["id"].as_str().unwrap());
    let person = format!("/api/learners/{}", learner.id);
    let cohort_path = format!("/api/cohorts/{cohort}");

    for who in [&mine, &owner] {
        assert_eq!(who.get(&submission).is(200)["code"], "x");
        assert_eq!(who.get(&person).is(200)["submissions"].as_array().unwrap().len(), 1);
        for report in ["", "/progress", "/checks", "/stuck"] {
            who.get(&format!("{cohort_path}{report}")).is(200);
        }
    }
    others.get(&submission).fails(404, "not_found");
    others.get(&person).fails(404, "not_found");
    for report in ["", "/progress", "/checks", "/stuck", "/grades.csv"] {
        others.get(&format!("{cohort_path}{report}")).fails(404, "not_found");
    }
    others.patch(&cohort_path, json!({ "name": "taken" })).fails(404, "not_found");
    others.delete(&cohort_path).fails(404, "not_found");
    others.post("/api/invitations", json!({ "role": "learner", "cohort": cohort })).fails(404, "not_found");
    others.delete(&format!("{cohort_path}/members/{}", learner.id)).fails(404, "not_found");
    // Nobody comes to see a learner's work by taking them into a cohort of their own.
    let theirs = others.post("/api/cohorts", json!({ "name": "theirs" })).is(201)["id"].as_str().unwrap().to_owned();
    let name = learner.get("/api/session").is(200)["account"]["name"].clone();
    others.post(&format!("/api/cohorts/{theirs}/members"), json!({ "name": name })).fails(403, "not_your_learner");
    owner.post(&format!("/api/cohorts/{theirs}/members"), json!({ "name": name })).is(201);
    others.get(&submission).is(200);
    // To see is not to change.
    mine.delete(&submission).fails(403, "forbidden");
    learner.delete(&submission).is(204);
}

#[test]
fn everybody_sees_their_own_cohorts() {
    let house = House::empty();
    let owner = house.owner();
    let [a, b] = [house.invited(&owner, "instructor", None), house.invited(&owner, "instructor", None)];
    a.post("/api/cohorts", json!({ "name": "of a" })).is(201);
    b.post("/api/cohorts", json!({ "name": "of b" })).is(201);
    let names = |person: &Person| -> Vec<Value> {
        person.get("/api/cohorts").is(200).as_array().unwrap().iter().map(|cohort| cohort["name"].clone()).collect()
    };
    assert_eq!(names(&a), ["of a"]);
    assert_eq!(names(&b), ["of b"]);
    assert_eq!(names(&owner), ["of a", "of b"]);
}
