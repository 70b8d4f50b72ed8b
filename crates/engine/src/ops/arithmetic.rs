//! Arithmetic of tensors and numbers, with broadcasting and torch's promotion.

use std::sync::LazyLock;

use super::{Args, INPLACE, METHOD, OpDef, Operand, TORCH, Value, half_precision, op, value};
use crate::autograd::{Saved, no_grad, record, record_many};
use crate::bail;
use crate::dtype::{DType, Promotion, Scalar};
use crate::element::{Element, Number};
use crate::elementwise::{map, zip};
use crate::error::{Error, Result};
use crate::grads;
use crate::tensor::Tensor;

const ALL: u8 = TORCH | METHOD | INPLACE;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "add(Operand input, Operand other, *, Scalar alpha=1)",
        ALL,
        "Returns input + alpha * other, element by element.",
        |a| value(add_scaled(&a.operand(0), &a.operand(1), a.scalar(2))),
        &["[2,3], [2,3]", "[2,1], [3]", "[2,3], 2.5", "[0], [1]", "[2], [2], alpha=3", "2.0, [2]"],
    ),
    op(
        "sub(Operand input, Operand other, *, Scalar alpha=1)",
        ALL,
        "Returns input - alpha * other, element by element.",
        |a| value(sub_scaled(&a.operand(0), &a.operand(1), a.scalar(2))),
        &["[2,3], [2,3]", "[2,1], [3]", "[2,3], 2.5", "[2], [2], alpha=3"],
    ),
    op(
        "mul(Operand input, Operand other)",
        ALL,
        "Returns input * other, element by element.",
        |a| value(mul(&a.operand(0), &a.operand(1))),
        &["[2,3], [2,3]", "[2,1], [3]", "[2,3], 2.5", "[], [4]", "2.0, [2]"],
    ),
    op(
        "div(Operand input, Operand other, *, str? rounding_mode=None)",
        ALL,
        "Returns input / other, element by element; integers give floats. rounding_mode 'trunc' cuts towards zero, \
         'floor' rounds down.",
        div_row,
        &["[2,3], +[2,3]", "[2,1], +[3]", "[2,3], 2.5", "1.0, +[4]"],
    ),
    op("neg(Tensor input)", ALL, "Returns -input.", |a| value(neg(a.tensor(0))), &["[2,3]", "[]"]),
];

fn div_row(a: &Args) -> Result<Value> {
    let (x, y) = (a.operand(0), a.operand(1));
    value(match a.str_opt(2) {
        None => div(&x, &y),
        Some("trunc") => rounded(&x, &y, div_trunc),
        Some("floor") => rounded(&x, &y, floor_divide),
        Some(other) => bail!("div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{other}'"),
    })
}

/// A quotient that is rounded: constant around every point, so its gradients are 0.
fn rounded(x: &Operand, y: &Operand, divide: fn(&Operand, &Operand) -> Result<Tensor>) -> Result<Tensor> {
    let out = no_grad(|| divide(x, y))?;
    let inputs: Vec<&Tensor> =
        [x, y].into_iter().filter_map(|o| if let Operand::Tensor(t) = o { Some(t) } else { None }).collect();
    record_many(vec![out.clone()], "DivBackward2", &inputs, || {
        let count = inputs.len();
        move |cx| (0..count).map(|i| cx.when(i, || cx.grad()?.zeros_like())).collect()
    });
    Ok(out)
}

/// Stands in the graph for a Python number, which has no gradient: torch counts it among an op's inputs.
static NUMBER: LazyLock<Tensor> = LazyLock::new(|| Tensor::scalar(0.0f32));

/// Two operands brought to one dtype: at least one of them is a tensor.
pub(crate) enum Pair {
    /// Two tensors of one dtype.
    Tensors(Tensor, Tensor),
    /// A tensor and a number on its right.
    Right(Tensor, Scalar),
    /// A number on the left of a tensor.
    Left(Scalar, Tensor),
}

