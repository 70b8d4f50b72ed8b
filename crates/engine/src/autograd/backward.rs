//! The walk from results back to leaves.
//!
//! Nodes run in the reverse order of their recording, each once all gradients for it have arrived: a heap ordered by
//! sequence number, and a count of the edges that lead to each node.

use std::cell::Cell;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use smallvec::SmallVec;

use super::meta::Meta;
use super::mode::GradMode;
use super::node::{BackwardCx, Edge, Grads, Node, OutputInfo, Role};
use super::observe::{self, Observation};
use crate::bail;
use crate::dtype::DType;
use crate::error::Result;
use crate::shape::{Dims, broadcast};
use crate::tensor::Tensor;

/// Options of a backward pass.
#[derive(Clone, Copy, Debug, Default)]
pub struct GradOptions {
    /// Keep the values of the graph for another pass.
    pub retain_graph: bool,
    /// Record the pass itself, for derivatives of derivatives.
    pub create_graph: bool,
    /// In [`grad`]: an input that does not take part gets no gradient instead of an error.
    pub allow_unused: bool,
}

/// Adds to the gradient of every leaf that `outputs` depend on. A missing entry of `grad_outputs` stands for 1, for
/// one-element outputs only.
pub fn backward(outputs: &[Tensor], grad_outputs: &[Option<Tensor>], options: GradOptions) -> Result<()> {
    // A pass within another, as of a part that is computed again, belongs to the other's loss.
    let is_loss = matches!(outputs, [loss] if loss.numel() == 1) && observe::is_observed() && SQUARES.get().is_none();
    if let [loss] = outputs
        && is_loss
    {
        observe::notify(Observation::Backward { value: loss.item()?.to_f64() });
    }
    let roots = roots(outputs, grad_outputs, options)?;
    let tracer = observe::tracer();
    let traced: Vec<Arc<Node>> = tracer.iter().flat_map(|_| roots.iter().map(|(edge, _)| edge.node.clone())).collect();
    let squares = is_loss.then(Squares::count);
    Pass::new(&roots, None).run(roots, options)?;
    if let Some(squares) = squares {
        observe::notify(Observation::Gradients { norm: squares.sum().sqrt() });
    }
    if let Some(tracer) = tracer {
        tracer.passed(&traced);
    }
    Ok(())
}

/// Adds to the gradients of these leaves only: `backward(inputs=...)`.
pub fn backward_to(
    outputs: &[Tensor],
    grad_outputs: &[Option<Tensor>],
    inputs: &[Tensor],
    options: GradOptions,
) -> Result<()> {
    let grads = grad(outputs, inputs, grad_outputs, GradOptions { allow_unused: true, ..options })?;
    for (input, grad) in inputs.iter().zip(grads) {
        if let Some(grad) = grad {
            accumulate(input.meta(), &grad, options.create_graph)?;
        }
    }
    Ok(())
}

/// Returns the gradients of `outputs` with respect to `inputs`, without touching any tensor's `grad`.
pub fn grad(
    outputs: &[Tensor],
    inputs: &[Tensor],
    grad_outputs: &[Option<Tensor>],
    options: GradOptions,
) -> Result<Vec<Option<Tensor>>> {
    let roots = roots(outputs, grad_outputs, options)?;
    let mut wanted = Vec::with_capacity(inputs.len());
    for input in inputs {
        match input.gradient_edge() {
            Some(edge) => wanted.push(edge),
            None => bail!("One of the differentiated Tensors does not require grad"),
        }
    }
    let captured = Pass::new(&roots, Some(&wanted)).run(roots, options)?.captured;
    if !options.allow_unused && captured.iter().any(Option::is_none) {
        bail!(
            "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if \
             this is the desired behavior."
        );
    }
    Ok(captured)
}

