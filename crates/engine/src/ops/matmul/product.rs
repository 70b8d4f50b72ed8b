//! The products proper. The kernels read any strides, so a transposed or an expanded operand is never copied.

use smallvec::SmallVec;

use crate::autograd::{BackwardCx, Saved, record};
use crate::bail;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::matmul::{Matrix, batched_product, integer_product};
use crate::ops::arithmetic::mul;
use crate::ops::view::{self, squeeze_like};
use crate::shape::{
    Dims, Shape, Strides, broadcast, broadcast_strides, checked_numel, contiguous_strides, for_each_row,
};
use crate::storage::filled;
use crate::tensor::Tensor;

/// The matrix product for every pair of ranks, with broadcasting of leading dimensions.
pub fn matmul(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    match (a.rank(), b.rank()) {
        (0, _) | (_, 0) => {
            bail!("both arguments to matmul need to be at least 1D, but they are {}D and {}D", a.rank(), b.rank())
        }
        (1, 1) => dot(a, b),
        (2, 1) => mv(a, b),
        (2, 2) => mm(a, b),
        (1, 2) => without_dim(&mm(&view::unsqueeze(a, 0)?, b)?, 0, "SqueezeBackward4"),
        (_, 1 | 2) => {
            let (rows, columns) = a.shape().split_at(a.rank() - 1);
            let folded = a.reshape_to(&[checked_numel(rows)?, columns[0]])?;
            let product = if b.rank() == 1 { mv(&folded, b)? } else { mm(&folded, b)? };
            let shape: Shape = rows.iter().chain(&b.shape()[1..]).copied().collect();
            Ok(reshaped(&product, shape))
        }
        (1, _) => {
            let product = batched(&view::unsqueeze(a, 0)?, b)?;
            without_dim(&product, product.rank() - 2, "UnsafeViewBackward0")
        }
        _ => batched(a, b),
    }
}

/// Gives a fresh contiguous product another shape.
pub(super) fn reshaped(t: &Tensor, shape: Shape) -> Tensor {
    let strides = contiguous_strides(&shape);
    squeeze_like(t, shape, strides, "UnsafeViewBackward0")
}

fn without_dim(t: &Tensor, dim: usize, name: &'static str) -> Result<Tensor> {
    let (mut shape, mut strides) = (Shape::from(t.shape()), Strides::from(t.strides()));
    shape.remove(dim);
    strides.remove(dim);
    Ok(squeeze_like(t, shape, strides, name))
}

/// The product of two matrices: `C = A B`, `∂L/∂A = ∂L/∂C Bᵀ`, `∂L/∂B = Aᵀ ∂L/∂C`.
pub fn mm(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    check_matrices("mm", a, b)?;
    if a.dtype() != b.dtype() {
        bail!("expected m1 and m2 to have the same dtype, but got: {} != {}", c_name(a.dtype()), c_name(b.dtype()));
    }
    let shape = [a.shape()[0], b.shape()[1]];
    let out = raw("addmm_impl_cpu_", a, b, &[], &shape)?;
    Ok(record(out, "MmBackward0", [a, b], || {
        let derivative = MatmulBackward::new(a, b);
        move |cx| {
            let g = cx.grad()?;
            grads![cx.when(0, || derivative.left(&g, cx))?, cx.when(1, || derivative.right(&g, cx))?]
        }
    }))
}

/// Checks that two matrices can be multiplied.
pub(super) fn check_matrices(op: &str, a: &Tensor, b: &Tensor) -> Result<()> {
    if a.rank() != 2 {
        bail!("{op}: {} must be a matrix, got {}-D tensor", if op == "mm" { "self" } else { "mat1" }, a.rank());
    }
    if b.rank() != 2 {
        bail!("{op}: mat2 must be a matrix, got {}-D tensor", b.rank());
    }
    if a.shape()[1] != b.shape()[0] {
        bail!(
            "{op}: mat1 and mat2 shapes cannot be multiplied ({}x{} and {}x{})",
            a.shape()[0],
            a.shape()[1],
            b.shape()[0],
            b.shape()[1]
        );
    }
    Ok(())
}

/// The name of a dtype that some of torch's messages use.
pub(crate) fn c_name(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "bool",
        DType::U8 => "unsigned char",
        DType::I32 => "int",
        DType::I64 => "long int",
        DType::F16 => "c10::Half",
        DType::BF16 => "c10::BFloat16",
        DType::F32 => "float",
        DType::F64 => "double",
    }
}

