"""Speakers who say digits: a formant synthesiser in the manner of the source-filter model of speech.

A voiced sound is a sum of harmonics of the pitch; the vocal tract makes those near its resonances, the formants, loud.
Vowels differ in their formants. A hiss (s, f, t, k) is noise in some band of frequencies. A word is a list of sounds;
that the tongue moves from one to the next and does not jump is a moving average over their parameters.

Speakers differ in pitch and melody, in the length of the tract (which shifts all formants), in speed, in breath, in how
they pronounce each vowel, and in the line they speak through: hum, noise, and a tilt of the spectrum.
"""
import math
import random

import torch
import torch.nn.functional as F

RATE = 8000  # samples a second, a telephone's
FRAME = 40  # samples, 5 ms: how often the parameters of a sound are given
WIDTHS = torch.tensor([70.0, 100.0, 150.0])  # of the formants, Hz
LOUDNESS = torch.tensor([1.0, 0.6, 0.35])  # of the formants
BANDS = [(300, 1400), (1200, 2400), (2200, 3300), (3000, 3950)]  # of noise, Hz

# Seconds, three formants in Hz, loudness of the voice, loudness of noise in the four bands.
SOUNDS = {
    "i": (0.12, (280, 2250, 2900), 1.0, (0, 0, 0, 0)),  # three, zero
    "I": (0.08, (400, 1950, 2550), 1.0, (0, 0, 0, 0)),  # six
    "e": (0.09, (550, 1800, 2480), 1.0, (0, 0, 0, 0)),  # seven, the beginning of eight
    "a": (0.10, (720, 1250, 2500), 1.0, (0, 0, 0, 0)),  # the beginning of five
    "u": (0.13, (310, 880, 2250), 1.0, (0, 0, 0, 0)),  # two
    "V": (0.11, (640, 1190, 2400), 1.0, (0, 0, 0, 0)),  # one
    "o": (0.12, (520, 860, 2400), 1.0, (0, 0, 0, 0)),  # four, zero
    "@": (0.06, (500, 1450, 2450), 0.8, (0, 0, 0, 0)),  # the second vowel of seven
    "r": (0.08, (330, 1080, 1600), 0.7, (0, 0, 0, 0)),
    "w": (0.08, (300, 650, 2200), 0.7, (0, 0, 0, 0)),
    "n": (0.09, (270, 1300, 2500), 0.35, (0, 0, 0, 0)),
    "v": (0.07, (260, 1100, 2300), 0.3, (0.02, 0.03, 0.04, 0.05)),
    "z": (0.09, (270, 1600, 2500), 0.3, (0, 0.02, 0.10, 0.35)),
    "s": (0.12, (400, 1600, 2500), 0.0, (0, 0.03, 0.15, 0.60)),
    "f": (0.11, (400, 1100, 2300), 0.0, (0.05, 0.08, 0.10, 0.14)),
    "T": (0.10, (400, 1400, 2500), 0.0, (0.03, 0.06, 0.09, 0.08)),  # th in three
    "-": (0.06, (400, 1600, 2500), 0.0, (0, 0, 0, 0)),  # the silence while the mouth is closed
    "t": (0.03, (400, 1700, 2600), 0.0, (0, 0.10, 0.45, 0.55)),
    "k": (0.03, (400, 1800, 2300), 0.0, (0.10, 0.55, 0.25, 0.05)),
}
WORDS = {
    "zero": "ziro", "one": "wVn", "two": "-tu", "three": "Tri", "four": "foor", "five": "faiv", "six": "sI-ks",
    "seven": "sev@n", "eight": "eI-t", "nine": "nain",
}


def band_filters(taps=65):
    """Returns a filter for each band: an ideal one, cut off by a Hann window, as rows (4, 1, taps)."""
    n = torch.arange(taps) - taps // 2
    rows = [2 * high / RATE * torch.sinc(2 * high / RATE * n) - 2 * low / RATE * torch.sinc(2 * low / RATE * n)
            for low, high in BANDS]
    return (torch.stack(rows) * torch.hann_window(taps, periodic=False))[:, None]


FILTERS = band_filters()


