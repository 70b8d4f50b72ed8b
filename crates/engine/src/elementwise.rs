//! Loops over elements: one input or several that broadcast. No autograd and no dtype rules; ops choose the types.

use std::mem::MaybeUninit;

use crate::element::Element;
use crate::error::Result;
use crate::kernels::parallel::{PIECE, fill_from, write_chunks};
use crate::shape::{broadcast, broadcast_strides, for_each_row};
use crate::storage::{allocate, written};
use crate::tensor::Tensor;

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
    build(shape, &|start, out| fill_from(out, a[start..][..out.len()].iter().map(|&x| f(x))))
}

/// Returns the vector whose consecutive chunks `body(start, chunk)` writes, on several threads when there is enough to
/// do.
///
/// `body` is a trait object so that the threading is compiled once for each element type, not once for each op.
fn build<O: Element>(shape: &[usize], body: Body<'_, O>) -> Result<Vec<O>> {
    written(shape, |out| {
        let work = out.len();
        write_chunks(out, PIECE, work, |i, out| body(i * PIECE, out))
    })
}

type Body<'f, O> = &'f (dyn for<'a> Fn(usize, &'a mut [MaybeUninit<O>]) -> &'a mut [O] + Sync);

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
    build(shape, &|start, out| {
        let len = out.len();
        let pairs = a[start..][..len].iter().zip(&b[start..][..len]);
        fill_from(out, pairs.map(|(&x, &y)| f(x, y)))
    })
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
