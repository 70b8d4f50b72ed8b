"""`torch.optim`: optimisers, and schedules of their learning rates."""

from .adadelta import Adadelta
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .adam_variants import Adamax, NAdam, RAdam
from .lbfgs import LBFGS
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .rprop import Rprop
from .sgd import SGD
from .._absent import absent_names, load_submodule


def __getattr__(name):
    if name == "lr_scheduler":
        return load_submodule(__name__, name)
    raise absent_names("optim", name)
