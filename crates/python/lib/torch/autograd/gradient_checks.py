"""Checks derivatives against differences: `gradcheck` and `gradgradcheck`."""

from .._C import Tensor, float64, randn, zeros_like
from . import grad as _grad


class GradcheckError(RuntimeError):
    """Says which derivative is wrong."""


def _outputs(func, inputs):
    outputs = func(*inputs)
    if isinstance(outputs, Tensor):
        outputs = (outputs,)
    return [y for y in outputs if isinstance(y, Tensor) and y.requires_grad]


def _numerical(func, inputs, target, which, eps):
    """d output[which] / d target by central differences, (numel of target, numel of output)."""
    flat = target.data.view(-1)
    rows = []
    for i in range(flat.numel()):
        value = flat[i].item()
        sides = []
        for step in (eps, -eps):
            flat[i] = value + step
            outputs = func(*inputs)
            outputs = (outputs,) if isinstance(outputs, Tensor) else outputs
            differentiable = [y for y in outputs if isinstance(y, Tensor) and y.requires_grad]
            sides.append(differentiable[which].detach().clone().reshape(-1))
        flat[i] = value
        rows.append((sides[0] - sides[1]) / (2 * eps))
    return rows


def gradcheck(
    func, inputs, *, eps=1e-6, atol=1e-5, rtol=0.001, raise_exception=True, nondet_tol=0.0,
    check_undefined_grad=True, check_grad_dtypes=False, check_batched_grad=False,
    check_batched_forward_grad=False, check_forward_ad=False, check_backward_ad=True, fast_mode=False, masked=None,
):
    """Compares the derivatives of ``func`` at ``inputs`` with central differences.

    Inputs should be float64. Returns True, or raises (or returns False) where they disagree.
    """
    if check_forward_ad or check_batched_grad or check_batched_forward_grad:
        raise NotImplementedError("torch.autograd.gradcheck: only backward derivatives are checked in Lyceum")
    try:
        _check(func, inputs, eps, atol, rtol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def _check(func, inputs, eps, atol, rtol):
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    targets = [(i, x) for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    if not targets:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, "
            "but none of the them have requires_grad=True."
        )
    for index, x in targets:
        if x.dtype != float64:
            import warnings

            warnings.warn(
                f"Input #{index} requires gradient and is not a double precision floating point. "
                "This check will likely fail if all the inputs are not of double precision floating point."
            )
    outputs = _outputs(func, inputs)
    for which, output in enumerate(outputs):
        flat = output.reshape(-1)
        analytical = {index: [] for index, _ in targets}
        for j in range(flat.numel()):
            grads = _grad(flat[j], [x for _, x in targets], retain_graph=True, allow_unused=True)
            for (index, x), g in zip(targets, grads):
                analytical[index].append((zeros_like(x) if g is None else g).reshape(-1))
        for index, x in targets:
            numerical = _numerical(func, inputs, x, which, eps)
            for i, row in enumerate(numerical):
                for j in range(flat.numel()):
                    expected = row[j].item()
                    got = analytical[index][j][i].item()
                    if not abs(got - expected) <= atol + rtol * abs(expected):
                        raise GradcheckError(
                            f"Jacobian mismatch for output {which} with respect to input {index}: "
                            f"d output[{j}] / d input[{i}] is {expected} by differences, but backward gives {got}"
                        )


def gradgradcheck(
    func, inputs, grad_outputs=None, *, eps=1e-6, atol=1e-5, rtol=0.001, gen_non_contig_grad_outputs=False,
    raise_exception=True, nondet_tol=0.0, check_undefined_grad=True, check_grad_dtypes=False,
    check_batched_grad=False, check_fwd_over_rev=False, check_rev_over_rev=True, fast_mode=False, masked=False,
):
    """Compares the second derivatives of ``func`` with central differences of its first ones."""
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    outputs = _outputs(func, inputs)
    if grad_outputs is None:
        weights = [randn(y.shape, dtype=y.dtype).requires_grad_() for y in outputs]
    else:
        weights = [grad_outputs] if isinstance(grad_outputs, Tensor) else list(grad_outputs)
    count = len(inputs)

    def first_derivative(*args):
        leaves, weights = args[:count], args[count:]
        targets = [x for x in leaves if isinstance(x, Tensor) and x.requires_grad]
        outputs = _outputs(func, leaves)
        grads = _grad(outputs, targets, weights, create_graph=True, allow_unused=True)
        return tuple(g for g in grads if g is not None)

    return gradcheck(
        first_derivative, (*inputs, *weights), eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception
    )
