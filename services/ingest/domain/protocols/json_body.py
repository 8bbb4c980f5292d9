"""Bytes to JSON, with a fault that says where and quotes nothing."""

import msgspec

_LONGEST = 200


class NotJson(ValueError):
    """The bytes are no JSON; the message says where, and quotes nothing."""


def parsed(raw: bytes) -> object:
    """What the bytes say. Raises NotJson."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise _not_json(fault) from None
    except RecursionError:
        raise NotJson("body: nested too deeply") from None


def elements(raw: bytes) -> list[bytes]:
    """The bytes of each element of a JSON array. Raises NotJson."""
    try:
        return [bytes(one) for one in _ELEMENTS.decode(raw)]
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise _not_json(fault) from None
    except RecursionError:
        raise NotJson("body: nested too deeply") from None


def _not_json(fault: Exception) -> NotJson:
    """The place of a fault is as long as what it lies in is deep."""
    return NotJson(f"body: {fault}"[:_LONGEST])


_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
