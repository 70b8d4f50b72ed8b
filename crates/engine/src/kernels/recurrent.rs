//! Recurrent layers over packed sequences: one layer, one direction.
//!
//! With the input's part of the gates computed in one product for all steps, a step is `h W_hhᵀ`, then element by
//! element (σ the logistic function, ∘ the product of elements):
//! - plain: `h' = tanh(x + h)`, or relu;
//! - LSTM: `i, f, o = σ(·)`, `g = tanh(·)`, `c' = f∘c + i∘g`, `h' = o∘tanh c'`, which a projection may shorten;
//! - GRU: `r, z = σ(x + h)`, `n = tanh(x + r∘(h + b))`, `h' = (1 − z)∘n + z∘h`.
//!
//! Sequences of a batch do not see each other, so the batch is cut into groups that go through their steps side by
//! side. Everything is laid out by group, then by step, then by sequence ([`Plan`]), so a group is one block.
//! Backwards, a group gives the gradients of its gates; those of weights and inputs are large products of these.

use super::Real;
use super::elementary::{sigmoid_of, tanh_of};
use super::matmul::{Matrix, product};
use super::parallel::{for_each_task, vectorise};

/// The greatest number of sequences in a group.
const GROUP: usize = 16;

/// Sequences that go through their steps together.
struct Group {
    /// The first of them in the batch.
    first: usize,
    /// The number of sequences that take part in each step, in the order in which steps are taken.
    steps: Vec<usize>,
}

/// In which order a packed batch is worked through.
pub struct Plan {
    groups: Vec<Group>,
    /// The packed row of each place.
    rows: Vec<usize>,
    /// For each place, the place of the same sequence one step before, or `None` where it starts.
    before: Vec<Option<usize>>,
    /// The sequence of each place.
    sequences: Vec<usize>,
    batch: usize,
}

impl Plan {
    /// Plans a packed batch: `batch_sizes[t]` sequences have a step t, and never more than had one before.
    pub fn new(batch_sizes: &[usize], reverse: bool) -> Plan {
        let batch = batch_sizes.first().copied().unwrap_or(0);
        let starts: Vec<usize> = batch_sizes
            .iter()
            .scan(0, |end, &size| {
                let start = *end;
                *end += size;
                Some(start)
            })
            .collect();
        let total = batch_sizes.iter().sum();
        let mut plan = Plan {
            groups: Vec::with_capacity(batch.div_ceil(GROUP)),
            rows: Vec::with_capacity(total),
            before: Vec::with_capacity(total),
            sequences: Vec::with_capacity(total),
            batch,
        };
        for first in (0..batch).step_by(GROUP) {
            let mut group = Group { first, steps: Vec::with_capacity(batch_sizes.len()) };
            let mut last = vec![None; GROUP];
            for step in 0..batch_sizes.len() {
                let time = if reverse { batch_sizes.len() - 1 - step } else { step };
                let size = batch_sizes[time].saturating_sub(first).min(GROUP);
                for (sequence, last) in last.iter_mut().enumerate().take(size) {
                    plan.before.push(last.replace(plan.rows.len()));
                    plan.rows.push(starts[time] + first + sequence);
                    plan.sequences.push(first + sequence);
                }
                group.steps.push(size);
            }
            plan.groups.push(group);
        }
        plan
    }

    /// The number of places: steps of all sequences.
    pub fn places(&self) -> usize {
        self.rows.len()
    }

    /// The number of sequences.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// Copies packed rows of `width` elements into the order of the plan.
    pub fn gather<R: Real>(&self, packed: &[R], width: usize) -> Vec<R> {
        let mut out = Vec::with_capacity(packed.len());
        self.rows.iter().for_each(|&row| out.extend_from_slice(&packed[row * width..][..width]));
        out
    }

    /// Copies rows in the order of the plan to their packed places.
    pub fn scatter<R: Real>(&self, planned: &[R], width: usize, packed: &mut [R]) {
        for (place, &row) in self.rows.iter().enumerate() {
            packed[row * width..][..width].copy_from_slice(&planned[place * width..][..width]);
        }
    }