fn roots(outputs: &[Tensor], grad_outputs: &[Option<Tensor>], options: GradOptions) -> Result<Vec<(Edge, Tensor)>> {
    let mut roots = Vec::with_capacity(outputs.len());
    for (i, output) in outputs.iter().enumerate() {
        let Some(edge) = output.gradient_edge() else {
            bail!("element {i} of tensors does not require grad and does not have a grad_fn");
        };
        let grad = match grad_outputs.get(i).and_then(Option::as_ref) {
            Some(grad) if grad.shape() != output.shape() => bail!(
                "Mismatch in shape: grad_output[{i}] has a shape of torch.Size({}) and output[{i}] has a shape of \
                 torch.Size({}).",
                Dims(grad.shape()),
                Dims(output.shape())
            ),
            Some(grad) if options.create_graph => grad.clone(),
            Some(grad) => grad.detach(),
            None if output.numel() == 1 => output.ones_like()?,
            None => bail!("grad can be implicitly created only for scalar outputs"),
        };
        roots.push((edge, grad));
    }
    Ok(roots)
}

/// Nodes are told apart by their addresses; an address needs no further hashing than a multiplication.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }
    fn write_usize(&mut self, address: usize) {
        self.0 = (address as u64 >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }
}

type NodeMap<V> = HashMap<usize, V, BuildHasherDefault<AddressHasher>>;

fn address(node: &Arc<Node>) -> usize {
    Arc::as_ptr(node) as usize
}

struct Ready(Arc<Node>);

impl PartialEq for Ready {
    fn eq(&self, other: &Self) -> bool {
        self.0.sequence == other.0.sequence
    }
}
impl Eq for Ready {}
impl PartialOrd for Ready {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ready {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.sequence.cmp(&other.0.sequence)
    }
}

/// What is known of a node before it runs.
#[derive(Default)]
struct Pending {
    /// Edges that lead here and have not delivered yet.
    awaited: usize,
    grads: Grads,
    /// Whether it lies on a way to a wanted input (always, when nothing in particular is wanted).
    leads_to_wanted: bool,
}

struct Pass<'a> {
    pending: NodeMap<Pending>,
    wanted: Option<&'a [Edge]>,
    captured: Vec<Option<Tensor>>,
}

impl<'a> Pass<'a> {
    fn new(roots: &[(Edge, Tensor)], wanted: Option<&'a [Edge]>) -> Self {
        let mut pending: NodeMap<Pending> = NodeMap::default();
        let mut order: Vec<Arc<Node>> = Vec::new();
        let mut stack: Vec<Arc<Node>> = Vec::new();
        for (edge, _) in roots {
            if pending.insert(address(&edge.node), Pending::default()).is_none() {
                stack.push(edge.node.clone());
            }
        }
        while let Some(node) = stack.pop() {
            for edge in node.edges.iter().flatten() {
                let entry = pending.entry(address(&edge.node)).or_insert_with(|| {
                    stack.push(edge.node.clone());
                    Pending::default()
                });
                entry.awaited += 1;
            }
            order.push(node);
        }
        match wanted {
            None => pending.values_mut().for_each(|p| p.leads_to_wanted = true),
            Some(edges) => {
                for edge in edges {
                    if let Some(p) = pending.get_mut(&address(&edge.node)) {
                        p.leads_to_wanted = true;
                    }
                }
                // Earlier ops have smaller sequence numbers: in this order every node comes after those it leads to.
                order.sort_by_key(|node| if matches!(node.role, Role::Accumulate(_)) { 0 } else { node.sequence + 1 });
                for node in &order {
                    let leads = node
                        .edges
                        .iter()
                        .flatten()
                        .any(|edge| pending.get(&address(&edge.node)).is_some_and(|p| p.leads_to_wanted));
                    if leads && let Some(p) = pending.get_mut(&address(node)) {
                        p.leads_to_wanted = true;
                    }
                }
            }
        }
        let captured = vec![None; wanted.map_or(0, <[Edge]>::len)];
        Pass { pending, wanted, captured }
    }

