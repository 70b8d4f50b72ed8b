//! The classic mistakes: each is made by a program, and named.

use super::*;

const TORCH: &str =
    "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nfrom lyceum.data import load\n";
const IRIS: &str = "iris = load('iris', split='train')\ntorch.manual_seed(0)\nmodel = nn.Linear(4, 3)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.05)\n";

/// The mistake, the line that is meant (0 where none is), and a program that makes it.
const MISTAKES: &[(&str, u64, &str)] = &[
    (
        "forgot-backward",
        12,
        "IRIS
for step in range(5):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(iris.data), iris.target)
    optimizer.step()
",
    ),
    (
        "forgot-zero-grad",
        11,
        "IRIS
for step in range(50):
    loss = F.cross_entropy(model(iris.data), iris.target)
    loss.backward()
    optimizer.step()
",
    ),
    // The text clears the gradients; the run shows that this is done once, before the loop.
    (
        "forgot-zero-grad",
        12,
        "IRIS
optimizer.zero_grad()
for step in range(50):
    loss = F.cross_entropy(model(iris.data), iris.target)
    loss.backward()
    optimizer.step()
",
    ),
    // The text names no softmax.
    (
        "softmax-before-cross-entropy",
        12,
        "IRIS
squash = getattr(torch, 'soft' + 'max')
for step in range(5):
    optimizer.zero_grad()
    loss = F.cross_entropy(squash(model(iris.data), 1), iris.target)
    loss.backward()
    optimizer.step()
",
    ),
    (
        "softmax-before-cross-entropy",
        12,
        "IRIS
for step in range(50):
    optimizer.zero_grad()
    probabilities = model(iris.data).softmax(dim=1)
    loss = F.cross_entropy(probabilities, iris.target)
    loss.backward()
    optimizer.step()
",
    ),
    (
        "softmax-before-cross-entropy",
        11,
        "class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return torch.softmax(self.fc(x), dim=1)

iris = load('iris', split='train')
predict = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(predict.parameters(), lr=0.01)
for step in range(10):
    optimizer.zero_grad()
    criterion(predict(iris.data), iris.target).backward()
    optimizer.step()
",
    ),
    (
        "sigmoid-twice",
        11,
        "class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(30, 1)

    def forward(self, x):
        return torch.sigmoid(self.fc(x))

cells = load('breast_cancer', split='train')
x = (cells.data - cells.data.mean(0)) / cells.data.std(0)
probability = Net()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(probability.parameters(), lr=0.1)
for step in range(100):
    optimizer.zero_grad()
    criterion(probability(x), cells.target.float().unsqueeze(1)).backward()
    optimizer.step()
",
    ),
    (
        "sigmoid-twice",
        15,
        "class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(30, 1)

    def forward(self, x):
        return torch.sigmoid(self.fc(x))

model = Net()
def probability(x):
    return torch.sigmoid(model(x))
",
    ),
    ("wrong-dim", 0, "def softmax(z):\n    return z.exp() / z.exp().sum(dim=0, keepdim=True)\n"),
    ("wrong-dim", 0, "def softmax(z):\n    e = z.exp()\n    return e / e.sum(dim=0)\n"),
    ("integer-division", 6, "def share(part, whole):\n    return part // whole\n"),
    (
        "column-against-row",
        10,
        "data = load('diabetes', split='train')
x, y = data.data / 100, data.target / 100
model = nn.Linear(10, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for step in range(5):
    optimizer.zero_grad(); loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
",
    ),
    (
        "column-against-row",
        9,
        "data = load('diabetes', split='train')
model = nn.Linear(10, 1)
for step in range(2):
    model.zero_grad()
    loss = nn.MSELoss()(model(data.data), data.target)
    loss.backward()
",
    ),
    ("data-leak", 6, "def predict(x):\n    test = load('iris', split='test')\n    return test.target\n"),
    // The text calls `eval`; the run shows the mode in which the model was measured.
    (
        "train-mode-at-evaluation",
        13,
        "IRIS
model = nn.Sequential(nn.Linear(4, 64), nn.Dropout(0.5), nn.Linear(64, 3))
model.eval()
model.train()
with torch.no_grad():
    right = (model(iris.data).argmax(1) == iris.target).sum()
",
    ),
    (
        "train-mode-at-evaluation",
        7,
        "torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 64),
    nn.Dropout(0.9), nn.Linear(64, 3))
def predict(x):
    return model(x)
",
    ),
];

#[test]
fn each_classic_mistake_is_named_with_its_line() {
    let sandbox = Sandbox::new();
    for (kind, line, program) in MISTAKES {
        let program = format!("{TORCH}{}", program.replace("IRIS\n", IRIS));
        let grade = sandbox.submit("mistakes", &program, "");
        assert_ne!(grade["status"], "pass");
        let mistakes = grade["mistakes"].as_array().unwrap();
        let found = mistakes.iter().find(|mistake| mistake["kind"] == *kind);
        let found = found.unwrap_or_else(|| panic!("{kind} is not recognised in\n{program}\n{grade:#}"));
        if *line > 0 {
            let at = usize::try_from(*line).unwrap() - 1;
            assert_eq!(found["line"], *line, "{kind}: {:?}", program.lines().nth(at));
        }
        assert!(!found["message"]["zh"].as_str().unwrap().is_empty());
    }
}

#[test]
fn who_makes_no_mistake_is_accused_of_none() {
    let grade = Sandbox::new().submit("mistakes", &solution("mistakes").replace("part / whole", "whole / part"), "");
    assert_eq!((status(&grade, "share"), &grade["mistakes"]), ("fail", &Value::Array(Vec::new())));
}
