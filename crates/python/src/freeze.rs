//! The Python library in `lib/`, compiled to bytecode and put into the binary when the crate is built.
//!
//! With the feature `dev-pylib`, `LYCEUM_PYLIB=DIR` takes the library from a folder instead, so that a change to a
//! Python file needs no build.

use rustpython_vm::frozen::FrozenModule;

/// The modules of `lib/`, by their full names.
pub(crate) fn library() -> Vec<(&'static str, FrozenModule)> {
    #[cfg(feature = "dev-pylib")]
    if let Some(folder) = std::env::var_os("LYCEUM_PYLIB") {
        return from_disk::library(std::path::Path::new(&folder));
    }
    rustpython_vm::py_freeze!(dir = "../lib", crate_name = "rustpython_vm").decode().collect()
}

#[cfg(feature = "dev-pylib")]
mod from_disk {
    use std::path::Path;

    use rustpython_vm::{
        compiler::{CompileOpts, Mode, compile},
        frozen::{FrozenCodeObject, FrozenModule},
    };

    /// Compiles a folder of Python. A file that does not compile is reported and left out.
    pub(super) fn library(folder: &Path) -> Vec<(&'static str, FrozenModule)> {
        let mut modules = Vec::new();
        add_folder(folder, "", &mut modules);
        modules
    }

    fn add_folder(folder: &Path, package: &str, modules: &mut Vec<(&'static str, FrozenModule)>) {
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

    fn add_file(path: &Path, name: &str, package: bool, modules: &mut Vec<(&'static str, FrozenModule)>) {
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
