//! Einstein's sums: `einsum("ij,jk->ik", a, b)` multiplies elements whose letters agree and sums over the letters that
//! the output does not name.
//!
//! The operands are taken in one by one. A letter that neither the output nor a later operand needs is summed over as
//! soon as the last operand with it is in: by a matrix product where both sides have it, by a plain sum otherwise.

use smallvec::SmallVec;

use super::{OpDef, TORCH, op, value};
use crate::bail;
use crate::error::Result;
use crate::ops::matmul::matmul;
use crate::ops::{reduce, view};
use crate::shape::{Shape, Strides, checked_numel};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[op(
    "einsum(str equation, Tensor[] operands=())",
    TORCH,
    "Multiplies and sums by index letters: einsum('ij,jk->ik', a, b) is the matrix product. Letters that repeat within an \
     operand take its diagonal; those not named in the output are summed over; without '->' the output has the letters \
     that occur once, in alphabetical order; '...' stands for dimensions that broadcast.",
    |a| value(einsum(a.str(0), &a.tensors(1))),
    &[
        "'ij,jk->ik', ([2,3],[3,4])",
        "'ij,jk', ([2,3],[3,4])",
        "'ji', ([2,3],)",
        "'ii->i', ([3,3],)",
        "'ii', ([3,3],)",
        "'ij->', ([2,3],)",
        "'i,j->ij', ([2],[3])",
        "'ij,ij->ij', ([2,3],[2,3])",
        "'ij,ij->', ([2,3],[2,3])",
        "'bij,bjk->bik', ([2,3,4],[2,4,2])",
        "'...ij,...jk->...ik', ([2,3,4],[4,2])",
        "'...i->...', ([2,3,2],)",
        "'ij,jk,kl->il', ([2,3],[3,2],[2,4])",
        "'bhid,bhjd->bhij', ([2,1,3,2],[2,1,2,2])",
        "'i j , j -> i', ([2,3],[3])",
        "'bn,anm,bm->ba', ([2,3],[4,3,2],[2,2])",
        "'ij,kj->ik', ([1,3],[2,3])",
        "'...,...', ([2,1],[3])",
        "'ij,j->i', ([0,3],[3])",
        "'iij,jk->ki', ([2,2,3],[3,2])",
        "',i->i', ([],[3])",
        "'...ij->ij', ([2,2,3],)",
    ],
)];

/// The letters of an operand, one a dimension. Dimensions of an ellipsis are numbered from [`FIRST_OF_ELLIPSIS`].
type Labels = SmallVec<[u8; 6]>;

const LETTERS: usize = 52;
/// The label of the last dimension of an ellipsis; the ones before it count up.
const FIRST_OF_ELLIPSIS: usize = LETTERS;
const LABELS: usize = LETTERS + crate::shape::MAX_RANK;

/// What one operand's part of the equation says.
struct Term {
    before: Labels,
    after: Labels,
    has_ellipsis: bool,
}

impl Term {
    /// Returns the labels when the ellipsis stands for `dims` dimensions.
    fn expanded(&self, dims: usize) -> Labels {
        let ellipsis = (0..if self.has_ellipsis { dims } else { 0 }).rev().map(|i| (FIRST_OF_ELLIPSIS + i) as u8);
        self.before.iter().copied().chain(ellipsis).chain(self.after.iter().copied()).collect()
    }
}

/// Reads one term: letters, blanks, and one ellipsis. `place` says in a message whose it is, `start` where it begins
/// in the equation.
fn parse_term(text: &str, start: usize, place: &str) -> Result<Term> {
    let mut term = Term { before: Labels::new(), after: Labels::new(), has_ellipsis: false };
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b' ' => {}
            b'.' => {
                if term.has_ellipsis {
                    bail!("einsum(): found '.' for {place} for which an ellipsis was already found");
                }
                if bytes.get(i..i + 3) != Some(b"...") {
                    bail!("einsum(): found '.' for {place} that is not part of any ellipsis");
                }
                term.has_ellipsis = true;
                i += 2;
            }
            c if c.is_ascii_alphabetic() => {
                let label = if c.is_ascii_uppercase() { c - b'A' } else { c - b'a' + 26 };
                if term.has_ellipsis { term.after.push(label) } else { term.before.push(label) }
            }
            _ => bail!(
                "einsum(): invalid subscript given at index {} in the equation string, subscripts must be in [a-zA-Z]",
                start + i
            ),
        }
        i += 1;
    }
    Ok(term)
}

