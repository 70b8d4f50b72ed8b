//! The signs that stand at points.

use std::fmt::Write as _;

use super::{super::Shape, frame::Point, number};

/// Says whether a sign is made of lines alone, so that its colour is that of lines.
pub fn is_open(shape: Shape) -> bool {
    matches!(shape, Shape::Plus | Shape::Cross | Shape::VerticalLine | Shape::HorizontalLine)
}

/// Returns the diameter that a sign has when it is asked to have another one.
pub fn diameter(shape: Shape, asked: f64) -> f64 {
    match shape {
        Shape::Point => asked * 0.5,
        Shape::Pixel => 1.0,
        _ => asked,
    }
}

/// Adds the outline of a sign at a place to the data of a path.
pub fn outline(path: &mut String, shape: Shape, (x, y): Point, diameter: f64) {
    let r = diameter / 2.0;
    let mut polygon = |corners: &[(f64, f64)]| {
        for (index, (dx, dy)) in corners.iter().enumerate() {
            let _ = write!(path, "{}{} {}", if index == 0 { "M" } else { "L" }, number(x + dx * r), number(y + dy * r));
        }
        path.push('Z');
    };
    match shape {
        Shape::Circle | Shape::Point => {
            let _ = write!(
                path,
                "M{} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0Z",
                number(x - r),
                number(y),
                r = number(r),
                d = number(2.0 * r)
            );
        }
        Shape::Square | Shape::Pixel => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Shape::Diamond => polygon(&[(0.0, -1.15), (1.15, 0.0), (0.0, 1.15), (-1.15, 0.0)]),
        Shape::ThinDiamond => polygon(&[(0.0, -1.15), (0.7, 0.0), (0.0, 1.15), (-0.7, 0.0)]),
        Shape::TriangleUp => polygon(&[(0.0, -1.05), (1.0, 0.85), (-1.0, 0.85)]),
        Shape::TriangleDown => polygon(&[(0.0, 1.05), (1.0, -0.85), (-1.0, -0.85)]),
        Shape::TriangleLeft => polygon(&[(-1.05, 0.0), (0.85, -1.0), (0.85, 1.0)]),
        Shape::TriangleRight => polygon(&[(1.05, 0.0), (-0.85, -1.0), (-0.85, 1.0)]),
        Shape::Pentagon => polygon(&regular(5, 1.05)),
        Shape::Hexagon => polygon(&regular(6, 1.05)),
        Shape::Octagon => polygon(&regular(8, 1.05)),
        Shape::Star => {
            let (outer, inner) = (regular(5, 1.15), regular(5, 0.46));
            // The inner corners are turned half a side.
            let turned = |(x, y): (f64, f64)| {
                let (sine, cosine) = 36f64.to_radians().sin_cos();
                (x * cosine - y * sine, x * sine + y * cosine)
            };
            let corners: Vec<_> = outer.iter().zip(&inner).flat_map(|(out, inn)| [*out, turned(*inn)]).collect();
            polygon(&corners);
        }
        Shape::FilledPlus => polygon(&plus()),
        Shape::FilledCross => {
            let (sine, cosine) = 45f64.to_radians().sin_cos();
            let corners: Vec<_> = plus().iter().map(|(x, y)| (x * cosine - y * sine, x * sine + y * cosine)).collect();
            polygon(&corners);
        }
        Shape::Plus => {
            let _ = write!(
                path,
                "M{} {}h{d}M{} {}v{d}",
                number(x - r),
                number(y),
                number(x),
                number(y - r),
                d = number(2.0 * r)
            );
        }
        Shape::Cross => {
            let r = r * 0.85;
            let (left, right, top, bottom) = (number(x - r), number(x + r), number(y - r), number(y + r));
            let _ = write!(path, "M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}");
        }
        Shape::VerticalLine => {
            let _ = write!(path, "M{} {}v{}", number(x), number(y - r), number(2.0 * r));
        }
        Shape::HorizontalLine => {
            let _ = write!(path, "M{} {}h{}", number(x - r), number(y), number(2.0 * r));
        }
    }
}

/// Returns the corners of a regular polygon with one of them at the top.
fn regular(corners: u32, radius: f64) -> Vec<(f64, f64)> {
    let turn = std::f64::consts::TAU / f64::from(corners);
    (0..corners)
        .map(|index| (turn * f64::from(index)).sin_cos())
        .map(|(sine, cosine)| (radius * sine, -radius * cosine))
        .collect()
}

fn plus() -> [(f64, f64); 12] {
    let (a, b) = (1.05, 0.36);
    [(-b, -a), (b, -a), (b, -b), (a, -b), (a, b), (b, b), (b, a), (-b, a), (-b, b), (-a, b), (-a, -b), (-b, -b)]
}
