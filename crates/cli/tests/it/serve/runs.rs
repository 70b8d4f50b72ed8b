//! Programs from the browser to the verdict.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    house::House,
    person::{LAB, Person},
};

const RIGHT: &str = "def mean(numbers):\n    return sum(numbers) / len(numbers)\n";

fn send(person: &Person, kind: &str, code: &str) -> String {
    let answer = person.post(&format!("{LAB}/submissions"), json!({ "code": code, "kind": kind })).is(202);
    answer["id"].as_str().unwrap().to_owned()
}

fn is_last(frame: &Value) -> bool {
    ["done", "stopped", "failed"].iter().any(|phase| frame["phase"] == *phase)
}

fn of_type<'a>(frames: &'a [(Option<u64>, Value)], kind: &str) -> Vec<&'a Value> {
    frames.iter().map(|(_, frame)| frame).filter(|frame| frame["type"] == kind).collect()
}

#[test]
fn a_submission_is_graded_and_counts() {
    let house = House::empty();
    let owner = house.owner();
    let wrong = send(&owner, "submit", "def mean(numbers):\n    return sum(numbers)\n");
    let frames = owner.follow(&wrong, 0, is_last);
    let grade = &of_type(&frames, "grade")[0]["grade"];
    assert_eq!((grade["status"].as_str(), grade["score"].as_i64()), (Some("fail"), Some(0)));
    assert_eq!(grade["tests"][0]["hints"][0]["zh"], "除以个数。");

    let right = send(&owner, "submit", RIGHT);
    let frames = owner.follow(&right, 0, is_last);
    let phases: Vec<&str> = of_type(&frames, "phase").iter().map(|frame| frame["phase"].as_str().unwrap()).collect();
    let phases: Vec<&str> = phases.into_iter().filter(|phase| *phase != "queued").collect();
    assert_eq!(phases, ["starting", "running", "grading", "done"]);
    assert_eq!(of_type(&frames, "report")[0]["outcome"], "finished");
    assert_eq!(of_type(&frames, "grade")[0]["grade"]["score"], 4);

    let again = owner.follow(&right, 0, is_last);
    assert_eq!(numbered(&again), numbered(&frames), "what was kept is what was told");
    let half = owner.follow(&right, 2, is_last);
    assert_eq!(numbered(&half), numbered(&frames)[2..]);

    let unit = owner.get(LAB).is(200);
    assert_eq!(unit["lab"]["best"], json!({ "submission": right, "score": 4, "max": 4, "passed": true }));
    assert_eq!((unit["progress"]["attempts"].as_i64(), unit["progress"]["best_score"].as_i64()), (Some(2), Some(4)));
    let course = owner.get("/api/courses/small").is(200);
    assert_eq!(course["skill_levels"]["mean"], "apply");
    let view = owner.get(&format!("/api/submissions/{right}")).is(200);
    assert_eq!((view["code"].as_str(), view["grade"]["score"].as_i64()), (Some(RIGHT), Some(4)));
    assert!(view["timings"]["run_ms"].as_f64().unwrap() > 0.0);
    let versions = owner.get(&format!("{LAB}/versions")).is(200);
    let scores: Vec<_> = versions.as_array().unwrap().iter().map(|version| version["score"].as_i64()).collect();
    assert_eq!(scores, [Some(4), Some(0)]);
}

fn numbered(frames: &[(Option<u64>, Value)]) -> Vec<(u64, Value)> {
    let mut numbered: Vec<(u64, Value)> =
        frames.iter().filter_map(|(seq, frame)| Some(((*seq)?, frame.clone()))).collect();
    for (_, frame) in &mut numbered {
        // When it ended is known to the millisecond, and told a little later than it was written down.
        frame.as_object_mut().unwrap().remove("at");
    }
    numbered
}

