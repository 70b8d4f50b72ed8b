//! Products with a term added, `β·input + α·(A B)`, and the linear layers made of them.

use super::product::{MatmulBackward, bmm, check_batches, check_matrices, matmul, mv, outer_of, raw, reshaped};
use crate::autograd::{BackwardCx, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::error::Result;
use crate::grads;
use crate::kernels::Real;
use crate::kernels::matmul::{Matrix, product};
use crate::ops::arithmetic::{add, mul};
use crate::ops::{reduce, view};
use crate::shape::{Dims, Shape, checked_numel};
use crate::storage::allocate;
use crate::tensor::Tensor;

const ONE: Scalar = Scalar::Int(1);

/// `y = β·input + α·(A B)`: `∂L/∂input = β ∂L/∂y`, `∂L/∂A = α ∂L/∂y Bᵀ`, `∂L/∂B = α Aᵀ ∂L/∂y`.
pub fn addmm(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    check_matrices("addmm", a, b)?;
    check_dtypes(input, a, b, "mat1", "mat2")?;
    let shape = [a.shape()[0], b.shape()[1]];
    let out = match a.dtype() {
        DType::F32 if alpha == ONE && beta == ONE => onto::<f32>(input, a, b, shape)?,
        DType::F64 if alpha == ONE && beta == ONE => onto::<f64>(input, a, b, shape)?,
        _ => {
            let product = raw("addmm_impl_cpu_", a, b, &[], &shape)?;
            weighted_sum(input, &product, beta, alpha)?
        }
    };
    Ok(record(out, "AddmmBackward0", [input, a, b], || {
        let derivative = MatmulBackward::new(a, b);
        move |cx| {
            let g = cx.grad()?;
            grads![
                cx.when(0, || times(&g, beta))?,
                cx.when(1, || derivative.left(&times(&g, alpha)?, cx))?,
                cx.when(2, || derivative.right(&times(&g, alpha)?, cx))?,
            ]
        }
    }))
}

/// `input + A B`, added by the product's own kernel.
fn onto<T: crate::element::Element + Real>(
    input: &Tensor,
    a: &Tensor,
    b: &Tensor,
    shape: [usize; 2],
) -> Result<Tensor> {
    let [m, n] = shape;
    check_expandable(input, &shape)?;
    let mut out: Vec<T> = allocate(&shape)?;
    if input.rank() == 1 && input.numel() == n {
        let row = input.dense::<T>()?;
        (0..m).for_each(|_| out.extend_from_slice(&row));
    } else {
        out.extend_from_slice(&input.detach().expand_to(&shape).dense::<T>()?);
    }
    let (a_memory, b_memory) = (a.memory::<T>(), b.memory::<T>());
    let matrix = |t: &Tensor| (t.storage_offset(), [t.strides()[0] as usize, t.strides()[1] as usize]);
    let ((a_offset, a_strides), (b_offset, b_strides)) = (matrix(a), matrix(b));
    product(
        m,
        a.shape()[1],
        n,
        Matrix { values: &a_memory[..], offset: a_offset, strides: a_strides },
        Matrix { values: &b_memory[..], offset: b_offset, strides: b_strides },
        &mut out,
        n,
        true,
        true,
    );
    Ok(Tensor::from_parts(out, &shape))
}

fn check_expandable(input: &Tensor, shape: &[usize]) -> Result<()> {
    let size: Vec<i64> = shape.iter().map(|&n| n as i64).collect();
    view::expand(&input.detach(), &size).map(|_| ())
}

fn check_dtypes(input: &Tensor, a: &Tensor, b: &Tensor, a_name: &str, b_name: &str) -> Result<()> {
    if a.dtype() != b.dtype() {
        bail!(
            "{a_name} and {b_name} must have the same dtype, but got {} and {}",
            a.dtype().torch_name(),
            b.dtype().torch_name()
        );
    }
    if input.dtype() != b.dtype() {
        bail!(
            "self and {b_name} must have the same dtype, but got {} and {}",
            input.dtype().torch_name(),
            b.dtype().torch_name()
        );
    }
    Ok(())
}

fn times(t: &Tensor, by: Scalar) -> Result<Tensor> {
    if by == ONE { Ok(t.clone()) } else { mul(&t.into(), &by.into()) }
}

/// `β·input + α·product` without recording; with `β = 0` the input is not read, so its NaN do not count.
fn weighted_sum(input: &Tensor, product: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    check_expandable(input, product.shape())?;
    let whole = |s: Scalar| if product.dtype().is_int() { Scalar::Int(s.to_i64()) } else { s };
    let (beta, alpha) = (whole(beta), whole(alpha));
    let product = times(&product.detach(), alpha)?;
    if beta.to_f64() == 0.0 {
        return Ok(product);
    }
    add(&(&times(&input.detach(), beta)?).into(), &(&product).into())
}

/// Records `β·input + α·(a ∘ b)` for any product; its derivative goes through the product taken again with history.
fn record_weighted(
    name: &'static str,
    [input, a, b]: [&Tensor; 3],
    beta: Scalar,
    alpha: Scalar,
    forward: fn(&Tensor, &Tensor) -> Result<Tensor>,
    left: fn(&Tensor, &Tensor) -> Result<Tensor>,
    right: fn(&Tensor, &Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    let product = forward(&a.detach(), &b.detach())?;
    let out = weighted_sum(input, &product, beta, alpha)?;
    Ok(record(out, name, [input, a, b], || {
        let keep_a = b.requires_grad().then(|| crate::autograd::Saved::input(a));
        let keep_b = a.requires_grad().then(|| crate::autograd::Saved::input(b));
        move |cx: &BackwardCx<'_>| {
            let g = cx.grad()?;
            let of = |keep: &Option<crate::autograd::Saved>, f: fn(&Tensor, &Tensor) -> Result<Tensor>| match keep {
                Some(saved) => f(&times(&g, alpha)?, &saved.get(cx)?).map(Some),
                None => Ok(None),
            };
            grads![cx.when(0, || times(&g, beta))?, of(&keep_b, left)?, of(&keep_a, right)?]
        }
    }))
}

/// `y = β·input + α·(A v)`
pub fn addmv(input: &Tensor, a: &Tensor, v: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    if a.rank() != 2 || v.rank() != 1 || input.rank() > 1 {
        bail!("vector + matrix @ vector expected, got {}, {}, {}", input.rank(), a.rank(), v.rank());
    }
    if a.shape()[1] != v.shape()[0] || (input.rank() == 1 && ![1, a.shape()[0]].contains(&input.numel())) {
        bail!(
            "size mismatch, got input ({}), mat ({}x{}), vec ({})",
            input.numel(),
            a.shape()[0],
            a.shape()[1],
            v.shape()[0]
        );
    }
    if input.dtype() != a.dtype() || a.dtype() != v.dtype() {
        bail!(
            "addmv input tensors must have the same dtype, but got {}, {}, and {}",
            input.dtype().torch_name(),
            a.dtype().torch_name(),
            v.dtype().torch_name()
        );
    }
    record_weighted("AddmvBackward0", [input, a, v], beta, alpha, mv, outer_of, |g, a| mv(&view::t(a)?, g))
}

/// `y = β·input + α·(u vᵀ)`
pub fn addr(input: &Tensor, u: &Tensor, v: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    if u.rank() != 1 || v.rank() != 1 {
        bail!("addr: Expected 1-D argument vec1 and vec2, but got {}-D and {}-D", u.rank(), v.rank());
    }
    let by_u = |g: &Tensor, v: &Tensor| mv(g, v);
    let by_v = |g: &Tensor, u: &Tensor| mv(&view::t(g)?, u);
    record_weighted("AddrBackward0", [input, u, v], beta, alpha, outer_of, by_u, by_v)
}

/// `y[i] = β·input[i] + α·(A[i] B[i])`
pub fn baddbmm(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    check_batches(a, b)?;
    check_dtypes(input, a, b, "batch1", "batch2")?;
    record_weighted("BaddbmmBackward0", [input, a, b], beta, alpha, bmm, bmm_left, bmm_right)
}

fn bmm_left(g: &Tensor, b: &Tensor) -> Result<Tensor> {
    matmul(g, &view::transpose(b, 1, 2)?)
}

fn bmm_right(g: &Tensor, a: &Tensor) -> Result<Tensor> {
    matmul(&view::transpose(a, 1, 2)?, g)
}

/// `y = β·input + α·Σᵢ A[i] B[i]`
pub fn addbmm(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    check_batches(a, b)?;
    check_dtypes(input, a, b, "batch1", "batch2")?;
    let summed = |a: &Tensor, b: &Tensor| {
        let products = bmm(a, b)?;
        let dtype = products.dtype();
        reduce::sum(&products, &[0], false, Some(dtype))
    };
    let left = |g: &Tensor, b: &Tensor| bmm_left(&repeated(g, b), b);
    let right = |g: &Tensor, a: &Tensor| bmm_right(&repeated(g, a), a);
    record_weighted("AddbmmBackward0", [input, a, b], beta, alpha, summed, left, right)
}

/// The gradient of a sum over the batch, given to every pair of it.
fn repeated(g: &Tensor, batch: &Tensor) -> Tensor {
    g.expand_to(&[&batch.shape()[..1], g.shape()].concat())
}

/// A fully connected layer: `y = x Wᵀ + b`, W of shape (out, in).
pub fn linear(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    if x.rank() == 0 || weight.rank() == 0 {
        bail!("both arguments to linear need to be at least 1D, but they are {}D and {}D", x.rank(), weight.rank());
    }
    let transposed = view::t(weight)?;
    let Some(bias) = bias else { return matmul(x, &transposed) };
    match (x.rank(), weight.rank()) {
        (_, 1) => bail!("addmm: mat2 must be a matrix, got 1-D tensor"),
        (2, _) => addmm(bias, x, &transposed, ONE, ONE),
        _ => {
            let (rows, columns) = x.shape().split_at(x.rank() - 1);
            let folded = x.reshape_to(&[checked_numel(rows)?, columns[0]])?;
            let out = addmm(bias, &folded, &transposed, ONE, ONE)?;
            let shape: Shape = rows.iter().copied().chain([weight.shape()[0]]).collect();
            Ok(reshaped(&out, shape))
        }
    }
}

/// `y[o] = Σᵢⱼ x₁[i] W[o, i, j] x₂[j] + b[o]`
pub fn bilinear(x1: &Tensor, x2: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    if x1.rank() == 0 || x1.rank() != x2.rank() {
        bail!("bilinear(): input dimensions do not match: got {} and {}", x1.rank(), x2.rank());
    }
    if weight.rank() != 3 {
        bail!("bilinear(): weight must have 3 dimensions, but got {}", Dims(weight.shape()));
    }
    let last = x1.rank() - 1;
    for d in 0..last {
        if x1.shape()[d] != x2.shape()[d] {
            bail!(
                "bilinear(): input batch dimensions do not match at dim {d}: got {} and {}",
                x1.shape()[d],
                x2.shape()[d]
            );
        }
    }
    let [o, i, j] = [weight.shape()[0], weight.shape()[1], weight.shape()[2]];
    for (name, x, size) in [("input1", x1, i), ("input2", x2, j)] {
        if x.shape()[last] != size {
            bail!("bilinear(): {name} size does not match weight size: got {} but expected {size}", x.shape()[last]);
        }
    }
    if let Some(bias) = bias
        && bias.shape() != [o]
    {
        bail!("bilinear(): bias size does not match weight size: got {} but expected {o}", Dims(bias.shape()));
    }
    let batch = checked_numel(&x1.shape()[..last])?;
    // (B, J) x (J, O I) -> (B, O, I), then x (B, I, 1) -> (B, O)
    let per_pair = matmul(&x2.reshape_to(&[batch, j])?, &view::t(&weight.reshape_to(&[checked_numel(&[o, i])?, j])?)?)?;
    let out = matmul(&per_pair.reshape_to(&[batch, o, i])?, &x1.reshape_to(&[batch, i, 1])?)?;
    let shape: Shape = x1.shape()[..last].iter().copied().chain([o]).collect();
    let out = out.reshape_to(&shape)?;
    match bias {
        Some(bias) => out.add(bias),
        None => Ok(out),
    }
}
