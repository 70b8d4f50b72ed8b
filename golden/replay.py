"""Runs the golden cases and compares what they show with what PyTorch showed.

A case is a small program in `cases/FAMILY.py`, opened by a line `# --- name [options]`. What stands
above the first such line is the family's prelude and runs before each of its cases. Every case
gets a fresh namespace with `torch`, `nn`, `F`, `optim`, `math`, the folder `FILES` with files that
PyTorch wrote (see `record.py`), and the functions of `Recorder`,
starts from `torch.manual_seed(0)`, and calls `show(...)` on whatever matters. Printed text is
compared too, and so is the class of an exception that leaves the case.

    replay.py                      every family
    replay.py pointwise views      some families
    replay.py --only NAME          cases of that name, in any family
    replay.py --list               the names, without running anything

The same file runs under `lyceum run` and under CPython with PyTorch, so it keeps to the plainest
parts of the standard library. Recording is in `record.py`.

Options on a case's line:
    rtol=R atol=A      tolerances for floats of any type (usual: 1e-5, 1e-6; for float64 1e-9 both)
    exact              every float must be the same number
    exact-message      the exception's message must be the same text
    raises             the case is meant to end in an exception
    close              numbers inside shown strings and printed text may differ within the tolerances
"""

import io
import json
import math
import sys

GOLDEN = __file__.replace("\\", "/").rpartition("/")[0] or "."
FAMILIES = [
    "creation",
    "pointwise",
    "arithmetic",
    "promotion",
    "comparison",
    "reductions",
    "matmul",
    "indexing",
    "views",
    "inplace",
    "joining",
    "sorting",
    "activations",
    "convolution",
    "normalization",
    "losses",
    "autograd",
    "second_derivatives",
    "modules",
    "printing",
    "module_repr",
    "random_numbers",
    "initialization",
    "optimizers",
    "schedulers",
    "data_loading",
    "saving",
    "errors",
    "idioms",
    "training",
    "packing",
    "recurrent",
    "attention",
    "transformer",
    "checkpointing",
    "spectrum",
    "ctc",
    "language_models",
    "parametrization",
    "numpy_arrays",
    "numpy_indexing",
    "numpy_arithmetic",
    "numpy_functions",
    "numpy_linalg",
    "numpy_random",
    "numpy_bridge",
    "half_precision",
    "distributions",
    "function_transforms",
    "vision_pictures",
    "vision_transforms",
    "vision_boxes",
    "tokenizers_package",
    "tqdm_line",
]
# In these families the strides of what is shown matter too; elsewhere a layout is the engine's own business.
STRIDED = ["views", "indexing", "inplace"]


class Case:
    """One named program of a family, with its options."""

    def __init__(self, family, name, options, line, prelude):
        self.family = family
        self.name = name
        self.options = options
        self.line = line
        self.prelude = prelude
        self.lines = []

    def source(self):
        # Empty lines in front keep the line numbers of the file in tracebacks.
        return "\n" * self.line + "".join(self.lines)


def read_cases(family):
    """The cases of `cases/FAMILY.py`, in order."""
    path = GOLDEN + "/cases/" + family + ".py"
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    prelude = []
    cases = []
    for number, line in enumerate(lines):
        if line.startswith("# --- "):
            words = line[6:].split()
            options = {}
            for word in words[1:]:
                key, _, value = word.partition("=")
                options[key] = float(value) if value else True
            cases.append(Case(family, words[0], options, number + 1, prelude))
        elif cases:
            cases[-1].lines.append(line)
        else:
            prelude.append(line)
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(path + ": two cases are named " + name)
    return cases


def read_recorded(family):
    """What PyTorch showed for each case of the family, by name."""
    with open(GOLDEN + "/recorded/" + family + ".json", encoding="utf-8") as file:
        return json.load(file)["cases"]


# ---------------------------------------------------------------- running


