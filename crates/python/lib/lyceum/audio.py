"""Sound as tensors.

    >>> from lyceum import audio
    >>> samples, rate = audio.load("word.wav")            # (channels, time), from -1 to 1
    >>> mel = audio.mel_spectrogram(samples[0], rate)     # (bands, frames)

WAV files are read with whole numbers of 8, 16, 24 and 32 bits and with floats.
"""

import math

import torch
import _lyceum_audio as _native

__all__ = ["load", "save", "mel_filters", "mel_spectrogram", "spectrogram"]


def load(path):
    """Reads a WAV file.

    Returns:
        the samples, `(channels, time)` in float32 from -1 to 1, and how many there are in a second

    Raises:
        ValueError: when the file is no WAV file, is broken, or holds samples in another form
        OSError: when there is no such file
    """
    if isinstance(path, (bytes, bytearray)):
        content = path
    else:
        with open(path, "rb") as file:
            content = file.read()
    facts = _native.read_wav(content)
    return facts["samples"], facts["rate"]


def save(path, samples, rate, bits=16):
    """Writes a WAV file.

    Args:
        path: its name
        samples: `(time,)` or `(channels, time)`; what is louder than 1 is cut off
        rate: samples in a second
        bits: 8, 16, 24 or 32 for whole numbers, "float" for floats of 32
    """
    values = torch.as_tensor(samples).detach().to(torch.float32)
    values = values.unsqueeze(0) if values.dim() == 1 else values
    is_float = bits == "float"
    content = _native.write_wav(values, int(rate), 32 if is_float else int(bits), is_float)
    with open(path, "wb") as file:
        file.write(content)


def spectrogram(samples, window=400, hop=160, size=None, power=2.0):
    """Returns how strong each frequency is in each stretch of a sound.

    Each stretch of `window` samples, weighed with a Hann window, is taken apart into `size // 2 + 1` frequencies. The
    first stretch is centred on the first sample; the ends are mirrored.

    Args:
        samples: `(..., time)`
        window: samples in a stretch
        hop: samples from one stretch to the next
        size: samples of the Fourier transform, `window` at least; the window stands in its middle
        power: 2 for power, 1 for amplitude

    Returns:
        `(..., frequencies, frames)`
    """
    size = size or window
    if size < window or hop < 1 or window < 2:
        raise ValueError(f"impossible stretches: window {window}, hop {hop}, size {size}")
    time = samples.shape[-1]
    if time <= size // 2:
        raise ValueError(f"the sound has {time} samples, too few for stretches of {size}")
    hann = torch.hann_window(window, dtype=samples.dtype)
    flat = samples.reshape(-1, time)
    parts = torch.stft(flat, size, hop, window, window=hann, return_complex=True)
    strength = parts.real**2 + parts.imag**2
    strength = strength.reshape(*samples.shape[:-1], *strength.shape[-2:])
    return strength if power == 2.0 else strength ** (power / 2)


def mel_filters(bands, frequencies, rate, low=0.0, high=None):
    """Returns triangles that are equally wide on the mel scale, `(bands, frequencies)`: m = 2595 log10(1 + f / 700)."""
    high = rate / 2 if high is None else high
    if not 0 <= low < high <= rate / 2:
        raise ValueError(f"frequencies from {low} to {high} Hz do not fit {rate} samples in a second")
    to_mel = lambda hertz: 2595.0 * math.log10(1.0 + hertz / 700.0)
    edges = torch.linspace(to_mel(low), to_mel(high), bands + 2, dtype=torch.float64)
    edges = 700.0 * (10.0 ** (edges / 2595.0) - 1.0)
    places = torch.linspace(0, rate / 2, frequencies, dtype=torch.float64)
    left, middle, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (places - left) / (middle - left), (right - places) / (right - middle)
    return torch.minimum(rising, falling).clamp(min=0).to(torch.float32)


def mel_spectrogram(samples, rate, bands=40, window=0.025, hop=0.010, low=0.0, high=None, log=True):
    """Returns how strong each band of frequencies is in each stretch of a sound, as an ear tells them apart.

    Args:
        samples: `(..., time)`
        rate: samples in a second
        bands: bands on the mel scale
        window: the length of a stretch in seconds
        hop: from one stretch to the next, in seconds
        low, high: the lowest and the highest frequency, in Hz
        log: whether the logarithm is taken

    Returns:
        `(..., bands, frames)`
    """
    length = int(round(window * rate))
    size = 1 << max(length - 1, 1).bit_length()
    strength = spectrogram(samples, length, int(round(hop * rate)), size)
    mel = mel_filters(bands, size // 2 + 1, rate, low, high).to(strength.dtype) @ strength
    return torch.log(mel + 1e-6) if log else mel
