//! Embeddings: rows of a table picked by index, alone or in bags, and one-hot vectors.

use std::sync::Arc;

use super::{NN, OpDef, op, value};
use crate::autograd::{no_grad, record};
use crate::bail;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::embedding::scatter_add;
use crate::ops::matmul::p_norm;
use crate::shape::{Dims, Shape};
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "embedding(Tensor input, Tensor weight, int? padding_idx=None, float? max_norm=None, float norm_type=2.0, bool \
         scale_grad_by_freq=False, bool sparse=False)",
        NN,
        "Returns the rows of weight at the indices input. The row padding_idx gets no gradient; max_norm first shortens \
         longer rows, in place; scale_grad_by_freq divides a row's gradient by how often it was picked.",
        |a| {
            let options = Options {
                padding_index: a.int_opt(2),
                max_norm: a.float_opt(3),
                norm_type: a.float(4),
                scale_grad_by_freq: a.bool(5),
                sparse: a.bool(6),
            };
            value(embedding(a.tensor(0), a.tensor(1), &options))
        },
        &[
            "i4[3], [4,2]",
            "i4[2,3], c[4,2], 1",
            "i4[3], c[4,2], scale_grad_by_freq=True",
            "i4[], [4,2]",
            "i4[0], [4,2]",
            "i4[2], c[4,2], max_norm=0.5",
        ],
    ),
    op(
        "embedding_bag(Tensor input, Tensor weight, Tensor? offsets=None, float? max_norm=None, float norm_type=2.0, bool \
         scale_grad_by_freq=False, str mode='mean', bool sparse=False, Tensor? per_sample_weights=None, bool \
         include_last_offset=False, int? padding_idx=None)",
        NN,
        "Returns the mean, sum or max of the rows of weight in each bag of indices: a bag is a row of input, or begins at \
         each of the offsets.",
        |a| {
            let options = Options {
                padding_index: a.int_opt(10),
                max_norm: a.float_opt(3),
                norm_type: a.float(4),
                scale_grad_by_freq: a.bool(5),
                sparse: a.bool(7),
            };
            let bags = bags(a.tensor(0), a.tensor_opt(2), a.bool(9))?;
            value(embedding_bag(a.tensor(0), a.tensor(1), bags, a.str(6), a.tensor_opt(8), &options))
        },
        &[
            "i4[2,3], [4,2]",
            "i4[2,3], [4,2], mode='sum'",
            "i4[2,3], ~[4,2], mode='max'",
            "i4[2,3], [4,2], mode='sum', per_sample_weights=[2,3]",
            "i4[2,3], [4,2], padding_idx=1",
        ],
    ),
    op(
        "one_hot(Tensor tensor, int num_classes=-1)",
        NN,
        "Returns for each index a vector of zeros with a one at the index.",
        |a| value(one_hot(a.tensor(0), a.int(1))),
        &["i4[3], 4", "i4[2,2]", "i4[], 4", "i4[0], 3"],
    ),
];

/// The options of an embedding.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The row that gets no gradient.
    pub padding_index: Option<i64>,
    /// The length that picked rows may have.
    pub max_norm: Option<f64>,
    /// The norm that lengths are measured in.
    pub norm_type: f64,
    /// Whether the gradient of a row is divided by how often it was picked.
    pub scale_grad_by_freq: bool,
    /// Asks for a sparse gradient, which there is not.
    pub sparse: bool,
}

/// Indices of rows; -1 stands for none.
type Indices = Arc<[i64]>;

/// Checks a table and its indices, and returns the indices.
fn indices_into(op: &str, input: &Tensor, weight: &Tensor, options: &Options) -> Result<Vec<i64>> {
    if weight.rank() != 2 {
        bail!("'weight' must be 2-D");
    }
    if !matches!(input.dtype(), DType::I64 | DType::I32) {
        bail!(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got \
             torch.{}Tensor instead (while checking arguments for {op})",
            input.dtype().torch_name()
        );
    }
    if options.sparse {
        bail!(NotImplemented: "{op}: sparse=True asks for a sparse gradient, and sparse tensors are not implemented");
    }
    let rows = weight.shape()[0] as i64;
    let indices = input.to_vec::<i64>()?;
    if indices.iter().any(|&i| i < 0 || i >= rows) {
        bail!(Index: "index out of range in self");
    }
    Ok(indices)
}

