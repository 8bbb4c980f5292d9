"""What was counted last for a journey, as bytes.

A final one is seldom needed again (for a repeat or an erasure), so it is compressed to less than
half; one that still changes is not, since that would cost a quarter of all CPU.
"""

import zlib

import msgspec

from services.metrics.domain.contribution import Counted

_COMPRESSED = b"\x78"  # how zlib begins, and an array of MessagePack never does
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Counted)


def packed(counted: Counted) -> bytes:
    """The bytes of one."""
    plain = _encoder.encode(counted)
    return plain if counted.contribution.is_open else zlib.compress(plain, 1)


def unpacked(raw: bytes) -> Counted:
    """The one in these bytes."""
    return _decoder.decode(zlib.decompress(raw) if raw.startswith(_COMPRESSED) else raw)
