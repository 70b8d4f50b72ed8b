//! Pictures of rows and columns, and contours of a grid of numbers.

use std::fmt::Write as _;

use super::{
    super::{
        super::{Color, Dash, Mark, Numbers, Paint, Pixels, Stroke, colormap::Colormap},
        Drawing, TICK_SIZE, Written,
        contour::{Grid, Line},
        frame::{Frame, Point},
        ink::Ink,
        number,
        png::{self, Kind},
        text, ticks,
    },
    Colors, Path, opacity, stroke_attributes,
};

/// Draws a picture.
pub fn image(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Image { rows, columns, pixels, bytes, extent: [left, right, bottom, top], smooth, alpha } = mark else {
        return;
    };
    let corners = (frame.at(left.0, top.0), frame.at(right.0, bottom.0));
    let (Some((x0, y0)), Some((x1, y1))) = corners else { return };
    let bytes = png::from_base64(bytes);
    if !*smooth
        && bytes.len() <= MOST_CELLS
        && let Pixels::Shaded { cmap } = pixels
    {
        if (*rows as usize).checked_mul(*columns as usize) == Some(bytes.len()) {
            cells(drawing, (*rows, *columns), &bytes, Colormap::of(cmap), ((x0, y0), (x1, y1)), *alpha);
        }
        return;
    }
    let url = match pixels {
        Pixels::Shaded { cmap } => {
            let map = Colormap::of(cmap);
            let colors: Vec<[u8; 3]> = (0..255).map(|index| map.at(f64::from(index) / 254.0)).collect();
            png::data_url(*rows, *columns, &Kind::Indexed(&colors), &bytes)
        }
        Pixels::Rgb => png::data_url(*rows, *columns, &Kind::Rgb, &bytes),
        Pixels::Rgba => png::data_url(*rows, *columns, &Kind::Rgba, &bytes),
    };
    let Some(url) = url else { return };
    let (width, height) = ((x1 - x0).abs(), (y1 - y0).abs());
    // Where an axis runs the other way, the picture is turned over.
    let (flip_x, flip_y) = (x1 < x0, y1 < y0);
    let mut turn = String::new();
    if flip_x || flip_y {
        let (sx, sy) = (if flip_x { -1 } else { 1 }, if flip_y { -1 } else { 1 });
        let (tx, ty) = (if flip_x { x0 + x1 } else { 0.0 }, if flip_y { y0 + y1 } else { 0.0 });
        turn = format!(" transform=\"translate({} {}) scale({sx} {sy})\"", number(tx), number(ty));
    }
    let rendering = if *smooth { "" } else { " image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\"" };
    let _ = writeln!(
        drawing.out,
        "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\"{rendering}{turn}{} href=\"{url}\"/>",
        number(x0.min(x1)),
        number(y0.min(y1)),
        number(width),
        number(height),
        opacity(*alpha)
    );
}

/// Up to so many pixels, a picture is drawn as rectangles: they are sharp in every viewer.
const MOST_CELLS: usize = 400;

/// Draws a small picture cell by cell; neighbours of one colour in a row are one rectangle.
fn cells(
    drawing: &mut Drawing,
    (rows, columns): (u32, u32),
    bytes: &[u8],
    map: Colormap,
    ((x0, y0), (x1, y1)): (Point, Point),
    alpha: f64,
) {
    // Places are rounded before lengths are taken, so that no seam shows between neighbours.
    let tenths = |value: f64| (value * 10.0).round() / 10.0;
    let across = |column: usize| tenths(x0 + (x1 - x0) * column as f64 / f64::from(columns));
    let down = |row: usize| tenths(y0 + (y1 - y0) * row as f64 / f64::from(rows));
    let _ = writeln!(drawing.out, "<g shape-rendering=\"crispEdges\"{}>", opacity(alpha));
    for (row, line) in bytes.chunks_exact((columns as usize).max(1)).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|a, b| a == b) {
            let (left, right) = (across(column), across(column + run.len()));
            let (top, bottom) = (down(row), down(row + 1));
            column += run.len();
            if run[0] == 255 {
                continue;
            }
            let fill = drawing.used.fill(map.at(f64::from(run[0]) / 254.0).into());
            let _ = writeln!(
                drawing.out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{fill}/>",
                number(left.min(right)),
                number(top.min(bottom)),
                number((right - left).abs()),
                number((bottom - top).abs())
            );
        }
    }
    drawing.out += "</g>\n";
}

/// The most heights that are drawn.
const MOST_LEVELS: usize = 100;

/// Draws contours.
pub fn contour(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Contour { x, y, z, levels, filled, .. } = mark else { return };
    let (columns, rows) = (x.len(), y.len());
    if columns < 2 || rows < 2 || columns.checked_mul(rows) != Some(z.len()) {
        return;
    }
    let cost = z.len() * (levels.len().min(MOST_LEVELS) + 2);
    if cost > drawing.effort {
        drawing.left_out += 1;
        return;
    }
    drawing.effort -= cost;
    let grid = Grid { values: z, columns, rows };
    if *filled { bands(drawing, mark, frame, grid) } else { lines(drawing, mark, frame, grid) }
}

