"""The tokenizer, and what it makes of a text."""

import json

import _lyceum_tokenizers as _native

from _lyceum.missing import not_here
from . import trainers
from ._parts import AddedToken, Part, token_json

_PARTS = ("model", "normalizer", "pre_tokenizer", "post_processor", "decoder")


class Encoding:
    """What became of a text: `ids`, `tokens`, `offsets`, `attention_mask` and so on."""

    def __init__(self, facts, is_cut=False):
        self._is_cut = is_cut
        self.ids = facts["ids"]
        self.type_ids = facts["type_ids"]
        self.tokens = facts["tokens"]
        self.word_ids = facts["word_ids"]
        self.words = self.word_ids
        self.sequence_ids = facts["sequence_ids"]
        self.offsets = facts["offsets"]
        self.attention_mask = facts["attention_mask"]
        self.special_tokens_mask = facts["special_tokens_mask"]

    @property
    def overflowing(self):
        """What was cut off: nothing, where nothing is ever cut off."""
        if self._is_cut:
            raise not_here("Encoding.overflowing", "cut the ids of the whole text into pieces instead")
        return []

    @property
    def n_sequences(self):
        return len({number for number in self.sequence_ids if number is not None}) or 1

    def token_to_chars(self, token_index):
        """Returns where a token stands in its text, or None."""
        if self.sequence_ids[token_index] is None:
            return None
        return self.offsets[token_index]

    def token_to_word(self, token_index):
        """Returns the word that a token belongs to."""
        return self.word_ids[token_index]

    def char_to_token(self, char_pos, sequence_index=0):
        """Returns the token that a character belongs to."""
        for place, (first, end) in enumerate(self.offsets):
            if self.sequence_ids[place] == sequence_index and first <= char_pos < end:
                return place
        return None

    def __len__(self):
        return len(self.ids)

    def __repr__(self):
        return (
            f"Encoding(num_tokens={len(self)}, attributes=[ids, type_ids, tokens, offsets, attention_mask, "
            "special_tokens_mask, overflowing])"
        )


