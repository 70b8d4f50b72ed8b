//! Where the axes of a figure are: what is written around them gets the room it needs, and axes of one
//! grid line up.

use std::collections::BTreeMap;

use super::{
    super::{Aspect, Axes, Cell, Figure, Place, Scale, limits},
    LABEL_SIZE, TICK_SIZE,
    frame::Frame,
    legend,
    text::Line,
    ticks::{self, Ticks},
};

/// The room around everything.
const BORDER: f64 = 12.0;
/// The room between neighbouring axes.
const GAP: f64 = 14.0;
/// The length of a tick.
pub const TICK: f64 = 4.0;
/// The width of a colour scale.
pub const COLORBAR: f64 = 14.0;
/// The height of a line of a title.
pub const TITLE_LINE: f64 = 19.0;

/// Where everything is.
pub struct Plan {
    /// The title over all axes, and its baseline.
    pub title: Option<(Line, f64)>,
    /// The axes, in the figure's order.
    pub places: Vec<Placed>,
}

/// Where a pair of axes is.
pub struct Placed {
    pub frame: Frame,
    pub x_ticks: Ticks,
    /// By how many degrees the labels of the horizontal axis are turned.
    pub x_turned: f64,
    pub y_ticks: Ticks,
    /// The room left of the frame for the numbers at the ticks.
    pub y_label_room: f64,
    /// The room below the frame for the numbers at the ticks.
    pub x_label_room: f64,
    /// The ticks of the colour scale, and the room for their numbers.
    pub colorbar: Option<(Ticks, f64)>,
}

