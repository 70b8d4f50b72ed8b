//! Tells a figure in words, for who does not see it.

use super::{
    super::{Axes, Figure, Mark, Numbers, Scale},
    layout::{Placed, Plan},
    legend,
    text::Line,
};

/// The most characters of a description.
const MOST: usize = 1_500;

/// Returns the title of a figure and its description.
pub fn describe(figure: &Figure, plan: &Plan, left_out: usize) -> (String, String) {
    let name = Line::new(&figure.name().replace('\n', " ")).plain();
    let title = if name.trim().is_empty() { "Figure".to_owned() } else { name };
    let mut out = String::new();
    for (index, (axes, placed)) in figure.axes.iter().zip(&plan.places).enumerate() {
        if out.len() > MOST {
            break;
        }
        if figure.axes.len() > 1 {
            out += &format!("Part {} of {}. ", index + 1, figure.axes.len());
        }
        out += &one(axes, placed);
    }
    if figure.axes.is_empty() {
        out += "It is empty. ";
    }
    if left_out > 0 {
        out += &format!("{left_out} marks had no room and were left out. ");
    }
    let out = match out.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &out[..end]),
        None => out.trim_end().to_owned(),
    };
    (title, out)
}

fn one(axes: &Axes, placed: &Placed) -> String {
    let mut out = String::new();
    let title = Line::new(&axes.title.replace('\n', " ")).plain();
    if !title.trim().is_empty() {
        out += &format!("{}. ", title.trim());
    }
    for (name, label, (low, high), scale) in [
        ("Horizontal axis", &axes.x.label, placed.frame.x, axes.x.scale),
        ("Vertical axis", &axes.y.label, placed.frame.y, axes.y.scale),
    ] {
        if axes.bare {
            continue;
        }
        let label = Line::new(label).plain();
        let label = if label.trim().is_empty() { String::new() } else { format!(" ({})", label.trim()) };
        let log = if scale == Scale::Log { ", logarithmic" } else { "" };
        out += &format!("{name}{label} from {} to {}{log}. ", short(low), short(high));
    }
    const SHOWN: usize = 12;
    for mark in axes.marks.iter().take(SHOWN) {
        out += &sentence(mark);
    }
    if axes.marks.len() > SHOWN {
        out += &format!("{} more marks. ", axes.marks.len() - SHOWN);
    }
    out
}

fn sentence(mark: &Mark) -> String {
    let label = legend::label(mark).unwrap_or_default();
    let name = if label.is_empty() || label.starts_with('_') {
        String::new()
    } else {
        format!(" “{}”", Line::new(label).plain())
    };
    let points = |x: &Numbers| if x.len() == 1 { "1 point".to_owned() } else { format!("{} points", x.len()) };
    let ends = |y: &Numbers| {
        let mut finite = y.iter().filter(|value| value.is_finite());
        match (finite.next(), finite.next_back()) {
            (Some(first), Some(last)) => format!(", from {} to {}", short(*first), short(*last)),
            _ => String::new(),
        }
    };
    match mark {
        Mark::Line { x, y, .. } => format!("Line{name}: {}{}. ", points(x), ends(y)),
        Mark::Points { x, of: 0, .. } => format!("Cloud{name}: {}. ", points(x)),
        Mark::Points { x, of, .. } => format!("Cloud{name}: {} of {of} points. ", x.len()),
        Mark::Bars { left, .. } => format!("{} bars{name}. ", left.len()),
        Mark::Area { .. } => format!("Area{name}. "),
        Mark::Polygon { .. } => format!("Outline{name}. "),
        Mark::Image { rows, columns, .. } => format!("Image of {rows} rows and {columns} columns. "),
        Mark::Contour { levels, filled: true, .. } => format!("Bands between {} heights. ", levels.len()),
        Mark::Contour { levels, .. } => format!("Lines at {} heights. ", levels.len()),
        Mark::Rule { at, vertical, .. } => {
            format!("{} line{name} at {}. ", if *vertical { "Vertical" } else { "Horizontal" }, short(*at))
        }
        Mark::Slope { .. } => format!("Straight line{name}. "),
        Mark::Band { low, high, .. } => format!("Band{name} from {} to {}. ", short(*low), short(*high)),
        Mark::Segments { .. } | Mark::Text { .. } => String::new(),
    }
}

/// Writes a number with about four digits.
fn short(value: f64) -> String {
    if !value.is_finite() {
        return "nowhere".into();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        return format!("{value:.3e}").replace('-', "−");
    }
    let digits = if size >= 1_000.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 0.1 {
        3
    } else {
        5
    };
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.replace('-', "−") }
}
