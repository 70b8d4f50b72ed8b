import csv, glob, gzip, io, json, os, pathlib, pickle, shutil, tempfile, zipfile

with open("text.txt", "w") as file:
    print(file.write("héllo\n学园\n"), file.name, file.mode, file.encoding.lower(), file.closed, file.writable(), file.readable())
print(file.closed, open("text.txt").read(), os.path.getsize("text.txt"))
for number, line in enumerate(open("text.txt"), 1):
    print(number, repr(line))
with open("text.txt", "a") as file:
    print("more", file=file)
    file.writelines(["x\n", "y"])
with open("text.txt") as file:
    print(file.readline(), file.readlines(), file.read())
    file.seek(0)
    print(file.read(3), next(iter(file)))
with open("text.txt", "r+") as file:
    file.seek(2)
    file.truncate()
print(repr(open("text.txt", "rb").read()))
with open("data.bin", "wb") as file:
    file.write(bytes(range(256)) * 300)
with open("data.bin", "rb") as file:
    print(file.seek(10), file.read(4), file.tell(), len(file.read()), file.seek(-2, 2), file.read(), file.read())
    file.seek(0)
    buffer = bytearray(5)
    print(file.readinto(buffer), bytes(buffer), file.peek(1)[:1], file.seekable())
with open("data.bin", "r+b") as file:
    file.seek(5)
    file.write(b"XX")
    file.seek(4)
    print(file.read(4))
    print(file.truncate(100))
print(os.stat("data.bin").st_size, len(open("data.bin", "rb", buffering=0).read()))
with open("lines.txt", "w", newline="\r\n") as file:
    file.write("a\nb\n")
print(open("lines.txt", "rb").read(), repr(open("lines.txt").read()), repr(open("lines.txt", newline="").read()))
with open("latin.txt", "w", encoding="latin-1") as file:
    file.write("é")
print(open("latin.txt", "rb").read(), open("latin.txt", encoding="latin-1").read(), open("latin.txt", errors="replace").read(), open("latin.txt", errors="ignore").read())
for mode in ("x", "q", "rw", "br+", "bt", "wb+"):
    try:
        with open("fresh.txt", mode) as file:
            print(mode, "ok")
    except (OSError, ValueError) as error:
        print(mode, type(error).__name__, error)
for call in (
    lambda: open("missing.txt"), lambda: open("fresh.txt", "x"), lambda: open("."), lambda: open("missing/file.txt", "w"),
    lambda: open("text.txt/inside"), lambda: open("text.txt").write("x"), lambda: open("fresh.txt", "w").read(),
    lambda: open("text.txt", "rb", encoding="utf-8"), lambda: os.listdir("missing"), lambda: os.mkdir("text.txt"),
    lambda: os.remove("missing.txt"), lambda: os.rmdir("missing"), lambda: os.rename("missing", "other"),
    lambda: open("latin.txt").read(), lambda: open(""), lambda: os.listdir("text.txt"),
    lambda: pathlib.Path("missing").read_text(), lambda: os.stat("missing"), lambda: os.rmdir("text.txt"),
):
    try:
        print(call())
    except (OSError, ValueError) as error:
        print(type(error).__name__, getattr(error, "errno", None), getattr(error, "filename", None), error)

os.makedirs("a/b/c")
os.makedirs("a/b/c", exist_ok=True)
try:
    os.makedirs("a/b/c")
except FileExistsError as error:
    print(error)
with open("a/b/f.txt", "w") as file:
    file.write("hi")
print([(top, sorted(folders), sorted(files)) for top, folders, files in os.walk("a")])
os.rename("a/b/f.txt", "a/g.txt")
os.replace("a/g.txt", "a/b/g.txt")
print(sorted(os.listdir("a")), sorted((entry.name, entry.is_dir(), entry.is_file()) for entry in os.scandir("a/b")))
try:
    os.rmdir("a")
except OSError as error:
    print(error.strerror)
shutil.rmtree("a")
print(os.path.exists("a"), os.path.isdir("."), os.path.isfile("text.txt"), os.path.join("a", "b"), os.path.splitext("a/b.pt"))
print(os.path.basename("a/b.c"), os.path.dirname("a/b.c"), os.path.abspath("x") == os.path.join(os.getcwd(), "x"), os.path.relpath("a/b", "a"))

path = pathlib.Path("sub") / "deep"
path.mkdir(parents=True, exist_ok=True)
print((path / "x.txt").write_text("hello"), (path / "x.txt").read_text(), (path / "y.bin").write_bytes(b"ab"), (path / "y.bin").read_bytes())
print(sorted(str(p) for p in pathlib.Path("sub").rglob("*")), sorted(p.name for p in path.iterdir()), [str(p) for p in path.glob("*.txt")])
print(path.exists(), path.is_dir(), (path / "x.txt").stat().st_size, (path / "x.txt").suffix, (path / "x.txt").with_suffix(".pt"), path.parent, path.name)
with (path / "x.txt").open("a") as file:
    file.write("!")
(path / "x.txt").rename(path / "z.txt")
(path / "y.bin").unlink()
(path / "none").unlink(missing_ok=True)
print(sorted(glob.glob("**/*.txt", recursive=True)), glob.glob("*.bin"), pathlib.Path("sub").resolve() == pathlib.Path.cwd() / "sub")

with open("c.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, ["a", "b"])
    writer.writeheader()
    writer.writerow({"a": 1, "b": "x,y"})
with open("c.csv", newline="") as file:
    print(list(csv.DictReader(file)))
with open("j.json", "w") as file:
    json.dump({"a": [1, {"b": None}]}, file)
print(json.load(open("j.json")))
with open("p.pkl", "wb") as file:
    pickle.dump({"x": (1, 2.5, "s", b"b", [None, True], {1, 2})}, file)
print(pickle.load(open("p.pkl", "rb")))
print(shutil.copy("c.csv", "c2.csv"), shutil.copy2("c.csv", "c3.csv"), shutil.move("c2.csv", "sub/c2.csv"), shutil.copytree("sub", "sub2"))
print(sorted(os.listdir("sub2")), os.path.exists("c2.csv"))
with gzip.open("z.gz", "wt") as file:
    file.write("zipped")
print(gzip.open("z.gz", "rt").read())
with zipfile.ZipFile("z.zip", "w") as archive:
    archive.writestr("in/x.txt", "inside")
    archive.write("c.csv")
with zipfile.ZipFile("z.zip") as archive:
    print(archive.namelist(), archive.read("in/x.txt"))
    archive.extractall("unzipped")
print(open("unzipped/in/x.txt").read())
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "t"), "w") as file:
        file.write("t")
    print(os.listdir(folder))
print(os.path.exists(folder))
with tempfile.NamedTemporaryFile("w+") as file:
    file.write("temporary")
    file.seek(0)
    print(file.read(), os.path.exists(file.name))
os.environ["LYCEUM_TEST"] = "1"
print(os.environ.get("LYCEUM_TEST"), os.getenv("LYCEUM_MISSING", "default"), os.sep, os.linesep == "\n", os.name, os.fspath(path), len(os.urandom(4)))
os.utime("c.csv", (1, 2))
print(os.path.getmtime("c.csv"), os.access("c.csv", os.R_OK), os.path.samefile("c.csv", "./c.csv"))
number = os.open("fd.txt", os.O_RDWR | os.O_CREAT)
print(os.write(number, b"abc"), os.lseek(number, 0, os.SEEK_SET), os.read(number, 10), os.fstat(number).st_size, os.close(number))
os.chdir("sub")
print(os.path.basename(os.getcwd()), sorted(os.listdir()))
