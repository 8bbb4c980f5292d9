"""Free ports on loopback."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below the range from which Linux and macOS draw the local ends of outgoing connections: a client
# that tries to reach a stopped server must not be given the server's own port.
_LOWEST, _HIGHEST = 20_000, 32_000


def free_ports(count: int) -> list[int]:
    """Choose different ports nobody listens on; they stay free only until somebody takes them."""
    chosen: set[int] = set()
    while len(chosen) < count:
        port = random.randint(_LOWEST, _HIGHEST)  # noqa: S311  no secret
        if _is_free(port):
            chosen.add(port)
    return sorted(chosen)


def wished_or_free(port: int) -> int:
    """The wished port when nobody listens on it (0 wishes for none), else any free one."""
    return port if port and _is_free(port) else free_ports(1)[0]


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
