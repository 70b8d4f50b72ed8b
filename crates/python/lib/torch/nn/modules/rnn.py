"""Recurrent layers over whole sequences: `RNN`, `LSTM`, `GRU`. One step at a time is in `rnn_cells`.

The recurrence of one layer in one direction is an operation of the engine; it reads a packed batch, which a plain one
(T, B, I) is too, with all of B at each step.
"""

from math import sqrt

from ... import _C
from ..._C import empty, zeros
from .. import init
from ..functions.recurrent import run_layers
from ..parameter import Parameter
from ..utils.rnn import PackedSequence
from .module import Module
from .rnn_cells import GRUCell, LSTMCell, RNNCell, RNNCellBase

_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


class RNNBase(Module):
    """What recurrent layers share: parameters, states, and the forms that a batch may have."""

    __constants__ = [
        "mode", "input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional",
        "proj_size",
    ]

    def __init__(
        self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
        bidirectional=False, proj_size=0, device=None, dtype=None,
    ):
        super().__init__()
        _check_sizes(input_size, hidden_size, num_layers, bias, batch_first, dropout, proj_size)
        if mode not in _GATES:
            raise ValueError("Unrecognized RNN mode: " + mode)
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        self._directions = 2 if bidirectional else 1
        self._all_weights = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse")[: self._directions]:
                self._add_weights(layer, f"_l{layer}{suffix}", _GATES[mode] * hidden_size, device, dtype)
        self.reset_parameters()

    def _add_weights(self, layer, suffix, gates, device, dtype):
        output_size = self.proj_size or self.hidden_size
        input_size = self.input_size if layer == 0 else output_size * self._directions
        shapes = {"weight_ih": (gates, input_size), "weight_hh": (gates, output_size)}
        if self.bias:
            shapes["bias_ih"] = shapes["bias_hh"] = (gates,)
        if self.proj_size:
            shapes["weight_hr"] = (self.proj_size, self.hidden_size)
        for name, shape in shapes.items():
            setattr(self, name + suffix, Parameter(empty(shape, device=device, dtype=dtype)))
        self._all_weights.append([name + suffix for name in shapes])

    def reset_parameters(self):
        """Draws new initial values, uniform in ±1/√hidden_size."""
        bound = 1.0 / sqrt(self.hidden_size)
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    @property
    def all_weights(self):
        """The parameters, a list for each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    @property
    def _flat_weights(self):
        return [getattr(self, name) for names in self._all_weights for name in names]

    @property
    def _flat_weights_names(self):
        return [name for names in self._all_weights for name in names]

    def flatten_parameters(self):
        """Does nothing: on a GPU torch would move the weights into one piece of memory here."""

    def _weights(self):
        names = {"weight_ih": "w_ih", "weight_hh": "w_hh", "bias_ih": "b_ih", "bias_hh": "b_hh", "weight_hr": "w_hr"}
        return [{names[name.partition("_l")[0]]: getattr(self, name) for name in row} for row in self._all_weights]

    def extra_repr(self):
        text = f"{self.input_size}, {self.hidden_size}"
        for name, usual in (
            ("proj_size", 0), ("num_layers", 1), ("bias", True), ("batch_first", False), ("dropout", 0.0),
            ("bidirectional", False),
        ):
            value = getattr(self, name)
            if value != usual:
                text += f", {name}={value}"
        return text

    def _layer(self):
        """The engine's operation for one layer in one direction."""
        if self.mode == "LSTM":
            return _C._lstm_layer
        if self.mode == "GRU":
            return _C._gru_layer
        if self.mode == "RNN_RELU":
            return lambda *args, **kwargs: _C._rnn_layer(*args, relu=True, **kwargs)
        return _C._rnn_layer

    def _state_sizes(self):
        """The last dimension of each state."""
        return [self.hidden_size]

    def _run(self, input, states):
        """Runs the layer on any form of input; ``states`` is a list, or None for zeros."""
        if isinstance(input, PackedSequence):
            return self._run_packed(input, states)
        name = type(self).__name__
        if input.dim() not in (2, 3):
            raise ValueError(f"{name}: Expected input to be 2D or 3D, got {input.dim()}D instead")
        is_batched = input.dim() == 3
        if states is not None:
            self._check_rank(states, is_batched)
        if not is_batched:
            input = input.unsqueeze(0 if self.batch_first else 1)
            states = states and [state.unsqueeze(1) for state in states]
        self._check_input(input, 3)
        if self.batch_first:
            input = input.transpose(0, 1)
        steps, count, _ = input.shape
        if steps == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        output, finals = self._run_stack(input.reshape(steps * count, -1), [count] * steps, states)
        output = output.reshape(steps, count, -1)
        if not is_batched:
            return output.squeeze(1), [state.squeeze(1) for state in finals]
        return (output.transpose(0, 1) if self.batch_first else output), finals

    def _run_packed(self, packed, states):
        data, batch_sizes, order, back = packed
        self._check_input(data, 2)
        if states is not None and order is not None:
            states = [state.index_select(1, order) for state in states]
        output, finals = self._run_stack(data, batch_sizes.tolist(), states)
        if back is not None:
            finals = [state.index_select(1, back) for state in finals]
        return PackedSequence(output, batch_sizes, order, back), finals

    def _run_stack(self, data, batch_sizes, states):
        rows = self.num_layers * self._directions
        shapes = [(rows, batch_sizes[0], size) for size in self._state_sizes()]
        if states is None:
            states = [zeros(shape, dtype=data.dtype, device=data.device) for shape in shapes]
        for index, (state, shape) in enumerate(zip(states, shapes)):
            if tuple(state.shape) != shape:
                which = f"[{index}] size" if len(shapes) > 1 else " size"
                raise RuntimeError(f"Expected hidden{which} {shape}, got {list(state.shape)}")
        dropout = self.dropout if self.training else 0.0
        return run_layers(self._layer(), data, batch_sizes, states, self._weights(), self._directions, dropout)

    def _check_input(self, input, rank):
        dtype = getattr(self, self._all_weights[0][0]).dtype
        if input.dtype != dtype:
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight dtype ({dtype}). "
                f"Convert input: input.to({dtype}), or convert model: model.to({input.dtype})"
            )
        if input.dim() != rank:
            raise RuntimeError(f"input must have {rank} dimensions, got {input.dim()}")
        if input.size(-1) != self.input_size:
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.size(-1)}"
            )

    def _check_rank(self, states, is_batched):
        rank = 3 if is_batched else 2
        kind = "batched 3-D" if is_batched else "unbatched 2-D"
        if any(state.dim() != rank for state in states):
            if len(states) == 1:
                raise RuntimeError(f"For {kind} input, hx should also be {rank}-D but got {states[0].dim()}-D tensor")
            came = ", ".join(f"{state.dim()}-D" for state in states)
            raise RuntimeError(f"For {kind} input, hx and cx should also be {rank}-D but got ({came}) tensors")


