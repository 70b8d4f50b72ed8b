"""`Optimizer`, the base of all optimisers: parameter groups, state, saving and loading, hooks."""

from .._C import Tensor, _report_step
from ..autograd.grad_mode import enable_grad, wraps
from ..utils.hooks import add_hook

_global_pre_hooks = {}
_global_post_hooks = {}


class _Required:
    def __repr__(self):
        return "<required parameter>"


required = _Required()


class _State(dict):
    """The state of each parameter; asking for a new one makes an empty dict."""

    def __missing__(self, parameter):
        self[parameter] = state = {}
        return state


class Optimizer:
    """The base of all optimisers.

    ``params`` is an iterable of parameters, of ``(name, parameter)`` pairs, or of dicts: groups with options of their
    own, such as ``{"params": net.head.parameters(), "lr": 0.1}``. A subclass defines ``step``::

        class Plain(torch.optim.Optimizer):
            def __init__(self, params, lr=0.1):
                super().__init__(params, {"lr": lr})

            @torch.no_grad()
            def step(self):
                for group in self.param_groups:
                    for p in group["params"]:
                        if p.grad is not None:
                            p -= group["lr"] * p.grad
    """

    def __init__(self, params, defaults):
        self.defaults = defaults
        self._optimizer_step_pre_hooks = {}
        self._optimizer_step_post_hooks = {}
        self._optimizer_state_dict_pre_hooks = {}
        self._optimizer_state_dict_post_hooks = {}
        self._optimizer_load_state_dict_pre_hooks = {}
        self._optimizer_load_state_dict_post_hooks = {}
        _watch_step(type(self))
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
                f"but got {params.type()}"
            )
        self.state = _State()
        self.param_groups = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(dict(group))

    def add_param_group(self, param_group):
        """Adds a group of parameters with options of its own, for example a layer that is unfrozen later."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, Tensor):
            params = [params]
        elif isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in "
                "sets will change between runs. Please use a list instead."
            )
        params = list(params)
        if params and all(isinstance(param, tuple) for param in params):
            param_group["param_names"] = [name for name, _ in params]
            params = [param for _, param in params]
        param_group["params"] = params
        for param in params:
            if not isinstance(param, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {_type_text(param)}")
            if not self.defaults.get("differentiable", None) and not (param.is_leaf or param.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(f"parameter group didn't specify a value of required optimization parameter {name}")
            param_group.setdefault(name, default)
        if len(params) != len(set(params)):
            import warnings

            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; "
                "see github.com/pytorch/pytorch/issues/40967 for more information",
                stacklevel=3,
            )
        taken = set()
        for group in self.param_groups:
            taken.update(group["params"])
            if ("param_names" in group) != ("param_names" in param_group):
                have = "with" if "param_names" in group else "without"
                raise ValueError(
                    f"all optimizer param groups should be with/without names. cannot add this group to {have} names"
                )
        if not taken.isdisjoint(params):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def zero_grad(self, set_to_none=True):
        """Clears the gradient of every parameter; call it before each ``backward``."""
        for group in self.param_groups:
            for param in group["params"]:
                if set_to_none:
                    param.grad = None
                elif param.grad is not None:
                    if param.grad.grad_fn is not None:
                        param.grad.detach_()
                    else:
                        param.grad.requires_grad_(False)
                    param.grad.zero_()

    def step(self, closure=None):
        """Changes the parameters by their gradients. A ``closure`` computes the loss anew and returns it."""
        raise NotImplementedError

    def _run_closure(self, closure):
        if closure is None:
            return None
        with enable_grad():
            return closure()

    def state_dict(self):
        """Returns state and groups as a plain dict, with parameters numbered in order."""
        for hook in list(self._optimizer_state_dict_pre_hooks.values()):
            hook(self)
        number_of = {}
        groups = []
        for group in self.param_groups:
            for param in group["params"]:
                number_of.setdefault(id(param), len(number_of))
            packed = {key: value for key, value in group.items() if key != "params"}
            packed["params"] = [number_of[id(param)] for param in group["params"]]
            groups.append(packed)
        state = {
            (number_of[id(key)] if isinstance(key, Tensor) else key): value for key, value in self.state.items()
        }
        state_dict = {"state": state, "param_groups": groups}
        for hook in list(self._optimizer_state_dict_post_hooks.values()):
            changed = hook(self, state_dict)
            if changed is not None:
                state_dict = changed
        return state_dict

    def load_state_dict(self, state_dict):
        """Takes back what :meth:`state_dict` returned, for parameters in the same order."""
        state_dict = dict(state_dict)
        for hook in list(self._optimizer_load_state_dict_pre_hooks.values()):
            changed = hook(self, state_dict)
            if changed is not None:
                state_dict = changed
        saved = state_dict["param_groups"]
        if len(saved) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(old["params"]) != len(new["params"]) for old, new in zip(saved, self.param_groups)):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
            )
        param_of = {}
        for old, new in zip(saved, self.param_groups):
            param_of.update(zip(old["params"], new["params"]))
        state = _State()
        for key, value in state_dict["state"].items():
            if key in param_of:
                param = param_of[key]
                state[param] = {name: _adopt(name, item, param) for name, item in value.items()}
            else:
                state[key] = value
        groups = []
        for old, new in zip(saved, self.param_groups):
            group = _copied(old)
            if "param_names" in new and "param_names" not in group:
                group["param_names"] = new["param_names"]
            group["params"] = new["params"]
            groups.append(group)
        self.__setstate__({"state": state, "param_groups": groups})
        for hook in list(self._optimizer_load_state_dict_post_hooks.values()):
            hook(self)

    def __setstate__(self, state):
        self.__dict__.update(state)
        for name in _HOOKS:
            self.__dict__.setdefault(name, {})
        self.__dict__.setdefault("defaults", {})
        _watch_step(type(self))

    def __getstate__(self):
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def register_step_pre_hook(self, hook):
        """Runs ``hook(optimizer, args, kwargs)`` before each step; it may return new ``(args, kwargs)``."""
        return add_hook(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook):
        """Runs ``hook(optimizer, args, kwargs)`` after each step."""
        return add_hook(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook, prepend=False):
        """Runs ``hook(optimizer)`` before the state dict is made."""
        return add_hook(self._optimizer_state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook, prepend=False):
        """Runs ``hook(optimizer, state_dict)`` afterwards; it may return another dict."""
        return add_hook(self._optimizer_state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook, prepend=False):
        """Runs ``hook(optimizer, state_dict)`` before loading; it may return another dict."""
        return add_hook(self._optimizer_load_state_dict_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(self, hook, prepend=False):
        """Runs ``hook(optimizer)`` after loading."""
        return add_hook(self._optimizer_load_state_dict_post_hooks, hook, prepend)

    def __repr__(self):
        text = type(self).__name__ + " ("
        for i, group in enumerate(self.param_groups):
            text += f"\nParameter Group {i}\n"
            for key in sorted(group):
                if key != "params":
                    text += f"    {key}: {group[key]}\n"
        return text + ")"


_HOOKS = (
    "_optimizer_step_pre_hooks", "_optimizer_step_post_hooks", "_optimizer_state_dict_pre_hooks",
    "_optimizer_state_dict_post_hooks", "_optimizer_load_state_dict_pre_hooks", "_optimizer_load_state_dict_post_hooks",
)


def _watch_step(cls):
    """Wraps the class's ``step`` once, so that hooks run and the run's live curve hears of each step."""
    step = cls.step
    if getattr(step, "_is_watched", False):
        return
    name = cls.__name__

    def watched_step(self, *args, **kwargs):
        if self._optimizer_step_pre_hooks or self._optimizer_step_post_hooks or _global_pre_hooks or _global_post_hooks:
            result = _step_with_hooks(step, self, args, kwargs)
        elif kwargs:
            result = step(self, *args, **kwargs)
        else:
            result = step(self, *args)
        self._opt_called = True
        _report_step(name, float(self.param_groups[0].get("lr", 0.0)))
        return result

    wraps(step, watched_step)._is_watched = True
    cls.step = watched_step


def _step_with_hooks(step, optimizer, args, kwargs):
    for hook in [*_global_pre_hooks.values(), *optimizer._optimizer_step_pre_hooks.values()]:
        changed = hook(optimizer, args, kwargs)
        if changed is not None:
            if not (isinstance(changed, tuple) and len(changed) == 2):
                raise RuntimeError(
                    f"{step} must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                )
            args, kwargs = changed
    result = step(optimizer, *args, **kwargs)
    for hook in [*optimizer._optimizer_step_post_hooks.values(), *_global_post_hooks.values()]:
        hook(optimizer, args, kwargs)
    return result


def register_optimizer_step_pre_hook(hook):
    """Runs ``hook(optimizer, args, kwargs)`` before each step of every optimiser."""
    return add_hook(_global_pre_hooks, hook)


def register_optimizer_step_post_hook(hook):
    """Runs ``hook(optimizer, args, kwargs)`` after each step of every optimiser."""
    return add_hook(_global_post_hooks, hook)


def check_range(name, value, low=0.0, high=None):
    """Raises ValueError unless low <= value (< high)."""
    if not (low <= value if high is None else low <= value < high):
        raise ValueError(f"Invalid {name}: {value}")


def check_options(optimizer, differentiable=False, capturable=False, foreach=None, fused=None):
    """Raises for what Lyceum has not; ``foreach`` and ``fused`` only say how fast, so they are accepted."""
    name = type(optimizer).__name__
    if differentiable:
        raise NotImplementedError(f"torch.optim.{name}(differentiable=True) is not part of Lyceum yet")
    if capturable:
        raise NotImplementedError(f"torch.optim.{name}(capturable=True) needs a GPU")
    if foreach and fused:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def with_gradients(group):
    """The parameters of a group that have a gradient, and the gradients."""
    params = []
    grads = []
    for param in group["params"]:
        grad = param.grad
        if grad is not None:
            params.append(param)
            grads.append(grad)
    return params, grads


def each_gradient(optimizer):
    """Yields (group, parameter, gradient, state) for each parameter that has a gradient.

    The gradient is the one to go down: turned round for ``maximize``, with the weight decay of the group in it
    (a decoupled one has shrunk the parameter instead).
    """
    for group in optimizer.param_groups:
        decay = group.get("weight_decay", 0)
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            if group["maximize"]:
                grad = -grad
            if decay != 0:
                if group.get("decoupled_weight_decay"):
                    param.mul_(1 - group["lr"] * decay)
                else:
                    grad = grad.add(param, alpha=decay)
            yield group, param, grad, optimizer.state[param]


def _type_text(value):
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _adopt(name, value, param):
    """A loaded piece of state, in the dtype that goes with its parameter."""
    if isinstance(value, Tensor):
        return value.to(param.dtype) if name != "step" and param.is_floating_point() else value
    if isinstance(value, dict):
        return {key: _adopt(key, item, param) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_adopt(name, item, param) for item in value])
    return value


def _copied(value):
    if isinstance(value, Tensor):
        return value.clone()
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value
