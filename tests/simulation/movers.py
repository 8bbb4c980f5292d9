"""The same few citizens, whose names change under a new key, and some of whom are erased."""

from functools import lru_cache

from schemas.codec import encode
from schemas.control import KEY_ROTATION, Erasure, Link
from schemas.vocabulary import IdentityKind, RecordKind
from tests.builders import pseudonym
from tests.simulation.citizens import CitizensSubject
from tests.simulation.logs import Row
from tests.unit.journey.builders import HOUR, ZERO

_ONE_IN = 12


class MoversSubject(CitizensSubject):
    """Of so many events one is a link to the next citizen's name, and one an erasure. A link leads
    on only, as a new key does.
    """

    def event(self, number: int) -> Row:
        match number % _ONE_IN:
            case 5:
                return _link(number // _ONE_IN % 2)
            case 11:
                return _erasure(number // _ONE_IN % 3)
        return super().event(number)


@lru_cache
def _link(citizen: int) -> Row:
    lower, upper = pseudonym(f"citizen-{citizen}"), pseudonym(f"citizen-{citizen + 1}")
    told = Link(
        lower=lower,
        lower_kind=IdentityKind.CITIZEN,
        upper=upper,
        upper_kind=IdentityKind.CITIZEN,
        rule=KEY_ROTATION,
        time=ZERO,
        former_case=pseudonym("case-1"),
        case=pseudonym("case-2"),
    )
    return lower.encode(), encode(told), [("kind", RecordKind.LINK.value.encode())]


@lru_cache
def _erasure(citizen: int) -> Row:
    subject = pseudonym(f"citizen-{citizen}")
    told = Erasure(id=f"er-{citizen}", subject=subject, time=ZERO + 20 * HOUR)
    return None, encode(told), [("kind", RecordKind.ERASURE.value.encode())]
