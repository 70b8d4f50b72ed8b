//! Borders around a tensor: of one number, or of the tensor's own elements.

use std::sync::Arc;

use smallvec::SmallVec;

use super::rearrange::{Maps, pull};
use crate::autograd::{no_grad, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::create::fitting;
use crate::ops::view::narrow;
use crate::ops::{NN, OpDef, TORCH, op, value};
use crate::shape::{Dims, Shape, checked_numel};
use crate::tensor::Tensor;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "pad(Tensor input, int[] pad, str mode='constant', float? value=None)",
        NN,
        "Adds borders: `pad` holds how many elements before and after the last dimension, then the one before it, and \
         so on; negative numbers cut off. Modes: 'constant' fills with `value`, 'reflect' mirrors without repeating \
         the edge, 'replicate' repeats the edge, 'circular' comes back from the other side.",
        |a| value(pad(a.tensor(0), &a.ints(1), a.str(2), a.float_opt(3))),
        &[
            "[2,3], (1,2)",
            "[2,3], (1,-1,0,2), 'constant', 3.5",
            "[2,3], ()",
            "[0,2], (1,1)",
            "[2,3], (2,1), 'reflect'",
            "[1,2,3,4], (1,2,2,0), 'reflect'",
            "[1,2,3], (1,-1), 'reflect'",
            "[2,3], (4,1), 'replicate'",
            "[1,1,2,3], (1,1,0,2), 'replicate'",
            "[1,2,3], (-1,1), 'replicate'",
            "[2,3], (3,2), 'circular'",
            "[1,2,3], (-1,2), 'circular'",
            "[1,2,2,2,3], (1,1,1,1,1,0), 'circular'",
        ],
    ),
    op(
        "constant_pad_nd(Tensor input, int[] pad, Scalar value=0)",
        TORCH,
        "Adds borders of one number, as torch.nn.functional.pad() does.",
        |a| value(constant_pad(a.tensor(0), &a.ints(1), a.scalar(2))),
        &["[2,3], (1,2), 2"],
    ),
];

/// Adds borders.
pub fn pad(t: &Tensor, pad: &[i64], mode: &str, number: Option<f64>) -> Result<Tensor> {
    if !pad.len().is_multiple_of(2) {
        bail!("Padding length must be divisible by 2, but got {} numbers", pad.len());
    }
    if pad.len() / 2 > t.rank() {
        bail!(
            "Padding length should be less than or equal to two times the input dimension but got padding length {} and \
             input of dimension {}",
            pad.len(),
            t.rank()
        );
    }
    if mode == "constant" {
        return constant_pad(t, pad, Scalar::Float(number.unwrap_or(0.0)));
    }
    if number.is_some_and(|v| v != 0.0) {
        bail!("Padding mode \"{mode}\" doesn't take in value argument");
    }
    if !matches!(mode, "reflect" | "replicate" | "circular") {
        bail!(NotImplemented: "Unrecognised padding mode {mode}");
    }
    let padded = pad.len() / 2;
    if !(1..=3).contains(&padded) || !(padded + 1..=padded + 2).contains(&t.rank()) {
        bail!(NotImplemented: "Padding size {} is not supported for {}D input tensor.", pad.len(), t.rank());
    }
    if mode == "circular" {
        return circular(t, pad);
    }
    if t.dtype() == DType::Bool {
        return Err(Error::DTypeNotSupported {
            op: if mode == "reflect" { "reflection_pad" } else { "replication_pad" },
            dtype: t.dtype(),
        });
    }
    if t.shape()[t.rank() - padded - 1..].contains(&0) {
        bail!(
            "Expected {}D or {}D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, \
             but got: {}",
            padded + 1,
            padded + 2,
            Dims(t.shape())
        );
    }
    if mode == "reflect" { reflect(t, pad) } else { replicate(t, pad) }
}

/// Returns the numbers before and after dimension `d`.
fn sides(pad: &[i64], rank: usize, d: usize) -> (i64, i64) {
    let from_last = rank - 1 - d;
    pad.get(2 * from_last..2 * from_last + 2).map_or((0, 0), |pair| (pair[0], pair[1]))
}

fn padded_shape(t: &Tensor, pad: &[i64]) -> Result<Shape> {
    let mut shape = Shape::new();
    for (d, &n) in t.shape().iter().enumerate() {
        let (before, after) = sides(pad, t.rank(), d);
        let size = (n as i64).checked_add(before).and_then(|size| size.checked_add(after));
        match size {
            Some(size) if size > 0 || (size == 0 && (before, after) == (0, 0)) => shape.push(size as usize),
            _ => bail!(
                "input (dimension {d}: {n}) is too small. The padding ({before}, {after}) leaves {} elements",
                size.unwrap_or(i64::MAX)
            ),
        }
    }
    checked_numel(&shape)?;
    Ok(shape)
}

