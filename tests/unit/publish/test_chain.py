"""The chain of a survey."""

from services.publish.domain.chain import chains
from tests.unit.publish.samples import message
from tests.unit.publish.view_of import view_of


def test_every_survey_has_its_chain_with_bars_as_long_as_its_longest_step() -> None:
    counts = {"survey_offered": 80, "survey_answered": 20}
    sent = [
        message(id_, n=n, value=n, instrument=name)
        for name in ("letter", "exit")
        for id_, n in counts.items()
    ]
    made = chains(view_of(*sent))
    assert [chain.instrument for chain in made] == ["exit", "letter"]
    assert [(link.figure.text, link.share) for link in made[0].links] == [
        ("80", 1.0),
        ("20", 0.25),
        ("no refusals", 0),
    ]


def test_without_a_survey_there_is_no_chain() -> None:
    assert chains(view_of()) == ()
