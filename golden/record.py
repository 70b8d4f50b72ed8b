"""Records what PyTorch shows for the golden cases, in `recorded/FAMILY.json`, one case a line.

Called by `cargo xtask golden --python PATH`; needs PyTorch 2.15. Runs with one thread, so that
sums are made in one order. Each case runs twice, and a case that does not repeat itself is refused.
"""

import json
import sys
import traceback
import warnings

import torch

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


def main(arguments):
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
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