fn name_of(label: u8) -> String {
    match usize::from(label) {
        l if l >= FIRST_OF_ELLIPSIS => format!("dimension {} of the ellipsis", l - FIRST_OF_ELLIPSIS),
        l if l >= 26 => char::from(b'a' + label - 26).to_string(),
        _ => char::from(b'A' + label).to_string(),
    }
}

/// Computes a sum of products in Einstein's notation.
pub fn einsum(equation: &str, operands: &[Tensor]) -> Result<Tensor> {
    if operands.is_empty() {
        bail!(Value:
            "einsum(): must specify the equation string and at least one operand, or at least one operand and its \
             subscripts list"
        );
    }
    let (left, right) = match equation.split_once("->") {
        Some((left, right)) => (left, Some(right)),
        None => (equation, None),
    };
    let mut terms = Vec::new();
    let mut start = 0;
    for (i, text) in left.split(',').enumerate() {
        terms.push(parse_term(text, start, &format!("operand {i}"))?);
        start += text.len() + 1;
    }
    if terms.len() > operands.len() {
        bail!("einsum(): fewer operands were provided than specified in the equation");
    }
    if terms.len() < operands.len() {
        bail!("einsum(): more operands were provided than specified in the equation");
    }
    let mut ellipsis_dims = 0;
    for (i, (term, operand)) in terms.iter().zip(operands).enumerate() {
        let (named, rank) = (term.before.len() + term.after.len(), operand.rank());
        if named > rank || (named < rank && !term.has_ellipsis) {
            bail!(
                "einsum(): the number of subscripts in the equation ({named}) {} the number of dimensions ({rank}) for \
                 operand {i}{}",
                if named > rank && term.has_ellipsis { "is more than" } else { "does not match" },
                if term.has_ellipsis { "" } else { " and no ellipsis was given" }
            );
        }
        ellipsis_dims = ellipsis_dims.max(rank - named);
    }
    let mut sizes = [1usize; LABELS];
    let mut labelled = Vec::with_capacity(operands.len());
    for (i, (term, operand)) in terms.iter().zip(operands).enumerate() {
        if operand.dtype() != operands[0].dtype() {
            bail!(
                "expected scalar type {} but found {}",
                operands[0].dtype().torch_name(),
                operand.dtype().torch_name()
            );
        }
        let labels = term.expanded(operand.rank() - term.before.len() - term.after.len());
        let (labels, t) = diagonals(labels, operand, i)?;
        for (&label, &size) in labels.iter().zip(t.shape()) {
            let seen = &mut sizes[usize::from(label)];
            if *seen != size && *seen != 1 && size != 1 {
                bail!(
                    "einsum(): subscript {} has size {size} for operand {i} which does not broadcast with previously \
                     seen size {seen}",
                    name_of(label)
                );
            }
            if *seen == 1 {
                *seen = size;
            }
        }
        labelled.push((labels, t));
    }
    let output = match right {
        Some(text) => output_labels(text, left.len() + 2, ellipsis_dims, &labelled)?,
        None => implied_output(&terms, ellipsis_dims),
    };
    contract(labelled, &output)
}

/// The labels of an output that the equation names.
fn output_labels(text: &str, start: usize, ellipsis_dims: usize, operands: &[(Labels, Tensor)]) -> Result<Labels> {
    let output = parse_term(text, start, "the output")?.expanded(ellipsis_dims);
    for (i, &label) in output.iter().enumerate() {
        if output[..i].contains(&label) {
            bail!("einsum(): output subscript {} appears more than once in the output", name_of(label));
        }
        let is_letter = usize::from(label) < LETTERS;
        if is_letter && !operands.iter().any(|(labels, _)| labels.contains(&label)) {
            bail!(
                "einsum(): output subscript {} does not appear in the equation for any input operand",
                name_of(label)
            );
        }
    }
    Ok(output)
}

