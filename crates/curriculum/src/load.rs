//! Reads a course's folder.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use lyceum_lab::{Kind, Lab, Language};
use sha2::{Digest, Sha256};

use crate::{
    Course, LabFiles, Mutant, Problem, Unit,
    course::{self, find_circle},
    lab,
    lesson::{self, LAB, Lesson},
    problem::Sink,
    program, unit,
};

/// The program that makes exhibits of what a learner's program left.
pub(crate) const EXHIBITS: &str = "exhibits.py";
/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// A course as far as it could be read, and everything that is wrong with it.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The course; absent when too little of it could be read.
    pub content: Option<T>,
    /// What is wrong, by file and line.
    pub problems: Vec<Problem>,
}

/// Reads a course's folder. Paths in problems begin with `folder` as it was given.
pub fn load(folder: &Path) -> Loaded<Course> {
    let mut problems = Vec::new();
    let content = load_course(folder, &mut problems);
    problems.sort();
    problems.dedup();
    Loaded { content, problems }
}

fn load_course(folder: &Path, problems: &mut Vec<Problem>) -> Option<Course> {
    let path = folder.join("course.toml");
    let text = read(&path, problems)?;
    let sink = Sink::new(&path, &text);
    let outline = course::read(&text, &sink);
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
    if let (Some(id), Some(name)) = (&outline.id, &name)
        && id != name
    {
        sink.on_line(0, format!("the course's id is `{id}`, but its folder is `{name}`"));
    }
    let skills: BTreeSet<&str> = outline.skills.iter().map(|skill| skill.id.as_str()).collect();
    let known: BTreeSet<&str> = outline.units.iter().map(|(unit, _)| unit.as_str()).collect();
    let mut units = Vec::new();
    for (name, at) in &outline.units {
        let unit_folder = folder.join(name);
        if !unit_folder.is_dir() {
            sink.at(*at, format!("there is no folder `{name}`"));
            continue;
        }
        units.extend(read_unit(&unit_folder, name, Some(&Known { skills: &skills, units: &known }), problems));
    }
    forgotten(folder, &known, &sink);
    let requires = |name: &str| {
        units.iter().find(|unit: &&Unit| unit.id == name).map(|unit| unit.requires.as_slice()).unwrap_or_default()
    };
    if let Some(circle) = find_circle(units.iter().map(|unit| unit.id.as_str()), requires) {
        sink.on_line(0, format!("these units require each other in a circle: {}", circle.join(" → ")));
    }
    let mut before = BTreeSet::new();
    for unit in &units {
        for required in unit.requires.iter().filter(|required| !before.contains(required.as_str())) {
            if known.contains(required.as_str()) {
                sink.on_line(0, format!("unit `{}` requires `{required}`, which comes after it", unit.id));
            }
        }
        before.insert(unit.id.as_str());
    }
    problems.extend(sink.into_problems());
    Some(Course { id: outline.id?, title: outline.title?, summary: outline.summary?, skills: outline.skills, units })
}

/// Notes folders that look like units and belong to none.
fn forgotten(folder: &Path, known: &BTreeSet<&str>, sink: &Sink<'_>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().join("unit.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    for name in names.iter().filter(|name| !known.contains(name.as_str())) {
        sink.on_line(0, format!("the folder `{name}` holds a unit that `units` does not name"));
    }
}

/// What a unit may refer to.
struct Known<'a> {
    skills: &'a BTreeSet<&'a str>,
    units: &'a BTreeSet<&'a str>,
}

/// Reads one unit's folder by itself, without the course around it.
pub fn load_unit(folder: &Path) -> Loaded<Unit> {
    let mut problems = Vec::new();
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
    let content = name.and_then(|name| read_unit(folder, &name, None, &mut problems));
    if content.is_none() && problems.is_empty() {
        problems.push(Problem { file: folder.to_owned(), line: 0, message: "this folder cannot be read".into() });
    }
    problems.sort();
    Loaded { content, problems }
}

fn read(path: &Path, problems: &mut Vec<Problem>) -> Option<String> {
    let mut problem = |message: String| {
        problems.push(Problem { file: path.to_owned(), line: 0, message });
        None
    };
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return problem("this file is missing".into()),
        Ok(metadata) if metadata.len() > MAX_FILE => {
            return problem(format!("this file is larger than {} MiB", MAX_FILE >> 20));
        }
        _ => {}
    }
    match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => Some(text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n")),
        Ok(Err(error)) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            problems.push(Problem { file: path.to_owned(), line, message: "this is not UTF-8".into() });
            None
        }
        Err(error) => problem(format!("this file cannot be read: {error}")),
    }
}

