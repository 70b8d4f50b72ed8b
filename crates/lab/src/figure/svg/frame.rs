//! From numbers to places on the drawing. What lies outside the frame is cut off where it leaves it, so
//! that a number far away becomes no place far away.

use super::super::{
    Axes, Scale,
    limits::{Ends, fraction},
};

/// The rectangle that axes are drawn in, and the numbers at its sides.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    pub x: Ends,
    pub y: Ends,
    pub x_scale: Scale,
    pub y_scale: Scale,
}

/// A place on the drawing.
pub type Point = (f64, f64);

impl Frame {
    pub fn new((left, top, width, height): (f64, f64, f64, f64), (x, y): (Ends, Ends), axes: &Axes) -> Self {
        Self { left, top, width, height, x, y, x_scale: axes.x.scale, y_scale: axes.y.scale }
    }

    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Returns where a number of the horizontal axis is.
    pub fn across(&self, value: f64) -> Option<f64> {
        fraction(value, self.x.0, self.x.1, self.x_scale).map(|place| self.left + place * self.width)
    }

    /// Returns where a number of the vertical axis is.
    pub fn down(&self, value: f64) -> Option<f64> {
        fraction(value, self.y.0, self.y.1, self.y_scale).map(|place| self.bottom() - place * self.height)
    }

    /// Returns where a pair of numbers is.
    pub fn at(&self, x: f64, y: f64) -> Option<Point> {
        Some((self.across(x)?, self.down(y)?))
    }

    /// Like [`Frame::across`]; on a logarithmic axis what is not positive lies beyond its lower end.
    pub fn across_or_low(&self, value: f64) -> Option<f64> {
        let low = self.x_scale == Scale::Log && value <= 0.0;
        if low {
            Some(self.left - self.width * (1.0 - 2.0 * f64::from(self.x.0 > self.x.1)))
        } else {
            self.across(value)
        }
    }

    /// Like [`Frame::down`]; on a logarithmic axis what is not positive lies beyond its lower end.
    pub fn down_or_low(&self, value: f64) -> Option<f64> {
        let low = self.y_scale == Scale::Log && value <= 0.0;
        if low {
            Some(self.bottom() + self.height * (1.0 - 2.0 * f64::from(self.y.0 > self.y.1)))
        } else {
            self.down(value)
        }
    }

    /// Says whether a place is within the frame, or off it by less than a pixel.
    pub fn holds(&self, (x, y): Point) -> bool {
        x >= self.left - 0.6 && x <= self.right() + 0.6 && y >= self.top - 0.6 && y <= self.bottom() + 0.6
    }

    /// The rectangle that is drawn in: somewhat more than the frame, so that a cut does not show.
    fn around(&self) -> (f64, f64, f64, f64) {
        const ROOM: f64 = 40.0;
        (self.left - ROOM, self.top - ROOM, self.right() + ROOM, self.bottom() + ROOM)
    }

    /// Cuts a straight line to what is drawn (Liang and Barsky's way).
    pub fn cut(&self, from: Point, to: Point) -> Option<(Point, Point)> {
        let (left, top, right, bottom) = self.around();
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut start, mut end) = (0.0f64, 1.0f64);
        for (step, room) in [(-dx, from.0 - left), (dx, right - from.0), (-dy, from.1 - top), (dy, bottom - from.1)] {
            if step == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if step < 0.0 {
                start = start.max(room / step);
            } else {
                end = end.min(room / step);
            }
        }
        if start > end {
            return None;
        }
        let at = |part: f64| (from.0 + part * dx, from.1 + part * dy);
        Some((if start > 0.0 { at(start) } else { from }, if end < 1.0 { at(end) } else { to }))
    }

    /// Cuts a closed outline to what is drawn (Sutherland and Hodgman's way).
    pub fn cut_outline(&self, mut outline: Vec<Point>) -> Vec<Point> {
        let (left, top, right, bottom) = self.around();
        let fits = |(x, y): &Point| *x >= left && *x <= right && *y >= top && *y <= bottom;
        if outline.iter().all(fits) {
            return outline;
        }
        // For each side, how far a place is inside of it.
        let sides: [&dyn Fn(Point) -> f64; 4] = [&|p| p.0 - left, &|p| right - p.0, &|p| p.1 - top, &|p| bottom - p.1];
        for side in sides {
            let mut kept = Vec::with_capacity(outline.len());
            let mut previous = outline.last().copied();
            for point in outline {
                if let Some(before) = previous {
                    let (from, to) = (side(before), side(point));
                    if (from < 0.0) != (to < 0.0) {
                        let part = from / (from - to);
                        kept.push((before.0 + part * (point.0 - before.0), before.1 + part * (point.1 - before.1)));
                    }
                    if to >= 0.0 {
                        kept.push(point);
                    }
                }
                previous = Some(point);
            }
            outline = kept;
        }
        outline
    }
}
