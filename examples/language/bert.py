"""A BERT that learns a language by guessing hidden words, and then tells praise from blame.

Run:    lyceum run examples/language/bert.py
Result: guessing < 4
Short:  guessing < 4

The reviews come from a small grammar of our own: one opinion, or two that agree, or two joined by "but" or "although";
each perhaps turned round by "not", "never", "far from" or "hardly". Which opinion wins depends on where the words stand:

    the soup was not bland , but the waiter was rude            the guest leaves sorry
    the soup was bland , but the waiter was not rude            the guest leaves glad

First the model sees thousands of reviews with what the guest did next ("we will not come back"), without any label. Of
each, some words are hidden, and it learns to guess them from both sides. For that it has to find out what "not" and
"but" do. Then it is fine-tuned on a few hundred labelled opinions, and measured on new ones: against a bag of words,
which knows the same words and not their order, and against the same network without the first stage.
"""
import random
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

SHORT = "--short" in sys.argv
WIDTH, HEADS, LAYERS = (32, 2, 1) if SHORT else (64, 4, 2)
UNLABELLED, LABELLED, HELD_OUT = (400, 100, 200) if SHORT else (12000, 400, 1000)
BATCH, PRETRAIN_STEPS, FINETUNE_STEPS = (32, 60, 20) if SHORT else (32, 2000, 150)

PLACES = {
    "food": ["soup", "bread", "fish", "rice", "cake", "coffee"],
    "people": ["waiter", "cook", "owner", "barman"],
    "room": ["room", "music", "garden", "table", "view"],
}
GOOD = {
    "food": ["delicious", "fresh", "tasty", "excellent"],
    "people": ["friendly", "quick", "helpful", "polite"],
    "room": ["charming", "pleasant", "clean", "lovely"],
}
BAD = {
    "food": ["cold", "bland", "stale", "awful"],
    "people": ["rude", "slow", "careless", "unfriendly"],
    "room": ["noisy", "dirty", "cramped", "gloomy"],
}
PLAIN = ["{} was {}", "{} was really {}", "i found {} {}", "{} seemed very {}"]
NEGATED = ["{} was not {}", "{} was never {}", "{} was far from {}", "{} was hardly {}", "i did not find {} {}"]
GLAD = ["we will come back", "i can recommend it", "a happy evening", "we left a large tip"]
SORRY = ["we will not come back", "i cannot recommend it", "a sad evening", "we left no tip"]
SPECIAL = ["[PAD]", "[CLS]", "[SEP]", "[MASK]"]


def clause(generator, kind, good):
    """Writes one opinion of this kind of thing; a third of them say it by denying the opposite."""
    thing = "the " + generator.choice(PLACES[kind])
    negated = generator.random() < 1 / 3
    words = GOOD[kind] if good != negated else BAD[kind]
    return generator.choice(NEGATED if negated else PLAIN).format(thing, generator.choice(words))


def review(generator):
    """Returns (opinion, what came of it, 1 where the guest was glad)."""
    good = generator.random() < 0.5
    winning, losing = generator.sample(list(PLACES), 2)
    winner, loser = clause(generator, winning, good), clause(generator, losing, not good)
    kind = generator.random()
    if kind < 0.25:
        opinion = winner
    elif kind < 0.5:
        opinion = f"{winner} and {clause(generator, losing, good)}"
    else:
        pattern = generator.choice(["{l} , but {w}", "although {l} , {w}", "{w} , although {l}", "{l} , and yet {w}"])
        opinion = pattern.format(w=winner, l=loser)
    return opinion, generator.choice(GLAD if good else SORRY), int(good)


class Words:
    """The vocabulary: every word of the texts, after the four that have a task."""

    def __init__(self, texts):
        self.words = SPECIAL + sorted({word for text in texts for word in text.split()})
        self.number = {word: i for i, word in enumerate(self.words)}

    def encode(self, texts):
        """Returns ids (texts, longest), each `[CLS] words [SEP]`, filled up with [PAD] (0)."""
        rows = [[1] + [self.number[word] for word in text.split()] + [2] for text in texts]
        longest = max(map(len, rows))
        return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


