//! Activations with exponentials in them.
//!
//! A backward pass that is not itself recorded uses one fused loop; with create_graph the same derivative is written
//! with ops, so that it can be differentiated again.

use super::check_float;
use crate::autograd::{Saved, grad_enabled, record};
use crate::bail;
use crate::elementwise::{map, zip};
use crate::error::Result;
use crate::grads;
use crate::kernels::{Real, elementary};
use crate::ops::arithmetic::sub;
use crate::ops::pointwise::{
    abs, as_float, clamp, exp, keep_where, map_slices, map_slices_2, tanh, with_input, with_output,
};
use crate::tensor::Tensor;

/// Runs a slice kernel on a float tensor.
macro_rules! run {
    ($x:expr, $kernel:expr) => {
        crate::for_float!($x.dtype(), T => map_slices::<T>($x, $kernel)?, _ => bail!("an activation of integers"))
    };
}

/// Runs a slice kernel on a gradient and a kept value.
macro_rules! run_2 {
    ($g:expr, $x:expr, $kernel:expr) => {
        crate::for_float!($x.dtype(), T => map_slices_2::<T>($g, $x, $kernel), _ => bail!("an activation of integers"))
    };
}

/// `1 - x`
fn one_less(x: &Tensor) -> Result<Tensor> {
    sub(&1.0.into(), &x.into())
}

/// `y = 1/(1 + e⁻ˣ)`, `y' = y (1 - y)`
pub fn sigmoid(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = run!(x, elementary::sigmoid);
    Ok(with_output(out, "SigmoidBackward0", x, |g, y| {
        if grad_enabled() { g.mul(&y.mul(&one_less(y)?)?) } else { run_2!(g, y, elementary::sigmoid_backward) }
    }))
}

/// `y = ln sigmoid(x)`, `y' = sigmoid(-x)`
pub fn logsigmoid(x: &Tensor) -> Result<Tensor> {
    check_float("log_sigmoid_cpu", x)?;
    let out = crate::for_float!(x.dtype(), T => map_slices::<T>(x, |x, y| {
        elementary::map(x, y, |x| -elementary::softplus_of(-x, T::ONE, T::INFINITY));
    })?, _ => bail!("logsigmoid of integers"));
    Ok(with_input(out, "LogSigmoidBackward0", x, |g, x| g.mul(&sigmoid(&x.neg()?)?)))
}

/// `y = x Φ(x)` with Φ the normal distribution function, or its approximation by tanh.
pub fn gelu(x: &Tensor, approximate: &str) -> Result<Tensor> {
    check_float("GeluKernelImpl", x)?;
    match approximate {
        "none" => Ok(with_input(run!(x, elementary::gelu), "GeluBackward0", x, |g, x| {
            if grad_enabled() { g.mul(&gelu_slope(x)?) } else { run_2!(g, x, elementary::gelu_backward) }
        })),
        "tanh" => Ok(with_input(run!(x, elementary::gelu_tanh), "GeluBackward0", x, |g, x| {
            if grad_enabled() { g.mul(&gelu_tanh_slope(x)?) } else { run_2!(g, x, elementary::gelu_tanh_backward) }
        })),
        _ => bail!("approximate argument must be either none or tanh."),
    }
}

/// `Φ(x) + x φ(x)`; its own derivative is `(2 - x²) φ(x)`.
fn gelu_slope(x: &Tensor) -> Result<Tensor> {
    let out = crate::for_float!(x.dtype(), T => map_slices::<T>(x, |x, y| elementary::map(x, y, elementary::gelu_derivative_of))?,
        _ => bail!("gelu of integers"));
    Ok(with_input(out, "GeluBackwardBackward0", x, |g, x| {
        let square = x.mul(x)?;
        let density = exp(&square.mul_scalar(-0.5)?)?.mul_scalar(0.398_942_280_401_432_7)?;
        g.mul(&density.mul(&sub(&2.0.into(), &(&square).into())?)?)
    }))
}

