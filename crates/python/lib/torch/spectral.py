"""Spectra over time: `stft` and its inverse, and the windows that frames are weighed with."""

from math import pi

from ._C import _nn, arange, float64, get_default_dtype, ones
from ._complex import ComplexTensor, view_as_real
from .fft import fft, ifft, irfft, rfft


def stft(
    input, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode="reflect", normalized=False,
    onesided=None, return_complex=None, align_to_window=None,
):
    """The short-time Fourier transform: the spectrum of each frame of ``n_fft`` samples, ``hop_length`` apart.

    ``input`` (L) or (B, L), result (n_fft / 2 + 1, frames) or (B, ...). ``center`` puts frame t around sample
    t · hop_length, continuing the signal at both ends::

        spectrum = torch.stft(wave, 400, 160, window=torch.hann_window(400), return_complex=True)
        power = spectrum.abs() ** 2
    """
    if return_complex is None:
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real inputs, and will further require that "
            "return_complex=True in a future PyTorch release."
        )
    if input.dim() not in (1, 2):
        raise RuntimeError(f"stft: expected a 1D or 2D tensor, but got {input.dim()}D")
    hop_length = n_fft // 4 if hop_length is None else hop_length
    if center:
        if align_to_window:
            raise RuntimeError("stft align_to_window should only be set when center = false.")
        edge = n_fft // 2
        rows = input.unsqueeze(0) if input.dim() == 1 else input
        rows = _nn.pad(rows, (edge, edge), pad_mode)
        input = rows.squeeze(0) if input.dim() == 1 else rows
    if not 0 < n_fft <= input.size(-1):
        raise RuntimeError(f"stft: expected 0 < n_fft < {input.size(-1)}, but got n_fft={n_fft}")
    if hop_length <= 0:
        raise RuntimeError(f"stft: expected hop_length > 0, but got hop_length={hop_length}")
    window = _full_window("stft", window, win_length, n_fft, input)
    frames = input.unfold(-1, n_fft, hop_length) * window
    spectrum = (rfft if onesided is None or onesided else fft)(frames, norm="ortho" if normalized else None)
    spectrum = spectrum.transpose(-2, -1)
    return spectrum if return_complex else view_as_real(spectrum)


def istft(
    input, n_fft, hop_length=None, win_length=None, window=None, center=True, normalized=False, onesided=None,
    length=None, return_complex=False,
):
    """Undoes :func:`stft`, given the same arguments: overlapping frames are added, weighed by the window."""
    if not isinstance(input, ComplexTensor):
        raise TypeError(
            "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
        )
    if return_complex:
        raise NotImplementedError("istft(return_complex=True) is not part of Lyceum yet")
    is_single = input.dim() == 2
    spectrum = input.unsqueeze(0) if is_single else input
    hop_length = n_fft // 4 if hop_length is None else hop_length
    onesided = spectrum.size(1) != n_fft if onesided is None else onesided
    bins = n_fft // 2 + 1 if onesided else n_fft
    if spectrum.size(1) != bins:
        raise RuntimeError(f"istft: expected {bins} frequencies for n_fft={n_fft}, but got {spectrum.size(1)}")
    window = _full_window("istft", window, win_length, n_fft, spectrum.real)
    norm = "ortho" if normalized else None
    if onesided:
        frames = irfft(spectrum, n_fft, 1, norm)
    else:
        frames = ifft(spectrum, n_fft, 1, norm).real
    frames = frames * window.unsqueeze(1)
    signal = _overlapped(frames, n_fft, hop_length)
    weights = _overlapped((window * window).reshape(1, n_fft, 1).expand(1, n_fft, frames.size(2)), n_fft, hop_length)
    start = n_fft // 2 if center else 0
    end = signal.size(1) - start if length is None else min(start + length, signal.size(1))
    signal, weights = signal[:, start:end], weights[:, start:end]
    if weights.abs().min().item() < 1e-11:
        raise RuntimeError("window overlap add min: 1, which is below the smallest value that can be divided by")
    signal = signal / weights
    if length is not None and length > signal.size(1):
        signal = _nn.pad(signal, (0, length - signal.size(1)))
    return signal.squeeze(0) if is_single else signal


