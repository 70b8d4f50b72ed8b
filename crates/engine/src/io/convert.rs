//! Between files and tensors: bytes become typed elements, and views of one storage stay views of one storage.

use std::collections::HashMap;
use std::sync::Arc;

use super::{IoError, PtStorage, PtTensor, RawTensor};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::shape::Strides;
use crate::storage::Buffer;
use crate::tensor::Tensor;

impl From<IoError> for Error {
    fn from(error: IoError) -> Self {
        Error::Runtime(error.to_string())
    }
}

impl IoError {
    /// Returns the class of the exception that Python sees.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::Runtime
    }
}

impl RawTensor {
    /// Copies a tensor's elements, in row-major order.
    pub fn from_tensor(tensor: &Tensor) -> Result<RawTensor> {
        let bytes = match tensor.dtype() {
            DType::Bool => tensor.dense::<bool>()?.iter().map(|&value| u8::from(value)).collect(),
            DType::U8 => tensor.dense::<u8>()?.to_vec(),
            DType::I32 => tensor.dense::<i32>()?.iter().flat_map(|value| value.to_le_bytes()).collect(),
            DType::I64 => tensor.dense::<i64>()?.iter().flat_map(|value| value.to_le_bytes()).collect(),
            DType::F16 => tensor.dense::<half::f16>()?.iter().flat_map(|value| value.to_le_bytes()).collect(),
            DType::BF16 => tensor.dense::<half::bf16>()?.iter().flat_map(|value| value.to_le_bytes()).collect(),
            DType::F32 => tensor.dense::<f32>()?.iter().flat_map(|value| value.to_le_bytes()).collect(),
            DType::F64 => tensor.dense::<f64>()?.iter().flat_map(|value| value.to_le_bytes()).collect(),
        };
        Ok(RawTensor { dtype: tensor.dtype(), shape: tensor.shape().to_vec(), bytes })
    }

    /// Makes a tensor of the elements.
    pub fn to_tensor(&self) -> Result<Tensor> {
        buffer(self.dtype, &self.bytes).into_tensor(&self.shape)
    }
}

/// Makes tensors of an archive's, so that views of one storage share their memory again.
#[derive(Default)]
pub struct PtTensors {
    whole: HashMap<*const PtStorage, Tensor>,
}

impl PtTensors {
    /// Makes one tensor; gradients are asked for as the file says.
    pub fn tensor(&mut self, tensor: &PtTensor) -> Result<Tensor> {
        // The archive keeps its storages alive, so an address names one storage.
        let key = Arc::as_ptr(&tensor.storage);
        let whole = match self.whole.get(&key) {
            Some(whole) => whole.clone(),
            None => {
                let storage = &tensor.storage;
                let whole = buffer(storage.dtype, &storage.bytes).into_tensor(&[storage.numel()])?;
                self.whole.insert(key, whole.clone());
                whole
            }
        };
        let strides: Strides = tensor.strides.iter().map(|&stride| stride as isize).collect();
        let view = whole.alias(tensor.shape.as_slice().into(), strides, tensor.offset);
        view.with_requires_grad(tensor.requires_grad && tensor.storage.dtype.is_float())
    }
}

/// Decodes little-endian elements; trailing bytes that fill no element are left out.
fn buffer(dtype: DType, bytes: &[u8]) -> Buffer {
    macro_rules! numbers {
        ($number:ty) => {
            bytes
                .as_chunks::<{ size_of::<$number>() }>()
                .0
                .iter()
                .map(|chunk| <$number>::from_le_bytes(*chunk))
                .collect()
        };
    }
    match dtype {
        DType::Bool => Buffer::Bool(bytes.iter().map(|&byte| byte != 0).collect()),
        DType::U8 => Buffer::U8(bytes.to_vec()),
        DType::I32 => Buffer::I32(numbers!(i32)),
        DType::I64 => Buffer::I64(numbers!(i64)),
        DType::F16 => Buffer::F16(numbers!(half::f16)),
        DType::BF16 => Buffer::BF16(numbers!(half::bf16)),
        DType::F32 => Buffer::F32(numbers!(f32)),
        DType::F64 => Buffer::F64(numbers!(f64)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{PtValue, read_pt, read_safetensors, write_safetensors};
    use super::*;

    #[test]
    fn tensors_come_back_from_safetensors() {
        let tensor = Tensor::from_vec(vec![1.5f32, -2.0, 0.0, 4.0, 5.0, 6.0], &[2, 3]).unwrap();
        let transposed = crate::ops::view::t(&tensor).unwrap();
        let raw = RawTensor::from_tensor(&transposed).unwrap();
        let file = write_safetensors([("t", &raw)], &BTreeMap::new()).unwrap();
        let back = read_safetensors(&file).unwrap().tensors[0].1.to_tensor().unwrap();
        assert_eq!(back.shape(), [3, 2]);
        assert_eq!(back.to_vec::<f32>().unwrap(), [1.5, 4.0, -2.0, 5.0, 0.0, 6.0]);
    }

    #[test]
    fn views_in_an_archive_share_memory() {
        let file = read_pt(include_bytes!("../../tests/data/pt/views.pt")).unwrap();
        let mut tensors = PtTensors::default();
        let mut tensor = |key: &str| match file.get(file.root(), key) {
            Some(PtValue::Tensor(tensor)) => tensors.tensor(tensor).unwrap(),
            other => panic!("{key} is {other:?}"),
        };
        let (whole, transposed, column) = (tensor("whole"), tensor("transposed"), tensor("column"));
        assert!(whole.shares_storage(&transposed) && whole.shares_storage(&column));
        assert_eq!(column.to_vec::<f32>().unwrap(), [2.0, 6.0, 10.0]);
        assert_eq!(transposed.to_vec::<f32>().unwrap()[..3], [0.0, 4.0, 8.0]);
    }
}
