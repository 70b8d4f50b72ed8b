"""Writes the small `.pt` files that crates/engine/tests/data/pt holds, with real PyTorch 2.15.

Run by hand from the root of the project: python golden/pt_files.py
"""

import collections
import zipfile
from pathlib import Path

import torch

folder = Path("crates/engine/tests/data/pt")
folder.mkdir(parents=True, exist_ok=True)


class Custom:
    pass


def save(name, value, **options):
    torch.save(value, folder / f"{name}.pt", **options)


torch.manual_seed(0)
base = torch.arange(12.0).reshape(3, 4)
model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))

save("state_dict", model.state_dict())
save("tensor", torch.tensor([[1, 2], [3, 4]]))
save("views", {
    "whole": base, "transposed": base.t(), "rows": base[1:], "column": base[:, 2], "scalar": base[2, 3],
    "expanded": base[0].expand(5, 4), "empty": base[3:], "again": base,
})
save("dtypes", {
    str(dtype).removeprefix("torch."): torch.tensor([0, 1, 2]).to(dtype)
    for dtype in (torch.bool, torch.uint8, torch.int32, torch.int64, torch.float32, torch.float64, torch.float16,
                  torch.bfloat16)
})
shared = [1, 2]
save("plain", {
    "int": 7, "negative": -5, "large": 2**40, "float": 2.5, "text": "学园", "none": None, "true": True, "false": False,
    "list": [1, "a", None], "tuple": (1, 2, 3, 4), "empty": (), "nested": {"x": [{"y": (1,)}]}, 3: "three",
    "ordered": collections.OrderedDict(b=1, a=2), "set": {1}, "bytes": b"\x00\xff", "size": base.shape,
    "dtype": torch.float32, "device": torch.device("cpu"), "shared": [shared, shared],
})
save("checkpoint", {
    "epoch": 3, "model": model.state_dict(),
    "optimizer": torch.optim.Adam(model.parameters(), lr=0.01).state_dict(), "loss": 0.25,
})
save("parameter", torch.nn.Parameter(torch.ones(2, 2)))
save("protocol4", {"a": base, "list": [1, 2], "set": {1, 2}, "bytes": b"xy"}, pickle_protocol=4)
save("refused_object", Custom())
save("refused_module", torch.nn.Linear(1, 1))
save("refused_int16", torch.tensor([1, 2], dtype=torch.int16))
save("old_format", {"a": base}, _use_new_zipfile_serialization=False)
loop = []
loop.append(loop)
save("refused_loop", loop)

with zipfile.ZipFile(folder / "tensor.pt") as stored, \
        zipfile.ZipFile(folder / "refused_compressed.pt", "w", zipfile.ZIP_DEFLATED) as packed:
    for name in stored.namelist():
        packed.writestr(name, stored.read(name))

print(*(f"{path.name} {path.stat().st_size}" for path in sorted(folder.iterdir())), sep="\n")
