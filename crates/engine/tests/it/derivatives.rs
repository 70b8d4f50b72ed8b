//! Every row of the table of ops against central differences in float64, first and second derivatives, on contiguous
//! and on strided inputs. Walks the table, so that a new op cannot be forgotten.

use lyceum_engine::autograd::{self, GradOptions};
use lyceum_engine::ops::{self, CONVENTION, NO_GRAD, OpDef, Schema, Value, sample};
use lyceum_engine::random;
use lyceum_engine::{Error, ErrorKind, Result, Tensor};

const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 2e-5;

#[test]
fn every_schema_parses_and_every_row_has_samples() {
    let mut problems = Vec::new();
    for def in ops::rows() {
        if Schema::parse(def.schema).is_none() {
            problems.push(format!("malformed schema: {}", def.schema));
        }
        if def.samples.is_empty() {
            problems.push(format!("no samples: {}", def.schema));
        }
        if def.doc.is_empty() {
            problems.push(format!("no docstring: {}", def.schema));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_op_agrees_with_central_differences() {
    let mut problems = Vec::new();
    for def in ops::rows().filter(|def| def.place & CONVENTION == 0) {
        for text in def.samples {
            for strided in [false, true] {
                if let Err(problem) = check(def, text, strided) {
                    problems.push(format!("{} with `{text}` (strided: {strided}): {problem}", def.schema));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// One call of a row: its arguments, and which of them want gradients.
struct Call {
    def: &'static OpDef,
    schema: Schema,
    positional: Vec<Value>,
    named: Vec<(String, Value)>,
}

impl Call {
    fn run(&self) -> Result<Vec<Tensor>> {
        random::manual_seed(7);
        let named: Vec<(&str, Value)> = self.named.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
        let args = self.schema.bind(&self.positional, &named, false)?;
        let mut tensors = Vec::new();
        collect(&self.def.call(args)?, &mut tensors);
        Ok(tensors)
    }

    fn leaves(&self) -> Vec<Tensor> {
        let mut tensors = Vec::new();
        self.positional.iter().chain(self.named.iter().map(|(_, v)| v)).for_each(|v| collect(v, &mut tensors));
        tensors.retain(Tensor::requires_grad);
        tensors
    }

    /// A weighted sum of all outputs that carry gradients, so that no two elements have the same gradient.
    fn loss(&self) -> Result<Option<Tensor>> {
        let mut total: Option<Tensor> = None;
        for (k, out) in self.run()?.into_iter().enumerate() {
            if !out.requires_grad() || out.numel() == 0 {
                continue;
            }
            let n = out.numel();
            let weights: Vec<f64> = (0..n).map(|i| ((i * 7 + k * 3) % 11) as f64 / 5.0 - 0.9).collect();
            let weights = Tensor::from_vec(weights, out.shape())?.to_dtype(out.dtype())?;
            let term = ops::reduce::sum(&out.mul(&weights)?, &[], false, None)?;
            total = Some(match total {
                Some(sum) => sum.add(&term)?,
                None => term,
            });
        }
        Ok(total)
    }
}

fn collect(value: &Value, tensors: &mut Vec<Tensor>) {
    match value {
        Value::Tensor(t) => tensors.push(t.clone()),
        Value::List(items) => items.iter().for_each(|v| collect(v, tensors)),
        _ => {}
    }
}

fn strided(value: Value) -> Value {
    match value {
        // The transpose of a contiguous copy of the transpose: equal values, other strides.
        Value::Tensor(t) if t.rank() >= 2 => {
            let copy = autograd::no_grad(|| {
                let last = t.rank() as i64 - 1;
                ops::view::transpose(&t, 0, last)?.copy_op().and_then(|c| ops::view::transpose(&c, 0, last))
            })
            .and_then(|c| c.detach().with_requires_grad(t.requires_grad()));
            copy.map_or(Value::Tensor(t), Value::Tensor)
        }
        Value::List(items) => Value::List(items.into_iter().map(strided).collect()),
        other => other,
    }
}

fn check(def: &'static OpDef, text: &str, make_strided: bool) -> Result<(), String> {
    let say = |error: Error| error.to_string();
    let (mut positional, mut named) = sample::parse(text, 3).map_err(say)?;
    if make_strided {
        positional = positional.into_iter().map(strided).collect();
        named = named.into_iter().map(|(n, v)| (n, strided(v))).collect();
    }
    let call = Call { def, schema: Schema::parse(def.schema).ok_or("malformed schema")?, positional, named };
    let outputs = match call.run() {
        Err(error) if make_strided && error.to_string().contains("view size is not compatible") => return Ok(()),
        outputs => outputs.map_err(say)?,
    };
    let leaves = call.leaves();
    let maps_floats = !leaves.is_empty() && outputs.iter().any(|t| t.dtype().is_float());
    let Some(loss) = call.loss().map_err(say)? else {
        let empty = outputs.iter().all(|t| t.numel() == 0 || !t.dtype().is_float());
        return if def.place & NO_GRAD != 0 || !maps_floats || empty {
            Ok(())
        } else {
            Err("has no derivative".into())
        };
    };
    let options = GradOptions { create_graph: true, allow_unused: true, ..GradOptions::default() };
    let grads = autograd::grad(&[loss], &leaves, &[], options).map_err(say)?;
    let value = || autograd::no_grad(|| Ok(call.run_loss_value()?.unwrap_or(0.0)));
    compare("gradient", &leaves, &grads, value).map_err(|e: String| e)?;

    // Without a graph of the gradients kernels may stand in for ops: they must agree.
    let options = GradOptions { allow_unused: true, ..GradOptions::default() };
    let loss = call.loss().map_err(say)?.ok_or("has no derivative the second time")?;
    let fused = autograd::grad(&[loss], &leaves, &[], options).map_err(say)?;
    for (k, (plain, fused)) in grads.iter().zip(&fused).enumerate() {
        let values = |grad: &Option<Tensor>| grad.as_ref().map_or(Ok(Vec::new()), Tensor::to_vec::<f64>);
        let (plain, fused) = (values(plain).map_err(say)?, values(fused).map_err(say)?);
        let differ = |(a, b): (&f64, &f64)| !((a - b).abs() <= 1e-9 * (1.0 + a.abs()) || (a.is_nan() && b.is_nan()));
        if plain.len() != fused.len() || plain.iter().zip(&fused).any(differ) {
            return Err(format!("gradient of input {k} is {plain:?} by ops but {fused:?} by the kernel"));
        }
    }

    // Second derivatives: of a weighted sum of the first.
    let weighted = |grads: &[Option<Tensor>]| -> Result<Option<Tensor>> {
        let mut total: Option<Tensor> = None;
        for grad in grads.iter().flatten().filter(|g| g.requires_grad() && g.numel() > 0) {
            let weights: Vec<f64> = (0..grad.numel()).map(|i| ((i * 5) % 7) as f64 / 3.0 - 0.8).collect();
            let weights = Tensor::from_vec(weights, grad.shape())?.to_dtype(grad.dtype())?;
            let term = ops::reduce::sum(&grad.mul(&weights)?, &[], false, None)?;
            total = Some(match total {
                Some(sum) => sum.add(&term)?,
                None => term,
            });
        }
        Ok(total)
    };
    let Some(second) = weighted(&grads).map_err(say)? else { return Ok(()) };
    let options = GradOptions { allow_unused: true, ..GradOptions::default() };
    match autograd::grad(std::slice::from_ref(&second), &leaves, &[], options) {
        Err(error) if error.kind() == ErrorKind::NotImplemented => Ok(()),
        Err(error) => Err(format!("second derivative: {error}")),
        Ok(grads2) => {
            let value = || -> Result<f64> {
                let Some(loss) = call.loss()? else { return Ok(0.0) };
                let options = GradOptions { create_graph: true, allow_unused: true, ..GradOptions::default() };
                let grads = autograd::grad(&[loss], &leaves, &[], options)?;
                // Constant parts of the gradient do not require gradients, here as in the pass above.
                weighted(&grads)?.map_or(Ok(0.0), |t| Ok(t.item()?.to_f64()))
            };
            compare("second derivative", &leaves, &grads2, value)
        }
    }
}

impl Call {
    fn run_loss_value(&self) -> Result<Option<f64>> {
        // Which outputs count is decided with recording on.
        let _mode = autograd::GradMode::new(true);
        self.loss()?.map(|t| Ok(t.item()?.to_f64())).transpose()
    }
}

/// Compares gradients with central differences of `value`, element by element of every leaf.
fn compare(
    what: &str,
    leaves: &[Tensor],
    grads: &[Option<Tensor>],
    value: impl Fn() -> Result<f64>,
) -> Result<(), String> {
    let say = |error: Error| error.to_string();
    for (k, (leaf, grad)) in leaves.iter().zip(grads).enumerate() {
        let analytic = match grad {
            Some(grad) => {
                if grad.shape() != leaf.shape() {
                    return Err(format!("{what} {k} has shape {:?}, its input {:?}", grad.shape(), leaf.shape()));
                }
                grad.to_vec::<f64>().map_err(say)?
            }
            None => vec![0.0; leaf.numel()],
        };
        let original = leaf.to_vec::<f64>().map_err(say)?;
        let set = |values: &[f64]| -> Result<()> {
            let values = Tensor::from_vec(values.to_vec(), leaf.shape())?;
            // Through `data`, so that values saved by the graph under test do not count as changed.
            autograd::no_grad(|| autograd::inplace::assign(&leaf.data(), &values))
        };
        for i in 0..original.len() {
            let mut moved = original.clone();
            moved[i] = original[i] + STEP;
            set(&moved).map_err(say)?;
            let above = value().map_err(say)?;
            moved[i] = original[i] - STEP;
            set(&moved).map_err(say)?;
            let below = value().map_err(say)?;
            set(&original).map_err(say)?;
            let numeric = (above - below) / (2.0 * STEP);
            let error = (numeric - analytic[i]).abs();
            if error.is_nan() || error > TOLERANCE * (1.0 + numeric.abs()) {
                return Err(format!(
                    "{what} of input {k}, element {i}: {} but central difference {numeric}",
                    analytic[i]
                ));
            }
        }
    }
    Ok(())
}

/// The gradient of a CTC loss is that of the scores before the log-softmax, so it is checked behind one.
#[test]
fn ctc_loss_agrees_with_central_differences_behind_a_log_softmax() -> Result<()> {
    let op = ops::table().private.get("_ctc_loss").ok_or(Error::Runtime("no _ctc_loss".into()))?;
    let (mut scores, _) = sample::parse("[5,3,4]", 3)?;
    let Some(Value::Tensor(leaf)) = scores.pop() else { panic!("a sample is a tensor") };
    let targets = Tensor::from_vec(vec![1i64, 2, 1, 3, 3, 0], &[3, 2])?;
    let ints = |numbers: [i64; 3]| Value::List(numbers.into_iter().map(Value::Int).collect());
    let loss = || -> Result<Tensor> {
        let log_probabilities = ops::softmax::log_softmax(&leaf, -1, None)?;
        let arguments = [log_probabilities.into(), targets.clone().into(), ints([5, 4, 3]), ints([2, 2, 0])];
        let Value::Tensor(losses) = op.call(&arguments, &[], false)? else { panic!("a loss is a tensor") };
        let weights = Tensor::from_vec(vec![1.0, 0.5, -2.0], &[3])?;
        ops::reduce::sum(&losses.mul(&weights)?, &[], false, None)
    };
    let grads = autograd::grad(&[loss()?], std::slice::from_ref(&leaf), &[], GradOptions::default())?;
    let value = || autograd::no_grad(|| Ok(loss()?.item()?.to_f64()));
    compare("gradient", std::slice::from_ref(&leaf), &grads, value).unwrap_or_else(|problem| panic!("{problem}"));
    Ok(())
}
