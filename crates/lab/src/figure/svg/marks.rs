//! What is in the axes: each kind of mark as elements of the drawing.

mod areas;
mod images;
mod lines;
mod points;
mod words;

use std::fmt::Write as _;

use super::{
    super::{Axes, Dash, Mark, Paint, Stroke, colormap::Colormap},
    Drawing, POINT,
    frame::{Frame, Point},
    ink::Ink,
    number, part,
};

/// Draws every mark of the axes. What reaches out of the frame is cut off at it, except signs and words.
pub fn draw(drawing: &mut Drawing, axes: &Axes, frame: &Frame) {
    let clip = drawing.name();
    // A pixel more than the frame, so that a line along its side is not halved.
    let _ = writeln!(
        drawing.out,
        "<clipPath id=\"{clip}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>",
        number(frame.left - 1.0),
        number(frame.top - 1.0),
        number(frame.width + 2.0),
        number(frame.height + 2.0)
    );
    let mut clipped = false;
    for mark in axes.marks.iter() {
        if !drawing.has_room() {
            continue;
        }
        let free = matches!(mark, Mark::Points { .. } | Mark::Text { .. });
        match (clipped, free) {
            (false, false) => drawing.out += &format!("<g clip-path=\"url(#{clip})\">\n"),
            (true, true) => drawing.out += "</g>\n",
            _ => {}
        }
        clipped = !free;
        match mark {
            Mark::Line { .. } => {
                lines::curve(drawing, mark, frame);
                if let Mark::Line { marker: Some(_), .. } = mark {
                    drawing.out += "</g>\n";
                    clipped = false;
                    points::on_curve(drawing, mark, frame);
                }
            }
            Mark::Points { .. } => points::cloud(drawing, mark, frame),
            Mark::Bars { .. } => areas::bars(drawing, mark, frame),
            Mark::Area { .. } => areas::between(drawing, mark, frame),
            Mark::Polygon { .. } => areas::polygon(drawing, mark, frame),
            Mark::Band { .. } => areas::band(drawing, mark, frame),
            Mark::Image { .. } => images::image(drawing, mark, frame),
            Mark::Contour { .. } => images::contour(drawing, mark, frame),
            Mark::Rule { .. } | Mark::Slope { .. } => lines::straight(drawing, mark, frame),
            Mark::Segments { .. } => lines::segments(drawing, mark, frame),
            Mark::Text { .. } => words::words(drawing, mark, frame),
        }
    }
    if clipped {
        drawing.out += "</g>\n";
    }
}

/// Returns a width in points as pixels.
fn pixels(points: f64) -> f64 {
    if points.is_finite() { (points * POINT).clamp(0.0, 400.0) } else { POINT }
}

/// Returns the attributes of a line.
pub fn stroke_attributes(drawing: &mut Drawing, stroke: &Stroke, alpha: f64) -> String {
    let width = pixels(stroke.width);
    let mut attributes = drawing.used.stroke(Ink::from(stroke.color));
    let _ = write!(attributes, " stroke-width=\"{}\"", number(width));
    let unit = width.max(0.8);
    match stroke.dash {
        Dash::Solid => attributes += " stroke-linecap=\"round\"",
        Dash::Dashed => {
            let _ = write!(attributes, " stroke-dasharray=\"{} {}\"", number(unit * 3.6), number(unit * 1.9));
        }
        Dash::Dotted => {
            let _ = write!(attributes, " stroke-linecap=\"round\" stroke-dasharray=\"0 {}\"", number(unit * 2.2));
        }
        Dash::Dashdot => {
            let _ = write!(
                attributes,
                " stroke-dasharray=\"{} {} {} {}\"",
                number(unit * 4.8),
                number(unit * 1.8),
                number(unit),
                number(unit * 1.8)
            );
        }
    }
    attributes + &opacity(alpha)
}

