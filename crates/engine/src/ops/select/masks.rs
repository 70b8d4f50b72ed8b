//! Choosing by a condition: `where`, `masked_fill`, `masked_select`, `nonzero`.

use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::Element;
use crate::elementwise::{zip, zip3};
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::arithmetic::Pair;
use crate::ops::create::fitting;
use crate::ops::{INPLACE, METHOD, NO_GRAD, OpDef, Operand, TORCH, Value, op, pointwise, value};
use crate::shape::{Dims, Shape, broadcast};
use crate::storage::allocate;
use crate::tensor::Tensor;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "where(Tensor condition, Operand input, Operand other)",
        TORCH,
        "Returns input where the condition is True, other elsewhere.",
        |a| value(where_(a.tensor(0), &a.operand(1), &a.operand(2))),
        &["b[2,3], [2,3], [3]", "b[3], [2,1], 1.5", "b[2], 0.0, [2]", "b[0], [0], [1]"],
    ),
    op(
        "where(Tensor condition)",
        TORCH,
        "Returns the indices of the elements that are not zero, one tensor for each dimension.",
        |a| nonzero_tuple(a.tensor(0)),
        &["b[2,3]", "[3]"],
    ),
    op(
        "where(Tensor input, Tensor condition, Operand other)",
        METHOD,
        "Returns the tensor's own elements where the condition is True, other elsewhere.",
        |a| value(where_(a.tensor(1), &a.operand(0), &a.operand(2))),
        &["[2,3], b[2,3], [3]", "[2], b[2], 1.0"],
    ),
    op(
        "masked_fill(Tensor input, Tensor mask, Tensor value)",
        TORCH | METHOD | INPLACE,
        "Returns the elements, with the value of a 0-d tensor where the mask is True.",
        |a| value(masked_fill_tensor(a.tensor(0), a.tensor(1), a.tensor(2))),
        &["[2,3], b[2,3], []"],
    ),
    op(
        "masked_fill(Tensor input, Tensor mask, Scalar value)",
        TORCH | METHOD | INPLACE,
        "Returns the elements, with a number where the mask is True.",
        |a| value(masked_fill(a.tensor(0), a.tensor(1), a.scalar(2))),
        &["[2,3], b[2,3], 1.5", "c[2,3], b[3], -inf", "[2,1], b[2,3], 0"],
    ),
    op(
        "masked_select(Tensor input, Tensor mask)",
        TORCH | METHOD,
        "Returns the elements where the mask is True, as a vector.",
        |a| value(masked_select(a.tensor(0), a.tensor(1))),
        &["[2,3], b[2,3]", "[2,3], b[3]", "[2,1], b[2,3]"],
    ),
    op(
        "masked_scatter(Tensor input, Tensor mask, Tensor source)",
        TORCH | METHOD | INPLACE,
        "Returns the elements, with those of source in their order where the mask is True.",
        |a| value(masked_scatter(a.tensor(0), a.tensor(1), a.tensor(2))),
        &["[2,3], b[2,3], [6]"],
    ),
    op(
        "nonzero(Tensor input, *, bool as_tuple=False)",
        TORCH | METHOD | NO_GRAD,
        "Returns the indices of the elements that are not zero: a row each, or with as_tuple=True one tensor for each \
         dimension.",
        |a| if a.bool(1) { nonzero_tuple(a.tensor(0)) } else { value(nonzero(a.tensor(0))) },
        &["b[2,3]", "[3], as_tuple=True", "[]"],
    ),
    op(
        "argwhere(Tensor input)",
        TORCH | METHOD | NO_GRAD,
        "Returns the indices of the elements that are not zero, a row each.",
        |a| value(nonzero(a.tensor(0))),
        &["b[2,3]"],
    ),
    op(
        "count_nonzero(Tensor input, int[1]? dim=None)",
        TORCH | METHOD,
        "Returns how many elements are not zero, of all or along dimensions.",
        |a| {
            let t = truth(a.tensor(0))?;
            value(crate::ops::reduce::sum(&t, &a.ints_opt(1).unwrap_or_default(), false, Some(DType::I64)))
        },
        &["[2,3]", "b[2,3], 0"],
    ),
];

