//! Fourier transforms of real signals, as pairs of real and imaginary parts.
//!
//! `X[k] = Σₙ x[n]·exp(−2πi·kn/N)` for k from 0 to N/2, and back `x[n] = (1/N)·Σₖ X[k]·exp(2πi·kn/N)` over all k, where
//! the upper half mirrors the lower one. Each one's derivative is the other: the parts between the first and the last
//! stand for two, so they count double on one way and half on the other.

use realfft::num_complex::Complex;
use realfft::{FftNum, RealFftPlanner};

use super::value::Args;
use super::{OpDef, PRIVATE, join, op, value, view};
use crate::autograd::record_many;
use crate::bail;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::kernels::parallel::for_each_chunk_2;
use crate::shape::{Shape, numel, wrap_dim};
use crate::storage::filled;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "_rfft(Tensor input, int n, int dim=-1)",
        PRIVATE,
        "The Fourier transform of n real values along dim (cut, or continued by zeros): real and imaginary parts of \
         the first n // 2 + 1 frequencies.",
        |a| {
            let (x, n, dim) = operands(a, 0, 1, 2)?;
            let parts = rfft(&x, n)?;
            value(parts.iter().map(|t| view::transpose(t, dim, -1)).collect::<Result<Vec<_>>>())
        },
        &["[2,6], 6", "[5], 5", "[2,3,4], 4, 0", "[2,3], 8, 1", "[4], 1"],
    ),
    op(
        "_irfft(Tensor real, Tensor imag, int n, int dim=-1)",
        PRIVATE,
        "The n real values along dim that have this transform, of which the first n // 2 + 1 frequencies are given.",
        |a| {
            if a.tensor(0).shape() != a.tensor(1).shape() {
                bail!("irfft: real and imaginary parts must have the same shape");
            }
            let ((re, n, dim), (im, ..)) = (operands(a, 0, 2, 3)?, operands(a, 1, 2, 3)?);
            value(irfft(&re, &im, n).and_then(|t| view::transpose(&t, dim, -1)))
        },
        &["[2,4], [2,4], 6", "[3], [3], 5", "[3,2], [3,2], 4, 0", "[2,2], [2,2], 8, 1", "[1], [1], 1"],
    ),
];

/// Reads a tensor with its dimension in the last place, and the length of the transform.
fn operands(a: &Args, tensor: usize, length: usize, dim: usize) -> Result<(Tensor, usize, i64)> {
    let t = a.tensor(tensor);
    if t.rank() == 0 {
        bail!("a Fourier transform needs at least one dimension");
    }
    let dim = wrap_dim(a.int(dim), t.rank())? as i64;
    let Some(n) = usize::try_from(a.int(length)).ok().filter(|&n| n > 0) else {
        bail!("Invalid number of data points ({}) specified", a.int(length));
    };
    Ok((view::transpose(t, dim, -1)?, n, dim))
}

/// Cuts the last dimension to `n` elements, or continues it by zeros.
fn fitted(t: &Tensor, n: usize) -> Result<Tensor> {
    let (last, size) = (t.rank() - 1, t.shape()[t.rank() - 1]);
    if size >= n {
        return view::narrow(t, last as i64, 0, n as i64);
    }
    let mut shape = Shape::from(t.shape());
    shape[last] = n - size;
    join::cat(&[t.clone(), Tensor::zeros(&shape, t.dtype())?], last as i64)
}

fn with_last(t: &Tensor, n: usize) -> Shape {
    let mut shape = Shape::from(t.shape());
    if let Some(last) = shape.last_mut() {
        *last = n;
    }
    shape
}

/// How many of the `n` frequencies each of the first `n / 2 + 1` stands for.
fn multiples(n: usize, like: &Tensor) -> Result<Tensor> {
    let counts = (0..n / 2 + 1).map(|k| if k == 0 || 2 * k == n { 1.0 } else { 2.0 }).collect();
    Tensor::from_vec::<f64>(counts, &[n / 2 + 1])?.to_dtype(like.dtype())
}

