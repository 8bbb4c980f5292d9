"""`host:port`, as every listener is set."""


def address_of(listen: str) -> tuple[str, int]:
    """Host and port; an IPv6 host stands in brackets and loses them. Raises ValueError."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal():
        raise ValueError(f"{listen!r} is not host:port")
    return host.strip("[]"), int(port)
