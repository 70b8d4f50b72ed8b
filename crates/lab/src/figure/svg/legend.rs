//! The legend: what each mark with a label is, where it covers least.

use std::fmt::Write as _;

use super::{
    super::{Axes, Mark, Place},
    Drawing, TICK_SIZE, Written,
    frame::{Frame, Point},
    ink::Ink,
    layout::Placed,
    marks::{self, Colors},
    number,
    text::Line,
};

const SIZE: f64 = TICK_SIZE + 0.5;
const ROW: f64 = 19.0;
const SAMPLE: f64 = 24.0;
const PAD: f64 = 8.0;
const MOST: usize = 40;

/// Returns the marks that the legend tells about.
fn entries(axes: &Axes) -> Vec<(&Mark, Line)> {
    let entry = |mark| {
        let label = label(mark)?;
        (!label.is_empty() && !label.starts_with('_')).then(|| (mark, Line::new(label)))
    };
    axes.marks.iter().filter_map(entry).take(MOST).collect()
}

/// Returns what the legend calls a mark.
pub fn label(mark: &Mark) -> Option<&str> {
    match mark {
        Mark::Line { label, .. }
        | Mark::Points { label, .. }
        | Mark::Bars { label, .. }
        | Mark::Area { label, .. }
        | Mark::Polygon { label, .. }
        | Mark::Rule { label, .. }
        | Mark::Slope { label, .. }
        | Mark::Band { label, .. }
        | Mark::Segments { label, .. } => Some(label),
        Mark::Image { .. } | Mark::Contour { .. } | Mark::Text { .. } => None,
    }
}

/// How the entries are set.
struct Table {
    /// The widths of the columns.
    columns: Vec<f64>,
    rows: usize,
    width: f64,
    height: f64,
}

fn table(axes: &Axes, entries: &[(&Mark, Line)]) -> Table {
    let asked = axes.legend.as_ref().map_or(1, |legend| usize::from(legend.columns.clamp(1, 8)));
    let count = asked.min(entries.len().max(1));
    let rows = entries.len().div_ceil(count);
    let widest = |column: &[(&Mark, Line)]| column.iter().map(|(_, line)| line.width(SIZE)).fold(0.0, f64::max);
    let columns: Vec<f64> = entries.chunks(rows.max(1)).map(|column| SAMPLE + 8.0 + widest(column)).collect();
    let title = axes.legend.as_ref().map(|legend| Line::new(&legend.title)).unwrap_or_default();
    let width = columns.iter().sum::<f64>() + 14.0 * (columns.len().max(1) - 1) as f64;
    let titled = if title.is_empty() { 0.0 } else { ROW };
    Table {
        columns,
        rows,
        width: width.max(title.width(SIZE)) + 2.0 * PAD,
        height: rows as f64 * ROW + titled + 2.0 * PAD - 5.0,
    }
}

/// Returns the width and height of the legend.
pub fn size(axes: &Axes) -> (f64, f64) {
    let table = table(axes, &entries(axes));
    (table.width, table.height)
}

/// Draws the legend.
pub fn draw(drawing: &mut Drawing, axes: &Axes, placed: &Placed) {
    let (Some(legend), entries) = (&axes.legend, entries(axes)) else { return };
    if entries.is_empty() {
        return;
    }
    let table = table(axes, &entries);
    let frame = &placed.frame;
    let (left, top) = corner(axes, legend.place, frame, (table.width, table.height));
    let both = drawing.used.both(Some(Ink::Paper), Some(Ink::Grid));
    let _ = writeln!(
        drawing.out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\"{both} fill-opacity=\"0.86\"/>",
        number(left),
        number(top),
        number(table.width),
        number(table.height)
    );
    let mut first = top + PAD - 2.0;
    let title = Line::new(&legend.title);
    if !title.is_empty() {
        let how = Written { size: SIZE, bold: true, ..Written::default() };
        drawing.text(&title, left + table.width / 2.0, first + 13.0, &how);
        first += ROW;
    }
    let mut x = left + PAD;
    for (column, width) in entries.chunks(table.rows.max(1)).zip(&table.columns) {
        for (index, (mark, line)) in column.iter().enumerate() {
            let middle = first + ROW * (index as f64 + 0.5) - 0.5;
            sample(drawing, mark, (x, middle));
            let how = Written { size: SIZE, anchor: "start", ..Written::default() };
            drawing.text(line, x + SAMPLE + 8.0, middle + SIZE * 0.35, &how);
        }
        x += width + 14.0;
    }
}

