"""Whose token it is, where only hashes of tokens are known."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Protocol, TypeVar


class _Holder(Protocol):
    @property
    def token_sha256(self) -> tuple[str, ...]: ...


Holder = TypeVar("Holder", bound=_Holder)


def holder(holders: Iterable[Holder], token: str) -> Holder | None:
    """Who has this token; nobody has an empty one. Each hash is compared, in constant time."""
    digest = hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
    found = [
        one for one in holders for known in one.token_sha256 if hmac.compare_digest(known, digest)
    ]
    return found[0] if token and found else None
