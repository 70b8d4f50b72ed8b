//! The X-ray: watches the operations of training steps, and tells their graphs and the numbers in the parameters.
//!
//! Looking at every number of every step would slow a program down many times over, so steps are sampled: after one has
//! been looked at, as many are left alone as make the looking a small part of the run. The last step that was looked at
//! is close to the last one that there was.
//!
//! A graph is that of the engine's own nodes. To each belongs what was seen when it was recorded (the output, the time,
//! the module that ran) and when the gradient passed it. The Python half, `lib/_lyceum/xray.py`, says which module runs
//! and what parameters are called.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use lyceum_engine::{
    DType, Tensor,
    autograd::{
        Node,
        observe::{self, Tracer, leaf_address},
    },
};
use lyceum_lab::xray::{Graph, GraphNode, Histogram, ParameterNumbers, Spread};
use rustpython_vm::{Context, VirtualMachine, builtins::PyModuleDef};

use crate::torch::PyTensor;

/// What an X-ray shows.
#[derive(Debug)]
pub enum Picture {
    /// The operations that a loss came out of.
    Graph(Graph),
    /// A parameter.
    Parameter {
        /// Its name.
        name: String,
        /// Its numbers.
        numbers: ParameterNumbers,
    },
}

type Listener = Box<dyn Fn(Picture)>;

thread_local! {
    static XRAY: RefCell<Option<Rc<Xray>>> = const { RefCell::new(None) };
    static IS_SAMPLING: Cell<bool> = const { Cell::new(false) };
}

/// Begins to look into what this thread trains. Who listens must not train anything.
pub fn start(listener: Listener) {
    let xray = Rc::new(Xray {
        listener,
        started: Instant::now(),
        step: RefCell::default(),
        spent: Cell::default(),
        next: Cell::new(None),
    });
    XRAY.set(Some(Rc::clone(&xray)));
    observe::set_tracer(Some(xray));
    IS_SAMPLING.set(true);
}

/// Says whether this thread is looked into.
pub(crate) fn is_on() -> bool {
    XRAY.with_borrow(Option::is_some)
}

/// Ends it: what a program does after its end is no part of it.
pub(crate) fn stop() {
    observe::set_tracer(None);
    IS_SAMPLING.set(false);
    XRAY.set(None);
}

