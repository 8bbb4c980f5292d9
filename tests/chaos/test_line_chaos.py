"""The whole line mistreated at random under load on two clocks; every number is the oracle's.

`SEED=7 MINUTES=5 make chaos` runs another and longer one. The seed is told, and decides what is
sent and what is done to whom; how the machine answers it cannot decide.
"""

import os

import pytest

from schemas.catalogue import Catalogue
from tests.chaos.conftest import MakeStack
from tests.chaos.line.judging import judged
from tests.chaos.line.running import line_on, under_load

SEED = os.environ.get("SEED", "3")
MINUTES = float(os.environ.get("MINUTES", "0.5"))
pytestmark = [pytest.mark.kafka, pytest.mark.redis]
_SETTLE_SECONDS = 120


@pytest.mark.timeout(MINUTES * 120 + 600)
def test_after_any_mistreatment_every_number_is_the_oracles(
    make_stack: MakeStack, catalogue: Catalogue
) -> None:
    line = line_on(make_stack(), catalogue, SEED, MINUTES * 60)
    with under_load(line) as is_over:
        while not is_over():
            line.monkey.act()
    wrong = judged(line, lambda wrong: not wrong, _SETTLE_SECONDS)
    told = "\n".join([f"SEED={SEED}: {', '.join(line.monkey.done)}", *wrong[:40]])
    assert wrong == [], told
