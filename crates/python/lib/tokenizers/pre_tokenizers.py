"""`tokenizers.pre_tokenizers`: how a text becomes words."""

from _lyceum.missing import declare

from ._parts import Part, behavior_json, pattern_json

__getattr__ = declare(__name__, "FixedLength")


class PreTokenizer(Part):
    """What pre-tokenizers have in common."""


class Whitespace(PreTokenizer):
    r"""Words and what stands between them: `\w+|[^\w\s]+`."""

    def __init__(self):
        super().__init__()


class WhitespaceSplit(PreTokenizer):
    """What stands between white space."""

    def __init__(self):
        super().__init__()


class BertPreTokenizer(PreTokenizer):
    """White space and punctuation, as BERT has it."""

    def __init__(self):
        super().__init__()


class UnicodeScripts(PreTokenizer):
    """Wherever the script changes."""

    def __init__(self):
        super().__init__()


class ByteLevel(PreTokenizer):
    """Bytes as visible characters, as GPT-2 has it."""

    def __init__(self, add_prefix_space=True, use_regex=True):
        super().__init__(add_prefix_space=add_prefix_space, trim_offsets=True, use_regex=use_regex)

    @staticmethod
    def alphabet():
        """Returns the 256 characters."""
        visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
        return [chr(code) for code in visible] + [chr(256 + place) for place in range(256 - len(visible))]


class Punctuation(PreTokenizer):
    """Wherever there is punctuation."""

    def __init__(self, behavior="isolated"):
        super().__init__(behavior=behavior_json(behavior))


class Digits(PreTokenizer):
    """Numbers apart from the rest; each digit for itself, if wanted."""

    def __init__(self, individual_digits=False):
        super().__init__(individual_digits=individual_digits)


class Metaspace(PreTokenizer):
    """Spaces as a visible character, as SentencePiece has it."""

    def __init__(self, replacement="▁", prepend_scheme="always", split=True):
        super().__init__(replacement=replacement, prepend_scheme=prepend_scheme, split=split)


class CharDelimiterSplit(PreTokenizer):
    """Wherever a character stands."""

    def __init__(self, delimiter):
        super().__init__(delimiter=delimiter)


class Split(PreTokenizer):
    """Wherever a pattern fits."""

    def __init__(self, pattern, behavior, invert=False):
        super().__init__(pattern=pattern_json(pattern), behavior=behavior_json(behavior), invert=invert)


class Sequence(PreTokenizer):
    """Several, one after the other."""

    def __init__(self, pre_tokenizers):
        super().__init__(pretokenizers=[part._json for part in pre_tokenizers])