/// Draws what a mark looks like.
fn sample(drawing: &mut Drawing, mark: &Mark, (x, y): Point) {
    let stroke = match mark {
        Mark::Line { stroke: Some(stroke), alpha, .. }
        | Mark::Rule { stroke, alpha, .. }
        | Mark::Slope { stroke, alpha, .. }
        | Mark::Segments { stroke, alpha, .. } => Some((stroke, *alpha)),
        _ => None,
    };
    if let Some((stroke, alpha)) = stroke.filter(|(stroke, _)| stroke.width > 0.0) {
        let attributes = marks::stroke_attributes(drawing, stroke, alpha);
        let _ = writeln!(drawing.out, "<path d=\"M{} {}h{SAMPLE}\"{attributes}/>", number(x), number(y));
    }
    let area = match mark {
        Mark::Bars { paint, edge, alpha, .. } => Some((Colors::new(paint).of(0), edge.as_ref(), *alpha)),
        Mark::Area { color, edge, alpha, .. } => Some((Some(Ink::from(*color)), edge.as_ref(), *alpha)),
        Mark::Polygon { fill, edge, alpha, .. } => Some((fill.map(Ink::from), edge.as_ref(), *alpha)),
        Mark::Band { color, alpha, .. } => Some((Some(Ink::from(*color)), None, *alpha)),
        _ => None,
    };
    if let Some((fill, edge, alpha)) = area {
        let mut attributes = drawing.used.both(fill, edge.map(|edge| Ink::from(edge.color)));
        attributes += &marks::opacity(alpha);
        let _ = writeln!(
            drawing.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"11\" rx=\"1.5\"{attributes}/>",
            number(x + 1.0),
            number(y - 5.5),
            number(SAMPLE - 2.0)
        );
    }
    marks::sign(drawing, mark, (x + SAMPLE / 2.0, y));
}

/// Returns where the legend's corner is.
fn corner(axes: &Axes, place: Place, frame: &Frame, (width, height): (f64, f64)) -> Point {
    const OFF: f64 = 8.0;
    let left = frame.left + OFF;
    let right = (frame.right() - OFF - width).max(frame.left);
    let center = frame.left + (frame.width - width) / 2.0;
    let top = frame.top + OFF;
    let bottom = (frame.bottom() - OFF - height).max(frame.top);
    let middle = frame.top + (frame.height - height) / 2.0;
    match place {
        Place::UpperRight => (right, top),
        Place::UpperLeft => (left, top),
        Place::LowerLeft => (left, bottom),
        Place::LowerRight => (right, bottom),
        Place::CenterLeft => (left, middle),
        Place::CenterRight => (right, middle),
        Place::LowerCenter => (center, bottom),
        Place::UpperCenter => (center, top),
        Place::Center => (center, middle),
        Place::Outside => (frame.right() + 12.0, frame.top),
        Place::Best => {
            let corners = [
                (right, top),
                (left, top),
                (right, bottom),
                (left, bottom),
                (right, middle),
                (left, middle),
                (center, top),
                (center, bottom),
            ];
            let covered = covered(axes, frame, &corners, (width, height));
            let least = covered.iter().enumerate().min_by_key(|(index, covered)| (**covered, *index));
            least.map_or((right, top), |(index, _)| corners[index])
        }
    }
}

/// Counts how much each place for the legend would cover.
fn covered(axes: &Axes, frame: &Frame, corners: &[Point; 8], (width, height): (f64, f64)) -> [usize; 8] {
    /// So many places of a mark are looked at.
    const LOOKS: usize = 600;
    let mut counts = [0; 8];
    let mut look = |place: Point, weight: usize| {
        for (count, (left, top)) in counts.iter_mut().zip(corners) {
            let over = place.0 > left - 4.0
                && place.0 < left + width + 4.0
                && place.1 > top - 4.0
                && place.1 < top + height + 4.0;
            *count += usize::from(over) * weight;
        }
    };
    for mark in axes.marks.iter().take(100) {
        match mark {
            Mark::Line { x, y, .. } | Mark::Points { x, y, .. } => {
                let line = matches!(mark, Mark::Line { .. });
                let mut before: Option<Point> = None;
                for index in (0..x.len().min(y.len())).step_by((x.len() / LOOKS).max(1)) {
                    let Some(place) = frame.at(x[index], y[index]) else { continue };
                    look(place, 1);
                    // Long pieces of a line are looked at on their way.
                    if let Some(before) = before.filter(|_| line) {
                        let pieces = ((place.0 - before.0).hypot(place.1 - before.1) / 12.0).clamp(1.0, 60.0) as usize;
                        for piece in 1..pieces {
                            let part = piece as f64 / pieces as f64;
                            look((before.0 + (place.0 - before.0) * part, before.1 + (place.1 - before.1) * part), 1);
                        }
                    }
                    before = Some(place);
                }
            }
            Mark::Bars { left, right, bottom, top, .. } => {
                for index in 0..left.len().min(right.len()).min(bottom.len()).min(top.len()).min(LOOKS) {
                    let middle = left[index] / 2.0 + right[index] / 2.0;
                    for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
                        let y = bottom[index] * (1.0 - part) + top[index] * part;
                        let x = if matches!(mark, Mark::Bars { lying: true, .. }) {
                            left[index] * (1.0 - part) + right[index] * part
                        } else {
                            middle
                        };
                        let y = if matches!(mark, Mark::Bars { lying: true, .. }) {
                            bottom[index] / 2.0 + top[index] / 2.0
                        } else {
                            y
                        };
                        if let Some(place) = frame.at(x, y) {
                            look(place, 2);
                        }
                    }
                }
            }
            Mark::Text { x, y, of_axes: false, .. } => {
                if let Some(place) = frame.at(*x, *y) {
                    look(place, 12);
                }
            }
            _ => {}
        }
    }
    counts
}
