//! The sets inside the binary: small, real, with their source and licence.
//!
//! Each lies in `sets/NAME/`: `NAME.csv.gz` with the numbers, a `README.md` that is also the set's
//! description, and `sets/from_scikit_learn.py`, which made the numbers from the files that
//! scikit-learn ships.

use crate::{
    Card, Content, Images, Problem, Split,
    table::{self, TableOptions, Target},
};

/// A set inside the binary.
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    title: &'static str,
    description: &'static str,
    licence: &'static str,
    source: &'static str,
    csv: &'static [u8],
    form: Form,
}

/// How the columns are meant.
enum Form {
    /// Numbers and a number to predict.
    Numbers,
    /// Numbers and a class to predict, with the classes in their order.
    Classes(&'static [&'static str]),
    /// The pixels of a square image and the number of its class.
    Images { side: usize, full: u8 },
}

const UCI: &str = "CC BY 4.0 (UCI Machine Learning Repository)";

/// The sets inside the binary, by name.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "breast_cancer",
        title: "Breast Cancer Wisconsin (Diagnostic): cell nuclei of 569 biopsies",
        description: include_str!("../sets/breast_cancer/README.md"),
        licence: UCI,
        source: "https://doi.org/10.24432/C5DW2B",
        csv: include_bytes!("../sets/breast_cancer/breast_cancer.csv.gz"),
        form: Form::Classes(&["malignant", "benign"]),
    },
    BuiltIn {
        name: "diabetes",
        title: "Diabetes: ten measurements of 442 patients, and how the disease went on",
        description: include_str!("../sets/diabetes/README.md"),
        licence: "none stated by its authors, who publish it for study; cite Efron et al. (2004)",
        source: "https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
        csv: include_bytes!("../sets/diabetes/diabetes.csv.gz"),
        form: Form::Numbers,
    },
    BuiltIn {
        name: "digits",
        title: "Handwritten digits: 1,797 images of 8x8, also as 28x28",
        description: include_str!("../sets/digits/README.md"),
        licence: UCI,
        source: "https://doi.org/10.24432/C50P49",
        csv: include_bytes!("../sets/digits/digits.csv.gz"),
        form: Form::Images { side: 8, full: 16 },
    },
    BuiltIn {
        name: "iris",
        title: "Iris: four lengths of 150 flowers of three species",
        description: include_str!("../sets/iris/README.md"),
        licence: UCI,
        source: "https://doi.org/10.24432/C56C76",
        csv: include_bytes!("../sets/iris/iris.csv.gz"),
        form: Form::Classes(&["setosa", "versicolor", "virginica"]),
    },
];

/// Returns the built-in set of that name.
pub fn find(name: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|set| set.name == name)
}

impl BuiltIn {
    /// Returns what a person should know of it.
    pub fn card(&self) -> Card {
        Card {
            title: self.title.into(),
            description: self.description.into(),
            licence: self.licence.into(),
            source: self.source.into(),
        }
    }

