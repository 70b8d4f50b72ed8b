//! safetensors: a JSON header of names, dtypes, shapes and offsets, then the elements, nothing else.
//!
//! Reading goes through the `safetensors` crate, which checks that the offsets cover the file exactly. Writing is
//! done here, because the crate keeps metadata in an unordered map and the same tensors should always give the
//! same bytes. Format: <https://github.com/huggingface/safetensors#format>.

use std::collections::BTreeMap;

use ::safetensors::{Dtype, SafeTensorError, SafeTensors};
use serde_json::{Map, Value, json};

use super::{IoError, RawTensor, checked_numel, normalized};
use crate::dtype::DType;

/// The longest header that is read; the crate's own limit is 100 MB, which is more than any model needs.
const MAX_HEADER: u64 = 32 << 20;

/// The name under which the header keeps the metadata.
const METADATA_KEY: &str = "__metadata__";

/// What a safetensors file holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SafetensorsFile {
    /// The tensors in the order of their data.
    pub tensors: Vec<(String, RawTensor)>,
    /// Free text about the file.
    pub metadata: BTreeMap<String, String>,
}

/// Reads a safetensors file.
///
/// # Errors
/// [`IoError::Safetensors`] if the bytes are no such file, [`IoError::Unsupported`] for other dtypes.
pub fn read_safetensors(bytes: &[u8]) -> Result<SafetensorsFile, IoError> {
    if let Some(&length) = bytes.first_chunk::<8>() {
        let length = u64::from_le_bytes(length);
        if length > MAX_HEADER {
            return Err(invalid(format!("its header claims {length} bytes; at most {MAX_HEADER} are read")));
        }
    }
    let file = SafeTensors::deserialize(bytes).map_err(|error| invalid(describe(&error)))?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| invalid(describe(&error)))?;
    let mut tensors = Vec::with_capacity(file.len());
    for name in header.offset_keys() {
        let view = file.tensor(&name).map_err(|error| invalid(describe(&error)))?;
        let dtype = engine_dtype(view.dtype())?;
        if checked_numel(view.shape()).is_none() {
            return Err(invalid(format!("tensor `{name}` has the impossible shape {:?}", view.shape())));
        }
        let tensor = RawTensor { dtype, shape: view.shape().to_vec(), bytes: normalized(dtype, view.data()) };
        tensors.push((name, tensor));
    }
    let metadata = header.metadata().iter().flatten();
    let metadata = metadata.map(|(key, value)| (key.clone(), value.clone())).collect();
    Ok(SafetensorsFile { tensors, metadata })
}

/// Writes tensors as a safetensors file: widest elements first, then by name, so that all are aligned and the
/// same content always gives the same bytes. Of two tensors of one name the later counts.
///
/// # Errors
/// [`IoError::Length`] if a tensor's bytes do not match its shape, [`IoError::Safetensors`] if a tensor takes the
/// reserved name `__metadata__`.
pub fn write_safetensors<'a>(
    tensors: impl IntoIterator<Item = (&'a str, &'a RawTensor)>,
    metadata: &BTreeMap<String, String>,
) -> Result<Vec<u8>, IoError> {
    let by_name: BTreeMap<&str, &RawTensor> = tensors.into_iter().collect();
    let mut ordered: Vec<(&str, &RawTensor)> = by_name.into_iter().collect();
    ordered.sort_by_key(|(_, tensor)| std::cmp::Reverse(tensor.dtype.size()));

    let mut header = Map::new();
    if !metadata.is_empty() {
        header.insert(METADATA_KEY.to_owned(), json!(metadata));
    }
    let mut end = 0;
    for (name, tensor) in &ordered {
        if *name == METADATA_KEY {
            return Err(invalid(format!("the name `{METADATA_KEY}` is reserved")));
        }
        let expected = checked_numel(&tensor.shape).map(|numel| numel * tensor.dtype.size());
        if expected != Some(tensor.bytes.len()) {
            return Err(IoError::Length {
                name: (*name).to_owned(),
                shape: tensor.shape.clone(),
                expected: expected.unwrap_or(usize::MAX),
                got: tensor.bytes.len(),
            });
        }
        let start = end;
        end += tensor.bytes.len();
        let entry = json!({
            "dtype": format_name(tensor.dtype),
            "shape": tensor.shape,
            "data_offsets": [start, end],
        });
        header.insert((*name).to_owned(), entry);
    }

    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    if header.len() as u64 > MAX_HEADER {
        return Err(invalid(format!("the header would be longer than {MAX_HEADER} bytes")));
    }
    let mut file = Vec::with_capacity(8 + header.len() + end);
    file.extend_from_slice(&(header.len() as u64).to_le_bytes());
    file.extend_from_slice(&header);
    for (_, tensor) in ordered {
        file.extend_from_slice(&tensor.bytes);
    }
    Ok(file)
}

fn invalid(problem: String) -> IoError {
    IoError::Safetensors { problem }
}

/// Says in words what the crate's error means for the person who has the file.
fn describe(error: &SafeTensorError) -> String {
    match error {
        SafeTensorError::HeaderTooSmall => "it is shorter than 8 bytes".to_owned(),
        SafeTensorError::InvalidHeaderLength => "its header is cut off".to_owned(),
        SafeTensorError::MetadataIncompleteBuffer => {
            "the tensors do not cover the data exactly; the file may be cut off".to_owned()
        }
        other => other.to_string(),
    }
}