impl Pair {
    /// Promotes the operands. `adjust` may change the common dtype, as true division does for integers.
    pub(crate) fn new(a: &Operand, b: &Operand, adjust: impl Fn(DType) -> DType) -> Result<Pair> {
        let common = |a: &Operand, b: &Operand| {
            [a, b].into_iter().fold(Promotion::default(), |p, operand| match operand {
                Operand::Tensor(t) => p.tensor(t.dtype(), t.rank()),
                Operand::Scalar(s) => p.scalar(*s),
            })
        };
        let dtype = adjust(common(a, b).result());
        Ok(match (a, b) {
            (Operand::Tensor(a), Operand::Tensor(b)) => Pair::Tensors(a.to_dtype(dtype)?, b.to_dtype(dtype)?),
            (Operand::Tensor(a), Operand::Scalar(b)) => Pair::Right(a.to_dtype(dtype)?, *b),
            (Operand::Scalar(a), Operand::Tensor(b)) => Pair::Left(*a, b.to_dtype(dtype)?),
            (Operand::Scalar(a), Operand::Scalar(b)) => {
                Pair::Tensors(Tensor::full(&[], *a, dtype)?, Tensor::full(&[], *b, dtype)?)
            }
        })
    }

    /// Returns the operands as inputs of a recorded op.
    fn graph_inputs(&self) -> [&Tensor; 2] {
        match self {
            Pair::Tensors(a, b) => [a, b],
            Pair::Right(t, _) => [t, &NUMBER],
            Pair::Left(_, t) => [&NUMBER, t],
        }
    }

    pub(crate) fn dtype(&self) -> DType {
        match self {
            Pair::Tensors(t, _) | Pair::Right(t, _) | Pair::Left(_, t) => t.dtype(),
        }
    }

    /// Computes `f` of every pair of elements.
    pub(crate) fn apply<T: Element, O: Element>(&self, f: impl Fn(T, T) -> O + Sync) -> Result<Tensor> {
        match self {
            Pair::Tensors(a, b) => zip(a, b, f),
            Pair::Right(a, b) => {
                let b = T::from_scalar(*b);
                map(a, |x| f(x, b))
            }
            Pair::Left(a, b) => {
                let a = T::from_scalar(*a);
                map(b, |y| f(a, y))
            }
        }
    }

    /// Returns the operands as tensors: a number becomes a 0-d one.
    pub(crate) fn tensors(self) -> Result<(Tensor, Tensor)> {
        let dtype = self.dtype();
        Ok(match self {
            Pair::Tensors(a, b) => (a, b),
            Pair::Right(a, b) => (a, Tensor::full(&[], b, dtype)?),
            Pair::Left(a, b) => (Tensor::full(&[], a, dtype)?, b),
        })
    }
}

/// `a + alpha b`
pub fn add_scaled(a: &Operand, b: &Operand, alpha: Scalar) -> Result<Tensor> {
    if alpha == Scalar::Int(1) { add(a, b) } else { add(a, &scaled(b, alpha)?) }
}

/// `a - alpha b`
pub fn sub_scaled(a: &Operand, b: &Operand, alpha: Scalar) -> Result<Tensor> {
    if alpha == Scalar::Int(1) { sub(a, b) } else { sub(a, &scaled(b, alpha)?) }
}

fn scaled(b: &Operand, alpha: Scalar) -> Result<Operand> {
    let is_integral = match b {
        Operand::Tensor(t) => !t.dtype().is_float(),
        Operand::Scalar(s) => !s.is_float(),
    };
    if is_integral && alpha.is_float() {
        bail!("For integral input tensors, argument alpha must not be a floating point number.");
    }
    Ok(match b {
        Operand::Tensor(_) => Operand::Tensor(mul(b, &alpha.into())?),
        Operand::Scalar(s) if is_integral => Operand::Scalar(Scalar::Int(s.to_i64().wrapping_mul(alpha.to_i64()))),
        Operand::Scalar(s) => Operand::Scalar(Scalar::Float(s.to_f64() * alpha.to_f64())),
    })
}

