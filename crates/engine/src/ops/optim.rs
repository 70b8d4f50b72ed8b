//! The steps of the optimisers: all parameters at once, each in one pass over its memory.
//!
//! Every step does what torch's does, operation by operation, with its order of roundings: where torch's kernels fuse a
//! product into a sum (`add` with alpha, `addcmul`, `lerp`), so does `Float::fused`. Trajectories in float32 thus
//! agree to the last bit.

mod clip;
mod memory;

pub use clip::clip_grad_norm;

use memory::{Float, check_lengths, update};

use super::{Args, OpDef, PRIVATE, op, value};
use crate::bail;
use crate::element::Element;
use crate::error::Result;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "_sgd_step(Tensor[] params, Tensor[] grads, Tensor[] momentum_buffers, int[] first, float lr, float momentum, float \
         dampening, float weight_decay, bool nesterov, bool maximize)",
        PRIVATE,
        "Moves parameters against their gradients, with momentum. `first` says which buffers are new.",
        |a| value(sgd_step(a)),
        &[
            "(c[2,3],), (c[2,3],), (c[2,3],), (1,), 0.1, 0.9, 0.0, 0.01, True, False",
            "(c[2],), (c[2],), (), (0,), 0.1, 0.0, 0.0, 0.0, False, True",
        ],
    ),
    op(
        "_adam_step(Tensor[] params, Tensor[] grads, Tensor[] exp_avgs, Tensor[] exp_avg_sqs, Tensor[] max_exp_avg_sqs, \
         int[] steps, float lr, float beta1, float beta2, float eps, float weight_decay, bool decoupled, bool amsgrad, bool \
         maximize)",
        PRIVATE,
        "Moves parameters by the ratio of running means of the gradient and of its square (Adam, AdamW).",
        |a| value(adam_step(a)),
        &[
            "(c[2,3],), (c[2,3],), (c[2,3],), (p[2,3],), (p[2,3],), (3,), 0.1, 0.9, 0.999, 1e-8, 0.01, True, True, False",
            "(c[2],), (c[2],), (c[2],), (p[2],), (), (1,), 0.1, 0.9, 0.999, 1e-8, 0.01, False, False, True",
        ],
    ),
    op(
        "_rmsprop_step(Tensor[] params, Tensor[] grads, Tensor[] square_avgs, Tensor[] momentum_buffers, Tensor[] grad_avgs, \
         float lr, float alpha, float eps, float weight_decay, float momentum, bool centered, bool maximize)",
        PRIVATE,
        "Moves parameters by the gradient over the root of its running mean square.",
        |a| value(rmsprop_step(a)),
        &["(c[2,3],), (c[2,3],), (p[2,3],), (c[2,3],), (c[2,3],), 0.1, 0.99, 1e-8, 0.01, 0.9, False, False"],
    ),
    op(
        "_adagrad_step(Tensor[] params, Tensor[] grads, Tensor[] state_sums, int[] steps, float lr, float lr_decay, float \
         eps, float weight_decay, bool maximize)",
        PRIVATE,
        "Moves parameters by the gradient over the root of the sum of its squares.",
        |a| value(adagrad_step(a)),
        &["(c[2,3],), (c[2,3],), (p[2,3],), (2,), 0.1, 0.01, 1e-10, 0.01, False"],
    ),
    op(
        "_clip_grad_norm_(Tensor[] grads, float max_norm, float norm_type=2.0, bool error_if_nonfinite=False)",
        PRIVATE,
        "Scales gradients in place so that their norm, taken together, is at most max_norm; returns the norm before.",
        |a| value(clip_grad_norm(&a.tensors(0), a.float(1), a.float(2), a.bool(3))),
        &["(c[2,3],c[2]), 1.0"],
    ),
];

/// The gradient as a step uses it: negated to maximise, with `decay · p` added.
#[inline(always)]
fn effective<T: Float>(grad: T, param: T, decay: Option<T>, maximize: bool) -> T {
    let grad = if maximize { -grad } else { grad };
    match decay {
        Some(decay) => decay.fused(param, grad),
        None => grad,
    }
}

fn decay_of<T: Float>(weight_decay: f64) -> Option<T> {
    (weight_decay != 0.0).then(|| <T as Element>::from_f64(weight_decay))
}

