//! Matrix products: out[i, j] = Σₖ a[i, k]·b[k, j], for one pair or a batch of pairs.
//!
//! Floating types go to the `gemm` crate, integers through a plain loop with wrapping arithmetic, as in torch. The
//! operands may have any non-negative strides (a transposed or an expanded matrix needs no copy); a batch gives one
//! offset per matrix, so an operand that is shared by all pairs just repeats its offset.

use gemm::Parallelism;

use super::Real;
use super::parallel::{for_each_chunk, is_worth, threads};

/// Multiplications above which one product is worth more than one thread.
const PARALLEL_PRODUCTS: usize = 1 << 18;

/// One operand: its elements, the place of element (0, 0), and the strides of rows and columns, in elements.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a, T> {
    /// The memory the matrix lies in.
    pub values: &'a [T],
    /// The index of element (0, 0).
    pub offset: usize,
    /// The distance of neighbours in a column and in a row.
    pub strides: [usize; 2],
}

impl<'a, T> Matrix<'a, T> {
    /// A matrix of `columns` columns whose rows lie one after the other.
    pub fn rows(values: &'a [T], columns: usize) -> Self {
        Matrix { values, offset: 0, strides: [columns, 1] }
    }

    /// The same elements with rows and columns exchanged.
    pub fn transposed(self) -> Self {
        Matrix { strides: [self.strides[1], self.strides[0]], ..self }
    }

    fn assert_holds(&self, rows: usize, columns: usize) {
        assert!(holds(self.values.len(), self.offset, self.strides, rows, columns), "matrix lies outside its memory");
    }
}

fn holds(len: usize, offset: usize, strides: [usize; 2], rows: usize, columns: usize) -> bool {
    let last = || {
        let down = strides[0].checked_mul(rows.checked_sub(1)?)?;
        let across = strides[1].checked_mul(columns.checked_sub(1)?)?;
        offset.checked_add(down)?.checked_add(across)
    };
    rows == 0 || columns == 0 || last().is_some_and(|last| last < len && last <= isize::MAX as usize)
}

/// out = a·b, or out + a·b when `accumulate`; `out` is (m, n) with rows `out_stride` apart.
///
/// `parallel` lets a large product use all threads; leave it off inside a piece of parallel work.
#[allow(clippy::too_many_arguments, reason = "the three sizes and three matrices of a product, and two switches")]
pub fn product<R: Real>(
    m: usize,
    k: usize,
    n: usize,
    a: Matrix<'_, R>,
    b: Matrix<'_, R>,
    out: &mut [R],
    out_stride: usize,
    accumulate: bool,
    parallel: bool,
) {
    if m == 0 || n == 0 {
        return;
    }
    a.assert_holds(m, k);
    b.assert_holds(k, n);
    assert!((m == 1 || out_stride >= n) && holds(out.len(), 0, [out_stride, 1], m, n), "out lies outside its memory");
    if k == 0 {
        if !accumulate {
            out.chunks_mut(out_stride.max(n)).take(m).for_each(|row| row[..n].fill(R::ZERO));
        }
        return;
    }
    let is_large = m.saturating_mul(k).saturating_mul(n) >= PARALLEL_PRODUCTS;
    let threads = if parallel && is_large { threads() } else { 1 };
    let parallelism = if threads > 1 { Parallelism::Rayon(threads) } else { Parallelism::None };
    let signed = |strides: [usize; 2]| [strides[0] as isize, strides[1] as isize];
    // SAFETY: the three `assert`s place every element inside its slice, `out` is borrowed mutably, and its rows do
    // not overlap because they are at least n apart.
    unsafe {
        R::gemm(
            m,
            k,
            n,
            a.values.as_ptr().add(a.offset),
            signed(a.strides),
            b.values.as_ptr().add(b.offset),
            signed(b.strides),
            out.as_mut_ptr(),
            [out_stride as isize, 1],
            accumulate,
            parallelism,
        );
    }
}