fn engine_dtype(dtype: Dtype) -> Result<DType, IoError> {
    Ok(match dtype {
        Dtype::BOOL => DType::Bool,
        Dtype::U8 => DType::U8,
        Dtype::I32 => DType::I32,
        Dtype::I64 => DType::I64,
        Dtype::F32 => DType::F32,
        Dtype::F64 => DType::F64,
        Dtype::F16 => DType::F16,
        Dtype::BF16 => DType::BF16,
        other => return Err(IoError::Unsupported { what: format!("the safetensors dtype {other}") }),
    })
}

fn format_name(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "BOOL",
        DType::U8 => "U8",
        DType::I32 => "I32",
        DType::I64 => "I64",
        DType::F16 => "F16",
        DType::BF16 => "BF16",
        DType::F32 => "F32",
        DType::F64 => "F64",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn raw(dtype: DType, shape: &[usize]) -> RawTensor {
        let length = shape.iter().product::<usize>() * dtype.size();
        RawTensor { dtype, shape: shape.to_vec(), bytes: (0..length).map(|k| (k % 2) as u8).collect() }
    }

    fn sample() -> Vec<u8> {
        let tensors = [
            ("layer.weight", raw(DType::F32, &[3, 2])),
            ("layer.bias", raw(DType::F64, &[3])),
            ("steps", raw(DType::I64, &[])),
            ("mask", raw(DType::Bool, &[0, 4])),
            ("名", raw(DType::U8, &[1, 1, 5])),
        ];
        let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
        write_safetensors(tensors.iter().map(|(name, tensor)| (*name, tensor)), &metadata).unwrap()
    }

    /// A file with a header of our choice and `data` bytes of zeros.
    fn handmade(header: &str, data: usize) -> Vec<u8> {
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend_from_slice(header.as_bytes());
        file.resize(file.len() + data, 0);
        file
    }

    #[test]
    fn what_is_written_is_read() {
        let file = read_safetensors(&sample()).unwrap();
        let names: Vec<&str> = file.tensors.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), 5);
        assert!(names.contains(&"名"));
        assert_eq!(file.metadata["format"], "pt");
        for (name, tensor) in &file.tensors {
            assert_eq!(*tensor, raw(tensor.dtype, &tensor.shape), "{name}");
        }
        assert_eq!(sample(), sample());
    }

    #[test]
    fn an_empty_file_of_tensors_is_a_file() {
        let bytes = write_safetensors([], &BTreeMap::new()).unwrap();
        assert_eq!(read_safetensors(&bytes).unwrap(), SafetensorsFile::default());
    }

    #[test]
    fn halves_stay_halves() {
        let header = r#"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#;
        let (_, tensor) = read_safetensors(&handmade(header, 4)).unwrap().tensors.remove(0);
        assert_eq!((tensor.dtype, tensor.bytes.len()), (DType::F16, 4));
    }

    #[test]
    fn hostile_headers_are_refused() {
        let huge = u64::MAX.to_le_bytes();
        let big_claim = r#"{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}"#;
        let overflow = r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}"#;
        let wide_empty = r#"{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}"#;
        let overlapping = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#;
        let backwards = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#;
        let many_dims = format!(r#"{{"a":{{"dtype":"U8","shape":[{}1],"data_offsets":[0,1]}}}}"#, "1,".repeat(100));
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
        let files = [
            vec![],
            vec![0; 7],
            huge.to_vec(),
            handmade("", 0),
            handmade("[]", 0),
            handmade("{\"a\":1}", 0),
            handmade(big_claim, 16),
            handmade(overflow, 0),
            handmade(wide_empty, 0),
            handmade(overlapping, 6),
            handmade(backwards, 4),
            handmade(&many_dims, 1),
            handmade(&deep, 0),
            handmade("{}", 3),
        ];
        for file in files {
            let start = String::from_utf8_lossy(&file[..file.len().min(60)]).into_owned();
            assert!(matches!(read_safetensors(&file), Err(IoError::Safetensors { .. })), "accepted {start}");
        }
        let header = r#"{"a":{"dtype":"U16","shape":[2],"data_offsets":[0,4]}}"#;
        assert!(matches!(read_safetensors(&handmade(header, 4)), Err(IoError::Unsupported { .. })));
    }

    #[test]
    fn impossible_tensors_are_not_written() {
        let mut short = raw(DType::F32, &[2]);
        short.bytes.pop();
        assert!(write_safetensors([("a", &short)], &BTreeMap::new()).is_err());
        let reserved = raw(DType::U8, &[1]);
        assert!(write_safetensors([(METADATA_KEY, &reserved)], &BTreeMap::new()).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn a_damaged_file_is_read_or_refused(
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            length in any::<prop::sample::Index>(),
            cut in any::<bool>(),
        ) {
            let mut file = sample();
            for (at, byte) in edits {
                let at = at.index(file.len());
                file[at] = byte;
            }
            if cut {
                file.truncate(length.index(file.len()));
            }
            if let Ok(read) = read_safetensors(&file) {
                let total: usize = read.tensors.iter().map(|(_, tensor)| tensor.bytes.len()).sum();
                prop_assert!(total <= 2 * file.len());
            }
        }

        #[test]
        fn arbitrary_headers_are_read_or_refused(header in "[\\{\\}\\[\\]\":,a-fF0-9_\\\\ ]{0,60}", data in 0usize..9) {
            let _ = read_safetensors(&handmade(&header, data));
        }
    }
}
