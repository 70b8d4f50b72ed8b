//! `course.toml`: the course, its units in order, and the graph of its skills.

use std::collections::{BTreeMap, BTreeSet};

use lyceum_lab::Text;
use serde::Serialize;

use crate::{
    problem::Sink,
    reader::{self, Reader, unique},
    unit::Unit,
};

/// A course that was checked.
#[derive(Clone, Debug, Serialize)]
pub struct Course {
    /// Its name, which is its folder's.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What it is about, in a sentence or two.
    pub summary: Text,
    /// What it teaches.
    pub skills: Vec<Skill>,
    /// Its units in order.
    pub units: Vec<Unit>,
}

/// Something that a person can do.
#[derive(Clone, Debug, Serialize)]
pub struct Skill {
    /// Its name in the course.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// The skills that it builds on.
    pub requires: Vec<String>,
    /// What a person can do who knows it.
    pub know: Text,
    /// What a person can do who applies it.
    pub apply: Text,
    /// What a person can do who analyses with it.
    pub analyse: Text,
}

/// How well a skill is mastered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Can say what it is.
    Know,
    /// Can use it.
    Apply,
    /// Can judge with it.
    Analyse,
}

/// What `course.toml` says.
pub(crate) struct Outline {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<Text>,
    pub(crate) summary: Option<Text>,
    pub(crate) skills: Vec<Skill>,
    /// The folders of the units, and where they are named.
    pub(crate) units: Vec<(String, usize)>,
}

/// Reads `course.toml`.
pub(crate) fn read(text: &str, sink: &Sink<'_>) -> Outline {
    let document = reader::parse(text, sink);
    let table = Reader::new(sink, &document);
    let mut units = Vec::new();
    if let Some(items) = table.need("units").and_then(|item| item.items()) {
        units.extend(items.iter().filter_map(|item| Some((item.string()?, item.at))));
    }
    for (unit, at) in &units {
        if !reader::is_id(unit) {
            sink.at(*at, format!("`{unit}` is no id: lower-case letters, digits and hyphens make one"));
        }
    }
    unique(sink, "a unit", units.iter().map(|(unit, at)| (unit.as_str(), *at)));
    let items = table.get("skills").and_then(|item| item.items()).unwrap_or_default();
    let skills: Vec<(Skill, usize)> =
        items.into_iter().filter_map(|item| Some((skill(&item.table()?)?, item.at))).collect();
    check_graph(&skills, sink);
    let outline = Outline {
        id: table.id("id"),
        title: table.text("title"),
        summary: table.text("summary"),
        skills: skills.into_iter().map(|(skill, _)| skill).collect(),
        units,
    };
    table.finish();
    outline
}

fn skill(table: &Reader<'_>) -> Option<Skill> {
    let (id, title) = (table.id("id"), table.text("title"));
    let requires = table.strings("requires");
    let (know, apply, analyse) = (table.text("know"), table.text("apply"), table.text("analyse"));
    for (key, _) in table.entries() {
        if !["id", "title", "requires", "know", "apply", "analyse"].contains(&key) {
            table.problem(format!("`{key}` is not known in a skill"));
        }
    }
    Some(Skill { id: id?, title: title?, requires, know: know?, apply: apply?, analyse: analyse? })
}

/// Notes skills that require what is not there, or in a circle themselves.
fn check_graph(skills: &[(Skill, usize)], sink: &Sink<'_>) {
    unique(sink, "a skill", skills.iter().map(|(skill, at)| (skill.id.as_str(), *at)));
    let graph: BTreeMap<&str, &[String]> =
        skills.iter().map(|(skill, _)| (skill.id.as_str(), skill.requires.as_slice())).collect();
    for (skill, at) in skills {
        for required in &skill.requires {
            if !graph.contains_key(required.as_str()) {
                sink.at(*at, format!("skill `{}` requires `{required}`, which is no skill of the course", skill.id));
            }
        }
    }
    let requires = |name: &str| graph.get(name).copied().unwrap_or_default();
    if let Some(circle) = find_circle(graph.keys().copied(), requires) {
        let at = skills.iter().find(|(skill, _)| skill.id == circle[0]).map_or(0, |(_, at)| *at);
        sink.at(at, format!("these skills require each other in a circle: {}", circle.join(" → ")));
    }
}

/// Returns the names of a circle, its first again at the end.
pub(crate) fn find_circle<'n, 'g>(
    names: impl Iterator<Item = &'n str>,
    requires: impl Fn(&str) -> &'g [String],
) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    for name in names {
        // Each entry of the path is a name and how many of what it requires were followed.
        let mut path: Vec<(String, usize)> = vec![(name.to_owned(), 0)];
        while let Some((last, followed)) = path.last_mut() {
            let Some(next) = requires(last).get(*followed).filter(|_| !done.contains(last.as_str())) else {
                done.extend(path.pop().map(|(name, _)| name));
                continue;
            };
            *followed += 1;
            if let Some(start) = path.iter().position(|(name, _)| name == next) {
                return Some(path[start..].iter().map(|(name, _)| name).chain([next]).cloned().collect());
            }
            path.push((next.clone(), 0));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_and_a_diamond_is_none() {
        let graph = |edges: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
            edges.iter().map(|(name, to)| ((*name).into(), to.iter().map(|to| (*to).into()).collect())).collect()
        };
        let circle = |graph: &BTreeMap<String, Vec<String>>| {
            find_circle(graph.keys().map(String::as_str), |name| graph.get(name).map_or(&[], Vec::as_slice))
        };
        assert_eq!(circle(&graph(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"]), ("d", &[])])), None);
        let found = circle(&graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])]));
        assert_eq!(found.unwrap(), ["b", "c", "b"]);
        assert_eq!(circle(&graph(&[("a", &["a"])])).unwrap(), ["a", "a"]);
    }
}
