"""Convolution, transposed convolution, pooling, unfolding and interpolation, with gradients."""

# --- conv1d
x = data(2, 3, 8, grad=True)
w = data(4, 3, 3, shift=5, grad=True)
b = data(4, shift=9, grad=True)
grads(F.conv1d(x, w, b), x, w, b)
grads(F.conv1d(x, w, stride=2, padding=1), x, w)
grads(F.conv1d(x, w, b, padding=2, dilation=2), x, w, b)
grads(F.conv1d(x, w, padding="same"), x, w)

# --- conv1d_groups
x = data(1, 4, 6, grad=True)
w = data(4, 2, 3, shift=5, grad=True)
grads(F.conv1d(x, w, groups=2), x, w)
d = data(4, 1, 3, shift=2, grad=True)
grads(F.conv1d(x, d, groups=4, padding=1), x, d)

# --- conv2d
x = data(2, 3, 5, 5, grad=True)
w = data(4, 3, 3, 3, shift=5, grad=True)
b = data(4, shift=9, grad=True)
grads(F.conv2d(x, w, b), x, w, b)

# --- conv2d_padding
x = data(1, 2, 4, 5, grad=True)
w = data(3, 2, 3, 3, shift=5, grad=True)
grads(F.conv2d(x, w, padding=1), x, w)
grads(F.conv2d(x, w, padding=(2, 0)), x, w)
grads(F.conv2d(x, w, padding="same"), x, w)
grads(F.conv2d(x, w, padding="valid"), x, w)

# --- conv2d_stride
x = data(1, 2, 6, 7, grad=True)
w = data(3, 2, 3, 2, shift=5, grad=True)
grads(F.conv2d(x, w, stride=2), x, w)
grads(F.conv2d(x, w, stride=(1, 3), padding=(1, 2)), x, w)

# --- conv2d_dilation
x = data(1, 2, 7, 7, grad=True)
w = data(2, 2, 3, 3, shift=5, grad=True)
grads(F.conv2d(x, w, dilation=2), x, w)
grads(F.conv2d(x, w, dilation=(1, 2), padding=1, stride=2), x, w)

# --- conv2d_groups
x = data(1, 4, 5, 5, grad=True)
w = data(6, 2, 3, 3, shift=5, grad=True)
grads(F.conv2d(x, w, groups=2), x, w)
d = data(4, 1, 3, 3, shift=5, grad=True)
grads(F.conv2d(x, d, None, 1, 1, 1, 4), x, d)

# --- conv2d_one_by_one
x = data(2, 3, 2, 2, grad=True)
w = data(4, 3, 1, 1, shift=5, grad=True)
grads(F.conv2d(x, w), x, w)

# --- conv2d_unbatched
x = data(2, 4, 4, grad=True)
w = data(3, 2, 2, 2, shift=5, grad=True)
grads(F.conv2d(x, w), x, w)
show(F.conv1d(data(2, 5), data(3, 2, 2)).shape)

# --- conv2d_noncontiguous
x = data(4, 5, 2, 1, grad=True)
w = data(3, 3, 2, 2, shift=5, grad=True)
grads(F.conv2d(x.permute(3, 2, 0, 1), w.permute(3, 2, 0, 1)), x, w)

# --- conv2d_double
x = data(1, 2, 4, 4, dtype=torch.float64, grad=True)
w = data(2, 2, 3, 3, dtype=torch.float64, shift=5, grad=True)
grads(F.conv2d(x, w, padding=1), x, w)

# --- conv2d_whole_image
x = data(2, 2, 3, 3, grad=True)
w = data(4, 2, 3, 3, shift=5, grad=True)
grads(F.conv2d(x, w).flatten(1), x, w)

# --- conv2d_empty_batch
x = torch.zeros(0, 2, 4, 4, requires_grad=True)
w = data(3, 2, 3, 3, grad=True)
grads(F.conv2d(x, w), x, w)

# --- conv_modules
for make in (lambda: nn.Conv2d(2, 3, 3), lambda: nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(1, 0), bias=False), lambda: nn.Conv2d(2, 4, 3, padding="same", dilation=2, groups=2)):
    m = make()
    x = data(2, 2, 5, 5, grad=True)
    grads(m(x), x, *m.parameters())

# --- conv1d_module
m = nn.Conv1d(in_channels=2, out_channels=3, kernel_size=3, stride=1, padding=1)
x = data(2, 2, 5, grad=True)
grads(m(x), x, m.weight, m.bias)

# --- conv_padding_modes
for mode in ("reflect", "replicate", "circular"):
    m = nn.Conv2d(1, 2, 3, padding=1, padding_mode=mode)
    x = data(1, 1, 4, 4, grad=True)
    grads(m(x), x, m.weight)

# --- conv_transpose1d
x = data(2, 3, 4, grad=True)
w = data(3, 2, 3, shift=5, grad=True)
grads(F.conv_transpose1d(x, w, stride=2), x, w)

