//! The colours of a drawing, and the style sheet that gives them for a light and a dark ground.
//!
//! A colour that depends on the ground is a class, and only those that a drawing uses are in its style
//! sheet. The rules for a dark ground stand in a media query, so that a viewer which knows none shows
//! the light ones. There are no variables: not every viewer knows them.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    super::color::{Color, DARK, LIGHT},
    Theme,
};

/// A colour that depends on the ground, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ink {
    /// What text is written in.
    Text,
    /// The ground.
    Paper,
    /// What secondary text is written in.
    Muted,
    /// The lines of the axes.
    Axis,
    /// The lines of a grid.
    Grid,
    /// A series.
    Series(u8),
    /// Any colour, with its opacity.
    Exact([u8; 4]),
}

impl From<Color> for Ink {
    fn from(color: Color) -> Self {
        match color {
            Color::Ink => Ink::Text,
            Color::Paper => Ink::Paper,
            Color::Muted => Ink::Muted,
            Color::Series(number) => Ink::Series(number % 10),
            Color::Exact(parts) => Ink::Exact(parts),
        }
    }
}

impl From<[u8; 3]> for Ink {
    fn from([red, green, blue]: [u8; 3]) -> Self {
        Ink::Exact([red, green, blue, 255])
    }
}

impl Ink {
    /// Returns a colour that can be seen through more; one that depends on the ground stays as it is.
    pub fn faded(self, alpha: f64) -> Self {
        match self {
            Ink::Exact([red, green, blue, own]) => {
                Ink::Exact([red, green, blue, (f64::from(own) * alpha).round() as u8])
            }
            other => other,
        }
    }

    fn name(self) -> String {
        match self {
            Ink::Text => "ink".into(),
            Ink::Paper => "paper".into(),
            Ink::Muted => "muted".into(),
            Ink::Axis => "axis".into(),
            Ink::Grid => "grid".into(),
            Ink::Series(number) => format!("c{number}"),
            Ink::Exact([red, green, blue, _]) => format!("#{red:02x}{green:02x}{blue:02x}"),
        }
    }

    fn on(self, ground: &Ground) -> String {
        let [red, green, blue] = self.of(ground);
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    fn of(self, ground: &Ground) -> [u8; 3] {
        match self {
            Ink::Text => ground.ink,
            Ink::Paper => ground.paper,
            Ink::Muted => ground.muted,
            Ink::Axis => ground.axis,
            Ink::Grid => ground.grid,
            Ink::Series(number) => ground.series[usize::from(number % 10)],
            Ink::Exact([red, green, blue, _]) => [red, green, blue],
        }
    }
}

struct Ground {
    ink: [u8; 3],
    paper: [u8; 3],
    muted: [u8; 3],
    axis: [u8; 3],
    grid: [u8; 3],
    series: &'static [[u8; 3]; 10],
}

const DAY: Ground = Ground {
    ink: [0x1c, 0x21, 0x28],
    paper: [0xff, 0xff, 0xff],
    muted: [0x55, 0x5f, 0x6b],
    axis: [0x8b, 0x95, 0xa1],
    grid: [0xe3, 0xe7, 0xec],
    series: &LIGHT,
};

const NIGHT: Ground = Ground {
    ink: [0xe8, 0xec, 0xf1],
    paper: [0x14, 0x17, 0x1c],
    muted: [0xa3, 0xac, 0xb8],
    axis: [0x6c, 0x76, 0x83],
    grid: [0x2b, 0x31, 0x3a],
    series: &DARK,
};

/// The colours of the style sheet that a drawing uses, for areas and for lines.
#[derive(Default)]
pub struct Used {
    fills: BTreeSet<Ink>,
    strokes: BTreeSet<Ink>,
    /// Whether what is drawn now lies on a ground of its own, which is the same by day and by night.
    pub by_day: bool,
}

impl Used {
    /// Returns the colour that stands for one on the ground that is drawn on now.
    fn here(&self, ink: Ink) -> Ink {
        match ink {
            Ink::Exact(_) => ink,
            _ if self.by_day => ink.of(&DAY).into(),
            _ => ink,
        }
    }

    /// Returns the attributes that give an area its colour.
    pub fn fill(&mut self, ink: Ink) -> String {
        let ink = self.here(ink);
        match ink {
            Ink::Exact([.., 255]) => format!(" fill=\"{}\"", ink.name()),
            Ink::Exact([.., alpha]) => {
                format!(" fill=\"{}\" fill-opacity=\"{:.2}\"", ink.name(), f64::from(alpha) / 255.0)
            }
            _ => {
                self.fills.insert(ink);
                format!(" class=\"{}\"", fill_class(ink))
            }
        }
    }

    /// Returns the attributes that give a line its colour.
    pub fn stroke(&mut self, ink: Ink) -> String {
        let ink = self.here(ink);
        match ink {
            Ink::Exact([.., 255]) => format!(" stroke=\"{}\"", ink.name()),
            Ink::Exact([.., alpha]) => {
                format!(" stroke=\"{}\" stroke-opacity=\"{:.2}\"", ink.name(), f64::from(alpha) / 255.0)
            }
            _ => {
                self.strokes.insert(ink);
                format!(" class=\"s-{}\"", ink.name())
            }
        }
    }

    /// Returns the attributes that give an area and the line around it their colours.
    pub fn both(&mut self, fill: Option<Ink>, stroke: Option<Ink>) -> String {
        let fill = fill.map_or_else(|| " fill=\"none\"".to_owned(), |ink| self.fill(ink));
        let stroke = stroke.map_or_else(String::new, |ink| self.stroke(ink));
        match (fill.strip_prefix(" class=\""), stroke.strip_prefix(" class=\"")) {
            (Some(one), Some(other)) => format!(" class=\"{} {other}", one.trim_end_matches('"')),
            _ => fill + &stroke,
        }
    }
}

/// Returns the class of areas of a colour.
pub fn fill_class(ink: Ink) -> String {
    format!("f-{}", ink.name())
}

/// Returns the `style` element.
pub fn style_sheet(used: &Used, theme: Theme) -> String {
    const FONTS: &str = "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"Noto Sans\",\
        \"PingFang SC\",\"Hiragino Sans GB\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",\"Noto Sans SC\",\
        \"WenQuanYi Micro Hei\",Arial,sans-serif";
    let mut out = format!(
        "<style>.lyceum-figure{{max-width:100%;height:auto}}.lyceum-figure text{{font-family:{FONTS};\
         font-variant-numeric:tabular-nums}}\n"
    );
    let (light, dark) = (rules(used, &DAY), rules(used, &NIGHT));
    match theme {
        Theme::Light => out += &light,
        Theme::Dark => out += &dark,
        Theme::Both => {
            let _ = write!(out, "{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n");
        }
    }
    out += "</style>\n";
    out
}

fn rules(used: &Used, ground: &Ground) -> String {
    let mut out = String::new();
    for ink in &used.fills {
        let _ = writeln!(out, ".lyceum-figure .{}{{fill:{}}}", fill_class(*ink), ink.on(ground));
    }
    for ink in &used.strokes {
        let _ = writeln!(out, ".lyceum-figure .s-{}{{stroke:{}}}", ink.name(), ink.on(ground));
    }
    out
}