class Recorder:
    """Collects what one case shows, and lends cases the functions they call."""

    def __init__(self, torch, strided):
        self.torch = torch
        self.strided = strided
        self.shown = []

    def show(self, *values):
        """Records values: tensors, numbers, strings, and lists, tuples and dicts of those."""
        for value in values:
            self.shown.append(self.encode(value))

    def fails(self, function, *arguments, **keywords):
        """Records the class of the exception that the call raises."""
        try:
            function(*arguments, **keywords)
        except Exception as error:
            self.shown.append(describe(error))
        else:
            self.shown.append({"raises": None})

    def data(self, *shape, low=-2.0, high=2.0, dtype=None, grad=False, shift=0):
        """A tensor of spread values between low and high, the same in every run, without random numbers."""
        torch = self.torch
        count = 1
        for size in shape:
            count *= size
        step = (high - low) / 101
        values = [low + step * ((37 * (i + shift) + 11) % 101 + 0.4) for i in range(count)]
        result = torch.tensor(values, dtype=dtype or torch.float32).reshape(shape)
        return result.requires_grad_() if grad else result

    def weigh(self, output):
        """A scalar that depends on every element of the output, each with a weight of its own."""
        torch = self.torch
        count = output.numel()
        weights = [((7 * i) % 11 + 1) / 8 for i in range(count)]
        weights = torch.tensor(weights, dtype=output.dtype).reshape(output.shape)
        return (output * weights).sum()

    def grads(self, output, *inputs):
        """Records the output and the gradient of its weighted sum with respect to each input."""
        outputs = output if isinstance(output, (tuple, list)) else [output]
        self.show(output)
        total = None
        for one in outputs:
            if one.requires_grad:
                weighed = self.weigh(one)
                total = weighed if total is None else total + weighed
        for gradient in self.torch.autograd.grad(total, inputs, allow_unused=True):
            self.show(None if gradient is None else gradient.contiguous())

    def second(self, output, *inputs):
        """Records first and second derivatives of the output's weighted sum."""
        torch = self.torch
        first = torch.autograd.grad(self.weigh(output), inputs, create_graph=True)
        self.show(*first)
        total = sum(self.weigh(gradient) for gradient in first if gradient.requires_grad)
        self.show(*torch.autograd.grad(total, inputs, allow_unused=True))

    def namespace(self):
        torch = self.torch
        return {
            "__name__": "case",
            "torch": torch,
            "nn": torch.nn,
            "F": torch.nn.functional,
            "optim": torch.optim,
            "math": math,
            "FILES": GOLDEN + "/files",
            "show": self.show,
            "fails": self.fails,
            "data": self.data,
            "weigh": self.weigh,
            "grads": self.grads,
            "second": self.second,
        }

    def encode(self, value):
        """The value as JSON can hold it, with types kept apart."""
        torch = self.torch
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else {"float": str(value)}
        if isinstance(value, torch.Tensor):
            return self.encode_tensor(value)
        if isinstance(value, torch.Size):
            return {"size": list(value)}
        if isinstance(value, torch.dtype):
            return {"dtype": str(value)}
        if isinstance(value, torch.device):
            return {"device": str(value)}
        if isinstance(value, tuple):
            return {"tuple": [self.encode(item) for item in value]}
        if isinstance(value, list):
            return [self.encode(item) for item in value]
        if isinstance(value, dict):
            return {"dict": [[self.encode(key), self.encode(item)] for key, item in value.items()]}
        raise TypeError("show() takes tensors, numbers, strings and lists, tuples and dicts of those, not " + type(value).__name__)

    def encode_tensor(self, tensor):
        flat = tensor.detach().reshape(-1).tolist()
        name = str(tensor.dtype).replace("torch.", "")
        if name == "float32":
            flat = [float("%.9g" % number) for number in flat]
        record = {"tensor": name, "shape": list(tensor.shape)}
        record["values"] = [v if not isinstance(v, float) or math.isfinite(v) else str(v) for v in flat]
        if tensor.requires_grad:
            record["requires_grad"] = True
        if self.strided and not tensor.is_contiguous():
            record["strides"] = list(tensor.stride())
        if isinstance(tensor, self.torch.nn.Parameter):
            record["parameter"] = True
        return record


