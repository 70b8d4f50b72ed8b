//! Points: clouds of them, and the signs on a curve.

use std::fmt::Write as _;

use super::{
    super::{
        super::{Mark, Marker, Shape, Stroke},
        Drawing,
        frame::{Frame, Point},
        ink::Ink,
        markers, number, part,
    },
    Colors, Path, opacity, pixels,
};

/// Up to so many points, each is an element of its own.
const FEW: usize = 3_000;
/// Over so many layers are many points shared out that can be seen through.
const LAYERS: usize = 24;

/// How signs look that are drawn together.
struct Look {
    shape: Shape,
    diameter: f64,
    fill: Option<Ink>,
    edge: Option<(Ink, f64)>,
    alpha: f64,
}

/// Draws a cloud of points.
pub fn cloud(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Points { x, y, sizes, paint, shape, edge, alpha, .. } = mark else { return };
    let colors = Colors::new(paint);
    let places: Vec<(usize, Point)> = (0..x.len().min(y.len()))
        .filter_map(|index| Some((index, frame.at(x[index], y[index])?)))
        .filter(|(_, place)| frame.holds(*place))
        .collect();
    let edge = edge.as_ref().filter(|edge| edge.width > 0.0);
    let few = places.len() <= FEW;
    let look = |index: usize| {
        let diameter = pixels(sizes.cycled(index).max(0.0).sqrt());
        let ink = colors.of(index);
        let open = markers::is_open(*shape);
        let edge = match edge {
            Some(Stroke { color, width, .. }) if !open => Some((Ink::from(*color), pixels(*width))),
            // Where points lie on each other, a rim of the ground tells them apart.
            None if !open && few && part(*alpha) >= 1.0 && diameter >= 5.0 && ink.is_some() => Some((Ink::Paper, 0.7)),
            _ => None,
        };
        let edge = if open { ink.map(|ink| (ink, pixels(1.5))) } else { edge };
        Look {
            shape: *shape,
            diameter: markers::diameter(*shape, diameter),
            fill: if open { None } else { ink },
            edge,
            alpha: *alpha,
        }
    };
    let visible = |look: &Look| look.fill.is_some() || look.edge.is_some();
    if few {
        // Neighbours of one look share a group.
        let mut open: Option<String> = None;
        for (index, place) in places {
            let look = look(index);
            if !visible(&look) {
                continue;
            }
            let attributes = attributes(drawing, &look, true);
            if open.as_ref() != Some(&attributes) {
                if open.is_some() {
                    drawing.out += "</g>\n";
                }
                let _ = writeln!(drawing.out, "<g{attributes}>");
                open = Some(attributes);
            }
            element(drawing, &look, place);
        }
        if open.is_some() {
            drawing.out += "</g>\n";
        }
        return;
    }
    // Many points: one path for each look, in the order in which the looks first appear.
    let mut groups: Vec<(Look, Path, String)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for (index, place) in places {
        let look = look(index);
        if !visible(&look) {
            continue;
        }
        let key = (look.fill, (look.diameter * 4.0).round() as i64);
        let group = *known.entry(key).or_insert_with(|| {
            groups.push((look, Path::new(), String::new()));
            groups.len() - 1
        });
        let (look, dots, outlines) = &mut groups[group];
        if round(look) { dots.dot(place) } else { markers::outline(outlines, look.shape, place, look.diameter) }
    }
    for (look, dots, outlines) in groups {
        if round(&look) {
            let stroke = look.fill.map(|ink| drawing.used.stroke(ink)).unwrap_or_default();
            let path = dots.finish();
            let width = number(look.diameter);
            // Dots of one path do not darken each other where they overlap, so that those that can be seen
            // through are shared out over several.
            let layers = if part(look.alpha) < 1.0 { LAYERS } else { 1 };
            let each: Vec<&str> = path.split('M').filter(|dot| !dot.is_empty()).collect();
            for layer in 0..layers {
                let dots: String = each.iter().skip(layer).step_by(layers).flat_map(|dot| ["M", dot]).collect();
                if !dots.is_empty() {
                    let alpha = opacity(look.alpha);
                    let _ = writeln!(
                        drawing.out,
                        "<path d=\"{dots}\"{stroke} stroke-width=\"{width}\" stroke-linecap=\"round\"{alpha}/>"
                    );
                }
            }
        } else {
            let attributes = attributes(drawing, &look, false);
            let _ = writeln!(drawing.out, "<path d=\"{outlines}\"{attributes}/>");
        }
    }
}

