//! The native module `torch._C`: what the frozen package `torch` needs from Rust.
//!
//! For now it shows, in the smallest correct form, each piece that the tensor binding needs from RustPython.

use rustpython_vm::{self as vm, Context, builtins::PyModuleDef};

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    _torch_c::module_def(ctx)
}

#[vm::pymodule(name = "torch._C")]
mod _torch_c {
    use super::vm;
    use std::cell::RefCell;
    use vm::{
        AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
        pyclass,
        builtins::{PyFloat, PyInt, PyModule, PyStr, PyTuple, PyType, PyTypeRef},
        common::hash::PyHash,
        function::{FuncArgs, OptionalArg, PyComparisonValue, PySetterValue},
        protocol::{PyIterReturn, PyMappingMethods, PyNumberMethods, PySequenceMethods},
        types::{
            AsMapping, AsNumber, AsSequence, Callable, Comparable, Constructor, GetDescriptor, Hashable, IterNext,
            Iterable, PyComparisonOp, Representable, SelfIter,
        },
    };

    /// Runs once, when Python first imports the module: the place to add what is not known at compile time.
    pub(crate) fn module_exec(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
        __module_exec(vm, module);
        // A function object made at run time, in the module and as a method of a native class.
        for name in ["double", "triple"] {
            let factor = if name == "double" { 2.0 } else { 3.0 };
            let op: PyObjectRef = Op { name, factor }.into_ref(&vm.ctx).into();
            module.set_attr(name, op.clone(), vm)?;
            Vector::static_type_of(vm).set_attr(vm.ctx.intern_str(name), op);
        }
        Ok(())
    }

    /// A plain function: arguments are parsed from the Rust signature.
    #[pyfunction]
    fn add_one(value: i64, _vm: &VirtualMachine) -> i64 {
        value + 1
    }

    /// A function that takes anything and parses it by hand.
    #[pyfunction]
    fn kinds(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let mut found = Vec::new();
        for value in &args.args {
            let kind = if vm.is_none(value) {
                "None".to_owned()
            } else if value.is(&vm.ctx.true_value) || value.is(&vm.ctx.false_value) {
                format!("bool {}", value.is(&vm.ctx.true_value))
            } else if let Some(int) = value.downcast_ref::<PyInt>() {
                format!("int {}", int.as_bigint())
            } else if let Some(float) = value.downcast_ref::<PyFloat>() {
                format!("float {}", float.to_f64())
            } else if let Some(text) = value.downcast_ref::<PyStr>() {
                format!("str {}", text.to_string_lossy())
            } else if let Some(items) = value.downcast_ref::<PyTuple>() {
                format!("tuple of {}", items.len())
            } else if let Some(items) = value.downcast_ref::<vm::builtins::PyList>() {
                format!("list of {}", items.borrow_vec().len())
            } else if let Some(slice) = value.downcast_ref::<vm::builtins::PySlice>() {
                format!("slice with start {}", slice.start.is_some())
            } else if value.is(&vm.ctx.ellipsis) {
                "Ellipsis".to_owned()
            } else {
                format!("object of {}", value.class().name())
            };
            found.push(vm.ctx.new_str(kind).into());
        }
        for (name, _value) in &args.kwargs {
            found.push(vm.ctx.new_str(format!("keyword {name}")).into());
        }
        Ok(vm.ctx.new_tuple(found).into())
    }

    type Hook = Box<dyn Fn(f64) -> Result<f64, String>>;

    std::thread_local! {
        static HOOKS: RefCell<Vec<Hook>> = const { RefCell::new(Vec::new()) };
    }

    /// Keeps a Python callable inside a Rust closure that knows nothing of Python.
    #[pyfunction]
    fn register_hook(callable: PyObjectRef, _vm: &VirtualMachine) {
        let hook: Hook = Box::new(move |value| {
            vm::vm::thread::with_current_vm(|vm| {
                callable
                    .call((value,), vm)
                    .and_then(|result| result.try_float(vm))
                    .map(|result| result.to_f64())
                    .map_err(|exception| exception.class().name().to_string())
            })
        });
        HOOKS.with_borrow_mut(|hooks| hooks.push(hook));
    }

