"""Settings of NVIDIA's cuDNN, which a run without a GPU does not use. They can be set and read."""

enabled = True
benchmark = False
deterministic = False
allow_tf32 = True


def is_available():
    return False


def version():
    return None
