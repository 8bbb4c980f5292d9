"""Who an inside request comes from, and whether they may do what it asks."""

from collections.abc import Sequence

from schemas.keyring import Operator
from schemas.vocabulary import Power
from services.ingest.domain.token import holder

_BEARER = "bearer "


class NotAllowed(Exception):
    """The request may not do this; `status` is that of the answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def allowed(operators: Sequence[Operator], authorization: str, power: Power) -> str:
    """The id of the operator whose token the header Authorization carries. Raises NotAllowed."""
    token = authorization[len(_BEARER) :] if authorization.lower().startswith(_BEARER) else ""
    one = holder(operators, token)
    if one is None:
        raise NotAllowed(401, "a Bearer token of an operator of the keyring is needed")
    if power not in one.may:
        raise NotAllowed(403, f"the operator {one.id} may not: {power}")
    return one.id