/// The padding index counted from the front.
fn padding(options: &Options, weight: &Tensor) -> Result<Option<i64>> {
    let rows = weight.shape()[0] as i64;
    match options.padding_index {
        Some(i) if i >= rows || i < -rows => bail!(Value: "Padding_idx must be within num_embeddings"),
        Some(i) => Ok(Some(if i < 0 { i + rows } else { i })),
        None => Ok(None),
    }
}

/// `out[i] = weight[input[i]]`; the gradient of a row is the sum of the gradients of where it went.
pub fn embedding(input: &Tensor, weight: &Tensor, options: &Options) -> Result<Tensor> {
    let indices = indices_into("embedding", input, weight, options)?;
    let padding = padding(options, weight)?;
    if let Some(max_norm) = options.max_norm {
        shorten_rows(weight, &indices, max_norm, options.norm_type)?;
    }
    let columns = weight.shape()[1];
    let shape: Shape = input.shape().iter().copied().chain([columns]).collect();
    let out = take_data(weight, &indices, &shape)?;
    Ok(record(out, "EmbeddingBackward0", [weight], || {
        let counts = options.scale_grad_by_freq.then(|| inverse_counts(&indices));
        let counted: Indices = indices.iter().map(|&i| if Some(i) == padding { -1 } else { i }).collect();
        let rows = weight.shape()[0];
        move |cx| {
            let mut g = cx.grad()?.reshape_to(&[counted.len(), columns])?;
            if let Some(counts) = &counts {
                g = g.mul(&Tensor::from_vec(counts.clone(), &[counts.len(), 1])?.cast_data(g.dtype())?)?;
            }
            grads![Some(add_rows(&g, &counted, rows)?)]
        }
    }))
}

/// For each index, one over how often it occurs.
fn inverse_counts(indices: &[i64]) -> Vec<f64> {
    let mut counts = std::collections::HashMap::new();
    for &i in indices {
        *counts.entry(i).or_insert(0u32) += 1;
    }
    indices.iter().map(|i| 1.0 / f64::from(counts[i])).collect()
}

/// Shortens the picked rows that are longer than `max_norm`, in place.
fn shorten_rows(weight: &Tensor, indices: &[i64], max_norm: f64, norm_type: f64) -> Result<()> {
    let norms = no_grad(|| p_norm(&weight.detach(), norm_type, false))?.to_vec::<f64>()?;
    let mut factors = vec![1.0; norms.len()];
    for &i in indices {
        let norm = norms[i as usize];
        if norm > max_norm {
            factors[i as usize] = max_norm / (norm + 1e-7);
        }
    }
    if factors.iter().all(|&f| f == 1.0) {
        return Ok(());
    }
    let factors = Tensor::from_vec(factors, &[norms.len(), 1])?.cast_data(weight.dtype())?;
    let shortened = no_grad(|| weight.detach().mul(&factors))?;
    weight.write_data(&shortened)
}

/// Copies rows; the row -1 is zeros.
fn take_data(table: &Tensor, indices: &[i64], shape: &[usize]) -> Result<Tensor> {
    let columns = table.shape()[1];
    crate::for_dtype!(table.dtype(), T => {
        let data = table.dense::<T>()?;
        let mut out: Vec<T> = allocate(shape)?;
        for &i in indices {
            match usize::try_from(i) {
                Ok(i) => out.extend_from_slice(&data[i * columns..(i + 1) * columns]),
                Err(_) => out.resize(out.len() + columns, T::default()),
            }
        }
        Ok(Tensor::from_parts(out, shape))
    })
}

/// `out[i] = table[indices[i]]`, zeros where there is no index.
fn take_rows(table: &Tensor, indices: &Indices) -> Result<Tensor> {
    let out = take_data(table, indices, &[indices.len(), table.shape()[1]])?;
    Ok(record(out, "IndexSelectBackward0", [table], || {
        let (indices, rows) = (indices.clone(), table.shape()[0]);
        move |cx| grads![Some(add_rows(&cx.grad()?, &indices, rows)?)]
    }))
}

/// `out[indices[i]] += rows[i]` for an `out` of zeros: the transpose of [`take_rows`].
fn add_rows(rows: &Tensor, indices: &Indices, count: usize) -> Result<Tensor> {
    let columns = rows.shape()[1];
    let shape = [count, columns];
    let out = crate::for_float!(rows.dtype(), T => {
        let mut out: Vec<T> = filled(&shape, 0.0)?;
        scatter_add(&rows.dense::<T>()?, columns, indices, None, &mut out);
        Tensor::from_parts(out, &shape)
    }, _ => return Err(Error::DTypeNotSupported { op: "embedding_backward", dtype: rows.dtype() }));
    Ok(record(out, "IndexAddBackward0", [rows], || {
        let indices = indices.clone();
        move |cx| grads![Some(take_rows(&cx.grad()?, &indices)?)]
    }))
}

