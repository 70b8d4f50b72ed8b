"""`torch.utils.checkpoint`: parts of a model that are computed again in the backward pass instead of being kept.

A checkpointed part runs forward and nothing of it stays in memory but its inputs and outputs. The backward pass runs it
once more, from the same random numbers, now recording, and goes on through what it recorded.
"""

from .._absent import absent_names
from .._C import Tensor, empty, zeros_like
from .._C import _is_grad_enabled
from ..autograd import _targets, backward
from ..autograd.function import Function
from ..autograd.grad_mode import enable_grad
from ..random import fork_rng, get_rng_state, set_rng_state


def checkpoint(
    function, *args, use_reentrant=None, context_fn=None, determinism_check="default", debug=False, early_stop=True,
    **kwargs,
):
    """Calls ``function(*args, **kwargs)``, keeping nothing of it; the backward pass calls it again.

    ``use_reentrant=True`` is PyTorch's first way: a gradient flows only if one of ``args`` itself is a tensor that
    wants one. ``use_reentrant=False`` also looks into lists and dicts, and always trains the parameters inside::

        x = checkpoint(self.block, x, use_reentrant=False)

    ``preserve_rng_state=False`` lets dropout draw other numbers the second time, which is faster and rarely wanted.
    """
    if use_reentrant is None:
        import warnings

        warnings.warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. use_reentrant=False is "
            "recommended; use_reentrant=True is the default.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs and use_reentrant:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    if use_reentrant and (context_fn is not None or debug):
        raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
    if determinism_check not in ("default", "none"):
        raise ValueError(f"determinism_check should be 'default' or 'none', but got {determinism_check!r}")
    if debug:
        raise NotImplementedError("checkpoint(debug=True) is not part of Lyceum yet")
    if use_reentrant:
        return _run(function, args, preserve, None, (args,), top_level_only=True)
    contexts = context_fn() if context_fn is not None else None
    return _run(lambda args, kwargs: function(*args, **kwargs), (args, kwargs), preserve, contexts, (args, kwargs))


def checkpoint_sequential(functions, segments, input, use_reentrant=None, **kwargs):
    """Runs a :class:`Sequential` or a list of functions in ``segments`` parts, all but the last checkpointed."""
    if use_reentrant is None:
        import warnings

        warnings.warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    children = getattr(functions, "children", None)
    functions = list(children() if children else functions)

    def run_part(start, end):
        def run(x):
            for function in functions[start:end]:
                x = function(x)
            return x

        return run

    size = len(functions) // segments
    end = 0
    for start in range(0, size * (segments - 1), size):
        end = start + size
        part = run_part(start, end)
        input = checkpoint(part, input, use_reentrant=use_reentrant, preserve_rng_state=preserve)
    return run_part(end, len(functions))(input)


def _run(function, args, preserve, contexts, searched, top_level_only=False):
    """Runs ``function(*args)`` as one recorded operation over the tensors found in ``searched``."""
    tensors = []
    for value in searched:
        _find(value, tensors, top_level_only)
    shape = []

    def run(tensors, context):
        filled = _fill(args, iter(tensors), top_level_only)
        if context is None:
            result = function(*filled)
        else:
            with context:
                result = function(*filled)
        found = []
        _find(result, found, False)
        shape[:] = [result]
        return tuple(found)

    if not _is_grad_enabled():
        run(tensors, contexts and contexts[0])
        return shape[0]
    if top_level_only and not any(tensor.requires_grad for tensor in tensors):
        import warnings

        warnings.warn("None of the inputs have requires_grad=True. Gradients will be None", stacklevel=3)
    # Without reentrance the operation is recorded even where no input wants a gradient, for the parameters inside.
    anchor = empty(0, requires_grad=not top_level_only)
    outputs = _Recomputed.apply(run, contexts, preserve, top_level_only, anchor, *tensors)
    return _fill(shape[0], iter(outputs), False)


class _Recomputed(Function):
    """A part of a model as one operation, whose derivative computes the part again."""

    @staticmethod
    def forward(ctx, run, contexts, preserve, is_reentrant, anchor, *tensors):
        ctx.run = run
        ctx.context = contexts and contexts[1]
        ctx.random = get_rng_state() if preserve else None
        ctx.is_reentrant = is_reentrant
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(*tensors)
        context = contexts and contexts[0]
        if is_reentrant:
            outputs = run(tensors, context)
            constant = [output for output in outputs if not output.is_floating_point()]
        else:
            # Recorded only to see which outputs depend on something that is trained; the record is dropped at once.
            with enable_grad():
                recorded = run(_leaves(tensors, ctx.needs_input_grad), context)
            outputs = tuple(output.detach() for output in recorded)
            constant = [output for output, seen in zip(outputs, recorded) if not seen.requires_grad]
        ctx.mark_non_differentiable(*constant)
        return outputs

    @staticmethod
    def backward(ctx, *grads):
        _check_walk(ctx.is_reentrant)
        inputs = _leaves(ctx.saved_tensors, ctx.needs_input_grad)
        with fork_rng(enabled=ctx.random is not None):
            if ctx.random is not None:
                set_rng_state(ctx.random)
            with enable_grad():
                outputs = ctx.run(inputs, ctx.context)
        pairs = [(output, grad) for output, grad in zip(outputs, grads) if output.requires_grad and grad is not None]
        if pairs:
            outputs, grads = zip(*pairs)
            if len(pairs) == 1:  # a second root, so that one number is not reported as the loss of a training loop
                outputs, grads = outputs * 2, (*grads, zeros_like(grads[0]))
            # Tensors of the graph around it that the function has captured are walked here, and later once more.
            backward(outputs, grads, retain_graph=True)
        elif ctx.is_reentrant:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        return (None,) * 5 + tuple(tensor.grad for tensor in inputs)


def _leaves(tensors, needs_input_grad):
    """The tensors cut off from the graph around them; those want a gradient that did there."""
    return [tensor.detach().requires_grad_(wants) for tensor, wants in zip(tensors, needs_input_grad[5:])]


def _check_walk(is_reentrant):
    """Refuses the ways to go back that cannot collect the gradients of parameters inside."""
    if _targets():
        if is_reentrant:
            raise RuntimeError(
                "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` "
                "parameter to .backward(). To resolve this error, call .backward() without passing the `inputs` "
                "argument."
            )
        raise NotImplementedError("torch.autograd.grad through checkpoint() is not part of Lyceum yet; use backward()")
    if _is_grad_enabled():
        raise NotImplementedError("create_graph=True through checkpoint() is not part of Lyceum yet")


def _find(value, found, top_level_only):
    """Appends the tensors in nested tuples, lists and dicts to ``found``."""
    if isinstance(value, Tensor):
        found.append(value)
    elif isinstance(value, dict):
        for item in value.values():
            _find(item, found, top_level_only)
    elif isinstance(value, (tuple, list)):
        for item in value:
            if not top_level_only or isinstance(item, Tensor):
                _find(item, found, top_level_only)


def _fill(value, tensors, top_level_only):
    """The same structure with the next of ``tensors`` in place of each tensor."""
    if isinstance(value, Tensor):
        return next(tensors)
    if isinstance(value, dict):
        return type(value)((key, _fill(item, tensors, top_level_only)) for key, item in value.items())
    if isinstance(value, (tuple, list)):
        items = [
            _fill(item, tensors, top_level_only) if not top_level_only or isinstance(item, Tensor) else item
            for item in value
        ]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value


def __getattr__(name):
    raise absent_names("utils.checkpoint", name)