    /// The rows that each place found: those of the step before, or the initial ones.
    pub fn found<R: Real>(&self, planned: &[R], initial: &[R], width: usize) -> Vec<R> {
        let mut out = Vec::with_capacity(planned.len());
        for (before, &sequence) in self.before.iter().zip(&self.sequences) {
            out.extend_from_slice(match before {
                Some(place) => &planned[place * width..][..width],
                None => &initial[sequence * width..][..width],
            });
        }
        out
    }

    fn sequences_of(&self, group: &Group) -> usize {
        GROUP.min(self.batch - group.first)
    }

    /// Cuts a buffer of `width` elements a place into one piece for each group.
    fn by_places<'a, R>(&self, mut buffer: &'a mut [R], width: usize) -> Vec<&'a mut [R]> {
        let lengths = self.groups.iter().map(|group| group.steps.iter().sum::<usize>() * width);
        lengths.map(|length| buffer.split_off_mut(..length).unwrap_or_default()).collect()
    }

    /// Cuts a buffer of `width` elements a sequence into one piece for each group.
    fn by_sequences<'a, R>(&self, mut buffer: &'a mut [R], width: usize) -> Vec<&'a mut [R]> {
        let lengths = self.groups.iter().map(|group| self.sequences_of(group) * width);
        lengths.map(|length| buffer.split_off_mut(..length).unwrap_or_default()).collect()
    }
}

/// The rule of a step for one sequence. All slices are of the hidden width, or of so many gates of it.
pub trait Cell: Sync {
    /// The number of gates.
    const GATES: usize;
    /// Rows that a step keeps beside its gates: the LSTM's cell, or the GRU's hidden part of `n`.
    const KEPT: usize;
    /// True when gradients of the gates differ between the input's side and the hidden side.
    const TWO_SIDED: bool;

    /// Takes a step. `gates` holds the input's part and gets the gates as they are applied.
    fn forward<R: Real>(&self, step: Forward<'_, R>);
    /// Goes back a step.
    fn backward<R: Real>(&self, step: Backward<'_, R>);
}

/// What a cell sees of a step forward.
pub struct Forward<'a, R> {
    gates: &'a mut [R],
    /// `h W_hhᵀ`
    hidden: &'a [R],
    /// What is added to the hidden part of the last gate: the GRU's.
    bias: &'a [R],
    kept: &'a mut [R],
    /// The state before.
    h: &'a [R],
    /// The LSTM's cell, which the step changes.
    c: &'a mut [R],
    out: &'a mut [R],
}

/// What a cell sees of a step backwards.
pub struct Backward<'a, R> {
    gates: &'a [R],
    kept: &'a [R],
    /// The state that the step gave, and the one that it found; with them the LSTM's cell that it found.
    out: &'a [R],
    h_before: &'a [R],
    c_before: &'a [R],
    /// The gradient of the state; what goes past the gates stays in it.
    d_h: &'a mut [R],
    /// The gradient of the LSTM's cell, after the step and then before.
    d_c: &'a mut [R],
    d_gates: &'a mut [R],
    /// The gradient on the hidden side, where it differs.
    d_hidden: &'a mut [R],
}

/// A plain recurrent layer.
pub struct Plain {
    /// Takes relu in place of tanh.
    pub relu: bool,
}

impl Cell for Plain {
    const GATES: usize = 1;
    const KEPT: usize = 0;
    const TWO_SIDED: bool = false;

    #[inline(always)]
    fn forward<R: Real>(&self, step: Forward<'_, R>) {
        let sums = step.gates.iter().zip(step.hidden).map(|(&x, &h)| x + h);
        if self.relu {
            step.out.iter_mut().zip(sums).for_each(|(out, x)| *out = if x < R::ZERO { R::ZERO } else { x });
        } else {
            step.out.iter_mut().zip(sums).for_each(|(out, x)| *out = tanh_of(x));
        }
    }

    #[inline(always)]
    fn backward<R: Real>(&self, step: Backward<'_, R>) {
        for ((d, d_h), &y) in step.d_gates.iter_mut().zip(step.d_h).zip(step.out) {
            let slope = if !self.relu {
                R::ONE - y * y
            } else if y > R::ZERO {
                R::ONE
            } else {
                R::ZERO
            };
            *d = *d_h * slope;
            *d_h = R::ZERO;
        }
    }
}

/// Long short-term memory; gates i, f, g, o.
pub struct Lstm;

#[inline(always)]
fn parts<const N: usize, R>(gates: &[R], width: usize) -> [&[R]; N] {
    std::array::from_fn(|i| &gates[i * width..][..width])
}

