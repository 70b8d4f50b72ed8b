"""`scaled_dot_product_attention`: every query looks at every key and takes a mixture of the values."""

from math import sqrt

from ..._C import _nn, matmul, ones
from ..._C import bool as bool_dtype


def scaled_dot_product_attention(
    query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False
):
    """softmax(Q Kᵀ · scale + mask) V, with scale = 1/√d.

    ``query`` is (*, L, d), ``key`` (*, S, d), ``value`` (*, S, d_v); the result is (*, L, d_v). ``attn_mask`` says with
    True which keys a query may see, or is added to the scores; ``is_causal`` lets query i see keys 0 to i.
    """
    if is_causal and attn_mask is not None:
        raise RuntimeError("scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    if enable_gqa:
        groups = query.size(-3) // key.size(-3)
        key = key.repeat_interleave(groups, -3)
        value = value.repeat_interleave(query.size(-3) // value.size(-3), -3)
    if scale is None:
        scale = 1.0 / sqrt(query.size(-1))
    root = sqrt(scale)  # half of the scale on each side, as PyTorch does
    scores = matmul(query * root, (key * root).transpose(-2, -1))
    if is_causal:
        attn_mask = ones((query.size(-2), key.size(-2)), dtype=bool_dtype).tril()
    if attn_mask is not None:
        if attn_mask.dtype == bool_dtype:
            scores = scores.masked_fill(~attn_mask, -float("inf"))
            weights = scores.softmax(-1)
            weights = weights.masked_fill((~attn_mask).all(-1, keepdim=True), 0)  # a query that may see nothing
        else:
            weights = (scores + attn_mask).softmax(-1)
    else:
        weights = scores.softmax(-1)
    if dropout_p > 0.0:
        weights = _nn.dropout(weights, dropout_p)
    return matmul(weights, value)
