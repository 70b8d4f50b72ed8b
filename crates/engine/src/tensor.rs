//! The tensor: a strided view of a storage, with what autograd knows about it. Making, reading, and writing tensors;
//! the mathematics is in `ops`.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use parking_lot::{MappedRwLockReadGuard, RwLockReadGuard};

use crate::autograd::meta::Meta;
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::{Element, cast};
use crate::error::Result;
use crate::shape::{Dims, Shape, Strides, contiguous_strides, for_each_offset, is_contiguous, is_dense, numel};
use crate::storage::{Buffer, Storage, allocate, filled};

/// An n-dimensional array. Cloning gives another handle to the same tensor.
#[derive(Clone)]
pub struct Tensor(pub(crate) Arc<TensorInner>);

pub(crate) struct TensorInner {
    pub(crate) storage: Arc<Storage>,
    pub(crate) dtype: DType,
    pub(crate) shape: Shape,
    pub(crate) strides: Strides,
    pub(crate) offset: usize,
    /// The tensor that this one is a differentiable view of; never itself a view.
    pub(crate) base: Option<Tensor>,
    /// Made by `.data`: changes through it are not counted.
    pub(crate) untracked: bool,
    /// Made under `torch.inference_mode`.
    pub(crate) inference: bool,
    pub(crate) meta: OnceLock<Arc<Meta>>,
}

/// The elements of a tensor in row-major order: borrowed where they lie so, copied otherwise.
pub enum Dense<'a, T> {
    /// Borrowed from the storage, which cannot be written meanwhile.
    Borrowed(MappedRwLockReadGuard<'a, [T]>),
    /// Gathered from a strided layout.
    Owned(Vec<T>),
}

impl<T> Deref for Dense<'_, T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        match self {
            Dense::Borrowed(guard) => guard,
            Dense::Owned(data) => data,
        }
    }
}

impl<T: Clone> Dense<'_, T> {
    /// Returns the elements as a vector of one's own.
    pub fn into_vec(self) -> Vec<T> {
        match self {
            Dense::Borrowed(guard) => guard.to_vec(),
            Dense::Owned(data) => data,
        }
    }
}

// Making tensors.
impl Tensor {
    /// Makes a tensor of row-major data. The length must fit the shape.
    pub fn from_vec<T: Element>(data: Vec<T>, shape: &[usize]) -> Result<Tensor> {
        if data.len() != crate::shape::checked_numel(shape)? {
            bail!("{} elements do not fill the shape {}", data.len(), Dims(shape));
        }
        Ok(Self::from_parts(data, shape))
    }

    /// Makes a tensor of data whose length is known to fit.
    pub(crate) fn from_parts<T: Element>(data: Vec<T>, shape: &[usize]) -> Tensor {
        debug_assert_eq!(data.len(), numel(shape));
        let strides = contiguous_strides(shape);
        Self::from_strided_parts(data, shape, strides)
    }

    /// Makes a tensor of data laid out densely by `strides`.
    pub(crate) fn from_strided_parts<T: Element>(data: Vec<T>, shape: &[usize], strides: Strides) -> Tensor {
        Tensor(Arc::new(TensorInner {
            dtype: T::DTYPE,
            storage: Arc::new(Storage::new(T::buffer(data))),
            shape: shape.into(),
            strides,
            offset: 0,
            base: None,
            untracked: false,
            inference: crate::autograd::mode::inference(),
            meta: OnceLock::new(),
        }))
    }

    /// Makes a 0-d tensor.
    pub fn scalar<T: Element>(value: T) -> Tensor {
        Self::from_parts(vec![value], &[])
    }

    /// Makes a tensor filled with one number.
    pub fn full(shape: &[usize], value: Scalar, dtype: DType) -> Result<Tensor> {
        crate::for_dtype!(dtype, T => Ok(Self::from_parts(filled::<T>(shape, T::from_scalar(value))?, shape)))
    }

    /// Makes a tensor of zeros.
    pub fn zeros(shape: &[usize], dtype: DType) -> Result<Tensor> {
        Self::full(shape, Scalar::Int(0), dtype)
    }