    fn run(mut self, roots: Vec<(Edge, Tensor)>, options: GradOptions) -> Result<Self> {
        let _mode = GradMode::new(options.create_graph);
        let keep_graph = options.retain_graph || options.create_graph;
        let tracer = observe::tracer();
        let mut ready = BinaryHeap::new();
        for (edge, grad) in roots {
            self.deliver(&edge, grad)?;
            if self.pending.get(&address(&edge.node)).is_some_and(|p| p.awaited == 0)
                && !ready.iter().any(|r: &Ready| Arc::ptr_eq(&r.0, &edge.node))
            {
                ready.push(Ready(edge.node));
            }
        }
        while let Some(Ready(node)) = ready.pop() {
            let Some(Pending { mut grads, leads_to_wanted, .. }) = self.pending.remove(&address(&node)) else {
                continue;
            };
            run_hooks(&node, &mut grads)?;
            self.capture(&node, &grads);
            let arrived = grads.iter().any(Option::is_some);
            let started = tracer.is_some().then(Instant::now);
            let results = match &node.role {
                Role::Accumulate(meta) => {
                    if let Some(tracer) = &tracer {
                        tracer.ran(&node, &grads, Duration::ZERO);
                    }
                    if self.wanted.is_none()
                        && let Some(Some(grad)) = grads.into_iter().next()
                    {
                        if let Some(squares) = SQUARES.get() {
                            SQUARES.set(Some(squares + sum_of_squares(&grad)?));
                        }
                        accumulate_owned(meta, grad, options.create_graph)?;
                    }
                    continue;
                }
                Role::Op if arrived && leads_to_wanted => run_node(&node, &grads, keep_graph)?,
                Role::Op => Grads::new(),
            };
            if let (Some(tracer), Some(started)) = (&tracer, started) {
                tracer.ran(&node, &grads, started.elapsed());
            }
            drop(grads);
            let mut results = results.into_iter();
            for (i, edge) in node.edges.iter().enumerate() {
                let result = results.next().flatten();
                let Some(edge) = edge else { continue };
                if let Some(grad) = result {
                    let grad = fit(grad, &edge.node.outputs[edge.slot], &node, i)?;
                    self.deliver(edge, grad)?;
                }
                if let Some(p) = self.pending.get_mut(&address(&edge.node)) {
                    p.awaited -= 1;
                    if p.awaited == 0 {
                        ready.push(Ready(edge.node.clone()));
                    }
                }
            }
        }
        Ok(self)
    }

    fn deliver(&mut self, edge: &Edge, grad: Tensor) -> Result<()> {
        let Some(p) = self.pending.get_mut(&address(&edge.node)) else { return Ok(()) };
        if p.grads.len() <= edge.slot {
            p.grads.resize(edge.slot + 1, None);
        }
        let slot = &mut p.grads[edge.slot];
        *slot = Some(match slot.take() {
            None => grad,
            Some(sum) => sum.add(&grad)?,
        });
        Ok(())
    }

    fn capture(&mut self, node: &Arc<Node>, grads: &[Option<Tensor>]) {
        for (captured, edge) in self.captured.iter_mut().zip(self.wanted.unwrap_or_default()) {
            if Arc::ptr_eq(&edge.node, node) {
                *captured = grads.get(edge.slot).cloned().flatten();
            }
        }
    }
}

fn run_hooks(node: &Arc<Node>, grads: &mut Grads) -> Result<()> {
    let hooks: SmallVec<[_; 2]> = match &node.role {
        Role::Accumulate(meta) => meta.leaf_hooks().into_iter().map(|hook| (0, hook)).collect(),
        Role::Op => {
            let mut hooks: SmallVec<[_; 2]> =
                node.hooks.lock().iter().map(|(_, slot, hook)| (*slot, hook.clone())).collect();
            hooks.extend(node.keepers.lock().iter().cloned());
            hooks
        }
    };
    for (slot, hook) in hooks {
        if let Some(Some(grad)) = grads.get(slot)
            && let Some(replaced) = hook(grad)?
        {
            grads[slot] = Some(replaced);
        }
    }
    Ok(())
}

fn run_node(node: &Arc<Node>, grads: &[Option<Tensor>], keep_graph: bool) -> Result<Grads> {
    let Some(backward) = node.backward_fn() else {
        bail!(
            "Trying to backward through the graph a second time (or directly access saved tensors after they have \
             already been freed). Saved intermediate values of the graph are freed when you call .backward() or \
             autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if \
             you need to access saved tensors after calling backward."
        );
    };
    let results = backward(&BackwardCx { node, grads })?;
    drop(backward);
    if !keep_graph {
        node.release();
    }
    Ok(results)
}