#[derive(Clone, Copy, Default)]
struct Margins {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Makes the plan of a figure of that size.
pub fn plan(figure: &Figure, width: f64, height: f64) -> Plan {
    let title = Line::new(&figure.title);
    let title = (!title.is_empty()).then_some((title, BORDER + 16.0));
    let top = if title.is_some() { BORDER + 28.0 } else { BORDER };
    let area = (BORDER, top, (width - 2.0 * BORDER).max(20.0), (height - BORDER - top).max(20.0));

    let ends: Vec<_> = figure.axes.iter().map(limits::of).collect();
    // First as if nothing were written around the axes, then with the room that this says is needed.
    let mut boxes =
        arrange(figure, area, &vec![Margins { left: 40.0, right: 10.0, top: 10.0, bottom: 30.0 }; figure.axes.len()]);
    let mut places = Vec::new();
    for _ in 0..2 {
        places =
            figure.axes.iter().zip(&ends).zip(&boxes).map(|((axes, ends), area)| place(axes, *ends, *area)).collect();
        let margins: Vec<Margins> =
            figure.axes.iter().zip(&places).map(|(axes, placed)| margins(axes, placed)).collect();
        boxes = arrange(figure, area, &margins);
    }
    for ((axes, ends), (placed, area)) in figure.axes.iter().zip(&ends).zip(places.iter_mut().zip(&boxes)) {
        *placed = place(axes, *ends, *area);
    }
    Plan { title, places }
}

type Rectangle = (f64, f64, f64, f64);

/// Divides the area among the axes; those of one grid share their columns and rows.
fn arrange(figure: &Figure, (left, top, width, height): Rectangle, margins: &[Margins]) -> Vec<Rectangle> {
    /// How many rows and columns a grid is taken to have at most.
    const MOST: u16 = 64;
    let grid = |cell: &Cell| (cell.rows.clamp(1, MOST), cell.columns.clamp(1, MOST));
    let span = |first: u16, count: u16, all: u16| {
        let first = usize::from(first.min(all - 1));
        (first, (first + usize::from(count.max(1)) - 1).min(usize::from(all) - 1))
    };
    let mut grids: BTreeMap<(u16, u16), (Vec<Margins>, Vec<Margins>)> = BTreeMap::new();
    for (axes, margins) in figure.axes.iter().zip(margins) {
        let (rows, columns) = grid(&axes.cell);
        let (row_margins, column_margins) = grids
            .entry((rows, columns))
            .or_insert_with(|| (vec![Margins::default(); rows.into()], vec![Margins::default(); columns.into()]));
        let (first, last) = span(axes.cell.row, axes.cell.row_span, rows);
        row_margins[first].top = row_margins[first].top.max(margins.top);
        row_margins[last].bottom = row_margins[last].bottom.max(margins.bottom);
        let (first, last) = span(axes.cell.column, axes.cell.column_span, columns);
        column_margins[first].left = column_margins[first].left.max(margins.left);
        column_margins[last].right = column_margins[last].right.max(margins.right);
    }
    let boxes = figure.axes.iter().map(|axes| {
        let key = grid(&axes.cell);
        let (row_margins, column_margins) = &grids[&key];
        let along = |before: Vec<f64>, after: Vec<f64>, length: f64, (first, last): (usize, usize)| {
            let count = before.len() as f64;
            let gap = if count > 6.0 { GAP / 3.0 } else { GAP };
            let used: f64 = before.iter().chain(&after).sum::<f64>() + gap * (count - 1.0);
            let each = ((length - used) / count).max(length / count * 0.1).max(1.0);
            // When there is no room for what is written around, it overlaps rather than the frames vanish.
            let squeeze = ((length - each * count) / used.max(1e-9)).clamp(0.0, 1.0);
            let start = |index: usize| {
                let margins: f64 = before[..=index].iter().chain(&after[..index]).sum();
                squeeze * (margins + gap * index as f64) + each * index as f64
            };
            (start(first), start(last) + each - start(first))
        };
        let (x, wide) = along(
            column_margins.iter().map(|m| m.left).collect(),
            column_margins.iter().map(|m| m.right).collect(),
            width,
            span(axes.cell.column, axes.cell.column_span, key.1),
        );
        let (y, tall) = along(
            row_margins.iter().map(|m| m.top).collect(),
            row_margins.iter().map(|m| m.bottom).collect(),
            height,
            span(axes.cell.row, axes.cell.row_span, key.0),
        );
        (left + x, top + y, wide.max(1.0), tall.max(1.0))
    });
    boxes.collect()
}

/// Places axes in a rectangle.
fn place(axes: &Axes, ends: (limits::Ends, limits::Ends), (left, top, width, height): Rectangle) -> Placed {
    let mut area = (left, top, width, height);
    let mut ends = ends;
    if limits::comparable(axes) {
        match axes.aspect {
            Aspect::EqualWider => ends = limits::widened(ends, width, height),
            _ => {
                let (wide, tall) = limits::shrunk(ends, width, height);
                area = (left + (width - wide) / 2.0, top + (height - tall) / 2.0, wide, tall);
            }
        }
    }
    let frame = Frame::new(area, ends, axes);
    let mut y_ticks = ticks::of(&axes.y, ends.1, (frame.height / 46.0) as usize + 1);
    spare(&mut y_ticks, |at| frame.down(at), TICK_SIZE);
    // As many as there is room for, by the width of the numbers that there are when there are a few.
    let few = ticks::of(&axes.x, ends.0, 5);
    let widest = few.ticks.iter().map(|tick| Line::new(&tick.label).width(TICK_SIZE)).fold(0.0, f64::max);
    let mut x_ticks = ticks::of(&axes.x, ends.0, ((frame.width / (widest + 26.0)) as usize).clamp(2, 9));
    let x_turned = match axes.x.tick_rotation {
        chosen if chosen.is_finite() && chosen % 360.0 != 0.0 => chosen % 360.0,
        // Labels that would run into each other are turned.
        _ if axes.x.ticks.is_some() && overlap(&x_ticks, &frame) => 35.0,
        _ => 0.0,
    };
    spare(&mut x_ticks, |at| frame.across(at), if x_turned == 0.0 { 1.0 } else { TICK_SIZE * 1.1 });
    let shown = |axis: &super::super::Axis, ticks: &Ticks, measure: &dyn Fn(f64, f64) -> f64| {
        if !axis.tick_labels || axes.bare {
            return 0.0;
        }
        let size = |label: &str| {
            let lines = label.lines().count().max(1) as f64;
            let width = label.lines().map(|line| Line::new(line).width(TICK_SIZE)).fold(0.0, f64::max);
            measure(width, lines * TICK_SIZE * 1.2)
        };
        ticks
            .ticks
            .iter()
            .filter(|tick| !tick.label.is_empty())
            .map(|tick| size(&tick.label))
            .fold(0.0, f64::max)
            .min(160.0)
    };
    let turned = |degrees: f64| {
        let (sine, cosine) = if degrees.is_finite() { degrees.to_radians().sin_cos() } else { (0.0, 1.0) };
        (sine.abs(), cosine.abs())
    };
    let (sine, cosine) = turned(axes.y.tick_rotation);
    let y_label_room = shown(&axes.y, &y_ticks, &|width, height| width * cosine + height * sine);
    let (sine, cosine) = turned(x_turned);
    let x_label_room = shown(&axes.x, &x_ticks, &|width, height| width * sine + height * cosine);
    let colorbar = axes.colorbar.as_ref().map(|bar| {
        let axis = super::super::Axis {
            scale: if bar.shades.log { Scale::Log } else { Scale::Linear },
            ticks: bar.ticks.clone(),
            ..Default::default()
        };
        let ticks = if bar.levels.len() > 1 && bar.levels.len() <= 12 && bar.ticks.is_none() {
            ticks::labelled(&bar.levels)
        } else {
            ticks::of(&axis, (bar.shades.low, bar.shades.high), (frame.height / 46.0) as usize + 1)
        };
        let room =
            ticks.ticks.iter().map(|tick| Line::new(&tick.label).width(TICK_SIZE)).fold(0.0, f64::max).min(120.0);
        (ticks, room)
    });
    Placed { frame, x_ticks, x_turned, y_ticks, y_label_room, x_label_room, colorbar }
}

/// Says whether the labels of a horizontal axis run into each other.
fn overlap(ticks: &Ticks, frame: &Frame) -> bool {
    let mut spans: Vec<(f64, f64)> = ticks
        .ticks
        .iter()
        .filter(|tick| !tick.label.is_empty())
        .filter_map(|tick| {
            let widths = tick.label.lines().map(|line| Line::new(line).width(TICK_SIZE));
            Some((frame.across(tick.at)?, widths.fold(0.0, f64::max) / 2.0))
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    spans.windows(2).any(|pair| pair[0].0 + pair[0].1 + 5.0 > pair[1].0 - pair[1].1)
}

/// Takes labels away where there are more than have room: of every few neighbours one stays.
fn spare(ticks: &mut Ticks, place: impl Fn(f64) -> Option<f64>, room: f64) {
    let mut places: Vec<f64> =
        ticks.ticks.iter().filter(|tick| !tick.label.is_empty()).filter_map(|tick| place(tick.at)).collect();
    places.sort_by(f64::total_cmp);
    let nearest = places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if nearest >= room || places.len() < 2 {
        return;
    }
    let average = (places[places.len() - 1] - places[0]) / (places.len() - 1) as f64;
    let every = (room / average.max(1e-9)).ceil().clamp(1.0, 1e4) as usize;
    for (index, tick) in ticks.ticks.iter_mut().filter(|tick| !tick.label.is_empty()).enumerate() {
        if index % every != 0 {
            tick.label.clear();
        }
    }
}

/// Returns the room that is needed around the frame.
fn margins(axes: &Axes, placed: &Placed) -> Margins {
    let mut margins = Margins { left: 2.0, right: 4.0, top: 4.0, bottom: 2.0 };
    let lines = axes.title.lines().count() as f64;
    if !axes.title.trim().is_empty() {
        margins.top = lines * TITLE_LINE + 8.0;
    }
    if !axes.bare {
        if placed.y_ticks.factor.is_some() {
            margins.top += TICK_SIZE + 2.0;
        }
        let mut beside = if placed.y_label_room > 0.0 { placed.y_label_room + TICK + 6.0 } else { 0.0 };
        if !axes.y.label.trim().is_empty() {
            beside += LABEL_SIZE + 9.0;
        }
        *if axes.over { &mut margins.right } else { &mut margins.left } += beside;
        margins.bottom += if placed.x_label_room > 0.0 { placed.x_label_room + TICK + 4.0 } else { 0.0 };
        if !axes.x.label.trim().is_empty() {
            margins.bottom += LABEL_SIZE + 8.0;
        }
        // The number at the last tick is written around its place.
        if axes.x.tick_labels
            && let Some(last) = placed.x_ticks.ticks.iter().rev().find(|tick| !tick.label.is_empty())
            && let Some(at) = placed.frame.across(last.at)
        {
            let half = Line::new(&last.label).width(TICK_SIZE) / 2.0;
            margins.right = margins.right.max(half - (placed.frame.right() - at)).min(60.0);
        }
    }
    if let (Some(bar), Some((_, room))) = (&axes.colorbar, &placed.colorbar) {
        margins.right += 12.0 + COLORBAR + TICK + 6.0 + room;
        if !bar.label.trim().is_empty() {
            margins.right += LABEL_SIZE + 9.0;
        }
    }
    if axes.legend.as_ref().is_some_and(|legend| legend.place == Place::Outside) {
        margins.right += legend::size(axes).0 + 12.0;
    }
    margins
}
