"""`torch.nn.functional`: the layers' computations as functions, without parameters of their own.

Most of them are operations of the engine; those made of others are in `functions`.
"""

import copyreg

from .._C import _FunctionOp
from .._C._nn import *
from .functions.activations import celu_, elu_, hardtanh_, leaky_relu_, relu_, rrelu_, selu_, threshold_
from .functions.ctc import ctc_loss
from .functions.dropouts import alpha_dropout, dropout1d, dropout2d, feature_alpha_dropout
from .functions.embedding_bags import embedding_bag
from .functions.losses import multilabel_margin_loss, triplet_margin_with_distance_loss
from .functions.multi_head import multi_head_attention_forward, _canonical_mask, _none_or_dtype
from .functions.shuffles import channel_shuffle, lp_pool1d, lp_pool2d, pixel_shuffle, pixel_unshuffle
from .._absent import absent_names

copyreg.pickle(_FunctionOp, lambda function: function.__name__)  # a copy of a model shares its functions

__path__ = []  # lets `from torch.nn.functional import name` reach torch._absent's explanation


def __getattr__(name):
    raise absent_names("nn.functional", name)