    /// Makes a tensor of ones.
    pub fn ones(shape: &[usize], dtype: DType) -> Result<Tensor> {
        Self::full(shape, Scalar::Int(1), dtype)
    }

    /// Makes a tensor of zeros like this one.
    pub fn zeros_like(&self) -> Result<Tensor> {
        Self::zeros(self.shape(), self.dtype())
    }

    /// Makes a tensor of ones like this one.
    pub fn ones_like(&self) -> Result<Tensor> {
        Self::ones(self.shape(), self.dtype())
    }

    /// Makes another view of the storage, without autograd. The layout must lie within the storage.
    pub(crate) fn alias(&self, shape: Shape, strides: Strides, offset: usize) -> Tensor {
        Tensor(Arc::new(TensorInner {
            storage: self.0.storage.clone(),
            dtype: self.0.dtype,
            shape,
            strides,
            offset,
            base: None,
            untracked: self.0.untracked,
            inference: self.0.inference,
            meta: OnceLock::new(),
        }))
    }

    /// Makes another view of the storage that remembers what it is a view of, so that changes in place reach the
    /// gradient of the whole.
    pub(crate) fn alias_view(&self, shape: Shape, strides: Strides, offset: usize) -> Tensor {
        Tensor(Arc::new(TensorInner {
            storage: self.0.storage.clone(),
            dtype: self.0.dtype,
            shape,
            strides,
            offset,
            base: Some(self.0.base.clone().unwrap_or_else(|| self.clone())),
            untracked: self.0.untracked,
            inference: self.0.inference,
            meta: OnceLock::new(),
        }))
    }

    /// Returns a tensor that shares memory but not history.
    pub fn detach(&self) -> Tensor {
        self.alias(self.0.shape.clone(), self.0.strides.clone(), self.0.offset)
    }

    /// Returns what Python's `.data` is: shares memory, and changes through it are not counted.
    pub fn data(&self) -> Tensor {
        let t = self.0.as_ref();
        Tensor(Arc::new(TensorInner {
            storage: t.storage.clone(),
            dtype: t.dtype,
            shape: t.shape.clone(),
            strides: t.strides.clone(),
            offset: t.offset,
            base: None,
            untracked: true,
            inference: t.inference,
            meta: OnceLock::new(),
        }))
    }

    /// Returns this tensor with the memory of another: what assigning to `.data` does. Its gradient, hooks and place
    /// in the graph stay.
    pub fn with_data_of(&self, other: &Tensor) -> Tensor {
        let o = other.0.as_ref();
        let inner = TensorInner {
            storage: o.storage.clone(),
            dtype: o.dtype,
            shape: o.shape.clone(),
            strides: o.strides.clone(),
            offset: o.offset,
            base: None,
            untracked: false,
            inference: o.inference,
            meta: OnceLock::new(),
        };
        if let Some(meta) = self.0.meta.get() {
            let _ = inner.meta.set(meta.clone());
        }
        Tensor(Arc::new(inner))
    }
}

// What a tensor is.
impl Tensor {
    /// Returns the size of each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    /// Returns the step of each dimension in elements.
    pub fn strides(&self) -> &[isize] {
        &self.0.strides
    }

    /// Returns the index of the first element in the storage.
    pub fn storage_offset(&self) -> usize {
        self.0.offset
    }

    /// Returns the number of dimensions.
    pub fn rank(&self) -> usize {
        self.0.shape.len()
    }

    /// Returns the number of elements.
    pub fn numel(&self) -> usize {
        numel(&self.0.shape)
    }

    /// Returns the element type.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// Returns the size of a dimension, which may be negative.
    pub fn size(&self, dim: i64) -> Result<usize> {
        let d = crate::shape::wrap_dim(dim, self.rank())?;
        Ok(self.shape().get(d).copied().unwrap_or(1))
    }

    /// Tells whether elements lie in row-major order without gaps.
    pub fn is_contiguous(&self) -> bool {
        is_contiguous(self.shape(), self.strides())
    }

