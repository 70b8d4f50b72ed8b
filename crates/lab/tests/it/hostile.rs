//! Figures of a program that means no good: whatever is in them, a drawing ends, is of bounded length, and is well-formed
//! XML without anything that is executed or loaded.

use lyceum_lab::figure::{
    Figure, limits,
    svg::{self, Options},
    thin,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Numbers that break things.
fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (-10.0..10.0f64).prop_map(|value| json!(value)),
        2 => any::<f64>().prop_map(|value| if value.is_finite() { json!(value) } else { json!("NaN") }),
        1 => prop::sample::select(vec![
            json!("NaN"), json!("Infinity"), json!("-Infinity"), json!(1e308), json!(-1e308), json!(1.7976931348623157e308),
            json!(5e-324), json!(0), json!(-0.0), json!(u64::MAX),
        ]),
    ]
}

fn numbers() -> impl Strategy<Value = Value> {
    prop::collection::vec(prop_oneof![9 => number(), 1 => Just(Value::Null)], 0..12).prop_map(Value::Array)
}

/// Text that breaks things.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        prop::collection::vec(any::<char>(), 0..20).prop_map(|characters| characters.into_iter().collect()),
        prop::sample::select(vec![
            "</text><script>alert(1)</script>".to_owned(),
            "\" onload=\"alert(1)".to_owned(),
            "$\\frac{a}{$".to_owned(),
            "$$$$$".to_owned(),
            "${{{{{{{{{{{{x^{_{^{_}}}}}}}}}}}}}$".to_owned(),
            "\0\u{1}\u{7f}\u{fffe}\u{202e}".to_owned(),
            "]]>&amp;<!--".to_owned(),
            "x".repeat(100_000),
            "a\n".repeat(1_000),
        ]),
    ]
}

fn color() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("C0"),
        json!("C9"),
        json!("ink"),
        json!("paper"),
        json!("#12345678"),
        json!("#ffffff"),
    ])
}

fn stroke() -> impl Strategy<Value = Value> {
    (color(), number(), prop::sample::select(vec!["solid", "dashed", "dotted", "dashdot"]))
        .prop_map(|(color, width, dash)| json!({"color": color, "width": width, "dash": dash}))
}

fn paint() -> impl Strategy<Value = Value> {
    prop_oneof![
        color().prop_map(|color| json!({"one": color})),
        Just(json!({"one": null})),
        prop::collection::vec(color(), 0..4).prop_map(|colors| json!({"each": colors})),
        (numbers(), number(), number(), any::<bool>(), text()).prop_map(|(values, low, high, log, cmap)| {
            json!({"shaded": {"values": values, "low": low, "high": high, "log": log, "cmap": cmap}})
        }),
    ]
}

