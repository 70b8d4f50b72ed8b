//! Random tensors and dropout. The numbers are torch's: see [`crate::random`], which draws them.
//!
//! Every function takes its numbers from `generator`, else from the default one that `manual_seed` seeds. A tensor is
//! filled in the order of its memory, so a transposed one gets other numbers than a contiguous one of its shape, as in
//! torch.

mod dropout;
mod fill;
mod make;
#[cfg(test)]
mod torch_vectors;

use smallvec::SmallVec;

pub use dropout::{DropoutKind, dropout, dropout_};
pub use fill::{
    bernoulli_, bernoulli_each_, cauchy_, exponential_, geometric_, log_normal_, normal_, random_, random_between_,
    uniform_,
};
pub use make::{
    bernoulli, multinomial, normal_around, normal_scaled, poisson, rand, rand_like, randint, randint_like, randn,
    randn_like, randperm,
};

use super::create::{Options, dense_strides};
use super::{Args, METHOD, NN, NO_GRAD, OpDef, TORCH, Value, op, value};
use crate::autograd::{Grads, record};
use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::random::{RandomError, SharedGenerator, default_generator};
use crate::shape::Shape;
use crate::storage::filled;
use crate::tensor::Tensor;

/// A signature that ends with what every function that makes a random tensor takes; [`Options`] reads it.
macro_rules! making {
    ($start:literal) => {
        concat!(
            $start,
            "*, Generator? generator=None, ScalarType? dtype=None, any layout=None, Device? device=None, \
             bool requires_grad=False, bool? pin_memory=False)"
        )
    };
    (like $start:literal) => {
        concat!(
            $start,
            "*, Generator? generator=None, ScalarType? dtype=None, any layout=None, Device? device=None, \
             bool requires_grad=False, any memory_format=None, bool? pin_memory=False)"
        )
    };
}

