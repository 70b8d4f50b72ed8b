//! Filled areas: bars, bands, what is between curves.

use std::fmt::Write as _;

use super::{
    super::{
        super::{Mark, Stroke},
        Drawing,
        frame::{Frame, Point},
        ink::Ink,
        number,
    },
    Colors, Path, lines, opacity, pixels,
};

/// Up to so many bars, each is an element of its own.
const FEW: usize = 3_000;

/// Draws bars.
pub fn bars(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Bars { left, right, bottom, top, paint, edge, alpha, .. } = mark else { return };
    let colors = Colors::new(paint);
    let edge = edge.as_ref().filter(|edge| edge.width > 0.0);
    let count = left.len().min(right.len()).min(bottom.len()).min(top.len());
    let mut open: Option<String> = None;
    for index in 0..count.min(FEW * 4) {
        let sides = (frame.across_or_low(left[index]), frame.across_or_low(right[index]));
        let ends = (frame.down_or_low(bottom[index]), frame.down_or_low(top[index]));
        let ((Some(x0), Some(x1)), (Some(y0), Some(y1))) = (sides, ends) else { continue };
        let (x0, x1) = inside(x0.min(x1), x0.max(x1), frame.left, frame.right());
        let (y0, y1) = inside(y0.min(y1), y0.max(y1), frame.top, frame.bottom());
        if x1 < x0 || y1 < y0 {
            continue;
        }
        let attributes = filled(drawing, colors.of(index), edge) + &opacity(*alpha);
        if open.as_ref() != Some(&attributes) {
            if open.is_some() {
                drawing.out += "</g>\n";
            }
            let _ = writeln!(drawing.out, "<g{attributes}>");
            open = Some(attributes);
        }
        let _ = writeln!(
            drawing.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            number(x0),
            number(y0),
            number(x1 - x0),
            number(y1 - y0)
        );
    }
    if open.is_some() {
        drawing.out += "</g>\n";
    }
}

/// Cuts a stretch to what is drawn.
fn inside(low: f64, high: f64, first: f64, last: f64) -> (f64, f64) {
    const ROOM: f64 = 40.0;
    (low.max(first - ROOM), high.min(last + ROOM))
}

/// Returns the attributes of an area and of the line around it.
pub fn filled(drawing: &mut Drawing, fill: Option<Ink>, edge: Option<&Stroke>) -> String {
    let mut out = drawing.used.both(fill, edge.map(|edge| Ink::from(edge.color)));
    if let Some(edge) = edge {
        let _ = write!(out, " stroke-width=\"{}\"", number(pixels(edge.width)));
    }
    out
}

/// Draws what is between two curves.
pub fn between(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Area { x, low, high, color, edge, alpha, lying, steps, .. } = mark else { return };
    let place = |along: f64, across: f64| match lying {
        false => Some((frame.across(along)?, frame.down_or_low(across)?)),
        true => Some((frame.across_or_low(across)?, frame.down(along)?)),
    };
    let mut path = Path::new();
    let mut run: (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
    let mut finish = |run: &mut (Vec<Point>, Vec<Point>)| {
        let (mut there, mut back) = std::mem::take(run);
        if there.len() > 1 {
            if *steps != super::super::super::Steps::None {
                (there, back) = (lines::stepped(&there, *steps), lines::stepped(&back, *steps));
            }
            there.extend(back.into_iter().rev());
            outline(&mut path, frame.cut_outline(there));
        }
    };
    for index in 0..x.len().min(low.len()).min(high.len()) {
        match (place(x[index], high[index]), place(x[index], low[index])) {
            (Some(upper), Some(lower)) => {
                run.0.push(upper);
                run.1.push(lower);
            }
            _ => finish(&mut run),
        }
    }
    finish(&mut run);
    let path = path.finish();
    if !path.is_empty() {
        let attributes = filled(drawing, Some(Ink::from(*color)), edge.as_ref().filter(|edge| edge.width > 0.0));
        let _ = writeln!(drawing.out, "<path d=\"{path}\"{attributes}{}/>", opacity(*alpha));
    }
}

fn outline(path: &mut Path, places: Vec<Point>) {
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        path.move_to(first);
        places.for_each(|place| path.line_to(place));
        path.close();
    }
}

/// Draws a closed outline.
pub fn polygon(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Polygon { x, y, fill, edge, alpha, .. } = mark else { return };
    let places: Vec<Point> = x.iter().zip(y.iter()).filter_map(|(x, y)| frame.at(*x, *y)).collect();
    if places.len() < 2 {
        return;
    }
    let mut path = Path::new();
    outline(&mut path, frame.cut_outline(places));
    let attributes = filled(drawing, fill.map(Ink::from), edge.as_ref().filter(|edge| edge.width > 0.0));
    let _ = writeln!(drawing.out, "<path d=\"{}\"{attributes}{}/>", path.finish(), opacity(*alpha));
}

/// Draws a band across the axes.
pub fn band(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Band { low, high, vertical, color, alpha, .. } = mark else { return };
    let (from, to) = match vertical {
        true => (frame.across_or_low(*low), frame.across_or_low(*high)),
        false => (frame.down_or_low(*low), frame.down_or_low(*high)),
    };
    let (Some(from), Some(to)) = (from, to) else { return };
    let (from, to) = (from.min(to), from.max(to));
    let (left, top, width, height) = if *vertical {
        let (from, to) = inside(from, to, frame.left, frame.right());
        (from, frame.top, to - from, frame.height)
    } else {
        let (from, to) = inside(from, to, frame.top, frame.bottom());
        (frame.left, from, frame.width, to - from)
    };
    if width >= 0.0 && height >= 0.0 {
        let fill = drawing.used.fill(Ink::from(*color));
        let _ = writeln!(
            drawing.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{fill}{}/>",
            number(left),
            number(top),
            number(width),
            number(height),
            opacity(*alpha)
        );
    }
}
