"""What is told of the keys that are there, and who decides that one goes."""

from datetime import timedelta

import pytest
import yaml
from rich.console import Console

from schemas.keyring import DestroyedKey
from schemas.vocabulary import Decision
from services.ingest.commands.keys import KeyRefused, destruction, listed_keys
from tests.unit.ingest.test_links import ROTATED
from tests.unit.ingest.world import KEY, NOW


def test_the_key_that_writes_and_how_long_a_former_one_is_needed() -> None:
    console = Console(width=120)
    with console.capture() as told:
        console.print(listed_keys(ROTATED))
    text = told.get()
    [now, former] = [line for line in text.splitlines() if "demo-town" in line]
    assert "it writes" in now
    assert f"{NOW + timedelta(days=1 + 730 + 180 + 60 + 1100 + 1):%Y-%m-%d}" in former
    assert KEY.decode() not in text


FORMER, WRITES = "demo-town-1", "demo-town-2"
LAST_DAY = NOW + timedelta(days=1 + 730 + 180 + 60 + 1100 + 1)
BOTH = ("ingest-steward", "data-officer")


def test_a_key_that_nothing_needs_goes_on_record_and_its_line_is_told() -> None:
    made = destruction(ROTATED, FORMER, *BOTH, LAST_DAY)
    record = made.record
    assert (record.decision, record.subject) == (Decision.DESTROY_KEY, FORMER)
    assert (record.proposer, record.decider) == BOTH
    [entry] = yaml.safe_load(made.entry)
    gone = DestroyedKey.model_validate(entry)
    assert (gone.id, gone.until, gone.destroyed) == (FORMER, NOW, LAST_DAY)
    assert KEY.decode() not in made.entry


@pytest.mark.parametrize(
    ("name", "by", "early", "why"),
    [
        (FORMER, BOTH, 1, "key demo-town-1: what was made with it may be there until 2031-11-11"),
        (WRITES, BOTH, 0, "key demo-town-2: it writes; give it an `until`"),
        ("demo-town-11", BOTH, 0, "there is no key demo-town-11; did you mean 'demo-town-1'?"),
        (FORMER, ("ingest-steward", None), 0, "nobody has decided destroy_key"),
        (FORMER, ("ingest-steward", "ingest-steward"), 0, "ingest-steward may not decide destroy_"),
    ],
)
def test_a_key_stays_while_it_is_needed_or_nobody_who_may_decides(
    name: str, by: tuple[str, str | None], early: int, why: str
) -> None:
    with pytest.raises(KeyRefused) as refused:
        destruction(ROTATED, name, *by, LAST_DAY - timedelta(seconds=early))
    assert str(refused.value).startswith(why)
