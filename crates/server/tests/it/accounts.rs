//! Coming in: the first start, sessions, invitations, passwords.

use serde_json::json;

use crate::{
    house::House,
    person::{PASSWORD, person},
};

#[test]
fn the_first_start_makes_one_owner() {
    let house = House::empty();
    let stranger = house.stranger();
    let session = stranger.get("/api/session").is(200);
    assert_eq!((session["account"].is_null(), session["setup_needed"].as_bool()), (true, Some(true)));
    stranger.post("/api/setup", person("not the token", "thief")).fails(410, "setup_over");

    let answer = stranger.post("/api/setup", person(house.setup_token.as_deref().unwrap(), "Lin"));
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    for part in ["lyceum_session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let session = answer.is(200);
    assert_eq!(session["account"]["role"], "operator");
    assert_eq!(session["setup_needed"], false);
    stranger.post("/api/setup", person(house.setup_token.as_deref().unwrap(), "second")).fails(410, "setup_over");
    assert_eq!(stranger.get("/api/session").is(200)["setup_needed"], false);
}

#[test]
fn a_setup_that_fails_can_be_tried_again() {
    let house = House::empty();
    let token = house.setup_token.as_deref().unwrap();
    let mut short = person(token, "lin");
    short["password"] = "short".into();
    house.stranger().post("/api/setup", short).fails(422, "password_short");
    house.stranger().post("/api/setup", person(token, "")).fails(422, "name_empty");
    house.stranger().post("/api/setup", person(token, "lin")).is(200);
}

#[test]
fn the_link_is_new_after_a_restart_and_gone_when_there_is_an_owner() {
    let mut house = House::empty();
    let first = house.setup_token.clone().unwrap();
    house.stop();
    house.start(|_| {});
    assert_ne!(house.setup_token.as_ref(), Some(&first));
    house.stranger().post("/api/setup", person(&first, "late")).fails(410, "setup_over");
    house.owner();
    house.stop();
    house.start(|_| {});
    assert_eq!(house.setup_token, None);
}

#[test]
fn sessions_begin_and_end() {
    let house = House::empty();
    let owner = house.owner();
    let mut again = house.stranger();
    again.comes(again.post("/api/session", json!({ "name": "ＯＷＮＥＲ", "password": PASSWORD })));
    assert_eq!(again.id, owner.id);
    assert_ne!(again.cookie, owner.cookie);
    let out = again.delete("/api/session");
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    again.get("/api/courses").fails(401, "signed_out");
    owner.get("/api/courses").is(200);
}

#[test]
fn who_fails_to_sign_in_waits_and_others_do_not() {
    let house = House::empty();
    let owner = house.owner();
    house.invited(&owner, "learner", None);
    let stranger = house.stranger();
    let try_with =
        |name: &str, password: &str| stranger.post("/api/session", json!({ "name": name, "password": password }));
    for _ in 0..6 {
        try_with("owner", "wrong wrong").fails(401, "wrong_password");
    }
    let answer = try_with("owner", PASSWORD);
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait));
    answer.fails(429, "too_many_attempts");
    try_with("Owner", PASSWORD).fails(429, "too_many_attempts");
    try_with("nobody", PASSWORD).fails(401, "wrong_password");
    std::thread::sleep(std::time::Duration::from_secs(wait));
    try_with("owner", PASSWORD).is(200);
}

