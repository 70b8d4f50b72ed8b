//! Draws a figure as SVG.
//!
//! The drawing needs nothing from outside: no script, no font, no image but what is in the text. It
//! has colours for a light and for a dark ground and takes those that the reader's system asks for.
//! Whatever is in the figure, the drawing ends, and its text has at most about [`MOST_BYTES`].
//!
//! - `layout`: where the axes are
//! - `frame`: from numbers to places; what is outside is cut off
//! - `axes`: frames, ticks, labels, titles; `ticks` says where ticks are
//! - `marks`, `markers`, `contour`, `png`: what is in the axes
//! - `legend`, `describe`: what tells about it, to the eye and to a screen reader
//! - `ink`: colours and their style sheet; `text`: text

mod axes;
mod contour;
mod describe;
mod frame;
mod ink;
mod layout;
mod legend;
mod markers;
mod marks;
pub mod png;
mod text;
mod ticks;

use std::fmt::Write as _;

use super::Figure;
use ink::{Ink, Used};

/// The size beyond which no further mark is drawn.
pub const MOST_BYTES: usize = 8 << 20;

/// A point of type in pixels: figures have 100 pixels an inch.
const POINT: f64 = 100.0 / 72.0;
/// The sizes of type, in pixels.
const TICK_SIZE: f64 = 12.0;
const LABEL_SIZE: f64 = 13.0;
const TITLE_SIZE: f64 = 14.5;

/// How a figure is drawn.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the names of parts within the drawing begin with. Drawings on one page need different ones.
    pub id: String,
    /// For which ground.
    pub theme: Theme,
}

impl Default for Options {
    fn default() -> Self {
        Self { id: "figure".into(), theme: Theme::Both }
    }
}

/// For which ground a figure is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// A light or a dark one, as the reader's system asks for.
    #[default]
    Both,
    /// A light one.
    Light,
    /// A dark one.
    Dark,
}

/// Draws a figure.
pub fn draw(figure: &Figure, options: &Options) -> String {
    let id: String = options.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect();
    let size = |value: f64| if value.is_finite() { value.clamp(60.0, 4_000.0).round() } else { 400.0 };
    let (width, height) = (size(figure.width), size(figure.height));
    let mut drawing = Drawing::new(id, MOST_BYTES);
    let plan = layout::plan(figure, width, height);
    if let Some((line, y)) = &plan.title {
        let how = Written { size: TITLE_SIZE + 1.5, bold: true, ..Written::default() };
        drawing.text(line, width / 2.0, *y, &axes::fitted(how, &figure.title, width - 24.0));
    }
    for (axes, place) in figure.axes.iter().zip(&plan.places) {
        axes::draw(&mut drawing, axes, place);
    }
    let left_out = drawing.left_out;
    let (title, description) = describe::describe(figure, &plan, left_out);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lyceum-figure\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" fill=\"none\" stroke-linejoin=\"round\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n",
        id = drawing.id
    );
    let _ = writeln!(out, "<title id=\"{}-title\">{}</title>", drawing.id, text::escape(&title));
    let _ = writeln!(out, "<desc id=\"{}-desc\">{}</desc>", drawing.id, text::escape(&description));
    drawing.used.fill(Ink::Paper);
    out += &ink::style_sheet(&drawing.used, options.theme);
    let _ = writeln!(out, "<rect class=\"{}\" width=\"{width}\" height=\"{height}\"/>", ink::fill_class(Ink::Paper));
    out += &drawing.out;
    out += "</svg>\n";
    out
}

/// A drawing in the making.
struct Drawing {
    /// What names of parts begin with.
    id: String,
    out: String,
    /// How large `out` may become.
    limit: usize,
    /// How many marks had no room any more.
    left_out: usize,
    /// How many parts have been named.
    named: usize,
    /// How much contours may still cost.
    effort: usize,
    /// Which colours of the style sheet are used.
    used: Used,
}

/// How a line of text is written.
#[derive(Clone, Copy, Debug)]
struct Written {
    size: f64,
    anchor: &'static str,
    bold: bool,
    italic: bool,
    ink: Ink,
    /// In degrees, with the clock.
    turned: f64,
}

impl Default for Written {
    fn default() -> Self {
        Self { size: TICK_SIZE, anchor: "middle", bold: false, italic: false, ink: Ink::Text, turned: 0.0 }
    }
}

impl Drawing {
    fn new(id: String, limit: usize) -> Self {
        const EFFORT: usize = 40_000_000;
        Self { id, out: String::new(), limit, left_out: 0, named: 0, effort: EFFORT, used: Used::default() }
    }

    /// Makes a new name for a part.
    fn name(&mut self) -> String {
        self.named += 1;
        format!("{}-{}", self.id, self.named)
    }

    /// Says whether there is room for another mark, and counts it as left out when there is none.
    fn has_room(&mut self) -> bool {
        let room = self.out.len() < self.limit;
        self.left_out += usize::from(!room);
        room
    }

    /// Writes a line of text with its baseline at a place.
    fn text(&mut self, line: &text::Line, x: f64, y: f64, how: &Written) {
        if line.is_empty() {
            return;
        }
        let (fill, x, y) = (self.used.fill(how.ink), number(x), number(y));
        let _ = write!(self.out, "<text x=\"{x}\" y=\"{y}\"{fill} font-size=\"{}\"", number(how.size));
        if how.anchor != "start" {
            let _ = write!(self.out, " text-anchor=\"{}\"", how.anchor);
        }
        if line.is_pieced() {
            self.out += " xml:space=\"preserve\"";
        }
        if how.bold {
            self.out += " font-weight=\"600\"";
        }
        if how.italic {
            self.out += " font-style=\"italic\"";
        }
        if how.turned != 0.0 {
            let _ = write!(self.out, " transform=\"rotate({} {x} {y})\"", number(how.turned));
        }
        let _ = writeln!(self.out, ">{}</text>", line.markup());
    }
}

/// Writes a place or a length, to the tenth of a pixel.
fn number(value: f64) -> Short {
    Short(value)
}

struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const FAR: f64 = 1e6;
        let tenths = if self.0.is_nan() { 0 } else { (self.0.clamp(-FAR, FAR) * 10.0).round() as i64 };
        if tenths < 0 {
            f.write_str("-")?;
        }
        let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
        match tenth {
            0 => write!(f, "{whole}"),
            _ => write!(f, "{whole}.{tenth}"),
        }
    }
}

/// Writes an opacity or another part of one, to the hundredth.
fn part(value: f64) -> f64 {
    if value.is_finite() { (value.clamp(0.0, 1.0) * 100.0).round() / 100.0 } else { 1.0 }
}
