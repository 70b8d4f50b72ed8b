"""`torch.backends`: what PyTorch would compute with. The switches can be set; here they change no result."""

from . import cuda, cudnn, mha, mkl, mkldnn, mps, openmp


def __getattr__(name):
    from .._absent import absent_names

    raise absent_names("backends", name)