#[test]
fn a_run_shows_what_the_program_prints_and_how_its_loss_falls() {
    let house = House::empty();
    let owner = house.owner();
    let program = "
import torch
import matplotlib.pyplot as plt
w = torch.tensor(4.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
losses = []
for step in range(20):
    optimizer.zero_grad()
    loss = (w - 1) ** 2
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print('权重', round(w.item(), 2))
plt.plot(losses)
plt.show()
raise ValueError('the end')
";
    let id = send(&owner, "run", program);
    let frames = owner.follow(&id, 0, is_last);
    let events: Vec<Value> =
        of_type(&frames, "events").iter().flat_map(|frame| frame["events"].as_array().unwrap().clone()).collect();
    let losses: Vec<f64> =
        events.iter().filter(|event| event["name"] == "loss").map(|event| event["value"].as_f64().unwrap()).collect();
    assert_eq!(losses.len(), 20);
    assert!(losses.windows(2).all(|pair| pair[1] < pair[0]));
    let figure = events.iter().find(|event| event["event"] == "figure").unwrap();
    assert!(figure["svg"].as_str().unwrap().starts_with("<svg ") && figure.get("value").is_none());
    let output: String = of_type(&frames, "output").iter().map(|frame| frame["text"].as_str().unwrap()).collect();
    assert!(output.contains("权重 1.03") && output.contains("File \"submission.py\", line 16"), "{output}");
    let report = of_type(&frames, "report")[0];
    assert_eq!((report["outcome"].as_str(), report["exception"]["line"].as_i64()), (Some("raised"), Some(16)));
    assert!(!report.to_string().contains("/tmp"), "{report}");
    assert!(of_type(&frames, "grade").is_empty());
    let view = owner.get(&format!("/api/submissions/{id}")).is(200);
    assert_eq!((view["state"].as_str(), view["outcome"]["outcome"].as_str()), (Some("done"), Some("raised")));
    assert_eq!(owner.get(LAB).is(200)["progress"]["attempts"], 0, "a run costs nothing");
}

#[test]
fn who_loses_the_connection_in_mid_run_misses_nothing() {
    let house = House::empty();
    let owner = house.owner();
    let program = "import time\nfor i in range(40):\n    print(i)\n    time.sleep(0.03)\n";
    let id = send(&owner, "run", program);
    let (mut last, mut frames) = (0, Vec::new());
    loop {
        let count = std::cell::Cell::new(0);
        let piece = owner.follow(&id, last, |frame| {
            count.set(count.get() + 1);
            count.get() == 3 || is_last(frame)
        });
        last = piece.iter().filter_map(|(seq, _)| *seq).max().unwrap_or(last);
        let is_over = piece.last().is_some_and(|(_, frame)| is_last(frame));
        frames.extend(piece);
        if is_over {
            break;
        }
    }
    let output: String = of_type(&frames, "output").iter().map(|frame| frame["text"].as_str().unwrap()).collect();
    assert_eq!(output, (0..40).map(|i| format!("{i}\n")).collect::<String>());
    let numbers: Vec<u64> = frames.iter().filter_map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
}

#[test]
fn a_program_that_runs_on_is_stopped_at_once() {
    let house = House::empty();
    let owner = house.owner();
    for kind in ["run", "submit"] {
        let id = send(&owner, kind, "print('begun')\nwhile True:\n    pass\n");
        owner.follow(&id, 0, |frame| frame["type"] == "output");
        let began = Instant::now();
        owner.delete(&format!("/api/submissions/{id}")).is(204);
        let frames = owner.follow(&id, 0, is_last);
        assert!(began.elapsed() < Duration::from_secs(5));
        assert_eq!(frames.last().unwrap().1["phase"], "stopped");
        let again = owner.follow(&id, 0, is_last);
        assert_eq!(of_type(&again, "output")[0]["text"], "begun\n");
    }
    assert_eq!(owner.get(LAB).is(200)["progress"]["attempts"], 0);
}

#[test]
fn a_program_that_prints_without_end_harms_nobody() {
    let house = House::empty();
    let owner = house.owner();
    let id = send(&owner, "run", "while True:\n    print('x' * 1000)\n");
    let frames = owner.follow(&id, 0, is_last);
    assert_eq!(of_type(&frames, "report")[0]["outcome"], "output_limit");
    let bytes: usize = frames.iter().map(|(_, frame)| frame.to_string().len()).sum();
    assert!(bytes < 4 << 20, "{bytes}");
}

#[test]
fn the_editor_is_offered_names_with_their_descriptions() {
    let house = House::empty();
    let owner = house.owner();
    let answer = owner.get("/api/completions");
    let tag = answer.header("etag").unwrap().to_owned();
    let names = answer.is(200);
    let names = names.as_array().unwrap();
    let linear = names.iter().find(|name| name["name"] == "torch.nn.Linear").unwrap();
    assert_eq!(linear["kind"], "class");
    assert!(linear["signature"].as_str().unwrap().starts_with("(in_features, out_features"));
    assert!(names.iter().any(|name| name["name"] == "torch.Tensor.view" && name["kind"] == "method"));
    assert!(names.len() > 1_000);
    let again = owner.ask(ureq::http::Method::GET, "/api/completions", None, &[("if-none-match", &tag)]);
    assert_eq!(again.status, 304);
}

#[test]
fn the_server_ends_when_it_is_asked_to_and_what_ran_begins_again() {
    let mut house = House::empty();
    let mut owner = house.owner();
    let program = "import time\nprint('begun', flush=True)\ntime.sleep(1)\nprint('ended')\n";
    let id = send(&owner, "run", program);
    let frames = owner.follow(&id, 0, |frame| frame["type"] == "output");
    let last = frames.last().unwrap().0.unwrap();
    let began = Instant::now();
    assert!(house.end());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    house.start();
    owner.origin = house.origin.clone();
    let frames = owner.follow(&id, last, is_last);
    // Where it stands may be told before, without a number.
    assert_eq!(numbered(&frames)[0].1["phase"], "restarted");
    let output: String = of_type(&frames, "output").iter().map(|frame| frame["text"].as_str().unwrap()).collect();
    assert_eq!(output, "begun\nended\n");
}

#[test]
fn a_second_server_on_the_same_data_does_not_start() {
    let house = House::empty();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_lyceum"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(house.data.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("another server") && text.contains("hint: "), "{text}");
}
