"""Parameters and buffers: the tensors that a module registers when they are assigned to it."""

from .._C import Tensor, empty


class Parameter(Tensor):
    """A tensor that a module trains.

    Assigned to an attribute of a :class:`Module`, it becomes one of ``module.parameters()``::

        self.scale = nn.Parameter(torch.ones(3))
    """

    def __new__(cls, data=None, requires_grad=True):
        if data is None:
            data = empty(0)
        return Tensor._make_subclass(cls, data.detach(), requires_grad)

    def __init__(self, data=None, requires_grad=True):
        pass

    def __deepcopy__(self, memo):
        if id(self) in memo:
            return memo[id(self)]
        copied = type(self)(self.data.clone(), self.requires_grad)
        memo[id(self)] = copied
        return copied

    def __repr__(self):
        return "Parameter containing:\n" + super().__repr__()


class Buffer(Tensor):
    """A tensor that a module keeps in its state but does not train, such as a table of positions.

    Assigned to an attribute of a :class:`Module`, it is registered; ``persistent=False`` keeps it out of
    ``state_dict()``.
    """

    def __new__(cls, data=None, *, persistent=True):
        if data is None:
            data = empty(0)
        buffer = Tensor._make_subclass(cls, data.detach(), data.requires_grad)
        buffer.persistent = persistent
        return buffer

    def __init__(self, data=None, *, persistent=True):
        pass
