"""Who an inside request comes from, and whether they may do what it asks."""

import hashlib
import hmac
from collections.abc import Sequence

from schemas.keyring import Operator
from schemas.vocabulary import Power

_BEARER = "bearer "


class NotAllowed(Exception):
    """The request may not do this; `status` is that of the answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def allowed(operators: Sequence[Operator], authorization: str, power: Power) -> str:
    """The id of the operator whose token the header Authorization carries. Raises NotAllowed.

    Every hash is compared, and each in constant time.
    """
    token = authorization[len(_BEARER) :] if authorization.lower().startswith(_BEARER) else ""
    digest = hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
    found = [
        one for one in operators for known in one.token_sha256 if hmac.compare_digest(known, digest)
    ]
    if not (token and found):
        raise NotAllowed(401, "a Bearer token of an operator of the keyring is needed")
    if power not in found[0].may:
        raise NotAllowed(403, f"the operator {found[0].id} may not: {power}")
    return found[0].id
