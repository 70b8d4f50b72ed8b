//! `lyceum course new`

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args;

use crate::hint;

/// Makes a new course with one small unit that passes `lyceum course check`, to be changed into your own.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum course new courses/my-course
  lyceum course check courses/my-course")]
pub struct NewArgs {
    /// The folder to make; its name becomes the course's id.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// The files of a new course; `COURSE` stands for its id.
const FILES: &[(&str, &str)] = &[
    ("course.toml", include_str!("new/course.toml")),
    ("first-unit/unit.toml", include_str!("new/unit.toml")),
    ("first-unit/lesson.zh.md", include_str!("new/lesson.zh.md")),
    ("first-unit/lesson.en.md", include_str!("new/lesson.en.md")),
    ("first-unit/checks.toml", include_str!("new/checks.toml")),
    ("first-unit/starter.py", include_str!("new/starter.py")),
    ("first-unit/solution.py", include_str!("new/solution.py")),
    ("first-unit/mutants/forgets_to_divide.py", include_str!("new/forgets_to_divide.py")),
];

pub fn run(args: &NewArgs) -> Result<()> {
    let id = course_id(&args.folder)?;
    if args.folder.exists() {
        return Err(hint::error(
            format!("{} exists already", args.folder.display()),
            "give the name of a folder that does not exist yet",
        ));
    }
    for (name, text) in FILES {
        let path = args.folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&path, text.replace("COURSE", &id)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("made {} files in {}", FILES.len(), args.folder.display());
    println!("next: lyceum course check {}", args.folder.display());
    Ok(())
}

fn course_id(folder: &Path) -> Result<String> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_id = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_id {
        return Err(hint::error(
            format!("`{name}` cannot be the id of a course"),
            "an id has lower-case letters, digits and hyphens, such as my-course",
        ));
    }
    Ok(name.to_owned())
}
