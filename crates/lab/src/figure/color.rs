//! Colours: the palette of the series, the colours of ink and paper, and any other.
//!
//! The palette has the hues that programs expect of `C0` to `C9` (blue, orange, green, red, ...), so
//! that a text which speaks of the orange line stays right. They are chosen, after Okabe and Ito's
//! palette, so that they can be told apart without seeing red or green: neighbours differ in
//! lightness. Each has a second form for a dark ground.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Color {
    /// The colour of a series, `C0` to `C9`.
    Series(u8),
    /// What text is written in: dark by day, light by night.
    Ink,
    /// What text is written on.
    Paper,
    /// Between the two.
    Muted,
    /// Red, green, blue and opacity; the same by day and by night.
    Exact([u8; 4]),
}

impl Default for Color {
    fn default() -> Self {
        Color::Series(0)
    }
}

/// The colours of the series on a light ground.
pub const LIGHT: [[u8; 3]; 10] = [
    [0x00, 0x72, 0xB2],
    [0xE6, 0x91, 0x00],
    [0x00, 0x96, 0x6E],
    [0xCC, 0x4C, 0x1B],
    [0x8A, 0x5F, 0xB8],
    [0x8C, 0x5A, 0x3C],
    [0xD1, 0x73, 0xA8],
    [0x7A, 0x80, 0x87],
    [0xA3, 0x97, 0x1A],
    [0x3F, 0xA9, 0xD6],
];

/// The colours of the series on a dark ground.
pub const DARK: [[u8; 3]; 10] = [
    [0x4F, 0xA8, 0xE0],
    [0xF2, 0xAE, 0x3D],
    [0x34, 0xC7, 0x9B],
    [0xF0, 0x7F, 0x55],
    [0xB4, 0x94, 0xE0],
    [0xBF, 0x91, 0x74],
    [0xEA, 0x9B, 0xC6],
    [0xA0, 0xA7, 0xAF],
    [0xCF, 0xC4, 0x4E],
    [0x7C, 0xCF, 0xF2],
];

impl Color {
    /// Reads a colour as it is written: `C3`, `ink`, `paper`, `muted`, `#rrggbb` or `#rrggbbaa`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "ink" => return Some(Color::Ink),
            "paper" => return Some(Color::Paper),
            "muted" => return Some(Color::Muted),
            _ => {}
        }
        let digits = match (text.strip_prefix('C'), text.strip_prefix('#')) {
            (Some(number), _) => return number.parse::<u8>().ok().filter(|n| *n < 10).map(Color::Series),
            (None, Some(digits)) => digits,
            (None, None) => return None,
        };
        if !matches!(digits.len(), 6 | 8) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut parts = [0, 0, 0, 255];
        for (part, at) in parts.iter_mut().zip((0..digits.len()).step_by(2)) {
            *part = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
        }
        Some(Color::Exact(parts))
    }

    /// Writes the colour as [`Color::parse`] reads it.
    pub fn text(self) -> String {
        match self {
            Color::Series(number) => format!("C{number}"),
            Color::Ink => "ink".into(),
            Color::Paper => "paper".into(),
            Color::Muted => "muted".into(),
            Color::Exact([red, green, blue, 255]) => format!("#{red:02x}{green:02x}{blue:02x}"),
            Color::Exact([red, green, blue, alpha]) => format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}"),
        }
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Color::parse(&text).ok_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            D::Error::custom(format!("expected C0 to C9, ink, paper, muted, #rrggbb or #rrggbbaa, found {shown:?}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_as_it_is_written() {
        for text in ["C0", "C9", "ink", "paper", "muted", "#00ff7f", "#00ff7f80"] {
            assert_eq!(Color::parse(text).unwrap().text(), text);
        }
        for text in ["", "C", "C10", "C-1", "#", "#12", "#12345g", "#é2345", "red", "#1234567"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    /// The relative luminance of WCAG 2.
    fn luminance([red, green, blue]: [u8; 3]) -> f64 {
        let part = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
    }

    #[test]
    fn every_series_stands_out_from_its_ground() {
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        for color in LIGHT {
            assert!(contrast(luminance(color), 1.0) >= 2.4, "{color:?}");
        }
        for color in DARK {
            assert!(contrast(luminance(color), luminance([0x14, 0x17, 0x1c])) >= 4.5, "{color:?}");
        }
    }
}