/// Says whether a look is a disc without a rim, which a dot with a round end draws as well.
fn round(look: &Look) -> bool {
    matches!(look.shape, Shape::Circle | Shape::Point) && look.edge.is_none()
}

/// Draws the signs on a curve.
pub fn on_curve(drawing: &mut Drawing, mark: &Mark, frame: &Frame) {
    let Mark::Line { x, y, marker: Some(marker), alpha, .. } = mark else { return };
    let look = marker_look(marker, *alpha);
    if look.fill.is_none() && look.edge.is_none() {
        return;
    }
    let attributes = attributes(drawing, &look, true);
    let _ = writeln!(drawing.out, "<g{attributes}>");
    for (at_x, at_y) in x.iter().zip(y.iter()).step_by(marker.every.max(1) as usize) {
        if let Some(place) = frame.at(*at_x, *at_y).filter(|place| frame.holds(*place)) {
            element(drawing, &look, place);
        }
    }
    drawing.out += "</g>\n";
}

fn marker_look(marker: &Marker, alpha: f64) -> Look {
    let open = markers::is_open(marker.shape);
    let edge = marker.edge.as_ref().map(|edge| (Ink::from(edge.color), pixels(edge.width)));
    let edge = if open { edge.or(marker.fill.map(|fill| (Ink::from(fill), pixels(1.5)))) } else { edge };
    let fill = if open { None } else { marker.fill.map(Ink::from) };
    Look { shape: marker.shape, diameter: markers::diameter(marker.shape, pixels(marker.size)), fill, edge, alpha }
}

/// Draws the sign of a curve or a cloud at one place, for the legend.
pub fn sample(drawing: &mut Drawing, mark: &Mark, place: Point) {
    let look = match mark {
        Mark::Line { marker: Some(marker), alpha, .. } => marker_look(marker, *alpha),
        Mark::Points { paint, shape, edge, alpha, sizes, .. } => {
            let open = markers::is_open(*shape);
            let ink = Colors::new(paint).of(0);
            let edge = edge.as_ref().map(|edge| (Ink::from(edge.color), pixels(edge.width)));
            let edge = if open { ink.map(|ink| (ink, pixels(1.5))) } else { edge };
            let diameter = pixels(sizes.cycled(0).max(0.0).sqrt()).clamp(4.0, 12.0);
            Look { shape: *shape, diameter, fill: if open { None } else { ink }, edge, alpha: *alpha }
        }
        _ => return,
    };
    let attributes = attributes(drawing, &look, true);
    let _ = write!(drawing.out, "<g{attributes}>");
    element(drawing, &look, place);
    drawing.out += "</g>\n";
}

/// Returns the attributes of a look, for a group of signs or for a path of them.
fn attributes(drawing: &mut Drawing, look: &Look, each: bool) -> String {
    let alpha = part(look.alpha);
    // In a group each sign is to be seen through by itself.
    let faded = |ink: Ink| if each { ink.faded(alpha) } else { ink };
    let mut out = drawing.used.both(look.fill.map(faded), look.edge.map(|(ink, _)| faded(ink)));
    if let Some((_, width)) = look.edge {
        let _ = write!(out, " stroke-width=\"{}\"", number(width));
    }
    if alpha < 1.0 {
        if !each {
            let _ = write!(out, " opacity=\"{alpha}\"");
        } else {
            for (name, ink) in [("fill", look.fill), ("stroke", look.edge.map(|(ink, _)| ink))] {
                // A colour that has an opacity of its own has been given this one as well.
                if ink.is_some_and(|ink| !matches!(ink, Ink::Exact(_))) {
                    let _ = write!(out, " {name}-opacity=\"{alpha}\"");
                }
            }
        }
    }
    out
}

/// Draws one sign within a group that has its colours.
fn element(drawing: &mut Drawing, look: &Look, place: Point) {
    if matches!(look.shape, Shape::Circle | Shape::Point) {
        let r = number(look.diameter / 2.0);
        let _ = writeln!(drawing.out, "<circle cx=\"{}\" cy=\"{}\" r=\"{r}\"/>", number(place.0), number(place.1));
    } else {
        let mut path = String::new();
        markers::outline(&mut path, look.shape, place, look.diameter);
        let _ = writeln!(drawing.out, "<path d=\"{path}\"/>");
    }
}
