//! Tensors from nothing: filled, ranges, identity matrices, and the dtype that they have by default.

use super::view::sizes;
use super::{Args, INPLACE, METHOD, NO_GRAD, OpDef, TORCH, Value, op, value};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::{Element, cast};
use crate::error::{Error, Result};
use crate::shape::{Strides, is_dense};
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// A signature that ends with what every function that makes a tensor takes; [`Options`] reads it.
macro_rules! making {
    ($start:literal) => {
        concat!(
            $start,
            "*, ScalarType? dtype=None, any layout=None, Device? device=None, bool requires_grad=False, \
             bool? pin_memory=False)"
        )
    };
    (like $start:literal) => {
        concat!(
            $start,
            "*, ScalarType? dtype=None, any layout=None, Device? device=None, bool requires_grad=False, \
             any memory_format=None, bool? pin_memory=False)"
        )
    };
}

const FILL: u8 = TORCH | INPLACE | NO_GRAD;
const LIKE: u8 = TORCH | NO_GRAD;
const NEW: u8 = METHOD | NO_GRAD;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        making!("zeros(int[] size, "),
        TORCH,
        "Returns a tensor of zeros.",
        |a| value(Options::read(a, 1)?.make(None, |dtype| Tensor::zeros(&sizes("zeros", &a.ints(0))?, dtype))),
        &["(2,3)", "()", "(0,2), dtype=int64"],
    ),
    op(
        making!("ones(int[] size, "),
        TORCH,
        "Returns a tensor of ones.",
        |a| value(Options::read(a, 1)?.make(None, |dtype| Tensor::ones(&sizes("ones", &a.ints(0))?, dtype))),
        &["(2,3)", "(2,), dtype=bool"],
    ),
    op(
        making!("empty(int[] size, "),
        TORCH,
        "Returns a tensor whose elements are not chosen (here they are zeros).",
        |a| value(Options::read(a, 1)?.make(None, |dtype| Tensor::zeros(&sizes("empty", &a.ints(0))?, dtype))),
        &["(2,3)"],
    ),
    op(
        "fill(Tensor input, Scalar value)",
        FILL,
        "Returns a tensor like this one filled with one number.",
        |a| value(full_like(a.tensor(0), fitting(a.scalar(1), a.tensor(0).dtype())?, a.tensor(0).dtype())),
        &["[2,3], 1.5", "i5[2], 3"],
    ),
    op(
        "fill(Tensor input, Tensor value)",
        FILL,
        "Returns a tensor like this one filled with the value of a 0-d tensor.",
        |a| {
            let (t, number) = (a.tensor(0), a.tensor(1));
            if number.rank() != 0 {
                bail!("fill_ only supports 0-dimension value tensor but got tensor with {} dimensions.", number.rank());
            }
            value(number.to_dtype(t.dtype())?.expand_to(t.shape()).copy_op())
        },
        &["c[2,3], []"],
    ),
    op(
        "zero(Tensor input)",
        INPLACE | NO_GRAD,
        "Sets every element to zero.",
        |a| value(full_like(a.tensor(0), Scalar::Int(0), a.tensor(0).dtype())),
        &["[2,3]"],
    ),
    op(
        making!("full(int[] size, Scalar fill_value, "),
        TORCH,
        "Returns a tensor filled with one number; its dtype follows the number's unless `dtype` says otherwise.",
        |a| {
            let number = a.scalar(1);
            value(Options::read(a, 2)?.make(Some(number.dtype()), |dtype| {
                Tensor::full(&sizes("full", &a.ints(0))?, fitting(number, dtype)?, dtype)
            }))
        },
        &["(2,3), 7", "(), 2.5", "(2,), True"],
    ),
    op(
        making!("scalar_tensor(Scalar s, "),
        TORCH,
        "Returns a 0-d tensor of a number.",
        |a| {
            let number = a.scalar(0);
            value(Options::read(a, 1)?.make(None, |dtype| Tensor::full(&[], fitting(number, dtype)?, dtype)))
        },
        &["3"],
    ),
    op(
        making!("arange(Scalar end, "),
        TORCH,
        "Returns the numbers 0, 1, 2, ... below `end`.",
        |a| arange_row(a, Scalar::Int(0), a.scalar(0), Scalar::Int(1), 1),
        &["5", "2.5"],
    ),
    op(
        making!("arange(Scalar start, Scalar end, Scalar step=1, "),
        TORCH,
        "Returns the numbers start, start + step, ... up to but without `end`.",
        |a| arange_row(a, a.scalar(0), a.scalar(1), a.scalar(2), 3),
        &["1, 5", "5, 0, -2", "0, 1, 0.25, dtype=float64"],
    ),
    op(
        making!("linspace(Scalar start, Scalar end, int steps, "),
        TORCH,
        "Returns `steps` numbers at equal distances from `start` to `end`, both included.",
        |a| value(Options::read(a, 3)?.make(None, |dtype| linspace(a.scalar(0), a.scalar(1), a.int(2), dtype))),
        &["0, 1, 5", "3, -3, 1, dtype=float64", "0, 10, 4, dtype=int64"],
    ),
    op(
        making!("logspace(Scalar start, Scalar end, int steps, float base=10.0, "),
        TORCH,
        "Returns the powers of `base` at `steps` exponents at equal distances from `start` to `end`.",
        |a| {
            value(
                Options::read(a, 4)?
                    .make(None, |dtype| logspace(a.scalar(0), a.scalar(1), a.int(2), a.float(3), dtype)),
            )
        },
        &["0, 2, 3", "0, 4, 5, base=2"],
    ),
    op(
        making!("eye(int n, int? m=None, "),
        TORCH,
        "Returns a matrix with ones on the diagonal and zeros elsewhere.",
        |a| value(Options::read(a, 2)?.make(None, |dtype| eye(a.int(0), a.int_opt(1), dtype))),
        &["3", "2, 4", "0"],
    ),
    op(
        making!(like "zeros_like(Tensor input, "),
        LIKE,
        "Returns zeros of the shape and dtype of `input`.",
        |a| like_row(a, Scalar::Int(0), 1),
        &["[2,3]", "c[0]", "b[2], dtype=float32"],
    ),
    op(
        making!(like "ones_like(Tensor input, "),
        LIKE,
        "Returns ones of the shape and dtype of `input`.",
        |a| like_row(a, Scalar::Int(1), 1),
        &["[2,3]", "i5[2]"],
    ),
    op(
        making!(like "empty_like(Tensor input, "),
        LIKE,
        "Returns a tensor of the shape and dtype of `input` whose elements are not chosen (here they are zeros).",
        |a| like_row(a, Scalar::Int(0), 1),
        &["[2,3]"],
    ),
    op(
        making!(like "full_like(Tensor input, Scalar fill_value, "),
        LIKE,
        "Returns a tensor of the shape and dtype of `input` filled with one number.",
        |a| like_row(a, a.scalar(1), 2),
        &["[2,3], 4", "i5[2], 2.5, dtype=float64"],
    ),
    op(
        making!("new_zeros(Tensor input, int[] size, "),
        NEW,
        "Returns zeros of the dtype of this tensor.",
        |a| new_row(a, Scalar::Int(0), 2),
        &["[2], (2,3)"],
    ),
    op(
        making!("new_ones(Tensor input, int[] size, "),
        NEW,
        "Returns ones of the dtype of this tensor.",
        |a| new_row(a, Scalar::Int(1), 2),
        &["[2], (2,3)"],
    ),
    op(
        making!("new_empty(Tensor input, int[] size, "),
        NEW,
        "Returns a tensor of the dtype of this one whose elements are not chosen (here they are zeros).",
        |a| new_row(a, Scalar::Int(0), 2),
        &["[2], (2,3)"],
    ),
    op(
        making!("new_full(Tensor input, int[] size, Scalar fill_value, "),
        NEW,
        "Returns a tensor of the dtype of this one filled with one number.",
        |a| new_row(a, a.scalar(2), 3),
        &["[2], (2,3), 0.5"],
    ),
    op(
        "get_default_dtype() -> ScalarType",
        TORCH,
        "Returns the dtype of tensors made of Python floats: float32 unless set_default_dtype() changed it.",
        |_| Ok(Value::DType(DType::default_float())),
        &[""],
    ),
    op(
        "set_default_dtype(ScalarType d)",
        TORCH,
        "Sets the dtype of tensors made of Python floats.",
        |a| value(set_default_dtype(a.dtype_opt(0).unwrap_or_else(DType::default_float))),
        &["float32"],
    ),
];

