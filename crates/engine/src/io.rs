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

/// Widens half-precision elements to float32, and brings bytes of `bool` to 0 or 1.
fn normalized(source: SourceType, bytes: &[u8]) -> Vec<u8> {
    let pairs = || bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    match source {
        SourceType::F16 => pairs().flat_map(|bits| half::f16::from_bits(bits).to_f32().to_le_bytes()).collect(),
        SourceType::Bf16 => pairs().flat_map(|bits| half::bf16::from_bits(bits).to_f32().to_le_bytes()).collect(),
        SourceType::Same(DType::Bool) => bytes.iter().map(|&byte| u8::from(byte != 0)).collect(),
        SourceType::Same(_) => bytes.to_vec(),
    }
}

/// An element type in a file: one of the engine's, or one that is widened on the way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SourceType {
    Same(DType),
    F16,
    Bf16,
}

impl SourceType {
    fn size(self) -> usize {
        match self {
            Self::Same(dtype) => dtype.size(),
            Self::F16 | Self::Bf16 => 2,
        }
    }

    fn loaded_as(self) -> DType {
        match self {
            Self::Same(dtype) => dtype,
            Self::F16 | Self::Bf16 => DType::F32,
        }
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

    #[test]
    fn halves_widen_exactly() {
        let one_and_minus_two = [0x00, 0x3c, 0x00, 0xc0];
        let widened = normalized(SourceType::F16, &one_and_minus_two);
        assert_eq!(widened, [1.0f32.to_le_bytes(), (-2.0f32).to_le_bytes()].concat());
        let brain = [0x80, 0x3f, 0x00, 0xc0];
        assert_eq!(normalized(SourceType::Bf16, &brain), widened);
    }
}