/// `b ← μ b + (1 - τ) g`, `p ← p - γ b`; with Nesterov's momentum `p ← p - γ (g + μ b)`.
fn sgd_step(a: &Args) -> Result<()> {
    let (params, grads, buffers) = (a.tensors(0), a.tensors(1), a.tensors(2));
    let (first, momentum, dampening) = (a.ints(3), a.float(5), a.float(6));
    let (lr, weight_decay, nesterov, maximize) = (a.float(4), a.float(7), a.bool(8), a.bool(9));
    check_lengths("_sgd_step", &params, &[("grads", grads.len())])?;
    if momentum != 0.0 {
        check_lengths("_sgd_step", &params, &[("momentum_buffers", buffers.len()), ("first", first.len())])?;
    }
    for (i, (param, grad)) in params.iter().zip(&grads).enumerate() {
        macro_rules! step {
            ($T:ty) => {{
                let (step, decay) = (-lr as $T, decay_of::<$T>(weight_decay));
                if momentum == 0.0 {
                    update::<$T, 1, 1>([param], [grad], |[p], [g]| {
                        let g = effective(g, *p, decay, maximize);
                        *p = step.fused(g, *p);
                    })?;
                } else {
                    let (mu, share, is_first) = (momentum as $T, (1.0 - dampening) as $T, first[i] != 0);
                    update::<$T, 2, 1>([param, &buffers[i]], [grad], |[p, b], [g]| {
                        let g = effective(g, *p, decay, maximize);
                        *b = if is_first { g } else { share.fused(g, *b * mu) };
                        let direction = if nesterov { mu.fused(*b, g) } else { *b };
                        *p = step.fused(direction, *p);
                    })?;
                }
            }};
        }
        memory::for_float_param!(param, step);
    }
    Ok(())
}

/// `m ← m + (1 - β₁)(g - m)`, `v ← β₂ v + (1 - β₂) g²`, `p ← p - γ m̂/(√v̂ + ε)`, where m̂ and v̂ are m and v over
/// `1 - βᵗ`. AdamW decays the weights by themselves, `p ← (1 - γλ) p`; AMSGrad takes the largest v so far.
fn adam_step(a: &Args) -> Result<()> {
    let (params, grads) = (a.tensors(0), a.tensors(1));
    let (means, squares, largest, steps) = (a.tensors(2), a.tensors(3), a.tensors(4), a.ints(5));
    let (lr, beta1, beta2, eps) = (a.float(6), a.float(7), a.float(8), a.float(9));
    let (weight_decay, decoupled, amsgrad, maximize) = (a.float(10), a.bool(11), a.bool(12), a.bool(13));
    check_lengths(
        "_adam_step",
        &params,
        &[
            ("grads", grads.len()),
            ("exp_avgs", means.len()),
            ("exp_avg_sqs", squares.len()),
            ("steps", steps.len()),
            ("max_exp_avg_sqs", if amsgrad { largest.len() } else { params.len() }),
        ],
    )?;
    for (i, (param, grad)) in params.iter().zip(&grads).enumerate() {
        let (correction1, correction2) = (1.0 - power(beta1, steps[i]), 1.0 - power(beta2, steps[i]));
        macro_rules! step {
            ($T:ty) => {{
                let shrink = (decoupled && weight_decay != 0.0).then(|| (1.0 - lr * weight_decay) as $T);
                let decay = if decoupled { None } else { decay_of::<$T>(weight_decay) };
                let (weight1, keep2, weight2) = ((1.0 - beta1) as $T, beta2 as $T, (1.0 - beta2) as $T);
                let (step, root2, eps) = (-(lr / correction1) as $T, correction2.sqrt() as $T, eps as $T);
                let moments = |p: &mut $T, g: $T, m: &mut $T, v: &mut $T| {
                    if let Some(shrink) = shrink {
                        *p *= shrink;
                    }
                    let g = effective(g, *p, decay, maximize);
                    *m = m.towards(g, weight1);
                    *v = (weight2 * g).fused(g, *v * keep2);
                };
                let advance = |p: &mut $T, m: $T, v: $T| *p += step * m / (v.sqrt() / root2 + eps);
                if amsgrad {
                    update::<$T, 4, 1>([param, &means[i], &squares[i], &largest[i]], [grad], |[p, m, v, top], [g]| {
                        moments(p, g, m, v);
                        *top = if *top >= *v || top.is_nan() { *top } else { *v };
                        advance(p, *m, *top);
                    })?;
                } else {
                    update::<$T, 3, 1>([param, &means[i], &squares[i]], [grad], |[p, m, v], [g]| {
                        moments(p, g, m, v);
                        advance(p, *m, *v);
                    })?;
                }
            }};
        }
        memory::for_float_param!(param, step);
    }
    Ok(())
}

/// `baseⁿ` as C's `pow` rounds it, which is what Python's `**` is.
fn power(base: f64, n: i64) -> f64 {
    base.powf(n as f64)
}

