//! Images with labels, such as handwritten digits, and how a small image becomes a larger one.

use std::io::Read;

use crate::{Problem, idx};

/// Grey images of one size, each with the number of its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// Pixels from top to bottom.
    pub height: usize,
    /// Pixels from left to right.
    pub width: usize,
    /// The value of a pixel that is fully lit; 0 is dark.
    pub full: u8,
    /// The pixels, `(N, height, width)`, row by row.
    pub pixels: Vec<u8>,
    /// The class of each image, `(N)`.
    pub labels: Vec<u8>,
}

impl Images {
    /// Returns the number of images.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// Reads images and labels from two IDX files, plain or compressed.
    ///
    /// # Errors
    /// `Err((0, ..))` blames the images, `Err((1, ..))` the labels.
    pub fn read(images: impl Read, labels: impl Read) -> Result<Self, (usize, Problem)> {
        let images = idx::read(images).map_err(|problem| (0, problem))?;
        let [count, height, width] = images.shape[..] else {
            let found = format!("{} dimensions", images.shape.len());
            return Err((0, Problem::new("images, an IDX array of 3 dimensions", found)));
        };
        if images.bytes.is_empty() {
            let found = format!("the shape {:?}", images.shape);
            return Err((0, Problem::new("at least one image of at least one pixel", found)));
        }
        let labels = idx::read(labels).map_err(|problem| (1, problem))?;
        if labels.shape.len() != 1 {
            let found = format!("{} dimensions", labels.shape.len());
            return Err((1, Problem::new("labels, an IDX array of 1 dimension", found)));
        }
        if labels.bytes.len() != count {
            let expected = format!("{count} labels, one for each image");
            return Err((1, Problem::new(expected, format!("{}", labels.bytes.len()))));
        }
        Ok(Self { height, width, full: 255, pixels: images.bytes, labels: labels.bytes })
    }

    /// Keeps the images whose numbers satisfy `keep`, in their order.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let area = self.height * self.width;
        let rows: Vec<usize> = (0..self.count()).filter(|row| keep(*row)).collect();
        self.pixels = rows.iter().flat_map(|row| self.pixels[row * area..(row + 1) * area].iter().copied()).collect();
        self.labels = rows.iter().map(|row| self.labels[*row]).collect();
    }

    /// Adds the images of another set of the same size behind these.
    pub fn append(&mut self, other: Images) {
        debug_assert_eq!((self.height, self.width), (other.height, other.width));
        self.pixels.extend(other.pixels);
        self.labels.extend(other.labels);
    }

    /// Returns the pixels as brightness from 0 to 1, `(N, height, width)`.
    pub fn brightness(&self) -> Vec<f32> {
        let full = f32::from(self.full);
        self.pixels.iter().map(|pixel| f32::from(*pixel) / full).collect()
    }

    /// Returns the images as squares of `size` pixels, as brightness from 0 to 1, `(N, size, size)`.
    ///
    /// # Errors
    /// When the images are not of that size, and not 8x8 with a `size` of 28.
    pub fn resized(&self, size: usize) -> Result<Vec<f32>, Problem> {
        match (self.height, self.width) {
            (height, width) if (height, width) == (size, size) => Ok(self.brightness()),
            (8, 8) if size == 28 => Ok(self.tripled(2)),
            (8, 8) => Err(Problem::new("a size of 8 or 28", size.to_string())),
            (height, width) if height == width => Err(Problem::new(format!("a size of {height}"), size.to_string())),
            (height, width) => Err(Problem::new(format!("no size, for images of {height}x{width}"), size.to_string())),
        }
    }

    /// Returns the images three times as high and wide with a dark margin, as brightness from 0 to
    /// 1, `(N, 3 * height + 2 * margin, 3 * width + 2 * margin)`.
    ///
    /// Between the centres of the pixels the brightness is interpolated bilinearly, beyond the
    /// outermost centres it stays what it is there (torch's `interpolate` with
    /// `align_corners=False`). At three times the size every weight is a whole number of thirds, so
    /// the sums are made in integers and rounded once: the values are the same on every machine.
    pub fn tripled(&self, margin: usize) -> Vec<f32> {
        let (rows, columns) = (thirds(self.height), thirds(self.width));
        let out_width = columns.len() + 2 * margin;
        let out_area = (rows.len() + 2 * margin) * out_width;
        let full = f32::from(self.full) * 9.0;
        let mut out = vec![0.0; self.count() * out_area];
        let area = (self.height * self.width).max(1);
        for (image, out) in self.pixels.chunks_exact(area).zip(out.chunks_exact_mut(out_area.max(1))) {
            for (i, row) in rows.iter().enumerate() {
                for (j, column) in columns.iter().enumerate() {
                    let mut sum = 0;
                    for (y, wy) in row {
                        for (x, wx) in column {
                            sum += wy * wx * u16::from(image[y * self.width + x]);
                        }
                    }
                    out[(i + margin) * out_width + j + margin] = f32::from(sum) / full;
                }
            }
        }
        out
    }
}

/// Returns, for each of `3 * size` places, the two pixels around it and their weights in thirds.
fn thirds(size: usize) -> Vec<[(usize, u16); 2]> {
    (0..3 * size)
        .map(|place| {
            let pixel = place / 3;
            let before = pixel.saturating_sub(1);
            let after = (pixel + 1).min(size - 1);
            match place % 3 {
                0 => [(before, 1), (pixel, 2)],
                1 => [(pixel, 3), (pixel, 0)],
                _ => [(pixel, 2), (after, 1)],
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images() -> Images {
        Images { height: 1, width: 2, full: 3, pixels: vec![0, 3, 3, 3], labels: vec![4, 5] }
    }

    #[test]
    fn a_tripled_image_is_interpolated_between_the_centres() {
        let row = [0.0, 0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 1.0];
        let mut expected: Vec<f32> = row.repeat(3);
        expected.extend([1.0; 18]);
        assert_eq!(images().tripled(0), expected);
    }

    #[test]
    fn a_margin_is_dark() {
        let out = images().tripled(1);
        assert_eq!(out.len(), 2 * 5 * 8);
        assert!(out[..9].iter().all(|value| *value == 0.0));
        assert_eq!(&out[40 + 8..40 + 16], &[0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn brightness_reaches_from_0_to_1() {
        assert_eq!(images().brightness(), [0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let pixels = idx::write(&[2, 1, 2], &[1, 2, 3, 4]);
        let read = |images: &[u8], labels: &[u8]| Images::read(images, labels);
        let set = read(&pixels, &idx::write(&[2], &[7, 8])).unwrap();
        assert_eq!((set.count(), set.height, set.width, set.full), (2, 1, 2, 255));
        let (blamed, problem) = read(&pixels, &idx::write(&[3], &[7, 8, 9])).unwrap_err();
        assert_eq!((blamed, problem.to_string().as_str()), (1, "expected 2 labels, one for each image, found 3"));
        assert_eq!(read(&idx::write(&[2], &[1, 2]), &pixels).unwrap_err().0, 0);
        assert_eq!(read(&pixels, &pixels).unwrap_err().0, 1);
        assert_eq!(read(&idx::write(&[0, 28, 28], &[]), &idx::write(&[0], &[])).unwrap_err().0, 0);
    }
}
