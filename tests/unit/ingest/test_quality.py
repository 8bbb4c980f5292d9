"""Who is taken for a program: none of those by which people come, however rare they are.

A person who is taken for a program is in no journey, and nobody would ever hear of it.
"""

from pathlib import Path

import pytest
import yaml

from schemas.vocabulary import Quality
from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Accepted
from tests.unit.ingest.world import RULES, arrival, received

AGENTS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("user_agents.yml").read_text("utf-8")
)


def quality(user_agent: str) -> Quality:
    """What an event of it is called; that it is accepted, whoever sent it, is checked too."""
    outcome = admit(received(user_agent=user_agent), arrival(), RULES)
    assert isinstance(outcome, Accepted)
    return outcome.record.data.quality


@pytest.mark.parametrize("user_agent", AGENTS["people"])
def test_what_people_use_is_no_program(user_agent: str) -> None:
    assert quality(user_agent) is Quality.VALID


@pytest.mark.parametrize("user_agent", AGENTS["programs"])
def test_a_program_that_says_so_is_labelled_and_kept(user_agent: str) -> None:
    assert quality(user_agent) is Quality.BOT_SUSPECTED
