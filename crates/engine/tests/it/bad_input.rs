//! Every row of the table of ops against hostile arguments: whatever a program passes, a call gives a result or an
//! error, in reasonable time and memory, and never panics. The arguments are the row's samples with one or a few of
//! them replaced; the seeds are fixed, so a failure can be repeated.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use lyceum_engine::autograd::{self, GradOptions};
use lyceum_engine::ops::{self, INPLACE, OpDef, Schema, Value, sample, table};
use lyceum_engine::random::Generator;
use lyceum_engine::{DType, Error, Result, Scalar, Tensor, memory};

/// Samples of a row that are taken apart one argument at a time.
const SAMPLES: usize = 2;
/// Calls of a row with several arguments replaced at once.
const RANDOM_CALLS: usize = 200;
/// More than any single allocation of these small calls needs.
const MEMORY: usize = 256 << 20;
/// Generous, because the machine may be busy with other tests; a loop over a hostile size takes far longer.
const PATIENCE: Duration = Duration::from_secs(10);

const INTS: [i64; 15] =
    [0, -1, 1, 2, 3, -7, 64, 1 << 31, 1 << 40, -(1 << 40), 1 << 62, i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1];
const FLOATS: [f64; 10] =
    [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -1.5, 0.5, 1e300, -1e300, f64::MIN_POSITIVE];
const TEXTS: [&str; 12] = [
    "",
    "no such mode",
    "sum",
    "none",
    "reflect",
    "bilinear",
    "é",
    "ij,jk->ik",
    "ii->",
    "...ij->...",
    "->->",
    "a,,b->z",
];

#[test]
fn no_argument_makes_an_op_panic() {
    memory::set_gate(|bytes| bytes <= MEMORY);
    let progress = Arc::new(Mutex::new((Instant::now(), String::new())));
    let worker = {
        let progress = progress.clone();
        std::thread::spawn(move || {
            let mut run = Run { progress, calls: 0, problems: Vec::new() };
            ops::rows().for_each(|def| run.row(def));
            run
        })
    };
    while !worker.is_finished() {
        std::thread::sleep(Duration::from_millis(20));
        let (start, call) = &*progress.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(start.elapsed() < PATIENCE, "this call does not end: {call}");
    }
    let run = worker.join().unwrap();
    println!("{} calls", run.calls);
    assert!(run.problems.is_empty(), "{} of {} calls:\n{}", run.problems.len(), run.calls, run.problems.join("\n"));
}

struct Run {
    /// When the current call began, and which it is.
    progress: Arc<Mutex<(Instant, String)>>,
    calls: usize,
    problems: Vec<String>,
}

#[derive(Clone)]
struct Arguments {
    positional: Vec<Value>,
    named: Vec<(String, Value)>,
}

impl Arguments {
    fn len(&self) -> usize {
        self.positional.len() + self.named.len()
    }

    fn get(&mut self, i: usize) -> &mut Value {
        let n = self.positional.len();
        if i < n { &mut self.positional[i] } else { &mut self.named[i - n].1 }
    }
}

impl Run {
    fn row(&mut self, def: &'static OpDef) {
        let schema = Schema::parse(def.schema).unwrap();
        let parse = |text: &str, seed: u64| {
            let (positional, named) = sample::parse(text, seed).unwrap();
            Arguments { positional, named }
        };
        let stride = def.samples.len().div_ceil(SAMPLES).max(1);
        for text in def.samples.iter().step_by(stride) {
            let count = parse(text, 5).len();
            for i in 0..count {
                let replacements = hostile(parse(text, 5).get(i));
                for (k, replacement) in replacements.into_iter().enumerate() {
                    // Parsed anew, since a call in place changes its argument.
                    let mut arguments = parse(text, 5);
                    *arguments.get(i) = replacement;
                    self.call(def, &schema, &arguments, &format!("`{text}` with argument {i} replaced by {k}"));
                }
            }
            self.miscounted(def, &schema, &parse(text, 5));
        }
        let mut dice = Dice(Generator::new(11));
        for k in 0..RANDOM_CALLS {
            let Some(text) = def.samples.get(dice.below(def.samples.len().max(1))) else { return };
            let mut arguments = parse(text, k as u64);
            for param in &schema.params {
                let given = schema.params.iter().position(|p| p.name == param.name).unwrap()
                    < arguments.positional.len()
                    || arguments.named.iter().any(|(name, _)| name == param.name);
                if !given && dice.below(4) == 0 {
                    let start = param.default.clone().unwrap_or(Value::None);
                    arguments.named.push((param.name.to_owned(), dice.pick(hostile(&start))));
                }
            }
            for i in 0..arguments.len() {
                if dice.below(2) == 0 {
                    let replacements = alike(arguments.get(i));
                    *arguments.get(i) = dice.pick(replacements);
                }
            }
            self.call(def, &schema, &arguments, &format!("random call {k}"));
        }
    }

