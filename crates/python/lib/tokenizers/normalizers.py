"""`tokenizers.normalizers`: what happens to a text first."""

from _lyceum.missing import declare

from ._parts import Part, pattern_json

__getattr__ = declare(__name__, "Precompiled unicode_normalizer_from_str")


class Normalizer(Part):
    """What normalizers have in common."""


def _plain(name, about):
    """Makes the class of a normalizer that has no settings."""
    return type(name, (Normalizer,), {"__doc__": about, "__init__": lambda self: Normalizer.__init__(self)})


NFC = _plain("NFC", "Composed characters.")
NFD = _plain("NFD", "Characters taken apart.")
NFKC = _plain("NFKC", "Composed characters, with compatible ones the same.")
NFKD = _plain("NFKD", "Characters taken apart, with compatible ones the same.")
Lowercase = _plain("Lowercase", "Small letters.")
StripAccents = _plain("StripAccents", "Letters without marks; after NFD.")
Nmt = _plain("Nmt", "White space and control characters as translation models have them.")
ByteLevel = _plain("ByteLevel", "Bytes as visible characters.")


class Strip(Normalizer):
    """Without white space at the ends."""

    def __init__(self, left=True, right=True):
        super().__init__(strip_left=left, strip_right=right)


class Replace(Normalizer):
    """A pattern by a text."""

    def __init__(self, pattern, content):
        super().__init__(pattern=pattern_json(pattern), content=content)


class Prepend(Normalizer):
    """A text in front."""

    def __init__(self, prepend="▁"):
        super().__init__(prepend=prepend)


class BertNormalizer(Normalizer):
    """As BERT has it."""

    def __init__(self, clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True):
        super().__init__(
            clean_text=clean_text, handle_chinese_chars=handle_chinese_chars, strip_accents=strip_accents,
            lowercase=lowercase,
        )


class Sequence(Normalizer):
    """Several, one after the other."""

    def __init__(self, normalizers):
        super().__init__(normalizers=[part._json for part in normalizers])
