# Prints the names that a learner may type, with how they are called and what they do, as JSON.
import inspect
import json

import torch
import torch.nn
import torch.nn.functional
import torch.nn.init
import torch.optim
import torch.optim.lr_scheduler
import torch.utils.data
import lyceum.data

PLACES = [
    ("torch", torch),
    ("torch.nn", torch.nn),
    ("torch.nn.functional", torch.nn.functional),
    ("torch.nn.init", torch.nn.init),
    ("torch.optim", torch.optim),
    ("torch.optim.lr_scheduler", torch.optim.lr_scheduler),
    ("torch.utils.data", torch.utils.data),
    ("torch.Tensor", torch.Tensor),
    ("lyceum.data", lyceum.data),
]


def described(value):
    doc = getattr(value, "__doc__", None)
    doc = inspect.cleandoc(doc) if isinstance(doc, str) and not doc.startswith("object()") else ""
    name = getattr(value, "__name__", "")
    first = doc.split("\n", 1)[0].strip()
    signature = ""
    # What is written in Rust says how it is called on the first line.
    if name and first.startswith(name + "(") and first.endswith(")"):
        signature, doc = first[len(name):], doc[len(first):].strip()
    else:
        try:
            signature = str(inspect.signature(value))
        except (TypeError, ValueError):
            pass
    return signature, doc


def kind_of(value, place):
    if inspect.isclass(value):
        return "class"
    if inspect.ismodule(value):
        return "module"
    if callable(value):
        return "method" if place == "torch.Tensor" else "function"
    return "property" if place == "torch.Tensor" else "constant"


found = []
for place, where in PLACES:
    for name in sorted({*dir(where), *getattr(where, "__all__", ())}):
        if name.startswith("_"):
            continue
        try:
            value = getattr(where, name)
        except (AttributeError, NotImplementedError):
            continue
        kind = kind_of(value, place)
        # A module that another one happens to import is none of its own.
        if kind == "module" and not getattr(value, "__name__", "").startswith(place):
            continue
        signature, doc = described(value) if kind != "constant" else ("", "")
        if "<object object" in signature or "at 0x" in signature:
            signature = ""
        found.append({"name": place + "." + name, "kind": kind, "signature": signature, "doc": doc[:1500]})
print(json.dumps(found, ensure_ascii=False))
