//! The licences of everything that the binary is built from, read from the crates' manifests. A crate must offer at
//! least one licence of the list, or stand among the exceptions with the reason why it is welcome all the same.

use crate::project::Package;

/// Permissive licences: they ask for a notice at most.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// A crate that is welcome under another licence.
struct Exception {
    name: &'static str,
    /// What its manifest says; empty where it names only a file.
    licence: &'static str,
    /// Why it is welcome; `docs/dependencies.md` says it at length.
    reason: &'static str,
}

const RELINKABLE: &str = "RustPython's integers; unchanged, and whoever has our source can link another version";
const PYTHONS_OWN: &str = "Python's own licence, permissive";

const EXCEPTIONS: &[Exception] = &[
    Exception {
        name: "jpeg-encoder",
        licence: "(MIT OR Apache-2.0) AND IJG",
        reason: "the Independent JPEG Group's licence is permissive and asks for a line of thanks in documents",
    },
    Exception { name: "libbz2-rs-sys", licence: "bzip2-1.0.6", reason: "permissive, in the manner of BSD" },
    Exception { name: "malachite-base", licence: "LGPL-3.0-only", reason: RELINKABLE },
    Exception { name: "malachite-bigint", licence: "LGPL-3.0-only", reason: RELINKABLE },
    Exception { name: "malachite-nz", licence: "LGPL-3.0-only", reason: RELINKABLE },
    Exception { name: "malachite-q", licence: "LGPL-3.0-only", reason: RELINKABLE },
    Exception { name: "mt19937", licence: "", reason: "its file is BSD-3-Clause" },
    Exception { name: "pymath", licence: "PSF-2.0", reason: PYTHONS_OWN },
    Exception { name: "result-like", licence: "BSD-2-Clause-Views", reason: "BSD-2-Clause and a disclaimer" },
    Exception { name: "result-like-derive", licence: "BSD-2-Clause-Views", reason: "BSD-2-Clause and a disclaimer" },
    Exception { name: "rustpython-doc", licence: "", reason: PYTHONS_OWN },
    Exception { name: "rustpython-pylib", licence: "", reason: PYTHONS_OWN },
    Exception { name: "syn-ext", licence: "", reason: "its file is BSD-2-Clause" },
];

/// Lists the crates whose licence is neither allowed nor excepted, and the exceptions that nothing needs.
pub fn problems(packages: &[Package]) -> Vec<String> {
    let excepted = |package: &Package| {
        EXCEPTIONS.iter().any(|exception| exception.name == package.name && exception.licence == package.licence)
    };
    let refused =
        packages.iter().filter(|package| !is_allowed(&package.licence) && !excepted(package)).map(|package| {
            let licence = if package.licence.is_empty() { "no named licence" } else { &package.licence };
            format!("{}: {licence}", package.name)
        });
    let idle = EXCEPTIONS
        .iter()
        .filter(|exception| !packages.iter().any(|package| package.name == exception.name))
        .map(|exception| format!("nothing needs the exception for {} ({})", exception.name, exception.reason));
    refused.chain(idle).collect()
}

/// Tells whether an SPDX expression leaves a choice of allowed licences.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, position: 0 };
    reader.any_of() && reader.position == words.len()
}

/// Reads an expression: `OR` binds least, then `AND`, then `WITH`. What is malformed is not allowed.
struct Reader<'a> {
    words: &'a [&'a str],
    position: usize,
}

impl Reader<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.words.get(self.position) == Some(&word);
        self.position += usize::from(is_next);
        is_next
    }

    fn any_of(&mut self) -> bool {
        let mut allowed = self.all_of();
        while self.takes("OR") {
            allowed |= self.all_of();
        }
        allowed
    }

    fn all_of(&mut self) -> bool {
        let mut allowed = self.one();
        while self.takes("AND") {
            allowed &= self.one();
        }
        allowed
    }

    fn one(&mut self) -> bool {
        if self.takes("(") {
            return self.any_of() & self.takes(")");
        }
        let Some(&licence) = self.words.get(self.position) else { return false };
        self.position += 1;
        if !self.takes("WITH") {
            return ALLOWED.contains(&licence);
        }
        let exception = self.words.get(self.position).copied().unwrap_or_default();
        self.position += 1;
        ALLOWED.contains(&format!("{licence} WITH {exception}").as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_choice_is_enough() {
        for expression in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
            "MIT OR LGPL-3.0-only AND GPL-2.0-only",
        ] {
            assert!(is_allowed(expression), "{expression}");
        }
    }

    #[test]
    fn other_licences_and_broken_expressions_are_refused() {
        for expression in [
            "",
            "LGPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "(MIT OR Apache-2.0) AND GPL-2.0-only",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "(MIT",
            "MIT Apache-2.0",
        ] {
            assert!(!is_allowed(expression), "{expression}");
        }
    }

    #[test]
    fn an_exception_holds_only_for_the_licence_it_was_made_for() {
        let package = |licence: &str| Package {
            name: "pymath".into(),
            folder: "/".into(),
            licence: licence.into(),
            dependencies: Vec::new(),
        };
        let found = |licence: &str| problems(&[package(licence)]).iter().any(|problem| problem.starts_with("pymath: "));
        assert!(!found("PSF-2.0") && !found("MIT") && found("GPL-3.0-only"));
    }
}
