//! Functions of single elements: exponentials, powers, trigonometry, rounding, extremes and the like. The activation
//! functions of neural networks are in [`super::activation`].

mod combined;
mod exponential;
mod extremes;
mod power;
mod rounding;
mod sign;
mod trigonometry;

pub use combined::{addcdiv, addcmul, gcd, lcm, lerp};
pub use exponential::{
    exp, exp2, expm1, ldexp, log, log1p, log2, log10, logaddexp, logaddexp2, logit, reciprocal, rsqrt, sqrt, xlogy,
};
pub use extremes::{clamp, clamp_tensor, fmax, fmin, maximum, minimum};
pub use power::{float_power, pow};
pub use rounding::{ceil, floor, fmod, frac, remainder, round, trunc};
pub use sign::{abs, copysign, heaviside, nan_to_num, positive, sgn, sign, signbit};
pub use trigonometry::{
    acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, deg2rad, hypot, rad2deg, sin, sinc, sinh, tan, tanh,
};

use super::{Args, INPLACE, METHOD, NO_GRAD, OpDef, Operand, TORCH, Value, arithmetic, op, value};
use crate::autograd::{BackwardCx, Grads, Saved, no_grad, record, record_many};
use crate::bail;
use crate::dtype::Scalar;
use crate::element::Element;
use crate::elementwise::zip;
use crate::error::Result;
use crate::grads;
use crate::kernels::Real;
use crate::storage::filled;
use crate::tensor::Tensor;

const ALL: u8 = TORCH | METHOD | INPLACE;

/// A row for a function of one tensor.
macro_rules! unary {
    ($name:literal, $doc:literal, $f:path, $samples:expr) => {
        op(concat!($name, "(Tensor input)"), ALL, $doc, |a| value($f(a.tensor(0))), $samples)
    };
}

/// A row for a function of two tensors.
macro_rules! binary {
    ($name:literal, $doc:literal, $f:path, $samples:expr) => {
        op(concat!($name, "(Tensor input, Tensor other)"), ALL, $doc, |a| value($f(a.tensor(0), a.tensor(1))), $samples)
    };
}

/// A row for a function of a tensor and a tensor or a number.
macro_rules! with_operand {
    ($name:literal, $doc:literal, $f:path, $samples:expr) => {
        op(
            concat!($name, "(Tensor input, Operand other)"),
            ALL,
            $doc,
            |a| value($f(&a.operand(0), &a.operand(1))),
            $samples,
        )
    };
}

