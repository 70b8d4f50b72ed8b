"""Handles that take a hook off again, and the gates that carry a module's backward hooks."""

from .._C import Tensor
from ..autograd.function import Function


class RemovableHandle:
    """What every ``register_*hook`` returns: ``handle.remove()`` takes the hook off.

    A handle is also a context manager that removes its hook at the end of the block.
    """

    next_id = 0

    def __init__(self, hooks_dict, *, extra_dict=None):
        self.id = RemovableHandle.next_id
        RemovableHandle.next_id += 1
        self._hooks = hooks_dict
        if extra_dict is None:
            extra_dict = ()
        self._extra = (extra_dict,) if isinstance(extra_dict, dict) else tuple(extra_dict)

    def remove(self):
        """Takes the hook off; calling it again does nothing."""
        self._hooks.pop(self.id, None)
        for extra in self._extra:
            extra.pop(self.id, None)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.remove()


def add_hook(hooks, hook, prepend=False, flags=()):
    """Puts ``hook`` at the end (or the front) of ``hooks`` and marks its id in each dict of ``flags``."""
    handle = RemovableHandle(hooks, extra_dict=flags)
    if prepend:
        older = list(hooks.items())
        hooks.clear()
        hooks[handle.id] = hook
        hooks.update(older)
    else:
        hooks[handle.id] = hook
    for flag in flags:
        flag[handle.id] = True
    return handle


def _pass_on(ctx, call, tensors):
    ctx.call = call
    outputs = tuple([tensor.detach() for tensor in tensors])
    ctx.mark_non_differentiable(*[out for tensor, out in zip(tensors, outputs) if not tensor.requires_grad])
    return outputs


class _InputGate(Function):
    """An identity in front of a module's inputs: its backward hands the module's hooks their grad_input."""

    @staticmethod
    def forward(ctx, call, *tensors):
        return _pass_on(ctx, call, tensors)

    @staticmethod
    def backward(ctx, *grads):
        return (None, *ctx.call.on_grad_input(grads))


class _OutputGate(Function):
    """An identity behind a module's outputs: its backward remembers grad_output for the hooks."""

    @staticmethod
    def forward(ctx, call, *tensors):
        ctx.set_materialize_grads(False)
        return _pass_on(ctx, call, tensors)

    @staticmethod
    def backward(ctx, *grads):
        return (None, *ctx.call.on_grad_output(grads))


class BackwardHookCall:
    """The full backward hooks of one call of one module.

    ``wrap_inputs`` and ``wrap_outputs`` put an identity op on each side of the module's forward.
    During backward the output side runs first and records grad_output, then the input side runs the hooks.
    """

    def __init__(self, module, hooks, pre_hooks):
        self.module = module
        self.hooks = hooks
        self.pre_hooks = pre_hooks
        self.input_places = None
        self.input_count = 0
        self.output_places = ()
        self.output_count = 0
        self.grad_output = None

    def wrap_inputs(self, args):
        self.input_count = len(args)
        args, self.input_places = self._wrap(_InputGate, args)
        return args

    def wrap_outputs(self, outputs):
        is_single = not isinstance(outputs, tuple)
        if is_single:
            outputs = (outputs,)
        self.output_count = len(outputs)
        outputs, places = self._wrap(_OutputGate, outputs)
        self.output_places = places or ()
        return outputs[0] if is_single else outputs

    def _wrap(self, gate, values):
        places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
        if not any(values[i].requires_grad for i in places):
            return values, None
        gated = gate.apply(self, *[values[i] for i in places])
        wrapped = list(values)
        for i, tensor in zip(places, gated):
            wrapped[i] = tensor
        rebuild = getattr(type(values), "_make", None)  # a namedtuple stays one
        return (rebuild(wrapped) if rebuild else tuple(wrapped)), places

    def on_grad_output(self, grads):
        grad_output = _spread(grads, self.output_places, self.output_count)
        for hook in self.pre_hooks:
            result = hook(self.module, grad_output)
            if result is None:
                continue
            grad_output = _same_length("Backward pre hook", "grad_output", result, grad_output)
        self.grad_output = grad_output
        if self.input_places is None:
            grad_input = (None,) * self.input_count
            for hook in self.hooks:
                result = hook(self.module, grad_input, grad_output)
                if result is not None and not (isinstance(result, tuple) and all(g is None for g in result)):
                    raise RuntimeError(
                        "Backward hook for Modules where no input requires gradient "
                        "should always return None or None for all gradients."
                    )
            self.grad_output = None
        return tuple(grad_output[i] for i in self.output_places)

    def on_grad_input(self, grads):
        if self.grad_output is None:
            raise RuntimeError(
                f"Module backward hook for {type(self.module).__name__}: grad_input arrived before grad_output; "
                "an output of the module was not used in this backward pass."
            )
        grad_input = _spread(grads, self.input_places, self.input_count)
        for hook in self.hooks:
            result = hook(self.module, grad_input, self.grad_output)
            if result is not None:
                grad_input = _same_length("Backward hook", "grad_input", result, grad_input)
        self.grad_output = None
        return tuple(grad_input[i] for i in self.input_places)


def _spread(grads, places, count):
    """Puts the gradients of the tensors at their places among ``count`` arguments, ``None`` elsewhere."""
    spread = [None] * count
    for i, grad in zip(places, grads):
        spread[i] = grad
    return tuple(spread)


def _same_length(who, what, result, old):
    if not isinstance(result, tuple):
        result = (result,)
    if len(result) != len(old):
        raise RuntimeError(
            f"{who} returned an invalid number of {what}, got {len(result)}, but expected {len(old)}"
        )
    return result
