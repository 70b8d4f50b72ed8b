"""What `torch.func` makes of a function: `vmap`, and its Jacobians, Hessians and products with them.

`vmap` calls the function once for each sample and stacks what it returns: the numbers are PyTorch's, the speed
is that of a loop. Jacobians are computed backwards, row by row.
"""

from . import _C
from ._C import Tensor
from .autograd import grad as _grad
from .autograd.grad_mode import enable_grad
from .func import _detached, _leaf, _map


def vmap(func, in_dims=0, out_dims=0, randomness="error", *, chunk_size=None):
    """Returns ``func`` for batches: it is called with each slice along ``in_dims``, the results are stacked."""
    if randomness != "error":
        raise NotImplementedError(f"vmap: randomness={randomness!r} is not part of Lyceum yet")

    def batched(*args, **kwargs):
        dims = tuple(in_dims) if isinstance(in_dims, (tuple, list)) else (in_dims,) * len(args)
        if len(dims) != len(args):
            raise ValueError(
                f"vmap({getattr(func, '__name__', func)}, in_dims={in_dims}, ...)(<inputs>): in_dims is not compatible "
                "with the structure of inputs."
            )
        sizes = []
        for arg, dim in [*zip(args, dims), *((value, 0) for value in kwargs.values())]:
            _each(arg, dim, lambda t, d: sizes.append(t.size(d)) or t)
        if not sizes:
            raise ValueError("vmap: at least one of the inputs must have a dimension to map over")
        if len(set(sizes)) > 1:
            raise ValueError(
                "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
                f"{sizes} for the mapped dimension"
            )
        results = []
        for i in range(sizes[0]):
            one = [_each(arg, dim, lambda t, d: t.select(d, i)) for arg, dim in zip(args, dims)]
            named = {key: _each(value, 0, lambda t, d: t.select(d, i)) for key, value in kwargs.items()}
            results.append(func(*one, **named))
        return _stack(results, out_dims)

    return batched


def _each(value, dim, function):
    """Applies ``function(tensor, dim)`` where ``dim``, or the same place in it, is a number."""
    if dim is None:
        return value
    if isinstance(value, Tensor):
        return function(value, dim)
    if isinstance(value, dict):
        return {key: _each(item, dim[key] if isinstance(dim, dict) else dim, function) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        dims = dim if isinstance(dim, (tuple, list)) else (dim,) * len(value)
        return type(value)([_each(item, d, function) for item, d in zip(value, dims)])
    return value


def _stack(results, dim):
    first = results[0]
    if isinstance(first, Tensor):
        return _C.stack(results, 0).movedim(0, dim)
    if isinstance(first, dict):
        return {key: _stack([result[key] for result in results], dim) for key in first}
    if isinstance(first, (tuple, list)):
        dims = dim if isinstance(dim, (tuple, list)) else (dim,) * len(first)
        return type(first)([_stack(list(items), d) for items, d in zip(zip(*results), dims)])
    raise ValueError(
        f"vmap: the function must only return Tensors, got type {type(first)}. Did you mean to return a Tensor?"
    )


def jacrev(func, argnums=0, has_aux=False, *, chunk_size=None):
    """Returns the function that computes the Jacobian by the argument ``argnums``: shape (*output, *input)."""

    def compute(*args, **kwargs):
        numbers = (argnums,) if isinstance(argnums, int) else argnums
        with enable_grad():
            args, leaves = list(args), []
            for number in numbers:
                args[number] = _map(args[number], lambda t: _leaf(t, leaves))
            value = func(*args, **kwargs)
            output, aux = value if has_aux else (value, None)
            needs_graph = any(given.requires_grad for given, _ in leaves)

            def rows_of(tensor):
                blocks = _blocks(tensor, [leaf for _, leaf in leaves], needs_graph)
                made = tuple([_map(args[number], lambda t: blocks.pop(0)) for number in numbers])
                return made[0] if isinstance(argnums, int) else made

            jacobian = _map(output, rows_of)
        if not has_aux:
            return jacobian
        return jacobian, aux if needs_graph else _map(aux, _detached)

    return compute


def _blocks(output, leaves, needs_graph):
    """The derivative of each element of ``output`` by each leaf."""
    if not output.requires_grad:
        return [_C.zeros((*output.shape, *leaf.shape), dtype=leaf.dtype) for leaf in leaves]
    rows = [
        _grad(element, leaves, retain_graph=True, create_graph=needs_graph, materialize_grads=True)
        for element in output.reshape(-1).unbind(0)
    ]
    return [_C.stack(column).reshape(*output.shape, *leaf.shape) for column, leaf in zip(zip(*rows), leaves)]


def jacfwd(func, argnums=0, has_aux=False, *, randomness="error"):
    """As `jacrev`: there is one way to the same numbers here."""
    return jacrev(func, argnums, has_aux)


def hessian(func, argnums=0):
    """Returns the function that computes the second derivatives by the argument ``argnums``."""
    return jacrev(jacrev(func, argnums), argnums)


def vjp(func, *primals, has_aux=False):
    """Returns the output, and the function that multiplies a vector with the Jacobian from the left."""
    with enable_grad():
        leaves = []
        inputs = [_map(primal, lambda t: _leaf(t, leaves)) for primal in primals]
        value = func(*inputs)
        output, aux = value if has_aux else (value, None)
    needs_graph = any(given.requires_grad for given, _ in leaves)

    def product(*cotangents):
        outputs, weights = [], []
        _map(output, lambda t: outputs.append(t) or t)
        _map(cotangents, lambda t: weights.append(t) or t)
        grads = list(_grad(
            outputs, [leaf for _, leaf in leaves], weights, retain_graph=True, create_graph=needs_graph,
            materialize_grads=True,
        ))
        return tuple([_map(primal, lambda t: grads.pop(0)) for primal in primals])

    shown = output if needs_graph else _map(output, _detached)
    return (shown, product, aux) if has_aux else (shown, product)


def jvp(func, primals, tangents, *, strict=False, has_aux=False):
    """Returns the output, and the Jacobian times the tangents."""
    if has_aux:
        raise NotImplementedError("torch.func.jvp: has_aux=True is not part of Lyceum yet")
    from .autograd.functional import jvp as product

    output, tangent = product(func, tuple(primals), tuple(tangents), strict=strict)
    return _map(output, _detached), tangent


def stack_module_state(models):
    """Stacks the parameters and the buffers of models of one kind; returns the two dicts."""
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({type(model) for model in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    parameters = {
        name: _C.stack([dict(model.named_parameters())[name].detach() for model in models]).requires_grad_(p.requires_grad)
        for name, p in models[0].named_parameters()
    }
    buffers = {
        name: _C.stack([dict(model.named_buffers())[name] for model in models]) for name, _ in models[0].named_buffers()
    }
    return parameters, buffers