const MAKE: u8 = TORCH | NO_GRAD;
const MAKE_OR_METHOD: u8 = MAKE | METHOD;
const FILL: u8 = METHOD | NO_GRAD;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        making!("rand(int[] size, "),
        MAKE,
        "Returns uniform random numbers from 0 up to but without 1.",
        |a| make_row(a, 1, None, |dtype, generator| rand(&a.ints(0), dtype, generator)),
        &["(2,3)", "()", "(0,2)", "(3,), dtype=float64"],
    ),
    op(
        making!("randn(int[] size, "),
        MAKE,
        "Returns normal random numbers of mean 0 and standard deviation 1.",
        |a| make_row(a, 1, None, |dtype, generator| randn(&a.ints(0), dtype, generator)),
        &["(2,3)", "()", "(0,2)", "(20,), dtype=float64"],
    ),
    op(
        making!("randint(int high, int[] size, "),
        MAKE,
        "Returns random integers from 0 up to but without `high`.",
        |a| make_row(a, 2, Some(DType::I64), |dtype, generator| randint(0, a.int(0), &a.ints(1), dtype, generator)),
        &["10, (2,3)", "2, (3,), dtype=bool", "5, (2,), dtype=float32"],
    ),
    op(
        making!("randint(int low, int high, int[] size, "),
        MAKE,
        "Returns random integers from `low` up to but without `high`.",
        |a| {
            make_row(a, 3, Some(DType::I64), |dtype, generator| {
                randint(a.int(0), a.int(1), &a.ints(2), dtype, generator)
            })
        },
        &["-3, 4, (2,3)"],
    ),
    op(
        making!("randperm(int n, "),
        MAKE,
        "Returns the integers from 0 up to but without `n` in random order.",
        |a| make_row(a, 1, Some(DType::I64), |dtype, generator| randperm(a.int(0), dtype, generator)),
        &["5", "0", "4, dtype=float32"],
    ),
    op(
        making!(like "rand_like(Tensor input, "),
        MAKE,
        "Returns uniform random numbers from 0 up to but without 1, in the shape and dtype of `input`.",
        |a| {
            let t = a.tensor(0);
            make_row(a, 1, Some(t.dtype()), |dtype, generator| rand_like(t, dtype, generator))
        },
        &["[2,3]", "i5[2], dtype=float32"],
    ),
    op(
        making!(like "randn_like(Tensor input, "),
        MAKE,
        "Returns normal random numbers of mean 0 and standard deviation 1, in the shape and dtype of `input`.",
        |a| {
            let t = a.tensor(0);
            make_row(a, 1, Some(t.dtype()), |dtype, generator| randn_like(t, dtype, generator))
        },
        &["[2,3]", "i5[2], dtype=float32"],
    ),
    op(
        making!(like "randint_like(Tensor input, int high, "),
        MAKE,
        "Returns random integers from 0 up to but without `high`, in the shape and dtype of `input`.",
        |a| {
            let t = a.tensor(0);
            make_row(a, 2, Some(t.dtype()), |dtype, generator| randint_like(t, 0, a.int(1), dtype, generator))
        },
        &["[2,3], 5"],
    ),
    op(
        making!(like "randint_like(Tensor input, int low, int high, "),
        MAKE,
        "Returns random integers from `low` up to but without `high`, in the shape and dtype of `input`.",
        |a| {
            let t = a.tensor(0);
            make_row(a, 3, Some(t.dtype()), |dtype, generator| randint_like(t, a.int(1), a.int(2), dtype, generator))
        },
        &["[2,3], -5, 5"],
    ),
    op(
        "normal(Tensor mean, Tensor std, *, Generator? generator=None)",
        MAKE,
        "Returns normal random numbers, each of its own mean and standard deviation.",
        |a| value(normal_scaled(Some(a.tensor(0)), 0.0, a.tensor(1), &a.generator(2))),
        &["c[2,3], q[1]", "f32[2,3], q[2,3]"],
    ),
    op(
        "normal(Tensor mean, float std=1, *, Generator? generator=None)",
        MAKE,
        "Returns normal random numbers, each of its own mean.",
        |a| value(normal_around(a.tensor(0), a.float(1), &a.generator(2))),
        &["c[2,3], 0.5", "c[2]"],
    ),
    op(
        "normal(float mean, Tensor std, *, Generator? generator=None)",
        MAKE,
        "Returns normal random numbers, each of its own standard deviation.",
        |a| value(normal_scaled(None, a.float(0), a.tensor(1), &a.generator(2))),
        &["1.0, q[2]"],
    ),
    op(
        making!("normal(float mean, float std, int[] size, "),
        MAKE,
        "Returns normal random numbers of one mean and standard deviation.",
        |a| make_row(a, 3, None, |dtype, generator| make::normal(&a.ints(2), a.float(0), a.float(1), dtype, generator)),
        &["1.0, 2.0, (2,3)"],
    ),
    op(
        "bernoulli(Tensor input, *, Generator? generator=None)",
        MAKE_OR_METHOD,
        "Returns 1 with the probability that each element is, else 0.",
        |a| value(bernoulli(a.tensor(0), &a.generator(1))),
        &["q[2,3]", "c[0,2]"],
    ),
    op(
        "bernoulli(Tensor input, float p, *, Generator? generator=None)",
        MAKE_OR_METHOD,
        "Returns 1 with probability `p`, else 0, in the shape and dtype of `input`.",
        |a| value(make::bernoulli_like(a.tensor(0), a.float(1), &a.generator(2))),
        &["c[2,3], 0.5", "i5[2], 0.1"],
    ),
    op(
        "multinomial(Tensor input, int num_samples, bool replacement=False, *, Generator? generator=None)",
        MAKE_OR_METHOD,
        "Returns indices drawn with probabilities proportional to `input`, one row of `num_samples` for each row.",
        |a| value(multinomial(a.tensor(0), a.int(1), a.bool(2), &a.generator(3))),
        &["+[4], 2", "+[3,5], 7, True", "+[3,5], 1"],
    ),
    op(
        "poisson(Tensor input, Generator? generator=None)",
        MAKE,
        "Returns Poisson random numbers, each of its own rate.",
        |a| value(poisson(a.tensor(0), &a.generator(1))),
        &["q[2,3]", "c[0]"],
    ),
    op(
        "uniform_(Tensor input, float from=0, float to=1, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with uniform random numbers from `from` up to but without `to`.",
        |a| value(uniform_(a.tensor(0), a.float(1), a.float(2), &a.generator(3))),
        &["f32[2,3]", "c[2], -1, 1"],
    ),
    op(
        "normal_(Tensor input, float mean=0, float std=1, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with normal random numbers.",
        |a| value(normal_(a.tensor(0), a.float(1), a.float(2), &a.generator(3))),
        &["f32[2,3]", "c[20], 1, 0.5"],
    ),
    op(
        "random_(Tensor input, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with random integers: all that its dtype holds exactly, from 0.",
        |a| value(random_(a.tensor(0), &a.generator(1))),
        &["i5[3]", "b[2]", "f32[2]"],
    ),
    op(
        "random_(Tensor input, int to, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with random integers from 0 up to but without `to`.",
        |a| value(random_between_(a.tensor(0), 0, Some(a.int(1)), "RandomBackward1", &a.generator(2))),
        &["i5[3], 4"],
    ),
    op(
        "random_(Tensor input, int from, int? to, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with random integers from `from` up to but without `to`; None: up to the dtype's largest.",
        |a| value(random_between_(a.tensor(0), a.int(1), a.int_opt(2), "RandomBackward0", &a.generator(3))),
        &["i5[3], -2, 4", "u8[3], 5, None"],
    ),
    op(
        "bernoulli_(Tensor input, Tensor p, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with 1, each with its own probability, else 0.",
        |a| value(bernoulli_each_(a.tensor(0), a.tensor(1), &a.generator(2))),
        &["c[2,3], q[3]", "b[2], q[2]"],
    ),
    op(
        "bernoulli_(Tensor input, float p=0.5, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with 1 with probability `p`, else 0.",
        |a| value(bernoulli_(a.tensor(0), a.float(1), &a.generator(2))),
        &["c[2,3]", "b[2], 0.2"],
    ),
    op(
        "exponential_(Tensor input, float lambd=1, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with exponential random numbers of rate `lambd`.",
        |a| value(exponential_(a.tensor(0), a.float(1), &a.generator(2))),
        &["c[2,3]", "f32[2], 3"],
    ),
    op(
        "geometric_(Tensor input, float p, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with the number of trials, each of probability `p`, up to the first success.",
        |a| value(geometric_(a.tensor(0), a.float(1), &a.generator(2))),
        &["c[2,3], 0.5", "i5[2], 0.3"],
    ),
    op(
        "cauchy_(Tensor input, float median=0, float sigma=1, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with Cauchy random numbers.",
        |a| value(cauchy_(a.tensor(0), a.float(1), a.float(2), &a.generator(3))),
        &["c[2,3]"],
    ),
    op(
        "log_normal_(Tensor input, float mean=1, float std=2, *, Generator? generator=None)",
        FILL,
        "Fills the tensor with numbers whose logarithm is normal.",
        |a| value(log_normal_(a.tensor(0), a.float(1), a.float(2), &a.generator(3))),
        &["c[2,3]"],
    ),
    op(
        "dropout(Tensor input, float p, bool train)",
        TORCH,
        "Returns the input with each element set to 0 with probability `p` and the others divided by 1 - p; the input \
         itself where `train` is False.",
        |a| value(dropout_row(a, DropoutKind::Elements, a.float(1), false)),
        &["[2,3], 0.5, True", "[4], 0.0, True", "[4], 1.0, True", "[4], 0.3, False", "[0], 0.5, True"],
    ),
    op(
        "dropout(Tensor input, float p=0.5, bool training=True, bool inplace=False)",
        NN,
        "Returns the input with each element set to 0 with probability `p` and the others divided by 1 - p; the input \
         itself where `training` is False.",
        |a| {
            let p = a.float(1);
            if !(0.0..=1.0).contains(&p) {
                bail!(Value: "dropout probability has to be between 0 and 1, but got {p}");
            }
            value(dropout_row(a, DropoutKind::Elements, p, a.bool(3)))
        },
        &["[2,3]", "[2,3,4], 0.2", "[4], 0.3, False"],
    ),
    op(
        "dropout_(Tensor input, float p, bool train)",
        MAKE,
        "Drops out elements of the tensor in place.",
        |a| value(dropout_row(a, DropoutKind::Elements, a.float(1), true)),
        &["c[2,3], 0.5, True"],
    ),
    op(
        "feature_dropout(Tensor input, float p, bool train)",
        TORCH,
        "Returns the input with whole channels (dimension 1) dropped out.",
        |a| value(dropout_row(a, DropoutKind::Features, a.float(1), false)),
        &["[2,3,4], 0.5, True", "[2,3], 0.5, True", "[2,3], 0.5, False"],
    ),
    op(
        "feature_dropout_(Tensor input, float p, bool train)",
        MAKE,
        "Drops out whole channels (dimension 1) of the tensor in place.",
        |a| value(dropout_row(a, DropoutKind::Features, a.float(1), true)),
        &["c[2,3,4], 0.5, True"],
    ),
    op(
        "alpha_dropout(Tensor input, float p, bool train)",
        TORCH,
        "Returns the input with elements set to SELU's negative limit, scaled so that mean and variance stay.",
        |a| value(dropout_row(a, DropoutKind::Alpha, a.float(1), false)),
        &["[2,3], 0.5, True", "[2,3], 0.5, False"],
    ),
    op(
        "alpha_dropout_(Tensor input, float p, bool train)",
        MAKE,
        "Drops out elements of the tensor in place, keeping mean and variance.",
        |a| value(dropout_row(a, DropoutKind::Alpha, a.float(1), true)),
        &["c[2,3], 0.5, True"],
    ),
    op(
        "feature_alpha_dropout(Tensor input, float p, bool train)",
        TORCH,
        "Returns the input with whole channels set to SELU's negative limit, scaled so that mean and variance stay.",
        |a| value(dropout_row(a, DropoutKind::FeatureAlpha, a.float(1), false)),
        &["[2,3,4], 0.5, True"],
    ),
    op(
        "feature_alpha_dropout_(Tensor input, float p, bool train)",
        MAKE,
        "Drops out whole channels of the tensor in place, keeping mean and variance.",
        |a| value(dropout_row(a, DropoutKind::FeatureAlpha, a.float(1), true)),
        &["c[2,3,4], 0.5, True"],
    ),
];

