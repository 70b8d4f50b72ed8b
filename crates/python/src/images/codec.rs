//! PNG and JPEG files as pixels, and pixels as files.

use std::io::Cursor;

use png::{BitDepth, ColorType, Transformations};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::Pixels;

/// The longest side of a picture.
pub(super) const MOST_ON_A_SIDE: usize = 20_000;

/// The most pixels of a picture. One of four channels then takes 160 MB.
pub(super) const MOST_PIXELS: usize = 40_000_000;

/// A file's content.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) format: &'static str,
    pub(super) bits: u8,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
    pub(super) samples: Samples,
}

/// The numbers of a picture, pixel by pixel.
#[derive(Debug, PartialEq)]
pub(super) enum Samples {
    /// From 0 to 255.
    Byte(Vec<u8>),
    /// From 0 to 65535, in grey pictures alone.
    Deep(Vec<i32>),
}

/// What is wrong with a picture or its file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("cannot identify image file: it is neither PNG nor JPEG")]
    Unknown,
    #[error("broken {format} file: {cause}")]
    Broken { format: &'static str, cause: String },
    #[error(
        "the picture is too large: {width} x {height} pixels, of which {MOST_PIXELS} in all and {MOST_ON_A_SIDE} on a \
         side are allowed"
    )]
    TooLarge { width: usize, height: usize },
    #[error("a picture without pixels cannot be written: {width} x {height}")]
    Empty { width: usize, height: usize },
    #[error("{format} has no pictures of {channels} channels")]
    Channels { format: &'static str, channels: usize },
    #[error("{format} cannot hold this picture: {cause}")]
    Refused { format: &'static str, cause: String },
}

pub(super) fn decode(file: &[u8]) -> Result<Decoded, Error> {
    if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        decode_png(file)
    } else if file.starts_with(b"\xff\xd8\xff") {
        decode_jpeg(file)
    } else {
        Err(Error::Unknown)
    }
}

/// Refuses sizes that nobody has memory for.
pub(super) fn check_size(height: usize, width: usize) -> Result<(), Error> {
    let fits = height <= MOST_ON_A_SIDE && width <= MOST_ON_A_SIDE && height * width <= MOST_PIXELS;
    if fits { Ok(()) } else { Err(Error::TooLarge { width, height }) }
}

fn decode_png(file: &[u8]) -> Result<Decoded, Error> {
    let broken = |cause: png::DecodingError| Error::Broken { format: "PNG", cause: cause.to_string() };
    // What the decoder takes beside the pixels: a row or two, colours, texts.
    let limits = png::Limits { bytes: 16 << 20 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    let header = decoder.read_header_info().map_err(broken)?;
    check_size(header.height as usize, header.width as usize)?;
    let (color, depth) = (header.color_type, header.bit_depth);
    let is_deep = color == ColorType::Grayscale && depth == BitDepth::Sixteen;
    decoder.set_transformations(if is_deep {
        Transformations::IDENTITY
    } else {
        Transformations::normalize_to_color8()
    });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(broken)?;
    let size = reader
        .output_buffer_size()
        .filter(|size| *size <= 4 * MOST_PIXELS)
        .ok_or_else(|| Error::Broken { format: "PNG", cause: "its size cannot be told".to_owned() })?;
    let mut bytes = vec![0; size];
    let frame = reader.next_frame(&mut bytes).map_err(broken)?;
    bytes.truncate(frame.buffer_size());
    // What follows the pixels has a checksum too; a file cut after them is whole enough for everybody.
    let (height, width) = (frame.height as usize, frame.width as usize);
    let channels = frame.color_type.samples();
    let samples = if is_deep {
        Samples::Deep(bytes.chunks_exact(2).map(|pair| i32::from(u16::from_be_bytes([pair[0], pair[1]]))).collect())
    } else {
        Samples::Byte(bytes)
    };
    Ok(Decoded { format: "PNG", bits: depth as u8, height, width, channels, samples })
}

fn decode_jpeg(file: &[u8]) -> Result<Decoded, Error> {
    let broken = |cause: String| Error::Broken { format: "JPEG", cause };
    let options = DecoderOptions::new_safe()
        .set_max_width(MOST_ON_A_SIDE)
        .set_max_height(MOST_ON_A_SIDE)
        .jpeg_set_max_scans(64)
        .set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|cause| broken(format!("{cause:?}")))?;
    let header = decoder.info().ok_or_else(|| broken("it has no header".to_owned()))?;
    let (height, width) = (usize::from(header.height), usize::from(header.width));
    check_size(height, width)?;
    let is_grey = header.components == 1;
    let (space, channels) = if is_grey { (ColorSpace::Luma, 1) } else { (ColorSpace::RGB, 3) };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    // The decoder is careful, but it is also the newest piece of this chain.
    let decoded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| decoder.decode()));
    let bytes = match decoded {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(cause)) => return Err(broken(format!("{cause:?}"))),
        Err(_) => return Err(broken("its content contradicts itself".to_owned())),
    };
    if bytes.len() != height * width * channels {
        return Err(broken("it holds fewer pixels than it says".to_owned()));
    }
    Ok(Decoded { format: "JPEG", bits: 8, height, width, channels, samples: Samples::Byte(bytes) })
}

/// Refuses what no file can hold.
fn check_writable(pixels: &Pixels) -> Result<(), Error> {
    if pixels.height == 0 || pixels.width == 0 {
        return Err(Error::Empty { width: pixels.width, height: pixels.height });
    }
    check_size(pixels.height, pixels.width)
}

