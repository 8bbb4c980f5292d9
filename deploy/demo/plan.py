"""What is played, and the truth of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.demo.citizens import History, history
from deploy.demo.desks import Desk, desks
from deploy.demo.play import last_midnight
from deploy.demo.truth.numbers import Key, expected
from deploy.demo.truth.scores import Number
from schemas.catalogue import Catalogue, load

ROOT = Path(__file__).resolve().parents[2]
_DAYS_OF_A_MONTH = 30


@dataclass(frozen=True)
class Plan:
    """What is played: by whom, from which seed, and over what time."""

    catalogue: Catalogue
    desks: tuple[Desk, ...]
    history: History
    seed: int

    def truth(self, now: datetime) -> dict[Key, Number]:
        """Every number that must come out, with windows up to now."""
        told = self.history
        return expected(self.catalogue, told.journeys, told.glimpses, now)


def make_plan(seed: int, citizens: int, months: int) -> Plan:
    """The history that ends at the last midnight, with its truth."""
    folder = ROOT / "deploy" / "catalogue"
    catalogue = load((p.name, p.read_text("utf-8")) for p in sorted(folder.glob("*.yaml")))
    places = desks(catalogue)
    end = last_midnight(datetime.now(UTC))
    span = (end - timedelta(days=_DAYS_OF_A_MONTH * months), end)
    return Plan(catalogue, places, history(seed, citizens, span, places), seed)
