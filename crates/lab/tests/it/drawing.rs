//! Drawings: each description in `tests/figures` gives the SVG that stands beside it.
//!
//! After a change of the drawing that is meant, `LYCEUM_UPDATE=1 cargo test -p lyceum-lab` writes them anew. Look at
//! them before they are committed.

use std::{fs, path::Path};

use lyceum_lab::figure::{
    Figure,
    svg::{self, Options, Theme},
};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures")
}

fn figure(name: &str) -> Figure {
    let text = fs::read_to_string(folder().join(name)).expect("a description");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn figures_are_drawn_as_before() {
    let mut count = 0;
    for entry in fs::read_dir(folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let drawn = svg::draw(&figure(&name), &Options::default());
        let stored = path.with_extension("svg");
        if std::env::var_os("LYCEUM_UPDATE").is_some() {
            fs::write(&stored, &drawn).expect("the drawing can be written");
        }
        let expected = fs::read_to_string(&stored).unwrap_or_default();
        for (line, (ours, theirs)) in drawn.lines().zip(expected.lines()).enumerate() {
            assert_eq!(ours, theirs, "{name}, line {}", line + 1);
        }
        assert_eq!(drawn.lines().count(), expected.lines().count(), "{name}");
        count += 1;
    }
    assert!(count >= 6, "only {count} figures");
}

#[test]
fn a_figure_survives_its_wire_form() {
    for name in ["curves.json", "decision.json", "bars.json"] {
        let figure = figure(name);
        let text = serde_json::to_string(&figure).unwrap();
        assert_eq!(serde_json::from_str::<Figure>(&text).unwrap(), figure, "{name}");
    }
}

#[test]
fn a_drawing_has_colours_for_day_and_night_and_names_that_do_not_clash() {
    let figure = figure("curves.json");
    let draw = |id: &str, theme| svg::draw(&figure, &Options { id: id.into(), theme });
    let both = draw("one", Theme::Both);
    assert!(both.contains("prefers-color-scheme:dark") && both.contains("#0072b2") && both.contains("#4fa8e0"));
    assert!(both.contains("id=\"one-title\"") && both.contains("aria-labelledby=\"one-title one-desc\""));
    let dark = draw("\"><script>", Theme::Dark);
    assert!(!dark.contains("@media") && !dark.contains("#0072b2") && !dark.contains("<script"));
    assert!(dark.contains("id=\"script-title\""));
}

#[test]
fn a_drawing_tells_what_is_in_it() {
    let drawn = svg::draw(&figure("curves.json"), &Options::default());
    let document = roxmltree::Document::parse(&drawn).unwrap();
    let text = |name| document.descendants().find(|node| node.has_tag_name(name)).and_then(|node| node.text()).unwrap();
    assert_eq!(text("title"), "Loss 损失");
    assert!(text("desc").contains("Horizontal axis (step) from"), "{}", text("desc"));
    assert!(text("desc").contains("Line “train”: 5 points, from 2 to 0.1."), "{}", text("desc"));
}
