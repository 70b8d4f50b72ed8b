"""Lyceum's programs run in one process. What only asks about processes answers; what would start one raises."""

import errno
import os

__all__ = ["Pool", "Process", "Queue", "TimeoutError", "cpu_count", "current_process", "freeze_support"]


class ProcessError(Exception):
    """The base of this module's exceptions."""


class TimeoutError(ProcessError):
    """Waiting took too long."""


class _MainProcess:
    name = "MainProcess"
    daemon = False
    exitcode = None
    ident = pid = os.getpid()

    def is_alive(self):
        return True


_main = _MainProcess()


def cpu_count():
    """Returns the number of processors."""
    return os.cpu_count()


def current_process():
    """Returns the one process there is."""
    return _main


def active_children():
    return []


def parent_process():
    return None


def freeze_support():
    """Does nothing, as on any system but Windows."""


def get_start_method(allow_none=False):
    return "spawn"


def get_all_start_methods():
    return ["spawn"]


def set_start_method(method, force=False):
    if method not in (None, "spawn", "fork", "forkserver"):
        raise ValueError(f"cannot find context for {method!r}")


def _refuse(name):
    def refuse(*args, **options):
        raise PermissionError(errno.EPERM, f"multiprocessing.{name}: a program cannot start processes in Lyceum")

    refuse.__name__ = refuse.__qualname__ = name
    return refuse


Process = _refuse("Process")
Pool = _refuse("Pool")
Manager = _refuse("Manager")
Queue = _refuse("Queue")
SimpleQueue = _refuse("SimpleQueue")
JoinableQueue = _refuse("JoinableQueue")
Pipe = _refuse("Pipe")
Value = _refuse("Value")
Array = _refuse("Array")
Lock = _refuse("Lock")
RLock = _refuse("RLock")
Event = _refuse("Event")
Semaphore = _refuse("Semaphore")
Barrier = _refuse("Barrier")
Condition = _refuse("Condition")
get_context = _refuse("get_context")