/// Writes a PNG file. `level` is how hard to pack, from 0 to 9, as zlib counts.
pub(super) fn encode_png(pixels: &Pixels, level: u8) -> Result<Vec<u8>, Error> {
    check_writable(pixels)?;
    let color = match pixels.channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        4 => ColorType::Rgba,
        channels => return Err(Error::Channels { format: "PNG", channels }),
    };
    let refused = |cause: png::EncodingError| Error::Refused { format: "PNG", cause: cause.to_string() };
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels.width as u32, pixels.height as u32);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(match level {
        0 => png::Compression::NoCompression,
        1 | 2 => png::Compression::Fast,
        3..=6 => png::Compression::Balanced,
        _ => png::Compression::High,
    });
    let mut writer = encoder.write_header().map_err(refused)?;
    writer.write_image_data(&pixels.values).map_err(refused)?;
    writer.finish().map_err(refused)?;
    Ok(file)
}

/// Writes a JPEG file; `quality` is from 1 to 100, as libjpeg counts.
pub(super) fn encode_jpeg(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, Error> {
    check_writable(pixels)?;
    let color = match pixels.channels {
        1 => jpeg_encoder::ColorType::Luma,
        3 => jpeg_encoder::ColorType::Rgb,
        channels => return Err(Error::Channels { format: "JPEG", channels }),
    };
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, quality.clamp(1, 100));
    // Colours at half the size, whatever the quality: what Pillow and libjpeg do unless told otherwise.
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_2_0);
    encoder
        .encode(&pixels.values, pixels.width as u16, pixels.height as u16, color)
        .map_err(|cause| Error::Refused { format: "JPEG", cause: cause.to_string() })?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pixels(height: usize, width: usize, channels: usize) -> Pixels {
        let values = (0..height * width * channels).map(|place| (place * 37 % 251) as u8).collect();
        Pixels { height, width, channels, values }
    }

    #[test]
    fn a_png_gives_back_what_was_written() {
        for channels in 1..=4 {
            for level in [0, 1, 6, 9] {
                let before = pixels(7, 5, channels);
                let after = decode(&encode_png(&before, level).unwrap()).unwrap();
                assert_eq!((after.height, after.width, after.channels, after.bits), (7, 5, channels, 8));
                assert_eq!(after.samples, Samples::Byte(before.values));
            }
        }
    }

    #[test]
    fn a_jpeg_is_close_to_what_was_written() {
        for channels in [1, 3] {
            let before = Pixels { height: 20, width: 33, channels, values: vec![90; 20 * 33 * channels] };
            let after = decode(&encode_jpeg(&before, 90).unwrap()).unwrap();
            assert_eq!((after.height, after.width, after.channels), (20, 33, channels));
            let Samples::Byte(values) = after.samples else { panic!("a JPEG has bytes") };
            assert!(values.iter().all(|value| value.abs_diff(90) <= 2), "{values:?}");
        }
    }

    #[test]
    fn what_cannot_be_written_says_why() {
        let cases = [(encode_png(&pixels(0, 5, 3), 6), "0"), (encode_png(&pixels(2, 2, 5), 6), "5 channels")];
        for (result, word) in cases {
            let message = result.unwrap_err().to_string();
            assert!(message.contains(word), "{message}");
        }
        assert!(encode_jpeg(&pixels(2, 2, 4), 75).is_err());
    }

    /// A header that promises far more than follows must not be believed.
    #[test]
    fn sizes_are_checked_before_memory_is_taken() {
        let mut png = encode_png(&pixels(2, 2, 1), 6).unwrap();
        png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        let mut crc = flate_crc(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert!(matches!(decode(&png), Err(Error::TooLarge { width: 60_000, height: 2 })), "{:?}", decode(&png));
        png[16..20].copy_from_slice(&15_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&15_000u32.to_be_bytes());
        crc = flate_crc(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert!(matches!(decode(&png), Err(Error::TooLarge { .. })));
    }

    /// CRC-32 as PNG has it, bit by bit.
    fn flate_crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    }

    proptest! {
        /// Files that are cut, flipped and overwritten give pixels or an error, and never anything else.
        #[test]
        fn broken_files_are_errors(
            is_png: bool,
            channels in prop::sample::select(vec![1usize, 3]),
            cut in 0.0f64..=1.0,
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        ) {
            let picture = pixels(19, 23, channels);
            let mut file = if is_png { encode_png(&picture, 6) } else { encode_jpeg(&picture, 80) }.unwrap();
            file.truncate((file.len() as f64 * cut) as usize);
            for (place, value) in changes {
                if !file.is_empty() {
                    let place = place.index(file.len());
                    file[place] ^= value;
                }
            }
            if let Ok(decoded) = decode(&file) {
                let count = decoded.height * decoded.width * decoded.channels;
                let length = match decoded.samples {
                    Samples::Byte(values) => values.len(),
                    Samples::Deep(values) => values.len(),
                };
                prop_assert_eq!(length, count);
            }
        }

        #[test]
        fn bytes_behind_a_signature_are_errors(is_png: bool, tail in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut file = if is_png { b"\x89PNG\r\n\x1a\n".to_vec() } else { b"\xff\xd8\xff".to_vec() };
            file.extend(tail);
            let _ = decode(&file);
        }
    }
}
