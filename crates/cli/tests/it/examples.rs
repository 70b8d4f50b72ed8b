//! The examples that measure themselves, in the short form: each has to reach what its head claims of it.

#[path = "../../../../xtask/src/examples/claims.rs"]
mod claims;

use std::path::Path;

use crate::sandbox::{Sandbox, ended};
use claims::Values;

#[test]
fn every_example_reaches_what_it_claims_of_its_short_form() {
    let project = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let examples = claims::find(project).unwrap();
    assert!(!examples.is_empty(), "no example measures itself");
    for example in examples {
        let sandbox = Sandbox::new();
        let mut command = sandbox.command();
        // What an example reads is named from the project's folder on; what it writes stays in the sandbox.
        let arguments = example.arguments.iter().map(|word| match project.join(word) {
            path if !word.starts_with('-') && path.exists() => path.display().to_string(),
            _ => word.clone(),
        });
        command.arg("run").args(arguments).args(["--", "--short"]);
        let printed = ended(command.output().unwrap()).code(0).stdout;
        let values = Values::of(&printed).unwrap_or_else(|error| panic!("{}: {error}\n{printed}", example.file));
        for claim in example.short.iter() {
            assert_eq!(claim.holds(&values), Ok(true), "{}: {claim}, but {values}\n{printed}", example.file);
        }
        assert!(!example.result.is_empty(), "{}", example.file);
    }
}