/// The labels of an output that the equation leaves out: the ellipsis, then the letters that occur once, in order.
fn implied_output(terms: &[Term], ellipsis_dims: usize) -> Labels {
    let mut counts = [0usize; LETTERS];
    for &label in terms.iter().flat_map(|term| term.before.iter().chain(&term.after)) {
        counts[usize::from(label)] += 1;
    }
    let ellipsis = (0..ellipsis_dims).rev().map(|i| (FIRST_OF_ELLIPSIS + i) as u8);
    ellipsis.chain((0..LETTERS).filter(|&label| counts[label] == 1).map(|label| label as u8)).collect()
}

/// Takes the diagonal over every label that occurs more than once.
fn diagonals(labels: Labels, operand: &Tensor, i: usize) -> Result<(Labels, Tensor)> {
    let (mut kept, mut shape, mut strides) = (Labels::new(), Shape::new(), Strides::new());
    for (d, &label) in labels.iter().enumerate() {
        let size = operand.shape()[d];
        match kept.iter().position(|&seen| seen == label) {
            Some(at) if shape[at] != size => bail!(
                "einsum(): subscript {} is repeated for operand {i} but the sizes don't match, {size} != {}",
                name_of(label),
                shape[at]
            ),
            Some(at) => strides[at] += operand.strides()[d],
            None => {
                kept.push(label);
                shape.push(size);
                strides.push(operand.strides()[d]);
            }
        }
    }
    if kept.len() == labels.len() {
        return Ok((labels, operand.clone()));
    }
    let t = view::as_strided(operand, &shape, &strides, operand.storage_offset())?;
    Ok((kept, t))
}

/// Multiplies the operands in order, and puts the dimensions of the result in the output's order.
fn contract(operands: Vec<(Labels, Tensor)>, output: &[u8]) -> Result<Tensor> {
    let needed_after: Vec<Labels> = (0..operands.len())
        .map(|i| output.iter().chain(operands[i + 1..].iter().flat_map(|(labels, _)| labels)).copied().collect())
        .collect();
    let mut operands = operands.into_iter().enumerate();
    let Some((_, (labels, t))) = operands.next() else { bail!("einsum(): no operands") };
    let (mut labels, mut t) = summed_over(labels, t, |label| needed_after[0].contains(&label))?;
    for (i, (other_labels, other)) in operands {
        let needed = |label: u8| needed_after[i].contains(&label);
        (labels, t) = multiplied((labels, t), (other_labels, other), needed)?;
    }
    // A label of the output that no operand has is an ellipsis' dimension of size 1.
    for &label in output {
        if !labels.contains(&label) {
            t = view::unsqueeze(&t, 0)?;
            labels.insert(0, label);
        }
    }
    arranged(&t, &labels, output)
}

/// Sums over the labels that are not wanted.
fn summed_over(labels: Labels, t: Tensor, wanted: impl Fn(u8) -> bool) -> Result<(Labels, Tensor)> {
    let dims: Vec<i64> = (0..labels.len()).filter(|&d| !wanted(labels[d])).map(|d| d as i64).collect();
    if dims.is_empty() {
        return Ok((labels, t));
    }
    let dtype = t.dtype();
    let t = reduce::sum(&t, &dims, false, Some(dtype))?;
    Ok((labels.into_iter().filter(|&label| wanted(label)).collect(), t))
}

/// Puts dimensions in another order, by their labels.
fn arranged(t: &Tensor, labels: &[u8], order: &[u8]) -> Result<Tensor> {
    if labels == order {
        return Ok(t.clone());
    }
    let dims: Vec<i64> =
        order.iter().filter_map(|label| labels.iter().position(|own| own == label)).map(|d| d as i64).collect();
    view::permute(t, &dims)
}

