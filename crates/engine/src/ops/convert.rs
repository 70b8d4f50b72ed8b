//! Conversions between dtypes, and copies.

use super::{METHOD, OpDef, TORCH, op, value};
use crate::autograd::record;
use crate::dtype::DType;
use crate::error::Result;
use crate::grads;
use crate::tensor::Tensor;

macro_rules! to_row {
    ($schema:literal, $dtype:ident, $doc:literal) => {
        op($schema, METHOD, $doc, |a| value(a.tensor(0).to_dtype(DType::$dtype)), &["c[2,3]", "i5[3]", "b[2,2]", "u8[0]"])
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
    /// Converts to a dtype; the tensor itself where it has it already. Between float dtypes gradients flow.
    pub fn to_dtype(&self, dtype: DType) -> Result<Tensor> {
        if self.dtype() == dtype {
            return Ok(self.clone());
        }
        let out = self.cast_data(dtype)?;
        Ok(record(out, "ToCopyBackward0", [self], || move |cx| grads![Some(cx.grad()?)]))
    }
}
