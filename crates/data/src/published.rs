//! Well-known sets that can be fetched: where from, how large, and with which SHA-256.
//!
//! How each sum was confirmed is written beside it. A set without a confirmed sum does not belong
//! here.

use crate::{Card, manifest::Role};

/// A set that others publish.
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// A line that says what it is.
    pub title: &'static str,
    /// What it holds and where it comes from.
    pub description: &'static str,
    /// Under which terms it may be used.
    pub licence: &'static str,
    /// Where its authors present it.
    pub source: &'static str,
    /// The folders that hold its files, each ending in `/`, the first one first.
    pub mirrors: &'static [&'static str],
    /// Its files.
    pub files: &'static [PublishedFile],
    /// The names of its classes, if it has any.
    pub class_names: &'static [&'static str],
}

/// A file of such a set.
pub struct PublishedFile {
    #[cfg_attr(not(feature = "pull"), expect(dead_code, reason = "only a download asks for it"))]
    pub(crate) role: Role,
    /// Its name on the mirrors.
    pub name: &'static str,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub sha256: &'static str,
}

const fn file(role: Role, name: &'static str, bytes: u64, sha256: &'static str) -> PublishedFile {
    PublishedFile { role, name, bytes, sha256 }
}

const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The sets that can be fetched, by name.
pub const PUBLISHED: &[Published] = &[
    Published {
        name: "fashion-mnist",
        title: "Fashion-MNIST: 70,000 images of clothes, 28x28, in ten classes",
        description: "\
Grey images of articles that an online shop sold, made to take MNIST's place where MNIST is
too easy: the same size, form and split, 60,000 images for training and 10,000 for testing.
H. Xiao, K. Rasul, R. Vollgraf (2017), arXiv:1708.07747.",
        licence: "MIT (Zalando SE)",
        source: "https://github.com/zalandoresearch/fashion-mnist",
        mirrors: &["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
        // The sums that TensorFlow Datasets (url_checksums/fashion_mnist.txt, with the sizes) and
        // torchvision's prototype datasets (mnist.py) give independently of each other.
        files: &[
            file(
                Role::TrainImages,
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            file(
                Role::TrainLabels,
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            file(
                Role::TestImages,
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            file(
                Role::TestLabels,
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ],
        class_names: &[
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ],
    },
    Published {
        name: "mnist",
        title: "MNIST: 70,000 handwritten digits, 28x28",
        description: "\
Digits written by employees of the Census Bureau and by school students of the USA, brought to
one size and centred: 60,000 for training and 10,000 for testing, by different writers.
Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998), Gradient-based learning applied to document
recognition.",
        licence: "CC BY-SA 3.0, as those who distribute it state; its authors' page names no licence",
        source: "http://yann.lecun.com/exdb/mnist/",
        mirrors: &[
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ],
        // The sums that torchvision's prototype datasets and the packages of several systems give;
        // those of the test files were computed from the files themselves as well.
        files: &[
            file(
                Role::TrainImages,
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            file(
                Role::TrainLabels,
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            file(
                Role::TestImages,
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            file(
                Role::TestLabels,
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ],
        class_names: DIGITS,
    },
    Published {
        name: "tinyshakespeare",
        title: "Tiny Shakespeare: 40,000 lines of Shakespeare's plays in one text",
        description: "\
Passages from Shakespeare's plays, put together by A. Karpathy for \"The Unreasonable
Effectiveness of Recurrent Neural Networks\" (2015): the text on which small language models
are usually shown.",
        licence: "public domain (the plays); the collection stands in a repository under the MIT licence",
        source: "https://github.com/karpathy/char-rnn",
        mirrors: &["https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/"],
        // Computed from the file itself.
        files: &[file(
            Role::Text,
            "input.txt",
            1_115_394,
            "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        )],
        class_names: &[],
    },
];

/// Returns the published set of that name.
pub fn find(name: &str) -> Option<&'static Published> {
    PUBLISHED.iter().find(|set| set.name == name)
}

impl Published {
    /// Returns what a person should know of it.
    pub fn card(&self) -> Card {
        Card {
            title: self.title.into(),
            description: self.description.into(),
            licence: self.licence.into(),
            source: self.source.into(),
        }
    }

    /// Returns how much there is to fetch, in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    pub(crate) fn class_names(&self) -> Vec<String> {
        self.class_names.iter().map(|name| (*name).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert!(PUBLISHED.is_sorted_by_key(|set| set.name));
        let mut sums: Vec<&str> = Vec::new();
        for set in PUBLISHED {
            assert!(crate::builtin::find(set.name).is_none());
            assert!(!set.mirrors.is_empty() && !set.files.is_empty());
            for mirror in set.mirrors {
                assert!(mirror.starts_with("http") && mirror.ends_with('/'), "{mirror}");
            }
            for file in set.files {
                assert_eq!(file.sha256.len(), 64);
                assert!(file.sha256.bytes().all(|byte| b"0123456789abcdef".contains(&byte)));
                sums.push(file.sha256);
            }
        }
        sums.sort_unstable();
        sums.dedup();
        assert_eq!(sums.len(), 9);
    }
}
