"""An LSTM that writes, a character at a time.

Run:    lyceum run examples/language/char_lstm.py --data courses
Result: loss < 1.6, loss < counting
Short:  loss < 3.5

It reads the course from the first page to the last, as a person would: sixteen readers at once, each with a part of the
text and a memory of what came before (the state of the LSTM, carried over from one stretch to the next; gradients go
back through one stretch only). The loss is measured on paragraphs that no reader has seen, and set beside that of a
model that counts what followed each two characters. Then it writes.
"""
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from course_text import Characters, ngram_loss, read_lessons

SHORT = "--short" in sys.argv
WIDTH, EMBEDDING, LAYERS = (48, 24, 1) if SHORT else (256, 64, 1)
READERS, STRETCH, EPOCHS = (16, 32, 1) if SHORT else (16, 64, 18)


class Writer(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, WIDTH, LAYERS, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(WIDTH, vocabulary)

    def forward(self, ids, state=None):
        """Returns the logits (B, T, V) of each next character, and the state to go on from."""
        x, state = self.lstm(self.drop(self.embedding(ids)), state)
        return self.out(self.drop(x)), state


def stretches(ids):
    """Cuts the text into READERS parts, and those side by side into stretches: pairs (seen, next)."""
    length = (len(ids) - 1) // READERS
    seen, following = ids[: READERS * length].view(READERS, -1), ids[1 : READERS * length + 1].view(READERS, -1)
    return list(zip(seen.split(STRETCH, dim=1), following.split(STRETCH, dim=1)))


def train(model, ids, held_out):
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.01)
    pairs = stretches(ids)
    steps = 100 if SHORT else EPOCHS * len(pairs)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps, pct_start=0.1)
    started = time.time()
    for step in range(steps):
        if step % len(pairs) == 0:
            state = None
            model.train()
        seen, following = pairs[step % len(pairs)]
        logits, state = model(seen, state)
        state = tuple(part.detach() for part in state)
        loss = F.cross_entropy(logits.flatten(0, 1), following.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % max(1, 2 * len(pairs)) == 0:
            held = evaluate(model, held_out)
            print(f"epoch {(step + 1) // len(pairs):3}  training {loss.item():.3f}  held-out {held:.3f}  {time.time() - started:.0f} s")


@torch.no_grad()
def evaluate(model, ids):
    """Returns the mean loss in nats a character, read in one go."""
    model.eval()
    logits, _ = model(ids[None, :-1])
    model.train()
    return F.cross_entropy(logits[0], ids[1:]).item()


@torch.no_grad()
def write(model, vocabulary, start, count, temperature):
    model.eval()
    ids = vocabulary.encode(start)
    logits, state = model(torch.tensor([ids]))
    for _ in range(count):
        ids.append(torch.multinomial((logits[0, -1] / temperature).softmax(-1), 1).item())
        logits, state = model(torch.tensor([ids[-1:]]), state)
    return vocabulary.decode(ids)


def main():
    torch.manual_seed(0)
    train_text, held_out_text = read_lessons()
    if SHORT:
        train_text, held_out_text = train_text[:20000], held_out_text[:1000]
    vocabulary = Characters(train_text)
    ids, held_out = torch.tensor(vocabulary.encode(train_text)), torch.tensor(vocabulary.encode(held_out_text))
    counting = ngram_loss(train_text, held_out_text, 3, len(vocabulary))
    print(f"{len(ids)} characters to learn from, {len(held_out)} held out; counting after two: {counting:.3f} nats")

    model = Writer(len(vocabulary))
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters")
    train(model, ids, held_out)
    loss = evaluate(model, held_out)
    for temperature in (0.3, 0.6, 0.9):
        print(f"\n--- temperature {temperature}")
        print(write(model, vocabulary, "The loss ", 40 if SHORT else 240, temperature))
    torch.save(model.state_dict(), "char_lstm.safetensors")
    print(f"\nRESULT loss={loss:.4f} counting={counting:.4f} perplexity={math.exp(loss):.3f}")


if __name__ == "__main__":
    main()
