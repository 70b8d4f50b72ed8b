//! Random sequences of views, changes in place and reads against a model that knows nothing of strides: a tensor is a
//! list of cells, one for each index, and a view lists cells of another tensor. A cell holds its value as a linear
//! function of the leaf that everything started from, so that the model also knows every gradient.

use lyceum_engine::autograd::{self, GradOptions};
use lyceum_engine::ops::indexing::{Index, index, index_assign};
use lyceum_engine::ops::view::dims::{movedim, squeeze};
use lyceum_engine::ops::view::parts::{diagonal, python_slice, unfold};
use lyceum_engine::ops::{self, Operand, Value, reduce, view};
use lyceum_engine::{Result, Scalar, Tensor};
use proptest::prelude::*;

const LEAVES: usize = 12;

/// `cell = constant + Σ coefficient[i] leaf[i]`
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    constant: f64,
    coefficients: [f64; LEAVES],
}

impl Cell {
    fn constant(constant: f64) -> Cell {
        Cell { constant, coefficients: [0.0; LEAVES] }
    }

    fn map(&self, constant: impl Fn(f64) -> f64, coefficient: impl Fn(f64) -> f64) -> Cell {
        Cell { constant: constant(self.constant), coefficients: self.coefficients.map(coefficient) }
    }

    fn value(&self, leaf: &[f64]) -> f64 {
        self.constant + self.coefficients.iter().zip(leaf).map(|(c, l)| c * l).sum::<f64>()
    }
}

/// A tensor of the model: the cells of its elements in row-major order.
#[derive(Clone, Debug)]
struct Model {
    shape: Vec<usize>,
    cells: Vec<usize>,
}

impl Model {
    /// Makes the view of `shape` whose element at an index is this tensor's at `source(index)`.
    fn view(&self, shape: Vec<usize>, source: impl Fn(&[usize]) -> Vec<usize>) -> Model {
        let cells = indices(&shape).iter().map(|i| self.cells[flat(&self.shape, &source(i))]).collect();
        Model { shape, cells }
    }

    /// Tells whether two indices name one cell.
    fn overlaps(&self) -> bool {
        let mut cells = self.cells.clone();
        cells.sort_unstable();
        cells.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Tells whether some dimension repeats its elements, so that writing is refused.
    fn repeats(&self) -> bool {
        !self.cells.is_empty()
            && (0..self.shape.len()).any(|d| {
                self.shape[d] > 1
                    && indices(&self.shape).iter().all(|i| {
                        let mut first = i.clone();
                        first[d] = 0;
                        self.cells[flat(&self.shape, i)] == self.cells[flat(&self.shape, &first)]
                    })
            })
    }
}

fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for &n in shape {
        all = all.iter().flat_map(|i| (0..n).map(|k| [i.as_slice(), &[k]].concat())).collect();
    }
    all
}

fn flat(shape: &[usize], index: &[usize]) -> usize {
    shape.iter().zip(index).fold(0, |at, (n, i)| at * n + i)
}

/// The tensors alive in a sequence, each with its model, and the memory of the model.
struct World {
    leaf: Tensor,
    memory: Vec<Cell>,
    alive: Vec<(Tensor, Model)>,
}

/// One step: which op, on which tensor, with which numbers. Numbers are taken modulo what fits.
type Step = (u8, u8, u8, u8, u8);

impl World {
    fn new() -> Result<World> {
        let values: Vec<f64> = (0..LEAVES).map(|i| i as f64 * 0.5 - 2.0).collect();
        let leaf = Tensor::from_vec(values, &[LEAVES])?.with_requires_grad(true)?;
        let start = view::view(&leaf.mul_scalar(1.0)?, &[3, 4])?;
        let memory = (0..LEAVES)
            .map(|i| Cell { constant: 0.0, coefficients: std::array::from_fn(|k| f64::from(u8::from(i == k))) })
            .collect();
        let model = Model { shape: vec![3, 4], cells: (0..LEAVES).collect() };
        Ok(World { leaf, memory, alive: vec![(start, model)] })
    }

    /// Makes a tensor of the model with memory of its own.
    fn copy(&mut self, view: &Model) -> Model {
        let start = self.memory.len();
        let values: Vec<Cell> = view.cells.iter().map(|&c| self.memory[c].clone()).collect();
        self.memory.extend(values);
        Model { shape: view.shape.clone(), cells: (start..self.memory.len()).collect() }
    }