#[inline(always)]
fn parts_mut<const N: usize, R>(mut gates: &mut [R], width: usize) -> [&mut [R]; N] {
    std::array::from_fn(|_| gates.split_off_mut(..width).unwrap_or_default())
}

impl Cell for Lstm {
    const GATES: usize = 4;
    const KEPT: usize = 1;
    const TWO_SIDED: bool = false;

    #[inline(always)]
    fn forward<R: Real>(&self, step: Forward<'_, R>) {
        let width = step.out.len();
        let [i, f, g, o] = parts_mut(step.gates, width);
        let [hi, hf, hg, ho] = parts(step.hidden, width);
        let (kept, c, out) = (&mut step.kept[..width], &mut step.c[..width], &mut step.out[..width]);
        for j in 0..width {
            i[j] = sigmoid_of(i[j] + hi[j]);
            f[j] = sigmoid_of(f[j] + hf[j]);
            g[j] = tanh_of(g[j] + hg[j]);
            o[j] = sigmoid_of(o[j] + ho[j]);
            c[j] = f[j] * c[j] + i[j] * g[j];
            kept[j] = c[j];
            out[j] = o[j] * tanh_of(c[j]);
        }
    }

    #[inline(always)]
    fn backward<R: Real>(&self, step: Backward<'_, R>) {
        let width = step.d_c.len();
        let [i, f, g, o] = parts(step.gates, width);
        let [di, df, dg, d_o] = parts_mut(step.d_gates, width);
        let (c, before) = (&step.kept[..width], &step.c_before[..width]);
        let (d_h, d_c) = (&mut step.d_h[..width], &mut step.d_c[..width]);
        for j in 0..width {
            let t = tanh_of(c[j]);
            let dc = d_c[j] + d_h[j] * o[j] * (R::ONE - t * t);
            di[j] = dc * g[j] * i[j] * (R::ONE - i[j]);
            df[j] = dc * before[j] * f[j] * (R::ONE - f[j]);
            dg[j] = dc * i[j] * (R::ONE - g[j] * g[j]);
            d_o[j] = d_h[j] * t * o[j] * (R::ONE - o[j]);
            d_c[j] = dc * f[j];
            d_h[j] = R::ZERO;
        }
    }
}

/// Gated recurrent unit; gates r, z, n.
pub struct Gru;

impl Cell for Gru {
    const GATES: usize = 3;
    const KEPT: usize = 1;
    const TWO_SIDED: bool = true;

    #[inline(always)]
    fn forward<R: Real>(&self, step: Forward<'_, R>) {
        let width = step.out.len();
        let [r, z, n] = parts_mut(step.gates, width);
        let [hr, hz, hn] = parts(step.hidden, width);
        let (bias, kept) = (&step.bias[..width], &mut step.kept[..width]);
        let (h, out) = (&step.h[..width], &mut step.out[..width]);
        for j in 0..width {
            r[j] = sigmoid_of(r[j] + hr[j]);
            z[j] = sigmoid_of(z[j] + hz[j]);
            kept[j] = hn[j] + bias[j];
            n[j] = tanh_of(n[j] + r[j] * kept[j]);
            out[j] = (R::ONE - z[j]) * n[j] + z[j] * h[j];
        }
    }

    #[inline(always)]
    fn backward<R: Real>(&self, step: Backward<'_, R>) {
        let width = step.d_h.len();
        let [r, z, n] = parts(step.gates, width);
        let [dr, dz, dn] = parts_mut(step.d_gates, width);
        let [hr, hz, hn] = parts_mut(step.d_hidden, width);
        let (kept, before, d_h) = (&step.kept[..width], &step.h_before[..width], &mut step.d_h[..width]);
        for j in 0..width {
            let d = d_h[j];
            dn[j] = d * (R::ONE - z[j]) * (R::ONE - n[j] * n[j]);
            dz[j] = d * (before[j] - n[j]) * z[j] * (R::ONE - z[j]);
            dr[j] = dn[j] * kept[j] * r[j] * (R::ONE - r[j]);
            hr[j] = dr[j];
            hz[j] = dz[j];
            hn[j] = dn[j] * r[j];
            d_h[j] = d * z[j];
        }
    }
}