/// `out[i] = a[i]·b[i]` for a batch of products; `out` is contiguous, (batch, m, n).
///
/// `offsets` holds the place of element (0, 0) of each pair. When all pairs share one `b` and the `a` follow one
/// another, the batch is a single tall product and is computed so.
#[allow(clippy::too_many_arguments, reason = "the three sizes and three matrices of a product, and two switches")]
pub fn batched_product<R: Real>(
    m: usize,
    k: usize,
    n: usize,
    a: &[R],
    a_strides: [usize; 2],
    b: &[R],
    b_strides: [usize; 2],
    offsets: &[[usize; 2]],
    out: &mut [R],
) {
    let Some(&[a_first, b_first]) = offsets.first() else { return };
    if m == 0 || n == 0 {
        return;
    }
    let is_tall = m > 0
        && offsets.iter().enumerate().all(|(index, &[a_offset, b_offset])| {
            b_offset == b_first && a_offset.checked_sub(a_first) == index.checked_mul(m * a_strides[0])
        });
    if is_tall {
        let a = Matrix { values: a, offset: a_first, strides: a_strides };
        let b = Matrix { values: b, offset: b_first, strides: b_strides };
        return product(m * offsets.len(), k, n, a, b, out, n, false, true);
    }
    let work = m.saturating_mul(k).saturating_mul(n);
    let one = |index: usize, out: &mut [R], parallel: bool| {
        let a = Matrix { values: a, offset: offsets[index][0], strides: a_strides };
        let b = Matrix { values: b, offset: offsets[index][1], strides: b_strides };
        product(m, k, n, a, b, out, n, false, parallel);
    };
    // Few large products share the threads inside each; many small ones are handed out whole.
    if offsets.len() < 4 && is_worth(work) {
        for (index, out) in out.chunks_mut(m * n).enumerate().take(offsets.len()) {
            one(index, out, true);
        }
    } else {
        let work = work.saturating_mul(offsets.len());
        for_each_chunk(&mut out[..m * n * offsets.len()], m * n, work, |index, out| one(index, out, false));
    }
}

/// An integer type with wrapping arithmetic.
pub trait Integer: Copy + Default + Send + Sync {
    /// self + a·b, wrapped around at the type's ends.
    fn wrapping_add_product(self, a: Self, b: Self) -> Self;
}

macro_rules! integer {
    ($($type:ty)*) => {$(
        impl Integer for $type {
            #[inline(always)]
            fn wrapping_add_product(self, a: Self, b: Self) -> Self {
                self.wrapping_add(a.wrapping_mul(b))
            }
        }
    )*};
}
integer!(u8 i8 i16 i32 i64);

