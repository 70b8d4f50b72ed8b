//! The frame of a pair of axes and what is written around it.

use std::fmt::Write as _;

use super::{
    super::{Axes, Colorbar, Mark, colormap::Colormap},
    Drawing, LABEL_SIZE, TICK_SIZE, TITLE_SIZE, Written,
    frame::Frame,
    ink::Ink,
    layout::{COLORBAR, Placed, TICK, TITLE_LINE},
    legend, marks, number,
    text::Line,
};

/// Draws a pair of axes with everything in and around them.
pub fn draw(drawing: &mut Drawing, axes: &Axes, placed: &Placed) {
    let frame = &placed.frame;
    // Filled to its borders, a frame reads as a picture and gets a line all around.
    let filled = axes.marks.iter().any(|mark| matches!(mark, Mark::Image { .. } | Mark::Contour { filled: true, .. }));
    // A picture has the same colours by day and by night, so what lies on it has too.
    let by_day = axes.marks.iter().any(|mark| covers(mark, frame));
    if by_day {
        let (x, y, width, height) = (number(frame.left), number(frame.top), number(frame.width), number(frame.height));
        let _ =
            writeln!(drawing.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
    }
    drawing.used.by_day = by_day;
    if !axes.bare {
        grid(drawing, axes, placed);
    }
    marks::draw(drawing, axes, frame);
    drawing.used.by_day = false;
    if !axes.bare {
        ticks(drawing, axes, placed, filled);
    }
    titles(drawing, axes, placed);
    if let (Some(bar), Some(_)) = (&axes.colorbar, &placed.colorbar) {
        colorbar(drawing, bar, placed);
    }
    if axes.legend.is_some() {
        drawing.used.by_day = by_day;
        legend::draw(drawing, axes, placed);
        drawing.used.by_day = false;
    }
}

/// Says whether a mark fills the frame with colours of its own, so that nothing is seen of the ground.
fn covers(mark: &Mark, frame: &Frame) -> bool {
    /// How much of the frame may be left at a side.
    const SLACK: f64 = 0.06;
    let (xs, ys) = match mark {
        Mark::Image { extent: [left, right, bottom, top], .. } => ([left.0, right.0], [bottom.0, top.0]),
        Mark::Contour { filled: true, x, y, .. } => {
            let ends = |values: &[f64]| [values.first(), values.last()].map(|end| end.copied().unwrap_or(f64::NAN));
            (ends(x), ends(y))
        }
        _ => return false,
    };
    let all = |places: [Option<f64>; 2], start: f64, length: f64| match places {
        [Some(one), Some(other)] => {
            one.min(other) <= start + SLACK * length && one.max(other) >= start + (1.0 - SLACK) * length
        }
        _ => false,
    };
    all(xs.map(|x| frame.across(x)), frame.left, frame.width) && all(ys.map(|y| frame.down(y)), frame.top, frame.height)
}

fn grid(drawing: &mut Drawing, axes: &Axes, placed: &Placed) {
    let frame = &placed.frame;
    let mut path = String::new();
    if axes.x.grid {
        for x in placed.x_ticks.ticks.iter().filter(|tick| !tick.minor).filter_map(|tick| frame.across(tick.at)) {
            let _ = write!(path, "M{} {}V{}", number(x), number(frame.top), number(frame.bottom()));
        }
    }
    if axes.y.grid {
        for y in placed.y_ticks.ticks.iter().filter(|tick| !tick.minor).filter_map(|tick| frame.down(tick.at)) {
            let _ = write!(path, "M{} {}H{}", number(frame.left), number(y), number(frame.right()));
        }
    }
    if !path.is_empty() {
        let stroke = drawing.used.stroke(Ink::Grid);
        let _ = writeln!(drawing.out, "<path d=\"{path}\"{stroke}/>");
    }
}

/// Draws the lines of the axes, the ticks and their numbers.
fn ticks(drawing: &mut Drawing, axes: &Axes, placed: &Placed, filled: bool) {
    let frame = &placed.frame;
    let (left, right, top, bottom) = (frame.left, frame.right(), frame.top, frame.bottom());
    // The vertical axis, and which way is outwards.
    let (side, out, anchor) = if axes.over { (right, 1.0, "start") } else { (left, -1.0, "end") };
    let mut path = if axes.over {
        format!("M{} {}V{}", number(right), number(top), number(bottom))
    } else if filled {
        format!("M{} {}V{}H{}V{}Z", number(left), number(top), number(bottom), number(right), number(top))
    } else {
        format!("M{} {}V{}H{}", number(left), number(top), number(bottom), number(right))
    };
    for tick in placed.x_ticks.ticks.iter().filter(|_| !axes.over) {
        if let Some(x) = frame.across(tick.at) {
            let _ = write!(
                path,
                "M{} {}v{}",
                number(x),
                number(bottom),
                number(if tick.minor { TICK / 2.0 } else { TICK })
            );
        }
    }
    for tick in &placed.y_ticks.ticks {
        if let Some(y) = frame.down(tick.at) {
            let _ = write!(
                path,
                "M{} {}h{}",
                number(side),
                number(y),
                number(if tick.minor { out * TICK / 2.0 } else { out * TICK })
            );
        }
    }
    let stroke = drawing.used.stroke(Ink::Axis);
    let _ = writeln!(drawing.out, "<path d=\"{path}\"{stroke}/>");

    let muted = Written { ink: Ink::Muted, ..Written::default() };
    if axes.x.tick_labels {
        for tick in placed.x_ticks.ticks.iter().filter(|_| !axes.over) {
            let Some(x) = frame.across(tick.at).filter(|_| !tick.label.is_empty()) else { continue };
            let angle = placed.x_turned;
            if angle != 0.0 {
                let turned = Written { turned: -angle, anchor: if angle > 0.0 { "end" } else { "start" }, ..muted };
                drawing.text(&Line::new(&tick.label), x + TICK_SIZE * 0.3, bottom + TICK + TICK_SIZE * 0.8, &turned);
            } else {
                for (index, line) in tick.label.lines().take(4).enumerate() {
                    let y = bottom + TICK + 2.0 + TICK_SIZE * (1.0 + 1.2 * index as f64);
                    drawing.text(&Line::new(line), x, y, &muted);
                }
            }
        }
        if let Some(factor) = &placed.x_ticks.factor {
            let y = bottom + TICK + 2.0 + TICK_SIZE * 2.1;
            drawing.text(&Line::new(factor), right, y, &Written { anchor: "end", size: TICK_SIZE - 1.0, ..muted });
        }
    }
    if axes.y.tick_labels {
        for tick in &placed.y_ticks.ticks {
            if let Some(y) = frame.down(tick.at) {
                let x = side + out * (TICK + 4.0);
                drawing.text(&Line::new(&tick.label), x, y + TICK_SIZE * 0.35, &Written { anchor, ..muted });
            }
        }
        if let Some(factor) = &placed.y_ticks.factor {
            drawing.text(
                &Line::new(factor),
                side,
                top - 6.0,
                &Written { anchor: if axes.over { "end" } else { "start" }, size: TICK_SIZE - 1.0, ..muted },
            );
        }
    }
}

/// Writes the title and the labels of the axes.
fn titles(drawing: &mut Drawing, axes: &Axes, placed: &Placed) {
    let frame = &placed.frame;
    let lines: Vec<&str> = axes.title.lines().take(8).collect();
    let above = if placed.y_ticks.factor.is_some() && !axes.bare { TICK_SIZE + 2.0 } else { 0.0 };
    for (index, line) in lines.iter().enumerate() {
        let y = frame.top - 9.0 - above - TITLE_LINE * (lines.len() - 1 - index) as f64;
        let title = Written { size: TITLE_SIZE, bold: true, ..Written::default() };
        drawing.text(&Line::new(line), frame.left + frame.width / 2.0, y, &fitted(title, line, frame.width + 60.0));
    }
    if axes.bare {
        return;
    }
    let label = Written { size: LABEL_SIZE, ..Written::default() };
    let room = if placed.x_label_room > 0.0 { placed.x_label_room + 4.0 } else { 0.0 };
    let y = frame.bottom() + TICK + room + LABEL_SIZE + 3.0;
    let how = fitted(label, &axes.x.label, frame.width + 80.0);
    drawing.text(&Line::new(&axes.x.label), frame.left + frame.width / 2.0, y, &how);
    let room = if placed.y_label_room > 0.0 { placed.y_label_room + 4.0 } else { 0.0 };
    let away = TICK + room + 8.0;
    let x = if axes.over { frame.right() + away + LABEL_SIZE * 0.6 } else { frame.left - away };
    let how = fitted(Written { turned: -90.0, ..label }, &axes.y.label, frame.height + 40.0);
    drawing.text(&Line::new(&axes.y.label), x, frame.top + frame.height / 2.0, &how);
}

/// Makes a line of text smaller when it is wider than its room.
pub fn fitted(how: Written, text: &str, room: f64) -> Written {
    let width = Line::new(text).width(how.size);
    if width <= room { how } else { Written { size: (how.size * room / width).max(8.5), ..how } }
}

/// Draws a scale of colours right of the frame.
fn colorbar(drawing: &mut Drawing, bar: &Colorbar, placed: &Placed) {
    const STOPS: usize = 16;
    let Some((ticks, room)) = &placed.colorbar else { return };
    let frame = &placed.frame;
    let (left, top, height) = (frame.right() + 12.0, frame.top, frame.height);
    let map = Colormap::of(&bar.shades.cmap);
    let place = |value: f64| bar.shades.place(value).map(|part| top + height * (1.0 - part));
    if bar.levels.len() > 1 {
        for pair in bar.levels.windows(2).take(256) {
            let (Some(low), Some(high)) = (place(pair[0]), place(pair[1])) else { continue };
            let middle = bar.shades.place(pair[0] / 2.0 + pair[1] / 2.0).unwrap_or(0.5);
            let fill = drawing.used.fill(map.at(middle).into());
            let _ = writeln!(
                drawing.out,
                "<rect x=\"{}\" y=\"{}\" width=\"{COLORBAR}\" height=\"{}\"{fill}/>",
                number(left),
                number(low.min(high)),
                number((low - high).abs())
            );
        }
    } else if let Some(count) = map.count() {
        for index in 0..count {
            let fill = drawing.used.fill(map.at((index as f64 + 0.5) / count as f64).into());
            let step = height / count as f64;
            let _ = writeln!(
                drawing.out,
                "<rect x=\"{}\" y=\"{}\" width=\"{COLORBAR}\" height=\"{}\"{fill}/>",
                number(left),
                number(top + height - step * (index + 1) as f64),
                number(step)
            );
        }
    } else {
        let name = drawing.name();
        let _ = write!(drawing.out, "<linearGradient id=\"{name}\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">");
        for index in 0..=STOPS {
            let part = index as f64 / STOPS as f64;
            let [red, green, blue] = map.at(part);
            let _ = write!(drawing.out, "<stop offset=\"{part}\" stop-color=\"#{red:02x}{green:02x}{blue:02x}\"/>");
        }
        let _ = writeln!(
            drawing.out,
            "</linearGradient><rect x=\"{}\" y=\"{}\" width=\"{COLORBAR}\" height=\"{}\" fill=\"url(#{name})\"/>",
            number(left),
            number(top),
            number(height)
        );
    }
    let mut path = String::new();
    let right = left + COLORBAR;
    for tick in &ticks.ticks {
        if let Some(y) = place(tick.at).filter(|y| *y >= top - 0.6 && *y <= top + height + 0.6) {
            let _ =
                write!(path, "M{} {}h{}", number(right), number(y), number(if tick.minor { TICK / 2.0 } else { TICK }));
            let how = Written { ink: Ink::Muted, anchor: "start", ..Written::default() };
            drawing.text(&Line::new(&tick.label), right + TICK + 4.0, y + TICK_SIZE * 0.35, &how);
        }
    }
    let stroke = drawing.used.stroke(Ink::Axis);
    let _ = writeln!(drawing.out, "<path d=\"{path}\"{stroke}/>");
    if let Some(factor) = &ticks.factor {
        let how = Written { ink: Ink::Muted, anchor: "start", size: TICK_SIZE - 1.0, ..Written::default() };
        drawing.text(&Line::new(factor), left, top - 6.0, &how);
    }
    let x = right + TICK + 4.0 + room + LABEL_SIZE + 3.0;
    let how = Written { size: LABEL_SIZE, turned: -90.0, ..Written::default() };
    drawing.text(&Line::new(&bar.label), x, top + height / 2.0, &how);
}
