//! Distances between vectors in the norm of order p: `‖x‖ₚ = (Σ |xᵢ|ᵖ)^(1/p)`.

use crate::autograd::{Saved, record};
use crate::bail;
use crate::element::{Element, Number};
use crate::elementwise::{map, zip};
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::ops::pointwise::{self, keep_where};
use crate::ops::view;
use crate::shape::{Dims, Shape, broadcast};
use crate::storage::allocate;
use crate::tensor::Tensor;

/// The norm of order p over the last dimension, which stays with size 1 if `keepdim`.
///
/// `∂‖x‖/∂xᵢ = sign(xᵢ)|xᵢ|^(p-1) / ‖x‖^(p-1)`, and 0 where the norm is 0.
pub fn p_norm(x: &Tensor, p: f64, keepdim: bool) -> Result<Tensor> {
    p_norm_named("NormBackward1", x, p, keepdim)
}

fn p_norm_named(name: &'static str, x: &Tensor, p: f64, keepdim: bool) -> Result<Tensor> {
    let Some((&n, rows)) = x.shape().split_last() else { return pointwise::abs(x) };
    let out = crate::for_float!(x.dtype(), T => {
        let data = x.dense::<T>()?;
        let mut out: Vec<T> = allocate(rows)?;
        if n == 0 {
            out.resize(crate::shape::numel(rows), 0.0);
        } else {
            out.extend(data.chunks_exact(n).map(|row| norm_of(row, p)));
        }
        let kept: Shape = rows.iter().copied().chain(keepdim.then_some(1)).collect();
        Tensor::from_parts(out, &kept)
    }, _ => return Err(Error::DTypeNotSupported { op: "norm", dtype: x.dtype() }));
    Ok(record(out.clone(), name, [x], || {
        let (keep_x, keep_norm) = (Saved::input(x), Saved::output(&out));
        move |cx| {
            let (mut g, x, mut norm) = (cx.grad()?, keep_x.get(cx)?, keep_norm.get(cx)?);
            if !keepdim {
                (g, norm) = (view::unsqueeze(&g, -1)?, view::unsqueeze(&norm, -1)?);
            }
            grads![Some(norm_gradient(&g, &x, &norm, p)?)]
        }
    }))
}

fn norm_gradient(g: &Tensor, x: &Tensor, norm: &Tensor, p: f64) -> Result<Tensor> {
    if p == 0.0 {
        return x.zeros_like();
    }
    if p == 1.0 {
        return g.mul(&pointwise::sign(x)?);
    }
    if p.is_infinite() {
        // Shared evenly by the elements that are as large as the norm.
        let size = pointwise::abs(x)?.detach();
        let is_largest = crate::for_float!(x.dtype(), T => zip::<T, T, T>(&size, &norm.detach(), |a, b| T::from(u8::from(a == b)))?,
            _ => return Err(Error::DTypeNotSupported { op: "norm", dtype: x.dtype() }));
        let count = crate::ops::reduce::sum(&is_largest, &[-1], true, None)?;
        return g.mul(&pointwise::sign(x)?)?.mul(&is_largest.div(&count)?);
    }
    let is_positive = crate::for_float!(x.dtype(), T => map::<T, bool>(norm, |v| v != 0.0)?,
        _ => return Err(Error::DTypeNotSupported { op: "norm", dtype: x.dtype() }));
    let direction = if p == 2.0 {
        x.div(norm)?
    } else {
        let ratio = pointwise::abs(x)?.div(norm)?;
        pointwise::sign(x)?.mul(&pointwise::pow(&(&ratio).into(), &(p - 1.0).into())?)?
    };
    keep_where(&g.mul(&direction)?, &is_positive.expand_to(x.shape()))
}

fn norm_of<T: Real + Number>(row: &[T], p: f64) -> T {
    let sizes = row.iter().map(|&v| Element::to_f64(v).abs());
    <T as Element>::from_f64(if p == 0.0 {
        sizes.filter(|&v| v != 0.0).count() as f64
    } else if p == 1.0 {
        sizes.sum()
    } else if p == 2.0 {
        sizes.map(|v| v * v).sum::<f64>().sqrt()
    } else if p == f64::INFINITY {
        sizes.fold(0.0, |max, v| if v > max || v.is_nan() { v } else { max })
    } else if p == f64::NEG_INFINITY {
        sizes.fold(f64::INFINITY, |min, v| if v < min || v.is_nan() { v } else { min })
    } else {
        sizes.map(|v| v.powf(p)).sum::<f64>().powf(1.0 / p)
    })
}

/// The distance of every row of `x1` (…, P, M) from every row of `x2` (…, R, M): (…, P, R).
pub fn cdist(x1: &Tensor, x2: &Tensor, p: f64) -> Result<Tensor> {
    for (name, x) in [("X1", x1), ("X2", x2)] {
        if x.rank() < 2 {
            bail!("cdist only supports at least 2D tensors, {name} got: {}D", x.rank());
        }
        if !x.dtype().is_float() {
            bail!("cdist only supports floating-point dtypes, {name} got: {}", x.dtype().torch_name());
        }
    }
    let (m1, m2) = (x1.shape()[x1.rank() - 1], x2.shape()[x2.rank() - 1]);
    if m1 != m2 {
        bail!("X1 and X2 must have the same number of columns. X1: {m1} X2: {m2}");
    }
    if p < 0.0 || p.is_nan() {
        bail!("cdist only supports non-negative p values");
    }
    broadcast(&x1.shape()[..x1.rank() - 2], &x2.shape()[..x2.rank() - 2]).map_err(|_| {
        Error::Runtime(format!("cdist: batches {} and {} do not broadcast", Dims(x1.shape()), Dims(x2.shape())))
    })?;
    p_norm_named("CdistBackward0", &view::unsqueeze(x1, -2)?.sub(&view::unsqueeze(x2, -3)?)?, p, false)
}
