//! The figures of a run: drawn as they come, a file each, in the folder that the user named.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use lyceum_lab::figure::{Figure, svg};

use crate::hint;

/// The most files that one run may leave.
const MOST: usize = 500;

/// What becomes of the figures that a program shows.
#[derive(Debug, Default)]
pub struct Figures {
    folder: Option<PathBuf>,
    /// The program's name, which the files are named after.
    stem: String,
    shown: usize,
    drawn: Vec<PathBuf>,
    failed: Option<io::Error>,
}

impl Figures {
    /// Makes the place for a run's figures: a folder, or none when they are only to be counted.
    pub fn new(folder: Option<&Path>, program: &Path) -> Result<Self> {
        if let Some(folder) = folder {
            if fs::metadata(folder).is_ok_and(|metadata| !metadata.is_dir()) {
                return Err(hint::error(
                    format!("{} is no folder", folder.display()),
                    "`--figures DIR` names the folder that the program's figures are drawn into",
                ));
            }
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let stem = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { folder: folder.map(Path::to_owned), stem, ..Self::default() })
    }

    /// Draws a figure.
    pub fn take(&mut self, figure: &Figure) {
        self.shown += 1;
        let Some(folder) = &self.folder else { return };
        if self.shown > MOST || self.failed.is_some() {
            return;
        }
        let name = format!("{}-{}", self.stem, self.shown);
        let path = folder.join(format!("{name}.svg"));
        let options = svg::Options { id: name, ..svg::Options::default() };
        match fs::write(&path, svg::draw(figure, &options)) {
            Ok(()) => self.drawn.push(path),
            Err(error) => self.failed = Some(error),
        }
    }

    /// Returns what the user is told at the end, a sentence a line.
    pub fn summary(&self) -> Vec<String> {
        let count = |count: usize| if count == 1 { "1 figure".to_owned() } else { format!("{count} figures") };
        let mut lines = Vec::new();
        match (&self.folder, self.drawn.as_slice()) {
            _ if self.shown == 0 => {}
            (None, _) => {
                lines.push(format!("the program showed {}; --figures DIR draws them as SVG", count(self.shown)));
            }
            (Some(_), []) => {}
            (Some(_), [only]) => lines.push(format!("the figure is {}", only.display())),
            (Some(_), [first, .., last]) => {
                lines.push(format!("{} from {} to {}", count(self.drawn.len()), first.display(), last.display()));
            }
        }
        if self.folder.is_some() && self.shown > MOST {
            lines.push(format!("the program showed {}, and the first {MOST} are drawn", count(self.shown)));
        }
        if let Some(error) = &self.failed {
            lines.push(format!("the figures could not all be drawn: {error}"));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_is_a_file_that_is_named_after_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("a/b");
        let mut figures = Figures::new(Some(&into), Path::new("x/train.py")).unwrap();
        assert_eq!(figures.summary(), Vec::<String>::new());
        figures.take(&Figure::default());
        assert_eq!(figures.summary(), [format!("the figure is {}", into.join("train-1.svg").display())]);
        figures.take(&Figure::default());
        assert!(fs::read_to_string(into.join("train-2.svg")).unwrap().starts_with("<svg "));
        assert!(figures.summary()[0].starts_with("2 figures from "));
    }

    #[test]
    fn without_a_folder_they_are_counted() {
        let mut figures = Figures::new(None, Path::new("train.py")).unwrap();
        figures.take(&Figure::default());
        assert_eq!(figures.summary(), ["the program showed 1 figure; --figures DIR draws them as SVG"]);
    }

    #[test]
    fn a_file_is_no_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(Figures::new(Some(file.path()), Path::new("train.py")).is_err());
    }
}
