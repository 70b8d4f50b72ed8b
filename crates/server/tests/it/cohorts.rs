//! What instructors do with cohorts, and what they can take out.

use serde_json::json;

use crate::{house::House, person::LAB};

#[test]
fn a_cohort_from_its_making_to_its_end() {
    let house = House::empty();
    let owner = house.owner();
    let instructor = house.invited(&owner, "instructor", None);
    let made = instructor.post("/api/cohorts", json!({ "name": "春季班" })).is(201);
    let path = format!("/api/cohorts/{}", made["id"].as_str().unwrap());
    instructor.post("/api/cohorts", json!({ "name": "春季班 " })).fails(409, "name_taken");
    let learner = house.invited(&instructor, "learner", made["id"].as_str());
    learner.get(LAB).is(200);
    learner.post(&format!("{LAB}/answers"), json!({ "question": "of-two", "given": "2.5" })).is(200);

    assert_eq!(instructor.patch(&path, json!({ "name": "秋季班" })).is(200)["name"], "秋季班");
    let whole = instructor.get(&path).is(200);
    assert_eq!(whole["learners"][0]["account"]["id"], learner.id.as_str());
    assert_eq!(whole["instructors"][0]["account"]["id"], instructor.id.as_str());
    let progress = instructor.get(&format!("{path}/progress?course=small")).is(200);
    assert_eq!(progress[0]["units"]["mean"]["question_points"], 2);
    assert!(progress[0]["units"].get("reading").is_none());
    instructor.get(&format!("{path}/progress?course=nothing")).fails(404, "not_found");

    let csv = instructor.get(&format!("{path}/grades.csv"));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].contains(",mean,,,,0,2,2,2"), "{}", lines[1]);

    instructor.delete(&format!("{path}/members/{}", learner.id)).is(204);
    instructor.get(&format!("/api/learners/{}", learner.id)).fails(404, "not_found");
    instructor.delete(&path).is(204);
    instructor.get(&path).fails(404, "not_found");
    learner.get(LAB).is(200);
}