def _check_sizes(input_size, hidden_size, num_layers, bias, batch_first, dropout, proj_size):
    if isinstance(dropout, bool) or not isinstance(dropout, (int, float)) or not 0 <= dropout <= 1:
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
        )
    if dropout > 0 and num_layers == 1:
        import warnings

        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
            f"num_layers greater than 1, but got dropout={dropout} and num_layers={num_layers}",
            stacklevel=4,
        )
    for name, value, kind in (
        ("bias", bias, bool), ("batch_first", batch_first, bool), ("input_size", input_size, int),
        ("hidden_size", hidden_size, int),
    ):
        if not isinstance(value, kind):
            raise TypeError(f"{name} should be of type {kind.__name__}, got: {type(value).__name__}")
    for name, value in (("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", num_layers)):
        if value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")


class RNN(RNNBase):
    """A recurrent layer, h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh), or relu with ``nonlinearity="relu"``.

    Input (T, B, input_size), or (B, T, input_size) with ``batch_first``; state (layers · directions, B, hidden_size).
    Returns the output of the last layer at every step, and the last state::

        output, h_n = nn.RNN(10, 20, num_layers=2)(torch.randn(5, 3, 10))
    """

    def __init__(
        self, input_size, hidden_size, num_layers=1, nonlinearity="tanh", bias=True, batch_first=False, dropout=0.0,
        bidirectional=False, device=None, dtype=None, **extra,
    ):
        if "proj_size" in extra:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        mode = f"RNN_{nonlinearity.upper()}"
        super().__init__(
            mode, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, device=device,
            dtype=dtype, **extra,
        )
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        output, (h_n,) = self._run(input, None if hx is None else [hx])
        return output, h_n


class LSTM(RNNBase):
    """A long short-term memory: gates i, f, o = σ(·) and a candidate g = tanh(·), each W x_t + U h_{t−1} + b.

    c_t = f ⊙ c_{t−1} + i ⊙ g and h_t = o ⊙ tanh(c_t); with ``proj_size`` h_t is then multiplied by W_hr. Input
    (T, B, input_size), or (B, T, input_size) with ``batch_first``; both states (layers · directions, B, hidden_size)::

        output, (h_n, c_n) = nn.LSTM(10, 20, num_layers=2)(torch.randn(5, 3, 10))
    """

    def __init__(
        self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False,
        proj_size=0, device=None, dtype=None,
    ):
        super().__init__(
            "LSTM", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size, device,
            dtype,
        )

    def _state_sizes(self):
        return [self.proj_size or self.hidden_size, self.hidden_size]

    def forward(self, input, hx=None):
        output, finals = self._run(input, None if hx is None else list(hx))
        return output, tuple(finals)


class GRU(RNNBase):
    """A gated recurrent unit: r, z = σ(·), n = tanh(W x_t + b + r ⊙ (U h_{t−1} + b')), h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}.

    Input (T, B, input_size), or (B, T, input_size) with ``batch_first``; state (layers · directions, B, hidden_size)::

        output, h_n = nn.GRU(10, 20, bidirectional=True)(torch.randn(5, 3, 10))
    """

    def __init__(
        self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False,
        device=None, dtype=None, **extra,
    ):
        if "proj_size" in extra:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        super().__init__(
            "GRU", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, device=device,
            dtype=dtype, **extra,
        )

    def forward(self, input, hx=None):
        output, (h_n,) = self._run(input, None if hx is None else [hx])
        return output, h_n