#[test]
fn invitations_are_for_so_many_and_say_what_for() {
    let house = House::empty();
    let owner = house.owner();
    let cohort = owner.post("/api/cohorts", json!({ "name": "秋季班" })).is(201);
    let invitation = owner.post("/api/invitations", json!({ "role": "learner", "cohort": cohort["id"], "uses": 2 }));
    let invitation = invitation.is(201);
    let token = invitation["link"].as_str().unwrap().strip_prefix("/join#").unwrap().to_owned();
    let stranger = house.stranger();
    let welcome = stranger.get(&format!("/api/invitations/{token}")).is(200);
    assert_eq!((welcome["role"].as_str(), welcome["cohort"].as_str()), (Some("learner"), Some("秋季班")));
    stranger.post("/api/join", person(&token, "a")).is(200);
    stranger.post("/api/join", person(&token, "A")).fails(409, "name_taken");
    stranger.post("/api/join", person(&token, "b")).is(200);
    stranger.post("/api/join", person(&token, "c")).fails(410, "invitation_used_up");
    let whole = owner.get(&format!("/api/cohorts/{}", cohort["id"].as_str().unwrap())).is(200);
    assert_eq!(whole["learners"].as_array().unwrap().len(), 2);

    let other = owner.post("/api/invitations", json!({ "role": "instructor" })).is(201);
    owner.delete(&format!("/api/invitations/{}", other["id"].as_str().unwrap())).is(204);
    let token = other["link"].as_str().unwrap().strip_prefix("/join#").unwrap();
    stranger.get(&format!("/api/invitations/{token}")).fails(410, "invitation_revoked");
    stranger.post("/api/join", person(token, "d")).fails(410, "invitation_revoked");
}

#[test]
fn an_instructor_invites_learners_only() {
    let house = House::empty();
    let [owner, instructor, _] = house.everybody();
    let id = owner.post("/api/invitations", json!({ "role": "learner" })).is(201)["id"].as_str().unwrap().to_owned();
    instructor.post("/api/invitations", json!({ "role": "operator" })).fails(403, "forbidden");
    instructor.post("/api/invitations", json!({ "role": "learner" })).is(201);
    instructor.delete(&format!("/api/invitations/{id}")).fails(404, "not_found");
    assert_eq!(instructor.get("/api/invitations").is(200).as_array().unwrap().len(), 1);
    assert!(owner.get("/api/invitations").is(200).as_array().unwrap().len() >= 4);
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let house = House::empty();
    let owner = house.owner();
    let learner = house.invited(&owner, "learner", None);
    let name = learner.get("/api/session").is(200)["account"]["name"].as_str().unwrap().to_owned();
    let mut elsewhere = house.stranger();
    elsewhere.comes(elsewhere.post("/api/session", json!({ "name": name, "password": PASSWORD })));
    let change =
        |old: &str| json!({ "password": { "old": old, "new": "another password" }, "display": "林", "language": "zh" });
    learner.patch("/api/account", change("wrong")).fails(403, "wrong_password");
    let session = learner.patch("/api/account", change(PASSWORD)).is(200);
    assert_eq!(
        (session["account"]["display"].as_str(), session["account"]["language"].as_str()),
        (Some("林"), Some("zh"))
    );
    learner.get("/api/courses").is(200);
    elsewhere.get("/api/courses").fails(401, "signed_out");
    elsewhere.post("/api/session", json!({ "name": name, "password": "another password" })).is(200);
}

#[test]
fn operators_manage_accounts_and_cannot_lock_everybody_out() {
    let house = House::empty();
    let [owner, instructor, learner] = house.everybody();
    let user = |id: &str| format!("/api/users/{id}");
    owner.patch(&user(&owner.id), json!({ "role": "learner" })).fails(409, "last_operator");
    owner.delete(&user(&owner.id)).fails(409, "last_operator");
    owner.patch(&user(&learner.id), json!({ "disabled": true })).is(200);
    learner.get("/api/courses").fails(401, "signed_out");
    owner.patch(&user(&learner.id), json!({ "disabled": false })).is(200);
    owner.patch(&user(&instructor.id), json!({ "role": "operator" })).is(200);
    assert_eq!(instructor.get("/api/users").is(200).as_array().unwrap().len(), 3);
    owner.delete(&user(&learner.id)).is(204);
    owner.patch(&user(&learner.id), json!({})).fails(404, "not_found");
    let actions: Vec<String> = owner
        .get("/api/audit")
        .is(200)
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].as_str().unwrap().to_owned())
        .collect();
    for action in ["account.create", "account.disable", "account.enable", "account.role", "account.delete"] {
        assert!(actions.contains(&action.to_owned()), "{action} is not in {actions:?}");
    }
}