/// Reads the generator, parameter number `at`, and the options after it, and makes a tensor: of the dtype asked for, else
/// of `fallback`, else of the default one.
fn make_row(
    a: &Args,
    at: usize,
    fallback: Option<DType>,
    make: impl FnOnce(DType, &SharedGenerator) -> Result<Tensor>,
) -> Result<Value> {
    let generator = a.generator(at);
    value(Options::read(a, at + 1)?.make(fallback, |dtype| make(dtype, &generator)))
}

fn dropout_row(a: &Args, kind: DropoutKind, p: f64, in_place: bool) -> Result<Tensor> {
    let (input, train) = (a.tensor(0), a.bool(2));
    let generator = default_generator();
    if in_place { dropout_(input, kind, p, train, generator) } else { dropout(input, kind, p, train, generator) }
}

impl From<RandomError> for Error {
    fn from(error: RandomError) -> Self {
        Error::Runtime(error.to_string())
    }
}

/// Returns new elements for a tensor of the shape of `t`, drawn in the order of `t`'s memory.
fn draw_like<T: Element>(t: &Tensor, draw: impl FnOnce(&mut [T]) -> Result<()>) -> Result<Tensor> {
    let mut data = filled(t.shape(), T::default())?;
    draw(&mut data)?;
    Ok(Tensor::from_strided_parts(data, t.shape(), dense_strides(t)))
}