class Tokenizer:
    """Makes tokens of texts, and texts of tokens."""

    def __init__(self, model):
        parts = {name: None for name in _PARTS}
        whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], **parts}
        whole["model"] = model._json
        self._parts = {**parts, "model": model}
        self._padding = self._truncation = None
        self._native = _native.from_json(json.dumps(whole))

    @staticmethod
    def from_str(json):
        """Makes a tokenizer of the text of a `tokenizer.json`."""
        return Tokenizer._from_text(json)

    @classmethod
    def _from_text(cls, text):
        tokenizer = cls.__new__(cls)
        tokenizer._native = _native.from_json(text)
        facts = json.loads(text)
        tokenizer._parts = {name: facts.get(name) and Part.of_json(facts[name]) for name in _PARTS}
        tokenizer._padding, tokenizer._truncation = facts.get("padding"), facts.get("truncation")
        return tokenizer

    @staticmethod
    def from_file(path):
        """Reads a `tokenizer.json`."""
        with open(path, encoding="utf-8") as file:
            return Tokenizer._from_text(file.read())

    @staticmethod
    def from_buffer(buffer):
        """Makes a tokenizer of the bytes of a `tokenizer.json`."""
        return Tokenizer._from_text(bytes(buffer).decode("utf-8"))

    @staticmethod
    def from_pretrained(identifier, revision="main", token=None):
        raise not_here("Tokenizer.from_pretrained", "a program has no network; use Tokenizer.from_file")

    def to_str(self, pretty=False):
        """Returns the text of the `tokenizer.json`."""
        return self._native.to_json(pretty)

    def save(self, path, pretty=True):
        """Writes a `tokenizer.json`."""
        text = self.to_str(pretty)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def _set(self, name, part):
        self._native.set_part(name, "null" if part is None else json.dumps(part._json))
        self._parts[name] = part

    model = property(lambda self: self._parts["model"], lambda self, part: self._set("model", part))
    normalizer = property(lambda self: self._parts["normalizer"], lambda self, part: self._set("normalizer", part))
    pre_tokenizer = property(
        lambda self: self._parts["pre_tokenizer"], lambda self, part: self._set("pre_tokenizer", part)
    )
    post_processor = property(
        lambda self: self._parts["post_processor"], lambda self, part: self._set("post_processor", part)
    )
    decoder = property(lambda self: self._parts["decoder"], lambda self, part: self._set("decoder", part))

    # Learning

    def train_from_iterator(self, iterator, trainer=None, length=None):
        """Learns the vocabulary from texts, or from lists of texts."""
        texts = []
        for item in iterator:
            texts.extend([item] if isinstance(item, str) else item)
        if trainer is None:
            kind = {"BPE": trainers.BpeTrainer, "WordPiece": trainers.WordPieceTrainer}
            trainer = kind.get(self.model._json["type"], trainers.WordLevelTrainer)()
        training = trainer._json
        if training.get("continuing_subword_prefix") or training.get("end_of_word_suffix"):
            self._train_in_order(training, texts)
        else:
            self._native.train(json.dumps(training), texts)

    def _train_in_order(self, training, texts):
        """Learns the same from the same texts, also where letters within a word are tokens of their own.

        The crate numbers those as it meets them, in an order that is another in each process, and of two pairs that are
        equally frequent it merges the one with the lower numbers. So a first pass finds these letters, and the second
        one begins with them in the order of the alphabet.
        """
        self._native.train(json.dumps({**training, "vocab_size": 0}), texts)
        own = [token["content"] for token in training["special_tokens"]]
        letters = sorted(set(self._native.vocab(False)) - set(own), key=lambda token: (len(token) > 1, token))
        inner = [token_json(token, special=True) for token in letters]
        self._native.train(json.dumps({**training, "special_tokens": training["special_tokens"] + inner}), texts)
        whole = json.loads(self._native.to_json(False))
        whole["added_tokens"] = [token for token in whole["added_tokens"] if token["content"] not in letters]
        self._native = _native.from_json(json.dumps(whole))

    def train(self, files, trainer=None):
        """Learns the vocabulary from the lines of files."""

        def lines():
            for path in files:
                with open(path, encoding="utf-8", newline="") as file:
                    yield from file

        self.train_from_iterator(lines(), trainer)

    def add_tokens(self, tokens):
        """Adds tokens; returns how many were new."""
        return self._native.add_tokens(json.dumps([token_json(token) for token in tokens]), False)

    def add_special_tokens(self, tokens):
        """Adds tokens that `decode` leaves out; returns how many were new."""
        return self._native.add_tokens(json.dumps([token_json(token, special=True) for token in tokens]), True)

    # Using

    def encode(self, sequence, pair=None, is_pretokenized=False, add_special_tokens=True):
        """Encodes a text, or two."""
        item = self._input(sequence, is_pretokenized)
        if pair is not None:
            item = (item, self._input(pair, is_pretokenized))
        return self._encodings([item], add_special_tokens)[0]

    def encode_batch(self, input, is_pretokenized=False, add_special_tokens=True):
        """Encodes a list of texts, or of pairs of them."""
        items = []
        for item in input:
            if isinstance(item, (tuple, list)) and len(item) == 2 and (
                not is_pretokenized or isinstance(item[0], (tuple, list))
            ):
                items.append(tuple(self._input(part, is_pretokenized) for part in item))
            else:
                items.append(self._input(item, is_pretokenized))
        return self._encodings(items, add_special_tokens)

    def _encodings(self, items, add_special_tokens):
        is_cut = self._truncation is not None
        return [Encoding(facts, is_cut) for facts in self._native.encode_batch(items, add_special_tokens)]

    encode_batch_fast = encode_batch

    @staticmethod
    def _input(item, is_pretokenized):
        if is_pretokenized:
            if isinstance(item, str):
                raise TypeError("PreTokenizedInputSequence must be Union[List[str], Tuple[str]]")
            return list(item)
        if not isinstance(item, str):
            raise TypeError("TextInputSequence must be str")
        return item

    def decode(self, ids, skip_special_tokens=True):
        """Returns the text of ids."""
        return self._native.decode([int(number) for number in ids], skip_special_tokens)

    def decode_batch(self, sequences, skip_special_tokens=True):
        """Returns the texts of lists of ids."""
        return [self.decode(ids, skip_special_tokens) for ids in sequences]

    def token_to_id(self, token):
        """Returns the id of a token, or None."""
        return self._native.token_to_id(token)

    def id_to_token(self, id):
        """Returns the token of an id, or None."""
        return self._native.id_to_token(id)

    def get_vocab(self, with_added_tokens=True):
        """Returns the vocabulary: ids by tokens."""
        return self._native.vocab(with_added_tokens)

    def get_vocab_size(self, with_added_tokens=True):
        """Returns the number of tokens."""
        return self._native.vocab_size(with_added_tokens)

    def num_special_tokens_to_add(self, is_pair):
        """Returns how many tokens are put around a text, or two."""
        return self._native.num_special_tokens_to_add(is_pair)

    # Lengths

    def enable_padding(
        self, direction="right", pad_id=0, pad_type_id=0, pad_token="[PAD]", length=None, pad_to_multiple_of=None,
    ):
        """Makes the encodings of a batch equally long."""
        self._padding = {
            "strategy": "BatchLongest" if length is None else {"Fixed": length},
            "direction": _side(direction), "pad_to_multiple_of": pad_to_multiple_of, "pad_id": pad_id,
            "pad_type_id": pad_type_id, "pad_token": pad_token,
        }
        self._native.set_part("padding", json.dumps(self._padding))

    def no_padding(self):
        """Leaves lengths as they are."""
        self._padding = None
        self._native.set_part("padding", "null")

    def enable_truncation(self, max_length, stride=0, strategy="longest_first", direction="right"):
        """Cuts encodings off at a length."""
        names = {"longest_first": "LongestFirst", "only_first": "OnlyFirst", "only_second": "OnlySecond"}
        if stride:
            raise not_here("Tokenizer.enable_truncation with a stride")
        if strategy not in names:
            raise ValueError(f"Unknown `strategy`: `{strategy}`. Use `longest_first`, `only_first`, or `only_second`")
        truncation = {
            "direction": _side(direction), "max_length": max_length, "strategy": names[strategy], "stride": stride,
        }
        self._native.set_part("truncation", json.dumps(truncation))
        self._truncation = truncation

    def no_truncation(self):
        """Cuts nothing off."""
        self._truncation = None
        self._native.set_part("truncation", "null")

    @property
    def padding(self):
        """How encodings are made equally long, as a dict, or None."""
        if self._padding is None:
            return None
        strategy = self._padding["strategy"]
        facts = {"length": strategy["Fixed"] if isinstance(strategy, dict) else None}
        for name in ("pad_to_multiple_of", "pad_id", "pad_token", "pad_type_id"):
            facts[name] = self._padding[name]
        return {**facts, "direction": self._padding["direction"].lower()}

    @property
    def truncation(self):
        """How encodings are cut off, as a dict, or None."""
        if self._truncation is None:
            return None
        names = {"LongestFirst": "longest_first", "OnlyFirst": "only_first", "OnlySecond": "only_second"}
        facts = self._truncation
        return {
            "max_length": facts["max_length"], "stride": facts["stride"], "strategy": names[facts["strategy"]],
            "direction": facts["direction"].lower(),
        }

    def __repr__(self):
        parts = ", ".join(f"{name}={part!r}" for name, part in self._parts.items())
        return f"Tokenizer({parts}, vocab_size={self.get_vocab_size()})"


def _side(direction):
    if direction not in ("left", "right"):
        raise ValueError(f"Unknown `direction`: `{direction}`. Use either `left` or `right`")
    return direction.capitalize()