/// A row for a function of a number and a tensor.
macro_rules! number_first {
    ($schema:literal, $doc:literal, $f:path, $samples:expr) => {
        op($schema, TORCH | METHOD, $doc, |a| value($f(&a.operand(0), &a.operand(1))), $samples)
    };
}

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    unary!("abs", "Returns the absolute value.", abs, &["[2,3]", "[]", "[0]", "i32[3]"]),
    unary!("absolute", "Returns the absolute value.", abs, &["[2,3]"]),
    unary!("sign", "Returns -1, 0 or 1 by the sign.", sign, &["[2,3]", "i32[3]", "b[2]"]),
    unary!("sgn", "Returns -1, 0 or 1 by the sign.", sgn, &["[2,3]"]),
    op(
        "signbit(Tensor input)",
        TORCH | METHOD,
        "Tells where the sign bit is set, as for negative numbers and -0.0.",
        |a| value(signbit(a.tensor(0))),
        &["[2,3]", "i32[3]", "b[2]"],
    ),
    unary!("exp", "Returns e to the power of each element.", exp, &["[2,3]", "[]", "[0]", "i5[3]"]),
    unary!("exp2", "Returns 2 to the power of each element.", exp2, &["[2,3]"]),
    unary!("expm1", "Returns exp(input) - 1, exact near zero.", expm1, &["[2,3]"]),
    unary!("log", "Returns the natural logarithm.", log, &["+[2,3]", "+[]", "+[0]"]),
    unary!("log2", "Returns the logarithm to base 2.", log2, &["+[2,3]"]),
    unary!("log10", "Returns the logarithm to base 10.", log10, &["+[2,3]"]),
    unary!("log1p", "Returns log(1 + input), exact near zero.", log1p, &["+[2,3]"]),
    unary!("sqrt", "Returns the square root.", sqrt, &["+[2,3]", "+[]", "+[0]"]),
    unary!("rsqrt", "Returns 1 / sqrt(input).", rsqrt, &["+[2,3]"]),
    unary!("square", "Returns the square.", square, &["[2,3]", "i5[3]"]),
    unary!("reciprocal", "Returns 1 / input.", reciprocal, &["+[2,3]"]),
    op(
        "pow(Tensor input, Operand exponent)",
        ALL,
        "Returns input to the power of exponent. Integers stay integers; a negative integer power of them is refused.",
        |a| value(pow(&a.operand(0), &a.operand(1))),
        &[
            "[2,3], 2",
            "[2,3], 3",
            "+[2,3], 0.5",
            "+[2,3], -1.5",
            "[2,3], 0",
            "[2,3], 1",
            "+[2,3], -1",
            "+[2,3], -2",
            "+[2,3], [2,3]",
            "+[2,1], [3]",
            "+[2], []",
            "i5[3], 2",
            "i5[3], i5[3]",
        ],
    ),
    number_first!(
        "pow(Scalar self, Tensor exponent)",
        "Returns input to the power of exponent. Integers stay integers; a negative integer power of them is refused.",
        pow,
        &["2.5, [2,3]", "0, +[3]", "2, i5[3]"]
    ),
    op(
        "float_power(Tensor input, Operand exponent)",
        ALL,
        "Returns input to the power of exponent, computed in float64.",
        |a| value(float_power(&a.operand(0), &a.operand(1))),
        &["+[2,3], 2.5", "+[2,3], [2,3]", "i5[3], 2"],
    ),
    number_first!(
        "float_power(Scalar self, Tensor exponent)",
        "Returns input to the power of exponent, computed in float64.",
        float_power,
        &["2, [2,3]"]
    ),
    unary!("sin", "Returns the sine of an angle in radians.", sin, &["[2,3]", "[]", "i5[3]"]),
    unary!("cos", "Returns the cosine of an angle in radians.", cos, &["[2,3]"]),
    unary!("tan", "Returns the tangent of an angle in radians.", tan, &["u[2,3]"]),
    unary!("asin", "Returns the angle whose sine is given.", asin, &["u[2,3]"]),
    unary!("arcsin", "Returns the angle whose sine is given.", asin, &["u[2,3]"]),
    unary!("acos", "Returns the angle whose cosine is given.", acos, &["u[2,3]"]),
    unary!("arccos", "Returns the angle whose cosine is given.", acos, &["u[2,3]"]),
    unary!("atan", "Returns the angle whose tangent is given.", atan, &["[2,3]"]),
    unary!("arctan", "Returns the angle whose tangent is given.", atan, &["[2,3]"]),
    unary!("sinh", "Returns the hyperbolic sine.", sinh, &["[2,3]"]),
    unary!("cosh", "Returns the hyperbolic cosine.", cosh, &["[2,3]"]),
    unary!("asinh", "Returns the inverse hyperbolic sine.", asinh, &["[2,3]"]),
    unary!("arcsinh", "Returns the inverse hyperbolic sine.", asinh, &["[2,3]"]),
    unary!("acosh", "Returns the inverse hyperbolic cosine, of values from 1 on.", acosh, &["f32[3]", "i5[3]"]),
    unary!("arccosh", "Returns the inverse hyperbolic cosine, of values from 1 on.", acosh, &["f32[3]"]),
    unary!("atanh", "Returns the inverse hyperbolic tangent.", atanh, &["u[2,3]"]),
    unary!("arctanh", "Returns the inverse hyperbolic tangent.", atanh, &["u[2,3]"]),
    unary!("sinc", "Returns sin(pi x) / (pi x), which is 1 at 0.", sinc, &["[2,3]"]),
    unary!("deg2rad", "Converts degrees to radians.", deg2rad, &["[2,3]"]),
    unary!("rad2deg", "Converts radians to degrees.", rad2deg, &["[2,3]"]),
    binary!(
        "atan2",
        "Returns the angle of the point (other, input), in radians.",
        atan2,
        &["+[2,3], [2,3]", "+[2,1], +[3]"]
    ),
    binary!("arctan2", "Returns the angle of the point (other, input), in radians.", atan2, &["+[2,3], [2,3]"]),
    binary!("hypot", "Returns sqrt(input**2 + other**2).", hypot, &["+[2,3], [2,3]", "+[2,1], [3]"]),
    op(
        "logaddexp(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns log(exp(input) + exp(other)) without overflow.",
        |a| value(logaddexp(a.tensor(0), a.tensor(1))),
        &["[2,3], [2,3]", "[2,1], [3]"],
    ),
    op(
        "logaddexp2(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns log2(2**input + 2**other) without overflow.",
        |a| value(logaddexp2(a.tensor(0), a.tensor(1))),
        &["[2,3], [2,3]"],
    ),
    binary!("ldexp", "Returns input * 2**other.", ldexp, &["[2,3], [3]", "[2], i5[2]"]),
    unary!("floor", "Returns the greatest integer not above each element.", floor, &["~[2,3]", "i5[3]"]),
    unary!("ceil", "Returns the least integer not below each element.", ceil, &["~[2,3]"]),
    unary!("trunc", "Returns the integer part.", trunc, &["~[2,3]"]),
    unary!("fix", "Returns the integer part.", trunc, &["~[2,3]"]),
    unary!("frac", "Returns the fractional part, with the sign of the input.", frac, &["~[2,3]"]),
    op(
        "round(Tensor input, *, int decimals=0)",
        ALL,
        "Returns the nearest integer, halves to the even one; or the nearest value with so many decimals.",
        |a| value(round(a.tensor(0), a.int(1))),
        &["~[2,3]", "~[2,3], decimals=1", "~[2,3], decimals=-1", "i5[3]"],
    ),
    with_operand!(
        "remainder",
        "Returns the remainder of a division that rounds down: it has the sign of other, as Python's %.",
        remainder,
        &["~[2,3], 0.7", "~[2,3], +[2,3]", "+[2,1], +[3]", "i5[3], 3"]
    ),
    number_first!(
        "remainder(Scalar self, Tensor other)",
        "Returns the remainder of a division that rounds down: it has the sign of other, as Python's %.",
        remainder,
        &["5.3, +[2,3]"]
    ),
    with_operand!(
        "fmod",
        "Returns the remainder of a division that rounds towards zero: it has the sign of input, as C's %.",
        fmod,
        &["~[2,3], 0.7", "~[2,3], +[2,3]", "i5[3], 3"]
    ),
    op(
        "floor_divide(Tensor input, Operand other)",
        ALL | NO_GRAD,
        "Returns input / other rounded down. It has no derivative.",
        floor_divide_row,
        &["c[2,3], f32[2,3]", "c[2,3], 2.0", "i5[3], 2"],
    ),
    op(
        "floor_divide(Scalar self, Tensor other)",
        TORCH | METHOD | NO_GRAD,
        "Returns input / other rounded down. It has no derivative.",
        floor_divide_row,
        &["5.0, f32[2,3]"],
    ),
    op(
        "clamp(Tensor input, Tensor? min=None, Tensor? max=None)",
        ALL,
        "Limits each element to the range from min to max; either may be left out.",
        |a| value(clamp_tensor(a.tensor(0), a.tensor_opt(1), a.tensor_opt(2))),
        &["[2,3], [2,3], +[2,3]", "[2,3], [3]", "[2,3], None, [2,1]", "i5[3], i5[3]"],
    ),
    op(
        "clamp(Tensor input, Scalar? min=None, Scalar? max=None)",
        ALL,
        "Limits each element to the range from min to max; either may be left out.",
        |a| value(clamp(a.tensor(0), a.scalar_opt(1), a.scalar_opt(2), "ClampBackward1")),
        &["[2,3], -0.5, 0.5", "[2,3], 0.1", "[2,3], max=0.2", "i5[3], 1, 3", "b[2], 0, 1"],
    ),
    op(
        "clip(Tensor input, Tensor? min=None, Tensor? max=None)",
        ALL,
        "Limits each element to the range from min to max; another name of clamp().",
        |a| value(clamp_tensor(a.tensor(0), a.tensor_opt(1), a.tensor_opt(2))),
        &["[2,3], [2,3]"],
    ),
    op(
        "clip(Tensor input, Scalar? min=None, Scalar? max=None)",
        ALL,
        "Limits each element to the range from min to max; another name of clamp().",
        |a| value(clamp(a.tensor(0), a.scalar_opt(1), a.scalar_opt(2), "ClampBackward1")),
        &["[2,3], -0.5, 0.5"],
    ),
    op(
        "clamp_min(Tensor input, Operand min)",
        ALL,
        "Raises each element to min at least.",
        |a| match a.operand(1) {
            Operand::Tensor(min) => value(maximum(a.tensor(0), &min)),
            Operand::Scalar(min) => value(clamp(a.tensor(0), Some(min), None, "ClampMinBackward0")),
        },
        &["[2,3], -0.5", "[2,3], [2,3]"],
    ),
    op(
        "clamp_max(Tensor input, Operand max)",
        ALL,
        "Lowers each element to max at most.",
        |a| match a.operand(1) {
            Operand::Tensor(max) => value(minimum(a.tensor(0), &max)),
            Operand::Scalar(max) => value(clamp(a.tensor(0), None, Some(max), "ClampMaxBackward0")),
        },
        &["[2,3], 0.5", "[2,3], [2,3]"],
    ),
    op(
        "maximum(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the greater of two elements; NaN wins.",
        |a| value(maximum(a.tensor(0), a.tensor(1))),
        &["[2,3], [2,3]", "[2,1], [3]", "i5[3], i5[3]", "b[2], b[2]"],
    ),
    op(
        "minimum(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the lesser of two elements; NaN wins.",
        |a| value(minimum(a.tensor(0), a.tensor(1))),
        &["[2,3], [2,3]", "[2,1], [3]"],
    ),
    op(
        "fmax(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the greater of two elements; a number wins over NaN.",
        |a| value(fmax(a.tensor(0), a.tensor(1))),
        &["[2,3], [2,3]", "[2,1], [3]"],
    ),
    op(
        "fmin(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the lesser of two elements; a number wins over NaN.",
        |a| value(fmin(a.tensor(0), a.tensor(1))),
        &["[2,3], [2,3]", "[2,1], [3]"],
    ),
    op(
        "lerp(Tensor input, Tensor end, Operand weight)",
        ALL,
        "Returns input + weight * (end - input): the point so far on the way from input to end.",
        |a| value(lerp(a.tensor(0), a.tensor(1), &a.operand(2))),
        &["[2,3], [2,3], 0.3", "[2,3], [2,3], 0.7", "[2,3], [3], p[2,1]"],
    ),
    op(
        "addcmul(Tensor input, Tensor tensor1, Tensor tensor2, *, Scalar value=1)",
        ALL,
        "Returns input + value * tensor1 * tensor2.",
        |a| value(addcmul(a.tensor(0), a.tensor(1), a.tensor(2), a.scalar(3))),
        &["[2,3], [2,3], [2,3]", "[2,3], [3], [2,1], value=0.5", "i5[2], i5[2], i5[2]"],
    ),
    op(
        "addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, *, Scalar value=1)",
        ALL,
        "Returns input + value * tensor1 / tensor2.",
        |a| value(addcdiv(a.tensor(0), a.tensor(1), a.tensor(2), a.scalar(3))),
        &["[2,3], [2,3], +[2,3]", "[2,3], [3], +[2,1], value=0.5"],
    ),
    op(
        "logit(Tensor input, float? eps=None)",
        ALL,
        "Returns log(input / (1 - input)), the inverse of sigmoid; with eps the input is first limited to \
         [eps, 1 - eps].",
        |a| value(logit(a.tensor(0), a.float_opt(1))),
        &["p[2,3]", "p[2,3], 0.2"],
    ),
    op(
        "nan_to_num(Tensor input, float? nan=None, float? posinf=None, float? neginf=None)",
        ALL,
        "Replaces NaN by nan (0) and the infinities by posinf and neginf (the greatest and least finite numbers).",
        |a| value(nan_to_num(a.tensor(0), a.float_opt(1), a.float_opt(2), a.float_opt(3))),
        &["[2,3]", "[2,3], 1.0, 2.0, 3.0", "i5[3]"],
    ),
    op(
        "heaviside(Tensor input, Tensor values)",
        ALL | NO_GRAD,
        "Returns 0 below zero, 1 above, and values at zero.",
        |a| {
            value(
                heaviside(a.tensor(0), a.tensor(1))
                    .map(|out| no_derivative(out, "heaviside", &[a.tensor(0), a.tensor(1)])),
            )
        },
        &["c[2,3], c[3]", "i5[3], i5[3]"],
    ),
    with_operand!(
        "copysign",
        "Returns the absolute value of input with the sign of other.",
        copysign,
        &["[2,3], [2,3]", "[2,3], -1.0"]
    ),
    with_operand!(
        "xlogy",
        "Returns input * log(other), and 0 where input is 0.",
        xlogy,
        &["[2,3], +[2,3]", "[2,3], 2.5", "[2,1], +[3]"]
    ),
    number_first!(
        "xlogy(Scalar self, Tensor other)",
        "Returns input * log(other), and 0 where input is 0.",
        xlogy,
        &["2.5, +[2,3]", "0, +[3]"]
    ),
    op(
        "positive(Tensor input)",
        TORCH | METHOD,
        "Returns the tensor itself.",
        |a| value(positive(a.tensor(0))),
        &["[2,3]"],
    ),
    binary!("gcd", "Returns the greatest common divisor of integers.", gcd, &["i5[3], i5[3]"]),
    binary!("lcm", "Returns the least common multiple of integers.", lcm, &["i5[3], i5[3]"]),
    unary!("negative", "Returns -input.", arithmetic::neg, &["[2,3]"]),
    op(
        "subtract(Tensor input, Operand other, *, Scalar alpha=1)",
        ALL,
        "Returns input - alpha * other; another name of sub().",
        |a| value(arithmetic::sub_scaled(&a.operand(0), &a.operand(1), a.scalar(2))),
        &["[2,3], [3]", "[2], 2.5, alpha=2"],
    ),
    op(
        "rsub(Tensor input, Operand other, *, Scalar alpha=1)",
        TORCH,
        "Returns other - alpha * input.",
        |a| value(rsub(&a.operand(0), &a.operand(1), a.scalar(2))),
        &["[2,3], [3]", "[2,3], 2.5", "[2], 2.5, alpha=2"],
    ),
    with_operand!("multiply", "Returns input * other; another name of mul().", arithmetic::mul, &["[2,3], [3]"]),
    with_operand!("true_divide", "Returns input / other.", arithmetic::div, &["[2,3], +[3]"]),
    op(
        "divide(Tensor input, Operand other, *, str? rounding_mode=None)",
        ALL,
        "Returns input / other; another name of div().",
        divide_row,
        &["[2,3], +[3]"],
    ),
];

