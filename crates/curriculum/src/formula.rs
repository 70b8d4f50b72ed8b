//! Formulas: LaTeX in, MathML out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pulldown_latex::{Event, Parser, RenderConfig, Storage, config::DisplayMode, mathml::push_mathml};

/// The longest formula, in bytes.
const MAX_LENGTH: usize = 8192;
/// How deep braces may stand in each other.
const MAX_DEPTH: usize = 32;
/// Commands that define others. A formula with them could grow without bound, and no lesson needs one.
const DEFINING: [&str; 8] =
    ["\\def", "\\edef", "\\gdef", "\\xdef", "\\let", "\\futurelet", "\\newcommand", "\\renewcommand"];

/// Renders a formula as MathML.
///
/// # Errors
/// With what is wrong, for the author.
pub fn render(latex: &str, display: bool) -> Result<String, String> {
    if latex.trim().is_empty() {
        return Err("the formula is empty".into());
    }
    if latex.len() > MAX_LENGTH {
        return Err(format!("the formula is longer than {MAX_LENGTH} bytes"));
    }
    let depth = latex.bytes().fold((0_usize, 0_usize), |(depth, deepest), byte| match byte {
        b'{' => (depth + 1, deepest.max(depth + 1)),
        b'}' => (depth.saturating_sub(1), deepest),
        _ => (depth, deepest),
    });
    if depth.1 > MAX_DEPTH {
        return Err(format!("braces stand in each other more than {MAX_DEPTH} deep"));
    }
    if let Some(command) = DEFINING.iter().find(|command| latex.contains(*command)) {
        return Err(format!("{command} is not possible in a lesson"));
    }
    // The parser is another's; should a formula bring it down, that is the author's to know and no more.
    catch_unwind(AssertUnwindSafe(|| parse(latex, display)))
        .unwrap_or_else(|_| Err("the formula cannot be parsed".into()))
}

fn parse(latex: &str, display: bool) -> Result<String, String> {
    let storage = Storage::new();
    let mut events: Vec<Result<Event<'_>, pulldown_latex::ParserError>> = Vec::new();
    for event in Parser::new(latex, &storage) {
        match event {
            Ok(event) => events.push(Ok(event)),
            Err(error) => {
                let text = error.to_string();
                let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it cannot be parsed");
                return Err(format!("the formula `{}` is wrong: {}", latex.trim(), first.trim()));
            }
        }
    }
    let mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode: mode, ..RenderConfig::default() };
    let mut mathml = String::new();
    push_mathml(&mut mathml, events.into_iter(), config).map_err(|error| error.to_string())?;
    Ok(mathml)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_become_mathml() {
        let mathml = render(r"\theta \leftarrow \theta - \alpha \, \nabla J(\theta)", true).unwrap();
        assert!(mathml.starts_with("<math") && mathml.ends_with("</math>"), "{mathml}");
        assert!(mathml.contains("display=\"block\""));
        assert!(!render("a < b", false).unwrap().contains("< b"));
    }

    #[test]
    fn a_wrong_formula_says_what_is_wrong() {
        for latex in [r"\frac{1}{", r"\nosuch", "x_", " ", r"\def\a{\a\a}\a", r"\begin{matrix} a"] {
            assert!(render(latex, false).is_err(), "{latex}");
        }
        assert!(render(&"{".repeat(40), false).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r"[a-z\\{}_^&$ 0-9<>]{0,60}|\PC{0,40}") {
            let _ = render(&text, false);
        }
    }
}