    /// Reads a part of it.
    ///
    /// # Errors
    /// Never, while the binary holds the files that the tests have read.
    pub fn load(&self, split: Split) -> Result<Content, Problem> {
        let classes = match self.form {
            Form::Classes(names) => Some(names),
            _ => None,
        };
        let options = TableOptions { classes, ..TableOptions::default() };
        let mut table = table::read(self.csv, &options)?;
        let mut content = match self.form {
            Form::Images { side, full } => {
                let Target::Integers(labels) = table.target else {
                    return Err(Problem::new("the number of a class for each image", "other values"));
                };
                Content::Images {
                    images: Images {
                        height: side,
                        width: side,
                        full,
                        pixels: table.features.iter().map(|value| *value as u8).collect(),
                        labels: labels.iter().map(|label| *label as u8).collect(),
                    },
                    class_names: (0..10).map(|digit| digit.to_string()).collect(),
                }
            }
            Form::Numbers => {
                if let Target::Integers(values) = table.target {
                    table.target = Target::Numbers(values.iter().map(|value| *value as f64).collect());
                }
                Content::Table(table)
            }
            Form::Classes(_) => Content::Table(table),
        };
        content.keep(split);
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(name: &str, split: Split) -> Content {
        find(name).unwrap().load(split).unwrap()
    }

    fn table(name: &str) -> crate::Table {
        match load(name, Split::All) {
            Content::Table(table) => table,
            other => panic!("{other:?}"),
        }
    }

    fn class_sizes(target: &Target) -> Vec<(String, usize)> {
        let Target::Classes { labels, names } = target else { panic!("{target:?}") };
        let size = |class| labels.iter().filter(|label| **label == class).count();
        names.iter().cloned().zip(0..).map(|(name, class)| (name, size(class))).collect()
    }

    /// The mean of a column, to compare with what the sources print.
    fn mean(table: &crate::Table, column: &str) -> f64 {
        let at = table.feature_names.iter().position(|name| name == column).unwrap();
        let width = table.feature_names.len();
        let values: Vec<f64> = table.features.iter().skip(at).step_by(width).copied().collect();
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn names_are_sorted_and_cards_are_full() {
        assert!(BUILT_IN.is_sorted_by_key(|set| set.name));
        for set in BUILT_IN {
            let card = set.card();
            for field in [&card.title, &card.description, &card.licence, &card.source] {
                assert!(!field.is_empty(), "{}", set.name);
            }
        }
    }

    #[test]
    fn iris_is_fishers() {
        let iris = table("iris");
        let fifty = |name: &str| (name.to_owned(), 50);
        assert_eq!(class_sizes(&iris.target), ["setosa", "versicolor", "virginica"].map(fifty));
        assert!((mean(&iris, "sepal_length") - 5.843_333).abs() < 1e-5);
        assert!((mean(&iris, "petal_width") - 1.199_333).abs() < 1e-5);
    }

    #[test]
    fn breast_cancer_is_wisconsins() {
        let set = table("breast_cancer");
        let sizes = [("malignant".to_owned(), 212), ("benign".to_owned(), 357)];
        assert_eq!(class_sizes(&set.target), sizes);
        assert_eq!(set.feature_names.len(), 30);
        assert!((mean(&set, "mean_radius") - 14.127_29).abs() < 1e-4);
        assert!((mean(&set, "worst_area") - 880.583_1).abs() < 1e-3);
    }

    #[test]
    fn diabetes_is_efrons() {
        let set = table("diabetes");
        assert_eq!(set.rows(), 442);
        assert!((mean(&set, "bmi") - 26.375_79).abs() < 1e-4);
        let Target::Numbers(values) = &set.target else { panic!() };
        assert!((values.iter().sum::<f64>() / 442.0 - 152.133_48).abs() < 1e-4);
    }

    #[test]
    fn digits_are_1797_images_in_ten_classes() {
        let Content::Images { images, class_names } = load("digits", Split::All) else { panic!() };
        assert_eq!((images.count(), images.height, images.width), (1797, 8, 8));
        assert_eq!(class_names.len(), 10);
        assert_eq!(images.pixels.iter().max(), Some(&16));
        let sizes: Vec<usize> =
            (0..10).map(|digit| images.labels.iter().filter(|label| **label == digit).count()).collect();
        assert_eq!(sizes, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        assert_eq!(images.resized(28).unwrap().len(), 1797 * 28 * 28);
    }

    #[test]
    fn the_parts_of_a_set_make_up_the_whole() {
        for set in BUILT_IN {
            let count = |split| match set.load(split).unwrap() {
                Content::Table(table) => table.rows(),
                Content::Images { images, .. } => images.count(),
                Content::Text(text) => text.len(),
            };
            assert_eq!(count(Split::Train) + count(Split::Test), count(Split::All), "{}", set.name);
        }
        let Content::Images { images, .. } = load("digits", Split::Test) else { panic!() };
        assert_eq!(images.count(), 360);
    }
}
