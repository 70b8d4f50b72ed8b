//! Functions of three tensors, and the whole-number functions of two.

use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::{DType, Promotion, Scalar};
use crate::element::{Element, Number};
use crate::elementwise::zip3;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::Operand;
use crate::ops::arithmetic::{Pair, mul, sub};
use crate::ops::matmul::product::c_name;
use crate::tensor::Tensor;

/// `y = a + w (b - a)`: `∂y/∂a = 1 - w`, `∂y/∂b = w`, `∂y/∂w = b - a`.
pub fn lerp(a: &Tensor, b: &Tensor, weight: &Operand) -> Result<Tensor> {
    let name = if matches!(weight, Operand::Tensor(_)) { "LerpBackward1" } else { "LerpBackward0" };
    if a.dtype() != b.dtype() {
        bail!("expected dtype {} for `end` but got dtype {}", c_name(a.dtype()), c_name(b.dtype()));
    }
    let weight = match weight {
        Operand::Tensor(w) if w.dtype() != a.dtype() => {
            bail!("expected dtype {} for `weight` but got dtype {}", c_name(a.dtype()), c_name(w.dtype()))
        }
        Operand::Tensor(w) => w.clone(),
        Operand::Scalar(s) => Tensor::full(&[], *s, a.dtype())?,
    };
    let out = crate::for_float!(a.dtype(), T => zip3::<T, T, T, T>(a, b, &weight, |a, b, w| {
        if w.abs() < 0.5 { w.mul_add(b - a, a) } else { (w - 1.0).mul_add(b - a, b) }
    })?, _ => return Err(Error::DTypeNotSupported { op: "lerp_kernel_scalar", dtype: a.dtype() }));
    Ok(record(out, name, [a, b, &weight], || {
        let (keep_a, keep_b, keep_w) = (Saved::input(a), Saved::input(b), Saved::input(&weight));
        move |cx| {
            let (g, w) = (cx.grad()?, keep_w.get(cx)?);
            grads![
                cx.when(0, || g.mul(&sub(&1.0.into(), &(&w).into())?))?,
                cx.when(1, || g.mul(&w))?,
                cx.when(2, || g.mul(&keep_b.get(cx)?.sub(&keep_a.get(cx)?)?))?,
            ]
        }
    }))
}

fn promoted(tensors: [&Tensor; 3]) -> Result<[Tensor; 3]> {
    let dtype = tensors.iter().fold(Promotion::default(), |p, t| p.tensor(t.dtype(), t.rank())).result();
    let [x, a, b] = tensors;
    Ok([x.to_dtype(dtype)?, a.to_dtype(dtype)?, b.to_dtype(dtype)?])
}

/// `y = x + v a b`
pub fn addcmul(x: &Tensor, a: &Tensor, b: &Tensor, value: Scalar) -> Result<Tensor> {
    let [x, a, b] = &promoted([x, a, b])?;
    let out = crate::for_number!(x.dtype(), T => {
        let v = <T as Element>::from_scalar(value);
        zip3::<T, T, T, T>(x, a, b, |x, a, b| Number::add(x, Number::mul(Number::mul(v, a), b)))?
    }, _ => return Err(Error::DTypeNotSupported { op: "addcmul_cpu_out", dtype: DType::Bool }));
    Ok(record(out, "AddcmulBackward0", [x, a, b], || {
        let (keep_a, keep_b) = (Saved::input(a), Saved::input(b));
        move |cx| {
            let g = cx.grad()?;
            let scaled = || mul(&(&g).into(), &value.into());
            grads![
                cx.needs(0).then(|| g.clone()),
                cx.when(1, || scaled()?.mul(&keep_b.get(cx)?))?,
                cx.when(2, || scaled()?.mul(&keep_a.get(cx)?))?,
            ]
        }
    }))
}

/// `y = x + v a / b`
pub fn addcdiv(x: &Tensor, a: &Tensor, b: &Tensor, value: Scalar) -> Result<Tensor> {
    let [x, a, b] = &promoted([x, a, b])?;
    let out = crate::for_float!(x.dtype(), T => {
        let v = <T as Element>::from_scalar(value);
        zip3::<T, T, T, T>(x, a, b, |x, a, b| x + v * a / b)?
    }, _ => bail!(
        "Integer division with addcdiv is no longer supported; use input + value * torch.trunc(tensor1 / tensor2) for \
         integers, or convert the tensors to floats."
    ));
    Ok(record(out, "AddcdivBackward0", [x, a, b], || {
        let (keep_a, keep_b) = (Saved::input(a), Saved::input(b));
        move |cx| {
            let (g, b) = (cx.grad()?, keep_b.get(cx)?);
            let scaled = || mul(&(&g).into(), &value.into());
            grads![
                cx.needs(0).then(|| g.clone()),
                cx.when(1, || scaled()?.div(&b))?,
                cx.when(2, || scaled()?.mul(&keep_a.get(cx)?.div(&b.mul(&b)?)?)?.neg())?,
            ]
        }
    }))
}

/// The greatest common divisor.
pub fn gcd(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    whole_numbers("gcd_cpu", a, b, |a, b| divisor(a, b) as i64)
}

/// The least common multiple.
pub fn lcm(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    whole_numbers("lcm_cpu", a, b, |a, b| match divisor(a, b) {
        0 => 0,
        d => ((a.unsigned_abs() / d).wrapping_mul(b.unsigned_abs()) as i64).wrapping_abs(),
    })
}

fn divisor(a: i64, b: i64) -> u64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn whole_numbers(op: &'static str, a: &Tensor, b: &Tensor, f: fn(i64, i64) -> i64) -> Result<Tensor> {
    let pair = Pair::new(&a.into(), &b.into(), |d| d)?;
    let unsupported = || Error::DTypeNotSupported { op, dtype: pair.dtype() };
    if !pair.dtype().is_int() {
        return Err(unsupported());
    }
    crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(|a, b| <T as Element>::from_i64(f(Element::to_i64(a), Element::to_i64(b)))),
        _ => Err(unsupported()))
}