/// out = a·b for integers; `out` is contiguous.
pub fn integer_product<T: Integer>(m: usize, k: usize, n: usize, a: Matrix<'_, T>, b: Matrix<'_, T>, out: &mut [T]) {
    if m == 0 || n == 0 {
        return;
    }
    let work = m.saturating_mul(k).saturating_mul(n);
    for_each_chunk(&mut out[..m * n], n, work, |i, out| {
        out.fill(T::default());
        for p in 0..k {
            let left = a.values[a.offset + i * a.strides[0] + p * a.strides[1]];
            let row = b.offset + p * b.strides[0];
            for (j, out) in out.iter_mut().enumerate() {
                *out = out.wrapping_add_product(left, b.values[row + j * b.strides[1]]);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values<R: Real>(len: usize, seed: usize) -> Vec<R> {
        (0..len).map(|i| R::from_f64(((i * 7919 + seed * 104_729) % 1013) as f64 / 1013.0 - 0.5)).collect()
    }

    fn reference<R: Real>(m: usize, k: usize, n: usize, a: Matrix<'_, R>, b: Matrix<'_, R>) -> Vec<f64> {
        let at = |x: &Matrix<'_, R>, i: usize, j: usize| x.values[x.offset + i * x.strides[0] + j * x.strides[1]];
        let mut out = vec![0.0; m * n];
        for i in 0..m {
            for j in 0..n {
                out[i * n + j] = (0..k).map(|p| at(&a, i, p).to_f64() * at(&b, p, j).to_f64()).sum();
            }
        }
        out
    }

    #[test]
    fn products_of_every_layout_agree_with_the_definition() {
        fn check<R: Real>(tolerance: f64) {
            for (m, k, n) in [(1, 1, 1), (2, 3, 4), (1, 9, 33), (17, 5, 1), (40, 33, 50), (3, 0, 2), (70, 300, 90)] {
                let (a, b) = (values::<R>(m * k + 3, 1), values::<R>(k * n + 3, 2));
                let shifted = |values, offset, strides| Matrix { values, offset, strides };
                for a in
                    [shifted(&a[..], 3, [k, 1]), shifted(&a, 0, [1, m]), shifted(&a, 1, [0, 1]), shifted(&a, 0, [1, 0])]
                {
                    for b in [shifted(&b[..], 2, [n, 1]), shifted(&b, 0, [1, k]), shifted(&b, 0, [0, 1])] {
                        let mut out = vec![R::ONE; m * (n + 2)];
                        product(m, k, n, a, b, &mut out, n + 2, false, true);
                        for (row, expected) in reference(m, k, n, a, b).chunks(n).enumerate() {
                            for (column, expected) in expected.iter().enumerate() {
                                let out = out[row * (n + 2) + column].to_f64();
                                assert!(
                                    (out - expected).abs() < tolerance * (1.0 + k as f64),
                                    "{m} {k} {n}: {out} {expected} {:?} {:?} {} {}",
                                    a.strides,
                                    b.strides,
                                    a.offset,
                                    b.offset
                                );
                            }
                            assert_eq!(out[row * (n + 2) + n], R::ONE);
                        }
                    }
                }
            }
        }
        check::<f32>(1e-6);
        check::<f64>(4e-15);
    }

    #[test]
    fn batches_agree_with_single_products() {
        let (m, k, n) = (5, 7, 6);
        let (a, b) = (values::<f32>(6 * m * k, 1), values::<f32>(6 * k * n, 2));
        let shared: Vec<_> = (0..6).map(|i| [i * m * k, 0]).collect();
        let pairs: Vec<_> = (0..6).map(|i| [i * m * k, (5 - i) * k * n]).collect();
        for offsets in [shared, pairs] {
            let mut out = vec![0.0; 6 * m * n];
            batched_product(m, k, n, &a, [k, 1], &b, [n, 1], &offsets, &mut out);
            for (out, &[a_offset, b_offset]) in out.chunks(m * n).zip(&offsets) {
                let a = Matrix { values: &a[..], offset: a_offset, strides: [k, 1] };
                let b = Matrix { values: &b[..], offset: b_offset, strides: [n, 1] };
                for (out, expected) in out.iter().zip(reference(m, k, n, a, b)) {
                    assert!((f64::from(*out) - expected).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn integers_wrap_around() {
        let mut out = [0u8; 1];
        integer_product(1, 2, 1, Matrix::rows(&[200u8, 100], 2), Matrix::rows(&[2u8, 3], 1), &mut out);
        assert_eq!(out[0], 188);
        let mut out = [0i64; 4];
        let a = [1i64, 2, 3, 4];
        integer_product(2, 2, 2, Matrix::rows(&a, 2), Matrix::rows(&a, 2).transposed(), &mut out);
        assert_eq!(out, [5, 11, 11, 25]);
    }

    #[test]
    fn a_product_does_not_depend_on_the_number_of_threads() {
        for (m, k, n) in [(300, 700, 200), (64, 2000, 65), (1, 5000, 800), (1000, 3, 900)] {
            let (a, b) = (values::<f32>(m * k, 1), values::<f32>(k * n, 2));
            let run = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                let mut out = vec![0.0; m * n];
                pool.install(|| product(m, k, n, Matrix::rows(&a, k), Matrix::rows(&b, n), &mut out, n, false, true));
                out
            };
            let alone = run(1);
            assert!(alone == run(2) && alone == run(3));
        }
    }
}