/// The weights of a step, all of them rows by columns.
#[derive(Clone, Copy)]
pub struct Weights<'a, R> {
    /// (gates·hidden, state)
    pub hidden: &'a [R],
    /// (state, hidden), for an LSTM whose state is a projection.
    pub projection: Option<&'a [R]>,
    /// The GRU's bias in the hidden part of `n`; zeros for others.
    pub bias: &'a [R],
    /// The width of the gates.
    pub width: usize,
    /// The width of the state: the projection's, or that of the gates.
    pub state: usize,
}

/// What a layer keeps of its way forward, in the order of the plan.
pub struct Kept<R> {
    /// (places, gates·hidden), as they were applied.
    pub gates: Vec<R>,
    /// (places, kept·hidden)
    pub rows: Vec<R>,
    /// (places, hidden): what was projected; empty without a projection.
    pub unprojected: Vec<R>,
    /// (places, state)
    pub out: Vec<R>,
}

/// A group's part of everything that a way through the steps touches.
struct Task<'a, R> {
    steps: &'a [usize],
    /// One buffer for each of the caller's, cut to the group.
    places: [&'a mut [R]; 4],
    states: [&'a mut [R]; 2],
    /// The first place of the group.
    start: usize,
}

/// Cuts buffers of so many elements a place, and of so many a sequence, by groups.
fn tasks<'a, R>(
    plan: &'a Plan,
    places: [(&'a mut [R], usize); 4],
    states: [(&'a mut [R], usize); 2],
) -> Vec<Task<'a, R>> {
    let mut places = places.map(|(buffer, width)| plan.by_places(buffer, width).into_iter());
    let mut states = states.map(|(buffer, width)| plan.by_sequences(buffer, width).into_iter());
    let mut start = 0;
    let group = |group: &'a Group| {
        let task = Task {
            steps: &group.steps,
            places: places.each_mut().map(|pieces| pieces.next().unwrap_or_default()),
            states: states.each_mut().map(|pieces| pieces.next().unwrap_or_default()),
            start,
        };
        start += group.steps.iter().sum::<usize>();
        task
    };
    plan.groups.iter().map(group).collect()
}

/// Takes all steps. `gates` is the input's part of the gates, with all biases but `weights.bias`; `h` and `c` are the
/// states of the batch, the initial ones before and the last ones afterwards. `c` is empty but for an LSTM.
pub fn forward<R: Real, C: Cell>(
    cell: &C,
    plan: &Plan,
    weights: Weights<'_, R>,
    gates: Vec<R>,
    h: &mut [R],
    c: &mut [R],
) -> Kept<R> {
    let Weights { width, state, projection, .. } = weights;
    let places = plan.places();
    let middle = if projection.is_some() { width } else { 0 };
    let mut kept = Kept {
        gates,
        rows: vec![R::ZERO; places * C::KEPT * width],
        unprojected: vec![R::ZERO; places * middle],
        out: vec![R::ZERO; places * state],
    };
    let cell_width = if c.is_empty() { 0 } else { width };
    let buffers = [
        (&mut kept.gates[..], C::GATES * width),
        (&mut kept.rows[..], C::KEPT * width),
        (&mut kept.unprojected[..], middle),
        (&mut kept.out[..], state),
    ];
    let tasks = tasks(plan, buffers, [(h, state), (c, cell_width)]);
    for_each_task(tasks, weights.work(places), |task| forward_group(cell, weights, task));
    kept
}

fn forward_group<R: Real, C: Cell>(cell: &C, weights: Weights<'_, R>, task: Task<'_, R>) {
    let Weights { width, state, projection, .. } = weights;
    let ([mut gates, mut rows, mut middle, mut out], [h, c]) = (task.places, task.states);
    let all = C::GATES * width;
    let mut hidden = vec![R::ZERO; task.steps.iter().copied().max().unwrap_or(0) * all];
    for &n in task.steps {
        product(
            n,
            state,
            all,
            Matrix::rows(h, state),
            Matrix::rows(weights.hidden, state).transposed(),
            &mut hidden,
            all,
            false,
            false,
        );
        let gates = gates.split_off_mut(..n * all).unwrap_or_default();
        let rows = rows.split_off_mut(..n * C::KEPT * width).unwrap_or_default();
        let middle = middle.split_off_mut(..if projection.is_some() { n * width } else { 0 }).unwrap_or_default();
        let out = out.split_off_mut(..n * state).unwrap_or_default();
        let result = if projection.is_some() { &mut *middle } else { &mut *out };
        vectorise(
            #[inline(always)]
            || {
                for index in 0..n {
                    let has_cell = if c.is_empty() { 0 } else { width };
                    cell.forward(Forward {
                        gates: &mut gates[index * all..][..all],
                        hidden: &hidden[index * all..][..all],
                        bias: weights.bias,
                        kept: &mut rows[index * C::KEPT * width..][..C::KEPT * width],
                        h: &h[index * state..][..state],
                        c: &mut c[index * has_cell..][..has_cell],
                        out: &mut result[index * width..][..width],
                    });
                }
            },
        );
        if let Some(projection) = projection {
            let down = Matrix::rows(projection, width).transposed();
            product(n, width, state, Matrix::rows(middle, width), down, out, state, false, false);
        }
        h[..n * state].copy_from_slice(out);
    }
}

/// The gradients of a layer's gates, in the order of the plan.
pub struct Gradients<R> {
    /// (places, gates·hidden), on the input's side.
    pub gates: Vec<R>,
    /// The same on the hidden side, where it differs.
    pub hidden: Vec<R>,
    /// (places, state): of what the projection gave; empty without one.
    pub projected: Vec<R>,
}

/// What a layer went through, for the way back.
#[derive(Clone, Copy)]
pub struct Past<'a, R> {
    /// See [`Kept::gates`].
    pub gates: &'a [R],
    /// See [`Kept::rows`].
    pub rows: &'a [R],
    /// What the cell gave: [`Kept::unprojected`], or else [`Kept::out`].
    pub out: &'a [R],
    /// The states that each place found.
    pub h_before: &'a [R],
    /// The LSTM's cells that each place found, or nothing.
    pub c_before: &'a [R],
    /// The gradient of [`Kept::out`].
    pub d_out: &'a [R],
}

/// Goes back all steps. `d_h` and `d_c` are the gradients of the last states before and of the initial ones afterwards.
pub fn backward<R: Real, C: Cell>(
    cell: &C,
    plan: &Plan,
    weights: Weights<'_, R>,
    past: Past<'_, R>,
    d_h: &mut [R],
    d_c: &mut [R],
) -> Gradients<R> {
    let Weights { width, state, projection, .. } = weights;
    let places = plan.places();
    let hidden_width = if C::TWO_SIDED { C::GATES * width } else { 0 };
    let projected_width = if projection.is_some() { state } else { 0 };
    let mut gradients = Gradients {
        gates: vec![R::ZERO; places * C::GATES * width],
        hidden: vec![R::ZERO; places * hidden_width],
        projected: vec![R::ZERO; places * projected_width],
    };
    let cell_width = if d_c.is_empty() { 0 } else { width };
    let buffers = [
        (&mut gradients.gates[..], C::GATES * width),
        (&mut gradients.hidden[..], hidden_width),
        (&mut gradients.projected[..], projected_width),
        (&mut [][..], 0),
    ];
    let tasks = tasks(plan, buffers, [(d_h, state), (d_c, cell_width)]);
    for_each_task(tasks, weights.work(places), |task| backward_group(cell, weights, past, task));
    gradients
}

fn backward_group<R: Real, C: Cell>(cell: &C, weights: Weights<'_, R>, past: Past<'_, R>, task: Task<'_, R>) {
    let Weights { width, state, projection, .. } = weights;
    let ([d_gates, d_hidden, d_projected, _], [d_h, d_c]) = (task.places, task.states);
    let all = C::GATES * width;
    let has_cell = if d_c.is_empty() { 0 } else { width };
    let two_sided = if C::TWO_SIDED { all } else { 0 };
    let largest = task.steps.iter().copied().max().unwrap_or(0);
    let mut d_result = vec![R::ZERO; if projection.is_some() { largest * width } else { 0 }];
    let mut end: usize = task.steps.iter().sum();
    for &n in task.steps.iter().rev() {
        let first = end - n;
        let place = task.start + first;
        end = first;
        for (d_h, &d_out) in d_h.iter_mut().zip(&past.d_out[place * state..][..n * state]) {
            *d_h += d_out;
        }
        if let Some(projection) = projection {
            d_projected[first * state..][..n * state].copy_from_slice(&d_h[..n * state]);
            let up = Matrix::rows(projection, width);
            product(n, state, width, Matrix::rows(d_h, state), up, &mut d_result, width, false, false);
        }
        let d_cell = if projection.is_some() { &mut d_result[..] } else { &mut *d_h };
        let d_gates = &mut d_gates[first * all..][..n * all];
        let d_hidden = &mut d_hidden[first * two_sided..][..n * two_sided];
        vectorise(
            #[inline(always)]
            || {
                for index in 0..n {
                    let at = place + index;
                    cell.backward(Backward {
                        gates: &past.gates[at * all..][..all],
                        kept: &past.rows[at * C::KEPT * width..][..C::KEPT * width],
                        out: &past.out[at * width..][..width],
                        h_before: &past.h_before[at * state..][..state],
                        c_before: &past.c_before[at * has_cell..][..has_cell],
                        d_h: &mut d_cell[index * width..][..width],
                        d_c: &mut d_c[index * has_cell..][..has_cell],
                        d_gates: &mut d_gates[index * all..][..all],
                        d_hidden: &mut d_hidden[index * two_sided..][..two_sided],
                    });
                }
            },
        );
        let sources = if C::TWO_SIDED { &*d_hidden } else { &*d_gates };
        // What went past the gates stays, except in a projection's result, where nothing does.
        let keeps = projection.is_none();
        let across = Matrix::rows(weights.hidden, state);
        product(n, all, state, Matrix::rows(sources, all), across, d_h, state, keeps, false);
    }
}

impl<R> Weights<'_, R> {
    fn work(&self, places: usize) -> usize {
        places.saturating_mul(self.hidden.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_visits_every_row_once_and_knows_what_came_before() {
        for reverse in [false, true] {
            let sizes = [19, 19, 17, 3, 1];
            let plan = Plan::new(&sizes, reverse);
            let mut rows = plan.rows.clone();
            rows.sort_unstable();
            assert_eq!(rows, (0..59).collect::<Vec<_>>());
            for (place, before) in plan.before.iter().enumerate() {
                if let Some(before) = *before {
                    assert!(before < place);
                    assert_eq!(plan.sequences[before], plan.sequences[place]);
                }
            }
            assert_eq!(plan.before.iter().filter(|before| before.is_none()).count(), 19);
        }
    }

    #[test]
    fn an_lstm_s_steps_are_those_of_the_formula() {
        let (width, sizes) = (5, [18usize, 18, 4]);
        let plan = Plan::new(&sizes, false);
        let value = |i: usize| (((i * 7919) % 1013) as f64 / 1013.0 - 0.5) * 2.0;
        let weight: Vec<f64> = (0..4 * width * width).map(value).collect();
        let input: Vec<f64> = (0..40 * 4 * width).map(|i| value(i + 31)).collect();
        let weights = Weights { hidden: &weight, projection: None, bias: &[], width, state: width };
        let (mut h, mut c) = (vec![0.1; 18 * width], vec![0.2; 18 * width]);
        let kept = forward(&Lstm, &plan, weights, plan.gather(&input, 4 * width), &mut h, &mut c);
        let mut packed = vec![0.0; 40 * width];
        plan.scatter(&kept.out, width, &mut packed);

        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let (mut h_ref, mut c_ref) = (vec![0.1; 18 * width], vec![0.2; 18 * width]);
        let mut row = 0;
        for size in sizes {
            let before = h_ref.clone();
            for b in 0..size {
                let sum = |gate: usize| -> f64 {
                    let hidden: f64 = (0..width).map(|k| weight[gate * width + k] * before[b * width + k]).sum();
                    input[row * 4 * width + gate] + hidden
                };
                for j in 0..width {
                    let (i, f, g, o) = (sum(j), sum(width + j), sum(2 * width + j), sum(3 * width + j));
                    let cell = sigmoid(f) * c_ref[b * width + j] + sigmoid(i) * g.tanh();
                    c_ref[b * width + j] = cell;
                    h_ref[b * width + j] = sigmoid(o) * cell.tanh();
                    assert!((packed[row * width + j] - h_ref[b * width + j]).abs() < 1e-12);
                }
                row += 1;
            }
        }
        assert!(h.iter().zip(&h_ref).chain(c.iter().zip(&c_ref)).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
