"""What moved the opinion: of the drivers a form offered, which were chosen as good or as bad.

A driver that a form did not offer is in no denominator. Of unlinked people the drivers that came
with a survey's first question count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from schemas.journey import Bucket, JourneySnapshot, SurveyStep
from schemas.vocabulary import About, Driver, Level, Polarity, Quality, Unit
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    held,
    joined,
)
from services.metrics.domain.measures.opinion import FEWEST_AT_A_TOUCHPOINT
from services.metrics.domain.measures.scores import balance
from services.metrics.domain.measures.steps import NEVER_SCORED, counted, latest_answers

_FORMS = "drivers"  # forms that offered a driver, by how it was chosen, by answer time
_TOUCHPOINT_FORMS = "touchpoint_drivers"  # the same about one touchpoint
NEITHER = "neutral"  # offered and not chosen, or chosen as good and as bad
FEWEST_ABOUT_STAFF = 10  # it is staff monitoring, wherever it stands


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey's drivers."""
    return _of_survey(journey.survey) if journey.survey else ()


def _of_survey(survey: tuple[SurveyStep, ...]) -> Iterator[Amount]:
    for form in forms(latest_answers(counted(survey))):
        for driver, chosen in _chosen(form).items():
            yield form.time, _cell(form.about, form.touchpoint, driver, chosen), 1


def _cell(about: About, touchpoint: str, driver: Driver, chosen: str) -> str:
    if about is About.TOUCHPOINT:
        return cell(_TOUCHPOINT_FORMS, joined(touchpoint, driver), chosen)
    return cell(_FORMS, driver, chosen)


def forms(answers: Iterable[SurveyStep]) -> Iterable[SurveyStep]:
    """One answer for each form that had drivers: the answers to one form may all carry them, so
    the last that has any speaks for it.
    """
    return {
        (answer.instrument, answer.about, answer.touchpoint): answer
        for answer in answers
        if answer.drivers
    }.values()


def _chosen(form: SurveyStep) -> dict[Driver, str]:
    offered = {mention.driver for mention in form.drivers}
    chosen = {(mention.driver, mention.polarity) for mention in form.drivers if mention.chosen}
    return {driver: _side(driver, chosen) for driver in sorted(offered)}


def _side(driver: Driver, chosen: set[tuple[Driver, Polarity]]) -> str:
    sides = [polarity for polarity in Polarity if (driver, polarity) in chosen]
    return sides[0] if len(sides) == 1 else NEITHER


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Amounts of unlinked people's drivers."""
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    for one in bucket.drivers:
        chosen = one.chosen or NEITHER
        named = _cell(one.about, bucket.touchpoint, one.driver, chosen)
        yield bucket.hour, named, one.count


def _balance(reading: Reading) -> Score:
    (counts,) = reading.counts.values()
    forms = held(counts)
    told = balance(
        forms.get(Polarity.POSITIVE, 0),
        forms.get(NEITHER, 0),
        forms.get(Polarity.NEGATIVE, 0),
        forms,
    )
    is_about_staff = reading.labels["driver"] == Driver.EMPLOYEE
    return replace(told, floor=FEWEST_ABOUT_STAFF) if is_about_staff else told


def _formula(level: Level, measure: str, labels: tuple[str, ...], fewest: int) -> Formula:
    return Formula(
        "driver_balance",
        (measure,),
        _balance,
        labels=labels,
        level=level,
        floor=fewest,
        unit=Unit.BALANCE,
        when=When.ANSWER,
        means="Of the people who were offered this driver, the share that chose it as good "
        "less the share that chose it as bad. `employee` is told from 10 answers.",
        periods=FROM_DAYS,
    )


FORMULAS = (
    _formula(Level.SERVICE, _FORMS, ("driver",), 0),
    _formula(Level.TOUCHPOINT, _TOUCHPOINT_FORMS, ("touchpoint", "driver"), FEWEST_AT_A_TOUCHPOINT),
)
DRIVERS = Family("drivers", of_journey, of_bucket, FORMULAS)