/// What the functions that make tensors take after `*`.
pub(super) struct Options {
    pub(super) dtype: Option<DType>,
    requires_grad: bool,
}

impl Options {
    /// Reads the parameters from number `at` on: dtype, layout, device, requires_grad, then others.
    pub(super) fn read(a: &Args, at: usize) -> Result<Options> {
        match a.value(at + 1) {
            Value::None => {}
            Value::Other(name) if name == "torch.layout" => {}
            other => bail!(Type: "{}(): argument 'layout' must be torch.layout, not {}", a.op, other.type_name()),
        }
        if matches!(a.values.last(), Some(Value::Bool(true))) && a.values.len() > at + 4 {
            bail!("{}(): pin_memory=True needs an accelerator, and the only device here is the CPU", a.op);
        }
        Ok(Options { dtype: a.dtype_opt(at), requires_grad: a.bool(at + 3) })
    }

    /// Makes the tensor, of the dtype asked for, else of `fallback`, else of the default one.
    pub(super) fn make(&self, fallback: Option<DType>, make: impl FnOnce(DType) -> Result<Tensor>) -> Result<Tensor> {
        let dtype = self.dtype.or(fallback).unwrap_or_else(DType::default_float);
        make(dtype)?.with_requires_grad(self.requires_grad)
    }
}

