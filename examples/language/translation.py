"""Translation, 中文 to English and back, by one Transformer; and by a recurrent network with attention for comparison.

Run:    lyceum run examples/language/translation.py
Result: to_english > 0.95, to_chinese > 0.95
Short:  rnn_loss < 3, loss < 4.3

    on August 7 , 1 9 8 4   <->   1984年8月7日
    we bought two red apples at the market on May 3 .   <->   5月3日我们在市场买了两个红色的苹果。

The encoder reads one language, the decoder writes the other, and looks at every step where it has to look next. One
model does both directions: the first token of the source says which language is wanted. The measure is hard: a
translation counts only when every token of it is right, on sentences that were never in training.

The recurrent network has the same task and the same steps: an encoder GRU in both directions, a decoder GRU, and
attention between the two (Luong's form: the query is the decoder's state).
"""
import random
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

from phrases import sentence

SHORT = "--short" in sys.argv
WIDTH, HEADS, LAYERS = (32, 2, 1) if SHORT else (96, 4, 2)
TRAINING, HELD_OUT = (300, 20) if SHORT else (12000, 200)
BATCH, STEPS = (32, 80) if SHORT else (64, 900)
PAD, START, END, TO_ENGLISH, TO_CHINESE = range(5)
LONGEST = 48


class Tokens:
    def __init__(self, pairs):
        self.tokens = ["<pad>", "<start>", "<end>", "<en>", "<zh>"]
        self.tokens += sorted({token for pair in pairs for side in pair for token in side})
        self.number = {token: i for i, token in enumerate(self.tokens)}

    def encode(self, tokens, first):
        return torch.tensor([first] + [self.number[token] for token in tokens] + [END])

    def decode(self, ids):
        words = [self.tokens[i] for i in ids]
        return ("" if any("\u3400" < word[0] < "\ua000" for word in words) else " ").join(words)


def both_directions(pairs, tokens):
    """Returns (source, target) of each pair in each direction."""
    examples = []
    for english, chinese in pairs:
        examples.append((tokens.encode(chinese, TO_ENGLISH), tokens.encode(english, START)))
        examples.append((tokens.encode(english, TO_CHINESE), tokens.encode(chinese, START)))
    return examples


