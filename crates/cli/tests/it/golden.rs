//! The golden cases, which real PyTorch recorded, shown again by the binary: `golden/replay.py`.

use std::{fs, path::Path};

use crate::sandbox::{Sandbox, ended};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden");

/// Makes a test of each family, and the list of them.
macro_rules! families {
    ($($family:ident),* $(,)?) => {
        const FAMILIES: &[&str] = &[$(stringify!($family)),*];
        $(
            #[test]
            fn $family() {
                replay(stringify!($family));
            }
        )*
    };
}

families![
    creation,
    pointwise,
    arithmetic,
    promotion,
    comparison,
    reductions,
    matmul,
    indexing,
    views,
    inplace,
    joining,
    sorting,
    activations,
    convolution,
    normalization,
    losses,
    autograd,
    second_derivatives,
    modules,
    printing,
    module_repr,
    random_numbers,
    initialization,
    optimizers,
    schedulers,
    data_loading,
    saving,
    errors,
    idioms,
    training,
    packing,
    recurrent,
    attention,
    transformer,
    checkpointing,
    spectrum,
    ctc,
    language_models,
    parametrization,
    half_precision,
    vision_pictures,
    vision_transforms,
    vision_boxes,
    tokenizers_package,
    tqdm_line,
    numpy_arrays,
    numpy_indexing,
    numpy_arithmetic,
    numpy_functions,
    numpy_linalg,
    numpy_random,
    numpy_bridge,
    distributions,
    function_transforms,
];

#[track_caller]
fn replay(family: &str) {
    let replay = format!("{GOLDEN}/replay.py");
    let output = Sandbox::new().command().args(["run", &replay, "--", family]).output().unwrap();
    let ended = ended(output).code(0);
    assert!(ended.stdout.trim_end().ends_with(" passed, 0 failed"), "{}", ended.stdout);
}

#[test]
fn every_family_has_its_test() {
    let mut names: Vec<String> = fs::read_dir(Path::new(GOLDEN).join("cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut listed = FAMILIES.to_vec();
    names.sort();
    listed.sort();
    assert_eq!(names, listed);
}
