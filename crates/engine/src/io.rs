//! Files of tensors: safetensors in both directions, torch's `.pt` archives for reading.
//!
//! Files come from anywhere, so both readers treat every byte as hostile: whatever the input, they return a value
//! or an [`IoError`], never panic, allocate no more than a small multiple of the file's size, and run no code.
//! Nothing here opens a file: bytes come in and go out.

mod convert;
mod pickle;
pub mod pt;
pub mod safetensors;

pub use convert::PtTensors;
pub use pt::{PtFile, PtStorage, PtTensor, PtValue, ValueId, read_pt};
pub use safetensors::{SafetensorsFile, read_safetensors, write_safetensors};

use crate::dtype::DType;
use crate::shape::MAX_RANK;

/// A tensor as a file has it: elements in row-major order, little endian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawTensor {
    /// The element type.
    pub dtype: DType,
    /// The size of each dimension.
    pub shape: Vec<usize>,
    /// The elements; the product of the shape times the element's size, in bytes.
    pub bytes: Vec<u8>,
}

/// Why a file cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IoError {
    /// The bytes are no safetensors file, or a damaged one.
    #[error("not a valid safetensors file: {problem}")]
    Safetensors {
        /// What is wrong with it.
        problem: String,
    },
    /// The bytes are no torch archive, or a damaged one.
    #[error("not a valid PyTorch archive: {problem}")]
    Archive {
        /// What is wrong with it.
        problem: String,
    },
    /// The archive names a Python object that is not on the list of plain data.
    #[error(
        "refusing to load `{name}`: only tensors, numbers, strings, lists, tuples, sets and dicts are loaded, and no code is run"
    )]
    Refused {
        /// The module and name of the object, or what was asked of it.
        name: String,
    },
    /// The file is in order, but holds something that the engine does not have.
    #[error("{what} is not supported")]
    Unsupported {
        /// What it holds.
        what: String,
    },
    /// A tensor to be written has a shape and a length that do not belong together.
    #[error("tensor `{name}` of shape {shape:?} needs {expected} bytes, but {got} were given")]
    Length {
        /// The tensor's name.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// What the shape needs.
        expected: usize,
        /// What came.
        got: usize,
    },
}

/// Checks that a shape can be a tensor's at all and returns its number of elements.
///
/// The product of the non-zero sizes must fit, too, so that strides can be computed for an empty tensor.
fn checked_numel(shape: &[usize]) -> Option<usize> {
    if shape.len() > MAX_RANK {
        return None;
    }
    let span = shape.iter().filter(|&&size| size != 0).try_fold(1usize, |product, &size| {
        product.checked_mul(size).filter(|&product| product <= isize::MAX as usize / 8)
    })?;
    Some(if shape.contains(&0) { 0 } else { span })
}

/// Brings bytes of `bool` to 0 or 1.
fn normalized(dtype: DType, bytes: &[u8]) -> Vec<u8> {
    match dtype {
        DType::Bool => bytes.iter().map(|&byte| u8::from(byte != 0)).collect(),
        _ => bytes.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_overflow_are_refused() {
        assert_eq!(checked_numel(&[]), Some(1));
        assert_eq!(checked_numel(&[2, 0, 3]), Some(0));
        assert_eq!(checked_numel(&[1 << 40, 1 << 40]), None);
        assert_eq!(checked_numel(&[0, 1 << 40, 1 << 40]), None);
        assert_eq!(checked_numel(&[1; 65]), None);
    }
}