/// `y = a + b`, `∂y/∂a = ∂y/∂b = 1`
pub fn add(a: &Operand, b: &Operand) -> Result<Tensor> {
    if let Some(out) = half_precision::of_two(add, a, b) {
        return out;
    }
    let pair = Pair::new(a, b, |d| d)?;
    let out = crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(Number::add)?,
        _ => pair.apply::<bool, bool>(|x, y| x | y)?);
    let [a, b] = pair.graph_inputs();
    Ok(record(out, "AddBackward0", [a, b], || {
        move |cx| {
            let g = cx.grad()?;
            grads![cx.needs(0).then(|| g.clone()), cx.needs(1).then_some(g)]
        }
    }))
}

/// `y = a - b`, `∂y/∂a = 1`, `∂y/∂b = -1`
pub fn sub(a: &Operand, b: &Operand) -> Result<Tensor> {
    let is_bool = |operand: &Operand| match operand {
        Operand::Tensor(t) => t.dtype() == DType::Bool,
        Operand::Scalar(s) => s.dtype() == DType::Bool,
    };
    if is_bool(a) || is_bool(b) {
        let what = if is_bool(a) && is_bool(b) { "two bool tensors" } else { "a bool tensor" };
        bail!(NotImplemented:
            "Subtraction, the `-` operator, with {what} is not supported. To invert a mask use the `~` or \
             `logical_not()` operator; to compare two use the `^` or `logical_xor()` operator."
        );
    }
    if let Some(out) = half_precision::of_two(sub, a, b) {
        return out;
    }
    let pair = Pair::new(a, b, |d| d)?;
    let out = crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(Number::sub)?,
        _ => return Err(Error::DTypeNotSupported { op: "sub", dtype: DType::Bool }));
    Ok(match &pair {
        Pair::Tensors(a, b) => record(out, "SubBackward0", [a, b], || {
            move |cx| {
                let g = cx.grad()?;
                grads![cx.needs(0).then(|| g.clone()), cx.when(1, || neg(&g))?]
            }
        }),
        Pair::Right(t, _) => record(out, "SubBackward0", [t, &NUMBER], || move |cx| grads![Some(cx.grad()?)]),
        Pair::Left(_, t) => record(out, "RsubBackward1", [t], || move |cx| grads![Some(neg(&cx.grad()?)?)]),
    })
}

/// `y = a b`, `∂y/∂a = b`, `∂y/∂b = a`
pub fn mul(a: &Operand, b: &Operand) -> Result<Tensor> {
    if let Some(out) = half_precision::of_two(mul, a, b) {
        return out;
    }
    let pair = Pair::new(a, b, |d| d)?;
    let out = crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(Number::mul)?,
        _ => pair.apply::<bool, bool>(|x, y| x & y)?);
    Ok(match &pair {
        Pair::Tensors(a, b) => record(out, "MulBackward0", [a, b], || {
            let (keep_a, keep_b) =
                (b.requires_grad().then(|| Saved::input(a)), a.requires_grad().then(|| Saved::input(b)));
            move |cx| {
                let g = cx.grad()?;
                let times = |saved: &Option<Saved>| match saved {
                    Some(saved) => g.mul(&saved.get(cx)?).map(Some),
                    None => Ok(None),
                };
                grads![times(&keep_b)?, times(&keep_a)?]
            }
        }),
        Pair::Right(_, s) | Pair::Left(s, _) => {
            let s = *s;
            record(out, "MulBackward0", pair.graph_inputs(), || {
                move |cx| {
                    let scaled = || mul(&(&cx.grad()?).into(), &s.into());
                    grads![cx.when(0, scaled)?, cx.when(1, scaled)?]
                }
            })
        }
    })
}

