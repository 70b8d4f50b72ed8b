//! A figure as plain data: axes, and the marks in them.
//!
//! A program describes its figures and never draws what is shown of them: the description travels as
//! an event and is drawn where it arrives, by [`svg::draw`]. It comes from a learner's process, so
//! nothing in it is believed. Every list is bounded while it is read, and no number and no text that
//! it may hold makes a reader or the drawing panic or grow without bound.
//!
//! - [`color`], [`colormap`]: what colours there are, by day and by night
//! - [`numbers`], [`bounded`]: lists that are bounded while they are read
//! - [`limits`]: which part of the numbers' plane the axes show
//! - [`thin`](mod@thin): makes a description small enough to be sent
//! - [`svg`] draws a figure

pub mod bounded;
pub mod color;
pub mod colormap;
pub mod limits;
pub mod numbers;
pub mod svg;
pub mod thin;

use serde::{Deserialize, Serialize};

pub use bounded::Bounded;
pub use color::Color;
pub use numbers::Numbers;

/// The most axes in a figure.
pub const MOST_AXES: usize = 144;
/// The most marks in one pair of axes.
pub const MOST_MARKS: usize = 2_000;
/// The most ticks that a program may place on an axis.
pub const MOST_TICKS: usize = 400;

/// One figure.
///
/// ```
/// use lyceum_lab::figure::{Figure, svg};
///
/// let figure: Figure = serde_json::from_str(
///     r#"{"axes":[{"title":"a line","marks":[{"mark":"line","x":[0,1],"y":[1,2]}]}]}"#,
/// )?;
/// assert!(svg::draw(&figure, &svg::Options::default()).starts_with("<svg "));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figure {
    /// Its width in pixels.
    #[serde(with = "crate::number")]
    pub width: f64,
    /// Its height in pixels.
    #[serde(with = "crate::number")]
    pub height: f64,
    /// The title over all axes.
    pub title: String,
    /// Its axes, in the order in which they were made.
    pub axes: Bounded<Axes, MOST_AXES>,
}

impl Default for Figure {
    fn default() -> Self {
        Self { width: 640.0, height: 480.0, title: String::new(), axes: Bounded::default() }
    }
}

impl Figure {
    /// Returns the length of its wire form in bytes: how much of an untrusted figure there is to keep.
    pub fn description_bytes(&self) -> usize {
        struct Counter(usize);
        impl std::io::Write for Counter {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0 += bytes.len();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut counter = Counter(0);
        match serde_json::to_writer(&mut counter, self) {
            Ok(()) => counter.0,
            Err(_) => usize::MAX,
        }
    }

    /// Returns what the figure is called: its title, or that of its first axes that have one.
    pub fn name(&self) -> &str {
        let titles = self.axes.iter().map(|axes| axes.title.as_str());
        std::iter::once(self.title.as_str()).chain(titles).find(|title| !title.trim().is_empty()).unwrap_or_default()
    }
}

/// A pair of axes, and what is drawn in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Axes {
    /// The part of the figure that they take.
    pub cell: Cell,
    /// The title over them.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// How a unit of one axis compares with a unit of the other.
    pub aspect: Aspect,
    /// Whether only the marks are drawn: no frame, no ticks, no labels.
    pub bare: bool,
    /// Whether they lie over other axes of the same cell, with a vertical axis of their own at the right.
    pub over: bool,
    /// The legend, where there is one.
    pub legend: Option<Legend>,
    /// The scale of colours beside the axes, where there is one.
    pub colorbar: Option<Colorbar>,
    /// What is drawn, in order.
    pub marks: Bounded<Mark, MOST_MARKS>,
}

/// A part of a grid that divides the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cell {
    /// Rows of the grid.
    pub rows: u16,
    /// Columns of the grid.
    pub columns: u16,
    /// The first row of the cell, counted from 0 at the top.
    pub row: u16,
    /// The first column of the cell.
    pub column: u16,
    /// How many rows it spans.
    pub row_span: u16,
    /// How many columns it spans.
    pub column_span: u16,
}

impl Default for Cell {
    fn default() -> Self {
        Self { rows: 1, columns: 1, row: 0, column: 0, row_span: 1, column_span: 1 }
    }
}

/// One of the two axes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Axis {
    /// What is measured along it.
    pub label: String,
    /// How numbers become places.
    pub scale: Scale,
    /// The value at its start, where the program chose one.
    #[serde(with = "numbers::optional", skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The value at its end, where the program chose one. Below `low` the axis is reversed.
    #[serde(with = "numbers::optional", skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Whether it runs backwards without chosen ends.
    pub reversed: bool,
    /// The ticks that the program chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticks: Option<Bounded<Tick, MOST_TICKS>>,
    /// Whether only whole numbers have ticks.
    pub whole: bool,
    /// Whether ticks have lines across the axes.
    pub grid: bool,
    /// Whether the numbers at the ticks are shown.
    pub tick_labels: bool,
    /// By how many degrees the numbers at the ticks are turned.
    #[serde(with = "crate::number")]
    pub tick_rotation: f64,
}

