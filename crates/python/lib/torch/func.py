"""`torch.func`: functions of functions. `vmap` and the derivatives of whole functions are in `_function_transforms`."""

from ._absent import absent_names
from ._C import Tensor
from .autograd import grad as _grad
from .autograd.grad_mode import enable_grad


def functional_call(module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False):
    """Calls a module with other tensors in the place of its parameters and buffers, given by their dotted names."""
    if isinstance(parameter_and_buffer_dicts, dict):
        given = parameter_and_buffer_dicts
    else:
        given = {}
        for part in parameter_and_buffer_dicts:
            given.update(part)
    places = _places(module)
    if strict:
        missing = [name for name in places if name not in given]
        unexpected = [name for name in given if name not in places]
        if missing or unexpected:
            raise RuntimeError(f"functional_call: missing keys {missing}, unexpected keys {unexpected}")
    swaps = []
    for name, tensor in given.items():
        if name not in places:
            raise KeyError(f"{name!r} is not a parameter or buffer of {type(module).__name__}")
        members, key = places[name]
        targets = [(members, key)]
        if tie_weights:  # other names of the same tensor change with it
            old = members[key]
            targets += [
                place for other, place in places.items() if other not in given and place[0][place[1]] is old
            ]
        swaps += [(members, key, tensor) for members, key in targets]
    saved = [(members, key, members[key]) for members, key, _ in swaps]
    try:
        for members, key, tensor in swaps:
            members[key] = tensor
        if args is None:
            args = ()
        elif not isinstance(args, tuple):
            args = (args,)
        return module(*args, **(kwargs or {}))
    finally:
        for members, key, tensor in saved:
            members[key] = tensor


def _places(module):
    """Where each parameter and buffer stands: its dict and its key, by dotted name."""
    places = {}
    for prefix, part in module.named_modules(remove_duplicate=False):
        for members in (part._parameters, part._buffers):
            for key, tensor in members.items():
                if tensor is not None:
                    places[f"{prefix}.{key}" if prefix else key] = (members, key)
    return places


def grad(func, argnums=0, has_aux=False):
    """Returns the function that computes the derivative of a scalar function by its argument ``argnums``."""
    value_and_gradient = grad_and_value(func, argnums, has_aux)

    def gradient(*args, **kwargs):
        result, value = value_and_gradient(*args, **kwargs)
        return (result, value[1]) if has_aux else result

    return gradient


def grad_and_value(func, argnums=0, has_aux=False):
    """Returns the function that computes the derivative and the value of a scalar function."""

    def compute(*args, **kwargs):
        numbers = (argnums,) if isinstance(argnums, int) else argnums
        with enable_grad():
            args = list(args)
            leaves = []
            for number in numbers:
                args[number] = _map(args[number], lambda t: _leaf(t, leaves))
            value = func(*args, **kwargs)
            loss = value[0] if has_aux else value
            if not isinstance(loss, Tensor) or loss.dim() != 0:
                raise RuntimeError("Expected the function given to grad to return a scalar tensor")
            needs_graph = any(given.requires_grad for given, _ in leaves)
            grads = list(_grad(loss, [leaf for _, leaf in leaves], create_graph=needs_graph, materialize_grads=True))
        results = tuple([_map(args[number], lambda t: grads.pop(0)) for number in numbers])
        return results[0] if isinstance(argnums, int) else results, value if needs_graph else _map(value, _detached)

    return compute


def _detached(value):
    return value.detach()


def _leaf(tensor, leaves):
    leaf = tensor.view_as(tensor) if tensor.requires_grad else tensor.detach().requires_grad_()
    leaves.append((tensor, leaf))
    return leaf


def _map(value, function):
    """Applies ``function`` to every tensor of nested tuples, lists and dicts."""
    if isinstance(value, Tensor):
        return function(value)
    if isinstance(value, dict):
        return {key: _map(item, function) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)([_map(item, function) for item in value])
    return value


def __getattr__(name):
    if name in ("hessian", "jacfwd", "jacrev", "jvp", "stack_module_state", "vjp", "vmap"):
        from . import _function_transforms

        return getattr(_function_transforms, name)
    raise absent_names("func", name)
