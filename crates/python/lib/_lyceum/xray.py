"""Tells the X-ray which module runs, and what its parameters are called."""

import _lyceum_xray


def install():
    from torch.nn import Module

    plain = Module.__call__
    running = []
    names = {}

    def __call__(self, *args, **kwargs):
        if not _lyceum_xray.is_sampling():
            return plain(self, *args, **kwargs)
        if not running:
            names.clear()
            names.update((id(module), name) for name, module in self.named_modules())
            for name, parameter in self.named_parameters():
                _lyceum_xray.name(parameter, name)
        running.append(self)
        _lyceum_xray.enter(names.get(id(self)) or type(self).__name__)
        try:
            return plain(self, *args, **kwargs)
        finally:
            running.pop()
            _lyceum_xray.leave()

    Module.__call__ = __call__
