"""What every measure must say of itself, and that what it says is so."""

from datetime import timedelta

import pytest

from schemas.journey import JourneySnapshot
from schemas.vocabulary import SCALE_RANGE, Construct, Scale
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures import FORMULAS, MEASURES
from services.metrics.domain.measures.family import Formula, Reading
from tests.builders import uid
from tests.unit.metrics.scoring import books, told
from tests.unit.metrics.snapshots import START, ended, step, visit

OF_ANSWERS = ("opinion", "drivers", "survey", "adjusted", "comparison", "loyalty")


def test_a_measure_is_one_at_each_level() -> None:
    names = [(formula.metric_id, formula.level) for formula in FORMULAS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f"{f.metric_id} {f.level}")
@pytest.mark.parametrize("scale", Scale)
def test_of_nothing_there_is_no_number_and_no_interval(formula: Formula, scale: Scale) -> None:
    labels = {**dict.fromkeys(formula.labels, "x"), "scale": scale.value}
    nothing: dict[str, dict[str, int]] = {measure: {} for measure in formula.reads}
    found = formula.score(Reading(nothing, labels, beside={name: {} for name in formula.beside}))
    if found is not None:
        assert (found.n, found.value, found.low, found.high) == (0, None, None, None)


def said() -> list[JourneySnapshot]:
    """Ninety journeys that said all there is to say; a third of them came by the desk."""
    return [_saying(n) for n in range(90)]


def _saying(n: int) -> JourneySnapshot:
    questions = [(c, s) for c in Construct for s in Scale]
    survey = [
        step(
            answer=SCALE_RANGE[scale][n % every % 2],
            construct=construct,
            scale=scale,
            about=about,
            instrument=f"{about}-{scale}",
            drivers=({"driver": "ease", "polarity": "positive", "chosen": n % 2},),
        )
        for construct, scale in questions
        for every, about in ((2, "journey"), (3, "touchpoint"))
    ]
    before = {
        "id": uid(f"before {n}"),
        "ended": START - timedelta(days=9),
        "last_citizen_channel": "website" if n % 5 else "phone",
    }
    return ended(
        str(n),
        survey=(step("offered"), step("dismissed"), *survey[n % 3 :]),
        touchpoints=(visit("form"), visit("desk"))[: 1 + n % 3 // 2],
        predecessor=before,
        status="final",
    )


def test_the_interval_of_a_measure_is_made_as_it_says() -> None:
    methods = {(f.metric_id, f.level): f.method for f in FORMULAS}
    found = {
        (message.metric_id, message.level): message.ci_method
        for message in told(books(said()))
        if message.ci_method is not None
    }
    assert found == {name: methods[name] for name in found}
    mine = {
        (formula.metric_id, formula.level)
        for family in MEASURES
        if family.name in OF_ANSWERS
        for formula in family.formulas
        if formula.method is not Method.NONE
    }
    assert mine - set(found) == set()
