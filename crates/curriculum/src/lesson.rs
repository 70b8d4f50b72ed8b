//! Lessons: Markdown in, sections of safe HTML, programs and questions out.
//!
//! Raw HTML is refused, addresses of links are looked at, and everything else is written by the
//! renderer, so what comes out can be shown as it is.

use std::ops::Range;

use lyceum_lab::Language;
use pulldown_cmark::{
    BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};
use serde::Serialize;

use crate::{formula, problem::Sink, program, question, question::Question, reader::is_id};

/// A lesson in one language.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Lesson {
    /// The title, as HTML.
    pub title: String,
    /// The sections. The first may have no heading: what stands before the first one.
    pub sections: Vec<Section>,
}

/// A part of a lesson under a heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Section {
    /// Its name in the lesson; empty for what stands before the first heading.
    pub id: String,
    /// The heading, as HTML.
    pub heading: String,
    /// How deep the heading stands: 2 is a section, 3 a part of one.
    pub level: u8,
    /// What it holds.
    pub blocks: Vec<Block>,
    /// The line of the heading.
    #[serde(skip)]
    pub line: usize,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// Text.
    Html {
        /// The text.
        html: String,
    },
    /// A program.
    Program(LessonProgram),
    /// A question.
    Question(Question),
}

/// A program in a lesson.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LessonProgram {
    /// Its text.
    pub text: String,
    /// Whether it runs, with what it prints and draws under it.
    pub run: bool,
    /// The line of its first line.
    pub line: usize,
}

impl Lesson {
    /// Returns the programs that run.
    pub fn runs(&self) -> impl Iterator<Item = &LessonProgram> {
        self.blocks().filter_map(|block| match block {
            Block::Program(program) if program.run => Some(program),
            _ => None,
        })
    }

    /// Returns the questions.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.blocks().filter_map(|block| match block {
            Block::Question(question) => Some(question),
            _ => None,
        })
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.sections.iter().flat_map(|section| &section.blocks)
    }

    /// Returns the section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }
}

/// The heading over a lab's task.
pub const LAB: &str = "lab";

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
}

/// Reads a lesson.
pub(crate) fn read(text: &str, language: Language, sink: &Sink<'_>) -> Lesson {
    let mut writer =
        Writer { sink, source: text, language, at: None, html: String::new(), cells: Vec::new(), in_head: false };
    let mut lesson =
        Lesson { title: String::new(), sections: vec![Section { level: 2, line: 1, ..Section::default() }] };
    let mut events = TextMergeWithOffset::new(Parser::new_ext(text, options()).into_offset_iter());
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                writer.flush(&mut lesson);
                let heading = writer.inner(&mut events, TagEnd::Heading(level));
                let id = id.map(|id| id.to_string());
                heading_found(&mut lesson, level, id, heading, &range, sink);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let mut code = String::new();
                for (event, _) in events.by_ref() {
                    match event {
                        Event::Text(text) => code.push_str(&text),
                        Event::End(TagEnd::CodeBlock) => break,
                        _ => {}
                    }
                }
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                code_found(&mut lesson, &mut writer, &info, code, &range);
            }
            event => writer.event(event, &range),
        }
    }
    writer.flush(&mut lesson);
    if lesson.sections.first().is_some_and(|section| section.id.is_empty() && section.blocks.is_empty()) {
        lesson.sections.remove(0);
    }
    if lesson.title.is_empty() {
        sink.on_line(1, "a lesson begins with its title: `# Title`");
    }
    let ids = lesson.sections.iter().filter(|section| !section.id.is_empty());
    let mut seen = std::collections::BTreeMap::new();
    for section in ids {
        if let Some(first) = seen.insert(&section.id, section.line) {
            sink.on_line(section.line, format!("there is a heading {{#{}}} on line {first} already", section.id));
        }
    }
    let questions: Vec<(&str, usize)> =
        lesson.questions().map(|question| (question.id.as_str(), question.line)).collect();
    let mut seen = std::collections::BTreeMap::new();
    for (id, line) in questions {
        if let Some(first) = seen.insert(id, line) {
            sink.on_line(line, format!("there is a question `{id}` on line {first} already"));
        }
    }
    if let Some(at) = lesson.sections.iter().position(|section| section.id == LAB)
        && lesson.sections[at + 1..].iter().any(|section| section.level <= 2)
    {
        sink.on_line(lesson.sections[at].line, "the lab's section {#lab} is the last one");
    }
    lesson
}

