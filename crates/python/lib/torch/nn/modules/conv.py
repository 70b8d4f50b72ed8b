"""Convolutions: `Conv1d`, `Conv2d` and the transposed ones."""

from math import sqrt

from ..._C import empty
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .module import Module
from .sizes import as_pair, as_single

_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """What all convolutions share: checks, weight and bias, their initial values and the printed form."""

    __constants__ = [
        "stride", "padding", "dilation", "groups", "padding_mode", "output_padding",
        "in_channels", "out_channels", "kernel_size",
    ]

    def __init__(
        self, in_channels, out_channels, kernel_size, stride, padding, dilation,
        transposed, output_padding, groups, bias, padding_mode, device=None, dtype=None,
    ):
        super().__init__()
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if in_channels % groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(padding, str):
            if padding not in ("same", "valid"):
                raise ValueError(
                    f"Invalid padding string {padding!r}, should be one of {{'same', 'valid'}}"
                )
            if padding == "same" and any(step != 1 for step in stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if padding_mode not in _PADDING_MODES:
            raise ValueError(
                f"padding_mode must be one of {set(_PADDING_MODES)}, but got padding_mode='{padding_mode}'"
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.transposed = transposed
        self.output_padding = output_padding
        self.groups = groups
        self.padding_mode = padding_mode
        self._reversed_padding_repeated_twice = _edge_padding(padding, kernel_size, dilation)
        if transposed:
            shape = (in_channels, out_channels // groups, *kernel_size)
        else:
            shape = (out_channels, in_channels // groups, *kernel_size)
        self.weight = Parameter(empty(shape, device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_channels, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        """Draws new initial values, uniform in ±1/√fan_in."""
        init.kaiming_uniform_(self.weight, a=sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in != 0:
                bound = 1 / sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def _convolve(self, convolution, input, zero_padding):
        if self.padding_mode == "zeros":
            return convolution(
                input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups
            )
        padded = F.pad(input, self._reversed_padding_repeated_twice, mode=self.padding_mode)
        return convolution(padded, self.weight, self.bias, self.stride, zero_padding, self.dilation, self.groups)

    def extra_repr(self):
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        if self.padding != (0,) * len(self.kernel_size):
            text += f", padding={self.padding}"
        if self.dilation != (1,) * len(self.kernel_size):
            text += f", dilation={self.dilation}"
        if self.output_padding != (0,) * len(self.kernel_size):
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text


def _edge_padding(padding, kernel_size, dilation):
    """The padding as `F.pad` takes it: last dimension first, left and right."""
    edges = []
    for axis in reversed(range(len(kernel_size))):
        if padding == "valid":
            left = right = 0
        elif padding == "same":
            total = dilation[axis] * (kernel_size[axis] - 1)
            left = total // 2
            right = total - left
        else:
            left = right = padding[axis]
        edges += [left, right]
    return edges


class Conv1d(_ConvNd):
    """Slides ``out_channels`` filters of length ``kernel_size`` along sequences (cross-correlation).

    Input (N, C_in, L) or (C_in, L), output (N, C_out, L_out) with
    L_out = ⌊(L + 2·padding − dilation·(kernel_size − 1) − 1) / stride + 1⌋.
    ``weight`` is (out_channels, in_channels/groups, kernel_size).
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
        groups=1, bias=True, padding_mode="zeros", device=None, dtype=None,
    ):
        padding = padding if isinstance(padding, str) else as_single(padding)
        super().__init__(
            in_channels, out_channels, as_single(kernel_size), as_single(stride), padding, as_single(dilation),
            False, (0,), groups, bias, padding_mode, device, dtype,
        )

    def forward(self, input):
        return self._convolve(F.conv1d, input, (0,))


class Conv2d(_ConvNd):
    """Slides ``out_channels`` filters over images (cross-correlation).

    Input (N, C_in, H, W) or (C_in, H, W), output (N, C_out, H_out, W_out) with
    H_out = ⌊(H + 2·padding − dilation·(kernel_size − 1) − 1) / stride + 1⌋, and W_out alike.
    ``weight`` is (out_channels, in_channels/groups, kernel_h, kernel_w)::

        nn.Conv2d(3, 16, 3, padding=1)(torch.randn(8, 3, 32, 32)).shape  # torch.Size([8, 16, 32, 32])
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
        groups=1, bias=True, padding_mode="zeros", device=None, dtype=None,
    ):
        padding = padding if isinstance(padding, str) else as_pair(padding)
        super().__init__(
            in_channels, out_channels, as_pair(kernel_size), as_pair(stride), padding, as_pair(dilation),
            False, (0, 0), groups, bias, padding_mode, device, dtype,
        )

    def forward(self, input):
        return self._convolve(F.conv2d, input, (0, 0))


class _ConvTransposeNd(_ConvNd):
    def __init__(
        self, in_channels, out_channels, kernel_size, stride, padding, dilation,
        transposed, output_padding, groups, bias, padding_mode, device=None, dtype=None,
    ):
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation,
            transposed, output_padding, groups, bias, padding_mode, device, dtype,
        )

    def _output_padding(self, input, output_size):
        """Finds the output_padding that gives ``output_size``."""
        if output_size is None:
            return self.output_padding
        count = len(self.kernel_size)
        if len(output_size) == count + 2 and input.dim() == count + 2:
            output_size = output_size[2:]
        elif len(output_size) == count + 1 and input.dim() == count + 1:
            output_size = output_size[1:]
        if len(output_size) != count:
            raise ValueError(
                f"ConvTranspose{count}D: for {input.dim()}D input, output_size must have {count} or {input.dim()} "
                f"elements (got {len(output_size)})"
            )
        smallest = [
            (input.size(axis - count) - 1) * self.stride[axis]
            - 2 * self.padding[axis]
            + self.dilation[axis] * (self.kernel_size[axis] - 1)
            + 1
            for axis in range(count)
        ]
        largest = [low + step - 1 for low, step in zip(smallest, self.stride)]
        if not all(low <= size <= high for low, size, high in zip(smallest, output_size, largest)):
            raise ValueError(
                f"requested an output size of {tuple(output_size)}, but valid sizes range from {smallest} to {largest} "
                f"(for an input of {input.shape[-count:]})"
            )
        return tuple([size - low for size, low in zip(output_size, smallest)])


class ConvTranspose1d(_ConvTransposeNd):
    """The transpose of :class:`Conv1d`: it makes sequences longer.

    Input (N, C_in, L), output (N, C_out, L_out) with
    L_out = (L − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1.
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0,
        groups=1, bias=True, dilation=1, padding_mode="zeros", device=None, dtype=None,
    ):
        super().__init__(
            in_channels, out_channels, as_single(kernel_size), as_single(stride), as_single(padding),
            as_single(dilation), True, as_single(output_padding), groups, bias, padding_mode, device, dtype,
        )

    def forward(self, input, output_size=None):
        return F.conv_transpose1d(
            input, self.weight, self.bias, self.stride, self.padding,
            self._output_padding(input, output_size), self.groups, self.dilation,
        )


class ConvTranspose2d(_ConvTransposeNd):
    """The transpose of :class:`Conv2d`: it makes images larger, for example in a decoder.

    Input (N, C_in, H, W), output (N, C_out, H_out, W_out) with
    H_out = (H − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1, and W_out alike.
    ``weight`` is (in_channels, out_channels/groups, kernel_h, kernel_w).
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0,
        groups=1, bias=True, dilation=1, padding_mode="zeros", device=None, dtype=None,
    ):
        super().__init__(
            in_channels, out_channels, as_pair(kernel_size), as_pair(stride), as_pair(padding),
            as_pair(dilation), True, as_pair(output_padding), groups, bias, padding_mode, device, dtype,
        )

    def forward(self, input, output_size=None):
        return F.conv_transpose2d(
            input, self.weight, self.bias, self.stride, self.padding,
            self._output_padding(input, output_size), self.groups, self.dilation,
        )
