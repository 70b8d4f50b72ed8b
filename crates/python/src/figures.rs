//! The native half of `matplotlib`: what Python describes becomes a figure, which is sent or drawn.
//!
//! The description is made of dicts, lists, numbers, texts and tensors, and has the form that
//! `lyceum_lab::figure` reads; the Python half is in `lib/matplotlib`.

use std::cell::RefCell;

use lyceum_lab::{Exhibit, Figure};
use rustpython_vm::{Context, builtins::PyModuleDef};

type Listener = Box<dyn Fn(Figure)>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Says who is told of the figures that a program on this thread shows.
pub fn set_listener(listener: Option<Listener>) {
    LISTENER.with_borrow_mut(|slot| *slot = listener);
}

type ExhibitListener = Box<dyn Fn(Exhibit)>;

thread_local! {
    static EXHIBIT_LISTENER: RefCell<Option<ExhibitListener>> = const { RefCell::new(None) };
}

/// Says who is told of the exhibits that are made on this thread.
pub fn set_exhibit_listener(listener: Option<ExhibitListener>) {
    EXHIBIT_LISTENER.with_borrow_mut(|slot| *slot = listener);
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_lyceum_figures")]
mod module {
    use lyceum_engine::DType;
    use lyceum_lab::{
        Exhibit, Text,
        figure::{Axes, Figure, colormap::Colormap, limits, svg, thin},
        wire,
    };
    use rustpython_vm::{
        AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
        builtins::{PyDict, PyFloat, PyInt, PyList, PyStr, PyStrRef, PyTuple},
    };
    use serde::de::DeserializeOwned;
    use serde_json::{Map, Number, Value};

    use super::{EXHIBIT_LISTENER, LISTENER};
    use crate::torch::PyTensor;

    /// The greatest depth of a description.
    const DEEPEST: usize = 16;

    /// The greatest length of a description that is sent, in bytes: the line that holds it may be a little longer.
    const LARGEST: usize = wire::MAX_LINE - (1 << 20);

    /// Sends a figure to whoever shows it. Says whether there is anybody.
    #[pyfunction]
    fn send(description: PyObjectRef, vm: &VirtualMachine) -> PyResult<bool> {
        let mut figure: Figure = read(&description, vm)?;
        thin::thin(&mut figure);
        // A longer one would be refused where it arrives, and nobody would learn of it.
        let size = figure.description_bytes();
        if size > LARGEST {
            return Err(vm.new_value_error(format!(
                "the figure holds too much to be shown: its description has {} MiB, of which {} are allowed",
                size >> 20,
                LARGEST >> 20
            )));
        }
        Ok(LISTENER.with_borrow(|listener| match listener {
            Some(listener) => {
                listener(figure);
                true
            }
            None => false,
        }))
    }

    /// Sends an exhibit to whoever shows it.
    #[pyfunction]
    fn exhibit(description: PyObjectRef, zh: PyStrRef, en: PyStrRef, vm: &VirtualMachine) -> PyResult<()> {
        let content = read(&description, vm)?;
        let title = Text::new(zh.to_string_lossy(), en.to_string_lossy());
        let exhibit = Exhibit { title, content };
        exhibit.check().map_err(|wrong| vm.new_value_error(wrong))?;
        EXHIBIT_LISTENER.with_borrow(|listener| {
            if let Some(listener) = listener {
                listener(exhibit);
            }
        });
        Ok(())
    }

    /// Notes that an exhibit could not be made.
    #[pyfunction]
    fn missed(message: PyStrRef) {
        crate::notices::no_exhibit(&message.to_string_lossy());
    }

    /// Draws a figure as the text of an SVG file.
    #[pyfunction]
    fn draw(description: PyObjectRef, vm: &VirtualMachine) -> PyResult<String> {
        let mut figure: Figure = read(&description, vm)?;
        thin::thin(&mut figure);
        Ok(svg::draw(&figure, &svg::Options::default()))
    }

    /// The ends of both axes: `((left, right), (bottom, top))`.
    #[pyfunction]
    fn limits_of(description: PyObjectRef, vm: &VirtualMachine) -> PyResult<((f64, f64), (f64, f64))> {
        Ok(limits::of(&read::<Axes>(&description, vm)?))
    }

    /// The names of the colour maps.
    #[pyfunction]
    fn colormaps(vm: &VirtualMachine) -> PyObjectRef {
        let names = Colormap::names().map(|name| vm.ctx.new_str(name).into()).collect();
        vm.ctx.new_list(names).into()
    }

    /// The colour of a map at a place from 0 to 1, as three numbers from 0 to 1.
    #[pyfunction]
    fn color_of(name: PyStrRef, place: f64) -> (f64, f64, f64) {
        let [red, green, blue] = Colormap::of(&name.to_string_lossy()).at(place).map(|part| f64::from(part) / 255.0);
        (red, green, blue)
    }

    /// The number of colours of a map that is not mixed, or 0.
    #[pyfunction]
    fn color_count(name: PyStrRef) -> usize {
        Colormap::of(&name.to_string_lossy()).count().unwrap_or(0)
    }

    /// Bytes in base64, from a tensor of whole numbers from 0 to 255.
    #[pyfunction]
    fn base64(pixels: PyObjectRef, vm: &VirtualMachine) -> PyResult<String> {
        let tensor = PyTensor::expect(&pixels, "pixels", vm)?;
        let bytes: Vec<u8> = numbers(&tensor, vm)?.into_iter().map(|value| value as u8).collect();
        Ok(svg::png::base64(&bytes))
    }

    fn read<T: DeserializeOwned>(description: &PyObject, vm: &VirtualMachine) -> PyResult<T> {
        let value = value(description, 0, vm)?;
        serde_json::from_value(value)
            .map_err(|error| vm.new_value_error(format!("the figure cannot be drawn: {error}")))
    }

    /// Converts a piece of a description.
    fn value(object: &PyObject, depth: usize, vm: &VirtualMachine) -> PyResult<Value> {
        if depth > DEEPEST {
            return Err(vm.new_value_error("the figure cannot be drawn: its description nests too deeply"));
        }
        if let Some(tensor) = object.downcast_ref::<PyTensor>() {
            return Ok(Value::Array(numbers(&tensor.tensor(), vm)?.into_iter().map(number).collect()));
        }
        if let Some(text) = object.downcast_ref::<PyStr>() {
            return Ok(Value::String(text.to_string_lossy().into_owned()));
        }
        if object.is(&vm.ctx.true_value) || object.is(&vm.ctx.false_value) {
            return Ok(Value::Bool(object.is(&vm.ctx.true_value)));
        }
        if let Some(float) = object.downcast_ref::<PyFloat>() {
            return Ok(number(float.to_f64()));
        }
        if let Some(int) = object.downcast_ref::<PyInt>() {
            return Ok(match int.try_to_primitive::<i64>(vm) {
                Ok(int) => Value::Number(int.into()),
                Err(_) => number(int.as_bigint().to_string().parse().unwrap_or(f64::NAN)),
            });
        }
        if vm.is_none(object) {
            return Ok(Value::Null);
        }
        let list = |items: &[PyObjectRef]| -> PyResult<Value> {
            Ok(Value::Array(items.iter().map(|item| value(item, depth + 1, vm)).collect::<PyResult<_>>()?))
        };
        if let Some(items) = object.downcast_ref::<PyList>() {
            // Nothing below runs Python, but a copy cannot be changed under our feet whatever happens.
            let items = items.borrow_vec().to_vec();
            return list(&items);
        }
        if let Some(items) = object.downcast_ref::<PyTuple>() {
            return list(items.as_slice());
        }
        if let Some(dict) = object.downcast_ref::<PyDict>() {
            let mut map = Map::new();
            for (key, item) in dict {
                map.insert(key.str(vm)?.to_string_lossy().into_owned(), value(&item, depth + 1, vm)?);
            }
            return Ok(Value::Object(map));
        }
        Err(vm.new_type_error(format!("a figure cannot hold {}", object.class().name())))
    }

    /// A number as JSON has it; what JSON has not is written as a word.
    fn number(value: f64) -> Value {
        match Number::from_f64(value) {
            Some(number) => Value::Number(number),
            None if value.is_nan() => "NaN".into(),
            None if value > 0.0 => "Infinity".into(),
            None => "-Infinity".into(),
        }
    }

    /// The numbers of a tensor, row by row.
    fn numbers(tensor: &lyceum_engine::Tensor, vm: &VirtualMachine) -> PyResult<Vec<f64>> {
        if tensor.dtype() != DType::F64 {
            return Err(vm.new_type_error("expected a tensor of float64"));
        }
        let values = tensor.to_vec::<f64>().map_err(|error| vm.new_value_error(error.to_string()))?;
        Ok(values.into_iter().map(shortest).collect())
    }

    /// A number that was a float32, written as that was: 0.1 and not 0.10000000149.
    fn shortest(value: f64) -> f64 {
        let short = value as f32;
        if f64::from(short) == value { short.to_string().parse().unwrap_or(value) } else { value }
    }
}
