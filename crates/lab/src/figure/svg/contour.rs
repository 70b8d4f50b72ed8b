//! Lines of equal height in a grid of numbers, by marching squares.
//!
//! Each square of four neighbouring numbers is crossed by the line where the height lies between its
//! corners; the crossings are interpolated, and the pieces joined into lines. A region at or above a
//! height is outlined by the same lines in a grid with a low border, so that they all close.

use std::collections::HashMap;

/// A grid of numbers, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Grid<'a> {
    pub values: &'a [f64],
    pub columns: usize,
    pub rows: usize,
}

/// A line through places that are counted in columns and rows.
pub type Line = Vec<(f64, f64)>;

impl Grid<'_> {
    fn at(&self, column: usize, row: usize) -> f64 {
        self.values.get(row * self.columns + column).copied().unwrap_or(f64::NAN)
    }

    /// Returns the lines along which the numbers cross a height.
    pub fn lines(&self, height: f64) -> Vec<Line> {
        let square = |column: usize, row: usize| {
            [self.at(column, row), self.at(column + 1, row), self.at(column + 1, row + 1), self.at(column, row + 1)]
        };
        march(self.columns, self.rows, height, &square)
    }

    /// Returns the outlines of where the numbers are at or above a height; a place is in it when it is
    /// within an odd number of them.
    pub fn outlines(&self, height: f64) -> Vec<Line> {
        let at = |column: usize, row: usize| {
            let inside = (1..=self.columns).contains(&column) && (1..=self.rows).contains(&row);
            let value = if inside { self.at(column - 1, row - 1) } else { f64::NEG_INFINITY };
            if value.is_nan() { f64::NEG_INFINITY } else { value }
        };
        let square = |column: usize, row: usize| {
            [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)]
        };
        let mut lines = march(self.columns + 2, self.rows + 2, height, &square);
        // Back from the grid with the border; what is on the border is at the grid's edge.
        let (last_column, last_row) = (self.columns as f64 - 1.0, self.rows as f64 - 1.0);
        for point in lines.iter_mut().flatten() {
            *point = ((point.0 - 1.0).clamp(0.0, last_column), (point.1 - 1.0).clamp(0.0, last_row));
        }
        lines
    }
}

/// Crossings are named by the edge that they are on: twice the number of its first corner, and one more
/// for an edge along a column.
type Edge = usize;

fn march(columns: usize, rows: usize, height: f64, square: &dyn Fn(usize, usize) -> [f64; 4]) -> Vec<Line> {
    let mut neighbours: HashMap<Edge, [Option<Edge>; 2]> = HashMap::new();
    let mut places: HashMap<Edge, (f64, f64)> = HashMap::new();
    let mut order = Vec::new();
    for row in 0..rows.saturating_sub(1) {
        for column in 0..columns.saturating_sub(1) {
            let corners = square(column, row);
            if corners.iter().any(|value| value.is_nan()) {
                continue;
            }
            let above = corners.map(|value| value >= height);
            if above.iter().all(|is| *is == above[0]) {
                continue;
            }
            let first = row * columns + column;
            // The edges between corners 0-1, 1-2, 2-3 and 3-0.
            let edges = [2 * first, 2 * (first + 1) + 1, 2 * (first + columns), 2 * first + 1];
            let (x, y) = (column as f64, row as f64);
            let corner_places = [(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)];
            let crossed: Vec<usize> = (0..4).filter(|side| above[*side] != above[(side + 1) % 4]).collect();
            for side in &crossed {
                let (from, to) = (*side, (side + 1) % 4);
                places.entry(edges[*side]).or_insert_with(|| {
                    let part = crossing(corners[from], corners[to], height);
                    let (a, b) = (corner_places[from], corner_places[to]);
                    (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
                });
            }
            let mut join = |a: usize, b: usize| {
                for (here, there) in [(edges[a], edges[b]), (edges[b], edges[a])] {
                    let known = neighbours.entry(here).or_insert_with(|| {
                        order.push(here);
                        [None, None]
                    });
                    let slot = if known[0].is_none() { &mut known[0] } else { &mut known[1] };
                    *slot = Some(there);
                }
            };
            match crossed.as_slice() {
                [a, b] => join(*a, *b),
                _ => {
                    // A saddle: the middle says which corners belong together.
                    let middle = corners.iter().map(|value| value.clamp(-1e300, 1e300) / 4.0).sum::<f64>() >= height;
                    if middle == above[0] {
                        join(0, 1);
                        join(2, 3);
                    } else {
                        join(3, 0);
                        join(1, 2);
                    }
                }
            }
        }
    }
    stitch(&mut neighbours, &places, &order)
}

/// Returns how far from one number to the other a height between them is.
fn crossing(from: f64, to: f64, height: f64) -> f64 {
    if !from.is_finite() || !to.is_finite() {
        return if from.is_finite() { 0.0 } else { 1.0 };
    }
    let part = (height / 2.0 - from / 2.0) / (to / 2.0 - from / 2.0);
    if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.5 }
}