/// Which bag each index belongs to, and how many bags there are.
#[derive(Debug)]
pub struct Bags {
    of_index: Vec<i64>,
    count: usize,
}

/// Makes bags of the rows of a matrix of indices, or of a vector cut at offsets.
fn bags(input: &Tensor, offsets: Option<&Tensor>, include_last_offset: bool) -> Result<Bags> {
    match (input.rank(), offsets) {
        (2, Some(_)) => bail!(Value:
            "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length \
             sequences."
        ),
        (2, None) => {
            let (count, length) = (input.shape()[0], input.shape()[1]);
            let of_index = (0..count as i64).flat_map(|bag| std::iter::repeat_n(bag, length)).collect();
            Ok(Bags { of_index, count })
        }
        (1, None) => bail!(Value: "offsets has to be a 1D Tensor but got None"),
        (1, Some(offsets)) => {
            if offsets.rank() != 1 {
                bail!(Value: "offsets has to be a 1D Tensor");
            }
            let mut starts = offsets.to_vec::<i64>()?;
            if let Some(&first) = starts.first()
                && first != 0
            {
                bail!(
                    "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. \
                     However, got {first}"
                );
            }
            if include_last_offset && starts.pop().is_none() {
                bail!("include_last_offset: number of offsets should be at least 1");
            }
            let length = input.numel() as i64;
            if starts.windows(2).any(|pair| pair[0] > pair[1]) || starts.last().is_some_and(|&last| last > length) {
                bail!("offsets must not decrease nor exceed the {length} indices, but got {}", Dims(&starts));
            }
            // An index belongs to the last bag that starts at or before it.
            let of_index = (0..length).map(|i| starts.partition_point(|&start| start <= i) as i64 - 1).collect();
            Ok(Bags { of_index, count: starts.len() })
        }
        (rank, _) => bail!(Value: "input has to be 1D or 2D Tensor, but got Tensor of dimension {rank}"),
    }
}

/// The mean, sum or maximum of the rows of each bag. An empty bag gives zeros.
pub fn embedding_bag(
    input: &Tensor,
    weight: &Tensor,
    bags: Bags,
    mode: &str,
    per_sample_weights: Option<&Tensor>,
    options: &Options,
) -> Result<Tensor> {
    let indices = indices_into("embedding_bag", input, weight, options)?;
    let padding = padding(options, weight)?;
    if let Some(max_norm) = options.max_norm {
        shorten_rows(weight, &indices, max_norm, options.norm_type)?;
    }
    let without_padding = Options { max_norm: None, padding_index: None, ..*options };
    let mut rows = embedding(&input.reshape_to(&[indices.len()])?, weight, &without_padding)?;
    if let Some(weights) = per_sample_weights {
        if mode != "sum" {
            bail!(NotImplemented:
                "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' \
                 (got mode='{mode}')."
            );
        }
        if weights.shape() != input.shape() {
            bail!(Value:
                "embedding_bag: If per_sample_weights ({}) is not None, then it must have the same shape as the input \
                 ({})",
                Dims(weights.shape()),
                Dims(input.shape())
            );
        }
        rows = rows.mul(&weights.reshape_to(&[indices.len(), 1])?)?;
    }
    let of_index: Indices =
        bags.of_index.iter().zip(&indices).map(|(&bag, &i)| if Some(i) == padding { -1 } else { bag }).collect();
    match mode {
        "sum" => add_rows(&rows, &of_index, bags.count),
        "mean" => {
            let mut counts = filled(&[bags.count], 0.0f64)?;
            for &bag in of_index.iter().filter(|&&bag| bag >= 0) {
                counts[bag as usize] += 1.0;
            }
            let counts = counts.into_iter().map(|n| n.max(1.0)).collect();
            let counts = Tensor::from_vec(counts, &[bags.count, 1])?.cast_data(rows.dtype())?;
            add_rows(&rows, &of_index, bags.count)?.div(&counts)
        }
        "max" => largest_rows(&rows, &of_index, bags.count),
        _ => bail!(Value: "mode has to be one of sum, mean or max"),
    }
}

