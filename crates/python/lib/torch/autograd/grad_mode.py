"""Switches for recording: `no_grad`, `enable_grad`, `set_grad_enabled` and `inference_mode`.

Each is a context manager and a decorator, of plain functions as well as of generators.
"""

from .._C import _is_grad_enabled, _is_inference, _set_grad_enabled, _set_inference

_GENERATOR = 0x20  # the bit of code.co_flags that says a function is a generator


def wraps(wrapped, wrapper):
    """Gives ``wrapper`` the name and the documentation of ``wrapped``."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        try:
            setattr(wrapper, name, getattr(wrapped, name))
        except (AttributeError, TypeError):
            pass
    wrapper.__dict__.update(getattr(wrapped, "__dict__", {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


class _Switch:
    """A context manager that can also decorate a function."""

    def __call__(self, func):
        if isinstance(func, type):
            import warnings

            warnings.warn(
                f"Decorating classes is deprecated and will be disabled in future versions. You should only "
                f"decorate functions or methods; the __init__ of {func.__name__} is decorated instead.",
                FutureWarning,
                stacklevel=2,
            )
            func.__init__ = self(func.__init__)
            return func
        code = getattr(func, "__code__", None)
        if code is not None and code.co_flags & _GENERATOR:
            return wraps(func, self._decorate_generator(func))

        def decorated(*args, **kwargs):
            with self.clone():
                return func(*args, **kwargs) if kwargs else func(*args)

        return wraps(func, decorated)

    def _decorate_generator(self, func):
        def decorated(*args, **kwargs):
            generator = func(*args, **kwargs)
            try:
                with self.clone():
                    value = generator.send(None)
                while True:
                    try:
                        sent = yield value
                    except GeneratorExit:
                        with self.clone():
                            generator.close()
                        raise
                    except BaseException as error:
                        with self.clone():
                            value = generator.throw(error)
                    else:
                        with self.clone():
                            value = generator.send(sent)
            except StopIteration as stop:
                return stop.value

        return decorated

    def clone(self):
        return type(self)()


class no_grad(_Switch):
    """Turns recording off: results have ``requires_grad=False``, and no graph is kept.

    ``with torch.no_grad():`` around an evaluation, or ``@torch.no_grad()`` above a function.
    """

    def __new__(cls, func=None):
        switch = object.__new__(cls)
        return switch if func is None else switch(func)

    def __enter__(self):
        self.previous = _is_grad_enabled()
        _set_grad_enabled(False)

    def __exit__(self, *exc_info):
        _set_grad_enabled(self.previous)


class enable_grad(_Switch):
    """Turns recording on, inside a ``no_grad`` block."""

    def __new__(cls, func=None):
        switch = object.__new__(cls)
        return switch if func is None else switch(func)

    def __enter__(self):
        self.previous = _is_grad_enabled()
        _set_grad_enabled(True)

    def __exit__(self, *exc_info):
        _set_grad_enabled(self.previous)


class set_grad_enabled(_Switch):
    """Turns recording on or off: at once when called, and back at the end of a ``with`` block."""

    def __init__(self, mode):
        self.previous = _is_grad_enabled()
        self.mode = mode
        _set_grad_enabled(mode)

    def __call__(self, func):
        _set_grad_enabled(self.previous)
        return super().__call__(func)

    def __enter__(self):
        _set_grad_enabled(self.mode)

    def __exit__(self, *exc_info):
        _set_grad_enabled(self.previous)

    def clone(self):
        return set_grad_enabled(self.mode)

    def __repr__(self):
        return f"set_grad_enabled(mode={self.mode})"


class inference_mode(_Switch):
    """Turns recording off for good: tensors made inside can never take part in a backward pass."""

    def __new__(cls, mode=True):
        switch = object.__new__(cls)
        if isinstance(mode, bool):
            return switch
        switch.__init__()
        return switch(mode)

    def __init__(self, mode=True):
        self.mode = mode

    def __enter__(self):
        self.previous = _is_inference(), _is_grad_enabled()
        _set_inference(self.mode)
        _set_grad_enabled(not self.mode)

    def __exit__(self, *exc_info):
        was_inference, was_recording = self.previous
        _set_inference(was_inference)
        _set_grad_enabled(was_recording)

    def clone(self):
        return inference_mode(self.mode)


def is_grad_enabled():
    """Says whether operations are recorded at the moment."""
    return _is_grad_enabled()


def is_inference_mode_enabled():
    """Says whether inference mode is on."""
    return _is_inference()
