//! The loss of connectionist temporal classification. `kernels::ctc` has the formulas.

use super::{CONVENTION, OpDef, PRIVATE, op, value};
use crate::autograd::{Grads, Saved, grad_enabled, record};
use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::kernels::ctc::Sequence;
use crate::kernels::parallel::collect;
use crate::ops::value::Args;
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[op(
    "_ctc_loss(Tensor log_probs, Tensor targets, int[] input_lengths, int[] target_lengths, int blank=0, bool zero_infinity=False)",
    PRIVATE | CONVENTION,
    "The negative log likelihood of each label sequence of a batch, summed over its alignments. log_probs is (T, N, \
     C); targets is (N, S), or all sequences one after the other.",
    |a| value(ctc_loss(a)),
    &["[4,2,3], i3[2,2], (4,3), (2,1)", "[4,2,3], i3[3], (4,3), (2,1), 1, True"],
)];

/// The sequences of a batch: lengths and labels.
struct Batch {
    lengths: Vec<usize>,
    labels: Vec<Vec<usize>>,
    blank: usize,
    /// Steps, sequences, classes.
    shape: [usize; 3],
}

impl Batch {
    fn read(a: &Args) -> Result<Batch> {
        let (y, targets) = (a.tensor(0), a.tensor(1));
        let &[steps, batch, classes] = y.shape() else {
            bail!("ctc_loss: log_probs must have the dimensions time, batch and class");
        };
        if !matches!(targets.dtype(), DType::I64 | DType::I32) {
            bail!("ctc_loss: targets must be of integers, got {}", targets.dtype().torch_name());
        }
        let blank = usize::try_from(a.int(4)).ok().filter(|&blank| blank < classes);
        let Some(blank) = blank else { bail!("blank must be in label range") };
        let lengths = |i: usize, name: &str, most: usize| -> Result<Vec<usize>> {
            let lengths = a.ints(i);
            if lengths.len() != batch {
                bail!("{name} must be of size batch_size");
            }
            let mut sizes = Vec::with_capacity(batch);
            for &length in &lengths {
                match usize::try_from(length) {
                    Ok(length) if length <= most => sizes.push(length),
                    Ok(_) => bail!(
                        "Expected {name} to have value at most {most}, but got value {length} (while checking arguments for ctc_loss_cpu)"
                    ),
                    Err(_) => bail!(
                        "Expected {name} to have value at least 0, but got value {length} (while checking arguments for ctc_loss_cpu)"
                    ),
                }
            }
            Ok(sizes)
        };
        let (most, row) = match targets.shape() {
            [all] => (*all, None),
            [rows, columns] if *rows == batch => (*columns, Some(*columns)),
            _ => bail!("ctc_loss: targets must be (N, S) or one-dimensional"),
        };
        let input_lengths = lengths(2, "input_lengths", steps)?;
        let target_lengths = lengths(3, "target_lengths", most)?;
        if row.is_none() && target_lengths.iter().sum::<usize>() > most {
            bail!("ctc_loss: target_lengths add up to more than the {most} targets");
        }
        let values = targets.cast_data(DType::I64)?.to_vec::<i64>()?;
        let mut labels = Vec::with_capacity(batch);
        let mut next = 0;
        for (n, &length) in target_lengths.iter().enumerate() {
            let start = row.map_or(next, |columns| n * columns);
            next += length;
            let class = |&label: &i64| usize::try_from(label).ok().filter(|&class| class < classes);
            let Some(classes) = values[start..][..length].iter().map(class).collect::<Option<Vec<usize>>>() else {
                bail!("ctc_loss: a target is not one of the {classes} classes");
            };
            labels.push(classes);
        }
        Ok(Batch { lengths: input_lengths, labels, blank, shape: [steps, batch, classes] })
    }

    fn sequence<'a, R: Real>(&'a self, log_probabilities: &'a [R], n: usize) -> Sequence<'a, R> {
        let [_, batch, classes] = self.shape;
        Sequence {
            log_probabilities,
            start: n * classes,
            stride: batch * classes,
            steps: self.lengths[n],
            classes,
            labels: &self.labels[n],
            blank: self.blank,
        }
    }

    fn work(&self) -> usize {
        self.lengths.iter().zip(&self.labels).map(|(&steps, labels)| steps * (16 * labels.len() + self.shape[2])).sum()
    }

    /// Elements of what is kept for the way back.
    fn kept(&self) -> usize {
        self.lengths.iter().zip(&self.labels).map(|(&steps, labels)| steps * (2 * labels.len() + 1)).sum()
    }
}

fn ctc_loss(a: &Args) -> Result<Tensor> {
    let y = a.tensor(0);
    let (batch, zero_infinity) = (Batch::read(a)?, a.bool(5));
    crate::for_float!(y.dtype(), T => run::<T>(y, batch, zero_infinity),
        _ => Err(Error::DTypeNotSupported { op: "ctc_loss_cpu", dtype: y.dtype() }))
}

fn run<T: Element + Real>(y: &Tensor, batch: Batch, zero_infinity: bool) -> Result<Tensor> {
    drop(allocate::<T>(&[batch.kept()])?);
    let data = y.dense::<T>()?;
    let ways = collect(batch.labels.len(), batch.work(), |n| batch.sequence(&data[..], n).forward());
    let shown = |&(loss, _): &(T, Vec<T>)| if zero_infinity && loss == T::INFINITY { T::ZERO } else { loss };
    let out = Tensor::from_vec(ways.iter().map(shown).collect(), &[ways.len()])?;
    Ok(record(out, "CtcLossBackward0", [y], || {
        let y = Saved::input(y);
        move |cx| -> Result<Grads> {
            if grad_enabled() {
                bail!(NotImplemented: "derivative for aten::_ctc_loss_backward is not implemented");
            }
            let (y, factors) = (y.get(cx)?, cx.grad()?.to_vec::<T>()?);
            let data = y.dense::<T>()?;
            let slopes = collect(ways.len(), batch.work(), |n| {
                let (loss, alpha) = &ways[n];
                let is_nothing = zero_infinity && *loss == T::INFINITY;
                if is_nothing { Vec::new() } else { batch.sequence(&data[..], n).backward(*loss, alpha, factors[n]) }
            });
            let [_, sequences, classes] = batch.shape;
            let mut grad = filled::<T>(y.shape(), T::ZERO)?;
            for (n, slopes) in slopes.iter().enumerate() {
                for (step, row) in slopes.chunks_exact(classes).enumerate() {
                    grad[(step * sequences + n) * classes..][..classes].copy_from_slice(row);
                }
            }
            grads![Some(Tensor::from_vec(grad, y.shape())?)]
        }
    }))
}
