//! Exhibits: figures that a learner can move about in, made of what their own program has trained.
//!
//! A unit's `exhibits.py` makes them in the learner's process, after the program; the confusion matrix is made on the
//! host, which alone knows the labels. An exhibit is for looking at: no grade depends on it.

use serde::{Deserialize, Serialize};

use crate::Text;

/// A figure with its title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exhibit {
    /// What it shows.
    pub title: Text,
    /// The figure.
    #[serde(flatten)]
    pub content: Content,
}

/// The kinds of figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// The probability of class 1 over a plane, and the data.
    DecisionBoundary {
        /// From where to where, in the first feature.
        x: [f64; 2],
        /// In the second.
        y: [f64; 2],
        /// How many columns the grid has.
        nx: usize,
        /// How many rows.
        ny: usize,
        /// The probabilities, row by row from the least `y` on.
        z: Vec<f64>,
        /// Some of the data: both features and the class.
        points: Vec<[f64; 3]>,
        /// The name of the first feature.
        x_label: String,
        /// The name of the second.
        y_label: String,
    },
    /// The loss over two parameters, and the way that the training took.
    LossSurface {
        /// The first parameter.
        x: Side,
        /// The second.
        y: Side,
        /// The losses, row by row from the least `y` on.
        z: Vec<f64>,
        /// Both parameters and the loss, step by step.
        path: Vec<[f64; 3]>,
    },
    /// The kernels of a convolution.
    Filters {
        /// `(out, in, height, width)`.
        shape: [usize; 4],
        /// Their numbers, in this order.
        values: Vec<f64>,
    },
    /// An image, and what a layer makes of it.
    FeatureMaps {
        /// The image.
        input: Picture,
        /// The layer's channels.
        maps: Pictures,
    },
    /// How often which class was taken for which.
    Confusion {
        /// The names of the classes.
        labels: Vec<String>,
        /// `counts[truth][prediction]`.
        counts: Vec<Vec<u64>>,
        /// The mistakes that the model was surest of.
        worst: Vec<Mistaken>,
    },
}

/// A parameter along one side of a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// Its name.
    pub name: String,
    /// The least value.
    pub lo: f64,
    /// The greatest.
    pub hi: f64,
    /// How many values.
    pub n: usize,
}

/// An image of one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Rows.
    pub h: usize,
    /// Columns.
    pub w: usize,
    /// The brightness of each place, row by row.
    pub values: Vec<f64>,
}

/// Images of the same size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// How many.
    pub c: usize,
    /// Rows.
    pub h: usize,
    /// Columns.
    pub w: usize,
    /// The values of each place, image by image.
    pub values: Vec<f64>,
}

/// Something that was taken for something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mistaken {
    /// What it is.
    pub truth: usize,
    /// What it was taken for.
    pub predicted: usize,
    /// How probable the model held that; absent where it names the class alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The image, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Picture>,
}

/// The most numbers that an exhibit may hold.
const MOST_NUMBERS: usize = 200_000;

impl Exhibit {
    /// Says whether the numbers are as many as the figure needs: what a program sends need not be.
    ///
    /// # Errors
    /// With what is wrong.
    pub fn check(&self) -> Result<(), &'static str> {
        let fits = |factors: &[usize], values: &[f64]| {
            let wanted = factors.iter().try_fold(1_usize, |product, factor| product.checked_mul(*factor));
            wanted == Some(values.len()) && values.len() <= MOST_NUMBERS && !values.is_empty()
        };
        let is_few = |count: usize| count <= MOST_NUMBERS / 3;
        let is_sound = match &self.content {
            Content::DecisionBoundary { nx, ny, z, points, .. } => fits(&[*nx, *ny], z) && is_few(points.len()),
            Content::LossSurface { x, y, z, path } => fits(&[x.n, y.n], z) && is_few(path.len()),
            Content::Filters { shape, values } => fits(shape, values),
            Content::FeatureMaps { input, maps } => {
                fits(&[input.h, input.w], &input.values) && fits(&[maps.c, maps.h, maps.w], &maps.values)
            }
            Content::Confusion { labels, counts, worst } => {
                let n = labels.len();
                (1..=1000).contains(&n)
                    && counts.len() == n
                    && counts.iter().all(|row| row.len() == n)
                    && worst.iter().all(|wrong| {
                        let image = wrong.image.as_ref();
                        wrong.truth < n
                            && wrong.predicted < n
                            && image.is_none_or(|image| fits(&[image.h, image.w], &image.values))
                    })
            }
        };
        if is_sound { Ok(()) } else { Err("its numbers are not as many as it says, or too many") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused() {
        let text = |shape: &str| {
            format!(r#"{{"title":{{"zh":"核","en":"kernels"}},"kind":"filters","shape":{shape},"values":[1.0,2.0]}}"#)
        };
        let read = |shape: &str| serde_json::from_str::<Exhibit>(&text(shape)).unwrap();
        assert_eq!(read("[1,1,1,2]").check(), Ok(()));
        assert!(read("[1,1,2,2]").check().is_err());
        assert!(read(&format!("[{0},{0},1,2]", usize::MAX)).check().is_err());
        assert!(read("[0,0,0,0]").check().is_err());
    }
}
