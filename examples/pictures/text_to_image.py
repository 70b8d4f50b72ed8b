"""A model that draws what a caption says, in the manner of the first DALL-E: "a big red circle at the top left".

Run:    lyceum run examples/pictures/text_to_image.py
Result: attributes > 0.85, judge > 0.95, tokenizer > 0.95
Short:  loss < 2

Two models, one after the other. A tokenizer learns to write a picture as 36 tokens of a codebook, as it were words of
a language of pictures (`tokenizer.py`). Then a Transformer learns to go on from a caption: it reads the caption's words
and predicts the picture's tokens, one after the other, as a language model predicts text. Drawing is sampling: give it a
caption, draw 36 tokens, let the tokenizer's decoder make pixels of them.

The captions speak of coloured shapes and handwritten digits, in English and in Chinese (`described.py`). One combination
of attributes in ten is never seen in training; the model is asked for exactly these. Whether it drew them is said by a
classifier that was trained apart from it (`judge.py`): how many of the attributes asked for are there, and how many
pictures have all of them. Colour, size and place come first; which digit to draw takes longer, and is what mostly goes
wrong at the end. With `lyceum run --figures DIR` some pictures are drawn.
"""
import random
import sys

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F

from described import HELD_OUT, TRAINING, Painter, Vocabulary, caption
from judge import Judge, agreement, train_judge
from tokenizer import Tokenizer, train_tokenizer

SHORT = "--short" in sys.argv
PICTURES, JUDGE_STEPS, TOKENIZER_STEPS, STEPS, BATCH = (200, 10, 20, 40, 16) if SHORT else (6000, 500, 1000, 1600, 32)
TOKENS = 36  # of a picture


class Block(nn.Module):
    """Attention to all earlier positions, then a network at each position; both add to what is there."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # (B, heads, T, D)
        x = x + self.out(y.transpose(1, 2).reshape(B, T, C))
        return x + self.mlp(self.norm2(x))


class Drawer(nn.Module):
    """A causal Transformer over a caption's words and a picture's tokens, which are numbers of one vocabulary."""

    def __init__(self, words, codes, width=96, heads=4, layers=3):
        super().__init__()
        self.words = words  # the picture's tokens come after them: code c is number words + c
        self.embedding = nn.Embedding(words + codes, width)
        self.position = nn.Parameter(0.02 * torch.randn(Vocabulary.LENGTH + TOKENS, width))
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, words + codes)

    def forward(self, numbers):
        x = self.embedding(numbers) + self.position[: numbers.shape[1]]
        return self.head(self.norm(self.blocks(x)))

    def loss(self, text, codes):
        """Returns the losses of the caption's and of the picture's tokens, in nats a token."""
        numbers = torch.cat([text, self.words + codes], dim=1)
        logits = self(numbers[:, :-1])
        start = Vocabulary.LENGTH - 1
        losses = F.cross_entropy(logits.transpose(1, 2), numbers[:, 1:], reduction="none")
        return losses[:, :start].mean(), losses[:, start:].mean()

    @torch.no_grad()
    def draw(self, text, temperature=0.5, guidance=0.5):
        """Samples a picture's tokens (B, 36) for each caption (B, LENGTH).

        The model is asked with the caption and without one, and what the caption changes is exaggerated by `guidance`.
        """
        numbers = torch.cat([text, torch.zeros_like(text)])
        for _ in range(TOKENS):
            told, untold = self(numbers)[:, -1, self.words :].chunk(2)
            logits = (told + guidance * (told - untold)) / temperature
            code = torch.multinomial(logits.softmax(dim=1), num_samples=1)
            numbers = torch.cat([numbers, self.words + code.repeat(2, 1)], dim=1)
        return numbers[: len(text), text.shape[1] :] - self.words


def train_drawer(model, codes, attributes, vocabulary):
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=STEPS, pct_start=0.1)
    chance = random.Random(3)
    recent = []
    for step in range(1, STEPS + 1):
        chosen = torch.randint(len(codes), (BATCH,))
        text = vocabulary.encode([caption(attributes[i], chance) for i in chosen.tolist()])
        text[torch.rand(len(text)) < 0.1] = 0  # now and then it draws without being told what
        of_text, of_picture = model.loss(text, codes[chosen])
        optimizer.zero_grad()
        ((of_text + 7 * of_picture) / 8).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        recent.append(of_picture.item())
        if step % (STEPS // 10) == 0:
            print(f"drawer, step {step}: loss {sum(recent) / len(recent):.3f} nats a token of a picture")
            recent.clear()


def show(pictures, titles):
    figure, axes = plt.subplots(4, 4, figsize=(11, 12))
    for ax, picture, title in zip(axes.flat, pictures, titles):
        ax.imshow(picture.permute(1, 2, 0))
        ax.set_title(title, fontsize=8)
        ax.axis("off")
    figure.suptitle("Drawn from captions whose combinations were never seen")
    plt.show()


torch.manual_seed(0)
painter, stranger = Painter("train", seed=1), Painter("test", seed=2)
vocabulary = Vocabulary()
judge = Judge()
train_judge(judge, painter, JUDGE_STEPS, BATCH)
judge.eval()
pictures, wanted = stranger.batch(HELD_OUT, PICTURES // 10)
judged = agreement(judge, pictures, wanted)[0]

tokenizer = Tokenizer()
seen, attributes = painter.batch(TRAINING, PICTURES)
train_tokenizer(tokenizer, seen, TOKENIZER_STEPS, BATCH)
tokenizer.eval()
codes = torch.cat([tokenizer.encode(part) for part in seen.split(500)])
held_out_codes = tokenizer.encode(pictures)
redrawn = agreement(judge, tokenizer.decode(held_out_codes), wanted)[0]
print(f"the judge is right about {judged:.1%} of the attributes of pictures, {redrawn:.1%} once they are 36 tokens")

drawer = Drawer(len(vocabulary), len(tokenizer.codebook))
train_drawer(drawer, codes, attributes, vocabulary)

drawer.eval()
chance = random.Random(4)
with torch.no_grad():
    _, loss = drawer.loss(vocabulary.encode([caption(row, chance) for row in wanted]), held_out_codes)
asked = HELD_OUT[:8] if SHORT else HELD_OUT * 4
captions = [caption(row, chance, whole=True) for row in asked]
drawn = tokenizer.decode(drawer.draw(vocabulary.encode(captions)))
share, whole = agreement(judge, drawn, asked)
show(drawn, captions)
print(f"RESULT attributes={share:.4f} captions={whole:.4f} judge={judged:.4f} tokenizer={redrawn:.4f} loss={loss:.4f}")
