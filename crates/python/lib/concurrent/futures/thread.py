"""A ThreadPoolExecutor that does each piece of work when it is submitted: the interpreter has one thread."""

from concurrent.futures import _base


class BrokenThreadPool(_base.BrokenExecutor):
    """Raised when the initializer of a ThreadPoolExecutor fails."""


class ThreadPoolExecutor(_base.Executor):
    """Runs what is submitted, at once and in the caller's thread."""

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._initializer = initializer
        self._initargs = initargs
        self._shutdown = False

    def submit(self, fn, /, *args, **kwargs):
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        if self._initializer is not None:
            initializer, self._initializer = self._initializer, None
            try:
                initializer(*self._initargs)
            except Exception as error:
                self._shutdown = True
                raise BrokenThreadPool("the initializer failed") from error
        future = _base.Future()
        future.set_running_or_notify_cancel()
        try:
            result = fn(*args, **kwargs)
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shutdown = True