class Bert(nn.Module):
    """Embeddings of words and places, and layers in which every word looks at all others."""

    def __init__(self, vocabulary, length=40):
        super().__init__()
        self.word = nn.Embedding(vocabulary, WIDTH, padding_idx=0)
        self.place = nn.Embedding(length, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        layer = nn.TransformerEncoderLayer(
            WIDTH, HEADS, dim_feedforward=4 * WIDTH, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, LAYERS, norm=nn.LayerNorm(WIDTH), enable_nested_tensor=False)
        self.guess = nn.Linear(WIDTH, vocabulary)
        self.verdict = nn.Linear(WIDTH, 2)

    def judge(self, ids):
        """Returns the logits of blame and praise (B, 2), from the mean of what the words have become."""
        there = (ids != 0)[..., None]
        return self.verdict((self(ids) * there).sum(1) / there.sum(1))

    def forward(self, ids):
        x = self.norm(self.word(ids) + self.place(torch.arange(ids.shape[1])))
        return self.encoder(x, src_key_padding_mask=ids == 0)  # (B, T, WIDTH)


def hide(ids, vocabulary):
    """Chooses 20 % of the words. Of them 80 % become [MASK], 10 % another word, 10 % stay: the model cannot know which
    of the words it sees are true. Returns the text with gaps, and the words to guess (-100 where nothing is asked)."""
    chosen = (torch.rand(ids.shape) < 0.2) & (ids >= len(SPECIAL))
    target = ids.masked_fill(~chosen, -100)
    fate = torch.rand(ids.shape)
    gaps = ids.masked_fill(chosen & (fate < 0.8), 3)
    others = torch.randint(len(SPECIAL), vocabulary, ids.shape)
    return torch.where(chosen & (fate >= 0.9), others, gaps), target


def pretrain(model, ids, steps):
    """Trains the model to guess hidden words. Returns the last loss, in nats a word."""
    vocabulary = model.guess.out_features
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-3, total_steps=steps, pct_start=0.1)
    model.train()
    started = time.time()
    for step in range(steps):
        gaps, target = hide(ids[torch.randint(len(ids), (BATCH,))], vocabulary)
        asked = target != -100
        logits = model.guess(model(gaps)[asked])
        loss = F.cross_entropy(logits, target[asked])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % (steps // 5) == 0:
            right = (logits.argmax(-1) == target[asked]).float().mean().item()
            print(f"step {step + 1:5}  loss {loss.item():.3f}  words guessed {right:.0%}  {time.time() - started:.0f} s")
    return loss.item()


def finetune(model, ids, labels, steps):
    """Trains the whole network on the labels."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    model.train()
    for _ in range(steps):
        batch = torch.randint(len(ids), (32,))
        loss = F.cross_entropy(model.judge(ids[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


@torch.no_grad()
def accuracy(model, ids, labels):
    model.eval()
    return (model.judge(ids).argmax(-1) == labels).float().mean().item()


def bag_of_words(ids, labels, new_ids, new_labels, vocabulary):
    """Logistic regression on how often each word occurs; the weight decay that does best on the new texts counts."""
    count = lambda ids: F.one_hot(ids, vocabulary).sum(1)[:, len(SPECIAL):].float()
    best = 0.0
    for decay in (0.0, 1e-2, 1e-1):
        model = nn.Linear(vocabulary - len(SPECIAL), 2)
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.05, weight_decay=decay)
        for _ in range(200):
            optimizer.zero_grad()
            F.cross_entropy(model(count(ids)), labels).backward()
            optimizer.step()
        right = (model(count(new_ids)).argmax(-1) == new_labels).float().mean().item()
        best = max(best, right)
    return best


def main():
    torch.manual_seed(0)
    generator = random.Random(0)
    reviews = [review(generator) for _ in range(UNLABELLED)]
    seen = {opinion for opinion, _, _ in reviews}
    fresh = {}
    while len(fresh) < LABELLED + HELD_OUT:
        opinion, _, good = review(generator)
        if opinion not in seen:
            fresh[opinion] = good
    unlabelled = [f"{opinion} . {outcome}" for opinion, outcome, _ in reviews]
    words = Words(unlabelled + list(fresh))
    print(f"{UNLABELLED} reviews without labels, {LABELLED} with, {HELD_OUT} held out; {len(words.words)} words")
    print("such as:", unlabelled[0])

    opinions, labels = words.encode(fresh), torch.tensor(list(fresh.values()))
    training, held_out = (opinions[:LABELLED], labels[:LABELLED]), (opinions[LABELLED:], labels[LABELLED:])
    bag = bag_of_words(*training, *held_out, len(words.words))
    print(f"a bag of words: {bag:.1%}")

    scratch = Bert(len(words.words))
    finetune(scratch, *training, FINETUNE_STEPS)
    from_scratch = accuracy(scratch, *held_out)
    print(f"the network without the first stage: {from_scratch:.1%}")

    model = Bert(len(words.words))
    guessing = pretrain(model, words.encode(unlabelled), PRETRAIN_STEPS)
    finetune(model, *training, FINETUNE_STEPS)
    right = accuracy(model, *held_out)
    print(f"BERT: {right:.1%}")

    torch.save(model.state_dict(), "bert.safetensors")
    print(f"\nRESULT accuracy={right:.4f} bag_of_words={bag:.4f} from_scratch={from_scratch:.4f} guessing={guessing:.4f}")


if __name__ == "__main__":
    main()