fn read_unit(folder: &Path, name: &str, known: Option<&Known<'_>>, problems: &mut Vec<Problem>) -> Option<Unit> {
    let path = folder.join("unit.toml");
    let text = read(&path, problems)?;
    let sink = Sink::new(&path, &text);
    let facts = unit::read(&text, &sink);
    if let Some(id) = facts.id.as_ref().filter(|id| *id != name) {
        sink.on_line(0, format!("the unit's id is `{id}`, but its folder is `{name}`"));
    }
    if let Some(known) = known {
        for (required, at) in facts.requires.iter().filter(|(unit, _)| !known.units.contains(unit.as_str())) {
            sink.at(*at, format!("`{required}` is no unit of the course"));
        }
        for (taught, at) in facts.teaches.iter().filter(|(taught, _)| !known.skills.contains(taught.skill.as_str())) {
            sink.at(*at, format!("`{}` is no skill of the course", taught.skill));
        }
    }
    problems.extend(sink.into_problems());

    let lesson = |language: Language, problems: &mut Vec<Problem>| -> Option<(Lesson, PathBuf, String)> {
        let path = folder.join(format!("lesson.{}.md", language.code()));
        let text = read(&path, problems)?;
        let sink = Sink::new(&path, &text);
        let lesson = lesson::read(&text, language, &sink);
        if let Some(known) = known {
            for question in lesson.questions() {
                for skill in question.skills.iter().filter(|skill| !known.skills.contains(skill.as_str())) {
                    sink.on_line(question.line, format!("`{skill}` is no skill of the course"));
                }
            }
        }
        problems.extend(sink.into_problems());
        Some((lesson, path, text))
    };
    let (zh, en) = (lesson(Language::Zh, problems), lesson(Language::En, problems));
    if let (Some((zh, ..)), Some((en, path, text))) = (&zh, &en) {
        let sink = Sink::new(path, text);
        lesson::compare(zh, en, &sink);
        problems.extend(sink.into_problems());
    }
    let default_skills: Vec<String> = facts.teaches.iter().map(|(taught, _)| taught.skill.clone()).collect();
    let lab = read_lab(folder, name, &facts, &default_skills, known, problems);
    let has_section = |found: &Option<(Lesson, PathBuf, String)>| {
        found.as_ref().is_none_or(|(lesson, ..)| lesson.section(LAB).is_some())
    };
    for (found, language) in [(&zh, Language::Zh), (&en, Language::En)] {
        if lab.is_some() != has_section(found) && found.is_some() {
            let message = match lab {
                Some(_) => "the unit has a lab, so the lesson ends with its task under a heading {#lab}",
                None => "there is a section {#lab}, but the unit has no lab that could be read (checks.toml)",
            };
            let file = folder.join(format!("lesson.{}.md", language.code()));
            problems.push(Problem { file, line: 0, message: message.into() });
        }
    }
    Some(Unit {
        id: facts.id?,
        title: facts.title?,
        summary: facts.summary?,
        requires: facts.requires.into_iter().map(|(unit, _)| unit).collect(),
        minutes: facts.minutes?,
        teaches: facts.teaches.into_iter().map(|(taught, _)| taught).collect(),
        zh: zh?.0,
        en: en?.0,
        lab,
    })
}

fn read_lab(
    folder: &Path,
    unit: &str,
    facts: &unit::Facts,
    default_skills: &[String],
    known: Option<&Known<'_>>,
    problems: &mut Vec<Problem>,
) -> Option<LabFiles> {
    let files = ["checks.toml", "starter.py", "solution.py"].map(|name| folder.join(name));
    if !files.iter().any(|file| file.exists()) {
        return None;
    }
    let [checks_path, starter_path, solution_path] = &files;
    let checks_text = read(checks_path, problems);
    let starter = read_program(starter_path, problems);
    let solution = read_program(solution_path, problems);
    let checks_text = checks_text?;
    let sink = Sink::new(checks_path, &checks_text);
    let found = lab::read(&checks_text, default_skills, &sink);
    if let Some(known) = known {
        for (check, at) in &found.checks {
            for skill in check.skills.iter().filter(|skill| !known.skills.contains(skill.as_str())) {
                sink.at(*at, format!("`{skill}` is no skill of the course"));
            }
        }
    }
    problems.extend(sink.into_problems());
    let checks: Vec<_> = found.checks.into_iter().map(|(check, _)| check).collect();
    let ids: BTreeSet<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    let mutants = read_mutants(folder, &ids, problems);
    let uses_solution = checks.iter().any(|check| !matches!(check.kind, Kind::Source(_) | Kind::Training(_)));
    let solution = if uses_solution { solution? } else { solution.unwrap_or_default() };
    let mut hash = Sha256::new();
    for part in [&checks_text, &solution, &format!("{:?}", facts.budget), &facts.withhold.join(",")] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let version = hex::encode(&hash.finalize()[..8]);
    let lab = Lab {
        unit: unit.to_owned(),
        version,
        variant: found.variant,
        resources: facts.budget,
        withhold: facts.withhold.clone(),
        checks,
    };
    let exhibits = folder.join(EXHIBITS);
    let exhibits = if exhibits.exists() { read_program(&exhibits, problems) } else { None };
    Some(LabFiles { lab, starter: starter?, solution, exhibits, mutants })
}

fn read_program(path: &Path, problems: &mut Vec<Problem>) -> Option<String> {
    let text = read(path, problems)?;
    if let Err(error) = program::parse(&text) {
        let message = format!("this program cannot be parsed: {}", error.message);
        problems.push(Problem { file: path.to_owned(), line: error.line, message });
    }
    Some(text)
}

fn read_mutants(folder: &Path, checks: &BTreeSet<&str>, problems: &mut Vec<Problem>) -> Vec<Mutant> {
    let mutants = folder.join("mutants");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&mutants).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    paths.sort();
    if paths.is_empty() {
        let message = "a lab needs known wrong answers, so that its checks are tested: mutants/*.py";
        problems.push(Problem { file: mutants, line: 0, message: message.into() });
    }
    let mut found = Vec::new();
    for path in paths {
        // A mutant may be a file that cannot be parsed; that is a way to be wrong.
        let Some(text) = read(&path, problems) else { continue };
        let mut problem = |message: String| problems.push(Problem { file: path.clone(), line: 1, message });
        let first = text.lines().next().unwrap_or_default();
        let Some(names) = first.strip_prefix('#').and_then(|rest| rest.trim().strip_prefix("fails:")) else {
            problem("the first line says which check must catch it, such as `# fails: loss-value`".into());
            continue;
        };
        let fails: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
        for name in fails.iter().filter(|name| !checks.contains(name.as_str())) {
            problem(format!("`{name}` is no check of the lab"));
        }
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.push(Mutant { file: format!("mutants/{file}"), text, fails });
    }
    found
}
