//! Loops over elements: one input or several that broadcast. No autograd and no dtype rules; ops choose the types.

use rayon::prelude::*;

use crate::element::Element;
use crate::error::Result;
use crate::shape::{broadcast, broadcast_strides, for_each_row};
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// From this many elements on, a loop is shared between threads.
pub const PARALLEL_FROM: usize = 1 << 16;
const CHUNK: usize = 1 << 14;

/// Computes `out[i] = f(a[i])`. A dense input's memory order is kept.
pub fn map<A: Element, O: Element>(a: &Tensor, f: impl Fn(A) -> O + Sync) -> Result<Tensor> {
    if a.is_dense() {
        let out = map_slice(a.shape(), &a.dense_memory::<A>(), f)?;
        return Ok(Tensor::from_strided_parts(out, a.shape(), a.strides().into()));
    }
    let out = map_slice(a.shape(), &a.dense::<A>()?, f)?;
    Ok(Tensor::from_parts(out, a.shape()))
}

fn map_slice<A: Element, O: Element>(shape: &[usize], a: &[A], f: impl Fn(A) -> O + Sync) -> Result<Vec<O>> {
    let mut out = filled(shape, O::default())?;
    for_each_chunk(&mut out, &|start, out| {
        for (o, &x) in out.iter_mut().zip(&a[start..]) {
            *o = f(x);
        }
    });
    Ok(out)
}

/// Calls `body(start, chunk)` for consecutive chunks of `out`, on several threads when there is enough to do.
///
/// `body` is a trait object so that the threading is compiled once for each element type, not once for each op.
fn for_each_chunk<O: Element>(out: &mut [O], body: &(dyn Fn(usize, &mut [O]) + Sync)) {
    if out.len() < PARALLEL_FROM {
        body(0, out);
    } else {
        out.par_chunks_mut(CHUNK).enumerate().for_each(|(i, chunk)| body(i * CHUNK, chunk));
    }
}

/// Computes `out[i] = f(a[i], b[i])`, broadcasting.
pub fn zip<A: Element, B: Element, O: Element>(a: &Tensor, b: &Tensor, f: impl Fn(A, B) -> O + Sync) -> Result<Tensor> {
    if a.shape() == b.shape() && a.strides() == b.strides() && a.is_dense() {
        let out = zip_slices(a.shape(), &a.dense_memory::<A>(), &b.dense_memory::<B>(), f)?;
        return Ok(Tensor::from_strided_parts(out, a.shape(), a.strides().into()));
    }
    if b.numel() == 1 && b.rank() <= a.rank() {
        let y = b.memory::<B>()[b.storage_offset()];
        return map(a, |x| f(x, y));
    }
    if a.numel() == 1 && a.rank() <= b.rank() {
        let x = a.memory::<A>()[a.storage_offset()];
        return map(b, |y| f(x, y));
    }
    let shape = broadcast(a.shape(), b.shape())?;
    if a.shape() == b.shape() && a.is_contiguous() && b.is_contiguous() {
        return Ok(Tensor::from_parts(zip_slices(&shape, &a.dense::<A>()?, &b.dense::<B>()?, f)?, &shape));
    }
    let sa = broadcast_strides(a.shape(), a.strides(), &shape);
    let sb = broadcast_strides(b.shape(), b.strides(), &shape);
    let (ma, mb) = (a.memory::<A>(), b.memory::<B>());
    let mut out = allocate(&shape)?;
    for_each_row(&shape, [&sa, &sb], [a.storage_offset(), b.storage_offset()], &mut |[ia, ib], n, steps| match steps {
        [1, 1] => out.extend(ma[ia..ia + n].iter().zip(&mb[ib..ib + n]).map(|(&x, &y)| f(x, y))),
        [1, 0] => {
            let y = mb[ib];
            out.extend(ma[ia..ia + n].iter().map(|&x| f(x, y)));
        }
        [0, 1] => {
            let x = ma[ia];
            out.extend(mb[ib..ib + n].iter().map(|&y| f(x, y)));
        }
        [ra, rb] => {
            let at = |start: usize, step: isize, i: usize| (start as isize + step * i as isize) as usize;
            out.extend((0..n).map(|i| f(ma[at(ia, ra, i)], mb[at(ib, rb, i)])));
        }
    });
    Ok(Tensor::from_parts(out, &shape))
}

fn zip_slices<A: Element, B: Element, O: Element>(
    shape: &[usize],
    a: &[A],
    b: &[B],
    f: impl Fn(A, B) -> O + Sync,
) -> Result<Vec<O>> {
    let mut out = filled(shape, O::default())?;
    for_each_chunk(&mut out, &|start, out| {
        for (o, (&x, &y)) in out.iter_mut().zip(a[start..].iter().zip(&b[start..])) {
            *o = f(x, y);
        }
    });
    Ok(out)
}

/// Computes `out[i] = f(a[i], b[i], c[i])`, broadcasting.
pub fn zip3<A: Element, B: Element, C: Element, O: Element>(
    a: &Tensor,
    b: &Tensor,
    c: &Tensor,
    f: impl Fn(A, B, C) -> O + Sync,
) -> Result<Tensor> {
    let shape = broadcast(&broadcast(a.shape(), b.shape())?, c.shape())?;
    let sa = broadcast_strides(a.shape(), a.strides(), &shape);
    let sb = broadcast_strides(b.shape(), b.strides(), &shape);
    let sc = broadcast_strides(c.shape(), c.strides(), &shape);
    let (ma, mb, mc) = (a.memory::<A>(), b.memory::<B>(), c.memory::<C>());
    let offsets = [a.storage_offset(), b.storage_offset(), c.storage_offset()];
    let mut out = allocate(&shape)?;
    for_each_row(&shape, [&sa, &sb, &sc], offsets, &mut |starts, n, steps| {
        let at = |k: usize, i: usize| (starts[k] as isize + steps[k] * i as isize) as usize;
        out.extend((0..n).map(|i| f(ma[at(0, i)], mb[at(1, i)], mc[at(2, i)])));
    });
    Ok(Tensor::from_parts(out, &shape))
}
