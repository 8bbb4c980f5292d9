"""What is told of the keys that are there."""

from datetime import timedelta

from rich.console import Console

from services.ingest.commands.keys import listed_keys
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
