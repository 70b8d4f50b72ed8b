"""Fourier transforms, short-time spectra, windows, and complex tensors as far as they go."""


def parts(z):
    """A complex tensor as its real and imaginary part."""
    return z.real, z.imag

# --- rfft
for n in (1, 2, 7, 8, 12, 13):
    show(*parts(torch.fft.rfft(data(n))))

# --- rfft_lengths_and_dims
x = data(3, 4, 5)
show(*parts(torch.fft.rfft(x, n=8)), *parts(torch.fft.rfft(x, n=3)), *parts(torch.fft.rfft(x, dim=1)), *parts(torch.fft.rfft(x, 6, 0)))

# --- norms
x = data(6)
for norm in (None, "backward", "ortho", "forward"):
    z = torch.fft.rfft(x, norm=norm)
    show(*parts(z), torch.fft.irfft(z, norm=norm), *parts(torch.fft.fft(x, norm=norm)), *parts(torch.fft.ifft(z, norm=norm)))

# --- irfft
z = torch.complex(data(5), data(5, shift=3))
show(torch.fft.irfft(z), torch.fft.irfft(z, n=9), torch.fft.irfft(z, n=5), torch.fft.irfft(z, n=12))
show(torch.fft.irfft(torch.fft.rfft(data(2, 7)), n=7), torch.fft.irfft(torch.fft.rfft(data(4, 3), dim=0), dim=0))

# --- fft
x = data(2, 5)
show(*parts(torch.fft.fft(x)), *parts(torch.fft.fft(x, dim=0)), *parts(torch.fft.fft(x, n=8)), *parts(torch.fft.fft(x, n=3)))
z = torch.complex(data(6), data(6, shift=5))
show(*parts(torch.fft.fft(z)), *parts(torch.fft.ifft(z)), *parts(torch.fft.ifft(torch.fft.fft(z))))

# --- fft_of_images atol=1e-5
x = data(2, 4, 6)
z = torch.fft.fft2(x)
show(*parts(z), *parts(torch.fft.ifft2(z)), *parts(torch.fft.rfft2(x)), torch.fft.irfft2(torch.fft.rfft2(x)))
show(*parts(torch.fft.fftn(x, dim=(0, 2))), *parts(torch.fft.rfftn(x)), torch.fft.irfftn(torch.fft.rfftn(x)), *parts(torch.fft.ifftn(x, s=(3, 4))))

# --- frequencies
show(torch.fft.fftfreq(5), torch.fft.fftfreq(6, d=0.1), torch.fft.rfftfreq(7), torch.fft.rfftfreq(8, 1 / 16000), torch.fft.fftfreq(1))

# --- shifts
show(torch.fft.fftshift(torch.arange(5)), torch.fft.fftshift(torch.arange(6)), torch.fft.ifftshift(torch.fft.fftshift(torch.arange(5))))
show(torch.fft.fftshift(torch.arange(12).reshape(3, 4)), torch.fft.fftshift(torch.arange(12).reshape(3, 4), dim=1))

# --- integers_and_doubles
show(*parts(torch.fft.rfft(torch.arange(6))), *parts(torch.fft.rfft(data(6, dtype=torch.float64))))
show(torch.fft.rfft(torch.ones(3)).dtype == torch.complex64, torch.fft.rfft(torch.ones(3).double()).dtype == torch.complex128)

# --- rfft_gradients
for n in (6, 7):
    x = data(2, n, grad=True)
    grads(parts(torch.fft.rfft(x)), x)
    grads(torch.fft.rfft(x).abs(), x)

# --- irfft_gradients
for n in (6, 7):
    re, im = data(4, grad=True), data(4, grad=True, shift=3)
    grads(torch.fft.irfft(torch.complex(re, im), n=n), re, im)

# --- fft_gradients
x = data(5, grad=True)
grads(parts(torch.fft.fft(x, norm="ortho")), x)
grads(torch.fft.fft2(data(3, 4) * x[:4]).real, x)

# --- filter_by_frequency
x = torch.sin(torch.arange(32) * 0.4) + 0.3 * torch.sin(torch.arange(32) * 2.5)
z = torch.fft.rfft(x)
keep = torch.fft.rfftfreq(32) < 0.2
show(torch.fft.irfft(z * keep, n=32), z.abs().argmax())

