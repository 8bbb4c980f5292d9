"""Instruments: words on their scale, and the published sets of questions."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.instrument import Instrument
from schemas.standard_questions import STANDARDS
from schemas.vocabulary import Construct, Driver, Polarity, Scale


def instrument(**said: Any) -> Instrument:
    return Instrument(**({"id": "survey", "about": "service"} | said))


def asked(name: str) -> list[tuple[Construct, Scale]]:
    return [(one.construct, one.scale) for one in instrument(standard=name).constructs]


def test_the_two_forms_of_the_short_a11_ask_for_trust_on_scales_of_their_own() -> None:
    assert asked("a11-2023-thumbs") == [(Construct.TRUST, Scale.THUMBS)]
    assert asked("a11-2023-steps") == [(Construct.TRUST, Scale.ONE_TO_FIVE)]


def test_the_long_a11_asks_for_satisfaction_trust_and_ease() -> None:
    five = Scale.ONE_TO_FIVE
    wanted = [(Construct.SATISFACTION, five), (Construct.TRUST, five), (Construct.EASE, five)]
    assert asked("a11-2018") == wanted


@pytest.mark.parametrize("name", ["a11-2023-thumbs", "a11-2023-steps"])
def test_the_short_a11_offers_every_driver_as_good_and_as_bad(name: str) -> None:
    offered = {(one.driver, one.polarity) for one in instrument(standard=name).drivers}
    assert offered == {(driver, polarity) for driver in Driver for polarity in Polarity}


def test_an_instrument_may_ask_a_standard_in_words_of_its_own() -> None:
    own = [{"construct": "trust", "scale": "1..5", "wording": "nl-1"}]
    found = instrument(standard="a11-2023-steps", constructs=own)
    assert [one.wording for one in found.constructs] == ["nl-1"]
    assert found.drivers == instrument(standard="a11-2023-steps").drivers


def test_wordings_tell_the_standards_apart() -> None:
    wordings = [one.wording for name in STANDARDS for one in instrument(standard=name).constructs]
    assert len(set(wordings)) == len(wordings)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"standard": "a11-2018s"}, r"standard: unknown; did you mean 'a11-2018'\?"),
        (
            {
                "constructs": [
                    {"construct": "trust", "scale": "thumbs", "wording": "w", "words": {"good": 5}}
                ]
            },
            "words: 'good' is not on the scale thumbs",
        ),
        ({}, "constructs\n  Field required"),
    ],
)
def test_an_instrument_is_refused_for(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        instrument(**said)
