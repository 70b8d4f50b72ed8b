//! Passes over the memory of several tensors of one shape at once, some of which are written.

use crate::bail;
use crate::element::Element;
use crate::error::Result;
use crate::kernels::Real;
use crate::kernels::parallel::vectorise;
use crate::shape::Dims;
use crate::tensor::Tensor;

/// A float with the fused operations of torch's kernels.
pub(super) trait Float: Element + Real {
    /// `self · b + c`, rounded once.
    fn fused(self, b: Self, c: Self) -> Self;
    /// `self + weight (end - self)`, counted from the nearer end: torch's `lerp`.
    fn towards(self, end: Self, weight: Self) -> Self;
}

macro_rules! float {
    ($T:ty) => {
        impl Float for $T {
            #[inline(always)]
            fn fused(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
            #[inline(always)]
            fn towards(self, end: Self, weight: Self) -> Self {
                let difference = end - self;
                if weight.abs() < 0.5 {
                    weight.mul_add(difference, self)
                } else {
                    (weight - 1.0).mul_add(difference, end)
                }
            }
        }
    };
}
float!(f32);
float!(f64);

/// Expands a macro with the element type of a parameter.
macro_rules! for_float_param {
    ($param:expr, $step:ident) => {{
        crate::ops::optim::check_float($param)?;
        if $param.dtype() == crate::DType::F32 { $step!(f32) } else { $step!(f64) }
    }};
}
pub(super) use for_float_param;

/// Checks that there is one of everything for each parameter.
pub(super) fn check_lengths(op: &str, params: &[Tensor], lists: &[(&str, usize)]) -> Result<()> {
    for &(name, length) in lists {
        if length != params.len() {
            bail!("{op}: expected {} {name}, one for each parameter, but got {length}", params.len());
        }
    }
    Ok(())
}

/// Calls `f` for every index with the elements of the targets, to be changed, and of the sources.
pub(super) fn update<T: Float, const N: usize, const M: usize>(
    targets: [&Tensor; N],
    sources: [&Tensor; M],
    f: impl Fn([&mut T; N], [T; M]) + Copy,
) -> Result<()> {
    let shape = targets[0].shape();
    for t in targets.iter().chain(&sources) {
        if t.shape() != shape {
            bail!(
                "an optimiser's state of shape {} does not fit a parameter of shape {}",
                Dims(t.shape()),
                Dims(shape)
            );
        }
        if t.dtype() != T::DTYPE {
            bail!("an optimiser's state of {} does not fit a parameter of {}", t.dtype(), T::DTYPE);
        }
    }
    let all = || targets.iter().chain(&sources);
    let overlap = all().enumerate().any(|(i, t)| all().skip(i + 1).any(|other| t.shares_storage(other)));
    if overlap || all().any(|t| !t.is_contiguous()) {
        return update_copies(targets, sources, f);
    }
    let n = targets[0].numel();
    {
        let mut guards = targets.map(|t| t.0.storage.buffer.write());
        let mut places = 0..N;
        let mut memory = guards.each_mut().map(|guard| {
            let offset = places.next().map_or(0, |i| targets[i].storage_offset());
            &mut T::slice_mut(guard)[offset..offset + n]
        });
        let sources = sources.map(Tensor::dense_memory::<T>);
        run(&mut memory, &sources.each_ref().map(|source| &source[..]), n, f);
    }
    targets.iter().for_each(|t| t.bump_version());
    Ok(())
}

/// [`update`] on copies, for tensors that lie in memory in other orders or share it.
#[cold]
fn update_copies<T: Float, const N: usize, const M: usize>(
    targets: [&Tensor; N],
    sources: [&Tensor; M],
    f: impl Fn([&mut T; N], [T; M]) + Copy,
) -> Result<()> {
    let n = targets[0].numel();
    let read = |t: &Tensor| Ok::<_, crate::Error>(t.dense::<T>()?.into_vec());
    let mut copies: Vec<Vec<T>> = targets.iter().map(|t| read(t)).collect::<Result<_>>()?;
    let inputs: Vec<Vec<T>> = sources.iter().map(|t| read(t)).collect::<Result<_>>()?;
    let mut rest = copies.iter_mut();
    let mut memory = [(); N].map(|()| rest.next().map_or(&mut [][..], |copy| &mut copy[..]));
    let mut inputs = inputs.iter();
    run(&mut memory, &[(); M].map(|()| inputs.next().map_or(&[][..], |input| &input[..])), n, f);
    for (t, copy) in targets.iter().zip(copies) {
        t.write_data(&Tensor::from_parts(copy, t.shape()))?;
    }
    Ok(())
}

#[inline(always)]
fn run<T: Float, const N: usize, const M: usize>(
    memory: &mut [&mut [T]; N],
    sources: &[&[T]; M],
    n: usize,
    f: impl Fn([&mut T; N], [T; M]) + Copy,
) {
    let mut memory = memory.each_mut().map(|slice| &mut slice[..n]);
    let sources = sources.map(|slice| &slice[..n]);
    vectorise(
        #[inline(always)]
        || {
            for i in 0..n {
                f(memory.each_mut().map(|slice| &mut slice[i]), sources.map(|slice| slice[i]));
            }
        },
    );
}
