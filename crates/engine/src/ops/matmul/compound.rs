//! Products that are matrix products or element-wise products of reshaped operands.

use smallvec::SmallVec;

use super::product::{matmul, mm, outer_of, reshaped};
use crate::bail;
use crate::error::Result;
use crate::ops::arithmetic::mul;
use crate::ops::{Value, view};
use crate::shape::{Dims, Shape, checked_numel, wrap_dim};
use crate::tensor::Tensor;

/// `out[i, j] = u[i] v[j]`
pub fn outer(u: &Tensor, v: &Tensor) -> Result<Tensor> {
    for (name, t) in [("self", u), ("vec2", v)] {
        if t.rank() != 1 {
            bail!("outer: Expected 1-D argument {name}, but got {}-D", t.rank());
        }
    }
    outer_of(u, v)
}

/// The sums of products over the last dimension of both.
pub fn inner(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.rank() == 0 || b.rank() == 0 {
        return mul(&a.into(), &b.into());
    }
    if a.shape().last() != b.shape().last() {
        bail!(
            "inner() the last dimension must match on both input tensors but got shapes {} and {}",
            Dims(a.shape()),
            Dims(b.shape())
        );
    }
    tensordot(a, b, &[-1], &[-1])
}

/// [`tensordot`] with its dimensions as Python gives them: a number, or two lists.
pub fn tensordot_row(a: &Tensor, b: &Tensor, dims: &Value) -> Result<Tensor> {
    let as_dims = |value: &Value| -> Option<Vec<i64>> {
        match value {
            Value::Int(d) => Some(vec![*d]),
            Value::List(items) => items.iter().map(|v| if let Value::Int(d) = v { Some(*d) } else { None }).collect(),
            Value::Tensor(t) if !t.dtype().is_float() => t.to_vec::<i64>().ok(),
            _ => None,
        }
    };
    match dims {
        Value::List(pair) if pair.len() == 2 => {
            if let (Some(a_dims), Some(b_dims)) = (as_dims(&pair[0]), as_dims(&pair[1])) {
                return tensordot(a, b, &a_dims, &b_dims);
            }
        }
        Value::Int(n) if *n < 0 => bail!("tensordot expects dims >= 0, but got dims={n}"),
        Value::Int(n) => {
            let n = *n;
            if n as usize > a.rank().min(b.rank()) {
                bail!(
                    "tensordot(): dims={n} is more than the dimensions of {} and {}",
                    Dims(a.shape()),
                    Dims(b.shape())
                );
            }
            return tensordot(a, b, &(-n..0).collect::<Vec<_>>(), &(0..n).collect::<Vec<_>>());
        }
        _ => {}
    }
    bail!("tensordot expects dims to be int or tuple[list[int], list[int]], but got {}", dims.type_name())
}

/// The sums of products over pairs of dimensions: `a_dims[k]` of a with `b_dims[k]` of b.
pub fn tensordot(a: &Tensor, b: &Tensor, a_dims: &[i64], b_dims: &[i64]) -> Result<Tensor> {
    if a_dims.len() != b_dims.len() {
        bail!("both dimension lists should have same length");
    }
    for (&i, &j) in a_dims.iter().zip(b_dims) {
        let (n, m) = (a.size(i)?, b.size(j)?);
        if n != m {
            bail!(
                "contracted dimensions need to match, but first has size {n} in dim {i} and second has size {m} in dim {j}"
            );
        }
    }
    let (a_free, a_summed) = divided(a, a_dims)?;
    let (b_free, b_summed) = divided(b, b_dims)?;
    let sizes = |t: &Tensor, dims: &[usize]| -> Shape { dims.iter().map(|&d| t.shape()[d]).collect() };
    let (m, k) = (checked_numel(&sizes(a, &a_free))?, checked_numel(&sizes(a, &a_summed))?);
    let n = checked_numel(&sizes(b, &b_free))?;
    let permuted = |t: &Tensor, first: &[usize], then: &[usize], shape: [usize; 2]| {
        let order: Vec<i64> = first.iter().chain(then).map(|&d| d as i64).collect();
        view::permute(t, &order)?.reshape_to(&shape)
    };
    let product = mm(&permuted(a, &a_free, &a_summed, [m, k])?, &permuted(b, &b_summed, &b_free, [k, n])?)?;
    let shape: Shape = sizes(a, &a_free).into_iter().chain(sizes(b, &b_free)).collect();
    product.reshape_to(&shape)
}

type DimList = SmallVec<[usize; 4]>;