fn arange_row(a: &Args, start: Scalar, end: Scalar, step: Scalar, at: usize) -> Result<Value> {
    let has_float = [start, end, step].into_iter().any(Scalar::is_float);
    let natural = if has_float { DType::default_float() } else { DType::I64 };
    value(Options::read(a, at)?.make(Some(natural), |dtype| arange(start, end, step, dtype)))
}

fn like_row(a: &Args, number: Scalar, at: usize) -> Result<Value> {
    let t = a.tensor(0);
    value(Options::read(a, at)?.make(Some(t.dtype()), |dtype| full_like(t, fitting(number, dtype)?, dtype)))
}

fn new_row(a: &Args, number: Scalar, at: usize) -> Result<Value> {
    let make = |dtype| Tensor::full(&sizes(a.op, &a.ints(1))?, fitting(number, dtype)?, dtype);
    value(Options::read(a, at)?.make(Some(a.tensor(0).dtype()), make))
}

/// Sets the dtype of tensors made of Python floats on this thread.
pub fn set_default_dtype(dtype: DType) -> Result<()> {
    if !dtype.is_float() {
        bail!(Type: "only floating-point types are supported as the default type, but got {dtype}");
    }
    if dtype.is_half() {
        bail!(NotImplemented: "{dtype} as the default dtype is not part of Lyceum yet; use .to({dtype}) on a model");
    }
    DType::set_default_float(dtype);
    Ok(())
}

/// Checks that a number can be an element of a dtype: integers too large for it and NaN as an integer cannot. A
/// negative number of which the positive one fits is taken by uint8, and wraps.
pub fn fitting(number: Scalar, dtype: DType) -> Result<Scalar> {
    let fits = match (dtype, number) {
        (DType::Bool | DType::F64, _) | (_, Scalar::Bool(_)) => true,
        (DType::F16 | DType::BF16 | DType::F32, _) => {
            let (v, largest) = (number.to_f64(), if dtype == DType::F16 { 65_504.0 } else { f64::from(f32::MAX) });
            !v.is_finite() || v.abs() <= largest
        }
        (DType::U8, Scalar::Int(i)) => (-255..=255).contains(&i),
        (DType::U8, Scalar::Float(f)) => (-255.0..=255.0).contains(&f),
        (DType::I32, Scalar::Int(i)) => i32::try_from(i).is_ok(),
        (DType::I32, Scalar::Float(f)) => (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&f),
        (DType::I64, Scalar::Int(_)) => true,
        (DType::I64, Scalar::Float(f)) => (i64::MIN as f64..-(i64::MIN as f64)).contains(&f),
    };
    if !fits {
        bail!("value {} cannot be converted to {dtype} without overflow", Number(number));
    }
    Ok(match (dtype, number) {
        (DType::U8, Scalar::Float(f)) => Scalar::Int(f as i64),
        _ => number,
    })
}