/// The derivative of `x/2 (1 + tanh(β (x + κ x³)))`.
fn gelu_tanh_slope(x: &Tensor) -> Result<Tensor> {
    const BETA: f64 = 0.797_884_560_802_865_4;
    const KAPPA: f64 = 0.044_715;
    let square = x.mul(x)?;
    let inner = x.mul(&square.mul_scalar(KAPPA)?.add_scalar(1.0)?)?.mul_scalar(BETA)?;
    let t = tanh(&inner)?;
    let inner_slope = square.mul_scalar(3.0 * KAPPA)?.add_scalar(1.0)?.mul_scalar(BETA)?;
    let curved = x.mul(&one_less(&t.mul(&t)?)?)?.mul(&inner_slope)?;
    t.add_scalar(1.0)?.add(&curved)?.mul_scalar(0.5)
}

/// `y = x sigmoid(x)`, `y' = s (1 + x (1 - s))` with `s = sigmoid(x)`
pub fn silu(x: &Tensor) -> Result<Tensor> {
    check_float("silu_cpu", x)?;
    Ok(with_input(run!(x, elementary::silu), "SiluBackward0", x, |g, x| {
        if !grad_enabled() {
            return run_2!(g, x, elementary::silu_backward);
        }
        let s = sigmoid(x)?;
        g.mul(&s.mul(&x.mul(&one_less(&s)?)?.add_scalar(1.0)?)?)
    }))
}

/// `y = x t` with `t = tanh(softplus(x))`, `y' = t + x (1 - t²) sigmoid(x)`
pub fn mish(x: &Tensor) -> Result<Tensor> {
    check_float("mish_cpu", x)?;
    let out = crate::for_float!(x.dtype(), T => map_slices::<T>(x, |x, y| {
        elementary::map(x, y, |x| x * elementary::tanh_of(elementary::softplus_of(x, T::ONE, T::INFINITY)));
    })?, _ => bail!("mish of integers"));
    Ok(with_input(out, "MishBackward0", x, |g, x| {
        let t = tanh(&softplus(x, 1.0, f64::INFINITY)?)?;
        g.mul(&t.add(&x.mul(&one_less(&t.mul(&t)?)?)?.mul(&sigmoid(x)?)?)?)
    }))
}

/// `y = ln(1 + e^(βx))/β`, and x itself where βx exceeds the threshold; `y' = sigmoid(βx)`, or 1.
pub fn softplus(x: &Tensor, beta: f64, threshold: f64) -> Result<Tensor> {
    check_float("softplus_cpu", x)?;
    let out = crate::for_float!(x.dtype(), T => map_slices::<T>(x, |x, y| elementary::softplus(x, y, beta as T, threshold as T))?,
        _ => bail!("softplus of integers"));
    Ok(record(out, "SoftplusBackward0", [x], || {
        let keep = Saved::input(x);
        move |cx| {
            let (g, x) = (cx.grad()?, keep.get(cx)?);
            let is_linear = crate::for_float!(x.dtype(), T => map::<T, bool>(&x, |v| v * beta as T > threshold as T)?,
                _ => bail!("softplus of integers"));
            let curved = g.mul(&sigmoid(&x.mul_scalar(beta)?)?)?;
            let is_curved = map::<bool, bool>(&is_linear, |v| !v)?;
            grads![Some(keep_where(&curved, &is_curved)?.add(&keep_where(&g, &is_linear)?)?)]
        }
    }))
}

/// `y = x/(1 + |x|)`
pub fn softsign(x: &Tensor) -> Result<Tensor> {
    x.div(&abs(x)?.add_scalar(1.0)?)
}

/// `y = x - tanh x`
pub fn tanhshrink(x: &Tensor) -> Result<Tensor> {
    x.sub(&tanh(x)?)
}

