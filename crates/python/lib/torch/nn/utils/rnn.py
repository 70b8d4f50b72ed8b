"""Sequences of different lengths in one tensor: padded, (T, B, *), or packed without the padding.

A packed batch holds the first element of every sequence, then the second of every sequence that has one, and so on;
``batch_sizes`` says how many there are at each step. The longest sequence comes first, so that those still running
are always the first rows.
"""

from collections import namedtuple

from ..._C import Tensor, arange, as_tensor, empty_like, int64
from ..._absent import absent_names

_Fields = namedtuple("PackedSequence", ("data", "batch_sizes", "sorted_indices", "unsorted_indices"))


class PackedSequence(_Fields):
    """A packed batch, made by :func:`pack_padded_sequence` or :func:`pack_sequence`.

    ``data`` is (sum of the lengths, *), ``batch_sizes`` int64 (T). ``sorted_indices`` puts the sequences into the order
    in which they are packed, and ``unsorted_indices`` back; both are None when they were given in that order.
    """

    def __new__(cls, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        if batch_sizes is None:
            if not (isinstance(data, (list, tuple)) and len(data) == 2):
                raise AssertionError("Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args, **kwargs):
        """Converts ``data``; the other fields stay integers on the CPU."""
        data = self.data.to(*args, **kwargs)
        return self if data is self.data else type(self)(data, *self[1:])

    def pin_memory(self):
        """Returns a packed batch whose data was asked into pinned memory."""
        return type(self)(self.data.pin_memory(), *self[1:])

    def cpu(self):
        """Returns the batch itself: its data lies on the CPU."""
        return self.to("cpu")

    def cuda(self, *args, **kwargs):
        """Moves ``data`` to a GPU, and raises as it does where there is none."""
        return self.to("cuda")

    def double(self):
        """Converts ``data`` to float64."""
        return type(self)(self.data.double(), *self[1:])

    def float(self):
        """Converts ``data`` to float32."""
        return type(self)(self.data.float(), *self[1:])

    def long(self):
        """Converts ``data`` to int64."""
        return type(self)(self.data.long(), *self[1:])

    def int(self):
        """Converts ``data`` to int32."""
        return type(self)(self.data.int(), *self[1:])

    def byte(self):
        """Converts ``data`` to uint8."""
        return type(self)(self.data.byte(), *self[1:])

    @property
    def is_cuda(self):
        """Says whether the data lies on a GPU."""
        return self.data.is_cuda

    def is_pinned(self):
        """Says whether the data lies in pinned memory."""
        return self.data.is_pinned()


def invert_permutation(permutation):
    """Returns the permutation that undoes ``permutation``; None stays None."""
    if permutation is None:
        return None
    return empty_like(permutation).scatter_(0, permutation, arange(permutation.numel()))


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    """Packs a padded batch (T, B, *), or (B, T, *) with ``batch_first``, leaving the padding out.

    ``enforce_sorted=False`` sorts the sequences by length first; otherwise the longest has to come first::

        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        output, h = rnn(packed)
        output, lengths = pad_packed_sequence(output, batch_first=True)
    """
    lengths = lengths.to(int64) if isinstance(lengths, Tensor) else as_tensor(lengths, dtype=int64)
    if lengths.dim() != 1:
        raise RuntimeError(f"'lengths' argument should be a 1D CPU int64 tensor, but got {lengths.dim()}D tensor")
    order = None
    batch_dim, time_dim = (0, 1) if batch_first else (1, 0)
    if not enforce_sorted:
        lengths, order = lengths.sort(descending=True)
        input = input.index_select(batch_dim, order)
    sizes = lengths.tolist()
    count, steps = input.size(batch_dim), input.size(time_dim)
    _check_lengths(sizes, count, steps)
    batch_sizes = (lengths > arange(sizes[0]).unsqueeze(1)).sum(1)
    rows = input.reshape(count * steps, *input.shape[2:])
    return PackedSequence(rows.index_select(0, _places(batch_sizes, count, steps, batch_first)), batch_sizes, order)


def _places(batch_sizes, count, steps, batch_first):
    """Where each packed row is among the rows of the padded batch."""
    step, row = (arange(count) < batch_sizes.unsqueeze(1)).nonzero().unbind(1)
    return row * steps + step if batch_first else step * count + row


def _check_lengths(sizes, count, steps):
    if count == 0:
        raise RuntimeError("Cannot pack empty tensors.")
    if len(sizes) != count:
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(sizes)} (batch_size={count})"
        )
    if min(sizes) <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if any(shorter > longer for longer, shorter in zip(sizes, sizes[1:])):
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you "
            "do not need ONNX exportability."
        )
    if sizes[0] > steps:
        raise RuntimeError(
            f"Expected lengths of at most {steps}, the size of the input's time dimension, but got {sizes[0]}"
        )


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    """Unpacks into a padded batch and the lengths, int64 (B), in the order before packing.

    ``total_length`` pads to that length instead of the longest sequence's.
    """
    data, batch_sizes = sequence.data, sequence.batch_sizes
    steps = batch_sizes.size(0)
    if total_length is not None:
        if total_length < steps:
            raise ValueError(
                "Expected total_length to be at least the length of the longest sequence in input, but got "
                f"total_length={total_length} and max sequence length being {steps}"
            )
        steps = total_length
    count = batch_sizes[0].item()
    padding = data.new_full((count * steps, *data.shape[1:]), padding_value)
    padded = padding.index_copy(0, _places(batch_sizes, count, steps, batch_first), data)
    padded = padded.reshape(*((count, steps) if batch_first else (steps, count)), *data.shape[1:])
    lengths = (batch_sizes > arange(count).unsqueeze(1)).sum(1)
    if sequence.unsorted_indices is not None:
        order = sequence.unsorted_indices
        return padded.index_select(0 if batch_first else 1, order), lengths[order]
    return padded, lengths


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    """Stacks tensors of different lengths (L, *) into one (T, B, *), or (B, T, *), filled up with ``padding_value``."""
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"pad_sequence(): padding_side must be 'left' or 'right', but got {padding_side!r}")
    try:
        sequences = list(sequences)
    except TypeError:
        raise RuntimeError(
            f"pad_sequence: Expected iterable for input sequences, but got arg of type: {type(sequences)}"
        ) from None
    if not sequences:
        raise RuntimeError("received an empty list of sequences")
    longest = max(sequence.size(0) for sequence in sequences)
    padded = sequences[0].new_full((len(sequences), longest, *sequences[0].shape[1:]), padding_value)
    for i, sequence in enumerate(sequences):
        length = sequence.size(0)
        start = 0 if padding_side == "right" else longest - length
        padded[i, start : start + length] = sequence
    return padded if batch_first else padded.transpose(0, 1)


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    """Takes the sequences out of what :func:`pad_sequence` has made."""
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    return [sequence[:length] for sequence, length in zip(padded_sequences, lengths.tolist())]


def pack_sequence(sequences, enforce_sorted=True):
    """Packs a list of tensors (L, *); with ``enforce_sorted=False`` in any order of lengths."""
    lengths = [sequence.size(0) for sequence in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences):
    """Takes the list of sequences out of a packed batch."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


def __getattr__(name):
    raise absent_names("nn.utils.rnn", name)
