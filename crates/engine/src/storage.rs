//! The memory that tensors share: one typed buffer behind a lock, and the counter of changes made to it in place.

use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::RwLock;

use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::parallel::{PIECE, assert_came_back, fill, write_chunks};
use crate::shape::checked_numel;

/// A vector of elements of one dtype.
#[derive(Clone, Debug)]
pub enum Buffer {
    /// Elements of `torch.bool`
    Bool(Vec<bool>),
    /// Elements of `torch.uint8`
    U8(Vec<u8>),
    /// Elements of `torch.int32`
    I32(Vec<i32>),
    /// Elements of `torch.int64`
    I64(Vec<i64>),
    /// Elements of `torch.float16`
    F16(Vec<half::f16>),
    /// Elements of `torch.bfloat16`
    BF16(Vec<half::bf16>),
    /// Elements of `torch.float32`
    F32(Vec<f32>),
    /// Elements of `torch.float64`
    F64(Vec<f64>),
}

impl Buffer {
    /// Returns the dtype of the elements.
    pub fn dtype(&self) -> DType {
        match self {
            Buffer::Bool(_) => DType::Bool,
            Buffer::U8(_) => DType::U8,
            Buffer::I32(_) => DType::I32,
            Buffer::I64(_) => DType::I64,
            Buffer::F16(_) => DType::F16,
            Buffer::BF16(_) => DType::BF16,
            Buffer::F32(_) => DType::F32,
            Buffer::F64(_) => DType::F64,
        }
    }

    /// Returns the number of elements.
    pub fn len(&self) -> usize {
        crate::for_dtype!(self.dtype(), T => T::slice(self).len())
    }

    /// Tells whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The memory behind one or more tensors.
///
/// **Invariant:** the dtype and the length of the buffer never change, so a strided layout that was checked against
/// the length once stays valid.
#[derive(Debug)]
pub struct Storage {
    pub(crate) buffer: RwLock<Buffer>,
    version: AtomicU32,
}

impl Storage {
    /// Makes a storage of a buffer, at version 0.
    pub fn new(buffer: Buffer) -> Self {
        Storage { buffer: RwLock::new(buffer), version: AtomicU32::new(0) }
    }

    /// Returns how often the memory was changed in place.
    pub fn version(&self) -> u32 {
        self.version.load(Ordering::Relaxed)
    }

    /// Counts a change in place.
    pub fn bump_version(&self) {
        self.version.fetch_add(1, Ordering::Relaxed);
    }
}

/// Returns an empty vector with room for the elements of `shape`, or the error that says there is no such memory.
pub fn allocate<T: Element>(shape: &[usize]) -> Result<Vec<T>> {
    let n = checked_numel(shape)?;
    let mut data = Vec::new();
    reserve(&mut data, n, shape)?;
    Ok(data)
}

/// Makes room for `n` more elements of any type, or returns the error that says there is no memory for a tensor of
/// `shape`.
pub fn reserve<T>(data: &mut Vec<T>, n: usize, shape: &[usize]) -> Result<()> {
    let bytes = n.saturating_mul(size_of::<T>());
    if crate::memory::may_allocate(bytes) && data.try_reserve_exact(n).is_ok() {
        return Ok(());
    }
    Err(Error::OutOfMemory { bytes, shape: shape.to_vec() })
}

/// Returns a vector of `value` for every element of `shape`.
pub fn filled<T: Element>(shape: &[usize], value: T) -> Result<Vec<T>> {
    written(shape, |out| {
        let work = out.len();
        write_chunks(out, PIECE, work, |_, out| fill(out, value))
    })
}

/// Returns a vector with the elements that `write` puts in.
///
/// `write` is lent memory for every element of `shape` and gives it back as initialised, so that no time is spent on
/// values that the next step overwrites.
pub fn written<T: Element>(
    shape: &[usize],
    write: impl for<'a> FnOnce(&'a mut [MaybeUninit<T>]) -> &'a mut [T],
) -> Result<Vec<T>> {
    let mut data = allocate::<T>(shape)?;
    let n = crate::shape::numel(shape);
    let out = &mut data.spare_capacity_mut()[..n];
    let lent = out.as_ptr_range();
    assert_came_back(lent, write(out));
    // SAFETY: `allocate` reserved at least n elements, and the slice that came back is proof that they are initialised.
    unsafe { data.set_len(n) };
    Ok(data)
}
