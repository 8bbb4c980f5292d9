"""Whose token it is, where only hashes of tokens are known, and what they may."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

_BEARER = "bearer "


class _Holder(Protocol):
    @property
    def token_sha256(self) -> tuple[str, ...]: ...


class _Known(_Holder, Protocol):
    @property
    def id(self) -> str: ...

    @property
    def may(self) -> Sequence[str]: ...


Holder = TypeVar("Holder", bound=_Holder)


class NotAllowed(Exception):
    """The request may not do this; `status` is that of the answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def holder(holders: Iterable[Holder], token: str) -> Holder | None:
    """Who has this token; nobody has an empty one. Each hash is compared, in constant time."""
    digest = hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
    found = [
        one for one in holders for known in one.token_sha256 if hmac.compare_digest(known, digest)
    ]
    return found[0] if token and found else None


def allowed(holders: Iterable[_Known], authorization: str, power: str, whose: str) -> str:
    """The id of who has the token that the header Authorization carries, and may do this. `whose`
    says who has one. Raises NotAllowed.
    """
    token = authorization[len(_BEARER) :] if authorization.lower().startswith(_BEARER) else ""
    one = holder(holders, token)
    if one is None:
        raise NotAllowed(401, f"a Bearer token of {whose} is needed")
    if power not in one.may:
        raise NotAllowed(403, f"{one.id} may not: {power}")
    return one.id
