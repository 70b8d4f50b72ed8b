//! What can go wrong in the engine. Each error knows which of torch's exception classes it stands for; turning it
//! into a Python exception is the binding's business.

use std::any::Any;
use std::sync::Arc;

use crate::dtype::DType;
use crate::shape::Dims;

/// The result of every fallible engine function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The exception class that torch raises for an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `RuntimeError`
    Runtime,
    /// `IndexError`
    Index,
    /// `TypeError`
    Type,
    /// `ValueError`
    Value,
    /// `NotImplementedError`
    NotImplemented,
    /// `MemoryError`
    OutOfMemory,
    /// An error that a callback raised; the binding gives it back as it came.
    Callback,
}

/// An engine error: names the op, what was expected and what came.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two shapes cannot be broadcast together.
    #[error("The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension {dim}")]
    Broadcast {
        /// Size in the first tensor.
        a: usize,
        /// Size in the second tensor.
        b: usize,
        /// The dimension, counted from the left of the result.
        dim: usize,
    },
    /// A dimension number outside `[-rank, rank - 1]`.
    #[error(
        "Dimension out of range (expected to be in range of [{}, {}], but got {dim})",
        -(*rank.max(&1) as i64),
        *rank.max(&1) as i64 - 1
    )]
    DimOutOfRange {
        /// The dimension asked for.
        dim: i64,
        /// The rank of the tensor.
        rank: usize,
    },
    /// A shape that does not fit the number of elements.
    #[error("shape '{}' is invalid for input of size {numel}", Dims(shape))]
    InvalidShape {
        /// The shape asked for (may hold one -1).
        shape: Vec<i64>,
        /// The number of elements there are.
        numel: usize,
    },
    /// An op that has no kernel for a dtype.
    #[error("\"{op}\" not implemented for '{}'", dtype.torch_name())]
    DTypeNotSupported {
        /// The op.
        op: &'static str,
        /// The dtype that came.
        dtype: DType,
    },
    /// A result that cannot be stored in the dtype of the tensor it is written to.
    #[error("result type {} can't be cast to the desired output type {}", from.torch_name(), to.torch_name())]
    CannotCast {
        /// dtype of the result.
        from: DType,
        /// dtype of the destination.
        to: DType,
    },
    /// More memory was asked for than can be had.
    #[error("cannot allocate {bytes} bytes for a tensor of shape {}", Dims(shape))]
    OutOfMemory {
        /// Size of the request (saturated).
        bytes: usize,
        /// Shape of the tensor.
        shape: Vec<usize>,
    },
    /// Any other `RuntimeError`.
    #[error("{0}")]
    Runtime(String),
    /// Any other `IndexError`.
    #[error("{0}")]
    Index(String),
    /// Any other `TypeError`.
    #[error("{0}")]
    Type(String),
    /// Any other `ValueError`.
    #[error("{0}")]
    Value(String),
    /// Something that torch has and Lyceum does not.
    #[error("{0}")]
    NotImplemented(String),
    /// A hook or a custom backward raised; the payload is the binding's own.
    #[error("a callback raised an exception")]
    Callback(Arc<dyn Any + Send + Sync>),
}

impl Error {
    /// Returns the exception class of this error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::DimOutOfRange { .. } | Error::Index(_) => ErrorKind::Index,
            Error::Type(_) => ErrorKind::Type,
            Error::Value(_) => ErrorKind::Value,
            Error::NotImplemented(_) | Error::DTypeNotSupported { .. } => ErrorKind::NotImplemented,
            Error::OutOfMemory { .. } => ErrorKind::OutOfMemory,
            Error::Callback(_) => ErrorKind::Callback,
            Error::Broadcast { .. } | Error::InvalidShape { .. } | Error::CannotCast { .. } | Error::Runtime(_) => {
                ErrorKind::Runtime
            }
        }
    }
}

/// Returns early with a `RuntimeError` (or the variant named first) made by `format!`.
#[macro_export]
macro_rules! bail {
    ($kind:ident: $($arg:tt)*) => {
        return Err($crate::Error::$kind(format!($($arg)*)))
    };
    ($($arg:tt)*) => {
        return Err($crate::Error::Runtime(format!($($arg)*)))
    };
}
