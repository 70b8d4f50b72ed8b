"""`tokenizers.decoders`: how tokens become a text again."""

from _lyceum.missing import declare

from ._parts import Part, pattern_json

__getattr__ = declare(__name__, "DecodeStream")


class Decoder(Part):
    """What decoders have in common."""


class ByteLevel(Decoder):
    """Visible characters as bytes."""

    def __init__(self):
        super().__init__(add_prefix_space=True, trim_offsets=True, use_regex=True)


class WordPiece(Decoder):
    """Pieces that go on with a word are joined to it."""

    def __init__(self, prefix="##", cleanup=True):
        super().__init__(prefix=prefix, cleanup=cleanup)


class BPEDecoder(Decoder):
    """The suffix of a word's last token becomes a space."""

    def __init__(self, suffix="</w>"):
        super().__init__(suffix=suffix)


class Metaspace(Decoder):
    """A visible character becomes a space."""

    def __init__(self, replacement="▁", prepend_scheme="always", split=True):
        super().__init__(replacement=replacement, prepend_scheme=prepend_scheme, split=split)


class Fuse(Decoder):
    """All tokens become one."""

    def __init__(self):
        super().__init__()


class ByteFallback(Decoder):
    """Tokens such as `<0x61>` become bytes."""

    def __init__(self):
        super().__init__()


class Strip(Decoder):
    """Without a character at the ends of each token."""

    def __init__(self, content=" ", left=0, right=0):
        super().__init__(content=content, start=left, stop=right)


class Replace(Decoder):
    """A pattern by a text."""

    def __init__(self, pattern, content):
        super().__init__(pattern=pattern_json(pattern), content=content)


class CTC(Decoder):
    """Without repetitions and blanks."""

    def __init__(self, pad_token="<pad>", word_delimiter_token="|", cleanup=True):
        super().__init__(pad_token=pad_token, word_delimiter_token=word_delimiter_token, cleanup=cleanup)


class Sequence(Decoder):
    """Several, one after the other."""

    def __init__(self, decoders):
        super().__init__(decoders=[part._json for part in decoders])
