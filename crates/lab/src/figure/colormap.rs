//! Colour maps: colours for the numbers from 0 to 1.
//!
//! Each is given by a few colours that are mixed in between. Those of one hue and those of two are
//! after ColorBrewer's; viridis and its kin are in the public domain.

/// The colour map that a program gets without asking for one.
pub const DEFAULT: &str = "viridis";

/// Every map by its name. `NAME_r` is the same backwards.
const MAPS: &[(&str, &[u32])] = &[
    ("viridis", &[0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725]),
    ("plasma", &[0x0d0887, 0x4c02a1, 0x7e03a8, 0xaa2395, 0xcc4778, 0xe66c5c, 0xf89540, 0xfdc527, 0xf0f921]),
    ("inferno", &[0x000004, 0x210c4a, 0x57106e, 0x8a226a, 0xbc3754, 0xe45a31, 0xf98e09, 0xf9cb35, 0xfcffa4]),
    ("magma", &[0x000004, 0x1d1147, 0x51127c, 0x832681, 0xb73779, 0xe75263, 0xfc8961, 0xfec488, 0xfcfdbf]),
    ("cividis", &[0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xfee838]),
    ("gray", &[0x000000, 0xffffff]),
    ("grey", &[0x000000, 0xffffff]),
    ("binary", &[0xffffff, 0x000000]),
    ("bone", &[0x000000, 0x38384e, 0x707b8c, 0xa9bfc5, 0xffffff]),
    ("hot", &[0x0b0000, 0x900000, 0xff1a00, 0xff9d00, 0xffff20, 0xffffff]),
    ("cool", &[0x00ffff, 0xff00ff]),
    ("spring", &[0xff00ff, 0xffff00]),
    ("summer", &[0x008066, 0xffff66]),
    ("autumn", &[0xff0000, 0xffff00]),
    ("winter", &[0x0000ff, 0x00ff80]),
    ("Greys", &[0xffffff, 0xf0f0f0, 0xd9d9d9, 0xbdbdbd, 0x969696, 0x737373, 0x525252, 0x252525, 0x000000]),
    ("Blues", &[0xf7fbff, 0xdeebf7, 0xc6dbef, 0x9ecae1, 0x6baed6, 0x4292c6, 0x2171b5, 0x08519c, 0x08306b]),
    ("Greens", &[0xf7fcf5, 0xe5f5e0, 0xc7e9c0, 0xa1d99b, 0x74c476, 0x41ab5d, 0x238b45, 0x006d2c, 0x00441b]),
    ("Reds", &[0xfff5f0, 0xfee0d2, 0xfcbba1, 0xfc9272, 0xfb6a4a, 0xef3b2c, 0xcb181d, 0xa50f15, 0x67000d]),
    ("Oranges", &[0xfff5eb, 0xfee6ce, 0xfdd0a2, 0xfdae6b, 0xfd8d3c, 0xf16913, 0xd94801, 0xa63603, 0x7f2704]),
    ("Purples", &[0xfcfbfd, 0xefedf5, 0xdadaeb, 0xbcbddc, 0x9e9ac8, 0x807dba, 0x6a51a3, 0x54278f, 0x3f007d]),
    ("YlGnBu", &[0xffffd9, 0xedf8b1, 0xc7e9b4, 0x7fcdbb, 0x41b6c4, 0x1d91c0, 0x225ea8, 0x253494, 0x081d58]),
    ("YlOrRd", &[0xffffcc, 0xffeda0, 0xfed976, 0xfeb24c, 0xfd8d3c, 0xfc4e2a, 0xe31a1c, 0xbd0026, 0x800026]),
    ("coolwarm", &[0x3b4cc0, 0x6788ee, 0x9abbff, 0xc9d7f0, 0xdddddd, 0xedd1c2, 0xf7a889, 0xe26952, 0xb40426]),
    ("bwr", &[0x0000ff, 0xffffff, 0xff0000]),
    ("seismic", &[0x00004d, 0x0000ff, 0xffffff, 0xff0000, 0x800000]),
    (
        "RdBu",
        &[0x67001f, 0xb2182b, 0xd6604d, 0xf4a582, 0xfddbc7, 0xf7f7f7, 0xd1e5f0, 0x92c5de, 0x4393c3, 0x2166ac, 0x053061],
    ),
    (
        "RdYlBu",
        &[0xa50026, 0xd73027, 0xf46d43, 0xfdae61, 0xfee090, 0xffffbf, 0xe0f3f8, 0xabd9e9, 0x74add1, 0x4575b4, 0x313695],
    ),
    (
        "RdYlGn",
        &[0xa50026, 0xd73027, 0xf46d43, 0xfdae61, 0xfee08b, 0xffffbf, 0xd9ef8b, 0xa6d96a, 0x66bd63, 0x1a9850, 0x006837],
    ),
    (
        "PiYG",
        &[0x8e0152, 0xc51b7d, 0xde77ae, 0xf1b6da, 0xfde0ef, 0xf7f7f7, 0xe6f5d0, 0xb8e186, 0x7fbc41, 0x4d9221, 0x276419],
    ),
    (
        "Spectral",
        &[0x9e0142, 0xd53e4f, 0xf46d43, 0xfdae61, 0xfee08b, 0xffffbf, 0xe6f598, 0xabdda4, 0x66c2a5, 0x3288bd, 0x5e4fa2],
    ),
    ("jet", &[0x000080, 0x0000ff, 0x0080ff, 0x00ffff, 0x80ff80, 0xffff00, 0xff8000, 0xff0000, 0x800000]),
    ("turbo", &[0x30123b, 0x4662d8, 0x36aaf9, 0x1ae4b6, 0x72fe5e, 0xc8ef34, 0xfaba39, 0xf66b19, 0xcb2a04, 0x7a0403]),
    ("hsv", &[0xff0000, 0xffff00, 0x00ff00, 0x00ffff, 0x0000ff, 0xff00ff, 0xff0000]),
];

