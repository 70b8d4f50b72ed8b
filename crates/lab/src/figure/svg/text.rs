//! Text in a drawing: how wide it is, how it is escaped, and the little mathematics that labels hold.
//!
//! What stands between two `$` is mathematics as TeX writes it, of which labels use a part: Greek
//! letters and signs, subscripts and superscripts, accents, fractions and roots in a line. What is not
//! known is written without its backslash.

use std::fmt::Write as _;

/// The most characters of one line that are drawn.
const MOST: usize = 400;

/// A piece of a line that is written in one manner.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    text: String,
    /// Above 0 raised, below 0 lowered.
    level: i8,
    italic: bool,
    bold: bool,
}

/// A line of text, ready to be measured and written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line(Vec<Piece>);

impl Line {
    /// Reads a line.
    pub fn new(text: &str) -> Self {
        let text: String = match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        };
        let text = text.replace("\\$", "\u{e000}");
        let parts: Vec<&str> = text.split('$').collect();
        // An odd number of `$` is money and not mathematics.
        let mathematics = parts.len() > 2 && parts.len() % 2 == 1;
        let mut pieces = Vec::new();
        if !mathematics {
            push(&mut pieces, &text, 0, false, false);
        } else {
            for (index, part) in parts.iter().enumerate() {
                match index % 2 {
                    0 => push(&mut pieces, part, 0, false, false),
                    _ => Mathematics { rest: part, depth: 0 }.read(&mut pieces, 0),
                }
            }
        }
        Self(pieces)
    }

    /// Says whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|piece| piece.text.trim().is_empty())
    }

    /// Returns about how wide the line is, in the unit of the size.
    pub fn width(&self, size: f64) -> f64 {
        let piece = |piece: &Piece| {
            let width: f64 = piece.text.chars().map(character_width).sum();
            width * if piece.level == 0 { 1.0 } else { 0.7 } * if piece.bold { 1.06 } else { 1.0 }
        };
        self.0.iter().map(piece).sum::<f64>() * size
    }

    /// Returns the line as the content of a `text` element.
    pub fn markup(&self) -> String {
        if let [Piece { text, level: 0, italic: false, bold: false }] = self.0.as_slice() {
            return escape(text);
        }
        let mut out = String::new();
        let mut level = 0;
        for piece in &self.0 {
            let shift = f64::from(level - piece.level) * 0.38;
            level = piece.level;
            out += "<tspan";
            if shift != 0.0 {
                let _ = write!(out, " dy=\"{}em\"", (shift * 100.0).round() / 100.0);
            }
            if piece.level != 0 {
                out += " font-size=\"70%\"";
            }
            if piece.italic {
                out += " font-style=\"italic\"";
            }
            if piece.bold {
                out += " font-weight=\"600\"";
            }
            let _ = write!(out, ">{}</tspan>", escape(&piece.text));
        }
        out
    }

    /// Says whether the line is written in several elements, at whose ends spaces must not get lost.
    pub fn is_pieced(&self) -> bool {
        self.0.len() > 1
    }

    /// Returns the characters alone.
    pub fn plain(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

fn push(pieces: &mut Vec<Piece>, text: &str, level: i8, italic: bool, bold: bool) {
    if text.is_empty() {
        return;
    }
    let text = text.replace('\u{e000}', "$");
    match pieces.last_mut() {
        Some(last) if (last.level, last.italic, last.bold) == (level, italic, bold) => last.text += &text,
        _ => pieces.push(Piece { text, level, italic, bold }),
    }
}

/// A reader of mathematics.
struct Mathematics<'a> {
    rest: &'a str,
    depth: u8,
}

impl<'a> Mathematics<'a> {
    /// Braces within braces beyond this are read as if they were not there.
    const DEEPEST: u8 = 8;

    fn read(mut self, pieces: &mut Vec<Piece>, level: i8) {
        while let Some(first) = self.rest.chars().next() {
            match first {
                '^' | '_' => {
                    self.rest = &self.rest[1..];
                    let group = self.group();
                    match (level, first) {
                        (0, '^') => self.inner(group, pieces, 1),
                        (0, _) => self.inner(group, pieces, -1),
                        // There is no third size of type; digits have small forms of their own.
                        (_, _) => push(pieces, &small(group, first == '^'), level, false, false),
                    }
                }
                '{' => {
                    let group = self.group();
                    self.inner(group, pieces, level);
                }
                '\\' => self.command(pieces, level),
                '}' | '&' => self.rest = &self.rest[1..],
                ',' => self.one(",\u{2009}", pieces, level, false),
                '-' => self.one("−", pieces, level, false),
                '*' => self.one("∗", pieces, level, false),
                '\'' => self.one("′", pieces, level, false),
                ' ' | '~' => self.rest = &self.rest[1..],
                '=' | '<' | '>' | '+' => {
                    let spaced = format!("\u{2009}{first}\u{2009}");
                    let text =
                        if level == 0 { spaced.as_str() } else { &spaced["\u{2009}".len().."\u{2009}".len() + 1] };
                    push(pieces, text, level, false, false);
                    self.rest = &self.rest[1..];
                }
                letter => {
                    let end = letter.len_utf8();
                    push(pieces, &self.rest[..end], level, letter.is_alphabetic() && letter.is_ascii(), false);
                    self.rest = &self.rest[end..];
                }
            }
        }
    }