    /// Writes cells in order; where a cell is named twice, the last value stays.
    fn write(&mut self, cells: &[usize], values: Vec<Cell>) {
        for (&cell, value) in cells.iter().zip(values) {
            self.memory[cell] = value;
        }
    }

    fn step(&mut self, (op, which, a, b, c): Step) -> Result<()> {
        let (tensor, model) = self.alive[which as usize % self.alive.len()].clone();
        let rank = model.shape.len();
        let pick = |n: u8, below: usize| n as usize % below.max(1);
        let (d, e) = (pick(a, rank), pick(b, rank));
        let shape = &model.shape;
        // What writing to overlapping windows does is not defined; writing to repeated elements is refused.
        if matches!(op % 16, 11 | 15) && model.overlaps() || op % 16 > 11 && model.overlaps() && !model.repeats() {
            return Ok(());
        }
        let made = match op % 16 {
            0 if rank > 0 => {
                let (start, stop, step) = (pick(b, shape[d] + 1), pick(c, shape[d] + 1), 1 + pick(b, 3));
                let length = stop.saturating_sub(start).div_ceil(step);
                let mut sliced = shape.clone();
                sliced[d] = length;
                let expected = model.view(sliced, |i| {
                    let mut source = i.to_vec();
                    source[d] = start + i[d] * step;
                    source
                });
                let bounds = [start, stop, step].map(|n| Some(n as i64));
                Some((python_slice(&tensor, d as i64, bounds[0], bounds[1], bounds[2])?, expected))
            }
            1 if rank > 0 && shape[d] > 0 => {
                let k = pick(b, shape[d]);
                let mut selected = shape.clone();
                selected.remove(d);
                let expected = model.view(selected, |i| [&i[..d], &[k], &i[d..]].concat());
                let negative = if c % 2 == 0 { 0 } else { shape[d] as i64 };
                Some((view::select(&tensor, d as i64, k as i64 - negative)?, expected))
            }
            2 if rank > 0 => {
                let mut swapped = shape.clone();
                swapped.swap(d, e);
                let expected = model.view(swapped, |i| {
                    let mut source = i.to_vec();
                    source.swap(d, e);
                    source
                });
                Some((view::transpose(&tensor, d as i64, e as i64)?, expected))
            }
            3 if rank > 0 => {
                let mut order: Vec<usize> = (0..rank).filter(|&k| k != d).collect();
                order.insert(e, d);
                let moved = order.iter().map(|&k| shape[k]).collect();
                let expected = model.view(moved, |i| {
                    let mut source = vec![0; rank];
                    order.iter().zip(i).for_each(|(&k, &n)| source[k] = n);
                    source
                });
                Some((movedim(&tensor, &[d as i64], &[e as i64])?, expected))
            }
            4 if rank < 4 => {
                let at = pick(a, rank + 1);
                let mut longer = shape.clone();
                longer.insert(at, 1);
                let expected = model.view(longer, |i| [&i[..at], &i[at + 1..]].concat());
                Some((view::unsqueeze(&tensor, at as i64)?, expected))
            }
            5 => {
                let kept: Vec<usize> = (0..rank).filter(|&k| shape[k] != 1).collect();
                let expected = model.view(kept.iter().map(|&k| shape[k]).collect(), |i| {
                    let mut source = vec![0; rank];
                    kept.iter().zip(i).for_each(|(&k, &n)| source[k] = n);
                    source
                });
                Some((squeeze(&tensor)?, expected))
            }
            6 if rank > 0 && shape[d] == 1 => {
                let mut expanded = shape.clone();
                expanded[d] = pick(b, 4);
                let sizes: Vec<i64> = expanded.iter().map(|&n| n as i64).collect();
                let expected = model.view(expanded, |i| {
                    let mut source = i.to_vec();
                    source[d] = 0;
                    source
                });
                Some((view::expand(&tensor, &sizes)?, expected))
            }
            7 => {
                let reshaped = Model { shape: vec![model.cells.len()], cells: model.cells.clone() };
                match view::view(&tensor, &[-1]) {
                    Ok(t) => Some((t, reshaped)),
                    // No view is possible: reshape() copies.
                    Err(_) => Some((view::reshape(&tensor, &[-1])?, self.copy(&reshaped))),
                }
            }
            8 if rank >= 2 && d != e => {
                let offset = pick(c, 5) as i64 - 2;
                let (down, right) = (offset.min(0).unsigned_abs() as usize, offset.max(0) as usize);
                let length = shape[d].saturating_sub(down).min(shape[e].saturating_sub(right));
                let mut kept: Vec<usize> = (0..rank).filter(|&k| k != d && k != e).map(|k| shape[k]).collect();
                kept.push(length);
                let expected = model.view(kept, |i| {
                    let mut rest = i[..i.len() - 1].iter();
                    let last = i[i.len() - 1];
                    let source = |k: usize, rest: &mut std::slice::Iter<usize>| match k {
                        k if k == d => last + down,
                        k if k == e => last + right,
                        _ => rest.next().copied().unwrap_or(0),
                    };
                    (0..rank).map(|k| source(k, &mut rest)).collect()
                });
                Some((diagonal(&tensor, offset, d as i64, e as i64)?, expected))
            }
            9 if rank > 0 && rank < 4 && shape[d] > 0 => {
                let (size, step) = (1 + pick(b, shape[d]), 1 + pick(c, 3));
                let mut windows = shape.clone();
                windows[d] = (shape[d] - size) / step + 1;
                windows.push(size);
                let expected = model.view(windows, |i| {
                    let mut source = i[..rank].to_vec();
                    source[d] = i[d] * step + i[rank];
                    source
                });
                Some((unfold(&tensor, d as i64, size as i64, step as i64)?, expected))
            }
            10 if rank > 0 && shape[d] > 0 => {
                let at = [pick(b, shape[d]), pick(c, shape[d])];
                let mut chosen = shape.clone();
                chosen[d] = 2;
                let expected = model.view(chosen, |i| {
                    let mut source = i.to_vec();
                    source[d] = at[i[d]];
                    source
                });
                let positions = Tensor::from_vec(at.iter().map(|&n| n as i64).collect(), &[2])?;
                Some((index(&tensor, &along(d, Index::Tensor(positions)))?, self.copy(&expected)))
            }
            11 => {
                let picked = |i: usize| (i * (1 + a as usize) + b as usize).is_multiple_of(3);
                let mask: Vec<bool> = (0..model.cells.len()).map(picked).collect();
                let cells: Vec<usize> = model.cells.iter().zip(&mask).filter(|(_, m)| **m).map(|(&c, _)| c).collect();
                let mask = Tensor::from_vec(mask, shape)?;
                if c % 2 == 0 {
                    let expected = Model { shape: vec![cells.len()], cells };
                    Some((index(&tensor, &[Index::Tensor(mask)])?, self.copy(&expected)))
                } else {
                    let number = f64::from(b) - 100.0;
                    index_assign(&tensor, &[Index::Tensor(mask)], &Operand::Scalar(Scalar::Float(number)))?;
                    self.write(&cells.clone(), vec![Cell::constant(number); cells.len()]);
                    None
                }
            }
            12 => {
                let number = f64::from(a) - 100.0;
                let done = index_assign(&tensor, &[Index::Ellipsis], &Operand::Scalar(Scalar::Float(number)));
                self.check_written(&model, done.is_ok());
                if done.is_ok() {
                    self.write(&model.cells, vec![Cell::constant(number); model.cells.len()]);
                }
                None
            }
            13 => {
                let (name, number) = if a % 2 == 0 { ("add", f64::from(b)) } else { ("mul", f64::from(b % 5) - 2.0) };
                let arguments = [Value::Tensor(tensor.clone()), Value::Float(number)];
                let done = ops::table().in_place[name].call_in_place(&arguments, &[]);
                self.check_written(&model, done.is_ok());
                if done.is_ok() {
                    let change = |cell: &Cell| match name {
                        "add" => cell.map(|v| v + number, |c| c),
                        _ => cell.map(|v| v * number, |c| c * number),
                    };
                    let values = model.cells.iter().map(|&cell| change(&self.memory[cell])).collect();
                    self.write(&model.cells, values);
                }
                None
            }
            14 => {
                // tensor[...] = other, if it broadcasts
                let (other, source) = self.alive[b as usize % self.alive.len()].clone();
                let lead = rank.saturating_sub(source.shape.len());
                let fits = source.shape.len() <= rank
                    && source.shape.iter().zip(&shape[lead..]).all(|(&s, &n)| s == 1 || s == n);
                if fits {
                    let done = index_assign(&tensor, &[Index::Ellipsis], &Operand::Tensor(other));
                    self.check_written(&model, done.is_ok());
                    if done.is_ok() {
                        let values = source.view(shape.clone(), |i| {
                            i[lead..].iter().zip(&source.shape).map(|(&k, &s)| if s == 1 { 0 } else { k }).collect()
                        });
                        let values = values.cells.iter().map(|&cell| self.memory[cell].clone()).collect();
                        self.write(&model.cells, values);
                    }
                }
                None
            }
            15 if rank > 0 && shape[d] > 0 => {
                // tensor[:, [i, j]] = number
                let at = [pick(b, shape[d]), pick(c, shape[d])];
                let number = f64::from(c);
                let positions = Tensor::from_vec(at.iter().map(|&n| n as i64).collect(), &[2])?;
                let target = &along(d, Index::Tensor(positions));
                let done = index_assign(&tensor, target, &Operand::Scalar(Scalar::Float(number)));
                if done.is_ok() {
                    let chosen = indices(shape).into_iter().filter(|i| at.contains(&i[d]));
                    let cells: Vec<usize> = chosen.map(|i| model.cells[flat(shape, &i)]).collect();
                    self.write(&cells, vec![Cell::constant(number); cells.len()]);
                }
                None
            }
            _ => None,
        };
        if let Some(made) = made {
            if self.alive.len() < 8 {
                self.alive.push(made);
            } else {
                let at = 1 + c as usize % 7;
                self.alive[at] = made;
            }
        }
        Ok(())
    }