impl Default for Axis {
    fn default() -> Self {
        Self {
            label: String::new(),
            scale: Scale::Linear,
            low: None,
            high: None,
            reversed: false,
            ticks: None,
            whole: false,
            grid: false,
            tick_labels: true,
            tick_rotation: 0.0,
        }
    }
}

/// A tick that the program chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tick {
    /// Where it is.
    #[serde(with = "crate::number")]
    pub at: f64,
    /// What stands beside it; the number itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// How numbers become places on an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal differences have equal lengths.
    #[default]
    Linear,
    /// Equal ratios have equal lengths; numbers that are not positive have no place.
    Log,
}

/// How a unit of one axis compares with a unit of the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Each axis fills the space it has.
    #[default]
    Auto,
    /// Both units have the same length, and the axes shrink for it.
    Equal,
    /// Both units have the same length, and the axes show more for it.
    EqualWider,
}

/// Where the legend is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Legend {
    /// The place.
    pub place: Place,
    /// The title over it.
    pub title: String,
    /// Into how many columns it is set.
    pub columns: u8,
}

/// A place within the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it all")]
pub enum Place {
    /// Wherever it covers least.
    #[default]
    Best,
    UpperRight,
    UpperLeft,
    LowerLeft,
    LowerRight,
    CenterLeft,
    CenterRight,
    LowerCenter,
    UpperCenter,
    Center,
    /// To the right of the axes.
    Outside,
}

/// A scale of colours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Colorbar {
    /// The colours and the numbers at their ends.
    #[serde(flatten)]
    pub shades: Shades,
    /// What the colours measure.
    pub label: String,
    /// The borders of bands of one colour; without them the colours are continuous.
    #[serde(skip_serializing_if = "Numbers::is_empty")]
    pub levels: Numbers,
    /// The ticks that the program chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticks: Option<Bounded<Tick, MOST_TICKS>>,
}

/// Colours for numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shades {
    /// The name of the colour map; an unknown one is viridis.
    pub cmap: String,
    /// The number that has the first colour.
    #[serde(with = "crate::number")]
    pub low: f64,
    /// The number that has the last colour.
    #[serde(with = "crate::number")]
    pub high: f64,
    /// Whether the colours follow the logarithm of the numbers.
    pub log: bool,
}

impl Default for Shades {
    fn default() -> Self {
        Self { cmap: "viridis".into(), low: 0.0, high: 1.0, log: false }
    }
}

impl Shades {
    /// Returns how far along the colours a number is, from 0 to 1; NaN has no place.
    pub fn place(&self, value: f64) -> Option<f64> {
        limits::fraction(value, self.low, self.high, if self.log { Scale::Log } else { Scale::Linear })
            .map(|place| place.clamp(0.0, 1.0))
            .or((value.is_finite() && !(self.log && value <= 0.0)).then_some(0.5))
    }
}

/// A line: of a curve, of an edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stroke {
    /// Its colour.
    pub color: Color,
    /// Its width in points; 0 draws none.
    #[serde(with = "crate::number")]
    pub width: f64,
    /// How it is broken.
    pub dash: Dash,
}

impl Default for Stroke {
    fn default() -> Self {
        Self { color: Color::default(), width: 1.5, dash: Dash::Solid }
    }
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it all")]
pub enum Dash {
    #[default]
    Solid,
    Dashed,
    Dotted,
    Dashdot,
}

/// The form of a marker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it all")]
pub enum Shape {
    #[default]
    Circle,
    Point,
    Pixel,
    Square,
    Diamond,
    ThinDiamond,
    TriangleUp,
    TriangleDown,
    TriangleLeft,
    TriangleRight,
    Plus,
    Cross,
    FilledPlus,
    FilledCross,
    Star,
    Pentagon,
    Hexagon,
    Octagon,
    VerticalLine,
    HorizontalLine,
}

/// A sign that is drawn at points of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marker {
    /// Its form.
    pub shape: Shape,
    /// Its diameter in points.
    #[serde(with = "crate::number")]
    pub size: f64,
    /// Its colour; none for a hollow one.
    pub fill: Option<Color>,
    /// The line around it.
    pub edge: Option<Stroke>,
    /// At every how many points it is drawn.
    pub every: u32,
}

impl Default for Marker {
    fn default() -> Self {
        Self { shape: Shape::Circle, size: 6.0, fill: Some(Color::default()), edge: None, every: 1 }
    }
}

