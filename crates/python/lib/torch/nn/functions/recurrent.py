"""Recurrent layers stacked, forwards and backwards, with dropout in between; and single steps as functions."""

from ... import _C
from ..._C import _nn, cat, stack


def run_layers(layer, data, batch_sizes, states, weights, directions, dropout):
    """Runs a packed batch through all layers; returns the last output and the final states.

    ``data`` is (sum of ``batch_sizes``, I). Each of ``states`` is (layers · directions, B, H). ``weights`` has a dict of
    keyword arguments of ``layer`` for each layer and direction, and ``dropout`` acts between two layers.
    """
    finals = []
    count = len(weights) // directions
    for index in range(count):
        outputs = []
        for direction in range(directions):
            at = index * directions + direction
            starts = [state[at] for state in states]
            output, *final = layer(data, batch_sizes, *starts, reverse=direction == 1, **weights[at])
            outputs.append(output)
            finals.append(final)
        data = outputs[0] if directions == 1 else cat(outputs, -1)
        if dropout > 0 and index < count - 1:
            data = _nn.dropout(data, dropout)
    return data, [stack(state) for state in zip(*finals)]


def lstm_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of an LSTM, (B, I) with ``hx = (h, c)``; returns the new h and c."""
    h, c = hx
    return tuple(_C._lstm_layer(input, [input.size(0)], h, c, w_ih, w_hh, b_ih, b_hh)[1:])


def gru_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of a GRU, (B, I) with the state (B, H); returns the new state."""
    return _C._gru_layer(input, [input.size(0)], hx, w_ih, w_hh, b_ih, b_hh)[1]


def rnn_tanh_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of a plain recurrent layer with tanh."""
    return _C._rnn_layer(input, [input.size(0)], hx, w_ih, w_hh, b_ih, b_hh)[1]


def rnn_relu_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of a plain recurrent layer with relu."""
    return _C._rnn_layer(input, [input.size(0)], hx, w_ih, w_hh, b_ih, b_hh, relu=True)[1]