/// The products of a batch of pairs of matrices.
pub fn bmm(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    check_batches(a, b)?;
    batch_product(a, b, &a.shape()[..1], "BmmBackward0")
}

/// Checks that two batches of matrices can be multiplied pair by pair.
pub(super) fn check_batches(a: &Tensor, b: &Tensor) -> Result<()> {
    for (name, t) in [("batch1", a), ("batch2", b)] {
        if t.rank() != 3 {
            bail!("{name} must be a 3D tensor");
        }
    }
    let expected = [a.shape()[0], a.shape()[2]];
    if b.shape()[..2] != expected {
        bail!(
            "Expected size for first two dimensions of batch2 tensor to be: {} but got: {}.",
            Dims(&expected),
            Dims(&b.shape()[..2])
        );
    }
    if a.dtype() != b.dtype() {
        return Err(mixed_dtypes(a, b));
    }
    Ok(())
}

fn mixed_dtypes(a: &Tensor, b: &Tensor) -> Error {
    Error::Runtime(format!("expected scalar type {} but found {}", a.dtype().torch_name(), b.dtype().torch_name()))
}

fn batched(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let (a_batch, a_matrix) = a.shape().split_at(a.rank() - 2);
    let (b_batch, b_matrix) = b.shape().split_at(b.rank() - 2);
    let batch = broadcast(a_batch, b_batch)?;
    if a_matrix[1] != b_matrix[0] {
        let pairs = checked_numel(&batch)?;
        bail!(
            "Expected size for first two dimensions of batch2 tensor to be: {} but got: {}.",
            Dims(&[pairs, a_matrix[1]]),
            Dims(&[pairs, b_matrix[0]])
        );
    }
    if a.dtype() != b.dtype() {
        return Err(mixed_dtypes(a, b));
    }
    batch_product(a, b, &batch, "UnsafeViewBackward0")
}

fn batch_product(a: &Tensor, b: &Tensor, batch: &[usize], name: &'static str) -> Result<Tensor> {
    let shape: Shape = batch.iter().copied().chain([a.shape()[a.rank() - 2], b.shape()[b.rank() - 1]]).collect();
    let out = raw("bmm", a, b, batch, &shape)?;
    Ok(record(out, name, [a, b], || {
        let derivative = MatmulBackward::new(a, b);
        move |cx| {
            let g = cx.grad()?;
            grads![cx.when(0, || derivative.left(&g, cx))?, cx.when(1, || derivative.right(&g, cx))?]
        }
    }))
}

/// What the derivative of a product keeps: each factor where the other one wants a gradient, and how the factors lie
/// in memory, so that each gradient is made to lie like its factor.
pub(super) struct MatmulBackward {
    a: Option<Saved>,
    b: Option<Saved>,
    a_is_transposed: bool,
    b_is_transposed: bool,
}

impl MatmulBackward {
    pub(super) fn new(a: &Tensor, b: &Tensor) -> Self {
        MatmulBackward {
            a: b.requires_grad().then(|| Saved::input(a)),
            b: a.requires_grad().then(|| Saved::input(b)),
            a_is_transposed: is_transposed(a),
            b_is_transposed: is_transposed(b),
        }
    }

    /// `∂L/∂A = ∂L/∂C Bᵀ`
    pub(super) fn left(&self, g: &Tensor, cx: &BackwardCx<'_>) -> Result<Tensor> {
        let b = kept(&self.b, cx)?;
        if self.a_is_transposed {
            return flip(&matmul(&b, &flip(g)?)?);
        }
        matmul(g, &flip(&b)?)
    }

    /// `∂L/∂B = Aᵀ ∂L/∂C`
    pub(super) fn right(&self, g: &Tensor, cx: &BackwardCx<'_>) -> Result<Tensor> {
        let a = kept(&self.a, cx)?;
        if self.b_is_transposed {
            return flip(&matmul(&flip(g)?, &a)?);
        }
        matmul(&flip(&a)?, g)
    }
}

fn kept(saved: &Option<Saved>, cx: &BackwardCx<'_>) -> Result<Tensor> {
    match saved {
        Some(saved) => saved.get(cx),
        None => bail!("{}: a factor of the product was not kept for its derivative", cx.node.name()),
    }
}