/// Calls the engine, and gives the time that it takes to what it records.
pub(crate) fn timed<R>(call: impl FnOnce() -> R) -> R {
    if !IS_SAMPLING.get() {
        return call();
    }
    let Some(xray) = XRAY.with_borrow(Clone::clone) else { return call() };
    let first = xray.step.borrow().order.len();
    let (spent, started) = (xray.spent.get(), Instant::now());
    let result = call();
    // What the looking itself took is not the operation's.
    let elapsed = started.elapsed().saturating_sub(xray.spent.get().saturating_sub(spent));
    let mut step = xray.step.borrow_mut();
    let Step { order, seen, .. } = &mut *step;
    let recorded = order.get(first..).unwrap_or_default();
    let each = milliseconds(elapsed) / recorded.len().max(1) as f64;
    for address in recorded {
        if let Some(seen) = seen.get_mut(address) {
            seen.forward_ms += each;
        }
    }
    result
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

struct Xray {
    listener: Listener,
    started: Instant,
    step: RefCell<Step>,
    /// What looking at this step has taken.
    spent: Cell<Duration>,
    /// When a step is to be looked at again.
    next: Cell<Option<Instant>>,
}

/// What was seen of a step.
#[derive(Default)]
struct Step {
    /// The addresses of the nodes, in the order of their recording.
    order: Vec<usize>,
    seen: HashMap<usize, Seen>,
    /// The leaves, by the addresses of the nodes that add to their gradients.
    leaves: HashMap<usize, Tensor>,
    /// What modules call their parameters.
    names: Vec<(Tensor, String)>,
    /// The names of the modules that are running, the innermost last.
    modules: Vec<Rc<str>>,
}

impl Step {
    /// A program that records without end and never goes back is not followed for ever.
    const MOST_NODES: usize = 50_000;
}

/// What was seen of an operation.
#[derive(Default)]
struct Seen {
    module: Option<Rc<str>>,
    value: Option<Spread>,
    gradient: Option<Spread>,
    forward_ms: f64,
    backward_ms: f64,
    bytes: u64,
}

impl Tracer for Xray {
    fn recorded(&self, node: &Arc<Node>, inputs: &[&Tensor], outputs: &[Tensor]) {
        if !IS_SAMPLING.get() {
            return;
        }
        self.looking(|step| {
            if step.order.len() >= Step::MOST_NODES {
                return;
            }
            for input in inputs {
                if let Some(address) = leaf_address(input) {
                    step.leaves.entry(address).or_insert_with(|| (*input).clone());
                }
            }
            let bytes = outputs.iter().map(|output| (output.numel() * output.dtype().size()) as u64).sum();
            let value = outputs.first().and_then(spread);
            let module = step.modules.last().cloned();
            // An address may have belonged to a node that is gone.
            step.seen.insert(node.address(), Seen { module, value, bytes, ..Seen::default() });
            step.order.push(node.address());
        });
    }

    fn ran(&self, node: &Arc<Node>, gradients: &[Option<Tensor>], elapsed: Duration) {
        if !IS_SAMPLING.get() {
            return;
        }
        self.looking(|step| {
            let seen = step.seen.entry(node.address()).or_default();
            seen.backward_ms += milliseconds(elapsed);
            seen.gradient = gradients.iter().flatten().next().and_then(spread);
        });
    }

    fn passed(&self, roots: &[Arc<Node>]) {
        /// The share of a run that looking may take.
        const SHARE: u32 = 20;
        /// The longer a run lasts, the fewer of its steps are needed to see how it went.
        const PARTS: u32 = 24;

        let now = Instant::now();
        if !IS_SAMPLING.get() {
            let is_time = self.next.get().is_none_or(|next| now >= next);
            IS_SAMPLING.set(is_time);
            return;
        }
        let mut step = Step { modules: self.step.borrow().modules.clone(), ..Step::default() };
        std::mem::swap(&mut step, &mut self.step.borrow_mut());
        self.tell(&step, roots);
        let spent = self.spent.take() + now.elapsed();
        IS_SAMPLING.set(false);
        self.next.set(Some(Instant::now() + (spent * SHARE).max(self.started.elapsed() / PARTS)));
    }
}

impl Xray {
    /// Looks at something, and counts the time that it takes.
    fn looking(&self, look: impl FnOnce(&mut Step)) {
        let started = Instant::now();
        look(&mut self.step.borrow_mut());
        self.spent.set(self.spent.get() + started.elapsed());
    }

    fn tell(&self, step: &Step, roots: &[Arc<Node>]) {
        let nodes = reachable(roots, step);
        let names = rustpython_vm::vm::thread::with_current_vm(|vm| names(step, vm));
        let name = |address: usize| names.get(&address).cloned().unwrap_or_default();
        let mut parameters: Vec<(String, &Tensor)> = Vec::new();
        for node in &nodes {
            if let Some(leaf) = step.leaves.get(&node.address()) {
                let known = name(node.address());
                parameters
                    .push((if known.is_empty() { format!("parameter {}", parameters.len() + 1) } else { known }, leaf));
            }
        }
        (self.listener)(Picture::Graph(graph(&nodes, step, &name)));
        for (name, leaf) in parameters {
            if let Some(numbers) = parameter(leaf) {
                (self.listener)(Picture::Parameter { name, numbers });
            }
        }
    }
}

/// Returns the nodes that lead to the roots, each after those before it.
fn reachable(roots: &[Arc<Node>], step: &Step) -> Vec<Arc<Node>> {
    let mut found: HashSet<usize> = HashSet::new();
    let mut nodes = Vec::new();
    let mut waiting: Vec<Arc<Node>> = roots.to_vec();
    while let Some(node) = waiting.pop() {
        if nodes.len() < Step::MOST_NODES && found.insert(node.address()) {
            waiting.extend(node.next_functions().flatten().map(|(next, _)| next.clone()));
            nodes.push(node);
        }
    }
    let places: HashMap<usize, usize> = step.order.iter().enumerate().map(|(place, node)| (*node, place + 1)).collect();
    // A leaf stands before everything else, and so does what was recorded before anybody looked.
    nodes.sort_by_key(|node| places.get(&node.address()).copied().unwrap_or_default());
    nodes
}

fn graph(nodes: &[Arc<Node>], step: &Step, name: &dyn Fn(usize) -> String) -> Graph {
    let truncated = nodes.len() > Graph::MOST_NODES;
    let nodes = &nodes[nodes.len().saturating_sub(Graph::MOST_NODES)..];
    let ids: HashMap<usize, u32> = nodes.iter().map(|node| node.address()).zip(0..).collect();
    let mut graph = Graph { truncated, ..Graph::default() };
    for (node, id) in nodes.iter().zip(0..) {
        let leaf = step.leaves.get(&node.address());
        let seen = step.seen.get(&node.address());
        graph.nodes.push(GraphNode {
            id,
            op: if node.name() == "AccumulateGrad" { "parameter".into() } else { operation(node.name()) },
            module: seen.and_then(|seen| seen.module.as_deref()).unwrap_or_default().into(),
            name: name(node.address()),
            shape: node.output_shapes().next().unwrap_or_default().to_vec(),
            value: leaf.and_then(spread).or(seen.and_then(|seen| seen.value)),
            gradient: seen.and_then(|seen| seen.gradient),
            forward_ms: seen.map_or(0.0, |seen| seen.forward_ms),
            backward_ms: seen.map_or(0.0, |seen| seen.backward_ms),
            bytes: match leaf {
                Some(leaf) => (leaf.numel() * leaf.dtype().size()) as u64,
                None => seen.map_or(0, |seen| seen.bytes),
            },
        });
        for (from, _) in node.next_functions().flatten() {
            if let Some(from) = ids.get(&from.address()) {
                graph.edges.push((*from, id));
            }
        }
    }
    graph
}

/// Finds what leaves are called: by the module that they belong to, or by a name in the program.
fn names(step: &Step, vm: &VirtualMachine) -> HashMap<usize, String> {
    let mut names = HashMap::new();
    for (parameter, name) in &step.names {
        if let Some(address) = leaf_address(parameter) {
            names.insert(address, name.clone());
        }
    }
    let mut frame = vm.current_frame();
    while let Some(here) = frame {
        if step.leaves.keys().all(|address| names.contains_key(address)) {
            break;
        }
        for (name, object) in &here.globals {
            let Some(tensor) = object.downcast_ref::<PyTensor>().map(|tensor| tensor.tensor()) else { continue };
            for (address, leaf) in &step.leaves {
                if leaf.is_same(&tensor)
                    && let Some(name) = name.downcast_ref::<rustpython_vm::builtins::PyStr>()
                {
                    names.entry(*address).or_insert_with(|| name.to_string_lossy().into_owned());
                }
            }
        }
        frame = here.f_back(vm);
    }
    names
}

/// Turns the name of a derivative into that of the operation: `LeakyReluBackward0` into `leaky_relu`.
fn operation(node: &str) -> String {
    let stem = node.find("WithIndices").or_else(|| node.find("Backward")).map_or(node, |end| &node[..end]);
    let mut name = String::with_capacity(stem.len() + 4);
    let mut before = None;
    for letter in stem.chars() {
        if letter.is_ascii_uppercase() && before.is_some_and(|before: char| before.is_ascii_lowercase()) {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
        before = Some(letter);
    }
    name
}

fn spread(tensor: &Tensor) -> Option<Spread> {
    match tensor.dtype() {
        DType::F32 => Spread::of::<f32>(&tensor.dense().ok()?),
        DType::F64 => Spread::of::<f64>(&tensor.dense().ok()?),
        _ => None,
    }
}

fn parameter(leaf: &Tensor) -> Option<ParameterNumbers> {
    fn numbers(tensor: &Tensor) -> Option<(Histogram, f64)> {
        fn sums<T: Copy + Into<f64>>(numbers: &[T]) -> (Histogram, f64) {
            let squares: f64 = numbers.iter().map(|number| (*number).into().powi(2)).sum();
            (Histogram::of(numbers), squares.sqrt())
        }
        match tensor.dtype() {
            DType::F32 => Some(sums::<f32>(&tensor.dense().ok()?)),
            DType::F64 => Some(sums::<f64>(&tensor.dense().ok()?)),
            _ => None,
        }
    }
    let (value, norm) = numbers(leaf)?;
    let gradient = leaf.grad().as_ref().and_then(numbers);
    let gradient_norm = gradient.as_ref().map_or(0.0, |(_, norm)| *norm);
    let gradient = gradient.map(|(histogram, _)| histogram);
    Some(ParameterNumbers { shape: leaf.shape().to_vec(), value, gradient, norm, gradient_norm })
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_lyceum_xray")]
mod module {
    use rustpython_vm::{PyRef, builtins::PyStrRef};

    use super::{IS_SAMPLING, Step, XRAY};
    use crate::torch::PyTensor;

    /// Says whether the step that is running is looked at.
    #[pyfunction]
    fn is_sampling() -> bool {
        IS_SAMPLING.get()
    }

    /// Says that a module begins.
    #[pyfunction]
    fn enter(name: PyStrRef) {
        with_step(|step| step.modules.push(name.to_string_lossy().into()));
    }

    /// Says that the innermost module ends.
    #[pyfunction]
    fn leave() {
        with_step(|step| drop(step.modules.pop()));
    }

    /// Says what a parameter is called.
    #[pyfunction]
    fn name(parameter: PyRef<PyTensor>, name: PyStrRef) {
        with_step(|step| step.names.push((parameter.tensor(), name.to_string_lossy().into_owned())));
    }

    fn with_step(change: impl FnOnce(&mut Step)) {
        XRAY.with_borrow(|xray| {
            if let Some(xray) = xray {
                change(&mut xray.step.borrow_mut());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_as_functions_are() {
        assert_eq!(operation("LeakyReluBackward0"), "leaky_relu");
        assert_eq!(operation("AddmmBackward0"), "addmm");
        assert_eq!(operation("MaxPool2DWithIndicesBackward0"), "max_pool2d");
        assert_eq!(operation("MseLossBackward0"), "mse_loss");
    }
}