    #[pyfunction]
    fn run_hooks(value: f64, vm: &VirtualMachine) -> PyResult<f64> {
        HOOKS.with_borrow(|hooks| {
            hooks.iter().try_fold(value, |value, hook| hook(value).map_err(|name| vm.new_runtime_error(name)))
        })
    }

    /// A function object that is made at run time, callable with keywords, and that binds as a method.
    #[pyattr]
    #[pyclass(module = "torch._C", name = "Op")]
    #[derive(Debug, PyPayload)]
    struct Op {
        name: &'static str,
        factor: f64,
    }

    impl Callable for Op {
        type Args = FuncArgs;
        fn call(zelf: &Py<Self>, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
            let add = args.take_keyword("add").map_or(Ok(0.0), |value| value.try_float(vm).map(|v| v.to_f64()))?;
            if let Some(name) = args.kwargs.keys().next() {
                return Err(vm.new_type_error(format!("{}() got an unexpected keyword argument '{name}'", zelf.name)));
            }
            let Some(first) = args.args.first() else {
                return Err(vm.new_type_error(format!("{}() missing 1 required positional argument", zelf.name)));
            };
            let Some(vector) = first.downcast_ref::<Vector>() else {
                return Err(vm.new_type_error(format!("expected a Vector, got {}", first.class().name())));
            };
            let values: Vec<f64> = vector.values.borrow().iter().map(|v| v * zelf.factor + add).collect();
            Ok(Vector::from(values).into_ref(&vm.ctx).into())
        }
    }

    // Only `getattr` comes here: a call `v.double()` skips it, thanks to the METHOD_DESCRIPTOR flag.
    impl GetDescriptor for Op {
        fn descr_get(
            zelf: PyObjectRef,
            object: Option<PyObjectRef>,
            _class: Option<PyObjectRef>,
            vm: &VirtualMachine,
        ) -> PyResult {
            match object {
                Some(object) if !vm.is_none(&object) => {
                    Ok(vm::builtins::PyBoundMethod::new(object, zelf).into_ref(&vm.ctx).into())
                }
                _ => Ok(zelf),
            }
        }
    }

