"""The tree of modules: walking over children, parameters and buffers, and changing all of them at once."""

from ..._C import Tensor
from ..._C import device as Device
from ..._C import dtype as DType
from ..._C import bfloat16, float16, float32, float64
from ...autograd.grad_mode import no_grad


class ModuleTree:
    """What a module can do with all modules, parameters and buffers under it."""

    def named_modules(self, memo=None, prefix="", remove_duplicate=True):
        """Yields ``(name, module)`` for this module (under the name ``""``) and every module below it."""
        if memo is None:
            memo = set()
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, child in self._modules.items():
            if child is not None:
                child_prefix = f"{prefix}.{name}" if prefix else name
                yield from child.named_modules(memo, child_prefix, remove_duplicate)

    def modules(self):
        """Yields this module and every module below it, each once."""
        for _, module in self.named_modules():
            yield module

    def named_children(self):
        """Yields ``(name, module)`` for the modules directly under this one, each once."""
        seen = set()
        for name, child in self._modules.items():
            if child is not None and child not in seen:
                seen.add(child)
                yield name, child

    def children(self):
        """Yields the modules directly under this one."""
        for _, child in self.named_children():
            yield child

    def _named_members(self, get_members, prefix="", recurse=True, remove_duplicate=True):
        seen = set()
        modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for module_prefix, module in modules:
            for name, member in get_members(module):
                if member is None or member in seen:
                    continue
                if remove_duplicate:
                    seen.add(member)
                yield (f"{module_prefix}.{name}" if module_prefix else name), member

    def named_parameters(self, prefix="", recurse=True, remove_duplicate=True):
        """Yields ``(name, parameter)`` for every parameter; shared ones once."""
        return self._named_members(lambda module: module._parameters.items(), prefix, recurse, remove_duplicate)

    def parameters(self, recurse=True):
        """Yields every parameter: what an optimiser takes."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(self, prefix="", recurse=True, remove_duplicate=True):
        """Yields ``(name, buffer)`` for every buffer."""
        return self._named_members(lambda module: module._buffers.items(), prefix, recurse, remove_duplicate)

    def buffers(self, recurse=True):
        """Yields every buffer."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def get_submodule(self, target):
        """Returns the module of a dotted name such as ``"encoder.0"``; ``""`` is this module."""
        from .module import Module

        module = self
        for name in target.split(".") if target else ():
            if not hasattr(module, name):
                raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
            module = getattr(module, name)
            if not isinstance(module, Module):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return module

    def set_submodule(self, target, module, strict=False):
        """Replaces the module of a dotted name; with ``strict`` the name must exist already."""
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        parent_name, _, name = target.rpartition(".")
        parent = self.get_submodule(parent_name)
        if strict and not hasattr(parent, name):
            raise AttributeError(f"{parent._get_name()} has no attribute `{name}`")
        setattr(parent, name, module)

    def _get_member(self, target):
        module_name, _, name = target.rpartition(".")
        module = self.get_submodule(module_name)
        if not hasattr(module, name):
            raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
        return module, name, getattr(module, name)

    def get_parameter(self, target):
        """Returns the parameter of a dotted name such as ``"encoder.0.weight"``."""
        from ..parameter import Parameter

        _, name, parameter = self._get_member(target)
        if not isinstance(parameter, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return parameter

    def get_buffer(self, target):
        """Returns the buffer of a dotted name such as ``"norm.running_mean"``."""
        module, name, buffer = self._get_member(target)
        if name not in module._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return buffer

    def apply(self, fn):
        """Calls ``fn(module)`` on every module below and then on this one, for example to initialise weights."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        """Puts the module and everything below it into training mode.

        Then dropout drops, and batch norm uses the batch's statistics and learns running ones.
        """
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for child in self.children():
            child.train(mode)
        return self

    def eval(self):
        """Puts the module into evaluation mode; the same as ``train(False)``."""
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        """Says for every parameter whether it is trained; ``False`` freezes the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        """Clears the gradient of every parameter."""
        for parameter in self.parameters():
            if parameter.grad is None:
                continue
            if set_to_none:
                parameter.grad = None
            else:
                if parameter.grad.grad_fn is not None:
                    parameter.grad.detach_()
                else:
                    parameter.grad.requires_grad_(False)
                parameter.grad.zero_()

    def _apply(self, fn, recurse=True):
        """Replaces the data of every parameter, gradient and buffer by ``fn`` of it."""
        if recurse:
            for child in self.children():
                child._apply(fn)
        for parameter in self._parameters.values():
            if parameter is None:
                continue
            with no_grad():
                new_data = fn(parameter)
                if new_data is not parameter:
                    parameter.data = new_data
                grad = parameter.grad
                if grad is not None:
                    new_grad = fn(grad)
                    if new_grad is not grad:
                        parameter.grad = new_grad.requires_grad_(grad.requires_grad)
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self, *args, **kwargs):
        """Moves parameters and buffers to a device or a floating dtype.

        ``to("cpu")``, ``to(torch.float64)``, ``to("cpu", torch.float64)``, or ``to(other)`` for another tensor's.
        """
        device, dtype = _parse_to(*args, **kwargs)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, "
                f"but got desired dtype={dtype}"
            )

        def convert(tensor):
            new_dtype = dtype if tensor.is_floating_point() else None
            if device is None:
                return tensor if new_dtype is None else tensor.to(new_dtype)
            if new_dtype is None:
                return tensor.to(device)
            return tensor.to(device, new_dtype)

        return self._apply(convert)

    def type(self, dst_type):
        """Casts every parameter and buffer to ``dst_type``."""
        return self._apply(lambda tensor: tensor.type(dst_type))

    def float(self):
        """Casts floating parameters and buffers to float32."""
        return self._apply(lambda tensor: tensor.to(float32) if tensor.is_floating_point() else tensor)

    def double(self):
        """Casts floating parameters and buffers to float64."""
        return self._apply(lambda tensor: tensor.to(float64) if tensor.is_floating_point() else tensor)

    def half(self):
        """Casts floating parameters and buffers to float16."""
        return self._apply(lambda tensor: tensor.to(float16) if tensor.is_floating_point() else tensor)

    def bfloat16(self):
        """Casts floating parameters and buffers to bfloat16."""
        return self._apply(lambda tensor: tensor.to(bfloat16) if tensor.is_floating_point() else tensor)

    def cpu(self):
        """Moves parameters and buffers to the CPU, where they are."""
        return self._apply(lambda tensor: tensor.cpu())

    def cuda(self, device=None):
        """Raises torch's error of a machine without CUDA (unless there is nothing to move)."""
        return self._apply(lambda tensor: tensor.cuda(device))

    def to_empty(self, *, device, recurse=True):
        """Gives every parameter and buffer new, uninitialised memory."""
        return self._apply(lambda tensor: tensor.new_empty(tensor.shape, device=device), recurse)

    def share_memory(self):
        """Marks parameters and buffers as shared between processes; here a run is one process."""
        return self._apply(lambda tensor: tensor.share_memory_())


def _parse_to(*args, device=None, dtype=None, non_blocking=False, copy=False, memory_format=None):
    """Reads the arguments of ``Module.to``: (device, dtype, ...), (dtype, ...) or (tensor, ...)."""
    if args:
        first = args[0]
        if isinstance(first, Tensor):
            return first.device, first.dtype
        if isinstance(first, DType):
            dtype = first
        else:
            device = first
            if len(args) > 1 and isinstance(args[1], DType):
                dtype = args[1]
    if device is not None and not isinstance(device, Device):
        device = Device(device)
    return device, dtype
