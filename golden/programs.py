"""Runs whole programs in the manner of tutorials and compares what they print with what PyTorch printed.

A program is `programs/NAME.py`, an ordinary script; `programs/NAME.txt` is what it printed under real
PyTorch 2.15 on one thread. Text and whole numbers must be the same. A number with a point may differ
by one unit of its last printed digit, or by a ten-thousandth of itself: sums are made in another order.

    programs.py                   every program
    programs.py char_rnn vae      some programs
    programs.py --list            the names
    programs.py --record [NAME…]  writes what they print; only under CPython with PyTorch

The same file runs under `lyceum run` and under CPython with PyTorch.
"""

import io
import os
import random
import re
import sys
import time
import traceback

GOLDEN = __file__.replace("\\", "/").rpartition("/")[0] or "."
FOLDER = GOLDEN + "/programs/"
NUMBER = re.compile(r"(\d+\.\d*(?:e[+-]?\d+)?|\d+e[+-]?\d+|\d+)")


def list_programs():
    return sorted(name[:-3] for name in os.listdir(FOLDER) if name.endswith(".py"))


def run_program(name):
    """Runs a program as a script; returns what it printed and, if it raised, the traceback."""
    path = FOLDER + name + ".py"
    with open(path, encoding="utf-8") as file:
        source = file.read()
    printed = io.StringIO()
    stdout, arguments = sys.stdout, sys.argv
    failure = None
    # What a script may take for granted: nothing was drawn or set before it started.
    random.seed(0)
    sys.stdout, sys.argv = printed, [path]
    try:
        exec(compile(source, path, "exec"), {"__name__": "__main__", "__file__": path})
    except Exception:
        failure = traceback.format_exc()
    finally:
        sys.stdout, sys.argv = stdout, arguments
    return printed.getvalue(), failure


def same_line(expected, got):
    """Whether two lines agree: see the top of this file."""
    theirs, ours = NUMBER.split(expected), NUMBER.split(got)
    return len(theirs) == len(ours) and all(same_part(a, b) for a, b in zip(theirs, ours))


def same_part(expected, got):
    if expected == got:
        return True
    if not (NUMBER.fullmatch(expected) and NUMBER.fullmatch(got)):
        # Columns shift when a number is printed one character longer.
        return expected.isspace() and got.isspace()
    if "." not in expected and "e" not in expected:
        return False
    mantissa, _, exponent = expected.partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(float(expected) - float(got)) <= max(1.01 * unit, 1e-4 * abs(float(expected)))


def difference(expected, got):
    """Where two prints part, in words, or None."""
    theirs, ours = expected.splitlines(), got.splitlines()
    for number, (a, b) in enumerate(zip(theirs, ours), 1):
        if not same_line(a, b):
            return "line " + str(number) + ": expected " + repr(a) + ", got " + repr(b)
    if len(theirs) != len(ours):
        return "expected " + str(len(theirs)) + " lines, got " + str(len(ours))
    return None


def replay_program(name):
    """Prints how a program went; returns whether it printed what was recorded."""
    started = time.time()
    got, failure = run_program(name)
    took = "%.1f s" % (time.time() - started)
    if not os.path.exists(FOLDER + name + ".txt"):
        problem = "nothing was recorded: python golden/programs.py --record " + name
    else:
        with open(FOLDER + name + ".txt", encoding="utf-8") as file:
            problem = failure or difference(file.read(), got)
    print(("FAIL " if problem else "ok   ") + name + " (" + took + ")" + (": " + problem if problem else ""))
    return not problem


def record_program(name):
    """Writes what a program printed under PyTorch; returns whether it ended well and repeats itself."""
    import torch

    torch.set_num_threads(1)
    text, failure = run_program(name)
    again, _ = run_program(name)
    if failure or not text or text != again:
        print("PROBLEM " + name + ": " + (failure or "prints nothing, or something else each time"))
        return False
    with open(FOLDER + name + ".txt", "w", encoding="utf-8") as file:
        file.write(text)
    print("recorded " + name)
    return True


def main(arguments):
    names = [argument for argument in arguments if not argument.startswith("--")]
    unknown = [name for name in names if name not in list_programs()]
    if unknown:
        raise SystemExit("no program " + ", ".join(unknown) + " in " + FOLDER)
    names = names or list_programs()
    if "--list" in arguments:
        print("\n".join(names))
        return 0
    act = record_program if "--record" in arguments else replay_program
    passed = sum([act(name) for name in names])
    print(str(passed) + " passed, " + str(len(names) - passed) + " failed")
    return 0 if passed == len(names) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
