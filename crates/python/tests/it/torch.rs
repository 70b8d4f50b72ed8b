//! The package `torch`: each program in `tests/library` checks what it computes and ends with `ok`, as it does under
//! CPython with PyTorch.

use std::path::Path;

use crate::runner::Workspace;

#[test]
fn programs_that_pass_under_pytorch_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a program");
        let ran = Workspace::new().run(&source);
        assert_eq!((ran.status, ran.stdout.as_str()), (0, "ok\n"), "{}:\n{}", path.display(), ran.stderr);
        count += 1;
    }
    assert!(count >= 6, "only {count} programs");
}
