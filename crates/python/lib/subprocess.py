"""Lyceum's programs start no other programs: each function here raises PermissionError."""

import errno

PIPE, STDOUT, DEVNULL = -1, -2, -3

__all__ = [
    "PIPE", "STDOUT", "DEVNULL", "Popen", "run", "call", "check_call", "check_output", "getoutput",
    "getstatusoutput", "CompletedProcess", "SubprocessError", "CalledProcessError", "TimeoutExpired",
]


class SubprocessError(Exception):
    """The base of this module's exceptions."""


class CalledProcessError(SubprocessError):
    """A program ended with a status other than 0."""

    def __init__(self, returncode, cmd, output=None, stderr=None):
        self.returncode = returncode
        self.cmd = cmd
        self.output = self.stdout = output
        self.stderr = stderr

    def __str__(self):
        return f"Command {self.cmd!r} returned non-zero exit status {self.returncode}."


class TimeoutExpired(SubprocessError):
    """A program took longer than its time."""

    def __init__(self, cmd, timeout, output=None, stderr=None):
        self.cmd = cmd
        self.timeout = timeout
        self.output = self.stdout = output
        self.stderr = stderr

    def __str__(self):
        return f"Command {self.cmd!r} timed out after {self.timeout} seconds"


class CompletedProcess:
    """What is known of a program that ended."""

    def __init__(self, args, returncode, stdout=None, stderr=None):
        self.args = args
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr


def _refuse(args):
    raise PermissionError(errno.EPERM, f"a program cannot start other programs in Lyceum: {args!r}")


class Popen:
    """Would start a program."""

    def __init__(self, args, *rest, **options):
        _refuse(args)


def run(args, *rest, **options):
    _refuse(args)


call = check_call = check_output = getoutput = getstatusoutput = run