/// Multiplies two operands and sums over the labels that are not needed any more.
fn multiplied(
    (a_labels, a): (Labels, Tensor),
    (b_labels, b): (Labels, Tensor),
    needed: impl Fn(u8) -> bool,
) -> Result<(Labels, Tensor)> {
    let size =
        |labels: &[u8], t: &Tensor, label: u8| labels.iter().position(|&own| own == label).map_or(1, |d| t.shape()[d]);
    // A label on one side alone, or of size 1 on the other side, is summed over before the product.
    let (a_keep, b_keep) = (a_labels.clone(), b_labels.clone());
    let b_sizes: Labels = b_keep.iter().copied().filter(|&l| size(&b_labels, &b, l) != 1).collect();
    let a_sizes: Labels = a_keep.iter().copied().filter(|&l| size(&a_labels, &a, l) != 1).collect();
    let (a_labels, a) = summed_over(a_labels, a, |l| needed(l) || b_sizes.contains(&l))?;
    let (b_labels, b) = summed_over(b_labels, b, |l| needed(l) || (a_sizes.contains(&l) && a_labels.contains(&l)))?;
    // What is left on one side with size 1 and is not needed has no counterpart any more.
    let (a_labels, a) = summed_over(a_labels, a, |l| needed(l) || b_labels.contains(&l))?;
    let (mut shared, mut summed, mut a_free) = (Labels::new(), Labels::new(), Labels::new());
    for &label in &a_labels {
        match (b_labels.contains(&label), needed(label)) {
            (true, true) => shared.push(label),
            (true, false) => summed.push(label),
            (false, _) => a_free.push(label),
        }
    }
    let b_free: Labels = b_labels.iter().copied().filter(|label| !a_labels.contains(label)).collect();
    let concat = |parts: [&Labels; 3]| -> Labels { parts.into_iter().flatten().copied().collect() };
    let out_labels = concat([&shared, &a_free, &b_free]);
    let sizes = |t: &Tensor, labels: &[u8], of: &Labels| -> Shape { of.iter().map(|&l| size(labels, t, l)).collect() };
    let (a_shared, b_shared) = (sizes(&a, &a_labels, &shared), sizes(&b, &b_labels, &shared));
    let (a_rows, b_columns) = (sizes(&a, &a_labels, &a_free), sizes(&b, &b_labels, &b_free));
    let inner = checked_numel(&sizes(&a, &a_labels, &summed))?;
    let shape_of = |shared: &Shape, tail: [usize; 2]| -> Shape { shared.iter().copied().chain(tail).collect() };
    let left = arranged(&a, &a_labels, &concat([&shared, &a_free, &summed]))?;
    let right = arranged(&b, &b_labels, &concat([&shared, &summed, &b_free]))?;
    if summed.is_empty() && a_free.is_empty() && b_free.is_empty() {
        return Ok((out_labels, left.mul(&right)?));
    }
    let left = left.reshape_to(&shape_of(&a_shared, [checked_numel(&a_rows)?, inner]))?;
    let right = right.reshape_to(&shape_of(&b_shared, [inner, checked_numel(&b_columns)?]))?;
    let product = matmul(&left, &right)?;
    let out_shape: Shape = product.shape()[..shared.len()].iter().chain(&a_rows).chain(&b_columns).copied().collect();
    Ok((out_labels, product.reshape_to(&out_shape)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::numel;

    fn numbers(shape: &[usize]) -> Tensor {
        Tensor::from_vec((0..numel(shape)).map(|v| v as i64).collect(), shape).unwrap()
    }

    #[test]
    fn sums_agree_with_loops() {
        let (a, b) = (numbers(&[2, 3]), numbers(&[3, 2]));
        let values = |equation: &str, operands: &[Tensor]| einsum(equation, operands).unwrap().to_vec::<i64>().unwrap();
        assert_eq!(values("ij,jk", &[a.clone(), b.clone()]), [10, 13, 28, 40]);
        assert_eq!(values("ij,ji->", &[a.clone(), b]), [50]);
        assert_eq!(values("ii", &[numbers(&[3, 3])]), [12]);
        assert_eq!(values("ba", std::slice::from_ref(&a)), [0, 3, 1, 4, 2, 5]);
        assert_eq!(values("ij,ij->j", &[a, numbers(&[1, 3])]), [0, 5, 14]);
    }

    #[test]
    fn malformed_equations_are_errors() {
        let a = numbers(&[2, 3]);
        for equation in ["i", "ijk", "ij->k", "ij->ii", "ii", "i.j", "ij->i1", "ij,jk", "......", "ij->i->j", "éa"] {
            assert!(einsum(equation, std::slice::from_ref(&a)).is_err(), "{equation}");
        }
    }
}
