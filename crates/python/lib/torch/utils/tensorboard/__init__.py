"""`torch.utils.tensorboard`: a writer whose curves and figures go into the run, where Lyceum shows them.

    >>> from torch.utils.tensorboard import SummaryWriter
    >>> writer = SummaryWriter()
    >>> writer.add_scalar("loss/train", loss, step)

`lyceum run --events FILE` writes them down, `--figures DIR` draws the figures, and the page shows both. No folder is
written, and TensorBoard is not needed.
"""

from .writer import FileWriter, SummaryWriter

__all__ = ["FileWriter", "SummaryWriter"]
