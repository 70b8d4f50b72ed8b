"""Derivatives of functions: `jacobian`, `hessian`, and their products with vectors."""

from .._C import Tensor, stack, zeros, zeros_like
from . import grad as _grad
from .grad_mode import enable_grad


def _as_tuple(value, what, who):
    if isinstance(value, Tensor):
        return (value,), False
    if not isinstance(value, (tuple, list)):
        raise TypeError(
            f"The {what} given to {who} must be either a Tensor or a tuple of Tensors but the given {what} has type "
            f"{type(value)}."
        )
    for index, item in enumerate(value):
        if not isinstance(item, Tensor):
            raise TypeError(
                f"The {what} given to {who} must be either a Tensor or a tuple of Tensors but the value at index "
                f"{index} has type {type(item)}."
            )
    return tuple(value), True


def _call(func, inputs, create_graph, who):
    """Runs ``func`` on fresh leaves (or on the inputs themselves, where the result is to be differentiable)."""
    inputs, is_tuple = _as_tuple(inputs, "inputs", who)
    if create_graph:
        inputs = tuple(x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in inputs)
    else:
        inputs = tuple(x.detach().requires_grad_() for x in inputs)
    outputs, outputs_are_tuple = _as_tuple(func(*inputs), "outputs of the user-provided function", who)
    return inputs, is_tuple, outputs, outputs_are_tuple


def _derivative(output, inputs, weight, create_graph, strict, who):
    """The derivative of one output by each input; zeros where it does not depend on it."""
    if not output.requires_grad:
        if strict:
            raise RuntimeError(
                f"Output of the user-provided function given to {who} is independent of the inputs (strict mode)."
            )
        return [zeros_like(x) for x in inputs]
    grads = _grad((output,), inputs, (weight,), retain_graph=True, create_graph=create_graph, allow_unused=True)
    if strict and any(g is None for g in grads):
        raise RuntimeError(
            f"Output of the user-provided function given to {who} is independent of an input (strict mode)."
        )
    return [zeros_like(x) if g is None else g for g, x in zip(grads, inputs)]


def _check_strategy(strategy, vectorize):
    if strategy != "reverse-mode":
        raise NotImplementedError(f"strategy={strategy!r}: forward-mode derivatives are not part of Lyceum yet")


def jacobian(func, inputs, create_graph=False, strict=False, vectorize=False, strategy="reverse-mode"):
    """Returns the Jacobian of ``func`` at ``inputs``: a tensor of shape (*output, *input).

    A tuple of inputs gives a tuple of them, a tuple of outputs a tuple of those::

        torch.autograd.functional.jacobian(lambda x: x**2, torch.tensor([1.0, 2.0]))  # diag(2, 4)
    """
    _check_strategy(strategy, vectorize)
    with enable_grad():
        leaves, is_tuple, outputs, outputs_are_tuple = _call(func, inputs, create_graph, "jacobian")
        rows = tuple(_jacobian_of(y, leaves, create_graph, strict, "jacobian") for y in outputs)
    rows = tuple(row if is_tuple else row[0] for row in rows)
    return rows if outputs_are_tuple else rows[0]


def _jacobian_of(output, inputs, create_graph, strict, who):
    count = output.numel()
    flat = output.reshape(-1)
    rows = [[] for _ in inputs]
    for i in range(count):
        grads = _derivative(flat[i], inputs, None, create_graph, strict, who)
        for row, grad in zip(rows, grads):
            row.append(grad)
    blocks = []
    for row, x in zip(rows, inputs):
        shape = (*output.shape, *x.shape)
        block = stack(row).view(shape) if row else zeros(shape, dtype=x.dtype)
        blocks.append(block if create_graph else block.detach())
    return tuple(blocks)