/// Displays a number as Python writes it, more or less.
struct Number(Scalar);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Scalar::Bool(b) => write!(f, "{b}"),
            Scalar::Int(i) => write!(f, "{i}"),
            Scalar::Float(v) => write!(f, "{v}"),
        }
    }
}

/// Makes a tensor filled with a number, of the shape of `t` and with its dimensions in the same order in memory.
pub fn full_like(t: &Tensor, number: Scalar, dtype: DType) -> Result<Tensor> {
    let strides = dense_strides(t);
    Ok(crate::for_dtype!(dtype, T => {
        Tensor::from_strided_parts(filled::<T>(t.shape(), T::from_scalar(number))?, t.shape(), strides)
    }))
}

/// Returns the strides of a tensor without gaps whose dimensions lie in memory in the order of `t`'s.
pub(super) fn dense_strides(t: &Tensor) -> Strides {
    let (shape, strides) = (t.shape(), t.strides());
    if is_dense(shape, strides) {
        return strides.into();
    }
    // From the innermost dimension outwards. A stride of 0 has no place of its own and stays where it is, which is
    // why this is an insertion sort: the order "goes inside of" is not total.
    let mut order: Vec<usize> = (0..shape.len()).rev().collect();
    for i in 1..order.len() {
        let mut at = i;
        for before in (0..i).rev() {
            let (a, b) = (order[before], order[at]);
            if strides[a] == 0 || strides[b] == 0 {
                continue;
            }
            if strides[a] < strides[b] {
                break;
            }
            if strides[a] > strides[b] || shape[a] > shape[b] {
                order.swap(before, at);
                at = before;
            }
        }
    }
    let mut dense = Strides::from_elem(1, shape.len());
    let mut step = 1isize;
    for d in order {
        dense[d] = step;
        step *= shape[d] as isize;
    }
    dense
}

/// Returns `start + i step` for `i = 0, 1, ...` while that is before `end`.
pub fn arange(start: Scalar, end: Scalar, step: Scalar, dtype: DType) -> Result<Tensor> {
    if dtype == DType::Bool {
        return Err(Error::DTypeNotSupported { op: "arange_cpu", dtype });
    }
    let (first, last, pace) = (start.to_f64(), end.to_f64(), step.to_f64());
    if pace == 0.0 {
        bail!("step must be nonzero");
    }
    if !first.is_finite() || !last.is_finite() {
        bail!("unsupported range: {first} -> {last}");
    }
    if pace.is_nan() || (pace > 0.0 && last < first) || (pace < 0.0 && last > first) {
        bail!("upper bound and lower bound inconsistent with step sign");
    }
    let is_integral = ![start, end, step].into_iter().any(Scalar::is_float);
    let count = if dtype == DType::I64 && is_integral {
        // Exact where floats are not.
        let (first, last, pace) = (start.to_i64(), end.to_i64(), step.to_i64());
        let distance = (i128::from(last) - i128::from(first)) * i128::from(pace.signum());
        let steps = (distance.max(0) as u128).div_ceil(u128::from(pace.unsigned_abs()));
        usize::try_from(steps).unwrap_or(usize::MAX)
    } else {
        ((last - first) / pace).ceil().max(0.0) as usize
    };
    Ok(match dtype {
        // torch's loop works in blocks, which the last digit shows; so does ours.
        DType::F32 => Tensor::from_parts(float_range::<f32>(first, pace, count, 8)?, &[count]),
        DType::F64 => Tensor::from_parts(float_range::<f64>(first, pace, count, 4)?, &[count]),
        _ => crate::for_dtype!(dtype, T => {
            let mut out: Vec<T> = allocate(&[count])?;
            let (first, pace) = (start.to_i64(), step.to_i64());
            out.extend((0..count as i64).map(|i| T::from_i64(first.wrapping_add(pace.wrapping_mul(i)))));
            Tensor::from_parts(out, &[count])
        }),
    })
}

