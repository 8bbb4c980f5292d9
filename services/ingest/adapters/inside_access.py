"""Who may act on the inside listener: over loopback everybody, else an operator with a token."""

from collections.abc import Callable, Sequence

from aiohttp import web

from schemas.keyring import ON_LOOPBACK, Operator
from schemas.vocabulary import Power
from services.ingest.domain.operators import allowed


class InsideAccess:
    """`operators` are those of now: the keyring is read again while it serves."""

    def __init__(self, operators: Callable[[], Sequence[Operator]], *, is_loopback: bool) -> None:
        self._operators = operators
        self._is_loopback = is_loopback

    def caller(self, http: web.Request, power: Power) -> str:
        """By whom the request is made. Raises NotAllowed."""
        if self._is_loopback:
            return ON_LOOPBACK
        return allowed(self._operators(), http.headers.get("Authorization", ""), power)

    def person(self, http: web.Request, power: Power) -> str:
        """By whom something is decided: on loopback too, as soon as an operator may. Raises
        NotAllowed.
        """
        if any(power in one.may for one in self._operators()):
            return allowed(self._operators(), http.headers.get("Authorization", ""), power)
        return self.caller(http, power)
