"""Byte-pair encoding in its plainest form: frequent neighbours become one piece, again and again.

The text is cut into words with the space before them, numbers and signs; pieces never cross such a border. Training
begins with single characters, and so many times over joins the pair of pieces that stands side by side most often.
Reading a new word repeats the same joins in the same order.
"""
import json
import re

PATTERN = r" ?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]+|\s+"


class Pieces:
    def __init__(self, text, joins):
        count = {}
        for word in re.findall(PATTERN, text):
            count[word] = count.get(word, 0) + 1
        words = [(list(word), times) for word, times in count.items()]
        pairs, where = {}, {}
        for i, (parts, times) in enumerate(words):
            for pair in zip(parts, parts[1:]):
                pairs[pair] = pairs.get(pair, 0) + times
                where.setdefault(pair, set()).add(i)
        self.joins = []
        for _ in range(joins):
            # Of equally frequent pairs the first in the alphabet: the result is the same each time.
            best = min(pairs, key=lambda pair: (-pairs[pair], pair))
            self.joins.append(best)
            for i in where.pop(best):
                parts, times = words[i]
                for pair in zip(parts, parts[1:]):
                    pairs[pair] -= times
                parts = join(parts, best)
                words[i] = (parts, times)
                for pair in zip(parts, parts[1:]):
                    pairs[pair] = pairs.get(pair, 0) + times
                    where.setdefault(pair, set()).add(i)
            del pairs[best]
        self.pieces = ["\0"] + sorted(set(text) - {"\0"}) + ["".join(pair) for pair in self.joins]
        self.number = {piece: i for i, piece in enumerate(self.pieces)}
        self.rank = {pair: i for i, pair in enumerate(self.joins)}
        self.known = {"".join(parts): [self.number[part] for part in parts] for parts, _ in words}

    def __len__(self):
        return len(self.pieces)

    def encode(self, text):
        """Returns the numbers of the pieces of a text. A character that training never saw is piece 0."""
        ids = []
        for word in re.findall(PATTERN, text):
            if word not in self.known:
                self.known[word] = [self.number.get(part, 0) for part in self.cut(word)]
            ids += self.known[word]
        return ids

    def cut(self, word):
        """Joins the characters of a word, always the pair that training joined first."""
        parts = list(word)
        while True:
            pair = min(zip(parts, parts[1:]), key=lambda pair: self.rank.get(pair, len(self.joins)), default=None)
            if pair not in self.rank:
                return parts
            parts = join(parts, pair)

    def decode(self, ids):
        return "".join(self.pieces[i] for i in ids)

    def to_str(self):
        """Returns the text of a `tokenizer.json` that cuts as this class does."""
        model = {"type": "BPE", "vocab": self.number, "merges": [list(pair) for pair in self.joins], "unk_token": "\0"}
        split = {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Isolated", "invert": False}
        parts = {"version": "1.0", "added_tokens": [], "pre_tokenizer": split, "decoder": {"type": "Fuse"}, "model": model}
        return json.dumps(parts, ensure_ascii=False, indent=1)


def join(parts, pair):
    """Makes one part of each place where the two stand side by side."""
    joined, i = [], 0
    while i < len(parts):
        if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
            joined.append(parts[i] + parts[i + 1])
            i += 2
        else:
            joined.append(parts[i])
            i += 1
    return joined