    fn inner(&self, text: &'a str, pieces: &mut Vec<Piece>, level: i8) {
        if self.depth >= Self::DEEPEST {
            push(pieces, &text.replace(['{', '}', '\\'], ""), level, false, false);
        } else {
            Mathematics { rest: text, depth: self.depth + 1 }.read(pieces, level);
        }
    }

    fn one(&mut self, text: &str, pieces: &mut Vec<Piece>, level: i8, italic: bool) {
        push(pieces, text, level, italic, false);
        self.rest = &self.rest[1..];
    }

    /// Takes what belongs together: a group in braces, a command, or one character.
    fn group(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let taken = match rest.chars().next() {
            None => 0,
            Some('{') => {
                let mut open = 0;
                let end = rest.bytes().position(|byte| {
                    open += i32::from(byte == b'{') - i32::from(byte == b'}');
                    open == 0
                });
                let inside = &rest[1..end.unwrap_or(rest.len())];
                self.rest = &rest[end.map_or(rest.len(), |end| end + 1)..];
                return inside;
            }
            Some('\\') => 1 + rest[1..].bytes().take_while(u8::is_ascii_alphabetic).count(),
            Some(character) => character.len_utf8(),
        };
        let (group, after) = rest.split_at(taken);
        self.rest = after;
        group
    }

    fn command(&mut self, pieces: &mut Vec<Piece>, level: i8) {
        let after = &self.rest[1..];
        let length = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        if length == 0 {
            // An escaped character, or a space of some width.
            let character = after.chars().next();
            self.rest = &after[character.map_or(0, char::len_utf8)..];
            match character {
                Some(',' | ';' | ':' | ' ') => push(pieces, "\u{2009}", level, false, false),
                Some('!') | None => {}
                Some(other) => push(pieces, other.encode_utf8(&mut [0; 4]), level, false, false),
            }
            return;
        }
        let name = &after[..length];
        self.rest = &after[length..];
        let accent = match name {
            "hat" | "widehat" => Some('\u{302}'),
            "bar" | "overline" => Some('\u{304}'),
            "tilde" | "widetilde" => Some('\u{303}'),
            "vec" => Some('\u{20d7}'),
            "dot" => Some('\u{307}'),
            _ => None,
        };
        if let Some(accent) = accent {
            let group = self.group();
            self.inner(group, pieces, level);
            if let Some(last) = pieces.last_mut() {
                last.text.push(accent);
            }
            return;
        }
        match name {
            "frac" | "dfrac" | "tfrac" => {
                let (above, below) = (self.group(), self.group());
                let wrap = |text: &str| text.chars().count() > 1 && !text.starts_with('\\');
                for (index, part) in [above, below].into_iter().enumerate() {
                    if index == 1 {
                        push(pieces, "/", level, false, false);
                    }
                    if wrap(part) {
                        push(pieces, "(", level, false, false);
                    }
                    self.inner(part, pieces, level);
                    if wrap(part) {
                        push(pieces, ")", level, false, false);
                    }
                }
            }
            "sqrt" => {
                let group = self.group();
                push(pieces, "√", level, false, false);
                let wrap = group.chars().count() > 1;
                if wrap {
                    push(pieces, "(", level, false, false);
                }
                self.inner(group, pieces, level);
                if wrap {
                    push(pieces, ")", level, false, false);
                }
            }
            "mathrm" | "text" | "mathregular" | "operatorname" | "textrm" => {
                let group = self.group();
                push(pieces, group, level, false, false);
            }
            "mathbf" | "textbf" | "boldsymbol" | "bf" => {
                let group = self.group();
                push(pieces, group, level, false, true);
            }
            "mathit" | "textit" | "mathcal" | "mathbb" => {
                let group = self.group();
                push(pieces, group, level, true, false);
            }
            "left" | "right" | "big" | "Big" | "limits" | "displaystyle" => {}
            _ => match SIGNS.iter().find(|(known, _)| *known == name) {
                Some((_, sign)) => {
                    let italic = sign.chars().all(|c| ('α'..='ω').contains(&c));
                    push(pieces, sign, level, italic, false);
                }
                None => push(pieces, name, level, false, false),
            },
        }
    }
}

/// Returns digits as the small characters that Unicode has for them; other characters stay.
fn small(text: &str, raised: bool) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    let digits = if raised { RAISED } else { LOWERED };
    let one = |character: char| match character.to_digit(10) {
        Some(digit) => digits[digit as usize],
        None if character == '-' => {
            if raised {
                '⁻'
            } else {
                '₋'
            }
        }
        None => character,
    };
    text.chars().filter(|character| !matches!(character, '{' | '}' | '\\')).map(one).collect()
}

