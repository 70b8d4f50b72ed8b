"""`torch.autograd`: derivatives by going back through the recorded operations."""

from .. import _C
from .._C import Tensor
from .._absent import absent_names, _load_submodule
from .function import Function, FunctionCtx
from .grad_mode import (
    enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled,
)


def backward(
    tensors, grad_tensors=None, retain_graph=None, create_graph=False, grad_variables=None, inputs=None
):
    """Adds to the ``grad`` of every leaf the derivative of the sum of ``tensors``.

    ``grad_tensors`` weighs the elements of tensors that are not scalars.
    """
    tensors = _as_list(tensors)
    if retain_graph is None:
        retain_graph = create_graph
    if inputs is not None:
        inputs = _as_list(inputs)
        if not inputs:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    _C._run_backward(tensors, _weights(grad_tensors, tensors), retain_graph, create_graph, inputs)


def grad(
    outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True,
    allow_unused=None, is_grads_batched=False, materialize_grads=False,
):
    """Returns the derivative of the sum of ``outputs`` by each of ``inputs``, as a tuple.

    ``create_graph=True`` makes the result differentiable in turn::

        x = torch.tensor(3.0, requires_grad=True)
        (first,) = torch.autograd.grad(x**3, x, create_graph=True)  # 27
        (second,) = torch.autograd.grad(first, x)  # 18
    """
    if not only_inputs:
        import warnings

        warnings.warn("only_inputs argument is deprecated and is ignored now (defaults to True).", stacklevel=2)
    if is_grads_batched:
        raise NotImplementedError("torch.autograd.grad(is_grads_batched=True) is not part of Lyceum yet")
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    if allow_unused is None:
        allow_unused = materialize_grads
    if retain_graph is None:
        retain_graph = create_graph
    outputs = _as_list(outputs)
    inputs = _as_list(inputs)
    _walks_to.append(inputs)
    try:
        grads = _C._autograd_grad(
            outputs, inputs, _weights(grad_outputs, outputs), retain_graph, create_graph, allow_unused
        )
    finally:
        _walks_to.pop()
    if materialize_grads:
        grads = [_C.zeros_like(x, requires_grad=create_graph) if g is None else g for g, x in zip(grads, inputs)]
    return tuple(grads)


_walks_to = []  # the inputs of each walk of `grad` that is under way


def _targets():
    """The tensors whose derivatives `grad` is collecting right now, or None."""
    return _walks_to[-1] if _walks_to else None


def _as_list(tensors):
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _weights(grad_tensors, tensors):
    if grad_tensors is None:
        return [None] * len(tensors)
    grad_tensors = _as_list(grad_tensors)
    if len(grad_tensors) != len(tensors):
        raise RuntimeError(
            f"got {len(tensors)} tensors and {len(grad_tensors)} gradients"
        )
    return grad_tensors


class set_detect_anomaly:
    """Raises when switched on: finding the operation that made a NaN is not part of Lyceum yet."""

    def __init__(self, mode=True, check_nan=True):
        if mode:
            raise NotImplementedError(f"torch.autograd.{type(self).__name__} is not part of Lyceum yet")

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return False


class detect_anomaly(set_detect_anomaly):
    """Raises: finding the operation that made a NaN is not part of Lyceum yet."""

    def __init__(self, check_nan=True):
        super().__init__(True, check_nan)


class Variable:
    """The old name of a tensor with a gradient: ``Variable(t)`` is ``t``."""

    def __new__(cls, data, requires_grad=None, volatile=None):
        variable = data.detach() if data.requires_grad else data.view_as(data)
        return variable.requires_grad_() if requires_grad else variable


def __getattr__(name):
    if name == "functional":
        return _load_submodule(__name__, name)
    if name in ("gradcheck", "gradgradcheck"):
        return getattr(_load_submodule(__name__, "gradient_checks"), name)
    raise absent_names("autograd", name)