/// Returns a tensor of a shape, drawn in row-major order.
fn draw_shape<T: Element>(shape: &[usize], draw: impl FnOnce(&mut [T]) -> Result<()>) -> Result<Tensor> {
    let mut data = filled(shape, T::default())?;
    draw(&mut data)?;
    Ok(Tensor::from_parts(data, shape))
}

/// Records a tensor of random numbers as made from `inputs`, on which it does not depend smoothly: their gradients are
/// zeros.
fn record_random<const N: usize>(drawn: Tensor, name: &'static str, inputs: [&Tensor; N]) -> Tensor {
    record(drawn, name, inputs, || {
        let like = inputs.map(|input| (Shape::from(input.shape()), input.dtype()));
        move |cx| {
            let mut grads = Grads::new();
            for (i, (shape, dtype)) in like.iter().enumerate() {
                grads.push(cx.when(i, || Tensor::zeros(shape, *dtype))?);
            }
            Ok(grads)
        }
    })
}

/// Returns a tensor's dimensions from the one with the longest step to the one with the shortest.
fn memory_order(t: &Tensor) -> SmallVec<[usize; 4]> {
    let mut order: SmallVec<[usize; 4]> = (0..t.rank()).collect();
    if !t.is_contiguous() {
        let strides = dense_strides(t);
        order.sort_by_key(|&d| std::cmp::Reverse(strides[d]));
    }
    order
}
