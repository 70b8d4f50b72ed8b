"""`torch.nn.functional`: the layers' computations as functions, without parameters of their own."""

from .functions.activations import (
    celu, celu_, elu_, glu, gumbel_softmax, hardshrink, hardsigmoid, hardswish, hardtanh_, leaky_relu_, logsigmoid,
    mish, prelu, relu6, relu_, selu, selu_, softmin, softshrink, softsign, tanhshrink, threshold, threshold_,
)
from .functions.attention import scaled_dot_product_attention
from .functions.distances import local_response_norm, normalize, pairwise_distance
from .functions.dropouts import alpha_dropout, dropout1d, dropout2d, feature_alpha_dropout
from .functions.embedding_bags import embedding_bag
from .functions.losses import (
    cosine_embedding_loss, gaussian_nll_loss, hinge_embedding_loss, margin_ranking_loss, multi_margin_loss,
    multilabel_margin_loss, multilabel_soft_margin_loss, poisson_nll_loss, soft_margin_loss, triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from .functions.shuffles import channel_shuffle, lp_pool1d, lp_pool2d, pixel_shuffle, pixel_unshuffle
from .._C._nn import *  # the engine's own functions; they come last and win
from .._absent import absent_names

__path__ = []  # lets `from torch.nn.functional import name` reach torch._absent's explanation


def __getattr__(name):
    raise absent_names("nn.functional", name)
