"""Who may act on the inside listener: over loopback everybody, else an operator with a token; and
who may read what is counted.
"""

from collections.abc import Callable, Sequence

from aiohttp import web

from schemas.inside_readers import Gate
from schemas.keyring import ON_LOOPBACK, Operator
from schemas.token import NotAllowed, allowed
from schemas.vocabulary import Power

_WHOSE = "an operator of the keyring"


class InsideAccess:
    """`operators` are those of now: the keyring is read again while it serves."""

    def __init__(
        self, operators: Callable[[], Sequence[Operator]], readers: Gate, *, is_loopback: bool
    ) -> None:
        self._operators = operators
        self._readers = readers
        self._is_loopback = is_loopback

    def refusal(self, http: web.Request) -> NotAllowed | None:
        """Why what was asked for is not shown; None where it is."""
        return self._readers.refusal(http.path, http.headers.get("Authorization"))

    def caller(self, http: web.Request, power: Power) -> str:
        """By whom the request is made. Raises NotAllowed."""
        if self._is_loopback:
            return ON_LOOPBACK
        return allowed(self._operators(), http.headers.get("Authorization", ""), power, _WHOSE)

    def person(self, http: web.Request, power: Power) -> str:
        """By whom something is decided: on loopback too, as soon as an operator may. Raises
        NotAllowed.
        """
        if any(power in one.may for one in self._operators()):
            return allowed(self._operators(), http.headers.get("Authorization", ""), power, _WHOSE)
        return self.caller(http, power)
