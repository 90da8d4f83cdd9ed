"""Free TCP ports on the loopback address."""

import random
import socket
from itertools import chain

LOOPBACK = "127.0.0.1"
# Below the range the kernel takes for outgoing connections, so none can slip in before the server binds.
_RANGE = range(15_000, 32_000)
_handed_out: set[int] = set()


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now; connections that linger after a stop do not count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred port if it is free, otherwise one that this process has not handed out before."""
    if preferred is not None and is_free(preferred):
        return preferred
    first = random.SystemRandom().randrange(len(_RANGE))
    for port in chain(_RANGE[first:], _RANGE[:first]):
        if port not in _handed_out and is_free(port):
            _handed_out.add(port)
            return port
    raise OSError(f"no free port on {LOOPBACK} in {_RANGE.start}-{_RANGE.stop}")
