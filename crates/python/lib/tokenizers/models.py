"""`tokenizers.models`: how words become tokens."""

from _lyceum.missing import declare

from ._parts import Part

__getattr__ = declare(__name__, "Unigram")


class Model(Part):
    """What models have in common."""


class BPE(Model):
    """Byte-pair encoding: the most frequent pairs are merged."""

    def __init__(
        self, vocab=None, merges=None, cache_capacity=None, dropout=None, unk_token=None,
        continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False, byte_fallback=False,
        ignore_merges=False,
    ):
        if (vocab is None) != (merges is None):
            raise ValueError("`vocab` and `merges` must be both specified")
        super().__init__(
            dropout=dropout, unk_token=unk_token, continuing_subword_prefix=continuing_subword_prefix,
            end_of_word_suffix=end_of_word_suffix, fuse_unk=fuse_unk, byte_fallback=byte_fallback,
            ignore_merges=ignore_merges, vocab=dict(vocab or {}), merges=[list(pair) for pair in merges or []],
        )


class WordPiece(Model):
    """The longest piece of the vocabulary first, from the left."""

    def __init__(
        self, vocab=None, unk_token="[UNK]", max_input_chars_per_word=100, continuing_subword_prefix="##",
    ):
        super().__init__(
            unk_token=unk_token, continuing_subword_prefix=continuing_subword_prefix,
            max_input_chars_per_word=max_input_chars_per_word, vocab=dict(vocab or {}),
        )


class WordLevel(Model):
    """One token for each word."""

    def __init__(self, vocab=None, unk_token="<unk>"):
        super().__init__(vocab=dict(vocab or {}), unk_token=unk_token)
