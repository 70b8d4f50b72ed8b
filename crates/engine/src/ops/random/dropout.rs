//! Dropout: elements, or whole channels, are switched off at random while a network trains.
//!
//! With `m` Bernoulli(1 - p), plain dropout is `y = x m / (1 - p)` (N. Srivastava et al., JMLR 15, 2014). Alpha
//! dropout is `y = a (x m + α (1 - m)) + b'` for SELU networks (G. Klambauer et al., 2017), where `α = -1.758...` is
//! SELU's negative limit and `a`, `b'` keep mean and variance; in the form `y = x f + s` with `f = a m` and
//! `s = a |α| (m - 1) + a |α| p`.
//!
//! The mask takes a float64 uniform (two words) for each element or channel.

use super::{draw_like, draw_shape};
use crate::autograd::inplace;
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::Number;
use crate::error::{Error, Result};
use crate::ops::arithmetic;
use crate::random::{Real, SharedGenerator, bernoulli};
use crate::tensor::Tensor;

/// The limit of SELU at minus infinity, without its sign.
const SELU_LIMIT: f64 = 1.758_099_340_847_376_6;

/// What is dropped, and what takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropoutKind {
    /// Single elements become 0.
    Elements,
    /// Whole channels (dimension 1) become 0.
    Features,
    /// Single elements become SELU's negative limit.
    Alpha,
    /// Whole channels become SELU's negative limit.
    FeatureAlpha,
}

impl DropoutKind {
    fn is_alpha(self) -> bool {
        matches!(self, Self::Alpha | Self::FeatureAlpha)
    }

    fn is_feature(self) -> bool {
        matches!(self, Self::Features | Self::FeatureAlpha)
    }
}

/// Drops out parts of a tensor with probability `p`; returns the tensor itself where there is nothing to do.
pub fn dropout(x: &Tensor, kind: DropoutKind, p: f64, train: bool, generator: &SharedGenerator) -> Result<Tensor> {
    match Mask::draw(x, kind, p, train, generator)? {
        Some(mask) => mask.apply(x),
        None => Ok(x.clone()),
    }
}

/// Drops out parts of a tensor in place.
pub fn dropout_(x: &Tensor, kind: DropoutKind, p: f64, train: bool, generator: &SharedGenerator) -> Result<Tensor> {
    let tracked = inplace::check_writable(x)?;
    if let Some(mask) = Mask::draw(x, kind, p, train, generator)? {
        let before = if tracked { inplace::snapshot(x)? } else { x.clone() };
        inplace::assign(x, &mask.apply(&before)?)?;
    }
    Ok(x.clone())
}

/// `y = x factor + shift`
struct Mask {
    factor: Option<Tensor>,
    shift: Option<Tensor>,
}

impl Mask {
    fn draw(x: &Tensor, kind: DropoutKind, p: f64, train: bool, generator: &SharedGenerator) -> Result<Option<Mask>> {
        if !(0.0..=1.0).contains(&p) {
            bail!("dropout probability has to be between 0 and 1, but got {p}");
        }
        if p == 0.0 || !train || x.numel() == 0 {
            return Ok(None);
        }
        if p == 1.0 {
            return Ok(Some(Mask { factor: None, shift: None }));
        }
        if kind.is_feature() && x.rank() < 2 {
            bail!("Feature dropout requires at least 2 dimensions in the input, but got {}", x.rank());
        }
        crate::for_float!(x.dtype(), T => Self::draw_as::<T>(x, kind, p, generator).map(Some),
            _ => Err(Error::CannotCast { from: DType::F32, to: x.dtype() }))
    }

    fn draw_as<T: Real + Number>(x: &Tensor, kind: DropoutKind, p: f64, generator: &SharedGenerator) -> Result<Mask> {
        let draw = |mask: &mut [T]| Ok(bernoulli(&mut generator.lock(), mask, 1.0 - p)?);
        let kept = if kind.is_feature() {
            let mut shape = vec![1; x.rank()];
            shape[..2].copy_from_slice(&x.shape()[..2]);
            draw_shape::<T>(&shape, draw)?
        } else {
            draw_like::<T>(x, draw)?
        };
        let (one, zero) = (T::from_f64(1.0), T::from_f64(0.0));
        let choose = |on: T, off: T| crate::elementwise::map::<T, T>(&kept, |m| if m == one { on } else { off });
        if !kind.is_alpha() {
            let scale = one.over(T::from_f64(1.0 - p));
            return Ok(Mask { factor: Some(choose(scale, zero)?), shift: None });
        }
        let scale = 1.0 / ((SELU_LIMIT * SELU_LIMIT * p + 1.0) * (1.0 - p)).sqrt();
        let (limit, shift) = (T::from_f64(SELU_LIMIT * scale), T::from_f64(SELU_LIMIT * scale * p));
        Ok(Mask { factor: Some(choose(T::from_f64(scale), zero)?), shift: Some(choose(shift, shift.sub(limit))?) })
    }

    fn apply(&self, x: &Tensor) -> Result<Tensor> {
        let Some(factor) = &self.factor else {
            return arithmetic::mul(&x.into(), &Scalar::Int(0).into());
        };
        let scaled = x.mul(factor)?;
        match &self.shift {
            Some(shift) => scaled.add(shift),
            None => Ok(scaled),
        }
    }
}