/// Divides the dimensions into those that stay and those that are summed over.
fn divided(t: &Tensor, summed: &[i64]) -> Result<(DimList, DimList)> {
    let mut taken = DimList::new();
    for &dim in summed {
        let d = wrap_dim(dim, t.rank())?;
        if taken.contains(&d) {
            bail!("dim {d} appears multiple times in the list of dims");
        }
        taken.push(d);
    }
    if t.rank() == 0 {
        taken.clear();
    }
    Ok(((0..t.rank()).filter(|d| !taken.contains(d)).collect(), taken))
}

/// The Kronecker product: block (i, j) is `a[i, j]` times all of `b`.
pub fn kron(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let rank = a.rank().max(b.rank());
    let padded =
        |t: &Tensor| -> Shape { std::iter::repeat_n(1, rank - t.rank()).chain(t.shape().iter().copied()).collect() };
    let (a_shape, b_shape) = (padded(a), padded(b));
    let a_spread: Shape = a_shape.iter().flat_map(|&n| [n, 1]).collect();
    let b_spread: Shape = b_shape.iter().flat_map(|&n| [1, n]).collect();
    let product = a.reshape_to(&a_spread)?.mul(&b.reshape_to(&b_spread)?)?;
    let shape: Shape = a_shape.iter().zip(&b_shape).map(|(&n, &m)| n.saturating_mul(m)).collect();
    Ok(reshaped(&product, shape))
}

/// `torch.chain_matmul`: like [`multi_dot`], but one matrix is its own product.
pub fn chain_matmul(matrices: &[Tensor]) -> Result<Tensor> {
    for t in matrices {
        if t.rank() != 2 {
            bail!("Tensor dimension is {}, expected 2 instead.", t.rank());
        }
    }
    match matrices {
        [] => bail!("chain_matmul(): Expected one or more matrices"),
        [only] => Ok(only.clone()),
        _ => multi_dot(matrices),
    }
}

/// The product of several matrices in the order that takes the fewest multiplications.
pub fn multi_dot(tensors: &[Tensor]) -> Result<Tensor> {
    let n = tensors.len();
    if n < 2 {
        bail!("multi_dot(): expected at least 2 tensors but got {n}");
    }
    for (i, t) in tensors.iter().enumerate() {
        let may_be_vector = i == 0 || i == n - 1;
        if t.rank() != 2 && !(may_be_vector && t.rank() == 1) {
            bail!(
                "multi_dot(): tensor {i} must be {} but got {}D",
                if may_be_vector { "1D or 2D" } else { "2D" },
                t.rank()
            );
        }
    }
    let mut matrices = tensors.to_vec();
    let (first_is_vector, last_is_vector) = (tensors[0].rank() == 1, tensors[n - 1].rank() == 1);
    if first_is_vector {
        matrices[0] = view::unsqueeze(&matrices[0], 0)?;
    }
    if last_is_vector {
        matrices[n - 1] = view::unsqueeze(&matrices[n - 1], -1)?;
    }
    for i in 1..n {
        if matrices[i - 1].shape()[1] != matrices[i].shape()[0] {
            bail!(
                "multi_dot(): tensors {} and {i} with shapes {} and {} cannot be multiplied",
                i - 1,
                Dims(tensors[i - 1].shape()),
                Dims(tensors[i].shape())
            );
        }
    }
    let product = multiplied(&matrices, &best_splits(&matrices), 0, n - 1)?;
    let mut shape = Shape::new();
    if !first_is_vector {
        shape.push(product.shape()[0]);
    }
    if !last_is_vector {
        shape.push(product.shape()[1]);
    }
    product.reshape_to(&shape)
}

/// `splits[i][j]`: after which matrix the product of i..=j is best divided (dynamic programming over lengths).
fn best_splits(matrices: &[Tensor]) -> Vec<Vec<usize>> {
    let n = matrices.len();
    let sizes: Vec<f64> =
        matrices.iter().map(|t| t.shape()[0] as f64).chain(matrices.last().map(|t| t.shape()[1] as f64)).collect();
    let mut cost = vec![vec![0.0f64; n]; n];
    let mut splits = vec![vec![0; n]; n];
    for length in 1..n {
        for i in 0..n - length {
            let j = i + length;
            let best = (i..j)
                .map(|k| (cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((least, k)) = best {
                cost[i][j] = least;
                splits[i][j] = k;
            }
        }
    }
    splits
}

fn multiplied(matrices: &[Tensor], splits: &[Vec<usize>], i: usize, j: usize) -> Result<Tensor> {
    if i == j {
        return Ok(matrices[i].clone());
    }
    let k = splits[i][j];
    matmul(&multiplied(matrices, splits, i, k)?, &multiplied(matrices, splits, k + 1, j)?)
}
