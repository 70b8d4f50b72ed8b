//! Cuts work into pieces and runs them, by rayon when there is enough of it; and picks the widest instruction set.
//!
//! The cut depends on sizes alone, so a result is the same for every number of threads.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Error, Result};

/// Work, in elementary steps, below which starting threads costs more than it saves.
pub const THRESHOLD: usize = 1 << 16;

/// Elements in one piece of an element-wise loop: small enough for the nearest caches.
pub const PIECE: usize = 1 << 14;

/// The number of threads that was asked for; 0 stands for rayon's own pool.
static THREADS: AtomicUsize = AtomicUsize::new(0);
/// The pool of that many threads, where it is neither one nor rayon's own.
static POOL: Mutex<Option<Arc<ThreadPool>>> = Mutex::new(None);

/// The number of threads that an op may use.
pub fn threads() -> usize {
    match THREADS.load(Ordering::Relaxed) {
        0 => rayon::current_num_threads(),
        threads => threads,
    }
}

/// Sets the number of threads that an op may use; no result depends on it.
pub fn set_threads(threads: usize) -> Result<()> {
    let is_usual = threads == rayon::current_num_threads();
    let pool = if is_usual || threads <= 1 {
        None
    } else {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        Some(Arc::new(pool.map_err(|error| Error::Runtime(format!("cannot start {threads} threads: {error}")))?))
    };
    *POOL.lock() = pool;
    THREADS.store(if is_usual { 0 } else { threads.max(1) }, Ordering::Relaxed);
    Ok(())
}

/// Runs work that is shared out by rayon in the pool that was asked for.
pub fn in_pool<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    let pool = if THREADS.load(Ordering::Relaxed) == 0 { None } else { POOL.lock().clone() };
    match pool {
        Some(pool) => pool.install(f),
        None => f(),
    }
}

/// True when `work` elementary steps are worth more than one thread.
pub fn is_worth(work: usize) -> bool {
    work >= THRESHOLD && threads() > 1
}

/// Runs `f` compiled for AVX-512, AVX2 or the baseline, whichever the processor has.
///
/// Only what is inlined into `f` is compiled so: give it a closure marked `#[inline(always)]` that calls nothing but
/// inlined functions.
#[inline(always)]
pub fn vectorise<T>(f: impl FnOnce() -> T) -> T {
    pulp::Arch::new().dispatch(f)
}

/// Calls `f(index of the chunk, chunk)` for every chunk of `chunk_len` elements of `out`; `work` counts all steps.
pub fn for_each_chunk<T: Send>(
    out: &mut [T],
    chunk_len: usize,
    work: usize,
    f: impl Fn(usize, &mut [T]) + Sync + Send,
) {
    if out.is_empty() || chunk_len == 0 {
        return;
    }
    if is_worth(work) && out.len() > chunk_len {
        in_pool(|| out.par_chunks_mut(chunk_len).enumerate().for_each(|(index, chunk)| f(index, chunk)));
    } else {
        out.chunks_mut(chunk_len).enumerate().for_each(|(index, chunk)| f(index, chunk));
    }
}

/// Like [`for_each_chunk`] over memory that holds nothing yet: `f` gives each chunk back as initialised.
pub fn write_chunks<'a, T: Send>(
    out: &'a mut [MaybeUninit<T>],
    chunk_len: usize,
    work: usize,
    f: impl for<'b> Fn(usize, &'b mut [MaybeUninit<T>]) -> &'b mut [T] + Sync + Send,
) -> &'a mut [T] {
    assert!(out.is_empty() || chunk_len > 0, "chunks without elements");
    for_each_chunk(out, chunk_len, work, |index, chunk| {
        let lent = chunk.as_ptr_range();
        assert_came_back(lent, f(index, chunk));
    });
    // SAFETY: the chunks are all of `out`, and each came back as a slice of initialised elements.
    unsafe { out.assume_init_mut() }
}

/// Holds that the slice is the memory that was lent, all of it: the proof that its elements are initialised.
pub fn assert_came_back<T>(lent: Range<*const MaybeUninit<T>>, back: &[T]) {
    let back = back.as_ptr_range();
    assert!(lent.start.cast() == back.start && lent.end.cast() == back.end, "other memory came back than was lent");
}

/// Initialises every element with the same value.
#[inline(always)]
pub fn fill<T: Copy>(out: &mut [MaybeUninit<T>], value: T) -> &mut [T] {
    out.fill(MaybeUninit::new(value));
    // SAFETY: each element was just written.
    unsafe { out.assume_init_mut() }
}

/// Initialises every element with the next value of an iterator.
///
/// # Panics
/// When there are fewer values than elements.
#[inline(always)]
pub fn fill_from<T: Copy>(out: &mut [MaybeUninit<T>], values: impl ExactSizeIterator<Item = T>) -> &mut [T] {
    assert!(values.len() >= out.len(), "fewer values than elements");
    let written = out.iter_mut().zip(values).fold(0, |written, (out, value)| {
        out.write(value);
        written + 1
    });
    assert_eq!(written, out.len(), "fewer values than were promised");
    // SAFETY: as many elements were written as there are.
    unsafe { out.assume_init_mut() }
}

/// Like [`for_each_chunk`] over two slices that are cut in the same number of chunks.
pub fn for_each_chunk_2<T: Send, U: Send>(
    (left, left_len): (&mut [T], usize),
    (right, right_len): (&mut [U], usize),
    work: usize,
    f: impl Fn(usize, &mut [T], &mut [U]) + Sync + Send,
) {
    if left.is_empty() || left_len == 0 || right_len == 0 {
        return;
    }
    if is_worth(work) && left.len() > left_len {
        in_pool(|| {
            left.par_chunks_mut(left_len)
                .zip(right.par_chunks_mut(right_len))
                .enumerate()
                .for_each(|(index, (left, right))| f(index, left, right));
        });
    } else {
        left.chunks_mut(left_len)
            .zip(right.chunks_mut(right_len))
            .enumerate()
            .for_each(|(index, (left, right))| f(index, left, right));
    }
}

/// Calls `f` with every task; `work` counts all steps.
pub fn for_each_task<T: Send>(tasks: Vec<T>, work: usize, f: impl Fn(T) + Sync + Send) {
    if tasks.len() > 1 && is_worth(work) {
        in_pool(|| tasks.into_par_iter().for_each(f));
    } else {
        tasks.into_iter().for_each(f);
    }
}

/// Computes `f(index)` for every index below `count`, in order of index; `work` counts all steps.
pub fn collect<T: Send>(count: usize, work: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    if is_worth(work) && count > 1 {
        in_pool(|| (0..count).into_par_iter().map(f).collect())
    } else {
        (0..count).map(f).collect()
    }
}

/// Cuts `0..len` into at most `pieces` ranges of nearly equal length, none of them empty.
pub fn cut(len: usize, pieces: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let pieces = pieces.clamp(1, len.max(1));
    let each = len.div_ceil(pieces).max(1);
    (0..len.div_ceil(each)).map(move |index| index * each..((index + 1) * each).min(len))
}

/// The number of rows of `row_len` elements that make one piece.
pub fn rows_per_piece(row_len: usize) -> usize {
    (PIECE / row_len.max(1)).max(1)
}
