//! The view of files: what a program sees, where what it writes goes, and that nothing else can be reached.

use std::fs;

use crate::runner::{Ran, Workspace};

#[track_caller]
fn ok(ran: &Ran, stdout: &str) {
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, stdout, ""));
}

#[test]
fn what_is_written_lands_in_the_runs_folder() {
    let workspace = Workspace::new().file("input.txt", "old\n").file("keep/a.txt", "a");
    let ran = workspace.run(
        "import os\nprint(open('input.txt').read(), end='')\nopen('input.txt', 'a').write('new\\n')\nprint(open('input.txt').read(), end='')\nopen('keep/b.txt', 'w').write('b')\nos.makedirs('models', exist_ok=True)\nopen('models/m.pt', 'wb').write(b'm')\nprint(sorted(os.listdir('keep')), os.path.exists('models/m.pt'))\nopen('gone.txt', 'w').close()\nos.remove('gone.txt')\n",
    );
    ok(&ran, "old\nold\nnew\n['a.txt', 'b.txt'] True\n");
    assert_eq!(ran.written, ["input.txt", "keep/b.txt", "models/m.pt"]);
    assert_eq!(fs::read_to_string(workspace.program_folder().join("input.txt")).expect("a file"), "old\n");
    assert_eq!(fs::read_to_string(workspace.out().join("input.txt")).expect("a file"), "old\nnew\n");
    assert!(!workspace.program_folder().join("models").exists());
    assert!(!workspace.program_folder().join("keep/b.txt").exists());
}

#[test]
fn a_second_run_sees_the_first() {
    let workspace = Workspace::new();
    let source = "import os\nprint(os.path.exists('state.txt'))\nopen('state.txt', 'w').write('1')\n";
    ok(&workspace.run(source), "False\n");
    ok(&workspace.run(source), "True\n");
}

#[test]
fn a_run_that_writes_nothing_leaves_no_folder() {
    let workspace = Workspace::new();
    ok(&workspace.run("open('main.py').read()\n"), "");
    assert!(!workspace.out().exists());
}

#[test]
fn files_that_are_left_open_are_complete() {
    let workspace = Workspace::new();
    ok(&workspace.run("f = open('open.txt', 'w')\nf.write('x' * 100)\n"), "");
    assert_eq!(fs::read(workspace.out().join("open.txt")).expect("a file").len(), 100);
    let ran = workspace.run("f = open('open.txt', 'w')\nf.write('y' * 50)\n1 / 0\n");
    assert_eq!(ran.status, 1);
    assert_eq!(fs::read(workspace.out().join("open.txt")).expect("a file").len(), 50);
}

#[test]
fn removing_hides_a_file_of_the_program_for_this_run() {
    let workspace = Workspace::new().file("a.txt", "a").file("d/x.txt", "x").file("d/e/y.txt", "y");
    let ran = workspace.run(
        r#"
import os, shutil
os.remove("a.txt")
print(os.path.exists("a.txt"), "a.txt" in os.listdir())
try:
    open("a.txt")
except FileNotFoundError as error:
    print(error)
shutil.rmtree("d")
print(os.path.exists("d"), os.path.exists("d/x.txt"))
os.mkdir("d")
print(os.listdir("d"))
open("a.txt", "w").write("again")
print(open("a.txt").read())
"#,
    );
    ok(&ran, "False False\n[Errno 2] No such file or directory: 'a.txt'\nFalse False\n[]\nagain\n");
    assert_eq!(fs::read_to_string(workspace.program_folder().join("a.txt")).expect("a file"), "a");
    assert!(workspace.program_folder().join("d/e/y.txt").exists());
}

#[test]
fn renaming_copies_what_belongs_to_the_program() {
    let workspace = Workspace::new().file("a.txt", "a").file("d/x.txt", "x");
    let ran = workspace.run(
        r#"
import os, shutil
os.rename("a.txt", "b.txt")
print(os.path.exists("a.txt"), open("b.txt").read())
try:
    os.rename("d", "e")
except OSError as error:
    print(error.strerror)
shutil.move("d", "e")
print(os.path.exists("d"), os.listdir("e"))
os.rename("e", "f")
print(os.listdir("f"))
os.replace("b.txt", "f/x.txt")
print(open("f/x.txt").read())
"#,
    );
    ok(&ran, "False a\nInvalid cross-device link\nFalse ['x.txt']\n['x.txt']\na\n");
    assert_eq!(ran.written, ["f/x.txt"]);
    assert!(workspace.program_folder().join("a.txt").exists());
}

#[test]
fn data_folders_are_seen_and_never_written_to() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().canonicalize().expect("it exists");
    fs::write(folder.join("input.txt"), "data").expect("a file");
    let workspace = Workspace::new().data(&folder).arguments(&[&folder.display().to_string()]);
    let ran = workspace.run(
        r#"
import os, sys
folder = sys.argv[1]
print(open("input.txt").read(), open(os.path.join(folder, "input.txt")).read(), os.listdir(folder))
try:
    open(os.path.join(folder, "new.txt"), "w")
except OSError as error:
    print(type(error).__name__, error.errno, error.strerror)
try:
    os.remove(os.path.join(folder, "input.txt"))
except OSError as error:
    print(error.strerror)
open("input.txt", "w").write("mine")
print(open("input.txt").read(), open(os.path.join(folder, "input.txt")).read())
"#,
    );
    ok(&ran, "data data ['input.txt']\nOSError 30 Read-only file system\nRead-only file system\nmine data\n");
    assert_eq!(ran.written, ["input.txt"]);
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1);
}

