"""Threads without threads: a thread runs to its end when it is started.

The interpreter has one thread. What a program shares out over threads still gets done, one piece after the other.
What could only go on in another thread raises instead of waiting for ever.
"""

import _thread


def _acquire(self, blocking=True, timeout=-1):
    if not self.locked_status:
        self.locked_status = True
        return True
    if not blocking:
        return False
    if timeout is not None and timeout >= 0:
        import time

        time.sleep(timeout)
        return False
    raise RuntimeError(
        "this would wait for ever: Lyceum runs threads one after the other, each to its end when it is started"
    )


def install():
    _thread.LockType.acquire = _thread.LockType.__enter__ = _acquire
    _thread.RLock._is_owned = lambda self: self.locked_count > 0
    _thread.RLock.__enter__ = _thread.RLock.acquire
