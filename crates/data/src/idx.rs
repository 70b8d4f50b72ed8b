//! Reads IDX, the file form of MNIST: arrays of bytes with a big-endian header.
//!
//! ```text
//! 00 00  type  rank  size of each dimension, 4 bytes each  elements
//! ```
//!
//! The type is 08 (unsigned bytes) in MNIST and its descendants, which is what is read here. The
//! file may be compressed with gzip. Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database
//! of handwritten digits".

use std::io::{self, Read};

use crate::{Problem, gzip};

/// The most bytes that an array may hold.
pub const MAX_BYTES: u64 = 4 << 30;

/// The greatest rank that is read; MNIST has 3.
const MAX_RANK: u8 = 8;

/// An array of bytes, in row-major order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdxArray {
    /// The size of each dimension.
    pub shape: Vec<usize>,
    /// The elements; as many as the product of the shape.
    pub bytes: Vec<u8>,
}

/// Reads an IDX file, plain or compressed.
///
/// # Errors
/// When the header is not that of an IDX file of bytes, or the file is longer or shorter than its
/// header says. No more than the promised size is unpacked.
pub fn read(reader: impl Read) -> Result<IdxArray, Problem> {
    let mut reader = gzip::plain(reader).map_err(|error| unreadable(&error))?;
    let mut magic = [0; 4];
    read_exactly(&mut reader, &mut magic, "an IDX file, which starts with a header of 4 bytes")?;
    let [0, 0, kind, rank] = magic else {
        return Err(Problem::new(
            "an IDX file, which starts with the bytes 00 00",
            format!("{:02x} {:02x} {:02x} {:02x}", magic[0], magic[1], magic[2], magic[3]),
        ));
    };
    if kind != 0x08 {
        return Err(Problem::new(
            "IDX elements of type 08 (unsigned bytes)",
            format!("type {kind:02x}{}", type_name(kind)),
        ));
    }
    if !(1..=MAX_RANK).contains(&rank) {
        return Err(Problem::new(format!("an IDX array of 1 to {MAX_RANK} dimensions"), format!("{rank}")));
    }

    let mut shape = Vec::with_capacity(rank.into());
    let mut promised: u64 = 1;
    for _ in 0..rank {
        let mut size = [0; 4];
        read_exactly(&mut reader, &mut size, "an IDX header with a size for each dimension")?;
        let size = u32::from_be_bytes(size);
        promised = promised.saturating_mul(size.into());
        shape.push(size as usize);
    }
    if promised > MAX_BYTES {
        return Err(Problem::new(format!("an IDX array of at most {MAX_BYTES} bytes"), format!("the shape {shape:?}")));
    }

    let mut bytes = Vec::new();
    reader.take(promised + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 != promised {
        return Err(Problem::new(
            format!("{promised} elements, as the shape {shape:?} in the IDX header says"),
            if bytes.len() as u64 > promised { "more".into() } else { format!("{}", bytes.len()) },
        ));
    }
    bytes.shrink_to_fit();
    Ok(IdxArray { shape, bytes })
}

fn read_exactly(reader: &mut impl Read, into: &mut [u8], expected: &str) -> Result<(), Problem> {
    reader.read_exact(into).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Problem::new(expected, "the end of the file"),
        _ => unreadable(&error),
    })
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::new("a readable file, plain or compressed with gzip", format!("an error: {error}"))
}

fn type_name(kind: u8) -> &'static str {
    match kind {
        0x09 => " (signed bytes)",
        0x0b => " (16-bit integers)",
        0x0c => " (32-bit integers)",
        0x0d => " (32-bit floats)",
        0x0e => " (64-bit floats)",
        _ => "",
    }
}

#[cfg(test)]
pub(crate) fn write(shape: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, shape.len() as u8];
    file.extend(shape.iter().flat_map(|size| size.to_be_bytes()));
    file.extend(bytes);
    file
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::gzip::compress;

    fn problem(bytes: &[u8]) -> String {
        read(bytes).unwrap_err().to_string()
    }

    #[test]
    fn plain_and_compressed_files_read_the_same() {
        let file = write(&[2, 2, 3], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
        let array = read(file.as_slice()).unwrap();
        assert_eq!(array.shape, [2, 2, 3]);
        assert_eq!(array.bytes[11], 255);
        assert_eq!(read(compress(&file).as_slice()).unwrap(), array);
        assert_eq!(read(write(&[0, 28], &[]).as_slice()).unwrap().shape, [0, 28]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(problem(b"").ends_with("found the end of the file"));
        assert!(problem(b"PK\x03\x04").contains("found 50 4b 03 04"));
        assert!(problem(&[0, 0, 0x0d, 1, 0, 0, 0, 0]).contains("type 0d (32-bit floats)"));
        assert!(problem(&[0, 0, 8, 0]).contains("1 to 8 dimensions, found 0"));
        assert!(problem(&write(&[3], &[1, 2])).contains("expected 3 elements"));
        assert!(problem(&write(&[3], &[1, 2])).ends_with("found 2"));
        assert!(problem(&write(&[3], &[1, 2, 3, 4])).ends_with("found more"));
        assert!(problem(&write(&[u32::MAX; 8], &[])).contains("at most 4294967296 bytes"));
        let whole = compress(&write(&[300], &[9; 300]));
        assert!(problem(&whole[..whole.len() - 6]).contains("an error"));
        assert!(problem(&whole[..12]).ends_with("found the end of the file"));
    }

    #[test]
    fn a_bomb_unpacks_to_no_more_than_its_header_promises() {
        let mut file = write(&[10], &[]);
        file.extend(vec![0; 200 << 20]);
        let bomb = compress(&file);
        drop(file);
        let start = std::time::Instant::now();
        assert!(problem(&bomb).ends_with("found more"));
        assert!(start.elapsed().as_millis() < 100);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(bytes.as_slice());
        }

        #[test]
        fn no_header_makes_it_panic(
            kind in prop::sample::select(vec![8u8, 8, 8, 9, 13]),
            shape in prop::collection::vec(any::<u32>(), 0..9),
            rest in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            let mut file = write(&shape, &rest);
            file[2] = kind;
            let _ = read(file.as_slice());
        }

        #[test]
        fn a_damaged_gzip_file_is_an_error_or_reads(at in 0usize..60, to in any::<u8>()) {
            let mut file = compress(&write(&[40], &[5; 40]));
            if let Some(byte) = file.get_mut(at) { *byte = to; }
            let _ = read(file.as_slice());
        }
    }
}