/// The colours of many things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paint {
    /// All have this one; none are hollow.
    One(Option<Color>),
    /// Each has its own, and they begin anew when there are too few.
    Each(Bounded<Color, { numbers::MOST }>),
    /// Each has the colour of a number.
    Shaded {
        /// The numbers.
        values: Numbers,
        /// The colours.
        #[serde(flatten)]
        shades: Shades,
    },
}

impl Default for Paint {
    fn default() -> Self {
        Paint::One(Some(Color::default()))
    }
}

/// Something that is drawn within axes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Mark {
    /// A curve through points.
    Line {
        /// Where its points are.
        x: Numbers,
        /// Where its points are.
        y: Numbers,
        /// The line; none where there are only markers.
        #[serde(default)]
        stroke: Option<Stroke>,
        /// The sign at its points.
        #[serde(default)]
        marker: Option<Marker>,
        /// How it goes from point to point.
        #[serde(default)]
        steps: Steps,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// What the legend calls it.
        #[serde(default)]
        label: String,
    },
    /// Points, each with a size and colour of its own.
    Points {
        /// Where they are.
        x: Numbers,
        /// Where they are.
        y: Numbers,
        /// Their areas in square points; they begin anew when there are too few.
        sizes: Numbers,
        /// Their colours.
        #[serde(default)]
        paint: Paint,
        /// Their form.
        #[serde(default)]
        shape: Shape,
        /// The line around them.
        #[serde(default)]
        edge: Option<Stroke>,
        /// How opaque they are.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// What the legend calls them.
        #[serde(default)]
        label: String,
        /// How many there were before they were thinned out; 0 when none is missing.
        #[serde(default)]
        of: u64,
    },
    /// Rectangles: of a bar chart, of a histogram.
    Bars {
        /// Their left sides.
        left: Numbers,
        /// Their right sides.
        right: Numbers,
        /// Their lower sides.
        bottom: Numbers,
        /// Their upper sides.
        top: Numbers,
        /// Their colours.
        #[serde(default)]
        paint: Paint,
        /// The lines around them.
        #[serde(default)]
        edge: Option<Stroke>,
        /// How opaque they are.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// Whether they lie instead of standing.
        #[serde(default)]
        lying: bool,
        /// What the legend calls them.
        #[serde(default)]
        label: String,
    },
    /// The area between two curves.
    Area {
        /// Where the curves' points are along the horizontal axis.
        x: Numbers,
        /// The one curve.
        low: Numbers,
        /// The other curve.
        high: Numbers,
        /// Its colour.
        #[serde(default)]
        color: Color,
        /// The line around it.
        #[serde(default)]
        edge: Option<Stroke>,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// Whether x and y change places.
        #[serde(default)]
        lying: bool,
        /// How the curves go from point to point.
        #[serde(default)]
        steps: Steps,
        /// What the legend calls it.
        #[serde(default)]
        label: String,
    },
    /// A closed outline.
    Polygon {
        /// Where its corners are.
        x: Numbers,
        /// Where its corners are.
        y: Numbers,
        /// Its colour.
        #[serde(default)]
        fill: Option<Color>,
        /// The line around it.
        #[serde(default)]
        edge: Option<Stroke>,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// What the legend calls it.
        #[serde(default)]
        label: String,
    },
    /// A picture of rows and columns.
    Image {
        /// How many rows it has.
        rows: u32,
        /// How many columns it has.
        columns: u32,
        /// What its bytes mean.
        pixels: Pixels,
        /// The bytes in base64, the row at the top first.
        bytes: String,
        /// Its left, right, lower and upper side.
        extent: [numbers::Number; 4],
        /// Whether pixels flow into each other.
        #[serde(default)]
        smooth: bool,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
    },
    /// Lines of equal height of a grid of numbers, or the bands between them.
    Contour {
        /// Where the columns are, in ascending order.
        x: Numbers,
        /// Where the rows are, in ascending order.
        y: Numbers,
        /// The numbers, row by row.
        z: Numbers,
        /// The heights, in ascending order.
        levels: Numbers,
        /// Whether the bands between the heights are filled.
        #[serde(default)]
        filled: bool,
        /// Whether what lies below the first height is filled too.
        #[serde(default)]
        below: bool,
        /// Whether what lies above the last height is filled too.
        #[serde(default)]
        above: bool,
        /// The colours of the lines or bands.
        #[serde(default)]
        paint: Paint,
        /// The width of lines in points.
        #[serde(default = "one_point_five", with = "crate::number")]
        width: f64,
        /// How lines are broken; absent, those below zero are when all have one colour.
        #[serde(default)]
        dash: Option<Dash>,
        /// Whether the heights are written on the lines.
        #[serde(default)]
        labels: bool,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
    },
    /// A line straight across the axes.
    Rule {
        /// Where it is.
        #[serde(with = "crate::number")]
        at: f64,
        /// Whether it is vertical.
        #[serde(default)]
        vertical: bool,
        /// Where it starts and ends, as parts of the axes' length.
        #[serde(default = "whole")]
        span: [numbers::Number; 2],
        /// The line.
        #[serde(default)]
        stroke: Stroke,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// What the legend calls it.
        #[serde(default)]
        label: String,
    },
    /// A straight line without end through a point.
    Slope {
        /// A point on it.
        x: numbers::Number,
        /// A point on it.
        y: numbers::Number,
        /// How much it rises a unit.
        slope: numbers::Number,
        /// The line.
        #[serde(default)]
        stroke: Stroke,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// What the legend calls it.
        #[serde(default)]
        label: String,
    },
    /// A band straight across the axes.
    Band {
        /// Where it starts.
        #[serde(with = "crate::number")]
        low: f64,
        /// Where it ends.
        #[serde(with = "crate::number")]
        high: f64,
        /// Whether it is vertical.
        #[serde(default)]
        vertical: bool,
        /// Its colour.
        #[serde(default)]
        color: Color,
        /// How opaque it is.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// What the legend calls it.
        #[serde(default)]
        label: String,
    },
    /// Straight lines from point to point: of error bars, of stems.
    Segments {
        /// Where they start.
        x0: Numbers,
        /// Where they start.
        y0: Numbers,
        /// Where they end.
        x1: Numbers,
        /// Where they end.
        y1: Numbers,
        /// The lines.
        #[serde(default)]
        stroke: Stroke,
        /// The length of the bars across their ends, in points.
        #[serde(default, with = "crate::number")]
        caps: f64,
        /// Whether they end in an arrow.
        #[serde(default)]
        arrows: bool,
        /// How opaque they are.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
        /// What the legend calls them.
        #[serde(default)]
        label: String,
    },
    /// Words, and perhaps an arrow from them.
    Text {
        /// Where they are.
        #[serde(with = "crate::number")]
        x: f64,
        /// Where they are.
        #[serde(with = "crate::number")]
        y: f64,
        /// The words; a line break makes a new line.
        text: String,
        /// By how many points they are off that place.
        #[serde(default = "nowhere")]
        offset: [numbers::Number; 2],
        /// Whether the place is given in parts of the axes instead of numbers.
        #[serde(default)]
        of_axes: bool,
        /// Which side of them the place is.
        #[serde(default)]
        across: Across,
        /// Which side of them the place is.
        #[serde(default)]
        upright: Upright,
        /// Their size in points.
        #[serde(default = "ten_points", with = "crate::number")]
        size: f64,
        /// Whether they are bold.
        #[serde(default)]
        bold: bool,
        /// Whether they are slanted.
        #[serde(default)]
        italic: bool,
        /// By how many degrees they are turned, against the clock.
        #[serde(default, with = "crate::number")]
        rotation: f64,
        /// Their colour.
        #[serde(default = "ink")]
        color: Color,
        /// The ground that they stand on.
        #[serde(default)]
        ground: Option<Color>,
        /// What the arrow points at, as numbers on the axes.
        #[serde(default)]
        arrow_to: Option<[numbers::Number; 2]>,
        /// The arrow's line.
        #[serde(default)]
        arrow: Option<Stroke>,
        /// Whether the arrow has a head.
        #[serde(default)]
        arrow_head: bool,
        /// How opaque they are.
        #[serde(default = "opaque", with = "crate::number")]
        alpha: f64,
    },
}

/// How a curve goes from point to point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are those of matplotlib")]
pub enum Steps {
    #[default]
    None,
    Pre,
    Post,
    Mid,
}

/// What the bytes of an image mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pixels {
    /// A byte a pixel, along a colour map from 0 to 254; 255 is no colour.
    Shaded {
        /// The colour map.
        cmap: String,
    },
    /// Three bytes a pixel: red, green, blue.
    Rgb,
    /// Four bytes a pixel: red, green, blue, opacity.
    Rgba,
}

/// Which side of words their place is, along the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it all")]
pub enum Across {
    #[default]
    Left,
    Center,
    Right,
}

/// Which side of words their place is, across the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it all")]
pub enum Upright {
    #[default]
    Baseline,
    Bottom,
    Center,
    Top,
}

fn opaque() -> f64 {
    1.0
}

fn one_point_five() -> f64 {
    1.5
}

fn ten_points() -> f64 {
    10.0
}

fn whole() -> [numbers::Number; 2] {
    [numbers::Number(0.0), numbers::Number(1.0)]
}

fn nowhere() -> [numbers::Number; 2] {
    [numbers::Number(0.0); 2]
}

fn ink() -> Color {
    Color::Ink
}
