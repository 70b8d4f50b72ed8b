"""`multi_head_attention_forward`: several attentions side by side, each over its own part of the features."""

from math import sqrt

from ..._C import _nn, baddbmm, bmm, cat, zeros_like
from ..._C import bool as bool_dtype


def multi_head_attention_forward(
    query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn,
    dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, need_weights=True, attn_mask=None,
    use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, v_proj_weight=None, static_k=None,
    static_v=None, average_attn_weights=True, is_causal=False,
):
    """Projects query, key and value, lets every head attend, and projects what they found together.

    ``query`` is (L, N, E), ``key`` (S, N, E_k), ``value`` (S, N, E_v), or each without N. Returns the output (L, N, E)
    and, with ``need_weights``, who looked at whom: (N, L, S), or (N, heads, L, S) unless averaged; else None.
    """
    is_batched = _check_ranks(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not is_batched:
        query, key, value = query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)
        if key_padding_mask is not None:
            key_padding_mask = key_padding_mask.unsqueeze(0)
    length, batch, embed_dim = query.shape
    key_padding_mask = _canonical_mask(
        key_padding_mask, "key_padding_mask", _none_or_dtype(attn_mask), "attn_mask", query.dtype
    )
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method "
            "`generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and key_padding_mask is None and not need_weights:
        attn_mask = None  # attention knows the causal mask by itself
    else:
        attn_mask = _canonical_mask(attn_mask, "attn_mask", None, "", query.dtype, check_other=False)
        is_causal = is_causal and key_padding_mask is None
    _check_sizes(query, key, value, embed_dim_to_check, num_heads, use_separate_proj_weight)
    if use_separate_proj_weight:
        weights = _given(q_proj_weight=q_proj_weight, k_proj_weight=k_proj_weight, v_proj_weight=v_proj_weight)
        q, k, v = _project_separately(query, key, value, weights, in_proj_bias)
    else:
        _given(in_proj_weight=in_proj_weight)
        q, k, v = _project(query, key, value, in_proj_weight, in_proj_bias)
    attn_mask = _check_attn_mask(attn_mask, length, key.size(0), batch * num_heads)
    masks = [attn_mask, key_padding_mask]
    if (bias_k is None) != (bias_v is None):
        raise AssertionError("bias_k and bias_v have to be given together")
    if bias_k is not None:
        if static_k is not None or static_v is not None:
            raise AssertionError("bias cannot be added to static key or value.")
        k = cat([k, bias_k.repeat(1, batch, 1)])
        v = cat([v, bias_v.repeat(1, batch, 1)])
        masks = [mask if mask is None else _nn.pad(mask, (0, 1)) for mask in masks]
    head_dim = embed_dim // num_heads
    q = _split_heads(q, batch * num_heads, head_dim)
    k = _split_heads(k, batch * num_heads, head_dim) if static_k is None else static_k
    v = _split_heads(v, batch * num_heads, head_dim) if static_v is None else static_v
    if add_zero_attn:
        k = cat([k, zeros_like(k[:, :1])], 1)
        v = cat([v, zeros_like(v[:, :1])], 1)
        masks = [mask if mask is None else _nn.pad(mask, (0, 1)) for mask in masks]
    mask = _merged(masks, batch, num_heads, k.size(1))
    dropout_p = dropout_p if training else 0.0
    if need_weights:
        mixed, weights = _attend_visibly(q, k, v, mask, dropout_p)
        mixed = mixed.transpose(0, 1).reshape(length * batch, embed_dim)
        weights = weights.view(batch, num_heads, length, -1)
        if average_attn_weights:
            weights = weights.mean(dim=1)
        if not is_batched:
            weights = weights.squeeze(0)
    else:
        if mask is not None:
            mask = mask.unsqueeze(0) if mask.size(0) == 1 else mask.view(batch, num_heads, -1, mask.size(-1))
        q, k, v = (part.reshape(batch, num_heads, part.size(1), head_dim) for part in (q, k, v))
        mixed = _nn.scaled_dot_product_attention(q, k, v, mask, dropout_p, is_causal)
        mixed = mixed.permute(2, 0, 1, 3).reshape(length * batch, embed_dim)
        weights = None
    output = _nn.linear(mixed, out_proj_weight, out_proj_bias).view(length, batch, -1)
    return output if is_batched else output.squeeze(1), weights


def _project(query, key, value, weight, bias):
    """One linear layer where the inputs are the same tensor, which is one product instead of three."""
    if query is key and key is value:
        return _nn.linear(query, weight, bias).chunk(3, -1)
    if key is value:
        size = query.size(-1)
        w_q, w_kv = weight.split([size, 2 * size])
        b_q, b_kv = (None, None) if bias is None else bias.split([size, 2 * size])
        return _nn.linear(query, w_q, b_q), *_nn.linear(key, w_kv, b_kv).chunk(2, -1)
    return _project_separately(query, key, value, weight.chunk(3), bias)