fn mark() -> BoxedStrategy<Value> {
    let shape = prop::sample::select(vec!["circle", "star", "plus", "pixel", "filled_cross", "hexagon"]);
    let steps = prop::sample::select(vec!["none", "pre", "post", "mid"]);
    prop_oneof![
        (numbers(), numbers(), stroke(), (shape.clone(), number(), any::<u32>()), steps.clone(), number(), text()).prop_map(
            |(x, y, stroke, (shape, size, every), steps, alpha, label)| json!({
                "mark": "line", "x": x, "y": y, "stroke": stroke, "steps": steps, "alpha": alpha, "label": label,
                "marker": {"shape": shape, "size": size, "fill": "C1", "every": every},
            })
        ),
        (numbers(), numbers(), numbers(), paint(), shape, stroke(), number(), text()).prop_map(
            |(x, y, sizes, paint, shape, edge, alpha, label)| json!({
                "mark": "points", "x": x, "y": y, "sizes": sizes, "paint": paint, "shape": shape, "edge": edge,
                "alpha": alpha, "label": label,
            })
        ),
        (numbers(), numbers(), numbers(), numbers(), paint(), stroke(), any::<bool>(), text()).prop_map(
            |(left, right, bottom, top, paint, edge, lying, label)| json!({
                "mark": "bars", "left": left, "right": right, "bottom": bottom, "top": top, "paint": paint, "edge": edge,
                "lying": lying, "label": label,
            })
        ),
        (numbers(), numbers(), numbers(), any::<bool>(), steps, text()).prop_map(|(x, low, high, lying, steps, label)| json!({
            "mark": "area", "x": x, "low": low, "high": high, "lying": lying, "steps": steps, "label": label,
        })),
        (numbers(), numbers(), stroke(), text()).prop_map(|(x, y, edge, label)| json!({
            "mark": "polygon", "x": x, "y": y, "fill": "C2", "edge": edge, "label": label,
        })),
        (any::<u32>(), 0..9u32, 0..9u32, "[A-Za-z0-9+/=é]{0,40}", prop::array::uniform4(number()), text(), any::<bool>()).prop_map(
            |(huge, rows, columns, bytes, extent, cmap, smooth)| json!({
                "mark": "image", "rows": if huge % 5 == 0 { huge } else { rows }, "columns": columns,
                "pixels": if huge % 2 == 0 { json!({"shaded": {"cmap": cmap}}) } else { json!("rgb") },
                "bytes": bytes, "extent": extent, "smooth": smooth,
            })
        ),
        (numbers(), prop::collection::vec(number(), 2..5), prop::collection::vec(number(), 2..5), numbers(), paint(), any::<[bool; 4]>())
            .prop_map(|(more, x, y, levels, paint, [filled, below, above, labels])| {
                let z: Vec<Value> = (0..x.len() * y.len())
                    .map(|index| more.get(index % more.as_array().map_or(1, |more| more.len().max(1))).cloned().unwrap_or(json!(index)))
                    .collect();
                json!({
                    "mark": "contour", "x": x, "y": y, "z": z, "levels": levels, "filled": filled, "below": below,
                    "above": above, "paint": paint, "labels": labels,
                })
            }),
        (number(), any::<bool>(), prop::array::uniform2(number()), stroke(), text()).prop_map(|(at, vertical, span, stroke, label)| {
            json!({"mark": "rule", "at": at, "vertical": vertical, "span": span, "stroke": stroke, "label": label})
        }),
        (number(), number(), number(), text()).prop_map(|(x, y, slope, label)| {
            json!({"mark": "slope", "x": x, "y": y, "slope": slope, "label": label})
        }),
        (number(), number(), any::<bool>(), text()).prop_map(|(low, high, vertical, label)| {
            json!({"mark": "band", "low": low, "high": high, "vertical": vertical, "label": label})
        }),
        (numbers(), numbers(), numbers(), numbers(), number(), any::<bool>()).prop_map(|(x0, y0, x1, y1, caps, arrows)| {
            json!({"mark": "segments", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "caps": caps, "arrows": arrows})
        }),
        (number(), number(), text(), any::<bool>(), number(), number(), prop::array::uniform2(number()), prop::array::uniform2(number()))
            .prop_map(|(x, y, text, of_axes, size, rotation, target, offset)| {
                json!({
                    "mark": "text", "x": x, "y": y, "text": text, "of_axes": of_axes, "size": size, "rotation": rotation,
                    "arrow_to": target, "arrow": {"color": "C0"}, "arrow_head": true, "ground": "paper", "offset": offset,
                })
            }),
    ]
    .boxed()
}

fn axis() -> impl Strategy<Value = Value> {
    let tick = (number(), prop::option::of(text())).prop_map(|(at, label)| json!({"at": at, "label": label}));
    (
        text(),
        prop::sample::select(vec!["linear", "log"]),
        prop::option::of(number()),
        prop::option::of(number()),
        prop::option::of(prop::collection::vec(tick, 0..5)),
        any::<[bool; 4]>(),
        number(),
    )
        .prop_map(|(label, scale, low, high, ticks, [reversed, whole, grid, labels], rotation)| {
            json!({
                "label": label, "scale": scale, "low": low, "high": high, "ticks": ticks, "reversed": reversed,
                "whole": whole, "grid": grid, "tick_labels": labels, "tick_rotation": rotation,
            })
        })
}

fn axes() -> impl Strategy<Value = Value> {
    (
        prop::array::uniform6(any::<u16>()),
        (text(), text(), number(), number(), numbers(), text()),
        axis(),
        axis(),
        prop::sample::select(vec!["auto", "equal", "equal_wider"]),
        any::<[bool; 4]>(),
        prop::sample::select(vec!["best", "outside", "center", "lower_left"]),
        prop::collection::vec(mark(), 0..4),
    )
        .prop_map(
            |(cell, (title, label, low, high, levels, cmap), x, y, aspect, [bare, over, legend, colorbar], place, marks)| {
                json!({
                    "cell": {"rows": cell[0], "columns": cell[1], "row": cell[2], "column": cell[3], "row_span": cell[4],
                             "column_span": cell[5]},
                    "title": title, "x": x, "y": y, "aspect": aspect, "bare": bare, "over": over, "marks": marks,
                    "legend": legend.then(|| json!({"place": place, "title": label, "columns": cell[0] as u8})),
                    "colorbar": colorbar.then(|| json!({"cmap": cmap, "low": low, "high": high, "levels": levels, "label": label})),
                })
            },
        )
}

