"""Summaries of reports by a recurrent network that can copy words it has never seen.

Run:    lyceum run examples/language/summarisation.py
Result: rouge > lead, rouge > 0.9, names > 0.95
Short:  rouge > lead

A report of our own grammar tells of a team and its work, in sentences of changing order and wording, among others that
matter less. The summary says in one sentence who did how much of what, and what came in the way:

    the week began with a meeting . team velkan works on the bridge . 1 4 of 2 0 tasks are done . lunch was late . ...
    velkan finished 1 4 of 2 0 tasks on the bridge despite the storm

Teams have invented names, and those of the held-out reports occur nowhere in training: no output layer has a word for
them. So the network has two ways to write (a pointer-generator): from its vocabulary, or by pointing at a word of the
report with its attention. A gate, learned too, mixes the two. Unknown words get a number for their report alone.

The measure is ROUGE-L, the longest common subsequence with the true summary; the baseline is the lead of the report,
its first three sentences, whichever number of them does best. `names` is the share of unseen names written correctly.
"""
import random
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

SHORT = "--short" in sys.argv
WIDTH = 32 if SHORT else 96
TRAINING, HELD_OUT = (200, 20) if SHORT else (3000, 300)
BATCH, STEPS = (16, 25) if SHORT else (32, 400)
PAD, START, END, UNKNOWN = range(4)

THINGS = ["bridge", "harbour", "library", "tunnel", "school", "tower", "garden", "railway", "museum", "hospital"]
TROUBLES = ["storm", "strike", "flood", "shortage", "heat", "frost", "accident", "budget cut"]
WORK = ["team {n} works on the {t}", "the {t} is in the hands of team {n}", "this is what team {n} reports on the {t}"]
DONE = ["{d} of {a} tasks are done", "of {a} tasks {d} are done", "there were {a} tasks and {d} are finished"]
TROUBLE = ["the {x} cost some days", "because of the {x} work stood still", "nobody had expected the {x}"]
ASIDE = [
    "the week began with a meeting",
    "lunch was late on 2 days",
    "a visitor from the ministry took photographs",
    "the crane was painted yellow",
    "3 new helpers have arrived",
    "the plan for next month is ready",
    "nobody was hurt",
    "the {y} of last year is forgotten",
    "the {s} next door is not our concern",
    "team {o} is still on holiday",
    "we share an office with team {o}",
]


def name(generator):
    parts = ["vel", "kor", "tan", "mir", "sol", "dra", "pel", "nor", "gim", "bas", "lun", "fer"]
    return "".join(generator.sample(parts, 2)) + generator.choice(["an", "o", "is", "ek", "u"])


def report(generator, names):
    """Returns (words of a report, words of its summary)."""
    thing, other_thing = generator.sample(THINGS, 2)
    trouble, other_trouble = generator.sample(TROUBLES, 2)
    who, other = generator.sample(names, 2)
    every = generator.randint(10, 60)
    done = generator.randint(1, every - 1)
    digits = lambda n: " ".join(str(n))
    facts = [
        generator.choice(WORK).format(n=who, t=thing),
        generator.choice(DONE).format(d=digits(done), a=digits(every)),
    ]
    summary = f"{who} finished {digits(done)} of {digits(every)} tasks on the {thing}"
    if generator.random() < 0.6:
        facts.append(generator.choice(TROUBLE).format(x=trouble))
        summary += f" despite the {trouble}"
    facts += [text.format(y=other_trouble, s=other_thing, o=other) for text in generator.sample(ASIDE, 3)]
    generator.shuffle(facts)
    return [word for fact in facts for word in (fact + " .").split()], summary.split()


class Words:
    def __init__(self, texts, least):
        count = {}
        for text in texts:
            for word in text:
                count[word] = count.get(word, 0) + 1
        self.words = ["<pad>", "<start>", "<end>", "<unknown>"] + sorted(w for w in count if count[w] >= least)
        self.number = {word: i for i, word in enumerate(self.words)}

    def encode(self, source, summary=()):
        """Returns ids of both. A word outside the vocabulary gets the next free number, one for each in the report."""
        extra = {}
        for word in source:
            if word not in self.number:
                extra.setdefault(word, len(self.words) + len(extra))
        known = lambda word: self.number.get(word, extra.get(word, UNKNOWN))
        return torch.tensor([known(w) for w in source]), torch.tensor([START] + [known(w) for w in summary] + [END])

    def decode(self, ids, source):
        extra = list(dict.fromkeys(word for word in source if word not in self.number))
        words = self.words + extra
        return [words[i] if i < len(words) else "<unknown>" for i in ids]