/// Returns the number at a place that is counted in steps of a list.
fn between(values: &Numbers, place: f64) -> f64 {
    let index = (place.max(0.0) as usize).min(values.len().saturating_sub(1));
    let (from, to) = (values.at(index), values.at((index + 1).min(values.len().saturating_sub(1))));
    from + (to - from) * (place - index as f64)
}

fn places<'a>(line: &'a Line, x: &'a Numbers, y: &'a Numbers, frame: &'a Frame) -> impl Iterator<Item = Point> + 'a {
    line.iter().filter_map(move |(column, row)| frame.at(between(x, *column), between(y, *row)))
}

fn lines(drawing: &mut Drawing, mark: &Mark, frame: &Frame, grid: Grid<'_>) {
    let Mark::Contour { x, y, levels, paint, width, dash, labels, alpha, .. } = mark else { return };
    let colors = Colors::new(paint);
    let one_color = matches!(paint, Paint::One(_));
    let names = ticks::labelled(&levels[..levels.len().min(MOST_LEVELS)]);
    for (index, level) in levels.iter().enumerate().take(MOST_LEVELS) {
        let Some(ink) = colors.of(index) else { continue };
        let mut path = Path::new();
        let mut longest: Vec<Point> = Vec::new();
        for line in grid.lines(*level) {
            let run: Vec<Point> = places(&line, x, y, frame).collect();
            for pair in run.windows(2) {
                if let Some((from, to)) = frame.cut(pair[0], pair[1]) {
                    path.segment(from, to);
                }
            }
            if run.len() > longest.len() {
                longest = run;
            }
        }
        let path = path.finish();
        if path.is_empty() {
            continue;
        }
        let dash = dash.unwrap_or(if one_color && *level < 0.0 { Dash::Dashed } else { Dash::Solid });
        let stroke = Stroke { color: Color::Ink, width: *width, dash };
        // The colour may be none that a figure can name, so it is put in place of the stroke's.
        let plain = drawing.used.stroke(Ink::Text);
        let attributes = stroke_attributes(drawing, &stroke, *alpha);
        let own = drawing.used.stroke(ink);
        let attributes = attributes.replacen(&plain, &own, 1);
        let _ = writeln!(drawing.out, "<path d=\"{path}\"{attributes}/>");
        if *labels && let Some(place) = longest.get(longest.len() / 2).filter(|place| frame.holds(**place)) {
            let name = text::Line::new(&names.ticks[index].label);
            let half = name.width(TICK_SIZE - 1.5) / 2.0 + 2.0;
            let ground = drawing.used.fill(Ink::Paper);
            let _ = writeln!(
                drawing.out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"13\" rx=\"3\"{ground} opacity=\"0.8\"/>",
                number(place.0 - half),
                number(place.1 - 6.5),
                number(half * 2.0)
            );
            let how = Written { size: TICK_SIZE - 1.5, ..Written::default() };
            drawing.text(&name, place.0, place.1 + 4.0, &how);
        }
    }
}

/// Fills the bands between the heights. Each area is drawn over the one below it, so that no seam shows
/// between them; the group as a whole may be seen through.
fn bands(drawing: &mut Drawing, mark: &Mark, frame: &Frame, grid: Grid<'_>) {
    let Mark::Contour { x, y, levels, paint, alpha, below, above, .. } = mark else { return };
    let colors = Colors::new(paint);
    let mut levels: Vec<f64> = levels.iter().copied().take(MOST_LEVELS).collect();
    if *below {
        levels.insert(0, f64::MIN);
    }
    let top = if *above { None } else { levels.pop() };
    let outline = |path: &mut Path, height: f64| {
        for line in grid.outlines(height) {
            let cut = frame.cut_outline(places(&line, x, y, frame).collect());
            let mut points = cut.into_iter();
            if let Some(first) = points.next() {
                path.move_to(first);
                points.for_each(|point| path.line_to(point));
                path.close();
            }
        }
    };
    let _ = writeln!(drawing.out, "<g{}>", opacity(*alpha));
    for (index, level) in levels.iter().enumerate() {
        let Some(ink) = colors.of(index) else { continue };
        let mut path = Path::new();
        outline(&mut path, *level);
        if let Some(top) = top {
            // The last height belongs to the band below it.
            outline(&mut path, top.next_up());
        }
        let path = path.finish();
        if !path.is_empty() {
            let fill = drawing.used.fill(ink);
            let _ = writeln!(drawing.out, "<path d=\"{path}\"{fill} fill-rule=\"evenodd\"/>");
        }
    }
    drawing.out += "</g>\n";
}