    /// Tells whether elements fill a block of memory exactly, in any order of dimensions.
    pub fn is_dense(&self) -> bool {
        is_dense(self.shape(), self.strides())
    }

    /// Tells whether this tensor was made under `torch.inference_mode`.
    pub fn is_inference(&self) -> bool {
        self.0.inference
    }

    /// Returns how often the memory was changed in place.
    pub fn version(&self) -> u32 {
        self.0.storage.version()
    }

    /// Tells whether both tensors use the same memory block.
    pub fn shares_storage(&self, other: &Tensor) -> bool {
        Arc::ptr_eq(&self.0.storage, &other.0.storage)
    }

    /// Tells whether both handles are the same tensor.
    pub fn is_same(&self, other: &Tensor) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns an address that is the same for tensors that share a storage: what `data_ptr()` gives.
    pub fn data_ptr(&self) -> usize {
        Arc::as_ptr(&self.0.storage) as usize + self.0.offset * self.dtype().size()
    }

    /// Returns the number of elements of the whole storage.
    pub fn storage_len(&self) -> usize {
        self.0.storage.buffer.read_recursive().len()
    }

    /// Returns the tensor that this one is a view of.
    pub fn base(&self) -> Option<&Tensor> {
        self.0.base.as_ref()
    }
}

// Reading and writing elements.
impl Tensor {
    /// Returns the elements in row-major order. `T` must be the type of the dtype.
    pub fn dense<T: Element>(&self) -> Result<Dense<'_, T>> {
        let t = self.0.as_ref();
        let guard = t.storage.buffer.read_recursive();
        if self.is_contiguous() {
            let range = self.block();
            return Ok(Dense::Borrowed(RwLockReadGuard::map(guard, |b| &T::slice(b)[range])));
        }
        let source = T::slice(&guard);
        let mut data = allocate(&t.shape)?;
        for_each_offset(&t.shape, &t.strides, t.offset, |at| data.push(source[at]));
        Ok(Dense::Owned(data))
    }

    /// Returns where a dense tensor lies in its storage. A tensor without elements may start beyond the end.
    fn block(&self) -> std::ops::Range<usize> {
        match self.numel() {
            0 => 0..0,
            n => self.0.offset..self.0.offset + n,
        }
    }

    /// Returns the block of memory that a dense tensor fills, in memory order.
    pub(crate) fn dense_memory<T: Element>(&self) -> MappedRwLockReadGuard<'_, [T]> {
        debug_assert!(self.is_dense());
        let range = self.block();
        RwLockReadGuard::map(self.0.storage.buffer.read_recursive(), |b| &T::slice(b)[range])
    }

    /// Returns the whole memory block, to be read with the strides and the offset.
    pub(crate) fn memory<T: Element>(&self) -> MappedRwLockReadGuard<'_, [T]> {
        RwLockReadGuard::map(self.0.storage.buffer.read_recursive(), T::slice)
    }

    /// Returns the elements in row-major order, cast to `T`.
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>> {
        crate::for_dtype!(self.dtype(), S => {
            let data = self.dense::<S>()?;
            let mut out = allocate(self.shape())?;
            out.extend(data.iter().map(|&v| cast::<S, T>(v)));
            Ok(out)
        })
    }

    /// Returns the only element of a one-element tensor.
    pub fn item(&self) -> Result<Scalar> {
        if self.numel() != 1 {
            bail!("a Tensor with {} elements cannot be converted to Scalar", self.numel());
        }
        Ok(crate::for_dtype!(self.dtype(), T => self.memory::<T>()[self.0.offset].to_scalar()))
    }

    /// Returns a copy in row-major order, without history.
    pub(crate) fn copy_data(&self) -> Result<Tensor> {
        crate::for_dtype!(self.dtype(), T => {
            let data = self.dense::<T>()?;
            let mut copy = allocate(self.shape())?;
            copy.extend_from_slice(&data);
            Ok(Self::from_parts(copy, self.shape()))
        })
    }

    /// Returns a copy cast to another dtype, without history. Keeps the memory order of a dense tensor.
    pub(crate) fn cast_data(&self, dtype: DType) -> Result<Tensor> {
        crate::for_dtype!(self.dtype(), S => crate::for_dtype!(dtype, T => {
            let mut out: Vec<T> = allocate(self.shape())?;
            if self.is_dense() {
                out.extend(self.dense_memory::<S>().iter().map(|&v| cast::<S, T>(v)));
                return Ok(Self::from_strided_parts(out, self.shape(), self.0.strides.clone()));
            }
            out.extend(self.dense::<S>()?.iter().map(|&v| cast::<S, T>(v)));
            Ok(Self::from_parts(out, self.shape()))
        }))
    }

    /// Writes the elements of `source` (same shape, any dtype) over this tensor's and counts the change. Autograd is
    /// not told: that is `autograd::inplace`'s business.
    pub(crate) fn write_data(&self, source: &Tensor) -> Result<()> {
        debug_assert_eq!(self.shape(), source.shape());
        let source = if source.dtype() == self.dtype() { source.clone() } else { source.cast_data(self.dtype())? };
        crate::for_dtype!(self.dtype(), T => {
            // A source in the same memory must be read before the lock for writing is taken.
            let data = if source.shares_storage(self) {
                Dense::Owned(source.dense::<T>()?.into_vec())
            } else {
                source.dense::<T>()?
            };
            self.write_with::<T>(|memory, offsets| match offsets {
                None => memory.copy_from_slice(&data),
                Some(layout) => {
                    let mut values = data.iter();
                    layout.for_each(|at| {
                        if let Some(&v) = values.next() {
                            memory[at] = v;
                        }
                    });
                }
            });
        });
        Ok(())
    }

    /// Gives the memory for writing and counts the change. Of a contiguous tensor it is exactly its elements (`None`);
    /// otherwise it is the whole block, with the layout that finds the elements in it.
    pub(crate) fn write_with<T: Element>(&self, write: impl FnOnce(&mut [T], Option<Layout<'_>>)) {
        let t = self.0.as_ref();
        {
            let mut guard = t.storage.buffer.write();
            let memory = T::slice_mut(&mut guard);
            if self.is_contiguous() {
                write(&mut memory[self.block()], None);
            } else {
                write(memory, Some(Layout { shape: &t.shape, strides: &t.strides, offset: t.offset }));
            }
        }
        self.bump_version();
    }

    /// Counts a change in place.
    pub(crate) fn bump_version(&self) {
        if !self.0.untracked {
            self.0.storage.bump_version();
        }
    }
}

