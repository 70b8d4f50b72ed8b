//! Images as PNG, for the `image` elements of a drawing.
//!
//! The data is written in stored blocks: an image in a figure is small, and its bytes come from a
//! program, so the simplest writer is the best one.

/// How the bytes of an image are to be read.
pub enum Kind<'a> {
    /// Places in a list of colours; the place after the last one is clear.
    Indexed(&'a [[u8; 3]]),
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, opacity.
    Rgba,
}

/// Returns an image as a PNG in a data URL, or nothing when its sizes do not fit its bytes.
pub fn data_url(rows: u32, columns: u32, kind: &Kind<'_>, bytes: &[u8]) -> Option<String> {
    let channels = match kind {
        Kind::Indexed(_) => 1,
        Kind::Rgb => 3,
        Kind::Rgba => 4,
    };
    let row = (columns as usize).checked_mul(channels)?;
    if row == 0 || rows == 0 || row.checked_mul(rows as usize)? != bytes.len() {
        return None;
    }
    let mut raw = Vec::with_capacity(bytes.len() + rows as usize);
    for line in bytes.chunks_exact(row) {
        raw.push(0);
        raw.extend_from_slice(line);
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let color = match kind {
        Kind::Indexed(_) => 3,
        Kind::Rgb => 2,
        Kind::Rgba => 6,
    };
    let mut header = [columns.to_be_bytes(), rows.to_be_bytes()].concat();
    header.extend([8, color, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    if let Kind::Indexed(colors) = kind {
        let mut palette = colors.concat();
        palette.extend([0, 0, 0]);
        chunk(&mut png, b"PLTE", &palette);
        let mut clear = vec![255; colors.len()];
        clear.push(0);
        chunk(&mut png, b"tRNS", &clear);
    }
    chunk(&mut png, b"IDAT", &stored(&raw));
    chunk(&mut png, b"IEND", &[]);
    Some(format!("data:image/png;base64,{}", base64(&png)))
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend(name);
    png.extend(data);
    let sum = crc32(&png[start..]);
    png.extend(sum.to_be_bytes());
}

/// Wraps bytes as a zlib stream (RFC 1950) of stored blocks (RFC 1951).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = block.len() as u16;
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(bytes).to_be_bytes());
    out
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for part in bytes.chunks(5_000) {
        for byte in part {
            a += u32::from(*byte);
            b += a;
        }
        a %= 65_521;
        b %= 65_521;
    }
    b << 16 | a
}

fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let mut value = index as u32;
            let mut bit = 0;
            while bit < 8 {
                value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum, byte| TABLE[((sum ^ u32::from(*byte)) & 0xff) as usize] ^ (sum >> 8))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes bytes in base64.
pub fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = group.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            match place <= group.len() {
                true => out.push(char::from(DIGITS[(value >> (18 - 6 * place) & 63) as usize])),
                false => out.push('='),
            }
        }
    }
    out
}

/// Reads base64; what is none of its digits ends it.
pub fn from_base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut value, mut bits) = (0u32, 0);
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => break,
        };
        value = value << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((value >> bits) as u8);
            value &= (1 << bits) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
            assert_eq!(from_base64(text), bytes.as_bytes());
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(from_base64(&base64(&all)), all);
    }

    #[test]
    fn sums_are_those_of_the_standards() {
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn sizes_that_do_not_fit_give_no_image() {
        assert!(data_url(2, 2, &Kind::Rgb, &[0; 12]).is_some());
        assert!(data_url(2, 2, &Kind::Rgb, &[0; 11]).is_none());
        assert!(data_url(0, 2, &Kind::Rgb, &[]).is_none());
        assert!(data_url(u32::MAX, u32::MAX, &Kind::Rgba, &[]).is_none());
    }
}
