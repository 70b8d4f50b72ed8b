//! The Python library in `lib/`, compiled to bytecode and put into the binary when the crate is built.
//!
//! With the feature `dev-pylib`, `LYCEUM_PYLIB=DIR` takes the library from a folder instead, so that a change to a
//! Python file needs no build.

use rustpython_vm::frozen::FrozenModule;

/// The modules of `lib/`, by their full names.
pub(crate) fn library() -> Vec<(&'static str, FrozenModule)> {
    #[cfg(feature = "dev-pylib")]
    if let Some(library) = from_disk::library() {
        return library.to_vec();
    }
    rustpython_vm::py_freeze!(dir = "../lib", crate_name = "rustpython_vm").decode().collect()
}

/// Reads a library that comes from a folder, which has to happen before the process is confined.
pub(crate) fn open() {
    #[cfg(feature = "dev-pylib")]
    from_disk::library();
}

#[cfg(feature = "dev-pylib")]
mod from_disk {
    use std::path::Path;
    use std::sync::LazyLock;

    use rustpython_vm::{
        compiler::{CompileOpts, Mode, compile},
        frozen::{FrozenCodeObject, FrozenModule},
    };

    type Library = Vec<(&'static str, FrozenModule)>;

    static LIBRARY: LazyLock<Option<Library>> = LazyLock::new(|| {
        let folder = std::env::var_os("LYCEUM_PYLIB")?;
        let mut modules = Vec::new();
        add_folder(Path::new(&folder), "", &mut modules);
        Some(modules)
    });

    /// Compiles the folder's Python, once. A file that does not compile is reported and left out.
    pub(super) fn library() -> Option<&'static Library> {
        LIBRARY.as_ref()
    }

    fn add_folder(folder: &Path, package: &str, modules: &mut Library) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            eprintln!("LYCEUM_PYLIB: cannot read {}", folder.display());
            return;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
            let name = if package.is_empty() { stem.to_owned() } else { format!("{package}.{stem}") };
            if path.is_dir() {
                add_folder(&path, &name, modules);
            } else if path.extension().is_some_and(|extension| extension == "py") {
                let is_package = stem == "__init__";
                add_file(&path, if is_package { package } else { &name }, is_package, modules);
            }
        }
    }

    fn add_file(path: &Path, name: &str, package: bool, modules: &mut Library) {
        let compiled = std::fs::read_to_string(path).map_err(|cause| cause.to_string()).and_then(|source| {
            compile(&source, Mode::Exec, name, CompileOpts::default()).map_err(|cause| cause.to_string())
        });
        match compiled {
            Ok(code) => {
                let bytes: &'static [u8] = FrozenCodeObject::encode(&code).bytes.leak();
                modules.push((name.to_owned().leak(), FrozenModule { code: FrozenCodeObject { bytes }, package }));
            }
            Err(cause) => eprintln!("LYCEUM_PYLIB: {}: {cause}", path.display()),
        }
    }
}