    /// A write goes through unless the tensor repeats its elements.
    fn check_written(&self, model: &Model, done: bool) {
        assert_eq!(done, !model.repeats(), "writing to {model:?}");
    }

    fn check_values(&self) -> Result<()> {
        let leaf = self.leaf.to_vec::<f64>()?;
        for (tensor, model) in &self.alive {
            assert_eq!(tensor.shape(), model.shape);
            let expected: Vec<f64> = model.cells.iter().map(|&cell| self.memory[cell].value(&leaf)).collect();
            assert_eq!(tensor.to_vec::<f64>()?, expected, "values of {model:?}");
        }
        Ok(())
    }

    /// Compares the gradient of a weighted sum of everything alive.
    fn check_gradient(&self) -> Result<()> {
        let mut loss: Option<Tensor> = None;
        let mut expected = [0.0; LEAVES];
        for (k, (tensor, model)) in self.alive.iter().enumerate() {
            let weights: Vec<f64> = (0..model.cells.len()).map(|i| ((i + k) % 5) as f64 - 1.5).collect();
            for (&cell, weight) in model.cells.iter().zip(&weights) {
                for (e, c) in expected.iter_mut().zip(&self.memory[cell].coefficients) {
                    *e += weight * c;
                }
            }
            let term = reduce::sum(&tensor.mul(&Tensor::from_vec(weights, &model.shape)?)?, &[], false, None)?;
            loss = Some(match loss {
                Some(loss) => loss.add(&term)?,
                None => term,
            });
        }
        let Some(loss) = loss.filter(Tensor::requires_grad) else {
            assert_eq!(expected, [0.0; LEAVES]);
            return Ok(());
        };
        let options = GradOptions { allow_unused: true, ..GradOptions::default() };
        let grads = autograd::grad(&[loss], std::slice::from_ref(&self.leaf), &[], options)?;
        let got = match &grads[0] {
            Some(grad) => grad.to_vec::<f64>()?,
            None => vec![0.0; LEAVES],
        };
        let scale = 1.0 + expected.iter().fold(0.0f64, |m, e| m.max(e.abs()));
        assert!(got.iter().zip(&expected).all(|(g, e)| (g - e).abs() <= 1e-9 * scale), "{got:?} but {expected:?}");
        Ok(())
    }
}

/// An index of dimension `d` only: `[:, :, index]`.
fn along(d: usize, at: Index) -> Vec<Index> {
    let mut indices = vec![Index::Slice { start: None, stop: None, step: None }; d];
    indices.push(at);
    indices
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn views_and_changes_in_place_agree_with_a_model(steps in prop::collection::vec(any::<Step>(), 1..30)) {
        let mut world = World::new().unwrap();
        for step in steps {
            world.step(step).unwrap();
            world.check_values().unwrap();
        }
        world.check_gradient().unwrap();
    }
}