/// `y = a / b`, `∂y/∂a = 1/b`, `∂y/∂b = -a/b²`. Integers are divided as float32.
pub fn div(a: &Operand, b: &Operand) -> Result<Tensor> {
    if let Some(out) = half_precision::of_two(div, a, b) {
        return out;
    }
    let pair = Pair::new(a, b, DType::to_float)?;
    let out = crate::for_float!(pair.dtype(), T => pair.apply::<T, T>(|x, y| x / y)?,
        _ => unreachable!("true division computes in a float dtype"));
    Ok(match &pair {
        Pair::Tensors(a, b) => record(out, "DivBackward0", [a, b], || {
            let (keep_a, keep_b) = (b.requires_grad().then(|| Saved::input(a)), Saved::input(b));
            move |cx| {
                let (g, b) = (cx.grad()?, keep_b.get(cx)?);
                let by_b = match &keep_a {
                    Some(a) => Some(neg(&g.mul(&a.get(cx)?.div(&b)?.div(&b)?)?)?),
                    None => None,
                };
                grads![cx.when(0, || g.div(&b))?, by_b]
            }
        }),
        Pair::Right(t, s) => {
            let s = *s;
            record(out, "DivBackward0", [t, &NUMBER], || move |cx| grads![Some(div(&(&cx.grad()?).into(), &s.into())?)])
        }
        Pair::Left(s, t) => {
            let s = *s;
            record(out, "DivBackward0", [t], || {
                let keep = Saved::input(t);
                move |cx| {
                    let t = keep.get(cx)?;
                    let slope = div(&s.into(), &(&t.mul(&t)?).into())?;
                    grads![Some(neg(&cx.grad()?.mul(&slope)?)?)]
                }
            })
        }
    })
}

/// `y = ⌊a / b⌋`, in the common dtype; no gradient flows.
pub fn floor_divide(a: &Operand, b: &Operand) -> Result<Tensor> {
    let pair = integer_division(a, b)?;
    crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(Number::div_floor),
        _ => Err(Error::DTypeNotSupported { op: "div_floor", dtype: DType::Bool }))
}

/// `y = a / b` cut towards zero, in the common dtype; no gradient flows.
pub fn div_trunc(a: &Operand, b: &Operand) -> Result<Tensor> {
    let pair = integer_division(a, b)?;
    crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(Number::div_trunc),
        _ => Err(Error::DTypeNotSupported { op: "div_trunc", dtype: DType::Bool }))
}

/// Promotes for a division that stays in the integers, and refuses to divide these by zero.
pub(crate) fn integer_division(a: &Operand, b: &Operand) -> Result<Pair> {
    let pair = Pair::new(a, b, |d| d)?;
    if pair.dtype().is_int() {
        let has_zero = match &pair {
            Pair::Tensors(_, b) | Pair::Left(_, b) => b.to_vec::<i64>()?.contains(&0),
            Pair::Right(_, b) => b.to_i64() == 0,
        };
        if has_zero {
            bail!("ZeroDivisionError");
        }
    }
    Ok(pair)
}

/// `y = -x`, `∂y/∂x = -1`
pub fn neg(t: &Tensor) -> Result<Tensor> {
    if let Some(out) = half_precision::of_one(neg, t) {
        return out;
    }
    let out = crate::for_number!(t.dtype(), T => map::<T, T>(t, Number::neg)?, _ => bail!(NotImplemented:
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the \
         `~` or `logical_not()` operator instead."
    ));
    Ok(record(out, "NegBackward0", [t], || move |cx| grads![Some(neg(&cx.grad()?)?)]))
}

impl Tensor {
    /// `self + other`
    pub fn add(&self, other: &Tensor) -> Result<Tensor> {
        add(&self.into(), &other.into())
    }

    /// `self - other`
    pub fn sub(&self, other: &Tensor) -> Result<Tensor> {
        sub(&self.into(), &other.into())
    }

    /// `self * other`
    pub fn mul(&self, other: &Tensor) -> Result<Tensor> {
        mul(&self.into(), &other.into())
    }

    /// `self / other`
    pub fn div(&self, other: &Tensor) -> Result<Tensor> {
        div(&self.into(), &other.into())
    }

    /// `-self`
    pub fn neg(&self) -> Result<Tensor> {
        neg(self)
    }

    /// `self + s`
    pub fn add_scalar(&self, s: f64) -> Result<Tensor> {
        add(&self.into(), &s.into())
    }

    /// `s * self`
    pub fn mul_scalar(&self, s: f64) -> Result<Tensor> {
        mul(&self.into(), &s.into())
    }

    /// `self / s`
    pub fn div_scalar(&self, s: f64) -> Result<Tensor> {
        div(&self.into(), &s.into())
    }
}