def hessian(func, inputs, create_graph=False, strict=False, vectorize=False, outer_jacobian_strategy="reverse-mode"):
    """Returns the matrix of second derivatives of a scalar function at ``inputs``: shape (*input, *input)."""
    _check_strategy(outer_jacobian_strategy, vectorize)
    inputs, is_tuple = _as_tuple(inputs, "inputs", "hessian")

    def gradient(*leaves):
        output = func(*leaves)
        if not isinstance(output, Tensor):
            raise RuntimeError("The function given to hessian should return a single Tensor")
        if output.numel() != 1:
            raise RuntimeError("The Tensor returned by the function given to hessian should contain a single element")
        grads = _derivative(output.reshape(()), leaves, None, True, strict, "hessian")
        return tuple(grads)

    blocks = jacobian(gradient, inputs, create_graph=create_graph, strict=strict)
    return blocks if is_tuple else blocks[0][0]


def _check_vector(v, values, what):
    if v is None:
        if len(values) != 1 or values[0].numel() != 1:
            raise RuntimeError(
                f"The vector v can only be None if the {what} a single Tensor with a single element."
            )
        return (zeros_like(values[0]) + 1,)
    v, _ = _as_tuple(v, "v", "a product with a vector")
    if len(v) != len(values):
        raise RuntimeError(f"v is a tuple of invalid length: should be {len(values)} but got {len(v)}.")
    for index, (one, value) in enumerate(zip(v, values)):
        if one.size() != value.size():
            raise RuntimeError(
                f"Entry {index} in v has invalid size: should be {value.size()} but got {one.size()}."
            )
    return v


def vjp(func, inputs, v=None, create_graph=False, strict=False):
    """Returns the outputs of ``func`` and the product of ``v`` with its Jacobian, vᵀJ."""
    with enable_grad():
        leaves, is_tuple, outputs, outputs_are_tuple = _call(func, inputs, create_graph, "vjp")
        v = _check_vector(v, outputs, "user-provided function returns")
        products = _weighted(outputs, leaves, v, create_graph, strict, "vjp")
    return _finished(outputs, outputs_are_tuple, create_graph), _finished(products, is_tuple, create_graph)


def jvp(func, inputs, v=None, create_graph=False, strict=False):
    """Returns the outputs of ``func`` and the product of its Jacobian with ``v``, Jv, by going back twice."""
    with enable_grad():
        leaves, _, outputs, outputs_are_tuple = _call(func, inputs, create_graph, "jvp")
        v = _check_vector(v, leaves, "input to the user-provided function is")
        weights = tuple(zeros_like(y).requires_grad_() for y in outputs)
        backwards = _weighted(outputs, leaves, weights, True, strict, "jvp")
        products = _weighted(backwards, weights, v, create_graph, False, "jvp")
    return (
        _finished(outputs, outputs_are_tuple, create_graph),
        _finished(products, outputs_are_tuple, create_graph),
    )


def vhp(func, inputs, v=None, create_graph=False, strict=False):
    """Returns the value of a scalar function and the product of ``v`` with its Hessian, vᵀH."""
    with enable_grad():
        leaves, is_tuple, outputs, outputs_are_tuple = _call(func, inputs, create_graph, "vhp")
        if outputs_are_tuple or outputs[0].numel() != 1:
            raise RuntimeError("The Tensor returned by the function given to vhp should contain a single element")
        v = _check_vector(v, leaves, "input to the user-provided function is")
        gradient = _derivative(outputs[0].reshape(()), leaves, None, True, strict, "vhp")
        products = _weighted(gradient, leaves, v, create_graph, strict, "vhp")
    return _finished(outputs, False, create_graph), _finished(products, is_tuple, create_graph)


def hvp(func, inputs, v=None, create_graph=False, strict=False):
    """Returns the value of a scalar function and the product of its Hessian with ``v``, Hv (H is symmetric)."""
    return vhp(func, inputs, v, create_graph, strict)


def _weighted(outputs, inputs, weights, create_graph, strict, who):
    """The derivative of Σ weight·output by each input."""
    total = [zeros_like(x) for x in inputs]
    for output, weight in zip(outputs, weights):
        grads = _derivative(output, inputs, weight, create_graph, strict, who)
        total = [t + g for t, g in zip(total, grads)]
    return total


def _finished(values, is_tuple, create_graph):
    values = tuple(value if create_graph else value.detach() for value in values)
    return values if is_tuple else values[0]
