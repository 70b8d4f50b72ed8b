"""The corpus of the language models: the lessons of this project's own course, cut into training and held-out text.

Every tenth paragraph is held out. A paragraph is what stands between two empty lines, so no sentence, formula or program
is cut in two, and both parts speak of the same things.
"""
from pathlib import Path

COURSES = Path(__file__).resolve().parents[2] / "courses"


def read_lessons(language="en"):
    """Returns (training text, held-out text)."""
    files = sorted(COURSES.glob(f"*/*/lesson.{language}.md"))
    if not files:
        raise FileNotFoundError(f"no lessons under {COURSES}; with lyceum, give the folder: --data courses")
    train, held_out = [], []
    for file in files:
        paragraphs = file.read_text(encoding="utf-8").split("\n\n")
        for number, paragraph in enumerate(paragraphs):
            (held_out if number % 10 == 5 else train).append(paragraph + "\n\n")
    return "".join(train), "".join(held_out)


class Characters:
    """A vocabulary of the characters of a text. What the text never had is read as the first of them, `\\0`."""

    def __init__(self, text):
        self.characters = ["\0"] + sorted(set(text) - {"\0"})
        self.number = {character: i for i, character in enumerate(self.characters)}

    def __len__(self):
        return len(self.characters)

    def encode(self, text):
        return [self.number.get(character, 0) for character in text]

    def decode(self, ids):
        return "".join(self.characters[i] for i in ids)


def ngram_loss(train, held_out, order, vocabulary):
    """Returns the held-out loss, in nats a character, of a model that only counts.

    The probability of a character after n others is how often it followed them in training, mixed with the probability
    after n - 1 others: the more different characters followed, the more weight the shorter context gets (Witten and
    Bell). Contexts of 0 to order - 1 characters are counted.
    """
    from math import log

    counts = [{} for _ in range(order)]
    for n, table in enumerate(counts):
        for i in range(n, len(train)):
            followers = table.setdefault(train[i - n : i], {})
            followers[train[i]] = followers.get(train[i], 0) + 1
    totals = [{context: sum(followers.values()) for context, followers in table.items()} for table in counts]
    loss = 0.0
    for i, character in enumerate(held_out):
        p = 1 / vocabulary
        for n in range(min(order, i + 1)):
            context = held_out[i - n : i]
            followers = counts[n].get(context)
            if followers is None:
                break
            p = (followers.get(character, 0) + len(followers) * p) / (totals[n][context] + len(followers))
        loss -= log(p)
    return loss / len(held_out)
