"""How recurrent layers are stacked: layer over layer, forwards and backwards, with dropout in between."""

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
