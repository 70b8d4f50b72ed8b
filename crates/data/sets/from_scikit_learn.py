"""Makes the built-in sets from the files that scikit-learn ships.

    python from_scikit_learn.py   # in an environment that has scikit-learn; writes beside this file

The numbers are taken over as they are; only the form changes: one CSV with a header for each set,
classes by name, compressed without a date so that the same numbers give the same bytes.
"""

import csv
import gzip
import io
from importlib.resources import files
from pathlib import Path

SOURCE = files("sklearn.datasets") / "data"
TARGET = Path(__file__).parent


def write(name, header, rows):
    text = "".join(",".join(row) + "\n" for row in [header, *rows])
    packed = io.BytesIO()
    with gzip.GzipFile("", mode="wb", fileobj=packed, mtime=0, compresslevel=9) as file:
        file.write(text.encode())
    folder = TARGET / name
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv.gz").write_bytes(packed.getvalue())
    print(f"{name}: {len(rows)} rows, {len(packed.getvalue())} bytes")


def shortest(number):
    value = float(number)
    return str(int(value)) if value == int(value) else repr(value)


def lines(name):
    data = (SOURCE / name).read_bytes()
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    return data.decode().splitlines()


def classes(name, header):
    first, *rows = csv.reader(lines(name))
    names = first[2:]
    return header, [[*row[:-1], names[int(row[-1])]] for row in rows]


lengths = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
write("iris", *classes("iris.csv", [*lengths, "species"]))

properties = [
    "radius", "texture", "perimeter", "area", "smoothness",
    "compactness", "concavity", "concave_points", "symmetry", "fractal_dimension",
]
measured = [f"{kind}_{name}" for kind in ["mean", "error", "worst"] for name in properties]
write("breast_cancer", *classes("breast_cancer.csv", [*measured, "diagnosis"]))

columns = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"]
patients = zip(lines("diabetes_data_raw.csv.gz"), lines("diabetes_target.csv.gz"))
write("diabetes", columns, [[shortest(n) for n in f"{row} {target}".split()] for row, target in patients])

pixels = [f"pixel_{y}_{x}" for y in range(8) for x in range(8)]
write("digits", [*pixels, "digit"], [[shortest(n) for n in row.split(",")] for row in lines("digits.csv.gz")])