def run_case(case, torch):
    """Runs one case; returns what it showed, printed and raised, and the exception itself."""
    recorder = Recorder(torch, case.family in STRIDED)
    namespace = recorder.namespace()
    printed = io.StringIO()
    stdout = sys.stdout
    raised = None
    path = "golden/cases/" + case.family + ".py"
    try:
        torch.manual_seed(0)
        sys.stdout = printed
        exec(compile("".join(case.prelude), path, "exec"), namespace)
        exec(compile(case.source(), path, "exec"), namespace)
    except Exception as error:
        raised = error
    finally:
        sys.stdout = stdout
    restore_defaults(torch)
    result = {}
    if recorder.shown:
        result["shown"] = recorder.shown
    if printed.getvalue():
        result["printed"] = printed.getvalue()
    if raised is not None:
        result["raised"] = describe(raised)
    return result, raised


def describe(error):
    """An exception's class, and the beginning of its message for the report."""
    message = str(error).replace(GOLDEN, "golden")
    return {"raises": type(error).__name__, "message": message.partition("\n")[0][:100]}


def restore_defaults(torch):
    """Undoes global settings, so that no case sees those of another."""
    for restore in (
        lambda: torch.set_printoptions(profile="default"),
        lambda: torch.set_default_dtype(torch.float32),
        lambda: torch.set_grad_enabled(True),
    ):
        try:
            restore()
        except Exception:
            # What is missing fails in the cases that use it.
            pass


# ---------------------------------------------------------------- comparing


class Difference(Exception):
    """Says where two results part."""


def compare_results(expected, got, options):
    """Raises a Difference where the two results of a case part."""
    if "raised" in got and "raised" not in expected:
        raise Difference("raised " + got["raised"]["raises"] + ": " + got["raised"]["message"])
    compare_lists("shown", expected.get("shown", []), got.get("shown", []), options)
    compare_text("printed", expected.get("printed", ""), got.get("printed", ""), options)
    if "raised" in expected:
        if "raised" not in got:
            raise Difference("expected " + expected["raised"]["raises"] + ", nothing was raised")
        compare("raised", expected["raised"], got["raised"], options)


def compare_lists(place, expected, got, options):
    for index in range(min(len(expected), len(got))):
        compare(place + "[" + str(index) + "]", expected[index], got[index], options)
    if len(expected) != len(got):
        raise Difference(place + ": expected " + str(len(expected)) + " values, got " + str(len(got)))


def compare(place, expected, got, options):
    if type(expected) is not type(got):
        raise Difference(place + ": expected " + brief(expected) + ", got " + brief(got))
    if isinstance(expected, float):
        if not same_number(expected, got, options, "float"):
            raise Difference(place + ": expected " + repr(expected) + ", got " + repr(got))
    elif isinstance(expected, str):
        compare_text(place, expected, got, options)
    elif isinstance(expected, list):
        compare_lists(place, expected, got, options)
    elif isinstance(expected, dict):
        if "tensor" in expected and "tensor" in got:
            compare_tensors(place, expected, got, options)
        elif "raises" in expected and "raises" in got:
            if expected["raises"] != got["raises"]:
                came = str(got["raises"]) + (" (" + got["message"] + ")" if "message" in got else "")
                raise Difference(place + ": expected " + str(expected["raises"]) + " (" + expected.get("message", "no exception") + "), got " + came)
            if options.get("exact-message") and expected != got:
                raise Difference(place + ": expected the message " + repr(expected.get("message")) + ", got " + repr(got.get("message")))
        elif list(expected) != list(got):
            raise Difference(place + ": expected " + brief(expected) + ", got " + brief(got))
        else:
            for key in expected:
                compare(place + "." + key, expected[key], got[key], options)
    elif expected != got:
        raise Difference(place + ": expected " + brief(expected) + ", got " + brief(got))


def compare_tensors(place, expected, got, options):
    if expected["tensor"] != got["tensor"]:
        raise Difference(place + ": expected dtype " + expected["tensor"] + ", got " + got["tensor"])
    if expected["shape"] != got["shape"]:
        raise Difference(place + ": expected shape " + str(expected["shape"]) + ", got " + str(got["shape"]))
    kind = expected["tensor"]
    for index in range(len(expected["values"])):
        want = expected["values"][index]
        have = got["values"][index]
        if not same_number(want, have, options, kind):
            raise Difference(place + ", element " + str(index) + " of " + str(expected["shape"]) + ": expected " + str(want) + ", got " + str(have))
    for key in ("requires_grad", "strides", "parameter"):
        if expected.get(key) != got.get(key):
            raise Difference(place + ": expected " + key + " " + str(expected.get(key)) + ", got " + str(got.get(key)))