def _overlapped(frames, n_fft, hop_length):
    """Adds frames (B, n_fft, frames) where they lie in time: (B, length)."""
    length = n_fft + hop_length * (frames.size(2) - 1)
    return _nn.fold(frames, (1, length), (1, n_fft), stride=(1, hop_length)).reshape(-1, length)


def _full_window(name, window, win_length, n_fft, like):
    """The window in the middle of ``n_fft`` samples, zero around it."""
    win_length = n_fft if win_length is None else win_length
    if not 0 < win_length <= n_fft:
        raise RuntimeError(f"{name}: expected 0 < win_length <= n_fft, but got win_length={win_length}")
    if window is None:
        window = ones(win_length, dtype=like.dtype)
    elif window.dim() != 1 or window.size(0) != win_length:
        raise RuntimeError(
            f"{name}: expected a 1D window tensor of size equal to win_length={win_length}, but got window with size "
            f"{list(window.shape)}"
        )
    before = (n_fft - win_length) // 2
    return _nn.pad(window, (before, n_fft - win_length - before)) if win_length < n_fft else window


def hann_window(window_length, periodic=True, *, dtype=None, layout=None, device=None, requires_grad=False):
    """½ − ½·cos(2πj/N): zero at the ends. ``periodic`` leaves out the last sample of a symmetric window."""
    return _cosines(window_length, periodic, (0.5, 0.5), dtype, device, requires_grad)


def hamming_window(
    window_length, periodic=True, alpha=0.54, beta=0.46, *, dtype=None, layout=None, device=None, requires_grad=False
):
    """alpha − beta·cos(2πj/N): a Hann window that does not quite reach zero."""
    return _cosines(window_length, periodic, (alpha, beta), dtype, device, requires_grad)


def blackman_window(window_length, periodic=True, *, dtype=None, layout=None, device=None, requires_grad=False):
    """0.42 − 0.5·cos(2πj/N) + 0.08·cos(4πj/N)."""
    return _cosines(window_length, periodic, (0.42, 0.5, 0.08), dtype, device, requires_grad)


def bartlett_window(window_length, periodic=True, *, dtype=None, layout=None, device=None, requires_grad=False):
    """A triangle from zero to one and back."""
    return _window(window_length, periodic, lambda t: 1 - (2 * t - 1).abs(), dtype, device, requires_grad)


def kaiser_window(
    window_length, periodic=True, beta=12.0, *, dtype=None, layout=None, device=None, requires_grad=False
):
    """I₀(beta·√(1 − (2j/N − 1)²)) / I₀(beta), with the Bessel function I₀."""

    def shape(t):
        scaled = beta * (1 - (2 * t - 1) ** 2).clamp(min=0).sqrt()
        return scaled.i0() / t.new_full((), beta).i0()

    return _window(window_length, periodic, shape, dtype, device, requires_grad)


def _cosines(window_length, periodic, factors, dtype, device, requires_grad):
    """Σ (−1)^m · factors[m] · cos(2πm·j/N)."""

    def shape(t):
        return sum((-1) ** m * factor * (2 * pi * m * t).cos() for m, factor in enumerate(factors))

    return _window(window_length, periodic, shape, dtype, device, requires_grad)


def _window(window_length, periodic, shape, dtype, device, requires_grad):
    """Samples ``shape`` over 0 ≤ t ≤ 1 in double precision."""
    if window_length < 0:
        raise RuntimeError(f"window_length must be non-negative, but got {window_length}")
    if window_length <= 1:
        values = ones(window_length, dtype=float64)
    else:
        values = shape(arange(window_length, dtype=float64) / (window_length if periodic else window_length - 1))
    values = values.to(dtype=dtype or get_default_dtype(), device=device)
    return values.requires_grad_() if requires_grad else values
