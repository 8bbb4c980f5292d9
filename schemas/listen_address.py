"""`host:port`, as every listener is set."""

from ipaddress import ip_address


def address_of(listen: str) -> tuple[str, int]:
    """Host and port; an IPv6 host stands in brackets and loses them. Raises ValueError."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal():
        raise ValueError(f"{listen!r} is not host:port")
    return host.strip("[]"), int(port)


def stays_on_this_machine(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