/// Fills the border with one number; the derivative cuts it off again.
pub fn constant_pad(t: &Tensor, pad: &[i64], number: Scalar) -> Result<Tensor> {
    if !pad.len().is_multiple_of(2) || pad.len() / 2 > t.rank() {
        bail!(
            "Length of pad must be even and no more than twice the number of dimensions of the input. Pad length is {} \
             while the input has {} dimensions.",
            pad.len(),
            t.rank()
        );
    }
    let number = fitting(number, t.dtype())?;
    let mut shape = Shape::new();
    // The part of the input that stays, and where it stands in the output.
    let mut parts: SmallVec<[(i64, i64, i64); 4]> = SmallVec::new();
    for (d, &n) in t.shape().iter().enumerate() {
        let (before, after) = sides(pad, t.rank(), d);
        let kept = before.min(0).saturating_add(after.min(0)).saturating_add(n as i64);
        let size = (n as i64).checked_add(before).and_then(|size| size.checked_add(after));
        let Some(size) = size.filter(|&size| size >= 0 && kept >= 0) else {
            bail!(
                "The input size {n}, plus negative padding {before} and {after} resulted in a negative output size, \
                 which is invalid. Check dimension {d} of your input."
            );
        };
        shape.push(size as usize);
        let start = before.checked_neg().unwrap_or(i64::MAX).clamp(0, n as i64);
        let end = (n as i64).saturating_add(after.min(0)).max(start);
        parts.push((start, before.max(0), end - start));
    }
    checked_numel(&shape)?;
    let out = Tensor::full(&shape, number, t.dtype())?;
    no_grad(|| {
        let (mut source, mut target) = (t.clone(), out.clone());
        for (d, &(from, to, length)) in parts.iter().enumerate() {
            let length = length.min(shape[d] as i64 - to.min(shape[d] as i64));
            source = narrow(&source, d as i64, from, length)?;
            target = narrow(&target, d as i64, to.min(shape[d] as i64), length)?;
        }
        target.write_data(&source)
    })?;
    Ok(record(out, "ConstantPadNdBackward0", [t], || {
        let undo: SmallVec<[i64; 8]> = pad.iter().map(|&p| p.saturating_neg()).collect();
        move |cx| grads![cx.when(0, || constant_pad(&cx.grad()?, &undo, Scalar::Int(0)))?]
    }))
}

fn reflect(t: &Tensor, pad: &[i64]) -> Result<Tensor> {
    for (d, &n) in t.shape().iter().enumerate() {
        let (before, after) = sides(pad, t.rank(), d);
        if before >= n as i64 && before > 0 || after >= n as i64 && after > 0 {
            bail!(
                "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding \
                 ({before}, {after}) at dimension {d} of input {}",
                Dims(t.shape())
            );
        }
    }
    let names = ["ReflectionPad1DBackward0", "ReflectionPad2DBackward0", "ReflectionPad3DBackward0"];
    bordered(t, pad, names, |i, n| {
        let i = i.unsigned_abs() as i64;
        if i < n { i } else { 2 * (n - 1) - i }
    })
}

fn replicate(t: &Tensor, pad: &[i64]) -> Result<Tensor> {
    let names = ["ReplicationPad1DBackward0", "ReplicationPad2DBackward0", "ReplicationPad3DBackward0"];
    bordered(t, pad, names, |i, n| i.clamp(0, n - 1))
}

fn circular(t: &Tensor, pad: &[i64]) -> Result<Tensor> {
    for (d, &n) in t.shape().iter().enumerate() {
        let (before, after) = sides(pad, t.rank(), d);
        if before > n as i64 || after > n as i64 {
            bail!("Padding value causes wrapping around more than once.");
        }
        let kept = before.min(0).saturating_add(after.min(0)).saturating_add(n as i64);
        if kept < 0 || (kept == 0 && (before > 0 || after > 0)) {
            bail!("Negative padding value is resulting in an empty dimension");
        }
    }
    // What is cut off does not come back on the other side.
    let cut: SmallVec<[i64; 8]> = pad.iter().map(|&p| p.min(0)).collect();
    let added: SmallVec<[i64; 8]> = pad.iter().map(|&p| p.max(0)).collect();
    let kept = if cut.iter().any(|&p| p < 0) { constant_pad(t, &cut, Scalar::Int(0))? } else { t.clone() };
    bordered(&kept, &added, ["CircularPadBackward0"; 3], |i, n| i.rem_euclid(n))
}

/// Reads the border from the input: index `i` of a dimension of size `n`, outside of it too, reads `within(i, n)`.
fn bordered(t: &Tensor, pad: &[i64], names: [&'static str; 3], within: impl Fn(i64, i64) -> i64) -> Result<Tensor> {
    let shape = padded_shape(t, pad)?;
    let maps = Maps::new(t.shape(), &shape, |d, i| {
        within(i as i64 - sides(pad, t.rank(), d).0, t.shape()[d] as i64).max(0) as usize
    })?;
    pull(t, &Arc::new(maps), names[(pad.len() / 2).clamp(1, 3) - 1])
}
