//! What a run tells of its training from inside.

use std::fs;

use serde_json::Value;

use crate::sandbox::Sandbox;

const PROGRAM: &str = "\
import torch
from torch import nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 13 * 13, 10)

    def forward(self, x):
        return self.fc(F.max_pool2d(F.relu(self.conv(x)), 2).flatten(1))

torch.manual_seed(0)
net, scale = Net(), torch.ones(3, requires_grad=True)
optimizer = torch.optim.SGD([*net.parameters(), scale], lr=0.1)
x, y = torch.randn(16, 1, 28, 28), torch.randint(0, 10, (16,))
for step in range(20):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y) + (scale ** 2).sum()
    loss.backward()
    optimizer.step()
";

fn events(options: &[&str]) -> Vec<Value> {
    let sandbox = Sandbox::new();
    sandbox.write("train.py", PROGRAM);
    let arguments: Vec<&str> = ["run", "train.py", "--events", "events.jsonl"].iter().chain(options).copied().collect();
    sandbox.lyceum(&arguments).code(0);
    let text = fs::read_to_string(sandbox.path().join("events.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'a>(events: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |event| event["event"] == kind)
}

#[test]
fn a_step_is_shown_with_its_modules_ranges_and_parameters() {
    let events = events(&["--xray"]);
    let graph = &of(&events, "graph").next().expect("the first step is looked at")["value"];
    let nodes = graph["nodes"].as_array().unwrap();
    let node = |op: &str, name: &str| {
        let found = nodes.iter().find(|node| node["op"] == op && node["name"] == name);
        found.unwrap_or_else(|| panic!("no {op} {name} in {graph:#}"))
    };
    let convolution = node("convolution", "");
    assert_eq!((&convolution["module"], &convolution["shape"]), (&"conv".into(), &serde_json::json!([16, 4, 26, 26])));
    assert!(convolution["value"]["max"].as_f64() > convolution["value"]["min"].as_f64());
    assert!(convolution["gradient"]["std"].as_f64() > Some(0.0) && convolution["forward_ms"].as_f64() > Some(0.0));
    assert_eq!(node("max_pool2d", "")["module"], "Net");
    assert!(node("relu", "")["value"]["zeros"].as_f64() > Some(0.1));
    // A parameter is called what its module or the program calls it.
    assert_eq!(node("parameter", "fc.weight")["shape"], serde_json::json!([10, 676]));
    assert_eq!(node("parameter", "scale")["gradient"]["mean"], 2.0);
    // Every edge leads onwards, so the graph has no circle, and the loss comes last.
    let edges = graph["edges"].as_array().unwrap();
    assert!(edges.iter().all(|edge| edge[0].as_u64() < edge[1].as_u64()), "{edges:?}");
    assert_eq!(nodes.last().unwrap()["op"], "add");

    let histogram = of(&events, "histogram").find(|event| event["name"] == "fc.weight").unwrap();
    let counts = histogram["value"]["value"]["counts"].as_array().unwrap();
    assert_eq!(counts.iter().filter_map(Value::as_u64).sum::<u64>(), 6760);
    assert!(histogram["value"]["gradient_norm"].as_f64() > Some(0.0));
}

#[test]
fn every_run_tells_the_norm_of_its_gradients_and_only_an_xray_more() {
    let events = events(&[]);
    let norms: Vec<&Value> = of(&events, "scalar").filter(|event| event["name"] == "grad_norm").collect();
    assert_eq!(
        norms.iter().map(|norm| norm["step"].as_u64().unwrap()).collect::<Vec<_>>(),
        (1..=20).collect::<Vec<_>>()
    );
    assert_eq!(of(&events, "graph").chain(of(&events, "histogram")).count(), 0);
}
