"""`embedding_bag`: rows of a table, joined bag by bag."""

from ..._C import _nn, arange, stack, tensor


def embedding_bag(
    input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode="mean",
    sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None,
):
    """Looks up rows of ``weight`` and joins those of each bag by their sum, mean or maximum.

    ``input`` is (B, N), or (N) with ``offsets`` that say where each bag begins.
    """
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if sparse:
        raise NotImplementedError("embedding_bag(sparse=True): sparse gradients are not part of Lyceum yet")
    if per_sample_weights is not None:
        if input.size() != per_sample_weights.size():
            raise ValueError(
                f"embedding_bag: If per_sample_weights ({list(per_sample_weights.shape)}) is not None, then it must "
                f"have the same shape as the input ({list(input.shape)})"
            )
        if mode != "sum":
            raise NotImplementedError(
                "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for "
                f"mode='sum' (got mode='{mode}')."
            )
    lengths = _bag_lengths(input, offsets, include_last_offset)
    indices = input.reshape(-1)
    rows = _nn.embedding(indices, weight, None, max_norm, norm_type, scale_grad_by_freq)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.reshape(-1, 1)
    bag_of = arange(len(lengths)).repeat_interleave(tensor(lengths, dtype=indices.long().dtype))
    if padding_idx is not None:
        kept = indices != padding_idx % weight.size(0)
        rows, bag_of = rows[kept], bag_of[kept]
        counts = bag_of.new_zeros(len(lengths)).index_add(0, bag_of, bag_of.new_ones(bag_of.shape)).tolist()
    else:
        counts = lengths
    if mode == "max":
        return _largest(rows, counts, weight)
    total = weight.new_zeros((len(counts), weight.size(1))).index_add(0, bag_of, rows)
    if mode == "sum":
        return total
    return total / tensor([max(count, 1) for count in counts], dtype=weight.dtype).unsqueeze(1)


def _bag_lengths(input, offsets, include_last_offset):
    if input.dim() == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of "
                f"fixed length sequences. However, found offsets of type {type(offsets)}"
            )
        return [input.size(1)] * input.size(0)
    if input.dim() != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}")
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    if offsets.dim() != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    starts = offsets.tolist()
    if starts and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. "
            f"However, got {starts[0]}"
        )
    ends = starts[1:] if include_last_offset else starts[1:] + [input.numel()]
    return [end - start for start, end in zip(starts, ends)]


def _largest(rows, counts, weight):
    bags = []
    start = 0
    for count in counts:
        bag = rows.narrow(0, start, count)
        bags.append(bag.max(0)[0] if count else weight.new_zeros(weight.size(1)))
        start += count
    return stack(bags) if bags else weight.new_zeros((0, weight.size(1)))
