"""`torch.autograd.Function`: an operation with a derivative of one's own."""

from .._C import Tensor, _apply_function, _is_grad_enabled


class FunctionCtx:
    """What `forward` keeps for `backward`; the ``ctx`` of a :class:`Function`."""

    _to_save = ()
    _dirty = ()
    _non_differentiable = ()
    _materialize_grads = True
    needs_input_grad = ()

    def save_for_backward(self, *tensors):
        """Keeps tensors for `backward`, where ``ctx.saved_tensors`` gives them back, checked for changes in place."""
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument is of type {type(tensor).__name__}"
                )
        self._to_save = tensors

    def save_for_forward(self, *tensors):
        raise NotImplementedError("ctx.save_for_forward: forward-mode derivatives are not part of Lyceum yet")

    def mark_dirty(self, *tensors):
        """Says which inputs `forward` has changed in place."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors):
        """Says which outputs have no gradient, such as indices."""
        self._non_differentiable = tensors

    def set_materialize_grads(self, value):
        """With ``False``, a gradient that is not there arrives in `backward` as ``None`` instead of zeros."""
        self._materialize_grads = value


class Function:
    """An operation whose derivative you write yourself.

    Both methods are static, and the operation is called through ``apply``::

        class Square(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x

            @staticmethod
            def backward(ctx, grad_output):
                (x,) = ctx.saved_tensors
                return 2 * x * grad_output

        y = Square.apply(x)

    `backward` gets one gradient for each output of `forward` and returns one for each input (``None`` where an
    input is not a tensor or ``ctx.needs_input_grad`` says nobody asks for it).
    """

    generate_vmap_rule = False

    @staticmethod
    def forward(*args, **kwargs):
        """Computes the outputs from ``(ctx, *inputs)``, or from ``inputs`` alone where `setup_context` is defined."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx, inputs, output):
        """Keeps what `backward` needs, where `forward` takes no ``ctx``."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx, *grad_outputs):
        """Returns the gradient of each input, given the gradient of each output."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it "
            "with backward mode AD."
        )

    @staticmethod
    def vjp(ctx, *grad_outputs):
        raise NotImplementedError("vjp is another name of backward; define backward.")

    @staticmethod
    def jvp(ctx, *grad_inputs):
        raise NotImplementedError("Function.jvp: forward-mode derivatives are not part of Lyceum yet")

    @classmethod
    def _forward(cls, ctx, *args):
        """Runs the two ways of writing a forward; the engine calls this one."""
        if cls.setup_context is Function.setup_context:
            return cls.forward(ctx, *args)
        output = cls.forward(*args)
        cls.setup_context(ctx, args, output)
        return output

    @classmethod
    def apply(cls, *args, **kwargs):
        """Runs the operation and records it."""
        if kwargs:
            raise TypeError(f"{cls.__name__}.apply() takes no keyword arguments")
        if cls.forward is Function.forward:
            raise NotImplementedError("You must implement the forward function for custom autograd.Function.")
        ctx = FunctionCtx()
        ctx.needs_input_grad = tuple([isinstance(arg, Tensor) and arg.requires_grad for arg in args])
        return _apply_function(cls, ctx, args)


def once_differentiable(backward):
    """Decorates a `backward` that must not itself be differentiated: it runs without recording."""
    from .grad_mode import no_grad, wraps

    def run(ctx, *grad_outputs):
        recording = _is_grad_enabled() and any(isinstance(g, Tensor) and g.requires_grad for g in grad_outputs)
        with no_grad():
            grads = backward(ctx, *grad_outputs)
        if not recording:
            return grads
        single = not isinstance(grads, tuple)
        marked = [_refuse_derivative(g) for g in ((grads,) if single else grads)]
        return marked[0] if single else tuple(marked)

    return wraps(backward, run)


class _RefuseDerivative(Function):
    @staticmethod
    def forward(ctx, grad):
        return grad.detach()

    @staticmethod
    def backward(ctx, grad):
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")


def _refuse_derivative(grad):
    if not isinstance(grad, Tensor):
        return grad
    return _RefuseDerivative.apply(grad.detach().requires_grad_())