/// The largest element of each column in each bag; its place takes the gradient.
fn largest_rows(rows: &Tensor, of_index: &Indices, count: usize) -> Result<Tensor> {
    let columns = rows.shape()[1];
    let places = crate::for_float!(rows.dtype(), T => {
        let data = rows.dense::<T>()?;
        let mut places = filled(&[count, columns], -1i64)?;
        for (i, &bag) in of_index.iter().enumerate().filter(|(_, bag)| **bag >= 0) {
            for c in 0..columns {
                let (best, here) = (&mut places[bag as usize * columns + c], i * columns + c);
                if *best < 0 || data[here] > data[*best as usize] {
                    *best = here as i64;
                }
            }
        }
        places
    }, _ => return Err(Error::DTypeNotSupported { op: "embedding_bag", dtype: rows.dtype() }));
    take_rows(&rows.reshape_to(&[rows.numel(), 1])?, &places.into())?.reshape_to(&[count, columns])
}

/// A vector of zeros with a one at the index, for each index.
pub fn one_hot(indices: &Tensor, num_classes: i64) -> Result<Tensor> {
    if indices.dtype() != DType::I64 {
        bail!("one_hot is only applicable to index tensor of type LongTensor.");
    }
    let values = indices.dense::<i64>()?;
    let largest = values.iter().copied().max();
    let classes = match (num_classes, largest) {
        (n, None) if n <= 0 => bail!("Can not infer total number of classes from empty tensor."),
        (-1, Some(largest)) => largest.saturating_add(1),
        (n, _) if n < 1 => bail!("num_classes should be positive"),
        (n, _) => n,
    };
    if values.iter().any(|&v| v < 0) {
        bail!("Class values must be non-negative.");
    }
    if largest.is_some_and(|largest| largest >= classes) {
        bail!("Class values must be smaller than num_classes.");
    }
    let shape: Shape = indices.shape().iter().copied().chain([classes as usize]).collect();
    let mut out = filled(&shape, 0i64)?;
    for (row, &class) in out.chunks_mut((classes as usize).max(1)).zip(values.iter()) {
        row[class as usize] = 1;
    }
    Ok(Tensor::from_parts(out, &shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Options =
        Options { padding_index: None, max_norm: None, norm_type: 2.0, scale_grad_by_freq: false, sparse: false };

    fn gradient_of_picks(options: &Options) -> Vec<f64> {
        let weight = Tensor::from_vec(vec![1.0f64; 6], &[3, 2]).unwrap().with_requires_grad(true).unwrap();
        let input = Tensor::from_vec(vec![0i64, 2, 2], &[3]).unwrap();
        let sum = crate::ops::reduce::sum(&embedding(&input, &weight, options).unwrap(), &[], false, None).unwrap();
        let grads = crate::autograd::grad(&[sum], &[weight], &[], Default::default()).unwrap();
        grads[0].as_ref().unwrap().to_vec().unwrap()
    }

    #[test]
    fn a_row_takes_a_gradient_for_each_pick_unless_it_pads_or_is_scaled() {
        assert_eq!(gradient_of_picks(&PLAIN), [1.0, 1.0, 0.0, 0.0, 2.0, 2.0]);
        let padded = Options { padding_index: Some(-1), ..PLAIN };
        assert_eq!(gradient_of_picks(&padded), [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        let scaled = Options { scale_grad_by_freq: true, ..PLAIN };
        assert_eq!(gradient_of_picks(&scaled), [1.0, 1.0, 0.0, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn picked_rows_are_shortened_in_place() {
        let weight = Tensor::from_vec(vec![3.0f64, 4.0, 6.0, 8.0], &[2, 2]).unwrap();
        let input = Tensor::from_vec(vec![0i64], &[1]).unwrap();
        embedding(&input, &weight, &Options { max_norm: Some(1.0), ..PLAIN }).unwrap();
        let rows = weight.to_vec::<f64>().unwrap();
        assert!((rows[0] - 0.6).abs() < 1e-6 && rows[2] == 6.0);
    }

    #[test]
    fn bags_begin_at_offsets_and_may_be_empty() {
        let input = Tensor::from_vec(vec![0i64, 1, 1, 0, 1], &[5]).unwrap();
        let offsets = Tensor::from_vec(vec![0i64, 2, 2], &[3]).unwrap();
        let bags = bags(&input, Some(&offsets), false).unwrap();
        assert_eq!((bags.of_index.as_slice(), bags.count), (&[0, 0, 2, 2, 2][..], 3));
    }
}
