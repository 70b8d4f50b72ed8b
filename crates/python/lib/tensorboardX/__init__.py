"""`tensorboardX`: the writer of `torch.utils.tensorboard`."""

from torch.utils.tensorboard import SummaryWriter

from _lyceum.missing import declare

__version__ = "2.6.2"

__getattr__ = declare(__name__, "FileWriter GlobalSummaryWriter RecordWriter TorchVis beholder summary writer")