fn flip(t: &Tensor) -> Result<Tensor> {
    if t.rank() == 2 { view::t(t) } else { view::transpose(t, -2, -1) }
}

/// Tells whether the columns of a matrix lie one after the other in memory.
fn is_transposed(t: &Tensor) -> bool {
    let (shape, strides) = (&t.shape()[t.rank() - 2..], &t.strides()[t.rank() - 2..]);
    strides[0] == 1 && strides[1] >= shape[0].max(2) as isize
}

/// The product of a matrix and a vector.
pub fn mv(a: &Tensor, v: &Tensor) -> Result<Tensor> {
    if a.rank() != 2 || v.rank() != 1 {
        bail!("vector + matrix @ vector expected, got 1, {}, {}", a.rank(), v.rank());
    }
    let shape = [a.shape()[0]];
    if a.shape()[1] != v.shape()[0] {
        bail!(
            "size mismatch, got input ({}), mat ({}x{}), vec ({})",
            shape[0],
            a.shape()[0],
            a.shape()[1],
            v.shape()[0]
        );
    }
    if a.dtype() != v.dtype() {
        bail!(
            "addmv input tensors must have the same dtype, but got {}, {}, and {}",
            v.dtype().torch_name(),
            a.dtype().torch_name(),
            v.dtype().torch_name()
        );
    }
    let out = raw("addmv_impl_cpu", a, &column(v), &[], &shape)?;
    Ok(record(out, "MvBackward0", [a, v], || {
        let keep_a = v.requires_grad().then(|| Saved::input(a));
        let keep_v = a.requires_grad().then(|| Saved::input(v));
        move |cx| {
            let g = cx.grad()?;
            grads![
                cx.when(0, || outer_of(&g, &kept(&keep_v, cx)?))?,
                cx.when(1, || mv(&view::t(&kept(&keep_a, cx)?)?, &g))?,
            ]
        }
    }))
}

/// `uᵢ vⱼ`
pub(super) fn outer_of(u: &Tensor, v: &Tensor) -> Result<Tensor> {
    mul(&(&u.reshape_to(&[u.numel(), 1])?).into(), &v.into())
}

/// The dot product of two vectors.
pub fn dot(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    dot_named(a, b, "DotBackward0")
}

/// The dot product, which of real vectors is [`dot`].
pub fn vdot(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    dot_named(a, b, "VdotBackward0")
}

fn dot_named(a: &Tensor, b: &Tensor, name: &'static str) -> Result<Tensor> {
    if a.rank() != 1 || b.rank() != 1 {
        bail!("1D tensors expected, but got {}D and {}D tensors", a.rank(), b.rank());
    }
    if a.dtype() != b.dtype() {
        bail!(
            "dot : expected both vectors to have same dtype, but found {} and {}",
            a.dtype().torch_name(),
            b.dtype().torch_name()
        );
    }
    let (n, m) = (a.numel(), b.numel());
    if n != m {
        bail!(
            "inconsistent tensor size, expected tensor [{n}] and src [{m}] to have the same number of elements, but \
             got {n} and {m} elements respectively"
        );
    }
    let row = a.alias([1, n].as_slice().into(), [0, a.strides()[0]].as_slice().into(), a.storage_offset());
    let out = raw("dot", &row, &column(b), &[], &[])?;
    Ok(record(out, name, [a, b], || {
        let keep_a = b.requires_grad().then(|| Saved::input(a));
        let keep_b = a.requires_grad().then(|| Saved::input(b));
        move |cx| {
            let g = cx.grad()?;
            grads![cx.when(0, || kept(&keep_b, cx)?.mul(&g))?, cx.when(1, || kept(&keep_a, cx)?.mul(&g))?,]
        }
    }))
}

/// A vector as a matrix of one column, without history.
pub(super) fn column(v: &Tensor) -> Tensor {
    v.alias([v.numel(), 1].as_slice().into(), [v.strides()[0], 0].as_slice().into(), v.storage_offset())
}