def _project_separately(query, key, value, weights, bias):
    biases = (None, None, None) if bias is None else bias.chunk(3)
    return [_nn.linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases)]


def _split_heads(x, rows, head_dim):
    """(S, N, E) to (N·heads, S, head_dim)."""
    return x.reshape(x.size(0), rows, head_dim).transpose(0, 1)


def _attend_visibly(q, k, v, mask, dropout_p):
    scaled = q * sqrt(1.0 / q.size(-1))
    keys = k.transpose(-2, -1)
    scores = bmm(scaled, keys) if mask is None else baddbmm(mask, scaled, keys)
    weights = scores.softmax(-1)
    if dropout_p > 0.0:
        weights = _nn.dropout(weights, dropout_p)
    return bmm(weights, v), weights


def _merged(masks, batch, num_heads, source):
    """The sum of both masks, (1 or N·heads, L or 1, S)."""
    attn_mask, key_padding_mask = masks
    if key_padding_mask is None:
        return attn_mask
    for dim, size in ((0, batch), (1, source)):
        if key_padding_mask.size(dim) != size:
            raise AssertionError(
                f"Expected key_padded_mask.shape[{dim}] to be {size}, but got {key_padding_mask.size(dim)}"
            )
    spread = key_padding_mask.view(batch, 1, 1, source).expand(-1, num_heads, -1, -1)
    spread = spread.reshape(batch * num_heads, 1, source)
    return spread if attn_mask is None else attn_mask + spread


def _canonical_mask(mask, mask_name, other_type, other_name, target_type, check_other=True):
    """A mask as floats to add to the scores: −inf where a bool mask says True, which hides."""
    if mask is None or mask.dtype == target_type:
        return mask
    if mask.dtype != bool_dtype and not mask.is_floating_point():
        raise AssertionError(f"only bool and floating types of {mask_name} are supported")
    if check_other and other_type is not None and mask.dtype != other_type:
        import warnings

        warnings.warn(
            f"Support for mismatched {mask_name} and {other_name} is deprecated. Use same type for both instead."
        )
    if mask.is_floating_point():
        return mask
    return zeros_like(mask, dtype=target_type).masked_fill_(mask, -float("inf"))


def _none_or_dtype(input):
    return None if input is None else input.dtype


def _given(**weights):
    for name, weight in weights.items():
        if weight is None:
            raise AssertionError(f"use_separate_proj_weight is {name != 'in_proj_weight'} but {name} is None")
    return list(weights.values())


def _check_ranks(query, key, value, key_padding_mask, attn_mask, num_heads):
    if query.dim() not in (2, 3):
        raise AssertionError(
            f"query should be unbatched 2D or batched 3D tensor but received {query.dim()}-D query tensor"
        )
    rank = query.dim()
    kind = "For batched (3-D) `query`" if rank == 3 else "For unbatched (2-D) `query`"
    if key.dim() != rank or value.dim() != rank:
        raise AssertionError(
            f"{kind}, expected `key` and `value` to be {rank}-D but found {key.dim()}-D and {value.dim()}-D tensors "
            "respectively"
        )
    if key_padding_mask is not None and key_padding_mask.dim() != rank - 1:
        raise AssertionError(
            f"{kind}, expected `key_padding_mask` to be `None` or {rank - 1}-D but found {key_padding_mask.dim()}-D "
            "tensor instead"
        )
    if attn_mask is not None and attn_mask.dim() not in (2, 3):
        raise AssertionError(
            f"{kind}, expected `attn_mask` to be `None`, 2-D or 3-D but found {attn_mask.dim()}-D tensor instead"
        )
    if rank == 2 and attn_mask is not None and attn_mask.dim() == 3:
        expected = (num_heads, query.size(0), key.size(0))
        if tuple(attn_mask.shape) != expected:
            raise AssertionError(f"Expected `attn_mask` shape to be {expected} but got {attn_mask.shape}")
    return rank == 3


def _check_sizes(query, key, value, embed_dim_to_check, num_heads, separate):
    embed_dim = query.size(-1)
    if embed_dim != embed_dim_to_check:
        raise AssertionError(f"was expecting embedding dimension of {embed_dim_to_check}, but got {embed_dim}")
    if embed_dim % num_heads != 0:
        raise AssertionError(f"embed_dim {embed_dim} not divisible by num_heads {num_heads}")
    if separate:
        if key.shape[:2] != value.shape[:2]:
            raise AssertionError(
                f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
            )
    elif key.shape != value.shape:
        raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")


def _check_attn_mask(attn_mask, length, source, rows):
    if attn_mask is None:
        return None
    expected = (length, source) if attn_mask.dim() == 2 else (rows, length, source)
    if tuple(attn_mask.shape) != expected:
        raise RuntimeError(
            f"The shape of the {attn_mask.dim()}D attn_mask is {attn_mask.shape}, but should be {expected}."
        )
    return attn_mask.unsqueeze(0) if attn_mask.dim() == 2 else attn_mask
