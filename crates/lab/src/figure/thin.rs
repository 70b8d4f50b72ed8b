//! Makes a description small enough to be sent and to be drawn.
//!
//! A curve of a million points has a few hundred pixels to be drawn on. What is left out is chosen so
//! that the picture stays the same: of each stretch of a curve its ends and its extremes are kept. Of
//! points every n-th is kept, and the mark says how many there were.

use super::{Axes, Figure, Mark, Numbers, Paint};

/// The most points that a curve keeps.
const CURVE: usize = 4_000;
/// The most points that a cloud of points keeps.
const CLOUD: usize = 10_000;
/// The most points that all marks of a figure keep together.
const TOGETHER: usize = 300_000;

/// Leaves out what cannot be seen.
pub fn thin(figure: &mut Figure) {
    let points: usize = figure.axes.iter().flat_map(|axes| axes.marks.iter()).map(length).sum();
    let share = if points > TOGETHER { TOGETHER as f64 / points as f64 } else { 1.0 };
    for axes in figure.axes.as_mut_slice() {
        thin_axes(axes, share);
    }
}

fn length(mark: &Mark) -> usize {
    match mark {
        Mark::Line { x, .. } => x.len().min(CURVE),
        Mark::Points { x, .. } => x.len().min(CLOUD),
        Mark::Area { x, .. } => x.len().min(CURVE),
        _ => 0,
    }
}

fn thin_axes(axes: &mut Axes, share: f64) {
    let most = |limit: usize| ((limit as f64 * share) as usize).max(64);
    for mark in axes.marks.as_mut_slice() {
        match mark {
            Mark::Line { x, y, marker, .. } => {
                let limit = most(CURVE);
                if x.len().max(y.len()) > limit {
                    let kept = match marker {
                        None => extremes(&[y], limit),
                        Some(_) => every_nth(x.len(), limit),
                    };
                    (*x, *y) = (pick(x, &kept), pick(y, &kept));
                }
            }
            Mark::Area { x, low, high, .. } => {
                let limit = most(CURVE);
                if x.len() > limit {
                    let kept = extremes(&[low, high], limit);
                    (*x, *low, *high) = (pick(x, &kept), pick(low, &kept), pick(high, &kept));
                }
            }
            Mark::Points { x, y, sizes, paint, of, .. } => {
                let limit = most(CLOUD);
                let count = x.len();
                if count > limit {
                    let kept = every_nth(count, limit);
                    *of = (*of).max(count as u64);
                    (*x, *y) = (pick(x, &kept), pick(y, &kept));
                    if sizes.len() > 1 {
                        *sizes = kept.iter().map(|index| sizes.cycled(*index)).collect::<Vec<_>>().into();
                    }
                    match paint {
                        Paint::Shaded { values, .. } => *values = pick(values, &kept),
                        Paint::Each(colors) if !colors.is_empty() => {
                            *colors = kept.iter().map(|index| colors[index % colors.len()]).collect::<Vec<_>>().into();
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn pick(values: &Numbers, kept: &[usize]) -> Numbers {
    kept.iter().map(|index| values.at(*index)).collect::<Vec<_>>().into()
}

fn every_nth(count: usize, limit: usize) -> Vec<usize> {
    let stride = count.div_ceil(limit.max(1)).max(1);
    (0..count).step_by(stride).collect()
}

/// Returns the places of the ends and the extremes of each stretch of the curves.
fn extremes(curves: &[&Numbers], limit: usize) -> Vec<usize> {
    let count = curves.iter().map(|curve| curve.len()).max().unwrap_or(0);
    let each = 2 + 2 * curves.len();
    let stretch = count.div_ceil((limit / each).max(1)).max(1);
    let mut kept = Vec::new();
    for start in (0..count).step_by(stretch) {
        let end = (start + stretch).min(count);
        let mut here = vec![start, end - 1];
        for curve in curves {
            let part = || (start..end).filter(|index| curve.at(*index).is_finite());
            here.extend(part().min_by(|a, b| curve.at(*a).total_cmp(&curve.at(*b))));
            here.extend(part().max_by(|a, b| curve.at(*a).total_cmp(&curve.at(*b))));
        }
        // Where a curve is interrupted the gap has to stay.
        here.extend((start..end).find(|index| curves.iter().any(|curve| !curve.at(*index).is_finite())));
        here.sort_unstable();
        here.dedup();
        kept.extend(here);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Steps;

    #[test]
    fn a_long_curve_keeps_its_spikes_and_its_gaps() {
        let mut y = vec![0.0; 100_000];
        y[54_321] = 9.0;
        y[77_777] = f64::NAN;
        let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
        let mark = Mark::Line {
            x: x.into(),
            y: y.into(),
            stroke: None,
            marker: None,
            steps: Steps::None,
            alpha: 1.0,
            label: String::new(),
        };
        let mut figure =
            Figure { axes: vec![Axes { marks: vec![mark].into(), ..Axes::default() }].into(), ..Figure::default() };
        thin(&mut figure);
        let Mark::Line { x, y, .. } = &figure.axes[0].marks[0] else { panic!("still a line") };
        assert!(y.len() <= CURVE && x.len() == y.len(), "{}", y.len());
        assert!(x.iter().zip(y.iter()).any(|(x, y)| (*x, *y) == (54_321.0, 9.0)));
        assert!(y.iter().any(|y| y.is_nan()));
        assert_eq!((x[0], x[x.len() - 1]), (0.0, 99_999.0));
    }
}