/// `y = x` where x > 0, else `α (eˣ - 1)`
pub fn elu(x: &Tensor, alpha: f64) -> Result<Tensor> {
    exponential_below("elu_cpu", "EluBackward0", x, Below { alpha, scale: 1.0, inner: 1.0 })
}

/// [`elu`] with the α and the scale that keep mean 0 and variance 1 (Klambauer et al., 2017).
pub fn selu(x: &Tensor) -> Result<Tensor> {
    let fixed = Below { alpha: 1.673_263_242_354_377_2, scale: 1.050_700_987_355_480_5, inner: 1.0 };
    exponential_below("elu_cpu", "EluBackward0", x, fixed)
}

/// `y = x` where x > 0, else `α (e^(x/α) - 1)`
pub fn celu(x: &Tensor, alpha: f64) -> Result<Tensor> {
    if alpha == 0.0 {
        bail!("ZeroDivisionError: alpha cannot be 0 for CELU");
    }
    exponential_below("elu_cpu", "CeluBackward0", x, Below { alpha, scale: 1.0, inner: 1.0 / alpha })
}

/// `scale x` above 0, `scale α (e^(inner x) - 1)` below.
#[derive(Clone, Copy)]
struct Below {
    alpha: f64,
    scale: f64,
    inner: f64,
}

fn exponential_below(op: &'static str, name: &'static str, x: &Tensor, below: Below) -> Result<Tensor> {
    check_float(op, x)?;
    let out = crate::for_float!(x.dtype(), T => {
        let (factor, scale, inner) = ((below.alpha * below.scale) as T, below.scale as T, below.inner as T);
        map::<T, T>(x, |v| if v <= 0.0 { (v * inner).exp_m1() * factor } else { v * scale })?
    }, _ => bail!("{op}: integers"));
    Ok(record(out, name, [x], || {
        let keep = Saved::input(x);
        move |cx| {
            let (g, x) = (cx.grad()?, keep.get(cx)?);
            grads![Some(if grad_enabled() { below.slope_of(&g, &x)? } else { below.fused_slope(&g, &x)? })]
        }
    }))
}

impl Below {
    fn fused_slope(self, g: &Tensor, x: &Tensor) -> Result<Tensor> {
        crate::for_float!(x.dtype(), T => {
            let (factor, scale, inner) =
                ((self.alpha * self.scale * self.inner) as T, self.scale as T, self.inner as T);
            zip::<T, T, T>(g, x, |g, x| if x <= 0.0 { g * factor * (x * inner).exp() } else { g * scale })
        }, _ => bail!("elu of integers"))
    }

    /// [`Below::fused_slope`] in ops.
    fn slope_of(self, g: &Tensor, x: &Tensor) -> Result<Tensor> {
        let is_below =
            crate::for_float!(x.dtype(), T => map::<T, bool>(x, |v| v <= 0.0)?, _ => bail!("elu of integers"));
        let is_above = map::<bool, bool>(&is_below, |v| !v)?;
        let power = exp(&clamp(x, None, Some(0.0.into()), "ClampBackward1")?.mul_scalar(self.inner)?)?;
        let curved = g.mul(&power.mul_scalar(self.alpha * self.scale * self.inner)?)?;
        keep_where(&curved, &is_below)?.add(&keep_where(&g.mul_scalar(self.scale)?, &is_above)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_far_from_zero_neither_overflow_nor_vanish() {
        let x = Tensor::from_vec(vec![-200.0f32, 200.0], &[2]).unwrap();
        let values = |t: Result<Tensor>| t.unwrap().to_vec::<f32>().unwrap();
        assert_eq!(values(logsigmoid(&x)), [-200.0, 0.0]);
        assert_eq!(values(softplus(&x, 1.0, 20.0)), [0.0, 200.0]);
        assert_eq!(values(mish(&x))[1], 200.0);
        assert_eq!(values(elu(&x, 1.0)), [-1.0, 200.0]);
    }
}