def same_number(expected, got, options, kind):
    """Whether two numbers agree; kind is a dtype, or "float" for a Python float."""
    if type(expected) is not type(got):
        return False
    if not isinstance(expected, float) or expected == got:
        return expected == got
    if options.get("exact"):
        return False
    usual = 1e-9 if kind == "float64" else None
    rtol = options.get("rtol", usual or 1e-5)
    atol = options.get("atol", usual or 1e-6)
    return abs(expected - got) <= atol + rtol * abs(expected)


def compare_text(place, expected, got, options):
    if expected == got:
        return
    if options.get("close"):
        ours = split_numbers(got)
        theirs = split_numbers(expected)
        if len(ours) == len(theirs) and all(same_number(a, b, options, "float") for a, b in zip(theirs, ours)):
            return
    at = 0
    while at < len(expected) and at < len(got) and expected[at] == got[at]:
        at += 1
    line = expected[:at].count("\n") + 1
    start = expected.rfind("\n", 0, at) + 1
    wanted = expected[start:].partition("\n")[0]
    came = got[start:].partition("\n")[0]
    raise Difference(place + ", line " + str(line) + ": expected " + repr(wanted) + ", got " + repr(came))


def split_numbers(text):
    """The text as a list in which each number is a float and everything else a character."""
    parts = []
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and (text[end].isdigit() or text[end] == "." or (text[end] == "e" and end > at) or (text[end] in "+-" and end > at and text[end - 1] == "e")):
            end += 1
        try:
            parts.append(float(text[at:end]))
            at = end
        except ValueError:
            parts.append(text[at])
            at += 1
    return parts


def brief(value):
    text = json.dumps(value)
    return text if len(text) < 200 else text[:200] + "..."


# ---------------------------------------------------------------- the command


def replay_family(family, only, torch):
    """Replays one family; prints its failures and a summary; returns how many passed and failed."""
    cases = read_cases(family)
    recorded = read_recorded(family)
    passed = 0
    failed = 0
    for case in cases:
        if only and case.name not in only:
            continue
        try:
            if case.name not in recorded:
                raise Difference("has no recorded values: run cargo xtask golden")
            got, _ = run_case(case, torch)
            # Through JSON and back, as the recorded values went.
            compare_results(recorded[case.name], json.loads(json.dumps(got)), case.options)
            passed += 1
        except Difference as difference:
            failed += 1
            print("FAIL " + family + "." + case.name + ": " + str(difference))
    if not only:
        names = [case.name for case in cases]
        for name in recorded:
            if name not in names:
                failed += 1
                print("FAIL " + family + "." + name + ": recorded, but there is no such case: run cargo xtask golden")
    if passed + failed:
        print(family + ": " + str(passed) + " passed, " + str(failed) + " failed")
    return passed, failed


def parse_arguments(arguments):
    """The families, the names after --only, and whether --list was given."""
    families = []
    only = []
    listing = False
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        if argument == "--list":
            listing = True
        elif argument == "--only":
            position += 1
            if position == len(arguments):
                raise SystemExit("--only needs the name of a case")
            only.append(arguments[position])
        elif argument in FAMILIES:
            families.append(argument)
        else:
            raise SystemExit("no family " + argument + "; there are " + ", ".join(FAMILIES))
        position += 1
    return families or FAMILIES, only, listing


def main(arguments):
    families, only, listing = parse_arguments(arguments)
    if listing:
        for family in families:
            for case in read_cases(family):
                print(family + "." + case.name)
        return 0
    import torch
    import warnings

    warnings.simplefilter("ignore")
    passed = 0
    failed = 0
    for family in families:
        family_passed, family_failed = replay_family(family, only, torch)
        passed += family_passed
        failed += family_failed
    print(str(passed) + " passed, " + str(failed) + " failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
