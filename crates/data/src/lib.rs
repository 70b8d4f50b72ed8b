//! Data sets: the built-in ones, the readers, and the local catalogue.
//!
//! - [`builtin`]: small real sets inside the binary
//! - [`published`]: well-known sets that can be fetched, with their sums
//! - [`catalogue`]: finds a set by name; puts a checked set into the user's folder, whole or not at all
//! - [`idx`], [`table`], [`text`]: the readers, over any bytes
//! - [`images`]: handwritten digits and their like, and how a small image becomes a larger one
//! - [`pull`] (feature `pull`): downloads with resume and a pinned SHA-256
//!
//! It knows nothing of tensors: sets come out as plain numbers, which `lyceum-python` turns into
//! `torch.Tensor`s.
//!
//! **Invariant:** no bytes make a reader panic or allocate more than the file holds or its header
//! promises, whichever is smaller.

pub mod builtin;
pub mod catalogue;
pub mod error;
mod gzip;
pub mod idx;
pub mod images;
mod import;
mod manifest;
pub mod published;
#[cfg(feature = "pull")]
pub mod pull;
mod rows;
pub mod set;
pub mod table;
pub mod text;

pub use catalogue::Catalogue;
pub use error::{Error, Problem, Result};
pub use images::Images;
pub use import::{Format, ImportOptions};
pub use set::{Card, Content, Split, Summary};
pub use table::{Table, Target};