fn truth(t: &Tensor) -> Result<Tensor> {
    crate::for_dtype!(t.dtype(), T => crate::elementwise::map::<T, bool>(t, |v| v != T::default()))
}

fn is_mask(op: &str, mask: &Tensor) -> Result<()> {
    if mask.dtype() != DType::Bool {
        bail!("{op} only supports boolean masks, but got mask with dtype {}", mask.dtype());
    }
    Ok(())
}

/// `y = a where the condition holds, b elsewhere`.
pub fn where_(condition: &Tensor, a: &Operand, b: &Operand) -> Result<Tensor> {
    if !matches!(condition.dtype(), DType::Bool | DType::U8) {
        bail!(
            "where expected condition to be a boolean tensor, but got a tensor with dtype {}",
            condition.dtype().torch_name()
        );
    }
    let condition = condition.to_dtype(DType::Bool)?;
    let (a, b) = Pair::new(a, b, |dtype| dtype)?.tensors()?;
    let out = crate::for_dtype!(a.dtype(), T => {
        zip3::<bool, T, T, T>(&condition, &a, &b, |c, a, b| if c { a } else { b })?
    });
    Ok(record(out, "WhereBackward0", [&a, &b], || {
        let condition = Saved::constant(&condition);
        move |cx| {
            let (grad, condition) = (cx.grad()?, condition.get(cx)?);
            let inverse = || crate::elementwise::map::<bool, bool>(&condition, |c| !c);
            grads![
                cx.when(0, || pointwise::keep_where(&grad, &condition))?,
                cx.when(1, || pointwise::keep_where(&grad, &inverse()?))?,
            ]
        }
    }))
}

/// The elements, with a number where the mask is True; no gradient flows there.
pub fn masked_fill(t: &Tensor, mask: &Tensor, number: Scalar) -> Result<Tensor> {
    is_mask("masked_fill", mask)?;
    let number = truncated(number, t.dtype())?;
    let out = crate::for_dtype!(t.dtype(), T => {
        let number = T::from_scalar(number);
        zip::<T, bool, T>(t, mask, |v, m| if m { number } else { v })?
    });
    Ok(record(out, "MaskedFillBackward0", [t], || {
        let mask = Saved::constant(mask);
        move |cx| grads![cx.when(0, || masked_fill(&cx.grad()?, &mask.get(cx)?, Scalar::Int(0)))?]
    }))
}

/// The number as an element of a dtype, without its fraction where that is an integer type.
fn truncated(number: Scalar, dtype: DType) -> Result<Scalar> {
    let number = match number {
        Scalar::Float(v) if dtype.is_int() => Scalar::Float(v.trunc()),
        number => number,
    };
    fitting(number, dtype).map_err(|_| {
        let name = match dtype {
            DType::Bool => "bool",
            DType::U8 => "uint8_t",
            DType::I32 => "int",
            DType::I64 => "int64_t",
            DType::F16 => "at::Half",
            DType::BF16 => "at::BFloat16",
            DType::F32 => "float",
            DType::F64 => "double",
        };
        Error::Runtime(format!("value cannot be converted to type {name} without overflow"))
    })
}

fn masked_fill_tensor(t: &Tensor, mask: &Tensor, number: &Tensor) -> Result<Tensor> {
    is_mask("masked_fill", mask)?;
    if number.rank() != 0 {
        bail!(
            "masked_fill only supports a 0-dimensional value tensor, but got tensor with {} dimension(s).",
            number.rank()
        );
    }
    let number = number.to_dtype(t.dtype())?;
    where_(mask, &Operand::from(&number), &Operand::from(t))
}