    /// Calls with too few and too many arguments, and with names that no parameter has.
    fn miscounted(&mut self, def: &'static OpDef, schema: &Schema, arguments: &Arguments) {
        for n in 0..arguments.positional.len() {
            let mut fewer = arguments.clone();
            fewer.positional.truncate(n);
            self.call(def, schema, &fewer, &format!("only {n} positional arguments"));
        }
        for surplus in [Value::Int(1), Value::None, Tensor::scalar(1.0f32).into(), Value::Str("x".into())] {
            let mut more = arguments.clone();
            more.positional.extend(std::iter::repeat_n(surplus, 12));
            self.call(def, schema, &more, "12 more positional arguments");
        }
        for name in ["no_such_parameter", "", "dim", "axis", "x", "input"] {
            let mut more = arguments.clone();
            more.named.push((name.to_owned(), Value::Int(0)));
            self.call(def, schema, &more, &format!("keyword `{name}` added"));
        }
    }

    /// Calls the row itself, the op as each place in the table sees it (by which overloads are chosen), and its form
    /// in place.
    fn call(&mut self, def: &'static OpDef, schema: &Schema, arguments: &Arguments, what: &str) {
        let positional = &arguments.positional;
        let named: Vec<(&str, Value)> = arguments.named.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
        self.guard(def, arguments, what, || {
            let args = schema.bind(positional, &named, false)?;
            def.call(args)
        });
        if let Some(op) = table().methods.get(schema.name).filter(|_| positional.first().is_some_and(is_tensor)) {
            self.guard(def, arguments, what, || op.bind(positional, &named, true).map(|_| Value::None));
        }
        if let Some(op) = table().torch.get(schema.name).filter(|op| op.overloads().count() > 1) {
            self.guard(def, arguments, what, || op.call(positional, &named, false));
        }
        if def.place & INPLACE != 0 && positional.first().is_some_and(is_tensor) {
            let op = &table().in_place[schema.name];
            self.guard(def, arguments, what, || {
                let mut own = positional.clone();
                // A leaf that wants a gradient cannot be changed in place; a result of an op can.
                if let Value::Tensor(t) = &own[0]
                    && t.requires_grad()
                {
                    own[0] = t.mul(&Tensor::scalar(1.0f32))?.into();
                }
                op.call_in_place(&own, &named)
            });
        }
    }

    /// Makes one call, and the backward pass from its result.
    fn guard(&mut self, def: &'static OpDef, arguments: &Arguments, what: &str, call: impl Fn() -> Result<Value>) {
        let start = Instant::now();
        *self.progress.lock().unwrap() = (start, format!("{}: {what}", def.schema));
        self.calls += 1;
        let mut stage = "call";
        let outcome = quietly(|| -> Result<()> {
            let mut outputs = Vec::new();
            collect(&call()?, &mut outputs);
            for out in outputs.iter().filter(|t| t.numel() < 1 << 16) {
                stage = "reading the result";
                out.to_vec::<f64>()?;
                if out.requires_grad() {
                    stage = "backward";
                    let sum = ops::reduce::sum(out, &[], false, None)?;
                    autograd::backward(&[sum], &[], GradOptions { retain_graph: true, ..GradOptions::default() })?;
                }
            }
            Ok(())
        });
        let problem = match outcome {
            Err(panic) => format!("{stage} panicked: {panic}"),
            Ok(Err(Error::Callback(_))) => format!("{stage} raised a callback's error"),
            Ok(_) if start.elapsed() > PATIENCE => format!("{stage} took {:?}", start.elapsed()),
            Ok(_) => return,
        };
        let named = arguments.named.iter().map(|(name, value)| format!("{name}={}", describe(value)));
        let shown: Vec<String> = arguments.positional.iter().map(describe).chain(named).collect();
        self.problems.push(format!("{} | {what} | ({}) | {problem}", def.schema, shown.join(", ")));
    }
}

