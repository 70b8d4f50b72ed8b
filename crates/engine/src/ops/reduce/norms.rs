//! Norms and log-sum-exp.

use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::{Args, METHOD, OpDef, Operand, TORCH, Value, op, pointwise, value};
use crate::tensor::Tensor;

use super::extremes::{Extreme, extreme_over};
use super::{Reduction, sum};

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "norm(Tensor input, any p='fro', any dim=None, bool keepdim=False, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the p-norm (sum |x|^p)^(1/p) over dimensions; p may be 'fro' (as 2), a number, inf or -inf.",
        norm_row,
        &["[2,3]", "[2,3], 1", "[2,3], 3, 1", "~[2,3], inf, 0, True", "[2,3], 'fro', (0,1)", "[2,3], p=2, dim=-1"],
    ),
    op(
        "dist(Tensor input, Tensor other, float p=2)",
        TORCH | METHOD,
        "Returns the p-norm of input - other.",
        |a| value(norm(&a.tensor(0).sub(a.tensor(1))?, a.float(2), &[], false)),
        &["[2,3], [2,3]", "[2,3], [3], 1"],
    ),
    op(
        "logsumexp(Tensor input, int[1] dim, bool keepdim=False)",
        TORCH | METHOD,
        "Returns log(sum(exp(x))) over dimensions, computed so that nothing overflows.",
        |a| value(logsumexp(a.tensor(0), &a.ints(1), a.bool(2))),
        &["[2,3], 0", "[2,3,2], (1,2), True", "[3], -1"],
    ),
];

fn norm_row(a: &Args) -> Result<Value> {
    let p = match a.value(1) {
        Value::None => 2.0,
        Value::Str(name) if name == "fro" => 2.0,
        Value::Str(name) if name == "inf" => f64::INFINITY,
        Value::Str(name) => bail!(NotImplemented: "norm(p='{name}') is not part of Lyceum"),
        v => match v.as_scalar() {
            Some(p) => p.to_f64(),
            None => bail!(Type: "norm(): argument 'p' must be a number or 'fro', not {}", v.type_name()),
        },
    };
    let dims = match a.value(2) {
        Value::None => Vec::new(),
        Value::Int(d) => vec![*d],
        Value::List(items) => items
            .iter()
            .map(|v| v.as_scalar().map(Scalar::to_i64))
            .collect::<Option<_>>()
            .ok_or_else(|| Error::Type("norm(): argument 'dim' must be int or a tuple of ints".into()))?,
        v => bail!(Type: "norm(): argument 'dim' must be int or a tuple of ints, not {}", v.type_name()),
    };
    let t = a.tensor(0);
    let dtype = a.dtype_opt(4).unwrap_or(t.dtype());
    if !dtype.is_float() {
        bail!(NotImplemented:
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {}",
            t.dtype().torch_name()
        );
    }
    value(norm(&t.to_dtype(dtype)?, p, &dims, a.bool(3)))
}

/// `y = (Σ |x|ᵖ)^(1/p)`, `∂y/∂x = sign(x) |x|^(p-1) / y^(p-1)`; zero where `y` is zero.
pub fn norm(t: &Tensor, p: f64, dims: &[i64], keepdim: bool) -> Result<Tensor> {
    if p == f64::INFINITY {
        return extreme_over(&pointwise::abs(t)?, dims, keepdim, Extreme::Max, "LinalgVectorNormBackward0");
    }
    if p == f64::NEG_INFINITY {
        return extreme_over(&pointwise::abs(t)?, dims, keepdim, Extreme::Min, "LinalgVectorNormBackward0");
    }
    if p == 0.0 {
        let nonzero = crate::for_dtype!(t.dtype(), T => crate::elementwise::map::<T, bool>(t, |v| v != T::default())?);
        return sum(&nonzero, dims, keepdim, Some(t.dtype()));
    }
    if p == 1.0 {
        return sum(&pointwise::abs(t)?, dims, keepdim, None);
    }
    let over = Reduction::new(t, dims)?;
    let out = crate::for_float!(t.dtype(), T => over.map::<T, T>(t, keepdim, &|row| {
        if p == 2.0 {
            return T::from_f64(row.iter().map(|v| v.to_f64() * v.to_f64()).sum::<f64>().sqrt());
        }
        T::from_f64(row.iter().map(|v| v.to_f64().abs().powf(p)).sum::<f64>().powf(1.0 / p))
    })?, _ => return Err(Error::DTypeNotSupported { op: "norm", dtype: t.dtype() }));
    Ok(record(out.clone(), "LinalgVectorNormBackward0", [t], || {
        let (input, output) = (Saved::input(t), Saved::output(&out));
        move |cx| {
            let slope = || {
                let (x, y) = (input.get(cx)?, output.get(cx)?);
                let scale = if p == 2.0 { y.clone() } else { power(&y, p - 1.0)? };
                let not_zero = crate::for_float!(y.dtype(), T =>
                    crate::elementwise::map::<T, bool>(&y, |v| v != T::default())?,
                    _ => unreachable!("a norm is a float"));
                let scale = over.spread(&pointwise::keep_where(&cx.grad()?.div(&scale)?, &not_zero)?)?;
                if p == 2.0 {
                    return x.mul(&scale);
                }
                let size = power(&pointwise::abs(&x)?, p - 1.0)?;
                pointwise::sign(&x)?.mul(&size)?.mul(&scale)
            };
            grads![cx.when(0, slope)?]
        }
    }))
}

fn power(t: &Tensor, p: f64) -> Result<Tensor> {
    pointwise::pow(&Operand::from(t), &Operand::from(p))
}

/// `y = log Σ exp(x)`, `∂y/∂x = exp(x - y)`.
pub fn logsumexp(t: &Tensor, dims: &[i64], keepdim: bool) -> Result<Tensor> {
    let t = if t.dtype().is_float() { t.clone() } else { t.to_dtype(DType::default_float())? };
    let over = Reduction::new(&t, dims)?;
    let out = crate::for_float!(t.dtype(), T => over.map::<T, T>(&t, keepdim, &|row| {
        let max = row.iter().map(|v| v.to_f64()).fold(f64::NEG_INFINITY, |m, v| if v.is_nan() || v > m { v } else { m });
        if max.is_infinite() || max.is_nan() {
            return T::from_f64(max);
        }
        T::from_f64(max + row.iter().map(|v| (v.to_f64() - max).exp()).sum::<f64>().ln())
    })?, _ => return Err(Error::DTypeNotSupported { op: "logsumexp", dtype: t.dtype() }));
    Ok(record(out.clone(), "LogsumexpBackward0", [&t], || {
        let (input, output) = (Saved::input(&t), Saved::output(&out));
        move |cx| {
            let slope = || {
                let difference = input.get(cx)?.sub(&over.spread(&output.get(cx)?)?)?;
                over.spread(&cx.grad()?)?.mul(&pointwise::exp(&difference)?)
            };
            grads![cx.when(0, slope)?]
        }
    }))
}
