//! The crate as those who use it see it.

mod drawing;
mod hostile;