fn heading_found(
    lesson: &mut Lesson,
    level: HeadingLevel,
    id: Option<String>,
    heading: String,
    range: &Range<usize>,
    sink: &Sink<'_>,
) {
    if level == HeadingLevel::H1 {
        if !lesson.title.is_empty() {
            sink.at(range.start, "a lesson has one title; other headings begin with `##`");
        }
        lesson.title = heading;
        return;
    }
    let id = match id {
        Some(id) if is_id(&id) => id,
        Some(id) => {
            sink.at(range.start, format!("`{id}` is no id: lower-case letters, digits and hyphens make one"));
            id
        }
        None => {
            sink.at(range.start, "this heading has no id; write one at its end, such as {#formula}");
            String::new()
        }
    };
    lesson.sections.push(Section { id, heading, level: level as u8, blocks: Vec::new(), line: sink.line(range.start) });
}

/// Takes a fenced block, whose first line says what it is.
fn code_found(lesson: &mut Lesson, writer: &mut Writer<'_>, info: &str, code: String, range: &Range<usize>) {
    let sink = writer.sink;
    // The block begins with the line of its fence.
    let line = sink.line(range.start) + 1;
    let block = match info.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["python"] | ["python", "run"] => {
            let run = info.contains("run");
            if run && let Err(error) = program::skeleton(&code) {
                sink.on_line(line + error.line - 1, format!("this program cannot be parsed: {}", error.message));
            }
            Block::Program(LessonProgram { text: code, run, line })
        }
        ["question"] => {
            let inner = sink.within(&code, line - 1);
            let question = question::read(&code, writer.language, &inner);
            sink.extend(inner.into_problems());
            match question {
                Some(question) => Block::Question(question),
                None => return,
            }
        }
        [] | ["text" | "sh" | "toml" | "json"] => {
            let class = if info.is_empty() { "text" } else { info };
            writer.html.push_str(&format!("<pre><code class=\"language-{class}\">{}</code></pre>\n", escaped(&code)));
            return;
        }
        _ => {
            let known = "`python`, `python run`, `question`, `text`, `sh`, `toml`, `json`";
            sink.at(range.start, format!("a block of `{info}` is not known; possible are {known}"));
            return;
        }
    };
    writer.flush(lesson);
    if let Some(section) = lesson.sections.last_mut() {
        section.blocks.push(block);
    }
}

/// Renders a short text, such as a question or an option, as HTML.
pub(crate) fn fragment(text: &str, language: Language, sink: &Sink<'_>, at: usize) -> String {
    let mut writer =
        Writer { sink, source: text, language, at: Some(at), html: String::new(), cells: Vec::new(), in_head: false };
    for (event, range) in TextMergeWithOffset::new(Parser::new_ext(text, options()).into_offset_iter()) {
        writer.event(event, &range);
    }
    let html = writer.html.trim();
    // A single paragraph goes without its tags, so that it can stand in a label.
    match html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")) {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => html.to_owned(),
    }
}

/// Renders Markdown that is not part of a lesson, such as a hint, as HTML. What is wrong in it is shown as text.
pub fn render(text: &str, language: Language) -> String {
    let sink = Sink::new(std::path::Path::new(""), "");
    fragment(text, language, &sink, 0)
}

/// Writes HTML of events.
struct Writer<'a> {
    sink: &'a Sink<'a>,
    source: &'a str,
    language: Language,
    /// Where problems are noted; where the event stands when absent.
    at: Option<usize>,
    html: String,
    /// The alignments of the table that is being written, and the column.
    cells: Vec<(Vec<pulldown_cmark::Alignment>, usize)>,
    in_head: bool,
}

