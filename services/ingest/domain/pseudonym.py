"""Identifier to keyed hash: what goes in is known nowhere behind this module."""

import base64
import hmac
import unicodedata
from collections.abc import Sequence

UNLINKED = "unlinked"
EVENT = "event"
COMMENT = "comment"
_BYTES = 18


def pseudonym(key: bytes, kind: str, issuer: str, identifier: str) -> str:
    """Base64url of the first 18 bytes of HMAC-SHA-256 over kind, issuer and normalised identifier.

    Each part is preceded by its length, so that no two triples are hashed alike.
    """
    return _hashed(key, kind, issuer, normalised(identifier))


def once(key: bytes, source: str, event_id: str) -> str:
    """The key of an event that joins nothing: the same for its retry, another for every other."""
    return _hashed(key, UNLINKED, source, event_id)


def made_id(key: bytes, parts: Sequence[str]) -> str:
    """An id for an event whose client gives it none: keyed, since the parts say who it was."""
    return _hashed(key, EVENT, *parts)


def comment_id(key: bytes, source: str, event_id: str, question: str) -> str:
    """The same for each copy of a comment; it says nothing of the event, which others know."""
    return _hashed(key, COMMENT, source, event_id, question)


def normalised(identifier: str) -> str:
    """One spelling for what people and systems write in several: NFKC, trimmed."""
    return unicodedata.normalize("NFKC", identifier).strip()


def _hashed(key: bytes, *parts: str) -> str:
    framed = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (p.encode() for p in parts))
    return base64.urlsafe_b64encode(hmac.digest(key, framed, "sha256")[:_BYTES]).decode()
