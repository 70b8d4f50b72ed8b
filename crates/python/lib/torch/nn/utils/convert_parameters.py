"""All parameters as one vector, and back."""

from ..._C import Tensor, cat


def parameters_to_vector(parameters):
    """Joins all parameters into one vector."""
    return cat([parameter.view(-1) for parameter in parameters])


def vector_to_parameters(vec, parameters):
    """Cuts a vector into pieces and makes them the parameters' data."""
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type(vec)}")
    start = 0
    for parameter in parameters:
        count = parameter.numel()
        parameter.data = vec[start : start + count].view_as(parameter).data
        start += count