/// The places of the first elements of each pair of matrices, for operands whose leading dimensions broadcast to
/// `batch`.
fn pair_offsets(a: &Tensor, b: &Tensor, batch: &[usize]) -> Result<Vec<[usize; 2]>> {
    let strides = |t: &Tensor| broadcast_strides(&t.shape()[..t.rank() - 2], &t.strides()[..t.rank() - 2], batch);
    let pairs = checked_numel(batch)?;
    let refused = |_| Error::OutOfMemory { bytes: pairs.saturating_mul(16), shape: batch.to_vec() };
    let mut offsets = Vec::new();
    offsets.try_reserve_exact(pairs).map_err(refused)?;
    for_each_row(
        batch,
        [&strides(a), &strides(b)],
        [a.storage_offset(), b.storage_offset()],
        &mut |starts, n, steps| {
            for i in 0..n as isize {
                offsets.push([0, 1].map(|k| (starts[k] as isize + i * steps[k]) as usize));
            }
        },
    );
    Ok(offsets)
}

fn matrix_strides(t: &Tensor) -> [usize; 2] {
    [t.strides()[t.rank() - 2] as usize, t.strides()[t.rank() - 1] as usize]
}

/// Multiplies without recording. The last two dimensions of the operands are matrices that fit, the leading ones
/// broadcast to `batch`; the result gets `shape`.
pub(super) fn raw(op: &'static str, a: &Tensor, b: &Tensor, batch: &[usize], shape: &[usize]) -> Result<Tensor> {
    let (m, k, n) = (a.shape()[a.rank() - 2], a.shape()[a.rank() - 1], b.shape()[b.rank() - 1]);
    if shape.contains(&0) && a.dtype() != DType::Bool {
        return Tensor::zeros(shape, a.dtype());
    }
    let offsets: SmallVec<[[usize; 2]; 1]> = if batch.is_empty() {
        SmallVec::from_buf([[a.storage_offset(), b.storage_offset()]])
    } else {
        SmallVec::from_vec(pair_offsets(a, b, batch)?)
    };
    let (a_strides, b_strides) = (matrix_strides(a), matrix_strides(b));
    macro_rules! integers {
        ($T:ty) => {{
            let mut out = filled::<$T>(shape, 0)?;
            let (a, b) = (a.memory::<$T>(), b.memory::<$T>());
            for (out, &[a_offset, b_offset]) in out.chunks_mut((m * n).max(1)).zip(&offsets) {
                let a = Matrix { values: &a[..], offset: a_offset, strides: a_strides };
                let b = Matrix { values: &b[..], offset: b_offset, strides: b_strides };
                integer_product(m, k, n, a, b, out);
            }
            Ok(Tensor::from_parts(out, shape))
        }};
    }
    macro_rules! floats {
        ($T:ty) => {{
            let mut out = filled::<$T>(shape, 0.0)?;
            let (a, b) = (a.memory::<$T>(), b.memory::<$T>());
            batched_product(m, k, n, &a, a_strides, &b, b_strides, &offsets, &mut out);
            Ok(Tensor::from_parts(out, shape))
        }};
    }
    match a.dtype() {
        dtype @ (DType::Bool | DType::F16 | DType::BF16) => Err(Error::DTypeNotSupported { op, dtype }),
        DType::U8 => integers!(u8),
        DType::I32 => integers!(i32),
        DType::I64 => integers!(i64),
        DType::F32 => floats!(f32),
        DType::F64 => floats!(f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_broadcast_without_a_copy() {
        let a = Tensor::from_vec((0..6).map(|v| v as f32).collect(), &[1, 2, 3]).unwrap();
        let b = Tensor::from_vec((0..24).map(|v| v as f32).collect(), &[2, 4, 3]).unwrap();
        let product = matmul(&a, &view::transpose(&b, 1, 2).unwrap()).unwrap();
        assert_eq!(product.shape(), &[2, 2, 4]);
        assert_eq!(product.to_vec::<f32>().unwrap()[..4], [5.0, 14.0, 23.0, 32.0]);
        assert_eq!(product.to_vec::<f32>().unwrap()[12..], [158.0, 194.0, 230.0, 266.0].map(|v: f32| v + 0.0)[..]);
    }

    #[test]
    fn a_gradient_lies_in_memory_like_its_factor() {
        let w = Tensor::from_vec((0..12).map(|v| v as f32).collect(), &[4, 3]).unwrap();
        assert!(is_transposed(&view::t(&w).unwrap()) && !is_transposed(&w));
    }
}