fn rfft(x: &Tensor, n: usize) -> Result<Vec<Tensor>> {
    let x = fitted(x, n)?;
    let outs = crate::for_float!(x.dtype(), T => rfft_rows::<T>(&x, n)?,
        _ => return Err(Error::DTypeNotSupported { op: "rfft", dtype: x.dtype() }));
    Ok(record_many(outs, "FftR2CBackward0", &[&x], || {
        move |cx| {
            let (re, im) = (cx.grad_at(0)?, cx.grad_at(1)?);
            let multiples = multiples(n, &re)?;
            grads![Some(irfft(&re.div(&multiples)?, &im.div(&multiples)?, n)?.mul_scalar(n as f64)?)]
        }
    }))
}

fn irfft(re: &Tensor, im: &Tensor, n: usize) -> Result<Tensor> {
    let (re, im) = (fitted(re, n / 2 + 1)?, fitted(im, n / 2 + 1)?);
    if re.dtype() != im.dtype() {
        bail!("irfft: real and imaginary parts must have the same dtype");
    }
    let out = crate::for_float!(re.dtype(), T => irfft_rows::<T>(&re, &im, n)?,
        _ => return Err(Error::DTypeNotSupported { op: "irfft", dtype: re.dtype() }));
    Ok(crate::autograd::record(out, "FftC2RBackward0", [&re, &im], || {
        move |cx| {
            let parts = rfft(&cx.grad()?, n)?;
            let multiples = multiples(n, &parts[0])?;
            let part = |i: usize| parts[i].mul(&multiples)?.div_scalar(n as f64);
            grads![cx.when(0, || part(0))?, cx.when(1, || part(1))?]
        }
    }))
}

fn work(elements: usize, n: usize) -> usize {
    elements.saturating_mul(n.ilog2() as usize + 1)
}

fn rfft_rows<T: Element + Real + FftNum>(x: &Tensor, n: usize) -> Result<Vec<Tensor>> {
    let (bins, shape) = (n / 2 + 1, with_last(x, n / 2 + 1));
    let data = x.dense::<T>()?;
    let zero = <T as Real>::ZERO;
    let (mut re, mut im) = (filled::<T>(&shape, zero)?, filled::<T>(&shape, zero)?);
    let transform = RealFftPlanner::<T>::new().plan_fft_forward(n);
    for_each_chunk_2((&mut re, bins), (&mut im, bins), work(data.len(), n), |row, re, im| {
        let mut input = data[row * n..][..n].to_vec();
        let mut output = vec![Complex::new(zero, zero); bins];
        // The only error is a buffer of another length than the plan's.
        if transform.process(&mut input, &mut output).is_ok() {
            for (k, value) in output.iter().enumerate() {
                (re[k], im[k]) = (value.re, value.im);
            }
        }
    });
    Ok(vec![Tensor::from_vec(re, &shape)?, Tensor::from_vec(im, &shape)?])
}

fn irfft_rows<T: Element + Real + FftNum>(re: &Tensor, im: &Tensor, n: usize) -> Result<Tensor> {
    let (bins, shape) = (n / 2 + 1, with_last(re, n));
    let (re, im) = (re.dense::<T>()?, im.dense::<T>()?);
    let zero = <T as Real>::ZERO;
    let scale = <T as Real>::ONE / <T as Real>::from_usize(n);
    let mut out = filled::<T>(&shape, zero)?;
    debug_assert_eq!(out.len(), numel(&shape));
    let transform = RealFftPlanner::<T>::new().plan_fft_inverse(n);
    let work = work(out.len(), n);
    crate::kernels::parallel::for_each_chunk(&mut out, n, work, |row, out| {
        let parts = re[row * bins..][..bins].iter().zip(&im[row * bins..][..bins]);
        let mut input: Vec<Complex<T>> = parts.map(|(&re, &im)| Complex::new(re, im)).collect();
        // A real signal has no imaginary part at these frequencies: what is given there is without effect.
        input[0].im = zero;
        if n.is_multiple_of(2) {
            input[bins - 1].im = zero;
        }
        if transform.process(&mut input, out).is_ok() {
            out.iter_mut().for_each(|x| *x *= scale);
        }
    });
    Tensor::from_vec(out, &shape)
}