class Speaker:
    """A voice: what it says differs from time to time, how it says it belongs to the number."""

    def __init__(self, number):
        self.random = random.Random(number)
        self.noise = torch.Generator().manual_seed(number)
        between = self.random.uniform
        height = between(0, 1)  # from a large, deep speaker to a small, high one, roughly
        self.pitch = 90 * 2 ** (1.5 * height + between(-0.2, 0.2))  # Hz
        self.tract = 0.86 + 0.30 * height + between(-0.05, 0.05)  # formants times this
        self.speed = between(0.8, 1.3)
        self.melody = between(0.03, 0.12)
        self.breath = between(0.0, 0.03)
        self.tilt = between(-0.4, 0.4)  # of the line's spectrum
        self.accent = {sound: [between(0.93, 1.07) for _ in range(3)] for sound in SOUNDS}

    def say(self, words):
        """Returns the words as sound (samples,), its largest value near one."""
        parameters = self.articulate(words)
        frames = len(parameters)
        voice, noise = parameters[:, 3], parameters[:, 4:]
        pitch = self.intonation(frames)
        phase = 2 * math.pi * torch.cumsum(per_sample(pitch[:, None])[0] / RATE, dim=0)

        harmonics = torch.arange(1, int(RATE / 2 / pitch.max()) + 1)
        frequencies = pitch[:, None] * harmonics  # (frames, harmonics)
        distance = (frequencies[..., None] - parameters[:, None, :3]) / (WIDTHS / 2)
        envelope = (LOUDNESS / (1 + distance * distance).sqrt()).sum(dim=2) * harmonics**-0.5 * voice[:, None]
        sound = (per_sample(envelope) * torch.sin(harmonics[:, None] * phase)).sum(dim=0)

        hiss = F.conv1d(torch.randn(1, 1, len(phase), generator=self.noise), FILTERS, padding="same")[0]
        sound = sound + (hiss * per_sample(noise + self.breath * voice[:, None]) * 4).sum(dim=0)
        return self.line(sound)

    def articulate(self, words):
        """Returns for each 5 ms three formants, the voice's loudness and that of four bands of noise: (frames, 8)."""
        def pause():
            return "-", self.random.uniform(0.03, 0.2)

        sounds = [pause()]
        for word in words:
            sounds += [(sound, SOUNDS[sound][0] * self.random.uniform(0.8, 1.25) / self.speed) for sound in WORDS[word]]
            sounds.append(pause())
        rows, lengths = [], []
        for sound, seconds in sounds:
            _, formants, voice, noise = SOUNDS[sound]
            loud = self.random.uniform(0.8, 1.2)
            formants = [f * a * self.tract * self.random.uniform(0.97, 1.03) for f, a in zip(formants, self.accent[sound])]
            rows.append([*formants, voice * loud, *(n * loud for n in noise)])
            lengths.append(max(round(seconds * RATE / FRAME), 2))
        steps = torch.repeat_interleave(torch.tensor(rows), torch.tensor(lengths), dim=0)
        slow, quick = smooth(steps[:, :3], 11), smooth(steps[:, 3:], 5)
        return torch.cat([slow, quick], dim=1)

    def intonation(self, frames):
        """Returns the pitch of each frame: it falls, and swings."""
        time = torch.arange(frames) * FRAME / RATE
        swing = torch.sin(2 * math.pi * (self.random.uniform(0.8, 2.0) * time + self.random.random()))
        return self.pitch * self.random.uniform(0.92, 1.08) * (1 - 0.06 * time + self.melody * swing).clamp(min=0.6)

    def line(self, sound):
        """Passes the sound through a line with a tilted spectrum, hum and noise, between 8 and 30 dB under it."""
        sound = sound + self.tilt * F.pad(sound[:-1], (1, 0))
        time = torch.arange(len(sound)) / RATE
        hum = torch.sin(2 * math.pi * 50 * time) + 0.5 * torch.sin(2 * math.pi * 150 * time)
        noise = torch.randn(len(sound), generator=self.noise) + self.random.uniform(0, 0.7) * hum
        ratio = 10 ** (-self.random.uniform(8, 30) / 20)
        sound = sound + noise * ratio * sound.std() / noise.std()
        return sound / sound.abs().max()


def smooth(rows, width):
    """Averages rows (frames, n) over that many frames."""
    padded = F.pad(rows.T[None], (width // 2, width // 2), mode="replicate")
    return F.avg_pool1d(padded, width, stride=1)[0].T


def per_sample(frames):
    """Parameters of frames (frames, n) -> of samples (n, frames * FRAME), on straight lines."""
    return F.interpolate(frames.T[None], scale_factor=FRAME, mode="linear")[0]