const SIGNS: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ϵ"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("vartheta", "ϑ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("upsilon", "υ"),
    ("phi", "ϕ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("times", "\u{2009}×\u{2009}"),
    ("cdot", "\u{2009}·\u{2009}"),
    ("pm", "±"),
    ("mp", "∓"),
    ("leq", "\u{2009}≤\u{2009}"),
    ("le", "\u{2009}≤\u{2009}"),
    ("geq", "\u{2009}≥\u{2009}"),
    ("ge", "\u{2009}≥\u{2009}"),
    ("neq", "\u{2009}≠\u{2009}"),
    ("ne", "\u{2009}≠\u{2009}"),
    ("approx", "\u{2009}≈\u{2009}"),
    ("sim", "\u{2009}∼\u{2009}"),
    ("equiv", "\u{2009}≡\u{2009}"),
    ("propto", "\u{2009}∝\u{2009}"),
    ("to", "\u{2009}→\u{2009}"),
    ("rightarrow", "\u{2009}→\u{2009}"),
    ("leftarrow", "\u{2009}←\u{2009}"),
    ("in", "\u{2009}∈\u{2009}"),
    ("infty", "∞"),
    ("partial", "∂"),
    ("nabla", "∇"),
    ("sum", "∑"),
    ("prod", "∏"),
    ("int", "∫"),
    ("ell", "ℓ"),
    ("cdots", "⋯"),
    ("ldots", "…"),
    ("dots", "…"),
    ("circ", "∘"),
    ("odot", "⊙"),
    ("otimes", "⊗"),
    ("oplus", "⊕"),
    ("top", "⊤"),
    ("prime", "′"),
    ("langle", "⟨"),
    ("rangle", "⟩"),
    ("Vert", "‖"),
    ("mid", "∣"),
    ("quad", "\u{2003}"),
    ("log", "log\u{2009}"),
    ("ln", "ln\u{2009}"),
    ("exp", "exp\u{2009}"),
    ("sin", "sin\u{2009}"),
    ("cos", "cos\u{2009}"),
    ("tan", "tan\u{2009}"),
    ("tanh", "tanh\u{2009}"),
    ("max", "max\u{2009}"),
    ("min", "min\u{2009}"),
];

/// Returns about how wide a character is in a sans-serif font, in ems.
fn character_width(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' | 'I' => 0.28,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | ' ' | '/' | '-' | '`' | '"' | '·' => 0.34,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' => 0.88,
        'A'..='Z' => 0.67,
        '0'..='9' => 0.58,
        '−' | '+' | '=' | '<' | '>' | '×' | '±' | '≤' | '≥' | '≈' => 0.62,
        '\u{2009}' => 0.18,
        '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 1.0,
        '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f000}'..='\u{3fffd}' => 1.0,
        _ => 0.56,
    }
}

/// Makes text safe within an element or an attribute; characters that XML has not are replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            '\t' | '\n' | '\r' => out.push(' '),
            // What would turn the direction of the text after it is no part of a label.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mathematics_is_written_in_pieces() {
        let line = Line::new(r"the loss $L(\theta)$");
        assert_eq!(line.plain(), "the loss L(θ)");
        let markup = Line::new("$x_1^2$").markup();
        assert_eq!(
            markup,
            "<tspan font-style=\"italic\">x</tspan><tspan dy=\"0.38em\" font-size=\"70%\">1</tspan>\
             <tspan dy=\"-0.76em\" font-size=\"70%\">2</tspan>"
        );
        assert_eq!(Line::new(r"$\frac{\partial L}{\partial w}$").plain(), "∂L/∂w");
        assert_eq!(Line::new(r"$\hat{y} = \sigma(z)$").plain(), "y\u{302}\u{2009}=\u{2009}σ(z)");
        assert_eq!(Line::new(r"$10^{-3}$").plain(), "10−3");
    }

    #[test]
    fn a_price_is_no_mathematics() {
        assert_eq!(Line::new("costs $5").plain(), "costs $5");
        assert_eq!(Line::new(r"\$5 to \$6").plain(), "$5 to $6");
    }

    #[test]
    fn nothing_that_is_written_becomes_markup() {
        assert_eq!(escape("<a b=\"c\">&'\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;\u{fffd}");
        assert_eq!(escape("a\nb\u{202e}c"), "a bc");
    }

    #[test]
    fn chinese_is_as_wide_as_it_is_high() {
        assert_eq!(Line::new("损失").width(10.0), 20.0);
    }

    proptest! {
        #[test]
        fn any_text_has_a_width_and_safe_markup(text in "\\PC{0,60}|[$\\\\{}^_a-z ]{0,60}") {
            let line = Line::new(&text);
            prop_assert!(line.width(12.0).is_finite());
            let bare = line.markup().replace("<tspan", "").replace("</tspan>", "");
            prop_assert!(!bare.contains('<'));
        }
    }
}
