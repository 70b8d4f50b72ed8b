"""`tokenizers.trainers`: how a vocabulary is learned."""

from _lyceum.missing import declare

from ._parts import token_json

__getattr__ = declare(__name__, "UnigramTrainer")


class Trainer:
    """What trainers have in common."""

    def __init__(self, vocab_size, min_frequency, special_tokens, **fields):
        self._json = {
            "type": type(self).__name__, "vocab_size": vocab_size, "min_frequency": min_frequency,
            "special_tokens": [token_json(token, special=True) for token in special_tokens],
            **fields,
        }

    vocab_size = property(lambda self: self._json["vocab_size"])
    min_frequency = property(lambda self: self._json["min_frequency"])


class BpeTrainer(Trainer):
    """Learns byte-pair encoding."""

    def __init__(
        self, vocab_size=30000, min_frequency=0, show_progress=True, special_tokens=(), limit_alphabet=None,
        initial_alphabet=(), continuing_subword_prefix=None, end_of_word_suffix=None, max_token_length=None,
    ):
        super().__init__(
            vocab_size, min_frequency, special_tokens, limit_alphabet=limit_alphabet,
            initial_alphabet=[letters[0] for letters in initial_alphabet if letters],
            continuing_subword_prefix=continuing_subword_prefix, end_of_word_suffix=end_of_word_suffix,
            max_token_length=max_token_length,
        )


class WordPieceTrainer(Trainer):
    """Learns the pieces of WordPiece."""

    def __init__(
        self, vocab_size=30000, min_frequency=0, show_progress=True, special_tokens=(), limit_alphabet=None,
        initial_alphabet=(), continuing_subword_prefix="##", end_of_word_suffix=None,
    ):
        super().__init__(
            vocab_size, min_frequency, special_tokens, limit_alphabet=limit_alphabet,
            initial_alphabet=[letters[0] for letters in initial_alphabet if letters],
            continuing_subword_prefix=continuing_subword_prefix, end_of_word_suffix=end_of_word_suffix,
        )


class WordLevelTrainer(Trainer):
    """Learns the most frequent words."""

    def __init__(self, vocab_size=30000, min_frequency=0, show_progress=True, special_tokens=()):
        super().__init__(vocab_size, min_frequency, special_tokens)