/// Joins pieces into lines: first those with two ends, then those that close.
fn stitch(
    neighbours: &mut HashMap<Edge, [Option<Edge>; 2]>,
    places: &HashMap<Edge, (f64, f64)>,
    order: &[Edge],
) -> Vec<Line> {
    let mut lines = Vec::new();
    let ends: Vec<Edge> = order.iter().copied().filter(|edge| neighbours[edge][1].is_none()).collect();
    for start in ends.into_iter().chain(order.iter().copied()) {
        if !neighbours.contains_key(&start) {
            continue;
        }
        let (mut line, mut here) = (Vec::new(), Some(start));
        let mut last = start;
        while let Some(edge) = here {
            let Some(next) = neighbours.remove(&edge) else { break };
            line.extend(places.get(&edge));
            last = edge;
            here = next.into_iter().flatten().find(|edge| neighbours.contains_key(edge));
        }
        // A line that came round ends where it began.
        let closed = line.len() > 2 && last != start && line_closes(&line, places.get(&start));
        if closed {
            line.push(line[0]);
        }
        if line.len() > 1 {
            lines.push(line);
        }
    }
    lines
}

/// Says whether the end of a line is in the same or a neighbouring square as its start.
fn line_closes(line: &Line, start: Option<&(f64, f64)>) -> bool {
    match (line.last(), start) {
        (Some(last), Some(start)) => {
            (last.0 - start.0).abs() <= 1.0 && (last.1 - start.1).abs() <= 1.0 && line.len() > 3
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slope_is_crossed_once() {
        let values = [0.0, 1.0, 2.0, 0.0, 1.0, 2.0];
        let grid = Grid { values: &values, columns: 3, rows: 2 };
        assert_eq!(grid.lines(0.5), [vec![(0.5, 0.0), (0.5, 1.0)]]);
        assert_eq!(grid.lines(5.0), Vec::<Line>::new());
    }

    #[test]
    fn a_hill_is_surrounded() {
        let mut values = [0.0; 25];
        values[12] = 1.0;
        let grid = Grid { values: &values, columns: 5, rows: 5 };
        let lines = grid.lines(0.5);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].len(), 5);
        assert_eq!(lines[0].first(), lines[0].last());
    }

    #[test]
    fn everything_above_is_outlined_by_the_border() {
        let values = [3.0; 6];
        let outlines = Grid { values: &values, columns: 3, rows: 2 }.outlines(1.0);
        assert_eq!(outlines.len(), 1);
        for corner in [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)] {
            assert!(outlines[0].contains(&corner), "{outlines:?}");
        }
    }

    /// Says whether a place is within an odd number of outlines.
    fn within(outlines: &[Line], (x, y): (f64, f64)) -> bool {
        let crossings = |line: &Line| {
            let closed = line.iter().zip(line.iter().cycle().skip(1));
            closed.filter(|(a, b)| (a.1 > y) != (b.1 > y) && x < a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0)).count()
        };
        outlines.iter().map(crossings).sum::<usize>() % 2 == 1
    }

    proptest! {
        #[test]
        fn outlines_hold_what_is_high(values in proptest::collection::vec(0.0..1.0f64, 30)) {
            let grid = Grid { values: &values, columns: 6, rows: 5 };
            let outlines = grid.outlines(0.5);
            for row in 1..4 {
                for column in 1..5 {
                    let value = grid.at(column, row);
                    if (value - 0.5).abs() > 0.02 {
                        let near = (column as f64 + 1e-7, row as f64 + 1.3e-7);
                        prop_assert_eq!(within(&outlines, near), value >= 0.5, "{} {}", column, row);
                    }
                }
            }
        }

        #[test]
        fn any_numbers_give_finite_lines(values in proptest::collection::vec(any::<f64>(), 0..40), height: f64, columns in 0usize..8) {
            let rows = values.len().checked_div(columns).unwrap_or(0);
            let grid = Grid { values: &values, columns, rows };
            for (x, y) in grid.lines(height).into_iter().flatten() {
                prop_assert!(x.is_finite() && y.is_finite());
            }
            if columns > 0 && rows > 0 {
                for (x, y) in grid.outlines(height).into_iter().flatten() {
                    prop_assert!(x.is_finite() && y.is_finite());
                }
            }
        }
    }
}
