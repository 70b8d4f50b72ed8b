"""How a loss of many values becomes one number: ``reduction`` is ``"mean"``, ``"sum"`` or ``"none"``."""


def reduction_of(size_average, reduce, reduction):
    """Translates torch's old ``size_average`` and ``reduce`` into ``reduction``, with a warning."""
    if size_average is None and reduce is None:
        return reduction
    size_average = True if size_average is None else size_average
    reduce = True if reduce is None else reduce
    if not reduce:
        reduction = "none"
    else:
        reduction = "mean" if size_average else "sum"
    import warnings

    warnings.warn(f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.")
    return reduction


def reduced(values, reduction):
    """Applies ``reduction`` to the values of a loss."""
    if reduction == "mean":
        return values.mean()
    if reduction == "sum":
        return values.sum()
    if reduction == "none":
        return values
    raise ValueError(f"{reduction} is not a valid value for reduction")