fn floor_divide_row(a: &Args) -> Result<Value> {
    let operands = [a.operand(0), a.operand(1)];
    let inputs: Vec<&Tensor> =
        operands.iter().filter_map(|o| if let Operand::Tensor(t) = o { Some(t) } else { None }).collect();
    let out = no_grad(|| arithmetic::floor_divide(&operands[0], &operands[1]))?;
    value(Ok(no_derivative(out, "floor_divide", &inputs)))
}

/// Records an op that torch has no derivative of: a gradient that reaches it is an error.
fn no_derivative(out: Tensor, op: &'static str, inputs: &[&Tensor]) -> Tensor {
    record_many(vec![out.clone()], "NotImplemented", inputs, || {
        move |_: &BackwardCx<'_>| -> Result<Grads> { bail!("derivative for aten::{op} is not implemented") }
    });
    out
}

fn divide_row(a: &Args) -> Result<Value> {
    let div = super::table().torch.get("div");
    match div {
        Some(div) => {
            div.call(&[a.value(0).clone(), a.value(1).clone()], &[("rounding_mode", a.value(2).clone())], false)
        }
        None => value(arithmetic::div(&a.operand(0), &a.operand(1))),
    }
}

/// `y = x²`, `y' = 2x`
pub fn square(x: &Tensor) -> Result<Tensor> {
    pow(&x.into(), &2i64.into())
}