impl Writer<'_> {
    fn problem(&self, range: &Range<usize>, message: impl Into<String>) {
        self.sink.at(self.at.unwrap_or(range.start), message);
    }

    /// Gives what was written to the section.
    fn flush(&mut self, lesson: &mut Lesson) {
        let html = std::mem::take(&mut self.html);
        if !html.trim().is_empty()
            && let Some(section) = lesson.sections.last_mut()
        {
            section.blocks.push(Block::Html { html });
        }
    }

    /// Returns the HTML of what stands before an end.
    fn inner<'e>(&mut self, events: &mut impl Iterator<Item = (Event<'e>, Range<usize>)>, end: TagEnd) -> String {
        let before = std::mem::take(&mut self.html);
        for (event, range) in events {
            if event == Event::End(end) {
                break;
            }
            self.event(event, &range);
        }
        std::mem::replace(&mut self.html, before)
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                if text.contains("**") {
                    let message =
                        "these asterisks mark nothing: a mark must not stand between punctuation and a letter";
                    self.problem(range, message);
                }
                if self.has_lone_dollar(range) {
                    self.problem(range, "this dollar sign begins no formula; write `\\$` for one that is shown");
                }
                self.html.push_str(&escaped(&text));
            }
            Event::Code(code) => self.html.push_str(&format!("<code>{}</code>", escaped(&code))),
            Event::InlineMath(latex) => self.math(&latex, false, range),
            Event::DisplayMath(latex) => self.math(&latex, true, range),
            Event::Html(html) | Event::InlineHtml(html) => {
                if !html.trim().starts_with("<!--") {
                    self.problem(range, format!("HTML is not possible in a lesson: {}", html.trim()));
                    self.html.push_str(&escaped(&html));
                }
            }
            Event::SoftBreak => self.html.push('\n'),
            Event::HardBreak => self.html.push_str("<br>\n"),
            Event::Rule => self.html.push_str("<hr>\n"),
            Event::FootnoteReference(name) => {
                let name = escaped(&name);
                self.html.push_str(&format!("<sup><a href=\"#note-{name}\">{name}</a></sup>"));
            }
            Event::TaskListMarker(_) => {}
        }
    }

    /// Says whether a dollar sign of the source stands in a text without a backslash.
    fn has_lone_dollar(&self, range: &Range<usize>) -> bool {
        let bytes = self.source.as_bytes();
        range.clone().any(|at| bytes.get(at) == Some(&b'$') && (at == 0 || bytes.get(at - 1) != Some(&b'\\')))
    }

    fn math(&mut self, latex: &str, display: bool, range: &Range<usize>) {
        match formula::render(latex, display) {
            Ok(mathml) => self.html.push_str(&mathml),
            Err(message) => {
                self.problem(range, message);
                self.html.push_str(&format!("<code>{}</code>", escaped(latex)));
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        let opening = match tag {
            Tag::Paragraph => "<p>".into(),
            Tag::Heading { level, .. } => format!("<{level}>"),
            Tag::BlockQuote(kind) => self.callout(kind),
            Tag::CodeBlock(_) => "<pre><code>".into(),
            Tag::List(Some(1)) => "<ol>\n".into(),
            Tag::List(Some(first)) => format!("<ol start=\"{first}\">\n"),
            Tag::List(None) => "<ul>\n".into(),
            Tag::Item => "<li>".into(),
            Tag::FootnoteDefinition(name) => format!("<div class=\"note\" id=\"note-{}\">", escaped(&name)),
            Tag::Table(alignments) => {
                self.cells.push((alignments, 0));
                "<table>\n".into()
            }
            Tag::TableHead => {
                self.in_head = true;
                self.first_cell();
                "<thead><tr>".into()
            }
            Tag::TableRow => {
                self.first_cell();
                "<tr>".into()
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => "<em>".into(),
            Tag::Strong => "<strong>".into(),
            Tag::Strikethrough => "<del>".into(),
            Tag::Link { link_type, dest_url, .. } => self.link(link_type, &dest_url, range),
            Tag::Image { .. } => {
                self.problem(range, "an image from a file is not possible; a program can draw one");
                String::new()
            }
            _ => String::new(),
        };
        self.html.push_str(&opening);
    }

    fn end(&mut self, tag: TagEnd) {
        let closing = match tag {
            TagEnd::Paragraph => "</p>\n".into(),
            TagEnd::Heading(level) => format!("</{level}>\n"),
            TagEnd::BlockQuote(Some(_)) => "</div>\n".into(),
            TagEnd::BlockQuote(None) => "</blockquote>\n".into(),
            TagEnd::CodeBlock => "</code></pre>\n".into(),
            TagEnd::List(true) => "</ol>\n".into(),
            TagEnd::List(false) => "</ul>\n".into(),
            TagEnd::Item => "</li>\n".into(),
            TagEnd::FootnoteDefinition => "</div>\n".into(),
            TagEnd::Table => {
                self.cells.pop();
                "</tbody></table>\n".into()
            }
            TagEnd::TableHead => {
                self.in_head = false;
                "</tr></thead>\n<tbody>\n".into()
            }
            TagEnd::TableRow => "</tr>\n".into(),
            TagEnd::TableCell if self.in_head => "</th>".into(),
            TagEnd::TableCell => "</td>".into(),
            TagEnd::Emphasis => "</em>".into(),
            TagEnd::Strong => "</strong>".into(),
            TagEnd::Strikethrough => "</del>".into(),
            TagEnd::Link => "</a>".into(),
            _ => String::new(),
        };
        self.html.push_str(&closing);
    }

    fn callout(&self, kind: Option<BlockQuoteKind>) -> String {
        let (class, zh, en) = match kind {
            None => return "<blockquote>\n".into(),
            Some(BlockQuoteKind::Note) => ("note", "说明", "Note"),
            Some(BlockQuoteKind::Tip) => ("tip", "提示", "Tip"),
            Some(BlockQuoteKind::Important) => ("important", "重要", "Important"),
            Some(BlockQuoteKind::Warning) => ("warning", "当心", "Warning"),
            Some(BlockQuoteKind::Caution) => ("caution", "注意", "Caution"),
        };
        let title = match self.language {
            Language::Zh => zh,
            Language::En => en,
        };
        format!("<div class=\"callout {class}\" role=\"note\"><p class=\"callout-title\">{title}</p>\n")
    }

    fn first_cell(&mut self) {
        if let Some((_, column)) = self.cells.last_mut() {
            *column = 0;
        }
    }

    fn cell(&mut self) -> String {
        use pulldown_cmark::Alignment;

        let name = if self.in_head { "th scope=\"col\"" } else { "td" };
        let Some((alignments, column)) = self.cells.last_mut() else { return format!("<{name}>") };
        let class = match alignments.get(*column) {
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Center) => " class=\"center\"",
            _ => "",
        };
        *column += 1;
        format!("<{name}{class}>")
    }

    fn link(&self, kind: LinkType, address: &str, range: &Range<usize>) -> String {
        let is_safe = address.starts_with("https://")
            || address.starts_with("http://")
            || address.starts_with('#')
            || (address.starts_with("mailto:") || kind == LinkType::Email)
            || (!address.contains(':') && !address.starts_with('/'));
        if !is_safe {
            self.problem(range, format!("a link to `{address}` is not possible"));
            return "<a>".into();
        }
        let address = if kind == LinkType::Email { format!("mailto:{address}") } else { address.to_owned() };
        let outside = if address.starts_with("http") { " rel=\"noopener noreferrer\"" } else { "" };
        format!("<a href=\"{}\"{outside}>", escaped(&address))
    }
}

/// Returns a text with the characters replaced that mean something in HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// Notes what differs between a lesson and its Chinese original.
pub(crate) fn compare(zh: &Lesson, en: &Lesson, sink: &Sink<'_>) {
    let ids = |lesson: &Lesson| -> Vec<(String, u8, usize)> {
        lesson.sections.iter().map(|section| (section.id.clone(), section.level, section.line)).collect()
    };
    let (in_zh, in_en) = (ids(zh), ids(en));
    let mut pairs = in_zh.iter().zip(&in_en);
    if let Some((a, b)) = pairs.find(|(a, b)| a.0 != b.0 || a.1 != b.1) {
        sink.on_line(
            b.2,
            format!(
                "the sections differ: here {} {{#{}}}, in Chinese {} {{#{}}} (line {})",
                "#".repeat(b.1.into()),
                b.0,
                "#".repeat(a.1.into()),
                a.0,
                a.2
            ),
        );
    } else if in_zh.len() > in_en.len() {
        sink.on_line(0, format!("the section {{#{}}} of the Chinese lesson is missing", in_zh[in_en.len()].0));
    } else if in_en.len() > in_zh.len() {
        let (id, _, line) = &in_en[in_zh.len()];
        sink.on_line(*line, format!("the section {{#{id}}} is missing in Chinese"));
    }
    question::compare(&zh.questions().collect::<Vec<_>>(), &en.questions().collect::<Vec<_>>(), sink);
    let (in_zh, in_en): (Vec<_>, Vec<_>) = (zh.runs().collect(), en.runs().collect());
    if in_zh.len() != in_en.len() {
        sink.on_line(0, format!("{} programs run here, and {} in Chinese", in_en.len(), in_zh.len()));
        return;
    }
    for (a, b) in in_zh.iter().zip(&in_en) {
        if let (Ok(in_zh), Ok(in_en)) = (program::skeleton(&a.text), program::skeleton(&b.text))
            && in_zh != in_en
        {
            let at = in_zh.iter().zip(&in_en).position(|(a, b)| a != b).unwrap_or(in_zh.len().min(in_en.len()));
            let line = b.line + in_en[..at.min(in_en.len())].iter().filter(|word| *word == "\n").count();
            let word = |words: &[String]| words.get(at).map_or("its end".to_owned(), |word| format!("{word:?}"));
            sink.on_line(
                line,
                format!(
                    "the program differs from the Chinese one (line {}) by more than comments and texts: {} here, {} there",
                    a.line,
                    word(&in_en),
                    word(&in_zh)
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn lesson(text: &str) -> (Lesson, Vec<String>) {
        let sink = Sink::new(Path::new("lesson.en.md"), text);
        let lesson = read(text, Language::En, &sink);
        (lesson, sink.into_problems().iter().map(|problem| format!("{}: {}", problem.line, problem.message)).collect())
    }

    #[test]
    fn a_lesson_has_sections_programs_and_questions() {
        let (lesson, problems) = lesson(
            "# Title with $x$\n\nHello.\n\n## One {#one}\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n```python run\nprint(1)\n```\n\n> [!TIP]\n> Good.\n\n## Two {#two}\n\n```question\nid = \"q\"\nkind = \"number\"\nask = 'What is $x$?'\nanswer = 1\nexplain = 'So.'\n```\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert!(lesson.title.contains("<math"));
        let ids: Vec<&str> = lesson.sections.iter().map(|section| section.id.as_str()).collect();
        assert_eq!(ids, ["", "one", "two"]);
        assert_eq!(
            lesson.runs().map(|program| (program.text.as_str(), program.line)).collect::<Vec<_>>(),
            [("print(1)\n", 12)]
        );
        assert_eq!(lesson.questions().count(), 1);
        let html = format!("{:?}", lesson.sections[1].blocks);
        assert!(html.contains("class=\\\"right\\\">2</td>") && html.contains("callout tip"), "{html}");
    }

    #[test]
    fn nothing_unsafe_comes_through() {
        let (lesson, problems) = lesson(
            "# T\n\n<script>alert(1)</script>\n\na <b onclick=x>b</b> [c](javascript:alert(1)) ![d](http://e/f.png) `<i>` [g](data:text/html,h)\n",
        );
        let html = format!("{:?}", lesson.sections);
        assert!(!html.contains("<script") && !html.contains("<b ") && !html.contains("javascript:"), "{html}");
        assert!(!html.contains("<img") && !html.contains("data:text") && html.contains("&lt;i&gt;"), "{html}");
        assert!(problems.len() >= 5, "{problems:?}");
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        let (_, problems) = lesson(
            "## No title\n\ntext $\\frac{1}{$ more\n\n## A $x_$ {#a}\n\n## B {#a}\n\n```python run\nx = 1\ny = (\n```\n\n```question\nid = \"q\"\nkind = \"choic\"\n```\n\n```cobol\n```\n\n**甲。**乙\n",
        );
        let expected = [
            "1: this heading has no id",
            "3: this dollar sign",
            "5: the formula",
            "7: there is a heading {#a} on line 5",
            "this program cannot be parsed",
            "16: `choic` is not known",
            "19: a block of `cobol`",
            "22: these asterisks",
            "1: a lesson begins",
        ];
        for part in expected {
            assert!(problems.iter().any(|problem| problem.contains(part)), "{part} in {problems:#?}");
        }
    }

    #[test]
    fn languages_are_compared() {
        let compared = |zh: &str, en: &str| {
            let sink = Sink::new(Path::new("lesson.en.md"), en);
            compare(&lesson(zh).0, &lesson(en).0, &sink);
            sink.into_problems().into_iter().map(|problem| problem.to_string()).collect::<Vec<_>>()
        };
        let question = |answer: u32| {
            format!("```question\nid = \"q\"\nkind = \"number\"\nask = 'a'\nanswer = {answer}\nexplain = 'b'\n```\n")
        };
        let zh = format!("# 甲\n## 一 {{#one}}\n```python run\nx = 1 # 一\n```\n{}", question(1));
        assert_eq!(compared(&zh, &zh.replace("一", "one")), Vec::<String>::new());
        assert!(compared(&zh, &zh.replace("#one", "#two"))[0].contains("sections differ"));
        assert!(compared(&zh, &zh.replace("x = 1", "x = 2"))[0].starts_with("lesson.en.md:4: the program differs"));
        assert!(compared(&zh, &zh.replace(&question(1), &question(2)))[0].contains("another answer"));
        assert!(compared(&zh, &zh.replace(&question(1), ""))[0].contains("question `q` of the Chinese lesson"));
        assert!(
            compared(&zh, "# A\n").iter().any(|problem| problem.contains("{#one} of the Chinese lesson is missing"))
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r"\PC{0,100}|[#$`\[\]!>|*_a \n{}<-]{0,120}") {
            let (lesson, _) = lesson(&text);
            for section in &lesson.sections {
                for block in &section.blocks {
                    if let Block::Html { html } = block {
                        prop_assert!(!html.contains("<script"));
                    }
                }
            }
        }
    }
}
