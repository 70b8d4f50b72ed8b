"""Records what PyTorch shows for the golden cases, in `recorded/FAMILY.json`, one case a line.

Also writes the files of tensors that the cases load, in `files/`.

Called by `cargo xtask golden --python PATH`; needs PyTorch 2.15. Runs with one thread, so that
sums are made in one order. Each case runs twice, and a case that does not repeat itself is refused.
"""

import json
import sys
import traceback
import warnings

import torch
from torch import nn

import replay


def record_family(family):
    """Runs the family's cases and writes what they showed; returns how many, and the problems found."""
    problems = []
    lines = []
    for case in replay.read_cases(family):
        result, raised = replay.run_case(case, torch)
        again, _ = replay.run_case(case, torch)
        text = json.dumps(result, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        if not result:
            problems.append(family + "." + case.name + " shows nothing")
        if result != again:
            problems.append(family + "." + case.name + " shows something else each time it runs")
        if raised is not None and not case.options.get("raises"):
            trace = "".join(traceback.format_exception(raised))
            problems.append(family + "." + case.name + " raised (say so with the option `raises`):\n" + trace)
        lines.append(json.dumps(case.name) + ":" + text)
    with open(replay.GOLDEN + "/recorded/" + family + ".json", "w", encoding="utf-8") as file:
        file.write('{"torch":' + json.dumps(torch.__version__) + ',"cases":{\n' + ",\n".join(lines) + "\n}}\n")
    return len(lines), problems


def write_files():
    """Writes files as `torch.save` writes them, for the cases that read them."""
    folder = replay.GOLDEN + "/files/"
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    model(torch.arange(15.0).view(5, 3))
    torch.save(model.state_dict(), folder + "state_dict.pt")
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model(torch.ones(5, 3)).sum().backward()
    optimizer.step()
    checkpoint = {"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "loss": 0.125, "tags": ["a", ("b", None, True)]}
    torch.save(checkpoint, folder + "checkpoint.pt")
    base = torch.arange(12, dtype=torch.float64).view(3, 4)
    tensors = {
        "float32": torch.tensor([0.1, float("nan"), float("inf"), -0.0]),
        "float64": base,
        "int64": torch.tensor([[2**40, -1], [0, 7]]),
        "int32": torch.tensor([1, -2, 3], dtype=torch.int32),
        "uint8": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "transposed": base.t(),
        "column": base[:, 1],
        "parameter": nn.Parameter(torch.tensor([1.0, 2.0])),
    }
    torch.save(tensors, folder + "tensors.pt")
    torch.save(torch.tensor([1.0, 2.0, 3.0]), folder + "tensor.pt")
    torch.save(nn.Linear(2, 1), folder + "module.pt")


def main(arguments):
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    write_files()
    families, _, _ = replay.parse_arguments(arguments)
    count = 0
    problems = []
    for family in families:
        family_count, family_problems = record_family(family)
        count += family_count
        problems += family_problems
        print(family + ": " + str(family_count) + " cases")
    for problem in problems:
        print("PROBLEM " + problem)
    print(str(count) + " cases recorded, " + str(len(problems)) + " problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