fn check(figure: &Figure) -> Result<(), TestCaseError> {
    let drawn = svg::draw(figure, &Options::default());
    prop_assert!(drawn.len() <= 2 * svg::MOST_BYTES, "{} bytes", drawn.len());
    let document = match roxmltree::Document::parse(&drawn) {
        Ok(document) => document,
        Err(error) => return Err(TestCaseError::fail(format!("{error}\n{drawn}"))),
    };
    for node in document.descendants().filter(|node| node.is_element()) {
        let name = node.tag_name().name();
        prop_assert!(!["script", "foreignObject", "a", "use", "animate", "set"].contains(&name), "{name}");
        for attribute in node.attributes() {
            prop_assert!(!attribute.name().starts_with("on"), "{}", attribute.name());
            if attribute.name() == "href" {
                prop_assert!(attribute.value().starts_with("data:image/png;base64,"));
            }
            if !["d", "href", "id", "aria-labelledby", "class", "font-family"].contains(&attribute.name()) {
                prop_assert!(
                    !attribute.value().contains("NaN") && !attribute.value().contains("inf"),
                    "{:?}",
                    attribute
                );
            }
        }
        if let Some(path) = node.attribute("d") {
            prop_assert!(!path.contains("NaN") && !path.contains("inf"), "{path}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_figure_is_drawn(width in number(), height in number(), title in text(), axes in prop::collection::vec(axes(), 0..4)) {
        let description = json!({"width": width, "height": height, "title": title, "axes": axes});
        let mut figure: Figure = serde_json::from_value(description.clone())
            .map_err(|error| TestCaseError::fail(format!("{error}: {description}")))?;
        check(&figure)?;
        let text = serde_json::to_string(&figure).unwrap();
        prop_assert_eq!(figure.description_bytes(), text.len());
        prop_assert!(serde_json::from_str::<Figure>(&text).is_ok());
        thin::thin(&mut figure);
        check(&figure)?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]{}\":,a-z0-9]{0,80}") {
        let _ = serde_json::from_str::<Figure>(&text);
    }
}

#[test]
fn what_is_too_much_is_refused_while_it_is_read() {
    let list = |one: &str, count: usize| format!("[{}]", vec![one; count].join(","));
    let long = format!(r#"{{"axes":[{{"marks":[{{"mark":"line","x":{},"y":[]}}]}}]}}"#, list("0", 250_001));
    let error = serde_json::from_str::<Figure>(&long).unwrap_err().to_string();
    assert!(error.contains("at most 250000 numbers"), "{error}");
    let many = format!(r#"{{"axes":{}}}"#, list("{}", 145));
    assert!(serde_json::from_str::<Figure>(&many).is_err());
    let marks = format!(r#"{{"axes":[{{"marks":{}}}]}}"#, list(r#"{"mark":"rule","at":0}"#, 2_001));
    assert!(serde_json::from_str::<Figure>(&marks).is_err());
}

#[test]
fn the_largest_figure_is_drawn_in_bounded_length_and_time() {
    let start = std::time::Instant::now();
    let rule = json!({"mark": "text", "x": 0.5, "y": 0.5, "text": "$x^2$".repeat(80)});
    let noise: Vec<f64> = (0..250_000u32).map(|index| f64::from(index.wrapping_mul(2_654_435_761) % 1_000)).collect();
    let cloud = json!({"mark": "points", "x": noise, "y": noise.iter().rev().collect::<Vec<_>>(), "sizes": [9], "shape": "star",
                       "paint": {"shaded": {"values": noise}}});
    let grid: Vec<f64> = (0..500).map(f64::from).collect();
    let hills = json!({"mark": "contour", "x": grid, "y": grid, "z": noise, "filled": true,
                       "levels": (0..100).map(|level| f64::from(level) * 10.0).collect::<Vec<_>>()});
    let axes = |marks: Vec<Value>| json!({"marks": marks});
    let mut all = vec![axes(vec![rule; 2_000]), axes(vec![cloud]), axes(vec![hills.clone(), hills])];
    all.extend(vec![json!({"title": "t"}); 141]);
    let figure: Figure = serde_json::from_value(json!({"axes": all})).unwrap();
    check(&figure).unwrap();
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn limits_are_finite_whatever_the_marks() {
    let axes = json!({"marks": [{"mark": "line", "x": [1.7976931348623157e308, -1.7976931348623157e308], "y": ["Infinity", "NaN"]},
                                {"mark": "line", "x": [1.7976931348623157e308, -1.7976931348623157e308], "y": [0, 5e-324]}]});
    let ((left, right), (bottom, top)) = limits::of(&serde_json::from_value(axes).unwrap());
    assert!([left, right, bottom, top].iter().all(|end| end.is_finite()) && left < right && bottom < top);
}

#[test]
fn a_recorder_keeps_a_bounded_amount_of_figures() {
    use lyceum_lab::{
        Event,
        sandbox::{Recorder, Watcher},
    };

    let numbers = vec![0.123456789; 200_000];
    let line = json!({"axes": [{"marks": [{"mark": "line", "x": numbers, "y": numbers}]}]});
    let figure: Figure = serde_json::from_value(line).unwrap();
    let mut recorder = Recorder::default();
    for step in 0..40 {
        recorder.event(Event::Figure { step, name: String::new(), figure: Box::new(figure.clone()), time: 0.0 });
    }
    assert!((1..40).contains(&recorder.events.len()), "{}", recorder.events.len());
}