/// Runs `f` and returns the message and the place of its panic, if it panics, instead of printing them.
fn quietly<R>(f: impl FnOnce() -> R) -> Result<R, String> {
    thread_local! {
        static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PLACE.with_borrow_mut(|place| match place {
                Some(place) => *place = info.location().map_or_else(String::new, ToString::to_string),
                None => usual(info),
            });
        }));
    });
    PLACE.set(Some(String::new()));
    let result = catch_unwind(AssertUnwindSafe(f));
    let place = PLACE.take().unwrap_or_default();
    result.map_err(|panic: Box<dyn Any + Send>| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        format!("{} at {place}", text.unwrap_or("a payload without text"))
    })
}

struct Dice(Generator);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0.draw32() as usize % n
    }

    fn pick(&mut self, mut values: Vec<Value>) -> Value {
        let i = self.below(values.len());
        values.swap_remove(i)
    }
}

fn is_tensor(value: &Value) -> bool {
    matches!(value, Value::Tensor(_))
}

fn collect(value: &Value, tensors: &mut Vec<Tensor>) {
    match value {
        Value::Tensor(t) => tensors.push(t.clone()),
        Value::List(items) => items.iter().for_each(|v| collect(v, tensors)),
        _ => {}
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Tensor(t) => {
            let grad = if t.requires_grad() { " grad" } else { "" };
            let values = t.to_vec::<f64>().unwrap_or_default();
            format!("{}{:?}/{:?}{grad} {:?}", t.dtype(), t.shape(), t.strides(), &values[..values.len().min(6)])
        }
        Value::List(items) if items.len() > 8 => format!("list of {} {}", items.len(), describe(&items[0])),
        Value::List(items) => format!("({})", items.iter().map(describe).collect::<Vec<_>>().join(", ")),
        other => format!("{other:?}"),
    }
}

/// Values to put in the place of `value`: of its own type, and of every other.
fn hostile(value: &Value) -> Vec<Value> {
    let mut values = alike(value);
    values.extend([Value::None, Value::Bool(true), Value::Int(-1), Value::Int(1 << 40), Value::Float(f64::NAN)]);
    values.extend([Value::Str("1".into()), Value::Device, Value::Other("dict".into())]);
    values.extend(DType::ALL.map(Value::DType));
    values.push(Tensor::scalar(2i64).into());
    values.push(Tensor::scalar(f32::NAN).into());
    values.push(Tensor::zeros(&[2, 3], DType::F32).unwrap().into());
    values.push(Value::List(vec![]));
    values.push(Value::List(vec![Value::Int(1); 70]));
    values.push(Value::List(vec![Value::List(vec![Value::Int(1)]); 2]));
    values.push(Value::List(vec![Value::None, Tensor::scalar(1.0f32).into()]));
    values.push(Value::List(vec![value.clone()]));
    values.push(Value::List(vec![value.clone(), value.clone(), value.clone()]));
    values
}

/// Values of the type of `value`.
fn alike(value: &Value) -> Vec<Value> {
    match value {
        Value::Int(_) => INTS.into_iter().map(Value::Int).collect(),
        Value::Float(_) => FLOATS.into_iter().map(Value::Float).chain([Value::Int(i64::MIN)]).collect(),
        Value::Bool(b) => vec![Value::Bool(!b), Value::Bool(*b)],
        Value::Str(_) => TEXTS.into_iter().map(|text| Value::Str(text.into())).collect(),
        Value::DType(_) => DType::ALL.into_iter().map(Value::DType).collect(),
        Value::Tensor(t) => tensors(t).into_iter().map(Value::Tensor).collect(),
        Value::List(items) => lists(items),
        Value::None => vec![Value::None, Value::Int(2), Tensor::zeros(&[2], DType::F64).unwrap().into()],
        other => vec![other.clone()],
    }
}