/// `v ← α v + (1 - α) g²`, `p ← p - γ g/(√v + ε)`; with momentum `b ← μ b + g/(√v + ε)`, `p ← p - γ b`; centred takes
/// `v - ḡ²` for v with ḡ the running mean of g.
fn rmsprop_step(a: &Args) -> Result<()> {
    let (params, grads) = (a.tensors(0), a.tensors(1));
    let (squares, buffers, means) = (a.tensors(2), a.tensors(3), a.tensors(4));
    let (lr, alpha, eps, weight_decay, momentum) = (a.float(5), a.float(6), a.float(7), a.float(8), a.float(9));
    let (centered, maximize) = (a.bool(10), a.bool(11));
    check_lengths("_rmsprop_step", &params, &[("grads", grads.len()), ("square_avgs", squares.len())])?;
    if momentum > 0.0 {
        check_lengths("_rmsprop_step", &params, &[("momentum_buffers", buffers.len())])?;
    }
    if centered {
        check_lengths("_rmsprop_step", &params, &[("grad_avgs", means.len())])?;
    }
    for (i, (param, grad)) in params.iter().zip(&grads).enumerate() {
        macro_rules! step {
            ($T:ty) => {{
                let decay = decay_of::<$T>(weight_decay);
                let (keep, weight, eps) = (alpha as $T, (1.0 - alpha) as $T, eps as $T);
                let (step, mu) = (-lr as $T, momentum as $T);
                let square = |g: $T, v: &mut $T| *v = (weight * g).fused(g, *v * keep);
                let centre = |g: $T, v: $T, mean: &mut $T| {
                    *mean = mean.towards(g, weight);
                    (-*mean).fused(*mean, v).sqrt() + eps
                };
                let advance = |p: &mut $T, g: $T, root: $T| *p += step * g / root;
                let advance_with = |p: &mut $T, g: $T, root: $T, b: &mut $T| {
                    *b = *b * mu + g / root;
                    *p = step.fused(*b, *p);
                };
                match (momentum > 0.0, centered) {
                    (false, false) => update::<$T, 2, 1>([param, &squares[i]], [grad], |[p, v], [g]| {
                        let g = effective(g, *p, decay, maximize);
                        square(g, v);
                        advance(p, g, v.sqrt() + eps);
                    })?,
                    (true, false) => {
                        update::<$T, 3, 1>([param, &squares[i], &buffers[i]], [grad], |[p, v, b], [g]| {
                            let g = effective(g, *p, decay, maximize);
                            square(g, v);
                            advance_with(p, g, v.sqrt() + eps, b);
                        })?
                    }
                    (false, true) => {
                        update::<$T, 3, 1>([param, &squares[i], &means[i]], [grad], |[p, v, mean], [g]| {
                            let g = effective(g, *p, decay, maximize);
                            square(g, v);
                            let root = centre(g, *v, mean);
                            advance(p, g, root);
                        })?
                    }
                    (true, true) => {
                        let targets = [param, &squares[i], &means[i], &buffers[i]];
                        update::<$T, 4, 1>(targets, [grad], |[p, v, mean, b], [g]| {
                            let g = effective(g, *p, decay, maximize);
                            square(g, v);
                            let root = centre(g, *v, mean);
                            advance_with(p, g, root, b);
                        })?;
                    }
                }
            }};
        }
        memory::for_float_param!(param, step);
    }
    Ok(())
}

/// `s ← s + g²`, `p ← p - γ' g/(√s + ε)` with `γ' = γ/(1 + (t - 1) η)`.
fn adagrad_step(a: &Args) -> Result<()> {
    let (params, grads, sums, steps) = (a.tensors(0), a.tensors(1), a.tensors(2), a.ints(3));
    let (lr, lr_decay, eps, weight_decay, maximize) = (a.float(4), a.float(5), a.float(6), a.float(7), a.bool(8));
    let lengths = [("grads", grads.len()), ("state_sums", sums.len()), ("steps", steps.len())];
    check_lengths("_adagrad_step", &params, &lengths)?;
    for (i, (param, grad)) in params.iter().zip(&grads).enumerate() {
        let rate = lr / (1.0 + (steps[i] as f64 - 1.0) * lr_decay);
        macro_rules! step {
            ($T:ty) => {{
                let (decay, step, eps) = (decay_of::<$T>(weight_decay), -rate as $T, eps as $T);
                update::<$T, 2, 1>([param, &sums[i]], [grad], |[p, s], [g]| {
                    let g = effective(g, *p, decay, maximize);
                    *s = g.fused(g, *s);
                    *p += step * g / (s.sqrt() + eps);
                })?;
            }};
        }
        memory::for_float_param!(param, step);
    }
    Ok(())
}

fn check_float(t: &Tensor) -> Result<()> {
    if t.dtype().is_float() {
        return Ok(());
    }
    bail!("an optimiser moves floating-point parameters only, but got one of {}", t.dtype())
}
