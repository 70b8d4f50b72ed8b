"""The signals that a program can name. Handlers are kept and handed back, and none is ever called: a run is stopped
by ending its process."""

SIG_DFL, SIG_IGN = 0, 1
SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1 = range(1, 11)
SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM = range(11, 16)
SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP = range(17, 21)
NSIG = 65


def default_int_handler(signalnum, frame, /):
    """Raises KeyboardInterrupt."""
    raise KeyboardInterrupt


_handlers = {SIGINT: default_int_handler}


def _check(signalnum):
    if not 1 <= signalnum < NSIG:
        raise ValueError("signal number out of range")


def signal(signalnum, handler, /):
    """Sets the handler of a signal and returns the one before. Lyceum never calls it."""
    _check(signalnum)
    if signalnum in (SIGKILL, SIGSTOP):
        raise OSError(22, "Invalid argument")
    if not callable(handler) and handler not in (SIG_DFL, SIG_IGN):
        raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
    before = _handlers.get(signalnum, SIG_DFL)
    _handlers[signalnum] = handler
    return before


def getsignal(signalnum, /):
    """Returns the handler of a signal."""
    _check(signalnum)
    return _handlers.get(signalnum, SIG_DFL)


def raise_signal(signalnum, /):
    """Calls the handler of a signal at once."""
    handler = getsignal(signalnum)
    if callable(handler):
        handler(signalnum, None)
    elif handler == SIG_DFL and signalnum == SIGTERM:
        raise SystemExit(128 + SIGTERM)


def alarm(seconds, /):
    raise NotImplementedError("signal.alarm: Lyceum delivers no signals to a program")


def setitimer(which, seconds, interval=0.0, /):
    raise NotImplementedError("signal.setitimer: Lyceum delivers no signals to a program")


def strsignal(signalnum, /):
    """Says what a signal means."""
    _check(signalnum)
    names = {SIGINT: "Interrupt", SIGTERM: "Terminated", SIGKILL: "Killed", SIGSEGV: "Segmentation fault"}
    return names.get(signalnum)


def valid_signals():
    """Returns the signals that have a number here."""
    return {value for name, value in globals().items() if name.startswith("SIG") and not name.startswith("SIG_")}
