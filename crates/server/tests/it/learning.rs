//! Lessons, questions and drafts.

use serde_json::json;

use crate::{house::House, person::LAB};

const READING: &str = "/api/courses/small/units/reading";

#[test]
fn a_course_is_what_its_files_say() {
    let house = House::empty();
    let owner = house.owner();
    let courses = owner.get("/api/courses").is(200);
    assert_eq!(
        courses,
        json!([{
            "id": "small",
            "title": { "zh": "小课程", "en": "A small course" },
            "summary": { "zh": "给测试用的课程。", "en": "A course for tests." },
            "units": 2,
        }])
    );
    let course = owner.get("/api/courses/small").is(200);
    assert_eq!(course["skills"].as_array().unwrap().len(), 2);
    assert_eq!(course["units"][0]["has_lab"], true);
    assert_eq!(course["units"][0]["progress"]["opened"], false);
    assert_eq!(course["units"][1]["requires"], json!(["mean"]));
    let unit = owner.get(LAB).is(200);
    assert_eq!(unit["lessons"]["zh"]["title"], "平均数");
    assert_eq!(unit["lab"]["checks"][0]["points"], 3);
    assert_eq!(unit["next"]["id"], "reading");
    assert!(unit["previous"].is_null() && unit["lab"]["starter"].as_str().unwrap().contains("NotImplementedError"));
    assert!(!unit.to_string().contains("sum(numbers)"), "neither the solution nor a known wrong answer is told");
    assert_eq!(owner.get("/api/courses/small").is(200)["units"][0]["progress"]["opened"], true);
    assert_eq!(owner.get("/api/courses/small/problems").is(200), json!([]));
}

#[test]
fn answers_are_explained_and_the_best_counts() {
    let house = House::empty();
    let owner = house.owner();
    let unit = owner.get(READING).is(200).to_string();
    assert!(!unit.contains("secret") && !unit.contains("The second.\""), "{unit}");
    let answer = |question: &str, given: &str| {
        owner.post(&format!("{READING}/answers"), json!({ "question": question, "given": given })).is(200)
    };
    let wrong = answer("choice", "1");
    assert_eq!(
        (wrong["right"].as_bool(), wrong["points"].as_i64(), wrong["tries"].as_i64()),
        (Some(false), Some(0), Some(1))
    );
    assert_eq!(wrong["explain"], json!({ "zh": "第二个。", "en": "The second." }));
    assert_eq!(answer("choice", "2")["points"], 1);
    let wrong_again = answer("choice", "1");
    assert_eq!(
        (wrong_again["right"].as_bool(), wrong_again["points"].as_i64(), wrong_again["tries"].as_i64()),
        (Some(false), Some(1), Some(3))
    );
    assert_eq!(owner.get("/api/courses/small").is(200)["skill_levels"], json!({}));
    answer("word", " ＳＥＣＲＥＴ ");
    assert_eq!(owner.get("/api/courses/small").is(200)["skill_levels"], json!({ "care": "know" }));
    answer("again", "3");
    let course = owner.get("/api/courses/small").is(200);
    assert_eq!(course["skill_levels"], json!({ "care": "analyse" }));
    assert_eq!(course["units"][1]["progress"]["question_points"], 3);
    assert_eq!(owner.get(READING).is(200)["answers"]["word"]["given"], " ＳＥＣＲＥＴ ");
}

#[test]
fn a_draft_is_not_overwritten_by_an_older_one() {
    let house = House::empty();
    let owner = house.owner();
    let put =
        |code: &str, revision: i64| owner.put(&format!("{LAB}/draft"), json!({ "code": code, "revision": revision }));
    assert_eq!(put("one", 0).is(200)["revision"], 1);
    assert_eq!(put("two", 1).is(200)["revision"], 2);
    let conflict = put("from another tab", 1).fails(409, "draft_conflict");
    assert_eq!(conflict["draft"], json!({ "code": "two", "revision": 2 }));
    assert_eq!(owner.get(LAB).is(200)["lab"]["draft"], json!({ "code": "two", "revision": 2 }));
    owner.put(&format!("{READING}/draft"), json!({ "code": "", "revision": 0 })).fails(404, "not_found");
}