/// The list with each of its items replaced, and with fewer, more, and repeated items.
fn lists(items: &[Value]) -> Vec<Value> {
    let mut lists = vec![vec![], items[..items.len().saturating_sub(1)].to_vec(), [items, items].concat()];
    if let Some(first) = items.first() {
        lists.push([&[first.clone()][..], items].concat());
        lists.push(vec![first.clone(); items.len()]);
        lists.extend(alike(first).into_iter().map(|v| vec![v; items.len()]));
    }
    for i in 0..items.len().min(3) {
        for v in alike(&items[i]).into_iter().chain([Value::None, Value::Str("1".into())]) {
            let mut list = items.to_vec();
            list[i] = v;
            lists.push(list);
        }
    }
    lists.into_iter().map(Value::List).collect()
}

/// Tensors of other ranks, sizes, dtypes, layouts and values than `t`.
fn tensors(t: &Tensor) -> Vec<Tensor> {
    let shape = t.shape().to_vec();
    let plain = t.detach();
    let full = |shape: &[usize], v: f64, dtype| Tensor::full(shape, Scalar::Float(v), dtype).unwrap();
    let ints = |v: i64| Tensor::full(&shape, Scalar::Int(v), DType::I64).unwrap();
    let mut tensors = vec![plain.clone()];
    tensors.extend(DType::ALL.map(|dtype| plain.to_dtype(dtype).unwrap()));

    let ranks: [&[usize]; 12] = [
        &[],
        &[1],
        &[0],
        &[3],
        &[2, 0, 3],
        &[1, 1],
        &[4, 5],
        &[1, 2, 3],
        &[2, 2, 3, 3],
        &[1, 2, 1, 2, 3],
        &[0, 0],
        &[1; 6],
    ];
    for (k, other) in ranks.into_iter().enumerate() {
        tensors.push(full(other, 0.25, if t.dtype() == DType::I64 { DType::I64 } else { DType::F64 }));
        tensors.push(full(other, 1.0, DType::ALL[k % DType::ALL.len()]));
    }
    for values in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, 0.0] {
        tensors.push(full(&shape, values, DType::F64));
    }
    tensors.extend([-1, 0, 1, 7, 1 << 40, i64::MAX, i64::MIN].map(ints));

    // Other layouts: larger, reversed, shifted, with steps of 0, and with elements that lie over each other.
    let view = |result: Result<Tensor>| result.unwrap_or_else(|_| plain.clone());
    tensors.push(view(ops::view::unsqueeze(&plain, 0)));
    tensors.push(view(ops::view::select(&plain, 0, 0)));
    tensors.push(view(ops::view::transpose(&plain, 0, -1)));
    let sizes: Vec<i64> = shape.iter().map(|&n| n as i64).collect();
    tensors.push(view(ops::view::expand(&full(&[], 0.5, DType::F64), &sizes)));
    tensors.push(view(ops::view::expand(&full(&[1], 1.0, t.dtype()), &[5])));
    tensors.push(view(ops::view::expand(&plain, &[&[3][..], &sizes].concat())));
    let line: Vec<f64> = (0..64).map(|i| f64::from(i) * 0.1).collect();
    let line = Tensor::from_vec(line, &[64]).unwrap().to_dtype(t.dtype()).unwrap();
    let ones = Value::List(vec![Value::Int(1); shape.len()]);
    let sizes = Value::List(sizes.into_iter().map(Value::Int).collect());
    if let Ok(Value::Tensor(overlapping)) = table().torch["as_strided"].call(&[line.into(), sizes, ones], &[], false) {
        tensors.push(overlapping);
    }
    tensors.push(view(ops::view::narrow(&plain, 0, shape.first().map_or(0, |&n| n as i64), 0)));

    let wanting = tensors.iter().filter(|t| t.dtype().is_float());
    let wanting: Vec<Tensor> = wanting.map(|t| t.detach().with_requires_grad(true).unwrap()).collect();
    tensors.extend(wanting);
    tensors
}