class Summariser(nn.Module):
    EXTRA = 4  # numbers for unknown words of one report

    def __init__(self, vocabulary):
        super().__init__()
        self.vocabulary = vocabulary
        self.embedding = nn.Embedding(vocabulary, WIDTH, padding_idx=PAD)
        self.encoder = nn.GRU(WIDTH, WIDTH, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(WIDTH, 2 * WIDTH, batch_first=True)
        self.bridge = nn.Linear(2 * WIDTH, 2 * WIDTH)
        self.query = nn.Linear(2 * WIDTH, 2 * WIDTH, bias=False)
        self.join = nn.Linear(4 * WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, vocabulary)
        self.gate = nn.Linear(5 * WIDTH, 1)

    def embed(self, ids):
        return self.embedding(ids.masked_fill(ids >= self.vocabulary, UNKNOWN))

    def encode(self, source):
        states, last = self.encoder(self.embed(source))
        return source, states, torch.tanh(self.bridge(torch.cat([last[0], last[1]], dim=1)))[None]

    def forward(self, memory, target, state=None):
        """Returns the logarithms of the probabilities (B, T, vocabulary + EXTRA) of each next word, and the state."""
        source, states, first = memory
        embedded = self.embed(target)
        x, state = self.decoder(embedded, first if state is None else state)
        scores = self.query(x) @ states.transpose(1, 2)  # (B, T, S)
        pointing = scores.masked_fill((source == PAD)[:, None], -torch.inf).softmax(-1)
        both = torch.cat([x, pointing @ states], dim=2)
        copy = torch.sigmoid(self.gate(torch.cat([both, embedded], dim=2)))
        written = F.pad(self.out(torch.tanh(self.join(both))).softmax(-1), (0, self.EXTRA))
        places = source[:, None].expand(-1, target.shape[1], -1)
        # Where a word stands several times in the report, its places add up.
        copied = torch.zeros_like(written).scatter_add(2, places, pointing)
        return torch.log((1 - copy) * written + copy * copied + 1e-9), state


def train(model, examples, steps):
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps, pct_start=0.1)
    started = time.time()
    model.train()
    for step in range(steps):
        batch = torch.randint(len(examples), (BATCH,)).tolist()
        source, target = (pad_sequence([examples[i][side] for i in batch], batch_first=True) for side in (0, 1))
        log_p, _ = model(model.encode(source), target[:, :-1])
        loss = F.nll_loss(log_p.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % (steps // 5) == 0:
            print(f"step {step + 1:5}  loss {loss.item():.4f}  {time.time() - started:.0f} s")


@torch.no_grad()
def summarise(model, sources, longest=24):
    """Writes the likeliest word, step by step, for all reports at once. Returns lists of ids without <end>."""
    model.eval()
    memory, state = model.encode(pad_sequence(sources, batch_first=True)), None
    written = torch.full((len(sources), 1), START)
    for _ in range(longest):
        log_p, state = model(memory, written[:, -1:], state)
        written = torch.cat([written, log_p[:, -1:].argmax(-1)], dim=1)
    return [row[1 : row.index(END)] if END in row else row[1:] for row in written.tolist()]


def rouge_l(summary, truth):
    """The F-measure of the longest common subsequence: its share of the summary and its share of the truth."""
    row = [0] * (len(truth) + 1)
    for word in summary:
        previous = row
        row = [0]
        for j, other in enumerate(truth):
            row.append(previous[j] + 1 if word == other else max(previous[j + 1], row[j]))
    common = row[-1]
    return 2 * common / (len(summary) + len(truth)) if common else 0.0


def lead(source, sentences):
    ends = [i for i, word in enumerate(source) if word == "."]
    return [word for word in source[: ends[sentences - 1]] if word != "."]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def main():
    torch.manual_seed(0)
    generator = random.Random(0)
    names = sorted({name(generator) for _ in range(600)})
    generator.shuffle(names)
    seen, unseen = names[: len(names) // 2], names[len(names) // 2 :]
    training = [report(generator, seen) for _ in range(TRAINING)]
    held_out = [report(generator, unseen) for _ in range(HELD_OUT)]
    # A name that only a few reports have is left out of the vocabulary, so the network learns to copy.
    words = Words([source + summary for source, summary in training], least=max(3, TRAINING // 20))
    print(f"{TRAINING} reports to learn from, {HELD_OUT} held out; {len(words.words)} words; such as:")
    print(" ", " ".join(held_out[0][0]), "\n  ->", " ".join(held_out[0][1]))

    baseline = max(mean(rouge_l(lead(source, n), truth) for source, truth in held_out) for n in (1, 2, 3))
    print(f"ROUGE-L of the lead: {baseline:.3f}")

    model = Summariser(len(words.words))
    train(model, [words.encode(*pair) for pair in training], STEPS)
    written = summarise(model, [words.encode(source)[0] for source, _ in held_out])
    summaries = [words.decode(ids, source) for ids, (source, _) in zip(written, held_out)]
    for summary in summaries[:3]:
        print("  ", " ".join(summary))
    rouge = mean(rouge_l(summary, truth) for summary, (_, truth) in zip(summaries, held_out))
    right = mean(summary[:1] == truth[:1] for summary, (_, truth) in zip(summaries, held_out))
    torch.save(model.state_dict(), "summarisation.safetensors")
    print(f"\nRESULT rouge={rouge:.4f} lead={baseline:.4f} names={right:.4f}")


if __name__ == "__main__":
    main()
