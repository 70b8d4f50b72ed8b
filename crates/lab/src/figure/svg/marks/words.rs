//! Words in the axes, and arrows from them.

use std::fmt::Write as _;

use super::{
    super::{
        super::{Across, Mark, Upright},
        Drawing, POINT, Written,
        frame::{Frame, Point},
        ink::Ink,
        number, part,
        text::Line,
    },
    Path, lines, pixels, stroke_attributes,
};

/// Draws words, and the arrow that belongs to them.
pub fn words(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Text {
        x,
        y,
        text,
        offset,
        of_axes,
        across,
        upright,
        size,
        bold,
        italic,
        rotation,
        color,
        ground,
        alpha,
        ..
    } = mark
    else {
        return;
    };
    let place = if *of_axes {
        let far = |value: f64| value.is_finite() && value.abs() < 10.0;
        (far(*x) && far(*y)).then(|| (frame.left + x * frame.width, frame.bottom() - y * frame.height))
    } else {
        frame.at(*x, *y)
    };
    let Some((x, y)) = place else { return };
    let off = |value: f64| if value.is_finite() { value.clamp(-2e3, 2e3) * POINT } else { 0.0 };
    let (x, y) = (x + off(offset[0].0), y - off(offset[1].0));
    // Words far outside are not seen, and would only make the drawing wider.
    if x < frame.left - 400.0 || x > frame.right() + 400.0 || y < frame.top - 400.0 || y > frame.bottom() + 400.0 {
        return;
    }
    // Type in a figure is a little smaller than a printer's, as are the numbers at its ticks.
    let size = (if size.is_finite() { *size } else { 10.0 } * POINT * 0.92).clamp(3.0, 120.0);
    let written: Vec<Line> = text.lines().take(20).map(Line::new).collect();
    let leading = size * 1.25;
    let (width, height) =
        (written.iter().map(|line| line.width(size)).fold(0.0, f64::max), leading * written.len() as f64);
    let left = x - width
        * match across {
            Across::Left => 0.0,
            Across::Center => 0.5,
            Across::Right => 1.0,
        };
    let top = match upright {
        Upright::Top => y,
        Upright::Center => y - height / 2.0,
        Upright::Bottom => y - height,
        Upright::Baseline => y - height + leading * 0.28,
    };
    arrow(drawing, mark, frame, (left, top, width, height));
    let turned = if rotation.is_finite() { -rotation % 360.0 } else { 0.0 };
    let _ = write!(drawing.out, "<g");
    if turned != 0.0 {
        let _ = write!(drawing.out, " transform=\"rotate({} {} {})\"", number(turned), number(x), number(y));
    }
    if part(*alpha) < 1.0 {
        let _ = write!(drawing.out, " opacity=\"{}\"", part(*alpha));
    }
    drawing.out += ">\n";
    if let Some(ground) = ground {
        let fill = drawing.used.fill(Ink::from(*ground));
        let _ = writeln!(
            drawing.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"{fill}/>",
            number(left - 5.0),
            number(top - 3.0),
            number(width + 10.0),
            number(height + 6.0)
        );
    }
    let (anchor, at) = match across {
        Across::Left => ("start", left),
        Across::Center => ("middle", left + width / 2.0),
        Across::Right => ("end", left + width),
    };
    let how = Written { size, anchor, bold: *bold, italic: *italic, ink: Ink::from(*color), turned: 0.0 };
    for (index, line) in written.iter().enumerate() {
        drawing.text(line, at, top + leading * (index as f64 + 0.76), &how);
    }
    drawing.out += "</g>\n";
}

/// Draws the arrow from the words to what they are about.
fn arrow(drawing: &mut Drawing, mark: &Mark, frame: &Frame, (left, top, width, height): (f64, f64, f64, f64)) {
    let Mark::Text { arrow_to: Some([x, y]), arrow: Some(stroke), arrow_head, alpha, .. } = mark else { return };
    let Some(target) = frame.at(x.0, y.0) else { return };
    let middle = (left + width / 2.0, top + height / 2.0);
    let Some((middle, target)) = frame.cut(middle, target) else { return };
    // From the edge of the words to just before the target.
    let (half_width, half_height) = (width / 2.0 + 4.0, height / 2.0 + 3.0);
    let (dx, dy) = (target.0 - middle.0, target.1 - middle.1);
    let length = dx.hypot(dy);
    let leave = (half_width / dx.abs().max(1e-9)).min(half_height / dy.abs().max(1e-9));
    if leave >= 1.0 || length < 4.0 {
        return;
    }
    let at = |along: f64| -> Point { (middle.0 + dx * along, middle.1 + dy * along) };
    let (from, to) = (at(leave), at(1.0 - (3.0 / length).min(1.0 - leave)));
    let mut path = Path::new();
    path.segment(from, to);
    if *arrow_head {
        let [one, other] = lines::arrow_head(from, to, 5.0 + 1.6 * pixels(stroke.width));
        path.move_to(one);
        path.line_to(to);
        path.line_to(other);
    }
    let attributes = stroke_attributes(drawing, stroke, *alpha);
    let _ = writeln!(drawing.out, "<path d=\"{}\"{attributes}/>", path.finish());
}