#[test]
fn nothing_else_can_be_reached() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.txt"), "secret").expect("a file");
    let workspace = Workspace::new().file("sub/inner.txt", "inner");
    let folder = workspace.program_folder();
    let link =
        |target: &std::path::Path, name: &str| std::os::unix::fs::symlink(target, folder.join(name)).expect("a link");
    link(&outside.path().join("secret.txt"), "link.txt");
    link(outside.path(), "linked");
    link(std::path::Path::new("../../../../../../etc"), "up");
    link(std::path::Path::new("sub/inner.txt"), "within.txt");
    let workspace = workspace.arguments(&[&outside.path().join("secret.txt").display().to_string()]);
    let ran = workspace.run(
        r#"
import glob, os, pathlib, shutil, sys
secret = sys.argv[1]
paths = [
    secret, "/etc/passwd", "../../../../../../../../etc/passwd", "sub/../../../../../../../etc/passwd", "/proc/self/environ",
    "link.txt", "linked/secret.txt", "up/passwd", "/dev/zero", "~/.ssh/id_rsa", "/", "/proc", "/root",
    "\ud800", "x" * 5000, "a/" * 3000,
]
reads = [
    open, lambda p: open(p, "r+"), lambda p: open(p, "a"), lambda p: os.listdir(p) or 1 / 0, os.scandir,
    lambda p: os.open(p, os.O_RDONLY), lambda p: pathlib.Path(p).read_bytes(), lambda p: shutil.copy(p, "stolen"),
    lambda p: os.truncate(p, 0), os.utime, lambda p: os.chmod(p, 0o777), lambda p: os.link(p, "stolen"),
]
writes = [
    lambda p: open(p, "w"), lambda p: open(p, "x"), os.remove, os.rmdir, os.mkdir, lambda p: os.rename(p, "stolen"),
    lambda p: os.rename("sub/inner.txt", p), lambda p: os.symlink(p, "stolen"), shutil.rmtree,
]
for path in paths:
    # What is written in place of a link of the program's folder is the program's own file.
    for number, call in enumerate(reads if path == "link.txt" else reads + writes):
        try:
            call(path)
        except (OSError, ValueError):
            continue
        print("reached", repr(path[:40]), number)
print(glob.glob("/etc/*"), glob.glob("linked/*"), os.path.exists(secret), os.path.exists("/etc"), open("within.txt").read())
print(os.path.exists("stolen"), os.path.isdir("/"), os.path.exists("/etc/passwd"))
"#,
    );
    ok(&ran, "[] [] False False inner\nFalse True False\n");

    assert_eq!(fs::read_to_string(outside.path().join("secret.txt")).expect("a file"), "secret");
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 1);
}

#[test]
fn temporary_files_are_gone_at_the_end() {
    let ran = Workspace::new().run("import tempfile, os\nf = tempfile.NamedTemporaryFile(delete=False)\nf.write(b'x')\nf.close()\nprint(f.name.startswith('/tmp/'), os.path.getsize(f.name), tempfile.gettempdir())\n");
    ok(&ran, "True 1 /tmp\n");
    assert!(ran.written.is_empty());
}

#[test]
fn the_null_device_takes_everything() {
    let ran = Workspace::new().run("import os, contextlib\nwith open(os.devnull, 'w') as null, contextlib.redirect_stdout(null):\n    print('nothing')\nprint(open(os.devnull).read() == '')\n");
    ok(&ran, "True\n");
}

#[test]
fn encodings_of_chinese_text_are_read_and_written() {
    let workspace = Workspace::new().file("gbk.txt", b"\xd1\xa7\xd4\xb0\n".repeat(20_000));
    let ran = workspace.run(
        r#"
text = open("gbk.txt", encoding="gbk").read()
print(len(text), text[:2])
for name in ("gbk", "gb2312", "gb18030", "utf-16", "cp936"):
    with open("t.txt", "w", encoding=name) as file:
        file.write("学园\n")
    print(name, open("t.txt", "rb").read().hex() if name != "utf-16" else "", repr(open("t.txt", encoding=name).read()))
try:
    b"\xff\xff".decode("gbk")
except UnicodeDecodeError as error:
    print(error)
print(b"a\xffb".decode("gbk", "replace"), "a🚀".encode("gbk", "ignore"), "🚀".encode("gb18030"))
"#,
    );
    ok(
        &ran,
        "60000 学园\ngbk d1a7d4b00a '学园\\n'\ngb2312 d1a7d4b00a '学园\\n'\ngb18030 d1a7d4b00a '学园\\n'\nutf-16  '学园\\n'\ncp936 d1a7d4b00a '学园\\n'\n'gbk' codec can't decode byte 0xff in position 0: illegal multibyte sequence\na\u{fffd}b b'a' b'\\x950\\x8b4'\n",
    );
}
