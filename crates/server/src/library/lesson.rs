//! A unit's lessons as they are sent: sections of HTML, programs with what they print and draw, and questions without
//! their answers.

use std::sync::Arc;

use lyceum_curriculum::{
    Answer, Lesson, Unit,
    lesson::{Block, Section},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What a lesson's program prints and draws.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonOutput {
    /// What it printed.
    pub output: String,
    /// What it drew, as SVG.
    pub figures: Vec<String>,
}

#[derive(Serialize)]
struct Lessons<'a> {
    zh: WrittenLesson<'a>,
    en: WrittenLesson<'a>,
}

#[derive(Serialize)]
struct WrittenLesson<'a> {
    title: &'a str,
    sections: Vec<WrittenSection<'a>>,
}

#[derive(Serialize)]
struct WrittenSection<'a> {
    id: &'a str,
    heading: &'a str,
    level: u8,
    blocks: Vec<WrittenBlock<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
enum WrittenBlock<'a> {
    Html {
        html: &'a str,
    },
    Program {
        text: &'a str,
        run: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        output: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        figures: Option<Vec<String>>,
    },
    Question {
        id: &'a str,
        ask: &'a str,
        answer: &'a Answer,
        points: u32,
        skills: Vec<&'a str>,
    },
}

/// Writes both lessons of a unit, with what was made of their programs so far.
pub(super) fn written(unit: &Unit, made: &dyn Fn(&str) -> Option<LessonOutput>) -> Arc<RawValue> {
    let lesson = |lesson| written_lesson(unit, lesson, made);
    let lessons = Lessons { zh: lesson(&unit.zh), en: lesson(&unit.en) };
    serde_json::value::to_raw_value(&lessons).expect("texts and numbers are JSON").into()
}

fn written_lesson<'a>(
    unit: &'a Unit,
    lesson: &'a Lesson,
    made: &dyn Fn(&str) -> Option<LessonOutput>,
) -> WrittenLesson<'a> {
    let section = |section: &'a Section| WrittenSection {
        id: &section.id,
        heading: &section.heading,
        level: section.level,
        blocks: section.blocks.iter().map(|block| written_block(unit, block, made)).collect(),
    };
    WrittenLesson { title: &lesson.title, sections: lesson.sections.iter().map(section).collect() }
}

fn written_block<'a>(
    unit: &'a Unit,
    block: &'a Block,
    made: &dyn Fn(&str) -> Option<LessonOutput>,
) -> WrittenBlock<'a> {
    match block {
        Block::Html { html } => WrittenBlock::Html { html },
        Block::Program(program) => {
            let shown = if program.run { made(&program.text) } else { None };
            let (output, figures) = shown.map(|shown| (shown.output, shown.figures)).unzip();
            WrittenBlock::Program { text: &program.text, run: program.run, output, figures }
        }
        Block::Question(question) => WrittenBlock::Question {
            id: &question.id,
            ask: &question.ask,
            answer: &question.answer,
            points: question.points,
            skills: match question.skills.as_slice() {
                [] => unit.teaches.iter().map(|taught| taught.skill.as_str()).collect(),
                own => own.iter().map(String::as_str).collect(),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_explanations_stay_here() {
        let courses = concat!(env!("CARGO_MANIFEST_DIR"), "/../../courses/zero-to-large-models");
        let course = lyceum_curriculum::load(courses.as_ref()).content.unwrap();
        for unit in &course.units {
            let output = LessonOutput { output: "3.14".into(), figures: vec!["<svg/>".into()] };
            let text = written(unit, &|_| Some(output.clone()));
            let lessons: serde_json::Value = serde_json::from_str(text.get()).unwrap();
            let blocks = |language: &str| -> Vec<serde_json::Value> {
                let sections = lessons[language]["sections"].as_array().unwrap();
                sections.iter().flat_map(|section| section["blocks"].as_array().unwrap()).cloned().collect()
            };
            for block in blocks("zh").into_iter().chain(blocks("en")) {
                match block["block"].as_str().unwrap() {
                    "question" => {
                        assert!(block.get("explain").is_none());
                        let answer = block["answer"].as_object().unwrap();
                        let keys: Vec<&str> = answer.keys().map(String::as_str).collect();
                        assert!(keys == ["kind"] || keys == ["kind", "options"], "{keys:?}");
                    }
                    "program" if block["run"] == true => assert_eq!(block["output"], "3.14"),
                    _ => {}
                }
            }
        }
    }
}
