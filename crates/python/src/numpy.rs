//! The native half of `numpy`: its random streams bit for bit, sums in its order, and the classes by which `torch` knows
//! numpy's arrays and numbers.
//!
//! The arrays themselves are written in Python (`lib/numpy`), around tensors of the engine. What is where: `mt19937` and
//! `pcg64` are the generators, `seed_sequence` seeds the second, `bits` draws whole numbers, `ziggurat`, `stream` and
//! `counts` the distributions, `sums` adds.

mod bits;
mod counts;
mod mt19937;
mod pcg64;
mod seed_sequence;
mod stream;
mod sums;
mod ziggurat;

use std::cell::RefCell;

use lyceum_engine::{DType, Scalar, Tensor};
use rustpython_vm::builtins::{PyModuleDef, PyTypeRef};
use rustpython_vm::{AsObject, Context, PyObject, PyObjectRef, PyResult, VirtualMachine};

use crate::torch::PyTensor;

/// `numpy.ndarray` and `numpy.generic`, once numpy was imported.
struct Classes {
    array: PyTypeRef,
    number: PyTypeRef,
}

thread_local! {
    static CLASSES: RefCell<Option<Classes>> = const { RefCell::new(None) };
}

/// Forgets the classes of an interpreter that ends.
pub(crate) fn forget_classes() {
    CLASSES.set(None);
}

/// Says whether an object is an array.
pub(crate) fn is_array(object: &PyObject) -> bool {
    CLASSES.with_borrow(|classes| classes.as_ref().is_some_and(|c| object.fast_isinstance(&c.array)))
}

