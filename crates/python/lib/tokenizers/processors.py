"""`tokenizers.processors`: what is put around the tokens of a text, or of two."""

from ._parts import Part


class PostProcessor(Part):
    """What post-processors have in common."""


class BertProcessing(PostProcessor):
    """`[CLS] A [SEP] B [SEP]`; a token is `(text, id)`."""

    def __init__(self, sep, cls):
        super().__init__(sep=list(sep), cls=list(cls))


class RobertaProcessing(PostProcessor):
    """`<s> A </s></s> B </s>`; a token is `(text, id)`."""

    def __init__(self, sep, cls, trim_offsets=True, add_prefix_space=True):
        super().__init__(sep=list(sep), cls=list(cls), trim_offsets=trim_offsets, add_prefix_space=add_prefix_space)


class ByteLevel(PostProcessor):
    """Offsets without the space that belongs to a token."""

    def __init__(self, add_prefix_space=True, trim_offsets=True, use_regex=True):
        super().__init__(add_prefix_space=add_prefix_space, trim_offsets=trim_offsets, use_regex=use_regex)


class TemplateProcessing(PostProcessor):
    """What a template says: `"[CLS] $A [SEP] $B:1 [SEP]:1"`, in which `:1` is the type."""

    def __init__(self, single=None, pair=None, special_tokens=()):
        tokens = {}
        for token in special_tokens:
            if isinstance(token, dict):
                tokens[token["id"]] = {name: token[name] for name in ("id", "ids", "tokens")}
                continue
            content, number = token if isinstance(token[0], str) else token[::-1]
            tokens[content] = {"id": content, "ids": [number], "tokens": [content]}
        super().__init__(
            single=_pieces(single or "$0"), pair=_pieces(pair or "$A:0 $B:1"), special_tokens=tokens,
        )


def _pieces(template):
    pieces = []
    for piece in template.split() if isinstance(template, str) else template:
        name, _, kind = piece.rpartition(":")
        if not name or not kind.isdigit():
            name, kind = piece, "0"
        if name.startswith("$"):
            rest = name[1:].upper()
            if rest.isdigit():
                rest, kind = "A", rest
            if rest not in ("", "A", "B"):
                raise ValueError(f"Cannot build Piece from string \"{piece}\"")
            pieces.append({"Sequence": {"id": rest or "A", "type_id": int(kind)}})
        else:
            pieces.append({"SpecialToken": {"id": name, "type_id": int(kind)}})
    return pieces


class Sequence(PostProcessor):
    """Several, one after the other."""

    def __init__(self, processors):
        super().__init__(processors=[part._json for part in processors])