# --- conv_transpose2d
x = data(2, 3, 3, 3, grad=True)
w = data(3, 2, 3, 3, shift=5, grad=True)
b = data(2, shift=9, grad=True)
grads(F.conv_transpose2d(x, w, b), x, w, b)
grads(F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1), x, w)
grads(F.conv_transpose2d(x, w, b, stride=(1, 2), padding=(0, 1)), x, w, b)
grads(F.conv_transpose2d(x, w, dilation=2), x, w)

# --- conv_transpose2d_groups
x = data(1, 4, 3, 3, grad=True)
w = data(4, 3, 2, 2, shift=5, grad=True)
grads(F.conv_transpose2d(x, w, groups=2), x, w)

# --- conv_transpose2d_module
m = nn.ConvTranspose2d(3, 2, kernel_size=4, stride=2, padding=1)
x = data(1, 3, 4, 4, grad=True)
grads(m(x), x, m.weight, m.bias)
show(m(x).shape, nn.ConvTranspose2d(3, 1, 3, stride=2)(x, output_size=[10, 10]).shape)

# --- conv_errors
x = torch.zeros(1, 3, 5, 5)
fails(lambda: F.conv2d(x, torch.zeros(2, 4, 3, 3)))
fails(lambda: F.conv2d(x, torch.zeros(2, 3, 6, 6)))
fails(lambda: F.conv2d(torch.zeros(5, 5), torch.zeros(2, 3, 3, 3)))
fails(lambda: F.conv2d(x, torch.zeros(2, 3, 3, 3), torch.zeros(5)))
fails(lambda: F.conv2d(x, torch.zeros(2, 3, 3, 3), groups=2))
fails(lambda: F.conv2d(x, torch.zeros(2, 3, 3, 3), stride=0))
fails(lambda: F.conv2d(x, torch.zeros(2, 3, 3, 3), padding=-1))
fails(lambda: F.conv2d(x.long(), torch.zeros(2, 3, 3, 3)))
fails(lambda: nn.Conv2d(3, 4, 3, groups=2))
fails(lambda: nn.Conv2d(3, 3, 3, padding="same", stride=2))

# --- max_pool2d
x = data(2, 2, 4, 6, grad=True)
grads(F.max_pool2d(x, 2), x)
grads(F.max_pool2d(x, kernel_size=3, stride=1, padding=1), x)
grads(F.max_pool2d(x, (2, 3), stride=(1, 2)), x)
grads(nn.MaxPool2d(2, 2)(x), x)
grads(nn.MaxPool2d(kernel_size=2, dilation=2, stride=1)(x), x)
grads(torch.max_pool2d(x, 2), x)

# --- max_pool2d_ceil_mode
x = data(1, 1, 5, 5, grad=True)
grads(F.max_pool2d(x, 2, ceil_mode=True), x)
show(F.max_pool2d(x, 2).shape)

# --- max_pool2d_indices
x = data(1, 1, 4, 4, grad=True)
values, indices = F.max_pool2d(x, 2, return_indices=True)
grads(values, x)
show(indices)
values, indices = nn.MaxPool2d(2, return_indices=True)(x)
show(indices.dtype)

# --- max_pool2d_ties_and_negatives
x = torch.zeros(1, 1, 4, 4, requires_grad=True)
grads(F.max_pool2d(x, 2), x)
grads(F.max_pool2d(x - 1, 2, padding=1), x)

# --- max_pool1d
x = data(2, 2, 7, grad=True)
grads(F.max_pool1d(x, 2), x)
grads(F.max_pool1d(x, 3, stride=2, padding=1), x)
grads(nn.MaxPool1d(3)(x), x)

# --- avg_pool2d
x = data(2, 2, 4, 6, grad=True)
grads(F.avg_pool2d(x, 2), x)
grads(F.avg_pool2d(x, 3, stride=1, padding=1), x)
grads(F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False), x)
grads(F.avg_pool2d(x, 3, stride=2, ceil_mode=True), x)
grads(nn.AvgPool2d(2)(x), x)
grads(F.avg_pool2d(x, 2, divisor_override=3), x)

# --- avg_pool1d
x = data(2, 2, 7, grad=True)
grads(F.avg_pool1d(x, 2), x)
grads(nn.AvgPool1d(3, stride=2, padding=1)(x), x)

# --- adaptive_avg_pool2d
x = data(1, 2, 5, 7, grad=True)
grads(F.adaptive_avg_pool2d(x, 1), x)
grads(F.adaptive_avg_pool2d(x, (2, 3)), x)
grads(nn.AdaptiveAvgPool2d((None, 2))(x), x)
grads(nn.AdaptiveAvgPool2d(5)(x), x)

# --- adaptive_avg_pool1d
x = data(1, 2, 7, grad=True)
grads(F.adaptive_avg_pool1d(x, 3), x)
grads(nn.AdaptiveAvgPool1d(1)(x), x)

# --- adaptive_max_pool2d
x = data(1, 2, 5, 7, grad=True)
grads(F.adaptive_max_pool2d(x, (2, 3)), x)
grads(nn.AdaptiveMaxPool2d(1)(x), x)

