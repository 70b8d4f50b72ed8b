"""`torch.random`: the seed and the state of the default generator."""

from ._C import _manual_seed, default_generator


def manual_seed(seed):
    """Starts the default generator from ``seed``; the numbers that follow are PyTorch's on a CPU."""
    _manual_seed(int(seed))
    return default_generator


def seed():
    """Starts the default generator from a random seed and returns it."""
    return default_generator.seed()


def initial_seed():
    """Returns the seed that the default generator started from."""
    return default_generator.initial_seed()


def get_rng_state():
    """Returns the state of the default generator as a tensor of bytes."""
    return default_generator.get_state()


def set_rng_state(new_state):
    """Puts the default generator into a state that :func:`get_rng_state` has returned."""
    default_generator.set_state(new_state)


class fork_rng:
    """``with torch.random.fork_rng():`` draws numbers without moving the generator outside the block."""

    def __init__(self, devices=None, enabled=True, _caller="fork_rng", _devices_kw="devices", device_type="cuda"):
        self.enabled = enabled

    def __enter__(self):
        if self.enabled:
            self.state = get_rng_state()

    def __exit__(self, *exc_info):
        if self.enabled:
            set_rng_state(self.state)

    def __call__(self, function):
        def forked(*args, **kwargs):
            with fork_rng(enabled=self.enabled):
                return function(*args, **kwargs)

        return forked