/// `y = b - alpha a`
pub fn rsub(a: &Operand, b: &Operand, alpha: Scalar) -> Result<Tensor> {
    arithmetic::sub_scaled(b, a, alpha)
}

/// Brings integers and bools to float32, as functions with float results do.
pub(crate) fn as_float(x: &Tensor) -> Result<Tensor> {
    x.to_dtype(x.dtype().to_float())
}

/// Computes `expr` of every element `v` of a float tensor; `T` names the element type.
macro_rules! float_map {
    ($x:expr, $v:ident => $body:expr) => {
        match $x.dtype() {
            crate::DType::F64 => {
                #[allow(dead_code, reason = "not every body names its type")]
                type T = f64;
                crate::elementwise::map::<f64, f64>($x, |$v: f64| $body)?
            }
            _ => {
                #[allow(dead_code, reason = "not every body names its type")]
                type T = f32;
                crate::elementwise::map::<f32, f32>($x, |$v: f32| $body)?
            }
        }
    };
}
pub(crate) use float_map;

/// Runs a slice kernel over the elements. A dense input's memory order is kept.
pub(crate) fn map_slices<T: Element + Real>(x: &Tensor, kernel: impl Fn(&[T], &mut [T])) -> Result<Tensor> {
    let mut out = filled(x.shape(), <T as Real>::ZERO)?;
    if x.is_dense() {
        kernel(&x.dense_memory::<T>(), &mut out);
        return Ok(Tensor::from_strided_parts(out, x.shape(), x.strides().into()));
    }
    kernel(&x.dense::<T>()?, &mut out);
    Ok(Tensor::from_parts(out, x.shape()))
}