# --- pool_unbatched_and_errors
x = data(2, 4, 4, grad=True)
grads(F.max_pool2d(x, 2), x)
grads(F.avg_pool2d(x, 2), x)
fails(lambda: F.max_pool2d(x, 5))
fails(lambda: F.max_pool2d(x, 2, padding=2))
fails(lambda: F.max_pool2d(torch.zeros(4, 4), 2))
fails(lambda: F.avg_pool2d(x, 0))

# --- global_pooling_by_mean
x = data(2, 3, 4, 4, grad=True)
grads(x.mean(dim=[2, 3]), x)
grads(F.avg_pool2d(x, x.size()[2:]).view(2, -1), x)
grads(x.amax(dim=(-2, -1)), x)

# --- unfold
x = data(1, 2, 4, 4, grad=True)
grads(F.unfold(x, 2), x)
grads(F.unfold(x, kernel_size=(2, 3), stride=2, padding=1), x)
grads(nn.Unfold(3, dilation=1, padding=1, stride=2)(x), x)

# --- fold
x = data(1, 8, 4, grad=True)
grads(F.fold(x, output_size=(3, 3), kernel_size=2), x)
grads(nn.Fold((4, 4), 2, stride=2)(x), x)

# --- unfold_equals_convolution
x = data(2, 3, 5, 5)
w = data(4, 3, 3, 3, shift=5)
columns = F.unfold(x, 3)
show(torch.allclose((w.view(4, -1) @ columns).view(2, 4, 3, 3), F.conv2d(x, w), atol=1e-4))

# --- interpolate_nearest
x = data(1, 2, 2, 3, grad=True)
grads(F.interpolate(x, scale_factor=2), x)
grads(F.interpolate(x, size=(3, 5), mode="nearest"), x)
grads(nn.Upsample(scale_factor=2, mode="nearest")(x), x)
grads(F.interpolate(data(1, 1, 3), size=5) + x.sum(), x)
show(F.interpolate(data(1, 1, 4, 4), scale_factor=0.5))

# --- interpolate_bilinear
x = data(1, 2, 2, 3, grad=True)
grads(F.interpolate(x, scale_factor=2, mode="bilinear"), x)
grads(F.interpolate(x, size=(4, 5), mode="bilinear", align_corners=True), x)
grads(F.interpolate(x, size=(3, 2), mode="bilinear", align_corners=False), x)
grads(nn.Upsample(size=(3, 3), mode="bilinear", align_corners=True)(x), x)

# --- interpolate_linear
x = data(1, 2, 4, grad=True)
grads(F.interpolate(x, size=7, mode="linear"), x)
grads(F.interpolate(x, scale_factor=2, mode="linear", align_corners=True), x)

# --- interpolate_errors
x = torch.zeros(1, 1, 2, 2)
fails(lambda: F.interpolate(x))
fails(lambda: F.interpolate(x, size=2, scale_factor=2))
fails(lambda: F.interpolate(x, size=4, mode="nonsense"))

# --- pixel_shuffle
x = data(1, 8, 2, 3, grad=True)
grads(F.pixel_shuffle(x, 2), x)
grads(nn.PixelShuffle(2)(x), x)
grads(F.pixel_unshuffle(data(1, 1, 4, 4) * x.sum(), 2), x)

# --- zero_pad_module
x = data(1, 1, 2, 2, grad=True)
grads(nn.ZeroPad2d(1)(x), x)
grads(nn.ZeroPad2d((1, 0, 2, 0))(x), x)
grads(nn.ConstantPad2d(1, 3.5)(x), x)
grads(nn.ReflectionPad2d(1)(x), x)
grads(nn.ReplicationPad2d((1, 1, 0, 0))(x), x)

# --- blurring_kernel_idiom
image = data(1, 1, 5, 5)
kernel = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]).view(1, 1, 3, 3) / 16
show(F.conv2d(image, kernel, padding=1), F.conv2d(image, torch.tensor([[[[1.0, -1.0]]]])))

# --- correlation_by_hand
x = data(4, 5)
k = data(2, 2, shift=3)
out = torch.zeros(3, 4)
for i in range(3):
    for j in range(4):
        out[i, j] = (x[i : i + 2, j : j + 2] * k).sum()
show(out, torch.allclose(out, F.conv2d(x[None, None], k[None, None])[0, 0], atol=1e-5))

# --- small_cnn_forward
net = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 2 * 2, 3))
x = data(2, 1, 8, 8, grad=True)
out = net(x)
F.cross_entropy(out, torch.tensor([0, 2])).backward()
show(out, x.grad, *[p.grad for p in net.parameters()])

# --- adaptive_max_pool1d
x = data(1, 2, 7, grad=True)
grads(F.adaptive_max_pool1d(x, 3), x)
grads(nn.AdaptiveMaxPool1d(2)(x), x)
values, indices = F.adaptive_max_pool1d(x, 3, return_indices=True)
show(indices)

# --- max_unpool2d
x = data(1, 1, 4, 4, grad=True)
values, indices = F.max_pool2d(x, 2, return_indices=True)
grads(F.max_unpool2d(values, indices, 2), x)
show(nn.MaxUnpool2d(2)(values, indices))