/// The elements where the mask is True, as a vector; `∂L/∂x` puts their gradients back.
pub fn masked_select(t: &Tensor, mask: &Tensor) -> Result<Tensor> {
    is_mask("masked_select", mask)?;
    let shape = broadcast(t.shape(), mask.shape())?;
    let (wide, mask) = (t.expand_to(&shape), mask.expand_to(&shape));
    let flags = mask.dense::<bool>()?;
    let n = flags.iter().filter(|&&m| m).count();
    let out = crate::for_dtype!(t.dtype(), T => {
        let data = wide.dense::<T>()?;
        let mut out: Vec<T> = allocate(&[n])?;
        out.extend(data.iter().zip(flags.iter()).filter(|(_, m)| **m).map(|(v, _)| *v));
        Tensor::from_parts(out, &[n])
    });
    Ok(record(out, "MaskedSelectBackward0", [&wide], || {
        let mask = Saved::constant(&mask);
        move |cx| {
            let spread = || {
                let grad = cx.grad()?;
                masked_scatter(&Tensor::zeros(&shape, grad.dtype())?, &mask.get(cx)?, &grad)
            };
            grads![cx.when(0, spread)?]
        }
    }))
}

/// The elements, with those of `source`, in their order, where the mask is True.
pub fn masked_scatter(t: &Tensor, mask: &Tensor, source: &Tensor) -> Result<Tensor> {
    is_mask("masked_scatter", mask)?;
    if t.dtype() != source.dtype() {
        bail!(
            "masked_scatter: expected self and source to have same dtypes but got {} and {}",
            t.dtype().torch_name(),
            source.dtype().torch_name()
        );
    }
    let shape = broadcast(t.shape(), mask.shape())?;
    let (t, mask) = (t.expand_to(&shape), mask.expand_to(&shape));
    let flags = mask.dense::<bool>()?;
    let n = flags.iter().filter(|&&m| m).count();
    if n > source.numel() {
        bail!("masked_scatter: expected self.numel() >= {n} elements in source of shape {}", Dims(source.shape()));
    }
    let out = crate::for_dtype!(t.dtype(), T => {
        let mut data = t.dense::<T>()?.into_vec();
        let source = source.dense::<T>()?;
        let places = data.iter_mut().zip(flags.iter()).filter(|(_, m)| **m).map(|(v, _)| v);
        places.zip(source.iter()).for_each(|(v, s)| *v = *s);
        Tensor::from_parts(data, &shape)
    });
    Ok(record(out, "MaskedScatterBackward0", [&t, source], || {
        let (mask, source_shape) = (Saved::constant(&mask), Shape::from(source.shape()));
        move |cx| {
            let (grad, mask) = (cx.grad()?, mask.get(cx)?);
            let used = || {
                let used = masked_select(&grad, &mask)?;
                let rest = crate::shape::numel(&source_shape) - used.numel();
                let zeros = Tensor::zeros(&[rest], grad.dtype())?;
                crate::ops::join::cat(&[used, zeros], 0)?.reshape_to(&source_shape)
            };
            grads![cx.when(0, || masked_fill(&grad, &mask, Scalar::Int(0)))?, cx.when(1, used)?]
        }
    }))
}

/// The indices of the elements that are not zero: a row each.
pub fn nonzero(t: &Tensor) -> Result<Tensor> {
    let flags = truth(t)?;
    let flags = flags.dense::<bool>()?;
    let n = flags.iter().filter(|&&v| v).count();
    let rank = t.rank();
    let mut rows: Vec<i64> = allocate(&[n, rank])?;
    let mut index = vec![0i64; rank];
    for &v in flags.iter() {
        if v {
            rows.extend_from_slice(&index);
        }
        for d in (0..rank).rev() {
            index[d] += 1;
            if (index[d] as usize) < t.shape()[d] {
                break;
            }
            index[d] = 0;
        }
    }
    Tensor::from_vec(rows, &[n, rank])
}

fn nonzero_tuple(t: &Tensor) -> Result<Value> {
    let t = if t.rank() == 0 { t.detach().reshape_to(&[1])? } else { t.detach() };
    let rows = nonzero(&t)?;
    let columns = (0..t.rank()).map(|d| crate::ops::view::select(&rows, 1, d as i64)?.copy_data());
    Ok(columns.collect::<Result<Vec<_>>>()?.into())
}
