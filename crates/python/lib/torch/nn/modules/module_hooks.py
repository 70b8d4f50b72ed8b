"""Hooks of modules: functions that run before, after, or on the way back through a module's forward."""

from ...utils.hooks import BackwardHookCall, add_hook

global_forward_pre_hooks = {}
global_forward_hooks = {}
global_forward_hooks_with_kwargs = {}
global_forward_hooks_always_called = {}
global_backward_pre_hooks = {}
global_backward_hooks = {}


class ModuleHooks:
    """The registration and the running of a module's hooks."""

    _has_hooks = False
    """Whether a call must look at hooks: set on a module by its first hook, and on this class by the first global one."""

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        """Runs ``hook(module, args)`` before every forward; what it returns replaces the inputs.

        With ``with_kwargs`` the hook is ``hook(module, args, kwargs)`` and returns ``(args, kwargs)`` or ``None``.
        """
        flags = (self._forward_pre_hooks_with_kwargs,) if with_kwargs else ()
        return self._add_hook(self._forward_pre_hooks, hook, prepend, flags)

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        """Runs ``hook(module, args, output)`` after every forward; what it returns replaces the output.

        With ``with_kwargs`` the hook is ``hook(module, args, kwargs, output)``; with ``always_call`` it runs
        even when forward raises.
        """
        flags = (self._forward_hooks_with_kwargs,) if with_kwargs else ()
        if always_call:
            flags += (self._forward_hooks_always_called,)
        return self._add_hook(self._forward_hooks, hook, prepend, flags)

    def register_full_backward_pre_hook(self, hook, prepend=False):
        """Runs ``hook(module, grad_output)`` before the module's backward; it may return a new grad_output."""
        return self._add_hook(self._backward_pre_hooks, hook, prepend)

    def register_full_backward_hook(self, hook, prepend=False):
        """Runs ``hook(module, grad_input, grad_output)`` after the module's backward.

        It may return a new grad_input.
        """
        self.__dict__["_is_full_backward_hook"] = True
        return self._add_hook(self._backward_hooks, hook, prepend)

    def register_backward_hook(self, hook):
        raise NotImplementedError(
            "Module.register_backward_hook is not part of Lyceum: PyTorch has replaced it by "
            "Module.register_full_backward_hook, which works here"
        )

    def _add_hook(self, hooks, hook, prepend, flags=()):
        self.__dict__["_has_hooks"] = True
        return add_hook(hooks, hook, prepend, flags)

    def _call_with_hooks(self, args, kwargs):
        if not self._has_hooks:
            return self.forward(*args, **kwargs)
        backward_pre_hooks = [*global_backward_pre_hooks.values(), *self._backward_pre_hooks.values()]
        backward_hooks = [*global_backward_hooks.values(), *self._backward_hooks.values()]
        called = set()
        result = None
        try:
            args, kwargs = self._run_forward_pre_hooks(args, kwargs)
            call = None
            if backward_hooks or backward_pre_hooks:
                call = BackwardHookCall(self, backward_hooks, backward_pre_hooks)
                args = call.wrap_inputs(args)
            result = self.forward(*args, **kwargs)
            for hook_id, hook, with_kwargs, _ in self._all_forward_hooks():
                called.add(hook_id)
                changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
                if changed is not None:
                    result = changed
            return result if call is None else call.wrap_outputs(result)
        except Exception:
            self._run_always_called(called, args, kwargs, result)
            raise

    def _run_forward_pre_hooks(self, args, kwargs):
        for hook in list(global_forward_pre_hooks.values()):
            changed = hook(self, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        for hook_id, hook in list(self._forward_pre_hooks.items()):
            if hook_id in self._forward_pre_hooks_with_kwargs:
                changed = hook(self, args, kwargs)
                if changed is None:
                    continue
                if not (isinstance(changed, tuple) and len(changed) == 2):
                    raise RuntimeError(
                        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                    )
                args, kwargs = changed
            else:
                changed = hook(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
        return args, kwargs

    def _all_forward_hooks(self):
        hooks = [
            (i, hook, i in global_forward_hooks_with_kwargs, i in global_forward_hooks_always_called)
            for i, hook in global_forward_hooks.items()
        ]
        hooks += [
            (i, hook, i in self._forward_hooks_with_kwargs, i in self._forward_hooks_always_called)
            for i, hook in self._forward_hooks.items()
        ]
        return hooks

    def _run_always_called(self, called, args, kwargs, result):
        """Runs the always_call hooks that an exception has kept from running; their own errors become warnings."""
        for hook_id, hook, with_kwargs, always in self._all_forward_hooks():
            if not always or hook_id in called:
                continue
            try:
                changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
                if changed is not None:
                    result = changed
            except Exception as error:
                import warnings

                warnings.warn(f"module forward hook with ``always_call=True`` raised an exception: {error}")


def _add_global_hook(hooks, hook, flags=()):
    ModuleHooks._has_hooks = True
    return add_hook(hooks, hook, False, flags)


def register_module_forward_pre_hook(hook):
    """Runs ``hook(module, args)`` before the forward of every module there is."""
    return _add_global_hook(global_forward_pre_hooks, hook)


def register_module_forward_hook(hook, *, with_kwargs=False, always_call=False):
    """Runs ``hook(module, args, output)`` after the forward of every module there is."""
    flags = (global_forward_hooks_with_kwargs,) if with_kwargs else ()
    if always_call:
        flags += (global_forward_hooks_always_called,)
    return _add_global_hook(global_forward_hooks, hook, flags)


def register_module_full_backward_pre_hook(hook):
    """Runs ``hook(module, grad_output)`` before the backward of every module there is."""
    return _add_global_hook(global_backward_pre_hooks, hook)


def register_module_full_backward_hook(hook):
    """Runs ``hook(module, grad_input, grad_output)`` after the backward of every module there is."""
    return _add_global_hook(global_backward_hooks, hook)
