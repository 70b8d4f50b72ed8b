"""Lyceum's programs have no network: names and constants are here, and each connection raises OSError."""

import errno

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM = 1, 2
SOL_SOCKET, SO_REUSEADDR, SO_KEEPALIVE, IPPROTO_TCP, IPPROTO_UDP, TCP_NODELAY = 1, 2, 9, 6, 17, 1
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
AI_PASSIVE = 1
has_ipv6 = False

error = OSError
timeout = TimeoutError


class herror(OSError):
    """An error of an address."""


class gaierror(OSError):
    """An address that cannot be found."""


def _refuse(*args, **options):
    raise OSError(errno.ENETUNREACH, "a program has no network in Lyceum")


class socket:
    """Would be one end of a connection."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        _refuse()


SocketType = socket
create_connection = create_server = socketpair = fromfd = _refuse


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    raise gaierror(-3, f"a program has no network in Lyceum: {host}")


gethostbyname = gethostbyname_ex = getaddrinfo


def gethostname():
    return "lyceum"


def getfqdn(name=""):
    return name or "lyceum"


_GLOBAL_DEFAULT_TIMEOUT = object()
_default_timeout = None


def getdefaulttimeout():
    return _default_timeout


def setdefaulttimeout(seconds):
    global _default_timeout
    _default_timeout = seconds
