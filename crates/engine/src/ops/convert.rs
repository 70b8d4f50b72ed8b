//! Conversions between dtypes, and copies.

use super::{METHOD, OpDef, TORCH, op, value};
use crate::autograd::inplace::assign;
use crate::autograd::record;
use crate::bail;
use crate::dtype::DType;
use crate::error::Result;
use crate::grads;
use crate::shape::{Dims, broadcast, checked_numel, contiguous_strides};
use crate::storage::allocate;
use crate::tensor::Tensor;

macro_rules! to_row {
    ($schema:literal, $dtype:ident, $doc:literal) => {
        op(
            $schema,
            METHOD,
            $doc,
            |a| value(a.tensor(0).to_dtype(DType::$dtype)),
            &["c[2,3]", "i5[3]", "b[2,2]", "u8[0]"],
        )
    };
}

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "clone(Tensor input, *, any memory_format=None)",
        TORCH | METHOD,
        "Returns a copy; gradients flow through it.",
        |a| {
            let t = a.tensor(0);
            value(if t.is_dense() { t.copy_with_strides(t.strides()) } else { t.copy_op() })
        },
        &["[2,3]", "[]"],
    ),
    op(
        "contiguous(Tensor input, *, any memory_format=None)",
        METHOD,
        "Returns the tensor in row-major order: itself where it is so already, else a copy.",
        |a| value(a.tensor(0).contiguous()),
        &["[2,3]"],
    ),
    to_row!("float(Tensor input, *, any memory_format=None)", F32, "Converts to float32."),
    to_row!("half(Tensor input, *, any memory_format=None)", F16, "Converts to float16."),
    to_row!("bfloat16(Tensor input, *, any memory_format=None)", BF16, "Converts to bfloat16."),
    to_row!("double(Tensor input, *, any memory_format=None)", F64, "Converts to float64."),
    to_row!("long(Tensor input, *, any memory_format=None)", I64, "Converts to int64; floats are cut towards zero."),
    to_row!("int(Tensor input, *, any memory_format=None)", I32, "Converts to int32; floats are cut towards zero."),
    to_row!("byte(Tensor input, *, any memory_format=None)", U8, "Converts to uint8."),
    to_row!("bool(Tensor input, *, any memory_format=None)", Bool, "Converts to bool: what is not zero is True."),
    op(
        "type_as(Tensor input, Tensor other)",
        METHOD,
        "Converts to the dtype of another tensor.",
        |a| value(a.tensor(0).to_dtype(a.tensor(1).dtype())),
        &["[2], [1]"],
    ),
];

impl Tensor {
    /// Casts for a copy: the result is a tensor of its own in the graph, never a leaf.
    fn cast_for_copy(&self, dtype: DType) -> Result<Tensor> {
        let out = if self.dtype() == dtype { self.detach() } else { self.cast_data(dtype)? };
        Ok(record(out, "CopyBackwards", [self], || move |cx| grads![Some(cx.grad()?)]))
    }

    /// Converts to a dtype; the tensor itself where it has it already. Between float dtypes gradients flow.
    pub fn to_dtype(&self, dtype: DType) -> Result<Tensor> {
        if self.dtype() == dtype {
            return Ok(self.clone());
        }
        let out = self.cast_data(dtype)?;
        Ok(record(out, "ToCopyBackward0", [self], || move |cx| grads![Some(cx.grad()?)]))
    }
}

/// Copies `source`, broadcast and cast, over the elements of `dst`: what `copy_` does. Gradients flow to the source.
pub fn copy_into(dst: &Tensor, source: &Tensor) -> Result<()> {
    if broadcast(source.shape(), dst.shape()).is_ok_and(|shape| shape.as_slice() == dst.shape()) {
        let value = source.expand_to(dst.shape()).cast_for_copy(dst.dtype())?;
        return assign(dst, &value);
    }
    bail!(
        "The size of tensor a ({}) must match the size of tensor b ({}): cannot copy a tensor of shape {} into one of \
         shape {}",
        dst.shape().last().copied().unwrap_or(1),
        source.shape().last().copied().unwrap_or(1),
        Dims(source.shape()),
        Dims(dst.shape())
    );
}

/// Returns a tensor of another shape over the same memory where that is large enough, else over a new one that starts
/// with the same elements: what `resize_` does.
pub fn resized(t: &Tensor, shape: &[usize]) -> Result<Tensor> {
    let n = checked_numel(shape)?;
    if t.storage_offset() + n <= t.storage_len() {
        return Ok(t.alias(shape.into(), contiguous_strides(shape), t.storage_offset()));
    }
    crate::for_dtype!(t.dtype(), T => {
        let mut data: Vec<T> = allocate(shape)?;
        data.extend_from_slice(&t.memory::<T>()[t.storage_offset()..]);
        data.resize(n, T::default());
        Ok(Tensor::from_parts(data, shape))
    })
}