/// Returns the tensor that holds an array's numbers; `None` for what is no array.
pub(crate) fn array(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<Tensor>> {
    if !is_array(object) {
        return Ok(None);
    }
    let tensor = object.get_attr("_tensor", vm)?;
    PyTensor::expect(&tensor, "an array of numbers", vm).map(Some)
}

/// Returns a number of numpy, such as `np.float32(1.5)`, with its dtype; `None` for anything else.
pub(crate) fn number(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<(Scalar, DType)>> {
    let is_number = CLASSES.with_borrow(|classes| classes.as_ref().is_some_and(|c| object.fast_isinstance(&c.number)));
    if !is_number {
        return Ok(None);
    }
    let item = vm.call_method(object, "item", ())?;
    let Some(scalar) = crate::torch::python_number(&item, vm)? else {
        return Ok(None);
    };
    let dtype = object.get_attr("_torch_dtype", vm)?;
    let dtype = crate::torch::read_dtype(&dtype, "numpy", vm)?;
    Ok(Some((scalar, dtype)))
}

/// Makes the array that shares the memory of a tensor.
pub(crate) fn from_tensor(tensor: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    vm.import("numpy", 0)?.get_attr("_share", vm)?.call((tensor,), vm)
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_numpy")]
mod module {
    use std::cell::RefCell;

    use lyceum_engine::{DType, Tensor, element::Element, ops};
    use rustpython_vm::builtins::{PyStrRef, PyTypeRef};
    use rustpython_vm::function::OptionalArg;
    use rustpython_vm::{PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass};

    use super::bits::Bits;
    use super::mt19937::Mt19937;
    use super::pcg64::Pcg64;
    use super::seed_sequence::SeedSequence;
    use super::stream::Stream;
    use super::{CLASSES, Classes, sums, ziggurat};
    use crate::torch::PyTensor;

    /// Tells `torch` the classes of arrays and of numbers.
    #[pyfunction]
    fn register(array: PyTypeRef, number: PyTypeRef) {
        CLASSES.set(Some(Classes { array, number }));
    }

    fn wrap<T: Element>(values: Vec<T>, vm: &VirtualMachine) -> PyResult {
        let shape = [values.len()];
        let tensor = Tensor::from_vec(values, &shape).map_err(|error| vm.new_value_error(error.to_string()))?;
        Ok(PyTensor::wrap(tensor, vm))
    }

    /// A tensor of the numbers in a list, in numpy's dtype for them.
    #[pyfunction]
    fn tensor(data: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        Ok(PyTensor::wrap(crate::torch::double_precision(&data, vm)?, vm))
    }

    /// Says whether every number of a tensor is finite.
    #[pyfunction]
    fn is_finite(tensor: PyRef<PyTensor>, vm: &VirtualMachine) -> PyResult<bool> {
        let tensor = tensor.tensor();
        // Whole stretches are looked at, so that vectors of the processor can do it.
        let answer = match tensor.dtype() {
            DType::F64 => tensor.dense::<f64>().map(|values| {
                values.chunks(4096).all(|part| !part.iter().fold(false, |found, value| found | !value.is_finite()))
            }),
            DType::F32 => tensor.dense::<f32>().map(|values| {
                values.chunks(4096).all(|part| !part.iter().fold(false, |found, value| found | !value.is_finite()))
            }),
            _ => Ok(true),
        };
        answer.map_err(|error| vm.new_runtime_error(error.to_string()))
    }

    /// The sum of a tensor of floats over some of its dimensions, in numpy's order.
    #[pyfunction]
    fn sum(tensor: PyRef<PyTensor>, dims: Vec<usize>, vm: &VirtualMachine) -> PyResult {
        let failed = |error: lyceum_engine::Error| vm.new_runtime_error(error.to_string());
        let tensor = tensor.tensor();
        // numpy walks memory in its order, whatever the order of the axes.
        let mut order: Vec<usize> = (0..tensor.rank()).collect();
        order.sort_by_key(|&d| std::cmp::Reverse(tensor.strides()[d].unsigned_abs()));
        let signed: Vec<i64> = order.iter().map(|&d| d as i64).collect();
        let in_memory = ops::view::permute(&tensor, &signed).map_err(failed)?;
        let axes: Vec<(usize, bool)> = order.iter().map(|d| (tensor.shape()[*d], dims.contains(d))).collect();
        let kept: Vec<usize> = order.iter().copied().filter(|d| !dims.contains(d)).collect();
        let shape: Vec<usize> = kept.iter().map(|&d| tensor.shape()[d]).collect();
        let sums = match tensor.dtype() {
            DType::F64 => Tensor::from_vec(sums::sum(&in_memory.dense::<f64>().map_err(failed)?, &axes), &shape),
            DType::F32 => Tensor::from_vec(sums::sum(&in_memory.dense::<f32>().map_err(failed)?, &axes), &shape),
            other => {
                return Err(vm.new_type_error(format!("numpy's order of adding is that of floats, not of {other}")));
            }
        };
        // Back to the order of the axes.
        let mut sorted = kept.clone();
        sorted.sort_unstable();
        let back: Vec<i64> = sorted.iter().filter_map(|d| kept.iter().position(|k| k == d)).map(|i| i as i64).collect();
        let result = sums.and_then(|sums| ops::view::permute(&sums, &back)).map_err(failed)?;
        Ok(PyTensor::wrap(result, vm))
    }

    fn list_of<T: Into<u64>>(words: impl IntoIterator<Item = T>, vm: &VirtualMachine) -> PyObjectRef {
        vm.ctx.new_list(words.into_iter().map(|word| vm.ctx.new_int(word.into()).into()).collect()).into()
    }

    /// Four words that nobody can foretell.
    #[pyfunction]
    fn entropy(vm: &VirtualMachine) -> PyResult {
        let words = (0..4).map(|_| getrandom::u32()).collect::<Result<Vec<_>, _>>();
        words.map(|words| list_of(words, vm)).map_err(|error| vm.new_os_error(format!("no entropy: {error}")))
    }

    /// The words that `SeedSequence(entropy, spawn_key)` makes.
    #[pyfunction]
    fn seed_words(entropy: Vec<u32>, spawn_key: Vec<u32>, count: usize, vm: &VirtualMachine) -> PyObjectRef {
        list_of(SeedSequence::new(&entropy, &spawn_key).words(count), vm)
    }

    /// The stream of `RandomState(seed)`: from one word, or from several.
    #[pyfunction]
    fn mersenne_twister(seed: Vec<u32>, is_array: bool, is_legacy: bool, vm: &VirtualMachine) -> PyResult<PyStream> {
        let mt = match seed.as_slice() {
            [] => return Err(vm.new_value_error("Seed must be non-empty")),
            [word] if !is_array => Mt19937::from_word(*word),
            words => Mt19937::from_words(words),
        };
        Ok(PyStream::new(Stream { bits: Bits::Mt(Box::new(mt)), is_legacy, spare: None }))
    }

    /// The stream of `Generator(MT19937(SeedSequence(entropy, spawn_key)))`.
    #[pyfunction]
    fn mersenne_twister_spread(entropy: Vec<u32>, spawn_key: Vec<u32>, is_legacy: bool) -> PyStream {
        let mut key = [0; 624];
        key.copy_from_slice(&SeedSequence::new(&entropy, &spawn_key).words(624));
        key[0] = 0x8000_0000;
        let mt = Mt19937 { key, position: 623 };
        PyStream::new(Stream { bits: Bits::Mt(Box::new(mt)), is_legacy, spare: None })
    }

    /// The stream of `Generator(PCG64(SeedSequence(entropy, spawn_key)))`.
    #[pyfunction]
    fn pcg64(entropy: Vec<u32>, spawn_key: Vec<u32>, is_legacy: bool) -> PyStream {
        let mut words = [0; 4];
        words.copy_from_slice(&SeedSequence::new(&entropy, &spawn_key).long_words(4));
        PyStream::new(Stream { bits: Bits::Pcg(Pcg64::from_words(words)), is_legacy, spare: None })
    }

    /// A parameter of a distribution: one number for all draws, or one for each.
    enum Parameter {
        One(f64),
        Each(Vec<f64>),
    }

    impl Parameter {
        fn read(object: OptionalArg<PyObjectRef>, count: usize, vm: &VirtualMachine) -> PyResult<Parameter> {
            let OptionalArg::Present(object) = object else {
                return Ok(Parameter::One(0.0));
            };
            let Some(tensor) = object.downcast_ref::<PyTensor>() else {
                return object.try_float(vm).map(|number| Parameter::One(number.to_f64()));
            };
            let values = tensor.tensor().to_vec::<f64>().map_err(|error| vm.new_type_error(error.to_string()))?;
            if values.len() != count {
                return Err(vm.new_value_error(format!("{} parameters for {count} draws", values.len())));
            }
            Ok(Parameter::Each(values))
        }

        fn at(&self, i: usize) -> f64 {
            match self {
                Parameter::One(value) => *value,
                Parameter::Each(values) => values[i],
            }
        }
    }

    /// A stream of random numbers with numpy's distributions.
    #[pyattr]
    #[pyclass(module = "_numpy", name = "Stream")]
    #[derive(PyPayload)]
    struct PyStream {
        stream: RefCell<Stream>,
    }

    impl std::fmt::Debug for PyStream {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Stream")
        }
    }

    impl PyStream {
        fn new(stream: Stream) -> PyStream {
            PyStream { stream: RefCell::new(stream) }
        }
    }

    #[pyclass(flags(DISALLOW_INSTANTIATION))]
    impl PyStream {
        /// `count` numbers of a continuous distribution, as float64.
        #[pymethod]
        fn draw(
            &self,
            distribution: PyStrRef,
            count: usize,
            a: OptionalArg<PyObjectRef>,
            b: OptionalArg<PyObjectRef>,
            c: OptionalArg<PyObjectRef>,
            vm: &VirtualMachine,
        ) -> PyResult {
            let (a, b, c) =
                (Parameter::read(a, count, vm)?, Parameter::read(b, count, vm)?, Parameter::read(c, count, vm)?);
            let one: fn(&mut Stream, f64, f64, f64) -> f64 = match &*distribution.to_string_lossy() {
                "random" => |s, _, _, _| s.double(),
                "uniform" => |s, low, range, _| low + range * s.double(),
                "standard_normal" => |s, _, _, _| s.normal(),
                "normal" => |s, mean, deviation, _| mean + deviation * s.normal(),
                "lognormal" => |s, mean, deviation, _| (mean + deviation * s.normal()).exp(),
                "exponential" => |s, scale, _, _| scale * s.exponential(),
                "gamma" => |s, shape, scale, _| scale * s.gamma(shape),
                "beta" => |s, a, b, _| s.beta(a, b),
                "chisquare" => |s, freedom, _, _| 2.0 * s.gamma(freedom / 2.0),
                "standard_t" => |s, freedom, _, _| s.student(freedom),
                "standard_cauchy" => |s, _, _, _| s.normal() / s.normal(),
                "laplace" => |s, location, scale, _| s.laplace(location, scale),
                "gumbel" => |s, location, scale, _| s.gumbel(location, scale),
                "logistic" => |s, location, scale, _| s.logistic(location, scale),
                "rayleigh" => |s, scale, _, _| s.rayleigh(scale),
                "pareto" => |s, a, _, _| s.pareto(a),
                "power" => |s, a, _, _| s.power(a),
                "weibull" => |s, a, _, _| s.weibull(a),
                "triangular" => |s, left, mode, right| s.triangular(left, mode, right),
                other => return Err(vm.new_value_error(format!("no distribution {other:?}"))),
            };
            let mut stream = self.stream.borrow_mut();
            wrap((0..count).map(|i| one(&mut stream, a.at(i), b.at(i), c.at(i))).collect::<Vec<f64>>(), vm)
        }

        /// `count` numbers of single precision: `"random"` or `"standard_normal"`.
        #[pymethod]
        fn draw_single(&self, distribution: PyStrRef, count: usize, vm: &VirtualMachine) -> PyResult {
            let bits = &mut self.stream.borrow_mut().bits;
            let one: fn(&mut Bits) -> f32 = match &*distribution.to_string_lossy() {
                "random" => Bits::next_float,
                "standard_normal" => ziggurat::normal_single,
                other => return Err(vm.new_value_error(format!("no distribution {other:?} of single precision"))),
            };
            wrap((0..count).map(|_| one(bits)).collect::<Vec<f32>>(), vm)
        }

        /// `count` numbers of a distribution that counts, as int64.
        #[pymethod]
        fn count(
            &self,
            distribution: PyStrRef,
            count: usize,
            a: OptionalArg<PyObjectRef>,
            b: OptionalArg<PyObjectRef>,
            vm: &VirtualMachine,
        ) -> PyResult {
            let (a, b) = (Parameter::read(a, count, vm)?, Parameter::read(b, count, vm)?);
            let one: fn(&mut Stream, f64, f64) -> i64 = match &*distribution.to_string_lossy() {
                "poisson" => |s, mean, _| s.poisson(mean),
                "binomial" => |s, trials, p| s.binomial(trials as i64, p),
                "geometric" => |s, p, _| s.geometric(p),
                other => return Err(vm.new_value_error(format!("no distribution {other:?}"))),
            };
            let mut stream = self.stream.borrow_mut();
            wrap((0..count).map(|i| one(&mut stream, a.at(i), b.at(i))).collect::<Vec<i64>>(), vm)
        }

        /// `count` whole numbers from `low` to `last`, which must not be less. `kind` is the dtype for which numpy has a
        /// method of its own: `"int64"`, `"int32"`, `"uint8"` or `"bool"`.
        #[pymethod]
        fn integers(&self, low: i64, last: i64, count: usize, kind: PyStrRef, vm: &VirtualMachine) -> PyResult {
            let mut stream = self.stream.borrow_mut();
            let masked = stream.is_legacy;
            let range = last.wrapping_sub(low) as u64;
            let bits = &mut stream.bits;
            let narrow = |offset: u64| low.wrapping_add(offset as i64);
            match &*kind.to_string_lossy() {
                "uint8" => {
                    let drawn = bits.bytes(range as u8, count, masked);
                    wrap(drawn.into_iter().map(|offset| narrow(u64::from(offset)) as u8).collect::<Vec<u8>>(), vm)
                }
                "bool" if range == 0 => wrap(vec![low != 0; count], vm),
                "bool" => wrap(bits.booleans(count), vm),
                kind => {
                    let mut draw = |_| narrow(if masked { bits.masked(range) } else { bits.lemire(range) });
                    match kind {
                        "int32" => wrap((0..count).map(|i| draw(i) as i32).collect::<Vec<i32>>(), vm),
                        _ => wrap((0..count).map(draw).collect::<Vec<i64>>(), vm),
                    }
                }
            }
        }

        /// The numbers below `count`, shuffled: all of them, or only the places from `first` on. numpy has a method for
        /// each.
        #[pymethod]
        fn shuffled(&self, count: usize, first: OptionalArg<usize>, vm: &VirtualMachine) -> PyResult {
            let mut items: Vec<i64> = (0..count as i64).collect();
            let masked = matches!(first, OptionalArg::Missing);
            self.stream.borrow_mut().bits.shuffle(&mut items, first.unwrap_or(1), masked);
            wrap(items, vm)
        }

        /// `count` of the numbers below `population`, none twice, by Floyd's method, shuffled if wanted.
        #[pymethod]
        fn floyd(&self, population: usize, count: usize, shuffle: bool, vm: &VirtualMachine) -> PyResult {
            let mut stream = self.stream.borrow_mut();
            let mut seen = std::collections::HashSet::with_capacity(count);
            let mut items = Vec::with_capacity(count);
            for j in population - count.min(population)..population {
                let value = stream.bits.lemire(j as u64) as i64;
                let value = if seen.insert(value) { value } else { j as i64 };
                seen.insert(value);
                items.push(value);
            }
            if shuffle {
                stream.bits.shuffle(&mut items, 1, false);
            }
            wrap(items, vm)
        }

        /// Words straight from the generator, of 32 or of 64 bits.
        #[pymethod]
        fn raw(&self, count: usize, wide: bool, vm: &VirtualMachine) -> PyObjectRef {
            let bits = &mut self.stream.borrow_mut().bits;
            list_of((0..count).map(|_| if wide { bits.next_u64() } else { u64::from(bits.next_u32()) }), vm)
        }

        /// The state as words and a number: of the Mersenne Twister its key, its position and what waits of the polar
        /// method; of PCG64 its state, its increment and what waits of the last draw.
        #[pymethod]
        fn state(&self, vm: &VirtualMachine) -> PyObjectRef {
            let stream = self.stream.borrow();
            let words: Vec<u64> = match &stream.bits {
                Bits::Mt(mt) => mt.key.iter().map(|&word| u64::from(word)).chain([mt.position as u64]).collect(),
                Bits::Pcg(pcg) => {
                    let halves = |wide: u128| [(wide >> 64) as u64, wide as u64];
                    let waiting = [u64::from(pcg.half.is_some()), u64::from(pcg.half.unwrap_or(0))];
                    [halves(pcg.state), halves(pcg.increment), waiting].concat()
                }
            };
            let spare = stream.spare.map_or_else(|| vm.ctx.none(), |spare| vm.ctx.new_float(spare).into());
            vm.ctx.new_tuple(vec![list_of(words, vm), spare]).into()
        }

        /// Goes on from a state of the same generator.
        #[pymethod]
        fn set_state(&self, words: Vec<u64>, spare: Option<f64>, vm: &VirtualMachine) -> PyResult<()> {
            let mut stream = self.stream.borrow_mut();
            match (&mut stream.bits, words.as_slice()) {
                (Bits::Mt(mt), [key @ .., position]) if key.len() == mt.key.len() && *position <= 624 => {
                    for (place, &word) in mt.key.iter_mut().zip(key) {
                        *place = word as u32;
                    }
                    mt.position = *position as usize;
                }
                (Bits::Pcg(pcg), &[state_high, state_low, high, low, has_half, half]) => {
                    let wide = |high: u64, low: u64| (u128::from(high) << 64) | u128::from(low);
                    pcg.state = wide(state_high, state_low);
                    pcg.increment = wide(high, low);
                    pcg.half = (has_half != 0).then_some(half as u32);
                }
                _ => return Err(vm.new_value_error("state must be one of the same generator")),
            }
            stream.spare = spare;
            Ok(())
        }
    }
}
