"""Says that Apple's GPU is not used."""


def is_available():
    return False


def is_built():
    return False
