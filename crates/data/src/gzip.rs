//! Reading files that may be compressed with gzip.

use std::io::{BufRead, BufReader, Read, Result};

use flate2::bufread::MultiGzDecoder;

/// Returns a reader of the plain content of `reader`, which may be compressed with gzip.
///
/// It decompresses as it is read, so a reader that takes no more than it expects is safe from a
/// small file that unpacks to a huge one.
pub(crate) fn plain<'a>(reader: impl Read + 'a) -> Result<Box<dyn Read + 'a>> {
    let mut reader = BufReader::with_capacity(64 << 10, reader);
    // `fill_buf` may give a single byte; a gzip file is told by two.
    let first = reader.fill_buf()?.first().copied();
    if first != Some(0x1f) {
        return Ok(Box::new(reader));
    }
    let mut magic = Vec::with_capacity(2);
    reader.by_ref().take(2).read_to_end(&mut magic)?;
    let is_gzip = magic == [0x1f, 0x8b];
    let whole = BufReader::new(std::io::Cursor::new(magic).chain(reader));
    Ok(if is_gzip { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

/// Reads everything, but at most `limit` bytes; `None` when there is more.
pub(crate) fn read_at_most(reader: impl Read, limit: u64) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

#[cfg(test)]
pub(crate) fn compress(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<Vec<u8>>> {
        read_at_most(plain(bytes)?, 1000)
    }

    #[test]
    fn plain_and_compressed_bytes_read_the_same() {
        for bytes in [&b""[..], b"a", b"\x1f", b"\x1f\x8a rest", b"hello"] {
            assert_eq!(read(bytes).unwrap().unwrap(), bytes);
            assert_eq!(read(&compress(bytes)).unwrap().unwrap(), bytes);
        }
    }

    #[test]
    fn a_bomb_is_cut_off_at_the_limit() {
        let bomb = compress(&vec![0; 50 << 20]);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(read(&bomb).unwrap(), None);
    }

    #[test]
    fn a_cut_off_file_is_an_error() {
        let whole = compress(&[7; 900]);
        assert!(read(&whole[..whole.len() - 6]).is_err());
    }
}