/// Runs a slice kernel over the elements of two tensors of one shape.
pub(crate) fn map_slices_2<T: Element + Real>(
    a: &Tensor,
    b: &Tensor,
    kernel: impl Fn(&[T], &[T], &mut [T]),
) -> Result<Tensor> {
    let mut out = filled(b.shape(), <T as Real>::ZERO)?;
    if a.shape() == b.shape() && a.strides() == b.strides() && a.is_dense() {
        kernel(&a.dense_memory::<T>(), &b.dense_memory::<T>(), &mut out);
        return Ok(Tensor::from_strided_parts(out, b.shape(), b.strides().into()));
    }
    let a = a.detach().expand_to(b.shape());
    kernel(&a.dense::<T>()?, &b.dense::<T>()?, &mut out);
    Ok(Tensor::from_parts(out, b.shape()))
}

/// Records `y = f(x)`, whose gradient `slope` makes of `∂L/∂y` and x.
pub(crate) fn with_input(
    out: Tensor,
    name: &'static str,
    x: &Tensor,
    slope: fn(&Tensor, &Tensor) -> Result<Tensor>,
) -> Tensor {
    record(out, name, [x], || {
        let keep = Saved::input(x);
        move |cx| grads![Some(slope(&cx.grad()?, &keep.get(cx)?)?)]
    })
}

