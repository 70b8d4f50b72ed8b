"""Says that Intel's MKL is not used."""


def is_available():
    return False
