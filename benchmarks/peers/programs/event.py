"""The event as the floors parse it."""

import msgspec


class Event(msgspec.Struct):
    """What a channel reports about a citizen; time is in milliseconds since 1970."""

    id: str
    citizen: str
    time: int
    agency: str
    service: str
    touchpoint: str
    stage: str
    action: str
    channel: str
    initiator: str