# --- convolution_by_spectrum
a, b = data(8), data(5, shift=4)
n = 12
show(torch.fft.irfft(torch.fft.rfft(a, n) * torch.fft.rfft(b, n), n), F.conv1d(a[None, None], b.flip(0)[None, None], padding=4).flatten())

# --- fft_errors
fails(lambda: torch.fft.rfft(torch.ones(3), n=0))
fails(lambda: torch.fft.rfft(torch.ones(3), norm="other"))
fails(lambda: torch.fft.rfft(torch.ones(3), dim=1))
fails(lambda: torch.fft.rfft(torch.complex(torch.ones(3), torch.ones(3))))

# --- token_mixing rtol=1e-4
torch.manual_seed(3)


class Mixer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ff = nn.Sequential(nn.Linear(width, 16), nn.GELU(), nn.Linear(16, width))

    def forward(self, x):
        x = self.norm1(x + torch.fft.fft(torch.fft.fft(x, dim=-1), dim=-2).real)
        return self.norm2(x + self.ff(x))


model, head = nn.Sequential(Mixer(8), Mixer(8)), nn.Linear(8, 2)
optimizer = optim.Adam([*model.parameters(), *head.parameters()], lr=0.01)
x, y = torch.randn(10, 4, 8), torch.randint(0, 2, (10,))
for step in range(6):
    loss = F.cross_entropy(head(model(x).mean(1)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- windows
for n in (0, 1, 5, 8):
    show(torch.hann_window(n), torch.hamming_window(n), torch.blackman_window(n), torch.bartlett_window(n))
    show(torch.hann_window(n, periodic=False), torch.hamming_window(n, False, alpha=0.5, beta=0.5), torch.bartlett_window(n, False))
show(torch.hann_window(6, dtype=torch.float64), torch.hann_window(3, requires_grad=True).requires_grad)

# --- stft
x = data(100)
z = torch.stft(x, 16, return_complex=True, window=torch.hann_window(16))
show(*parts(z), z.abs(), z.shape)

# --- stft_batch
x = data(2, 60)
z = torch.stft(x, n_fft=16, hop_length=5, win_length=12, window=torch.hamming_window(12), return_complex=True)
show(*parts(z), z.abs() ** 2, torch.view_as_real(z).shape)

# --- stft_options
x = data(50)
window = torch.hann_window(10)
show(*parts(torch.stft(x, 10, 4, window=window, center=False, return_complex=True)))
show(*parts(torch.stft(x, 10, 4, window=window, onesided=False, return_complex=True)))
show(*parts(torch.stft(x, 10, 4, window=window, normalized=True, return_complex=True)))
show(*parts(torch.stft(x, 10, 4, window=window, pad_mode="constant", return_complex=True)))
show(*parts(torch.stft(x, 9, return_complex=True)), torch.stft(x, 10, 4, window=window, return_complex=False))
show(*parts(x.stft(10, 5, window=window, return_complex=True)))

# --- stft_gradients rtol=1e-4 atol=1e-5
x = data(30, grad=True)
grads(torch.stft(x, 8, 4, window=torch.hann_window(8), return_complex=True).abs() ** 2, x)

# --- log_mel rtol=1e-4 atol=1e-4
wave = torch.sin(torch.arange(400) * 0.2) + 0.1 * torch.sin(torch.arange(400) * 1.1)
power = torch.stft(wave, 64, 32, window=torch.hann_window(64), return_complex=True).abs().pow(2)
bank = (1 - (torch.arange(33)[None, :] - torch.arange(4, 32, 4)[:, None]).abs() / 4).clamp(min=0)
show((bank @ power).clamp(min=1e-6).log10())

# --- istft atol=1e-5
x = data(120)
window = torch.hann_window(16)
z = torch.stft(x, 16, 4, window=window, return_complex=True)
show(torch.istft(z, 16, 4, window=window), torch.istft(z, 16, 4, window=window, length=100))
z = torch.stft(data(2, 64), 16, 8, window=window, normalized=True, onesided=False, return_complex=True)
show(torch.istft(z, 16, 8, window=window, normalized=True, onesided=False))

# --- stft_errors
x = data(50)
fails(lambda: torch.stft(x, 10))
fails(lambda: torch.stft(x, 0, return_complex=True))
fails(lambda: torch.stft(x, 10, 0, return_complex=True))
fails(lambda: torch.stft(x, 10, win_length=12, return_complex=True))
fails(lambda: torch.stft(x, 10, window=torch.ones(8), return_complex=True))
fails(lambda: torch.stft(data(2, 2, 50), 10, return_complex=True))
fails(lambda: torch.stft(x, 60, center=False, return_complex=True))
fails(lambda: torch.istft(torch.ones(6, 4), 10))

# --- complex_parts
z = torch.complex(data(2, 3), data(2, 3, shift=5))
show(z.real, z.imag, z.abs(), abs(z), z.angle(), *parts(z.conj()), torch.view_as_real(z), z.shape, z.ndim, z.numel(), len(z))
show(torch.real(z), torch.imag(z), torch.abs(z), torch.angle(z), torch.is_complex(z), torch.is_complex(z.real), z.is_complex())
show(torch.angle(torch.tensor([1.0, -2.0, 0.0])), torch.real(torch.ones(2)), torch.abs(torch.tensor([-1.5])), torch.conj(torch.ones(1)))
fails(lambda: torch.imag(torch.ones(2)))

# --- complex_arithmetic
a, b = torch.complex(data(3), data(3, shift=5)), torch.complex(data(3, shift=7), data(3, shift=9))
for z in (a + b, a - b, a * b, a / b, a * 2, 3 * a, a / 2, -a, a + 1, 1 - a, a * 2j, a * (1 + 1j), a * data(3), 1 / a, data(3) * 1.0 + a):
    show(*parts(z))

# --- complex_indexing_and_shapes
z = torch.complex(data(2, 3, 4), data(2, 3, 4, shift=5))
for part in (z[0], z[:, 1:], z[..., 0], z.transpose(1, 2), z.reshape(6, 4), z.permute(2, 0, 1), z.unsqueeze(0), z.flatten(1), z.sum(-1), z.mean((0, 1)), z[0].T, z[z.abs() > 2]):
    show(*parts(part))
show(z[1, 2, 3].item() == complex(z.real[1, 2, 3].item(), z.imag[1, 2, 3].item()), [str(type(v).__name__) for v in z[0, 0].tolist()])

# --- polar
z = torch.polar(data(4).abs(), data(4, shift=3))
show(*parts(z), z.abs(), z.angle())

# --- complex_gradients
a, b = data(3, grad=True), data(3, grad=True, shift=5)
grads(torch.complex(a, b).abs(), a, b)
grads(torch.complex(a, b).angle(), a, b)
grads(torch.view_as_real(torch.complex(a, b) * torch.complex(b, a)), a, b)
grads(torch.complex(torch.zeros(2) * a[0], torch.zeros(2) * b[0]).abs(), a)

# --- complex_errors
fails(lambda: torch.complex(torch.ones(2), torch.ones(2).double()))
fails(lambda: torch.complex(torch.ones(2).long(), torch.ones(2).long()))
fails(lambda: torch.view_as_complex(torch.ones(3)))
fails(lambda: torch.view_as_real(torch.ones(3)))
fails(lambda: torch.fft.rfft(torch.ones(3)).nothing)

# --- rotary_embedding
def rotary_table(dim, end, theta=10000.0):
    freqs = 1.0 / (theta ** (torch.arange(0, dim, 2)[: dim // 2].float() / dim))
    return torch.polar(torch.ones(end, dim // 2), torch.outer(torch.arange(end), freqs))


def rotate(x, table):
    pairs = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    table = table.view(1, x.size(1), 1, -1)
    return torch.view_as_real(pairs * table).flatten(3).type_as(x)


x = data(2, 5, 2, 8, grad=True)
table = rotary_table(8, 9)
grads(rotate(x, table[:5]), x)
cos, sin = table[:5].real, table[:5].imag
even, odd = x[..., 0::2], x[..., 1::2]
turned = torch.stack((even * cos[:, None] - odd * sin[:, None], even * sin[:, None] + odd * cos[:, None]), -1).flatten(3)
show(torch.allclose(turned, rotate(x, table[:5]), atol=1e-6), turned)