/// Records `y = f(x)`, whose gradient `slope` makes of `∂L/∂y` and y.
pub(crate) fn with_output(
    out: Tensor,
    name: &'static str,
    x: &Tensor,
    slope: fn(&Tensor, &Tensor) -> Result<Tensor>,
) -> Tensor {
    record(out.clone(), name, [x], || {
        let keep = Saved::output(&out);
        move |cx| grads![Some(slope(&cx.grad()?, &keep.get(cx)?)?)]
    })
}

/// Records a function that is constant around every point: its gradient is 0.
pub(crate) fn flat(out: Tensor, name: &'static str, x: &Tensor) -> Tensor {
    record(out, name, [x], || move |cx| grads![Some(cx.grad()?.zeros_like()?)])
}

/// Records a function whose derivative is 1.
pub(crate) fn same(out: Tensor, name: &'static str, x: &Tensor) -> Tensor {
    record(out, name, [x], || move |cx| grads![Some(cx.grad()?)])
}

/// Gives a value that several ops computed the name that its one op has in torch.
pub(crate) fn ended_by(name: &'static str, composite: &Tensor) -> Tensor {
    same(composite.detach(), name, composite)
}

/// Returns x where `mask` (of its shape) is true, and 0 elsewhere, whatever x is there. Linear in x.
pub fn keep_where(x: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let out =
        crate::for_dtype!(x.dtype(), T => zip::<T, bool, T>(x, mask, |v, keep| if keep { v } else { T::default() })?);
    Ok(record(out, "MulBackward0", [x], || {
        let keep = Saved::constant(mask);
        move |cx| grads![Some(keep_where(&cx.grad()?, &keep.get(cx)?)?)]
    }))
}
