"""One colour for each way a journey ends, the same on every board."""

from collections.abc import Mapping

from deploy.grafana.query import Colour
from schemas.vocabulary import Outcome

COLOURS: Mapping[str, Colour] = {
    Outcome.SUCCESS: Colour.GOOD,
    Outcome.NEGATIVE_BUT_CORRECT: Colour.FAIR,
    Outcome.INFORMED: Colour.PLAIN,
    Outcome.TRANSFERRED: Colour.ASIDE,
    Outcome.WITHDRAWN: Colour.FAINT,
    Outcome.UNDECIDED: Colour.WAITING,
    Outcome.ABANDONED: Colour.WATCH,
    Outcome.EXPIRED: Colour.BAD,
    Outcome.ERROR: Colour.WORSE,
}