/// Where the elements of a tensor lie in its memory block.
pub(crate) struct Layout<'a> {
    shape: &'a [usize],
    strides: &'a [isize],
    offset: usize,
}

impl Layout<'_> {
    /// Calls `f` with the place of each element, in row-major order.
    pub(crate) fn for_each(&self, f: impl FnMut(usize)) {
        for_each_offset(self.shape, self.strides, self.offset, f);
    }
}

impl std::fmt::Debug for Tensor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values = self.to_vec::<f64>().unwrap_or_default();
        let shown = &values[..values.len().min(16)];
        write!(f, "Tensor({} {}, {shown:?})", self.dtype(), Dims(self.shape()))
    }
}

impl Buffer {
    /// Makes a tensor that owns this buffer, of the given shape.
    pub fn into_tensor(self, shape: &[usize]) -> Result<Tensor> {
        match self {
            Buffer::Bool(d) => Tensor::from_vec(d, shape),
            Buffer::U8(d) => Tensor::from_vec(d, shape),
            Buffer::I32(d) => Tensor::from_vec(d, shape),
            Buffer::I64(d) => Tensor::from_vec(d, shape),
            Buffer::F16(d) => Tensor::from_vec(d, shape),
            Buffer::BF16(d) => Tensor::from_vec(d, shape),
            Buffer::F32(d) => Tensor::from_vec(d, shape),
            Buffer::F64(d) => Tensor::from_vec(d, shape),
        }
    }
}
