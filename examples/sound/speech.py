"""Speech recognition: digits that strangers say, written down letter by letter.

Run:    lyceum run examples/sound/speech.py
Result: word_error < 0.1
Short:  loss < 5

The sound becomes a mel spectrogram: how loud each band of frequencies is, eighty times a second, with bands as wide as
the ear hears them. A bidirectional LSTM reads it and gives at each step the probabilities of the letters, and of a blank.
Nobody says at which step a letter is spoken; the CTC loss adds up all the ways in which the letters can lie along the
sound. Reading is greedy: the most probable letter of each step, repetitions made one, blanks left out.

The speakers are made by a synthesiser (`voices.py`): each number is a voice with a pitch, a vocal tract, a speed and a
noisy line of its own. The word error rate is measured on voices that the model has not heard: how many words have to be
changed, inserted or left out to make what was said of what was read, for each word that was said.
"""
import random
import sys

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from voices import RATE, WORDS, Speaker

SHORT = "--short" in sys.argv
SPEAKERS, SENTENCES, HELD_OUT, EPOCHS, BATCH = (4, 5, 4, 3, 5) if SHORT else (60, 30, 12, 15, 36)
WINDOW, HOP, MELS = 256, 100, 32
LETTERS = ["", " "] + sorted(set("".join(WORDS)))  # the blank is letter 0


def mel_filters():
    """Returns triangles on the mel scale that add up the frequencies of a spectrum: (frequencies, MELS)."""
    lowest, highest = 2595 * torch.log10(1 + torch.tensor([80, RATE / 2]) / 700)
    edges = 700 * (10 ** (torch.linspace(lowest, highest, MELS + 2) / 2595) - 1)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    hertz = torch.linspace(0, RATE / 2, WINDOW // 2 + 1)[:, None]
    return torch.minimum((hertz - low) / (centre - low), (high - hertz) / (high - centre)).clamp(min=0)


FILTERS, HANN = mel_filters(), torch.hann_window(WINDOW)


def listen(sound):
    """Returns the logarithmic mel spectrogram of a sound, two frames in a row: (steps, 2 * MELS)."""
    spectrum = torch.stft(sound, WINDOW, HOP, window=HANN, return_complex=True).abs()
    mels = (spectrum.T @ FILTERS + 1e-3).log()
    mels = (mels - mels.mean(dim=0)) / mels.std()  # a tilted line takes something off each band; this gives it back
    return mels[: len(mels) // 2 * 2].reshape(-1, 2 * MELS)


def record(speakers, sentences, chance):
    """Lets each speaker say some sentences of one to five digits. Returns (features, words) of each."""
    recorded = []
    for number in speakers:
        speaker = Speaker(number)
        for _ in range(sentences):
            words = chance.choices(list(WORDS), k=chance.randint(1, 5))
            recorded.append((listen(speaker.say(words)), words))
    return recorded


class Listener(nn.Module):
    """Features (B, T, 2 * MELS), padded, with their lengths -> logarithms of the letters' probabilities (T, B, letters)."""

    def __init__(self, width=64):
        super().__init__()
        self.lstm = nn.LSTM(2 * MELS, width, num_layers=2, bidirectional=True, batch_first=True, dropout=0.1)
        self.head = nn.Linear(2 * width, len(LETTERS))

    def forward(self, features, lengths):
        packed = pack_padded_sequence(features, lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0])
        return self.head(states).log_softmax(dim=-1)


def collate(recorded):
    """Pads a batch: features, their lengths, the letters one after the other, and their numbers."""
    features = [f for f, _ in recorded]
    texts = [" ".join(words) for _, words in recorded]
    letters = torch.tensor([LETTERS.index(letter) for text in texts for letter in text])
    lengths = torch.tensor([len(f) for f in features])
    return pad_sequence(features, batch_first=True), lengths, letters, torch.tensor([len(text) for text in texts])


def train(model, recorded):
    steps = EPOCHS * -(-len(recorded) // BATCH)
    optimizer = torch.optim.Adam(model.parameters())
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=6e-3, total_steps=steps, pct_start=0.2)
    criterion = nn.CTCLoss()
    loader = torch.utils.data.DataLoader(recorded, batch_size=BATCH, shuffle=True, collate_fn=collate)
    for epoch in range(1, EPOCHS + 1):
        total = 0.0
        for features, lengths, letters, counts in loader:
            features = features + 0.1 * torch.randn_like(features)
            loss = criterion(model(features, lengths), letters, lengths, counts)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            scheduler.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total / len(loader):.3f}")


def read(best):
    """Makes words of the best letter of each step: repetitions become one, blanks go."""
    letters = [letter for letter, before in zip(best, [0] + best) if letter != before and letter != 0]
    return "".join(LETTERS[letter] for letter in letters).split()


def edits(said, heard):
    """Returns how many words to change, insert or leave out to make one sentence of the other (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def draw(features, probabilities, said, heard):
    figure, (above, below) = plt.subplots(2, 1, figsize=(9, 6))
    above.imshow(features.reshape(-1, MELS).T, aspect="auto", origin="lower")
    above.set_title("what is heard: " + " ".join(said))
    above.set_ylabel("mel band")
    for letter in range(1, len(LETTERS)):
        if probabilities[:, letter].max() > 0.3:
            below.plot(probabilities[:, letter], label=LETTERS[letter].replace(" ", "space"))
    below.plot(probabilities[:, 0], color="gray", linestyle=":", label="blank")
    below.set_title("what is read: " + " ".join(heard))
    below.set_xlabel("step")
    below.legend()
    plt.show()


torch.manual_seed(0)
chance = random.Random(0)
heard_voices = record(range(SPEAKERS), SENTENCES, chance)
strangers = record(range(1000, 1000 + HELD_OUT), SENTENCES, chance)
seconds = sum(len(features) for features, _ in heard_voices) * 2 * HOP / RATE
print(f"{len(heard_voices)} sentences of {SPEAKERS} speakers, {seconds / 60:.1f} minutes")

model = Listener()
train(model, heard_voices)

model.eval()
features, lengths, letters, counts = collate(strangers)
with torch.no_grad():
    output = model(features, lengths)
loss = nn.CTCLoss()(output, letters, lengths, counts).item()
best = output.argmax(dim=-1).T  # (B, T)
transcripts = [read(row[:n].tolist()) for row, n in zip(best, lengths.tolist())]
for (_, said), heard in zip(strangers[:3], transcripts):
    print("said:", *said, "| read:", *heard)
wrong = sum(edits(said, heard) for (_, said), heard in zip(strangers, transcripts))
error = wrong / sum(len(said) for _, said in strangers)
draw(strangers[0][0], output[: lengths[0], 0].exp(), strangers[0][1], transcripts[0])
print(f"RESULT word_error={error:.4f} loss={loss:.4f}")
