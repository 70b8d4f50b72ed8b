//! Curves and straight lines.

use std::fmt::Write as _;

use super::{
    super::{
        super::{Mark, Numbers, Steps},
        Drawing,
        frame::{Frame, Point},
    },
    Path, pixels, stroke_attributes,
};

/// Draws a curve. Where a point has no place the curve is interrupted.
pub fn curve(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Line { x, y, stroke: Some(stroke), steps, alpha, .. } = mark else { return };
    if stroke.width <= 0.0 {
        return;
    }
    let mut path = Path::new();
    for run in runs(x, y, *steps, frame) {
        if let [alone] = run.as_slice() {
            path.dot(*alone);
        }
        for pair in run.windows(2) {
            if let Some((from, to)) = frame.cut(pair[0], pair[1]) {
                path.segment(from, to);
            }
        }
    }
    let path = path.finish();
    if !path.is_empty() {
        let attributes = stroke_attributes(drawing, stroke, *alpha);
        let _ = writeln!(drawing.out, "<path d=\"{path}\"{attributes}/>");
    }
}

/// Returns the places of a curve in uninterrupted runs.
pub fn runs(x: &Numbers, y: &Numbers, steps: Steps, frame: &Frame) -> Vec<Vec<Point>> {
    let mut runs = vec![Vec::new()];
    for (at_x, at_y) in x.iter().zip(y.iter()) {
        match (frame.at(*at_x, *at_y), runs.last_mut()) {
            (Some(place), Some(run)) => run.push(place),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    if steps != Steps::None {
        runs = runs.into_iter().map(|run| stepped(&run, steps)).collect();
    }
    runs
}

/// Returns places with corners between them.
pub fn stepped(run: &[Point], steps: Steps) -> Vec<Point> {
    let mut out: Vec<Point> = run.first().copied().into_iter().collect();
    for pair in run.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        match steps {
            Steps::None => {}
            Steps::Pre => out.push((from.0, to.1)),
            Steps::Post => out.push((to.0, from.1)),
            Steps::Mid => out.extend([((from.0 + to.0) / 2.0, from.1), ((from.0 + to.0) / 2.0, to.1)]),
        }
        out.push(to);
    }
    out
}

/// Draws a line across the axes.
pub fn straight(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let (from, to, stroke, alpha) = match mark {
        Mark::Rule { at, vertical, span: [start, end], stroke, alpha, .. } => {
            let part = |value: f64| if value.is_finite() { value.clamp(-1.0, 2.0) } else { 0.0 };
            let (start, end) = (part(start.0), part(end.0));
            match (vertical, frame.across(*at), frame.down(*at)) {
                (true, Some(x), _) => {
                    let y = |part: f64| frame.bottom() - part * frame.height;
                    ((x, y(start)), (x, y(end)), stroke, alpha)
                }
                (false, _, Some(y)) => {
                    let x = |part: f64| frame.left + part * frame.width;
                    ((x(start), y), (x(end), y), stroke, alpha)
                }
                _ => return,
            }
        }
        Mark::Slope { x, y, slope, stroke, alpha, .. } => {
            if slope.0.is_infinite() {
                let Some(across) = frame.across(x.0) else { return };
                ((across, frame.top), (across, frame.bottom()), stroke, alpha)
            } else {
                let at = |side: f64| frame.at(side, y.0 + slope.0 * (side - x.0));
                let (Some(from), Some(to)) = (at(frame.x.0), at(frame.x.1)) else { return };
                (from, to, stroke, alpha)
            }
        }
        _ => return,
    };
    if let Some((from, to)) = frame.cut(from, to) {
        let mut path = Path::new();
        path.segment(from, to);
        let attributes = stroke_attributes(drawing, stroke, *alpha);
        let _ = writeln!(drawing.out, "<path d=\"{}\"{attributes}/>", path.finish());
    }
}

/// Draws lines from point to point.
pub fn segments(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Segments { x0, y0, x1, y1, stroke, caps, arrows, alpha, .. } = mark else { return };
    let mut path = Path::new();
    let cap = pixels(*caps) / 2.0;
    for index in 0..x0.len().max(x1.len()) {
        let start = (frame.across(x0.cycled(index)), frame.down_or_low(y0.cycled(index)));
        let end = (frame.across(x1.cycled(index)), frame.down_or_low(y1.cycled(index)));
        let ((Some(a), Some(b)), (Some(c), Some(d))) = (start, end) else { continue };
        let Some((from, to)) = frame.cut((a, b), (c, d)) else { continue };
        path.move_to(from);
        path.line_to(to);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if cap > 0.0 {
            // Across the line; along an axis for a line without length.
            let (dx, dy) = if length > 0.0 { ((to.1 - from.1) / length, (from.0 - to.0) / length) } else { (1.0, 0.0) };
            for (place, whole) in [(from, (a, b)), (to, (c, d))] {
                if place == whole {
                    path.move_to((place.0 - dx * cap, place.1 - dy * cap));
                    path.line_to((place.0 + dx * cap, place.1 + dy * cap));
                }
            }
        }
        if *arrows && length > 0.5 {
            for side in arrow_head(from, to, (length * 0.4).min(3.0 + 2.0 * pixels(stroke.width))) {
                path.move_to(to);
                path.line_to(side);
            }
        }
    }
    let path = path.finish();
    if !path.is_empty() {
        let attributes = stroke_attributes(drawing, stroke, *alpha);
        let _ = writeln!(drawing.out, "<path d=\"{path}\"{attributes}/>");
    }
}

/// Returns the two ends of the head of an arrow.
pub fn arrow_head(from: Point, to: Point, size: f64) -> [Point; 2] {
    let angle = (to.1 - from.1).atan2(to.0 - from.0);
    [0.45f64, -0.45].map(|turn| {
        let (sine, cosine) = (angle + std::f64::consts::PI + turn).sin_cos();
        (to.0 + size * cosine, to.1 + size * sine)
    })
}
