//! Reads what stands between the brackets of `x[...]`.

use lyceum_engine::ops::indexing::Index;
use rustpython_vm::builtins::{PyInt, PyList, PySlice, PyTuple};
use rustpython_vm::{AsObject, PyObject, PyResult, VirtualMachine};

use super::error::{OrRaise, class_name};
use super::tensor::PyTensor;

/// Converts a key to one index for each of its parts.
pub(crate) fn read(key: &PyObject, vm: &VirtualMachine) -> PyResult<Vec<Index>> {
    match key.downcast_ref::<PyTuple>() {
        Some(parts) => parts.iter().map(|part| one(part, vm)).collect(),
        None => match parts_of_list(key, vm) {
            Some(parts) => parts.iter().map(|part| one(part, vm)).collect(),
            None => Ok(vec![one(key, vm)?]),
        },
    }
}

/// A short list that holds anything but numbers is read as a tuple: `x[[[0, 1], [2, 2]]]` is `x[[0, 1], [2, 2]]`.
fn parts_of_list(key: &PyObject, vm: &VirtualMachine) -> Option<Vec<rustpython_vm::PyObjectRef>> {
    let items = key.downcast_ref::<PyList>()?.borrow_vec().to_vec();
    let is_part = |item: &rustpython_vm::PyObjectRef| {
        item.downcast_ref::<PyList>().is_some()
            || item.downcast_ref::<PyTuple>().is_some()
            || item.downcast_ref::<PySlice>().is_some()
            || item.downcast_ref::<PyTensor>().is_some_and(|t| t.tensor().rank() > 0)
            || item.is(&vm.ctx.ellipsis)
            || vm.is_none(item)
    };
    (items.len() < 32 && items.iter().any(is_part)).then_some(items)
}

fn one(part: &PyObject, vm: &VirtualMachine) -> PyResult<Index> {
    if part.is(&vm.ctx.true_value) || part.is(&vm.ctx.false_value) {
        return Ok(Index::Bool(part.is(&vm.ctx.true_value)));
    }
    if let Some(int) = part.downcast_ref::<PyInt>() {
        return int
            .try_to_primitive::<i64>(vm)
            .map(Index::Int)
            .map_err(|_| vm.new_index_error("an index must fit into 64 bits"));
    }
    if let Some(slice) = part.downcast_ref::<PySlice>() {
        let bound = |object: Option<&PyObject>| match object {
            Some(object) if !vm.is_none(object) => {
                let int = object.try_index(vm).map_err(|_| {
                    vm.new_type_error(format!(
                        "slice indices must be integers or None or have an __index__ method, not {}",
                        class_name(&object.to_owned())
                    ))
                })?;
                // A bound that does not fit lies outside of every tensor.
                Ok(Some(int.try_to_primitive::<i64>(vm).unwrap_or_else(|_| {
                    if int.as_bigint().sign() == malachite_bigint::Sign::Minus { i64::MIN } else { i64::MAX }
                })))
            }
            _ => Ok(None),
        };
        return Ok(Index::Slice {
            start: bound(slice.start.as_deref())?,
            stop: bound(Some(&slice.stop))?,
            step: bound(slice.step.as_deref())?,
        });
    }
    if vm.is_none(part) {
        return Ok(Index::NewAxis);
    }
    if part.is(&vm.ctx.ellipsis) {
        return Ok(Index::Ellipsis);
    }
    let tensor = match part.downcast_ref::<PyTensor>() {
        Some(tensor) => Some(tensor.tensor()),
        None => crate::numpy::array(part, vm)?,
    };
    if let Some(tensor) = tensor {
        if tensor.rank() == 0 && tensor.dtype().is_int() {
            return Ok(Index::Int(tensor.item().or_raise(vm)?.to_i64()));
        }
        return Ok(Index::Tensor(tensor));
    }
    if part.downcast_ref::<PyList>().is_some() || part.downcast_ref::<PyTuple>().is_some() {
        return super::construct::index_tensor(part, vm).map(Index::Tensor);
    }
    if part.fast_isinstance(vm.ctx.types.range_type) {
        let items: Vec<_> = vm.extract_elements_with(part, Ok)?;
        let list = vm.ctx.new_list(items);
        return super::construct::index_tensor(list.as_object(), vm).map(Index::Tensor);
    }
    if part.downcast_ref::<rustpython_vm::builtins::PyStr>().is_some() {
        return Err(vm.new_type_error("new(): invalid data type 'str'"));
    }
    if let Ok(int) = part.try_index(vm) {
        return int.try_to_primitive::<i64>(vm).map(Index::Int);
    }
    Err(vm.new_index_error(format!(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got {})",
        class_name(&part.to_owned())
    )))
}