/// Maps that are not mixed: each part of the way has one colour.
const LISTS: &[(&str, &[u32])] = &[
    ("tab10", &[0x0072b2, 0xe69100, 0x00966e, 0xcc4c1b, 0x8a5fb8, 0x8c5a3c, 0xd173a8, 0x7a8087, 0xa3971a, 0x3fa9d6]),
    ("Set1", &[0xe41a1c, 0x377eb8, 0x4daf4a, 0x984ea3, 0xff7f00, 0xffff33, 0xa65628, 0xf781bf, 0x999999]),
    ("Set2", &[0x66c2a5, 0xfc8d62, 0x8da0cb, 0xe78ac3, 0xa6d854, 0xffd92f, 0xe5c494, 0xb3b3b3]),
    (
        "Paired",
        &[
            0xa6cee3, 0x1f78b4, 0xb2df8a, 0x33a02c, 0xfb9a99, 0xe31a1c, 0xfdbf6f, 0xff7f00, 0xcab2d6, 0x6a3d9a,
            0xffff99, 0xb15928,
        ],
    ),
];

/// A colour map.
#[derive(Clone, Copy, Debug)]
pub struct Colormap {
    colors: &'static [u32],
    reversed: bool,
    mixed: bool,
}

impl Colormap {
    /// Finds a map by its name.
    pub fn named(name: &str) -> Option<Self> {
        let (plain, reversed) = match name.strip_suffix("_r") {
            Some(plain) => (plain, true),
            None => (name, false),
        };
        let find = |maps: &'static [(&'static str, &'static [u32])]| {
            maps.iter().find(|(name, _)| *name == plain).map(|(_, colors)| *colors)
        };
        match (find(MAPS), find(LISTS)) {
            (Some(colors), _) => Some(Self { colors, reversed, mixed: true }),
            (None, Some(colors)) => Some(Self { colors, reversed, mixed: false }),
            (None, None) => None,
        }
    }

    /// Finds a map by its name; an unknown one is the default.
    pub fn of(name: &str) -> Self {
        Self::named(name).unwrap_or(Self { colors: MAPS[0].1, reversed: false, mixed: true })
    }

    /// Returns the names of the maps, without the reversed ones.
    pub fn names() -> impl Iterator<Item = &'static str> {
        MAPS.iter().chain(LISTS).map(|(name, _)| *name)
    }

    /// Returns the number of colours of a map that is not mixed.
    pub fn count(&self) -> Option<usize> {
        (!self.mixed).then_some(self.colors.len())
    }

    /// Returns the colour at a place from 0 to 1.
    pub fn at(&self, place: f64) -> [u8; 3] {
        let place = if place.is_nan() { 0.0 } else { place.clamp(0.0, 1.0) };
        let place = if self.reversed { 1.0 - place } else { place };
        let last = self.colors.len() - 1;
        if !self.mixed {
            let index = (place * self.colors.len() as f64) as usize;
            return rgb(self.colors[index.min(last)]);
        }
        let along = place * last as f64;
        let index = (along as usize).min(last.saturating_sub(1));
        let (from, to) = (rgb(self.colors[index]), rgb(self.colors[(index + 1).min(last)]));
        let part = along - index as f64;
        std::array::from_fn(|i| (f64::from(from[i]) + (f64::from(to[i]) - f64::from(from[i])) * part).round() as u8)
    }
}

fn rgb(color: u32) -> [u8; 3] {
    let [_, red, green, blue] = color.to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_begins_and_ends_with_its_colours_and_knows_its_reverse() {
        for name in Colormap::names() {
            let (map, back) = (Colormap::named(name).unwrap(), Colormap::named(&format!("{name}_r")).unwrap());
            assert_eq!(map.at(0.0), rgb(map.colors[0]));
            assert_eq!(map.at(1.0), rgb(map.colors[map.colors.len() - 1]));
            assert_eq!(map.at(1.0), back.at(0.0), "{name}");
        }
        assert!(Colormap::named("nosuch").is_none());
        assert_eq!(Colormap::of("nosuch").at(f64::NAN), [0x44, 0x01, 0x54]);
    }

    #[test]
    fn colours_between_two_are_mixed() {
        assert_eq!(Colormap::of("gray").at(0.5), [128, 128, 128]);
    }

    #[test]
    fn the_list_of_ten_is_the_palette() {
        let list: Vec<[u8; 3]> = (0..10).map(|i| Colormap::of("tab10").at((f64::from(i) + 0.5) / 10.0)).collect();
        assert_eq!(list, super::super::color::LIGHT);
    }
}