    impl Representable for Op {
        fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
            Ok(format!("<built-in function {}>", zelf.name))
        }
    }

    #[pyclass(with(Callable, GetDescriptor, Representable), flags(METHOD_DESCRIPTOR, DISALLOW_INSTANTIATION))]
    impl Op {
        #[pygetset]
        fn __name__(&self) -> &'static str {
            self.name
        }

        #[pygetset]
        fn __doc__(&self) -> &'static str {
            "The learner's text."
        }
    }

    /// A native class that Python can subclass, with attributes, operators, indexing and iteration.
    #[pyattr]
    #[pyclass(module = "torch", name = "Vector")]
    #[derive(Debug, PyPayload)]
    struct Vector {
        values: RefCell<Vec<f64>>,
    }

    impl From<Vec<f64>> for Vector {
        fn from(values: Vec<f64>) -> Self {
            Self { values: RefCell::new(values) }
        }
    }

    impl Constructor for Vector {
        type Args = FuncArgs;

        fn py_new(_cls: &Py<PyType>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
            let (items, _extra): (PyObjectRef, OptionalArg<PyObjectRef>) = args.bind(vm)?;
            let values = vm.extract_elements_with(&items, |item| item.try_float(vm).map(|v| v.to_f64()))?;
            Ok(values.into())
        }
    }

    impl Representable for Vector {
        fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
            Ok(format!("vector({:?})", zelf.values.borrow()))
        }
    }

    impl Hashable for Vector {
        fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<PyHash> {
            Ok(zelf.get_id() as PyHash)
        }
    }

    // All six comparisons. To return an object other than a bool, override `slot_richcompare`.
    impl Comparable for Vector {
        fn cmp(zelf: &Py<Self>, other: &PyObject, op: PyComparisonOp, _vm: &VirtualMachine) -> PyResult<PyComparisonValue> {
            let Some(other) = other.downcast_ref::<Self>() else { return Ok(PyComparisonValue::NotImplemented) };
            op.eq_only(|| Ok((*zelf.values.borrow() == *other.values.borrow()).into()))
        }

        fn slot_richcompare(
            zelf: &PyObject,
            other: &PyObject,
            op: PyComparisonOp,
            vm: &VirtualMachine,
        ) -> PyResult<vm::function::Either<PyObjectRef, PyComparisonValue>> {
            if op == PyComparisonOp::Lt
                && let (Some(a), Some(b)) = (zelf.downcast_ref::<Self>(), other.downcast_ref::<Self>())
            {
                let mask: Vec<f64> = a.values.borrow().iter().zip(&*b.values.borrow()).map(|(a, b)| (a < b) as u8 as f64).collect();
                return Ok(vm::function::Either::A(Vector::from(mask).into_ref(&vm.ctx).into()));
            }
            let Some(zelf) = zelf.downcast_ref::<Self>() else {
                return Ok(vm::function::Either::B(PyComparisonValue::NotImplemented));
            };
            Self::cmp(zelf, other, op, vm).map(vm::function::Either::B)
        }
    }

    fn operand(value: &PyObject, vm: &VirtualMachine) -> Option<f64> {
        // Exact and cheap: no `__float__` is called. `try_float` would.
        if let Some(float) = value.downcast_ref::<PyFloat>() {
            return Some(float.to_f64());
        }
        value.downcast_ref::<PyInt>().and_then(|int| int.try_to_primitive::<i64>(vm).ok()).map(|v| v as f64)
    }

    // The slot is called for `vector + 1` and, unchanged and in the same order, for `1 + vector`.
    fn add(a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
        let sum: Vec<f64> = match (a.downcast_ref::<Vector>(), b.downcast_ref::<Vector>()) {
            (Some(a), Some(b)) => a.values.borrow().iter().zip(&*b.values.borrow()).map(|(a, b)| a + b).collect(),
            (Some(a), None) => match operand(b, vm) {
                Some(b) => a.values.borrow().iter().map(|a| a + b).collect(),
                None => return Ok(vm.ctx.not_implemented()),
            },
            (None, Some(b)) => match operand(a, vm) {
                Some(a) => b.values.borrow().iter().map(|b| a + b).collect(),
                None => return Ok(vm.ctx.not_implemented()),
            },
            (None, None) => return Ok(vm.ctx.not_implemented()),
        };
        Ok(Vector::from(sum).into_ref(&vm.ctx).into())
    }

    // An in-place operator returns the object that the name is bound to afterwards.
    fn inplace_add(a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
        let (Some(vector), Some(b)) = (a.downcast_ref::<Vector>(), operand(b, vm)) else {
            return Ok(vm.ctx.not_implemented());
        };
        vector.values.borrow_mut().iter_mut().for_each(|a| *a += b);
        Ok(a.to_owned())
    }

    impl AsNumber for Vector {
        fn as_number() -> &'static PyNumberMethods {
            static NUMBER: PyNumberMethods = PyNumberMethods {
                add: Some(add),
                inplace_add: Some(inplace_add),
                negative: Some(|number, vm| {
                    let vector = Vector::number_downcast(number);
                    let negated: Vec<f64> = vector.values.borrow().iter().map(|v| -v).collect();
                    Ok(Vector::from(negated).into_ref(&vm.ctx).into())
                }),
                boolean: Some(|number, vm| {
                    let vector = Vector::number_downcast(number);
                    match vector.values.borrow().as_slice() {
                        [value] => Ok(*value != 0.0),
                        _ => Err(vm.new_runtime_error("truth value of more than one element")),
                    }
                }),
                float: Some(|number, vm| {
                    let value = Vector::number_downcast(number).values.borrow().iter().sum::<f64>();
                    Ok(vm.ctx.new_float(value).into())
                }),
                ..PyNumberMethods::NOT_IMPLEMENTED
            };
            &NUMBER
        }
    }

    impl AsMapping for Vector {
        fn as_mapping() -> &'static PyMappingMethods {
            static MAPPING: PyMappingMethods = PyMappingMethods {
                length: Some(|mapping, _vm| Ok(Vector::mapping_downcast(mapping).values.borrow().len())),
                subscript: Some(|mapping, key, vm| {
                    let vector = Vector::mapping_downcast(mapping);
                    let index: i64 = key.try_index(vm)?.try_to_primitive(vm)?;
                    vector.item(index, vm)
                }),
                // `None` as value: `del vector[key]`.
                ass_subscript: Some(|mapping, key, value, vm| {
                    let vector = Vector::mapping_downcast(mapping);
                    let Some(value) = value else {
                        return Err(vm.new_type_error("Vector does not support deleting items"));
                    };
                    let index: usize = key.try_index(vm)?.try_to_primitive(vm)?;
                    let value = value.try_float(vm)?.to_f64();
                    match vector.values.borrow_mut().get_mut(index) {
                        Some(slot) => *slot = value,
                        None => return Err(vm.new_index_error("index out of range")),
                    }
                    Ok(())
                }),
            };
            &MAPPING
        }
    }

    // `in`. `length` here too, or `len()` of a subclass that is used as a sequence fails.
    impl AsSequence for Vector {
        fn as_sequence() -> &'static PySequenceMethods {
            static SEQUENCE: PySequenceMethods = PySequenceMethods {
                length: Some(|sequence, _vm| Ok(Vector::sequence_downcast(sequence).values.borrow().len())),
                contains: Some(|sequence, needle, vm| {
                    let needle = needle.try_float(vm)?.to_f64();
                    Ok(Vector::sequence_downcast(sequence).values.borrow().contains(&needle))
                }),
                ..PySequenceMethods::NOT_IMPLEMENTED
            };
            &SEQUENCE
        }
    }

    impl Iterable for Vector {
        fn iter(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
            Ok(VectorIterator { vector: zelf, next: RefCell::new(0) }.into_ref(&vm.ctx).into())
        }
    }

    #[pyclass(
        flags(BASETYPE, HAS_DICT, HAS_WEAKREF),
        with(Constructor, Representable, Hashable, Comparable, AsNumber, AsMapping, AsSequence, Iterable)
    )]
    impl Vector {
        fn static_type_of(vm: &VirtualMachine) -> PyTypeRef {
            <Self as PyPayload>::class(&vm.ctx).to_owned()
        }

        fn item(&self, index: i64, vm: &VirtualMachine) -> PyResult {
            let values = self.values.borrow();
            let position = if index < 0 { index + values.len() as i64 } else { index };
            match usize::try_from(position).ok().and_then(|position| values.get(position)) {
                Some(value) => Ok(vm.ctx.new_float(*value).into()),
                None => Err(vm.new_index_error(format!("index {index} is out of range for {} values", values.len()))),
            }
        }

        #[pymethod]
        fn tolist(&self, vm: &VirtualMachine) -> PyObjectRef {
            let values = self.values.borrow().iter().map(|v| vm.ctx.new_float(*v).into()).collect();
            vm.ctx.new_list(values).into()
        }

        #[pygetset]
        fn first(&self, vm: &VirtualMachine) -> PyResult {
            self.item(0, vm)
        }

        #[pygetset(setter)]
        fn set_first(&self, value: PySetterValue<f64>, vm: &VirtualMachine) -> PyResult<()> {
            match value {
                PySetterValue::Assign(value) => match self.values.borrow_mut().first_mut() {
                    Some(first) => *first = value,
                    None => return Err(vm.new_index_error("the vector is empty")),
                },
                PySetterValue::Delete => return Err(vm.new_attribute_error("cannot delete first")),
            }
            Ok(())
        }

        #[pyclassmethod]
        fn zeros(cls: PyTypeRef, count: usize, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
            Self::from(vec![0.0; count]).into_ref_with_type(vm, cls)
        }
    }

    #[pyattr]
    #[pyclass(module = "torch._C", name = "VectorIterator")]
    #[derive(Debug, PyPayload)]
    struct VectorIterator {
        vector: PyRef<Vector>,
        next: RefCell<usize>,
    }

    #[pyclass(with(Iterable, IterNext), flags(DISALLOW_INSTANTIATION))]
    impl VectorIterator {}

    impl SelfIter for VectorIterator {}
    impl IterNext for VectorIterator {
        fn next(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<PyIterReturn> {
            let mut next = zelf.next.borrow_mut();
            let value = zelf.vector.values.borrow().get(*next).copied();
            *next += 1;
            Ok(match value {
                Some(value) => PyIterReturn::Return(vm.ctx.new_float(value).into()),
                None => PyIterReturn::StopIteration(None),
            })
        }
    }
}
