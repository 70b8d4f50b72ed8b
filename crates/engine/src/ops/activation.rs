//! Activation functions: element by element, with a derivative that backpropagation multiplies by.
//!
//! [`smooth`] holds those with exponentials in them, [`pieces`] those made of straight pieces, [`gated`] those with a
//! weight, a random slope or a gate.

pub mod gated;
pub mod pieces;
pub mod smooth;

pub use gated::{glu, prelu, rrelu};
pub use pieces::{hardshrink, hardsigmoid, hardswish, hardtanh, leaky_relu, relu, relu6, softshrink, threshold};
pub use smooth::{celu, elu, gelu, logsigmoid, mish, selu, sigmoid, silu, softplus, softsign, tanhshrink};

use super::{INPLACE, METHOD, NN, OpDef, TORCH, op, value};
use crate::autograd::grad_enabled;
use crate::autograd::inplace::{assign, check_writable, snapshot};
use crate::error::{Error, Result};
use crate::ops::pointwise::tanh;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "relu(Tensor input)",
        TORCH | METHOD | INPLACE,
        "Returns max(input, 0).",
        |a| value(relu(a.tensor(0))),
        &["[2,3]", "[]", "[0]", "i32[3]"],
    ),
    op(
        "relu(Tensor input, bool inplace=False)",
        NN,
        "Returns max(input, 0).",
        |a| value(maybe_in_place(a.tensor(0), a.bool(1), relu)),
        &["[2,3]"],
    ),
    op(
        "relu6(Tensor input, bool inplace=False)",
        NN,
        "Returns min(max(input, 0), 6).",
        |a| value(maybe_in_place(a.tensor(0), a.bool(1), relu6)),
        &["[2,3]"],
    ),
    op(
        "leaky_relu(Tensor input, float negative_slope=0.01, bool inplace=False)",
        NN,
        "Returns input where it is positive and negative_slope * input elsewhere.",
        |a| value(maybe_in_place(a.tensor(0), a.bool(2), |x| leaky_relu(x, a.float(1)))),
        &["[2,3]", "[2,3], 0.2"],
    ),
    op(
        "elu(Tensor input, float alpha=1.0, bool inplace=False)",
        NN,
        "Returns input where it is positive and alpha * (exp(input) - 1) elsewhere.",
        |a| value(maybe_in_place(a.tensor(0), a.bool(2), |x| elu(x, a.float(1)))),
        &["[2,3]", "[2,3], 0.5"],
    ),
    op(
        "selu(Tensor input)",
        TORCH | INPLACE,
        "Returns the scaled elu whose outputs keep mean 0 and variance 1 from layer to layer.",
        |a| value(selu(a.tensor(0))),
        &["[2,3]"],
    ),
    op(
        "selu(Tensor input, bool inplace=False)",
        NN,
        "Returns the scaled elu whose outputs keep mean 0 and variance 1 from layer to layer.",
        |a| value(maybe_in_place(a.tensor(0), a.bool(1), selu)),
        &["[2,3]"],
    ),
    op(
        "celu(Tensor input, float alpha=1.0)",
        TORCH | INPLACE,
        "Returns max(0, input) + min(0, alpha * (exp(input / alpha) - 1)).",
        |a| value(celu(a.tensor(0), a.float(1))),
        &["[2,3]"],
    ),
    op(
        "celu(Tensor input, float alpha=1.0, bool inplace=False)",
        NN,
        "Returns max(0, input) + min(0, alpha * (exp(input / alpha) - 1)).",
        |a| value(maybe_in_place(a.tensor(0), a.bool(2), |x| celu(x, a.float(1)))),
        &["[2,3], 0.5"],
    ),
    op(
        "gelu(Tensor input, *, str approximate='none')",
        NN,
        "Returns input times the probability that a normal variable is below it; approximate='tanh' is the usual \
         approximation.",
        |a| value(gelu(a.tensor(0), a.str(1))),
        &["[2,3]", "[2,3], approximate='tanh'"],
    ),
    op(
        "silu(Tensor input, bool inplace=False)",
        NN,
        "Returns input * sigmoid(input), also called swish.",
        |a| value(maybe_in_place(a.tensor(0), a.bool(1), silu)),
        &["[2,3]"],
    ),
    op(
        "mish(Tensor input, bool inplace=False)",
        NN,
        "Returns input * tanh(softplus(input)).",
        |a| value(maybe_in_place(a.tensor(0), a.bool(1), mish)),
        &["[2,3]"],
    ),
    op(
        "softplus(Tensor input, float beta=1.0, float threshold=20.0)",
        NN,
        "Returns log(1 + exp(beta * input)) / beta, and input itself where beta * input exceeds the threshold.",
        |a| value(softplus(a.tensor(0), a.float(1), a.float(2))),
        &["[2,3]", "[2,3], 2.0, 0.5"],
    ),
    op("softsign(Tensor input)", NN, "Returns input / (1 + |input|).", |a| value(softsign(a.tensor(0))), &["[2,3]"]),
    op(
        "sigmoid(Tensor input)",
        TORCH | METHOD | INPLACE | NN,
        "Returns 1 / (1 + exp(-input)).",
        |a| value(sigmoid(a.tensor(0))),
        &["[2,3]", "[]", "[0]", "i5[2]"],
    ),
    op(
        "logsigmoid(Tensor input)",
        NN,
        "Returns log(sigmoid(input)) without underflow.",
        |a| value(logsigmoid(a.tensor(0))),
        &["[2,3]"],
    ),
    op(
        "tanh(Tensor input)",
        TORCH | METHOD | INPLACE | NN,
        "Returns the hyperbolic tangent.",
        |a| value(tanh(a.tensor(0))),
        &["[2,3]", "[]", "i5[2]"],
    ),
    op(
        "hardtanh(Tensor input, float min_val=-1.0, float max_val=1.0, bool inplace=False)",
        NN,
        "Limits input to the range from min_val to max_val.",
        |a| value(maybe_in_place(a.tensor(0), a.bool(3), |x| hardtanh(x, a.float(1), a.float(2)))),
        &["[2,3]", "[2,3], -0.5, 2.0"],
    ),
    op(
        "hardsigmoid(Tensor input, bool inplace=False)",
        NN,
        "Returns a sigmoid of straight pieces: input / 6 + 1/2 limited to 0 and 1.",
        |a| value(maybe_in_place(a.tensor(0), a.bool(1), hardsigmoid)),
        &["[2,3]"],
    ),
    op(
        "hardswish(Tensor input, bool inplace=False)",
        NN,
        "Returns input * hardsigmoid(input).",
        |a| value(maybe_in_place(a.tensor(0), a.bool(1), hardswish)),
        &["[2,3]"],
    ),
    op("tanhshrink(Tensor input)", NN, "Returns input - tanh(input).", |a| value(tanhshrink(a.tensor(0))), &["[2,3]"]),
    op(
        "softshrink(Tensor input, float lambd=0.5)",
        NN,
        "Moves input towards 0 by lambd, to 0 at most.",
        |a| value(softshrink(a.tensor(0), a.float(1))),
        &["[2,3]", "[2,3], 0.2"],
    ),
    op(
        "hardshrink(Tensor input, float lambd=0.5)",
        TORCH | METHOD | NN,
        "Returns input where it is further than lambd from 0, and 0 elsewhere.",
        |a| value(hardshrink(a.tensor(0), a.float(1))),
        &["[2,3]", "[2,3], 0.2"],
    ),
    op(
        "threshold(Tensor input, float threshold, float value)",
        TORCH | INPLACE,
        "Returns input where it exceeds the threshold, and value elsewhere.",
        |a| value(threshold(a.tensor(0), a.float(1), a.float(2))),
        &["[2,3], 0.1, 20.0"],
    ),
    op(
        "threshold(Tensor input, float threshold, float value, bool inplace=False)",
        NN,
        "Returns input where it exceeds the threshold, and value elsewhere.",
        |a| value(maybe_in_place(a.tensor(0), a.bool(3), |x| threshold(x, a.float(1), a.float(2)))),
        &["[2,3], 0.1, 20.0"],
    ),
    op(
        "prelu(Tensor input, Tensor weight)",
        TORCH | METHOD | NN,
        "Returns input where it is positive and weight * input elsewhere; one weight for all, or one a channel.",
        |a| value(prelu(a.tensor(0), a.tensor(1))),
        &["[2,3], [1]", "[2,3], [3]", "[2,3,2], [3]", "[3], [1]", "[2], []"],
    ),
    op(
        "rrelu(Tensor input, float lower=0.125, float upper=0.3333333333333333, bool training=False)",
        TORCH | INPLACE,
        "Returns input where it is positive, and elsewhere input times a random slope (their mean when not training).",
        |a| value(rrelu(a.tensor(0), a.float(1), a.float(2), a.bool(3))),
        &["[2,3]", "[2,3], 0.1, 0.4, True"],
    ),
    op(
        "rrelu(Tensor input, float lower=0.125, float upper=0.3333333333333333, bool training=False, bool inplace=False)",
        NN,
        "Returns input where it is positive, and elsewhere input times a random slope (their mean when not training).",
        |a| value(maybe_in_place(a.tensor(0), a.bool(4), |x| rrelu(x, a.float(1), a.float(2), a.bool(3)))),
        &["[2,3]", "[2,3], 0.1, 0.4, True"],
    ),
    op(
        "glu(Tensor input, int dim=-1)",
        NN,
        "Returns the first half along dim times the sigmoid of the second half.",
        |a| value(glu(a.tensor(0), a.int(1))),
        &["[2,4]", "[4,3], 0", "[2,2,1], 1"],
    ),
];

/// Calls `f` on x; with `inplace`, x itself takes the result.
fn maybe_in_place(x: &Tensor, inplace: bool, f: impl FnOnce(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    if !inplace {
        return f(x);
    }
    check_writable(x)?;
    let result = if grad_enabled() && x.requires_grad() { f(&snapshot(x)?)? } else { f(x)? };
    assign(x, &result)?;
    Ok(x.clone())
}

/// Refuses what is not a float tensor.
fn check_float(op: &'static str, x: &Tensor) -> Result<()> {
    if x.dtype().is_float() { Ok(()) } else { Err(Error::DTypeNotSupported { op, dtype: x.dtype() }) }
}