/// Counts in blocks of `width` from a rounded start of the block; what does not fill two blocks is counted directly.
fn float_range<T: Element>(first: f64, pace: f64, count: usize, width: usize) -> Result<Vec<T>> {
    let mut out = allocate(&[count])?;
    let in_blocks = count / (2 * width) * (2 * width);
    let at = |i: usize| pace.mul_add(i as f64, first);
    for block in (0..in_blocks).step_by(width) {
        let start = T::from_f64(at(block)).to_f64();
        out.extend((0..width).map(|i| T::from_f64(pace.mul_add(i as f64, start))));
    }
    out.extend((in_blocks..count).map(|i| T::from_f64(at(i))));
    Ok(out)
}

/// Returns `steps` numbers from `start` to `end`: the first half counted up from `start`, the second down from `end`.
pub fn linspace(start: Scalar, end: Scalar, steps: i64, dtype: DType) -> Result<Tensor> {
    let count = step_count(steps)?;
    Ok(match dtype {
        DType::Bool if count > 1 => return Err(Error::DTypeNotSupported { op: "linspace_cpu", dtype }),
        DType::F32 => {
            let (first, last) = (f32::from_scalar(start), f32::from_scalar(end));
            let pace = (last - first) / (steps - 1) as f32;
            spaced(count, |i| pace.mul_add(i as f32, first), |i| (-pace).mul_add(i as f32, last), first)?
        }
        _ => crate::for_dtype!(dtype, T => {
            let (first, last) = (T::from_scalar(start).to_f64(), T::from_scalar(end).to_f64());
            let pace = (last - first) / (steps - 1) as f64;
            let up = |i: usize| T::from_f64(pace.mul_add(i as f64, first));
            spaced(count, up, |i| T::from_f64((-pace).mul_add(i as f64, last)), T::from_scalar(start))?
        }),
    })
}

fn spaced<T: Element>(count: usize, up: impl Fn(usize) -> T, down: impl Fn(usize) -> T, first: T) -> Result<Tensor> {
    let mut out: Vec<T> = allocate(&[count])?;
    match count {
        1 => out.push(first),
        _ => out.extend((0..count).map(|i| if i < count / 2 { up(i) } else { down(count - 1 - i) })),
    }
    Ok(Tensor::from_parts(out, &[count]))
}

fn step_count(steps: i64) -> Result<usize> {
    usize::try_from(steps).map_err(|_| Error::Runtime(format!("number of steps must be non-negative, but got {steps}")))
}

/// Returns `base ** e` for the exponents `e` of [`linspace`].
pub fn logspace(start: Scalar, end: Scalar, steps: i64, base: f64, dtype: DType) -> Result<Tensor> {
    let count = step_count(steps)?;
    if dtype == DType::Bool && count > 1 {
        return Err(Error::DTypeNotSupported { op: "logspace_cpu", dtype });
    }
    let exponents = linspace(start, end, steps, if dtype == DType::F32 { DType::F32 } else { DType::F64 })?;
    let exponents = exponents.to_vec::<f64>()?;
    crate::for_dtype!(dtype, T => {
        let mut out: Vec<T> = allocate(&[count])?;
        out.extend(exponents.into_iter().map(|e| cast::<f64, T>(base.powf(e))));
        Ok(Tensor::from_parts(out, &[count]))
    })
}

/// Returns the `n` by `m` matrix with ones where row and column are equal.
pub fn eye(n: i64, m: Option<i64>, dtype: DType) -> Result<Tensor> {
    let m = m.unwrap_or(n);
    let (Ok(rows), Ok(columns)) = (usize::try_from(n), usize::try_from(m)) else {
        bail!("eye(): n and m must be greater or equal to 0, got n={n}, m={m}");
    };
    crate::for_dtype!(dtype, T => {
        let mut data = filled::<T>(&[rows, columns], T::default())?;
        for i in 0..rows.min(columns) {
            data[i * columns + i] = T::from_i64(1);
        }
        Ok(Tensor::from_parts(data, &[rows, columns]))
    })
}
