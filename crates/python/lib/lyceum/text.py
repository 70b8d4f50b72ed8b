"""Texts as numbers.

    >>> from lyceum import text
    >>> tokenizer = text.Tokenizer.train_bpe(lines, vocab_size=500)
    >>> ids = tokenizer.encode("Learning rates")          # a list of numbers
    >>> batch, mask = tokenizer.encode_batch(["one", "and two"])
    >>> tokenizer.save("tokenizer.json")

The file is the one of Hugging Face's libraries. `CharVocabulary` makes a token of each character, and
`LengthBatches` puts what is about equally long into one batch.
"""

import json

import torch
from tokenizers import Tokenizer as _Inner
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

__all__ = ["CharVocabulary", "LengthBatches", "Tokenizer", "pad"]


def pad(sequences, value=0):
    """Returns lists of numbers as one tensor `(B, T)` that `value` fills up, and a mask `(B, T)` of what is real."""
    if not sequences:
        raise ValueError("there is nothing to pad")
    longest = max(len(sequence) for sequence in sequences)
    rows = [list(sequence) + [value] * (longest - len(sequence)) for sequence in sequences]
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    return torch.tensor(rows, dtype=torch.int64).reshape(len(rows), longest), torch.arange(longest) < lengths[:, None]


class Tokenizer:
    """Makes numbers of texts. `inner` is the tokenizer of the package `tokenizers`."""

    def __init__(self, inner):
        self.inner = inner

    @classmethod
    def train_bpe(cls, texts, vocab_size=1000, special_tokens=("<pad>", "<bos>", "<eos>"), min_frequency=2):
        """Learns byte-pair encoding over bytes: any text can be encoded, and comes back as it was."""
        inner = _Inner(models.BPE())
        inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        inner.decoder = decoders.ByteLevel()
        inner.train_from_iterator(texts, trainers.BpeTrainer(
            vocab_size=vocab_size, min_frequency=min_frequency, special_tokens=list(special_tokens),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ))
        return cls(inner)

    @classmethod
    def train_wordpiece(
        cls, texts, vocab_size=1000, special_tokens=("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"), min_frequency=2,
        lowercase=True,
    ):
        """Learns the pieces of words as BERT has them. A character that was not there becomes `[UNK]`."""
        if "[UNK]" not in special_tokens:
            raise ValueError("WordPiece needs the token [UNK] for what it does not know")
        inner = _Inner(models.WordPiece(unk_token="[UNK]"))
        inner.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
        inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        inner.decoder = decoders.WordPiece()
        inner.train_from_iterator(texts, trainers.WordPieceTrainer(
            vocab_size=vocab_size, min_frequency=min_frequency, special_tokens=list(special_tokens),
        ))
        return cls(inner)

    @classmethod
    def load(cls, path):
        """Reads a `tokenizer.json`."""
        return cls(_Inner.from_file(path))

    def save(self, path):
        """Writes a `tokenizer.json`."""
        self.inner.save(path)

    def encode(self, text):
        """Returns the numbers of a text, as a list."""
        return self.inner.encode(text).ids

    def tokens(self, text):
        """Returns the pieces of a text, as a list."""
        return self.inner.encode(text).tokens

    def decode(self, ids):
        """Returns the text of numbers, without special tokens."""
        return self.inner.decode(ids.tolist() if isinstance(ids, torch.Tensor) else ids)

    def encode_batch(self, texts, pad_id=0):
        """Returns the numbers of texts as a tensor `(B, T)`, and a mask `(B, T)` of what is real."""
        return pad([encoding.ids for encoding in self.inner.encode_batch(list(texts))], pad_id)

    def id(self, token):
        """Returns the number of a token; KeyError if there is none."""
        number = self.inner.token_to_id(token)
        if number is None:
            raise KeyError(token)
        return number

    def __len__(self):
        return self.inner.get_vocab_size()

    def __repr__(self):
        return f"Tokenizer({self.inner.model._json['type']}, {len(self)} tokens)"


class CharVocabulary:
    """A number for each character, in the order of their codes, after the special tokens.

    >>> vocabulary = CharVocabulary("hello")
    >>> vocabulary.encode("hole"), vocabulary.decode([0, 1])
    """

    def __init__(self, texts, special_tokens=(), unknown=None):
        texts = [texts] if isinstance(texts, str) else texts
        letters = sorted(set().union(*(set(text) for text in texts)))
        self.tokens = list(special_tokens) + letters
        self.special = len(special_tokens)
        self.unknown = unknown
        self._ids = {token: number for number, token in enumerate(self.tokens)}
        if len(self._ids) != len(self.tokens):
            raise ValueError("a token is there twice")
        if unknown is not None and unknown not in self._ids:
            raise ValueError(f"the token for what is unknown, {unknown!r}, is none of the special tokens")

    def encode(self, text):
        """Returns the numbers of a text, as a list. A character that is not there is an error, or `unknown`."""
        if self.unknown is not None:
            other = self._ids[self.unknown]
            return [self._ids.get(letter, other) for letter in text]
        try:
            return [self._ids[letter] for letter in text]
        except KeyError as error:
            raise ValueError(f"the character {error.args[0]!r} is not in the vocabulary") from None

    def decode(self, ids):
        """Returns the text of numbers, without special tokens."""
        ids = ids.tolist() if isinstance(ids, torch.Tensor) else ids
        return "".join(self.tokens[number] for number in ids if number >= self.special)

    def id(self, token):
        """Returns the number of a token."""
        return self._ids[token]

    def save(self, path):
        """Writes the vocabulary as JSON."""
        facts = {"tokens": self.tokens, "special": self.special, "unknown": self.unknown}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(facts, file, ensure_ascii=False)

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote."""
        with open(path, encoding="utf-8") as file:
            facts = json.load(file)
        try:
            tokens, special = facts["tokens"], facts["special"]
            return cls(tokens[special:], tokens[:special], facts["unknown"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path} is no vocabulary of characters: {error}") from None

    def __len__(self):
        return len(self.tokens)

    def __contains__(self, token):
        return token in self._ids

    def __repr__(self):
        return f"CharVocabulary({len(self)} tokens)"


class LengthBatches:
    """Batches of places whose sequences are about equally long, for the `batch_sampler` of a DataLoader.

    The places are shuffled first, so what is equally long comes together differently in each epoch; then so are the
    batches.
    """

    def __init__(self, lengths, batch_size, shuffle=True, drop_last=False, generator=None):
        if batch_size < 1:
            raise ValueError(f"a batch has at least one sequence, not {batch_size}")
        self.lengths = torch.as_tensor(lengths)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.generator = generator

    def __iter__(self):
        count = len(self.lengths)
        order = torch.randperm(count, generator=self.generator) if self.shuffle else torch.arange(count)
        order = order[torch.argsort(self.lengths[order], stable=True)]
        batches = [part.tolist() for part in order.split(self.batch_size)]
        if self.drop_last and batches and len(batches[-1]) < self.batch_size:
            batches.pop()
        if self.shuffle:
            batches = [batches[place] for place in torch.randperm(len(batches), generator=self.generator).tolist()]
        yield from batches

    def __len__(self):
        count = len(self.lengths)
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)
