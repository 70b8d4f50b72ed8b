"""`Module`, the base class of every layer and every model.

This file holds what a module *is*: its attributes and its call. The tree of modules is in
`module_tree`, the hooks in `module_hooks`, saving and loading in `module_state`.
"""

from ..._C import Tensor
from ..parameter import Buffer, Parameter
from .module_hooks import (
    ModuleHooks, register_module_forward_hook, register_module_forward_pre_hook, register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
)
from .module_state import ModuleState
from .module_tree import ModuleTree

_no_value = object()


class Module(ModuleTree, ModuleHooks, ModuleState):
    """The base class of all models and layers.

    A model is a class that makes its layers in ``__init__`` and uses them in ``forward``::

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = nn.Linear(4, 8)
                self.output = nn.Linear(8, 1)

            def forward(self, x):
                return self.output(torch.relu(self.hidden(x)))

    Assigning a layer, a :class:`Parameter` or a :class:`Buffer` to an attribute registers it, so that
    ``parameters()``, ``state_dict()`` and ``to()`` find it. Call ``net(x)``, not ``net.forward(x)``.
    """

    dump_patches = False
    _version = 1
    call_super_init = False

    def __init__(self, *args, **kwargs):
        if not self.call_super_init:
            if kwargs:
                raise TypeError(
                    f"{type(self).__name__}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'"
                )
            if args:
                raise TypeError(
                    f"{type(self).__name__}.__init__() takes 1 positional argument but {len(args) + 1} were given"
                )
        own = self.__dict__
        own["training"] = True
        own["_parameters"] = {}
        own["_buffers"] = {}
        own["_non_persistent_buffers_set"] = set()
        own["_backward_pre_hooks"] = {}
        own["_backward_hooks"] = {}
        own["_is_full_backward_hook"] = None
        own["_forward_hooks"] = {}
        own["_forward_hooks_with_kwargs"] = {}
        own["_forward_hooks_always_called"] = {}
        own["_forward_pre_hooks"] = {}
        own["_forward_pre_hooks_with_kwargs"] = {}
        own["_state_dict_hooks"] = {}
        own["_state_dict_pre_hooks"] = {}
        own["_load_state_dict_pre_hooks"] = {}
        own["_load_state_dict_post_hooks"] = {}
        own["_modules"] = {}
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    def forward(self, *input):
        """Computes the output of the module; every subclass defines its own."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args, **kwargs):
        # This way is short on purpose: most calls of most programs pass here.
        if kwargs or self._has_hooks:
            return self._call_with_hooks(args, kwargs)
        return self.forward(*args)

    def _call_impl(self, *args, **kwargs):
        return Module.__call__(self, *args, **kwargs)

    def __getattr__(self, name):
        own = self.__dict__
        for group in ("_parameters", "_buffers", "_modules"):
            members = own.get(group)
            if members is not None and name in members:
                return members[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'", name=name, obj=self)

    def __setattr__(self, name, value):
        own = self.__dict__
        parameters = own.get("_parameters")
        modules = own.get("_modules")
        buffers = own.get("_buffers")
        if isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            _forget(name, own, buffers, modules, self._non_persistent_buffers_set)
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as parameter '{name}' (torch.nn.Parameter or None expected)"
                )
            self.register_parameter(name, value)
        elif isinstance(value, Module):
            if modules is None:
                raise AttributeError("cannot assign module before Module.__init__() call")
            _forget(name, own, parameters, buffers, self._non_persistent_buffers_set)
            modules[name] = value
        elif modules is not None and name in modules:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as child module '{name}' (torch.nn.Module or None expected)"
                )
            modules[name] = value
        elif isinstance(value, Buffer):
            if buffers is None:
                raise AttributeError("cannot assign buffer before Module.__init__() call")
            _forget(name, own, parameters, modules)
            self.register_buffer(name, value, value.persistent)
        elif buffers is not None and name in buffers:
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as buffer '{name}' "
                    "(torch.nn.Buffer, torch.Tensor or None expected)"
                )
            buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name):
        if name in self._parameters:
            del self._parameters[name]
        elif name in self._buffers:
            del self._buffers[name]
            self._non_persistent_buffers_set.discard(name)
        elif name in self._modules:
            del self._modules[name]
        else:
            object.__delattr__(self, name)

    def __dir__(self):
        names = set(dir(type(self)))
        names.update(self.__dict__, self._parameters, self._modules, self._buffers)
        return sorted(name for name in names if not name[:1].isdigit())

    def register_buffer(self, name, tensor, persistent=True):
        """Adds a tensor that is part of the module's state but is not trained, such as a running mean.

        A buffer that is not ``persistent`` is left out of ``state_dict()``.
        """
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        self._check_new_name("buffer", name, self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            _check_complex_buffer(tensor, name, persistent)
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def register_parameter(self, name, param):
        """Adds a parameter under ``name``; ``None`` keeps the name without a parameter, as ``bias=False`` does."""
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        self._check_new_name("parameter", name, self._parameters)
        if param is not None:
            if not isinstance(param, Parameter):
                raise TypeError(
                    f"cannot assign '{_type_name(param)}' object to parameter '{name}' "
                    "(torch.nn.Parameter or None required)"
                )
            if param.grad_fn is not None:
                raise ValueError(
                    f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created "
                    "explicitly. To express a parameter as a function of another Tensor, compute the value in "
                    "the forward() method."
                )
        self._parameters[name] = param

    def add_module(self, name, module):
        """Adds a child module under ``name``; afterwards it is the attribute of that name."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{_type_name(module)} is not a Module subclass")
        if not isinstance(name, str):
            raise TypeError(f"module name should be a string. Got {_type_name(name)}")
        if hasattr(self, name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name:
            raise KeyError(f'module name can\'t contain ".", got: {name}')
        if name == "":
            raise KeyError('module name can\'t be empty string ""')
        self._modules[name] = module

    def register_module(self, name, module):
        """Does the same as :meth:`add_module`."""
        self.add_module(name, module)

    def _check_new_name(self, kind, name, members):
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {_type_name(name)}")
        if "." in name:
            raise KeyError(f'{kind} name can\'t contain "."')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if name not in members and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")

    def extra_repr(self):
        """The text between the parentheses of the printed form; a layer shows its sizes here."""
        return ""

    def _get_name(self):
        return type(self).__name__

    def __repr__(self):
        from .module_repr import format_module

        return format_module(self)

    def compile(self, *args, **kwargs):
        """Does nothing: Lyceum runs every module as written, so there is nothing to compile."""


def _forget(name, *places):
    """Takes ``name`` out of every other place where a module keeps its members."""
    for place in places:
        if place is not None and name in place:
            if isinstance(place, dict):
                del place[name]
            else:
                place.discard(name)


def _check_complex_buffer(tensor, name, persistent):
    """Lets a pair of tensors be a buffer, such as a table of rotations, and nothing else."""
    from ..._complex import ComplexTensor

    if not isinstance(tensor, ComplexTensor):
        raise TypeError(
            f"cannot assign '{_type_name(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
        )
    if persistent:
        raise NotImplementedError(
            f"buffer '{name}' is complex, and Lyceum saves no complex tensors: register it with persistent=False"
        )


def _type_name(value):
    """A type's name as torch prints it: ``int``, ``torch.FloatTensor``, ``torch.nn.modules.linear.Linear``."""
    if isinstance(value, Tensor) and type(value) is Tensor:
        return value.type()
    kind = type(value)
    if kind.__module__ in ("builtins", None):
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"
