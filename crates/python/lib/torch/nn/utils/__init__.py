"""`torch.nn.utils`: clipping gradients, parameters as one vector, sequences, and weights made of others."""

from .clip_grad import clip_grad_norm, clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm
from .convert_parameters import parameters_to_vector, vector_to_parameters
from ..._absent import absent_names, _load_submodule


def __getattr__(name):
    if name in ("weight_norm", "remove_weight_norm"):
        value = globals()[name] = getattr(_load_submodule(__name__, "weight_normalization"), name)
        return value
    if name in ("parametrizations", "parametrize", "rnn"):
        return _load_submodule(__name__, name)
    raise absent_names("nn.utils", name)