/// Returns the attribute of an opacity.
pub fn opacity(alpha: f64) -> String {
    match part(alpha) {
        alpha if alpha >= 1.0 => String::new(),
        alpha => format!(" opacity=\"{alpha}\""),
    }
}

/// The colours of many things, ready to be asked for one after the other.
pub struct Colors<'a> {
    paint: &'a Paint,
    map: Option<Colormap>,
}

impl<'a> Colors<'a> {
    pub fn new(paint: &'a Paint) -> Self {
        let map = match paint {
            Paint::Shaded { shades, .. } => Some(Colormap::of(&shades.cmap)),
            _ => None,
        };
        Self { paint, map }
    }

    /// Returns the colour of a thing; none for a hollow one. A number that has no place has no colour.
    pub fn of(&self, index: usize) -> Option<Ink> {
        /// So many shades can be told apart; fewer colours make a smaller drawing.
        const SHADES: f64 = 128.0;
        match (self.paint, &self.map) {
            (Paint::One(color), _) => color.map(Ink::from),
            (Paint::Each(colors), _) => colors.get(index % colors.len().max(1)).map(|color| Ink::from(*color)),
            (Paint::Shaded { values, shades }, Some(map)) => {
                shades.place(values.at(index)).map(|place| map.at((place * SHADES).round() / SHADES).into())
            }
            (Paint::Shaded { .. }, None) => None,
        }
    }
}

/// Writes places as the data of a path, to the tenth of a pixel and without those that make no
/// difference.
pub struct Path {
    out: String,
    last: Option<(i64, i64)>,
    /// The step that led to the last place, which is not yet written when the next goes the same way.
    pending: Option<(i64, i64)>,
}

impl Path {
    pub fn new() -> Self {
        Self { out: String::new(), last: None, pending: None }
    }

    fn tenths((x, y): Point) -> (i64, i64) {
        let tenths = |value: f64| (value.clamp(-1e6, 1e6) * 10.0).round() as i64;
        (tenths(x), tenths(y))
    }

    fn write(&mut self, letter: char, (x, y): (i64, i64)) {
        let _ = write!(self.out, "{letter}{} {}", number(x as f64 / 10.0), number(y as f64 / 10.0));
    }

    fn flush(&mut self) {
        if let Some(place) = self.pending.take() {
            self.write('L', place);
            self.last = Some(place);
        }
    }

    pub fn move_to(&mut self, place: Point) {
        self.flush();
        let place = Self::tenths(place);
        self.write('M', place);
        self.last = Some(place);
    }

    pub fn line_to(&mut self, place: Point) {
        let next = Self::tenths(place);
        let Some(last) = self.last else { return self.move_to(place) };
        if let Some(pending) = self.pending {
            let (before, after) = ((pending.0 - last.0, pending.1 - last.1), (next.0 - pending.0, next.1 - pending.1));
            let straight = before.0 * after.1 == before.1 * after.0 && before.0 * after.0 + before.1 * after.1 >= 0;
            if straight {
                self.pending = Some(next);
                return;
            }
            self.flush();
            self.pending = Some(next);
        } else if next != last {
            self.pending = Some(next);
        }
    }

    /// Draws a line from a place to a place, going on where the last one ended if it begins there.
    pub fn segment(&mut self, from: Point, to: Point) {
        if self.pending.or(self.last) != Some(Self::tenths(from)) {
            self.move_to(from);
        }
        self.line_to(to);
    }

    pub fn close(&mut self) {
        self.flush();
        if self.last.take().is_some() {
            self.out.push('Z');
        }
    }

    /// Ends a line; a place alone becomes a dot.
    pub fn finish(mut self) -> String {
        self.flush();
        self.out
    }

    /// Adds a dot, which is seen when lines have round ends.
    pub fn dot(&mut self, place: Point) {
        self.move_to(place);
        self.out += "h0";
    }
}

/// Draws the sign of a curve or a cloud at one place, for the legend.
pub fn sign(drawing: &mut Drawing, mark: &Mark, place: Point) {
    points::sample(drawing, mark, place);
}