/// Makes a gradient fit what it is the gradient of: summed over dimensions that were broadcast, cast to its dtype.
fn fit(grad: Tensor, info: &OutputInfo, node: &Node, i: usize) -> Result<Tensor> {
    let grad = if grad.shape() == info.shape.as_slice() {
        grad
    } else if broadcast(&info.shape, grad.shape()).is_ok_and(|s| s.as_slice() == grad.shape()) {
        crate::ops::reduce::sum_to(&grad, &info.shape)?
    } else {
        bail!(
            "Function {} returned an invalid gradient at index {i} - got {} but expected shape compatible with {}",
            node.name(),
            Dims(grad.shape()),
            Dims(&info.shape)
        );
    };
    grad.to_dtype(info.dtype)
}

fn accumulate_owned(meta: &Arc<Meta>, grad: Tensor, create_graph: bool) -> Result<()> {
    // A gradient that nobody else holds becomes the leaf's own; any other is copied, since the user may change it.
    let is_own = Arc::strong_count(&grad.0) == 1
        && Arc::strong_count(&grad.0.storage) == 1
        && grad.is_contiguous()
        && grad.storage_len() == grad.numel();
    match meta.take_grad() {
        None if create_graph => meta.set_grad(Some(grad)),
        None if is_own => meta.set_grad(Some(grad)),
        None => meta.set_grad(Some(grad.copy_data()?)),
        Some(old) => return accumulate_onto(meta, old, &grad, create_graph),
    }
    meta.note_accumulated(None);
    run_after_accumulate(meta)
}

fn accumulate(meta: &Arc<Meta>, grad: &Tensor, create_graph: bool) -> Result<()> {
    match meta.take_grad() {
        None => {
            meta.set_grad(Some(if create_graph { grad.clone() } else { grad.copy_data()? }));
            meta.note_accumulated(None);
            run_after_accumulate(meta)
        }
        Some(old) => accumulate_onto(meta, old, grad, create_graph),
    }
}

fn accumulate_onto(meta: &Arc<Meta>, old: Tensor, grad: &Tensor, create_graph: bool) -> Result<()> {
    let old_version = old.version();
    if create_graph {
        let sum = old.add(grad);
        meta.set_grad(Some(match sum {
            Ok(sum) => sum,
            Err(error) => {
                meta.set_grad(Some(old));
                return Err(error);
            }
        }));
    } else {
        let result = super::no_grad(|| old.add(grad).and_then(|sum| old.write_data(&sum)));
        meta.set_grad(Some(old));
        result?;
    }
    if meta.note_accumulated(Some(old_version)) {
        observe::note_stale_gradient();
    }
    run_after_accumulate(meta)
}

thread_local! {
    /// The sum of the squares of what has arrived at leaves since the pass of an observed loss began.
    static SQUARES: Cell<Option<f64>> = const { Cell::new(None) };
}

/// Counts, while it lives, what arrives at leaves.
struct Squares;

impl Squares {
    fn count() -> Squares {
        SQUARES.set(Some(0.0));
        Squares
    }

    fn sum(self) -> f64 {
        SQUARES.get().unwrap_or(0.0)
    }
}

impl Drop for Squares {
    fn drop(&mut self) {
        SQUARES.set(None);
    }
}

fn sum_of_squares(tensor: &Tensor) -> Result<f64> {
    fn sum<T: Copy + Into<f64>>(values: &[T]) -> f64 {
        // Several sums at once, so that one addition need not wait for the one before.
        let mut sums = [0.0_f64; 8];
        let chunks = values.chunks_exact(8);
        let rest: f64 = chunks.remainder().iter().map(|value| (*value).into().powi(2)).sum();
        for chunk in chunks {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum += (*value).into().powi(2);
            }
        }
        sums.iter().sum::<f64>() + rest
    }
    Ok(match tensor.dtype() {
        DType::F32 => sum::<f32>(&tensor.dense()?),
        _ => sum::<f64>(&tensor.to_dtype(DType::F64)?.dense()?),
    })
}

fn run_after_accumulate(meta: &Arc<Meta>) -> Result<()> {
    for hook in meta.after_accumulate_hooks() {
        let grad = meta.take_grad();
        if let Some(grad) = grad {
            meta.set_grad(Some(grad.clone()));
            hook(&grad)?;
        }
    }
    Ok(())
}