class Transformer(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.token = nn.Embedding(vocabulary, WIDTH)
        self.place = nn.Embedding(LONGEST, WIDTH)
        self.transformer = nn.Transformer(
            WIDTH, HEADS, LAYERS, LAYERS, dim_feedforward=4 * WIDTH, dropout=0.0, batch_first=True, norm_first=True
        )
        self.out = nn.Linear(WIDTH, vocabulary)
        nn.init.normal_(self.token.weight, std=WIDTH**-0.5)
        nn.init.normal_(self.place.weight, std=WIDTH**-0.5)

    def embed(self, ids):
        return self.token(ids) + self.place(torch.arange(ids.shape[1]))

    def encode(self, source):
        return self.transformer.encoder(self.embed(source), src_key_padding_mask=source == PAD), source == PAD

    def decode(self, target, memory):
        """Returns the logits (B, T, V) of the token after each of the target."""
        encoded, padding = memory
        later = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        x = self.transformer.decoder(
            self.embed(target), encoded, tgt_mask=later, memory_key_padding_mask=padding, tgt_is_causal=True
        )
        return self.out(x)


class Recurrent(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.token = nn.Embedding(vocabulary, WIDTH)
        self.encoder = nn.GRU(WIDTH, WIDTH, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(2 * WIDTH, 2 * WIDTH)
        self.decoder = nn.GRU(WIDTH, 2 * WIDTH, batch_first=True)
        self.query = nn.Linear(2 * WIDTH, 2 * WIDTH, bias=False)
        self.join = nn.Linear(4 * WIDTH, 2 * WIDTH)
        self.out = nn.Linear(2 * WIDTH, vocabulary)

    def encode(self, source):
        states, last = self.encoder(self.token(source))
        return states, source == PAD, torch.tanh(self.bridge(torch.cat([last[0], last[1]], dim=1)))[None]

    def decode(self, target, memory):
        states, padding, first = memory
        x, _ = self.decoder(self.token(target), first)
        scores = self.query(x) @ states.transpose(1, 2)  # (B, T of the target, T of the source)
        weights = scores.masked_fill(padding[:, None], -torch.inf).softmax(-1)
        return self.out(torch.tanh(self.join(torch.cat([x, weights @ states], dim=2))))


def batches(examples):
    """Draws batches of examples of about the same length: sorted chunks of a shuffled order."""
    while True:
        order = torch.randperm(len(examples)).tolist()
        for start in range(0, len(order) - BATCH + 1, 16 * BATCH):
            chunk = sorted(order[start : start + 16 * BATCH], key=lambda i: len(examples[i][0]))
            parts = [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
            random.shuffle(parts)
            for part in parts:
                yield tuple(pad_sequence([examples[i][side] for i in part], batch_first=True) for side in (0, 1))


def train(model, examples, steps, learning_rate):
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps, pct_start=0.1)
    started = time.time()
    model.train()
    for step, (source, target) in zip(range(steps), batches(examples)):
        logits = model.decode(target[:, :-1], model.encode(source))
        loss = F.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % (steps // 5) == 0:
            print(f"step {step + 1:5}  loss {loss.item():.4f}  {time.time() - started:.0f} s")
    return loss.item()


@torch.no_grad()
def translate(model, sources):
    """Writes the likeliest token, step by step, for all sources at once. Returns lists of ids without <end>."""
    model.eval()
    memory = model.encode(pad_sequence(sources, batch_first=True))
    written = torch.full((len(sources), 1), START)
    for _ in range(LONGEST - 2):
        written = torch.cat([written, model.decode(written, memory)[:, -1:].argmax(-1)], dim=1)
        if (written == END).any(dim=1).all():
            break
    return [row[1 : row.index(END)] if END in row else row[1:] for row in written.tolist()]


def exact(model, examples, tokens):
    """Returns the share of examples of which every token is right, and shows some."""
    examples = sorted(examples, key=lambda example: len(example[0]))
    right = 0
    for start in range(0, len(examples), 100):
        part = examples[start : start + 100]
        for (source, target), ids in zip(part, translate(model, [source for source, _ in part])):
            right += ids == target[1:-1].tolist()
        print("  ", tokens.decode(source[1:-1].tolist()), "->", tokens.decode(ids))
    return right / len(examples)


def main():
    torch.manual_seed(0)
    generator = random.Random(0)
    random.seed(0)
    pairs, seen = [], set()
    while len(pairs) < TRAINING + HELD_OUT:
        pair = sentence(generator)
        if str(pair) not in seen:
            seen.add(str(pair))
            pairs.append(pair)
    tokens = Tokens(pairs)
    training = both_directions(pairs[HELD_OUT:], tokens)
    held_out = both_directions(pairs[:HELD_OUT], tokens)
    print(f"{TRAINING} pairs to learn from, {HELD_OUT} held out; {len(tokens.tokens)} tokens")

    results = {}
    for prefix, model, learning_rate in (
        ("rnn_", Recurrent(len(tokens.tokens)), 4e-3),
        ("", Transformer(len(tokens.tokens)), 2e-3),
    ):
        print(f"{type(model).__name__}: {sum(p.numel() for p in model.parameters()):,} parameters")
        results[prefix + "loss"] = train(model, training, STEPS, learning_rate)
        results[prefix + "to_english"] = exact(model, held_out[0::2], tokens)
        results[prefix + "to_chinese"] = exact(model, held_out[1::2], tokens)
    torch.save(model.state_dict(), "translation.safetensors")
    print("\nRESULT", " ".join(f"{name}={value:.4f}" for name, value in results.items()))


if __name__ == "__main__":
    main()
