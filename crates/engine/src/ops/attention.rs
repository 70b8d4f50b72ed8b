//! Scaled dot-product attention: `softmax(Q Kᵀ·s + M) V`, by default with `s = 1/√d` (A. Vaswani et al., 2017).
//!
//! A kernel computes it tile by tile, so that no tensor of queries by keys is made. Where every step has to be there
//! by itself it is made of ops: with dropout, for a mask that wants a gradient, for batches that broadcast, and for
//! derivatives of derivatives.

use super::matmul::matmul;
use super::matmul::product::c_name;
use super::random::{DropoutKind, dropout};
use super::reduce::extremes::{Extreme, extreme_over};
use super::value::Args;
use super::{NN, OpDef, by_ops, comparison, join, op, select, softmax, value, view};
use crate::autograd::{BackwardCx, Grads, Saved, grad_enabled, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::kernels::attention::{Head, Mask, Sizes};
use crate::kernels::matmul::Matrix;
use crate::kernels::parallel::for_each_task;
use crate::random::default_generator;
use crate::shape::{Dims, Shape, broadcast, for_each_offset, numel};
use crate::storage::filled;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[op(
    "scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False)",
    NN,
    "Every query looks at every key and takes a mixture of the values: softmax(Q Kᵀ · scale + mask) V, with scale = \
     1/√d. query is (*, L, d), key (*, S, d), value (*, S, d_v); the result is (*, L, d_v). attn_mask says with True \
     which keys a query may see, or is added to the scores; is_causal lets query i see keys 0 to i. With enable_gqa, \
     several heads of queries share one of keys and values.",
    |a| value(attention(a)),
    &[
        "[2,3,2], [2,4,2], [2,4,3]",
        "[3,2], [3,2], [3,2], None, 0.0, True",
        "[1,2,3,2], [1,2,3,2], [1,2,3,2], b[3,3]",
        "[2,3,2], [2,3,2], [2,3,2], c[1,3,3], scale=0.5",
        "[2,3,2], [2,3,2], [2,3,2], [3,3]",
        "[1,4,3,2], [1,2,3,2], [1,2,3,2], enable_gqa=True",
        "[2,3,2], [1,3,2], [3,2]",
        "[2,3,2], [2,3,2], [2,3,2], None, 0.5",
        "[2,0,2], [2,3,2], [2,3,2]",
    ],
)];

/// What is done to the scores.
#[derive(Clone)]
struct Options {
    mask: Option<Tensor>,
    is_causal: bool,
    scale: f64,
}

fn attention(a: &Args) -> Result<Tensor> {
    let (q, k, v) = (a.tensor(0), a.tensor(1), a.tensor(2));
    let (mask, p, is_causal, shares_keys) = (a.tensor_opt(3), a.float(4), a.bool(5), a.bool(7));
    check(q, k, v, mask, is_causal)?;
    let scale = a.float_opt(6).unwrap_or_else(|| 1.0 / (q.shape()[q.rank() - 1] as f64).sqrt());
    let mask = mask.map(|mask| if mask.dtype().is_float() { mask.to_dtype(q.dtype()) } else { Ok(mask.clone()) });
    let options = Options { mask: mask.transpose()?, is_causal, scale };
    let is_plain = p == 0.0 && !options.mask.as_ref().is_some_and(Tensor::requires_grad);
    if is_plain && let Some(layout) = Layout::of(q, k, v, options.mask.as_ref(), shares_keys)? {
        return tiled(q, k, v, options, layout);
    }
    let (k, v) = if shares_keys { (shared_out(k, q)?, shared_out(v, q)?) } else { (k.clone(), v.clone()) };
    let weights = weights(q, &k, &options)?;
    matmul(&dropout(&weights, DropoutKind::Elements, p, true, default_generator())?, &v)
}

fn check(q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>, is_causal: bool) -> Result<()> {
    if q.dtype() != k.dtype() || q.dtype() != v.dtype() {
        bail!(
            "Expected query, key, and value to have the same dtype, but got query.dtype: {} key.dtype: {} and \
             value.dtype: {} instead.",
            c_name(q.dtype()),
            c_name(k.dtype()),
            c_name(v.dtype())
        );
    }
    if q.rank() < 2 || k.rank() < 2 || v.rank() < 2 {
        bail!(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {} key.dim: {} and \
             value.dim: {} instead.",
            q.rank(),
            k.rank(),
            v.rank()
        );
    }
    if !q.dtype().is_float() {
        bail!("expected scalar type Float but found {}", q.dtype().torch_name());
    }
    let Some(mask) = mask else { return Ok(()) };
    if mask.dtype() != DType::Bool && mask.dtype() != DType::F32 && mask.dtype() != q.dtype() {
        bail!(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: {} and  \
             query.dtype: {} instead.",
            c_name(mask.dtype()),
            c_name(q.dtype())
        );
    }
    if is_causal {
        bail!("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True");
    }
    Ok(())
}

/// Repeats each head of keys or values for the heads of queries that share it.
fn shared_out(t: &Tensor, q: &Tensor) -> Result<Tensor> {
    let (heads, all) = match (t.rank(), q.rank()) {
        (3.., 3..) => (t.shape()[t.rank() - 3], q.shape()[q.rank() - 3]),
        _ => return Ok(t.clone()),
    };
    if heads == 0 || all % heads != 0 {
        bail!("Number of heads in key and value must divide the number of heads in query");
    }
    let repeats = Tensor::scalar((all / heads) as i64);
    join::rearrange::repeat_interleave(t, &repeats, Some(-3), None)
}

/// The weights by ops. Half of the scale goes to each side, so that no product is larger than it must be.
fn weights(q: &Tensor, k: &Tensor, options: &Options) -> Result<Tensor> {
    let root = options.scale.abs().sqrt();
    let keys = view::transpose(&k.mul_scalar(root)?, -2, -1)?;
    let scores = matmul(&q.mul_scalar(root * options.scale.signum())?, &keys)?;
    let lowest = Scalar::Float(f64::NEG_INFINITY);
    let scores = match &options.mask {
        None if !options.is_causal => return softmax::softmax(&scores, -1, None),
        None => {
            let (queries, keys) = (q.shape()[q.rank() - 2], k.shape()[k.rank() - 2]);
            let later = (0..queries).flat_map(|i| (0..keys).map(move |j| j > i)).collect();
            let later = Tensor::from_vec::<bool>(later, &[queries, keys])?;
            return softmax::softmax(&select::masks::masked_fill(&scores, &later, lowest)?, -1, None);
        }
        Some(mask) if mask.dtype() == DType::Bool => {
            let hidden = comparison::logical_not(mask)?.expand_to(&broadcast(scores.shape(), mask.shape())?);
            select::masks::masked_fill(&scores, &hidden, lowest)?
        }
        Some(mask) => scores.add(mask)?,
    };
    // A query that may see nothing: any weights, and then none, so that no gradient is NaN.
    let greatest = extreme_over(&scores.detach(), &[-1], true, Extreme::Max, "AmaxBackward0")?;
    let blind = comparison::isneginf(&greatest)?;
    let scores = select::masks::masked_fill(&scores, &blind, Scalar::Float(0.0))?;
    select::masks::masked_fill(&softmax::softmax(&scores, -1, None)?, &blind, Scalar::Float(0.0))
}

/// Where the heads of a batch lie.
struct Layout {
    sizes: Sizes,
    /// The heads of queries for each head of keys.
    group: usize,
    /// The shape of the batch of queries.
    batch: Shape,
    /// The places of the first elements of the heads of queries, keys, values, and masks.
    offsets: [Vec<usize>; 4],
}

impl Layout {
    /// Finds the heads, if the batches are alike. Without keys there is nothing to be tiled.
    fn of(q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>, shares_keys: bool) -> Result<Option<Layout>> {
        let (q_batch, q_matrix) = q.shape().split_at(q.rank() - 2);
        let (k_batch, k_matrix) = k.shape().split_at(k.rank() - 2);
        let (v_batch, v_matrix) = v.shape().split_at(v.rank() - 2);
        if k_batch != v_batch || k_matrix[1] != q_matrix[1] || v_matrix[0] != k_matrix[0] {
            return Ok(None);
        }
        let group = match (q_batch, k_batch) {
            (q, k) if q == k => 1,
            ([q_rest @ .., q], [k_rest @ .., k]) if shares_keys && q_rest == k_rest && *k > 0 && q % k == 0 => q / k,
            _ => return Ok(None),
        };
        let sizes = Sizes { queries: q_matrix[0], keys: k_matrix[0], width: q_matrix[1], value_width: v_matrix[1] };
        if [numel(q_batch), sizes.queries, sizes.keys, sizes.width, sizes.value_width].contains(&0) {
            return Ok(None);
        }
        let offsets = |t: &Tensor| {
            let mut offsets = Vec::new();
            let lead = t.rank() - 2;
            for_each_offset(&t.shape()[..lead], &t.strides()[..lead], t.storage_offset(), |at| offsets.push(at));
            offsets
        };
        let mask = match mask {
            Some(mask) => offsets(&mask_of(mask, q, k)?),
            None => Vec::new(),
        };
        let offsets = [offsets(q), offsets(k), offsets(v), mask];
        Ok(Some(Layout { sizes, group, batch: q_batch.into(), offsets }))
    }

    /// Returns head `n` of queries with what it looks at.
    fn head<'a, R: Real>(&self, n: usize, seen: &'a Seen<'_, R>) -> Head<'a, R> {
        let at = |which: usize, n: usize| self.offsets[which].get(n).copied().unwrap_or(0);
        let matrix = |(values, strides): (&'a [R], [usize; 2]), offset| Matrix { values, offset, strides };
        Head {
            q: matrix(seen.q, at(0, n)),
            k: matrix(seen.k, at(1, n / self.group)),
            v: matrix(seen.v, at(2, n / self.group)),
            mask: match seen.mask {
                Mask::Keep(values, _, strides) => Mask::Keep(values, at(3, n), strides),
                Mask::Add(values, _, strides) => Mask::Add(values, at(3, n), strides),
                other => other,
            },
            scale: seen.scale,
        }
    }

    fn heads(&self) -> usize {
        numel(&self.batch)
    }

    fn work(&self) -> usize {
        let Sizes { queries, keys, width, value_width } = self.sizes;
        self.heads().saturating_mul(queries).saturating_mul(keys).saturating_mul(width + value_width)
    }
}

/// The mask as it is for every query and key.
fn mask_of(mask: &Tensor, q: &Tensor, k: &Tensor) -> Result<Tensor> {
    let mut shape = Shape::from(&q.shape()[..q.rank() - 1]);
    shape.push(k.shape()[k.rank() - 2]);
    if broadcast(&shape, mask.shape())? != shape {
        bail!("attn_mask of shape {} does not fit scores of shape {}", Dims(mask.shape()), Dims(&shape));
    }
    Ok(mask.expand_to(&shape))
}

/// The memory of a call.
struct Seen<'a, R> {
    q: (&'a [R], [usize; 2]),
    k: (&'a [R], [usize; 2]),
    v: (&'a [R], [usize; 2]),
    mask: Mask<'a, R>,
    scale: R,
}

/// Calls `f` with the memory of queries, keys, values and mask.
fn with_seen<T: Element + Real, O>(
    [q, k, v]: [&Tensor; 3],
    options: &Options,
    f: impl FnOnce(&Seen<'_, T>) -> Result<O>,
) -> Result<O> {
    let last = |t: &Tensor| -> [usize; 2] {
        let strides = &t.strides()[t.rank() - 2..];
        [strides[0].unsigned_abs(), strides[1].unsigned_abs()]
    };
    let memory = [q.memory::<T>(), k.memory::<T>(), v.memory::<T>()];
    let mask = options.mask.as_ref().map(|mask| mask_of(mask, q, k)).transpose()?;
    let (mut keeps, mut adds) = (None, None);
    let mask = match &mask {
        None if options.is_causal => Mask::Causal,
        None => Mask::None,
        Some(mask) if mask.dtype() == DType::Bool => Mask::Keep(keeps.insert(mask.memory::<bool>()), 0, last(mask)),
        Some(mask) => Mask::Add(adds.insert(mask.memory::<T>()), 0, last(mask)),
    };
    f(&Seen {
        q: (&memory[0], last(q)),
        k: (&memory[1], last(k)),
        v: (&memory[2], last(v)),
        mask,
        scale: <T as Real>::from_f64(options.scale),
    })
}

fn tiled(q: &Tensor, k: &Tensor, v: &Tensor, options: Options, layout: Layout) -> Result<Tensor> {
    let (out, logs) = crate::for_float!(q.dtype(), T => forward::<T>([q, k, v], &options, &layout)?,
        _ => return Err(Error::DTypeNotSupported { op: "scaled_dot_product_attention", dtype: q.dtype() }));
    let shares_keys = layout.group > 1;
    Ok(record(out.clone(), "ScaledDotProductFlashAttentionForCpuBackward0", [q, k, v], || {
        let inputs = [Saved::input(q), Saved::input(k), Saved::input(v)];
        let (mask, out) = (options.mask.as_ref().map(Saved::constant), Saved::output(&out));
        move |cx| {
            let [q, k, v] = [inputs[0].get(cx)?, inputs[1].get(cx)?, inputs[2].get(cx)?];
            let mask = mask.as_ref().map(|mask| mask.get(cx)).transpose()?;
            let options = Options { mask, ..options };
            if grad_enabled() {
                return by_ops::gradients(cx, &[Some(q), Some(k), Some(v)], |inputs| {
                    let [Some(q), Some(k), Some(v)] = inputs else { return Ok(Vec::new()) };
                    let (k, v) = match shares_keys {
                        true => (shared_out(k, q)?, shared_out(v, q)?),
                        false => (k.clone(), v.clone()),
                    };
                    Ok(vec![matmul(&weights(q, &k, &options)?, &v)?])
                });
            }
            crate::for_float!(q.dtype(), T => {
                backward::<T>([&q, &k, &v], &options, &layout, &out.get(cx)?, &logs, cx)
            }, _ => Err(Error::DTypeNotSupported { op: "scaled_dot_product_attention", dtype: q.dtype() }))
        }
    }))
}

/// Returns the outputs, and for each query the logarithm of the sum of its weights.
fn forward<T: Element + Real>(inputs: [&Tensor; 3], options: &Options, layout: &Layout) -> Result<(Tensor, Tensor)> {
    let Sizes { queries, value_width, .. } = layout.sizes;
    let mut shape = layout.batch.clone();
    shape.extend([queries, value_width]);
    let mut out = filled::<T>(&shape, T::ZERO)?;
    let mut logs = filled::<T>(&[layout.heads(), queries], T::ZERO)?;
    with_seen::<T, _>(inputs, options, |seen| {
        let mut tasks = Vec::new();
        let (mut out, mut logs) = (&mut out[..], &mut logs[..]);
        for head in 0..layout.heads() {
            for first in (0..queries).step_by(Head::<T>::BLOCK) {
                let rows = Head::<T>::BLOCK.min(queries - first);
                let out = out.split_off_mut(..rows * value_width).unwrap_or_default();
                tasks.push((head, first, out, logs.split_off_mut(..rows).unwrap_or_default()));
            }
        }
        for_each_task(tasks, layout.work(), |(head, first, out, logs)| {
            layout.head(head, seen).forward(layout.sizes, first, out, logs);
        });
        Ok(())
    })?;
    Ok((Tensor::from_vec(out, &shape)?, Tensor::from_vec(logs, &[layout.heads(), queries])?))
}

fn backward<T: Element + Real>(
    inputs: [&Tensor; 3],
    options: &Options,
    layout: &Layout,
    out: &Tensor,
    logs: &Tensor,
    cx: &BackwardCx<'_>,
) -> Result<Grads> {
    let Sizes { queries, keys, width, value_width } = layout.sizes;
    let grad = cx.grad()?;
    let (out, logs, grad) = (out.dense::<T>()?, logs.dense::<T>()?, grad.dense::<T>()?);
    let (out, logs, grad) = (&out[..], &logs[..], &grad[..]);
    let [mut dq, mut dk, mut dv] = [
        filled::<T>(inputs[0].shape(), T::ZERO)?,
        filled::<T>(inputs[1].shape(), T::ZERO)?,
        filled::<T>(inputs[2].shape(), T::ZERO)?,
    ];
    with_seen::<T, _>(inputs, options, |seen| {
        let tasks: Vec<_> = dq
            .chunks_exact_mut(layout.group * queries * width)
            .zip(dk.chunks_exact_mut(keys * width))
            .zip(dv.chunks_exact_mut(keys * value_width))
            .enumerate()
            .collect();
        for_each_task(tasks, layout.work(), |(shared, ((dq, dk), dv))| {
            for (member, dq) in dq.chunks_exact_mut(queries * width).enumerate() {
                let head = shared * layout.group + member;
                let outputs = head * queries * value_width..(head + 1) * queries * value_width;
                let logs = &logs[head * queries..][..queries];
                let looks = layout.head(head, seen);
                looks.backward(layout.sizes, &out[outputs.clone()], logs, &grad[outputs], dq, dk, dv);
            }
        });
        Ok(())
    })?;
    let wrap = |data: Vec<T>, i: usize| Tensor::from_vec(data, inputs[i].shape());
    grads![cx.when(0, || wrap(dq, 0))?, cx.when(1, || wrap(dk, 1))?, cx.when(2, || wrap(dv, 2))?]
}
