"""Sequences of different lengths: `pad_sequence` and `unpad_sequence`."""

from ..._absent import absent_names


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    """Stacks tensors of different lengths (L, *) into one (T, B, *), or (B, T, *), filled up with ``padding_value``."""
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"pad_sequence(): padding_side must be 'left' or 'right', but got {padding_side!r}")
    sequences = list(sequences)
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


def __getattr__(name):
    raise absent_names("nn.utils.rnn", name)
