"""Who was asked, who answered and who could have been asked: what stands beside every score."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from schemas.journey import Bucket, JourneySnapshot, SurveyStep
from schemas.vocabulary import About, Action, Quality, Unit
from services.metrics.domain.measures.completion import ENDED
from services.metrics.domain.measures.course import end_of
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    count,
    joined,
    share,
)
from services.metrics.domain.measures.steps import (
    NEVER_SCORED,
    answered_offers,
    counted,
    latest_answers,
)

OFFERS = "offers"  # survey offers, and how many of them were answered, by offer time
OFFERS_BY_OUTCOME = "offers_by_outcome"  # the same, by how the journey stands
OFFERS_BY_CHANNEL = "offers_by_channel"  # the same, by the channel of the offer
ANSWERED = "surveys_answered"  # by the time of the answer
DISMISSED = "surveys_dismissed"  # by the time of the dismissal
COVERED = "covered"  # journeys with an offer, by the first one; and again by their end
_OFFERED, _ANSWERED, _ENDED = "offered", "answered", "ended"


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey's surveys."""
    return _of_survey(journey) if journey.survey else ()


def _of_survey(journey: JourneySnapshot) -> Iterator[Amount]:
    steps = counted(journey.survey)
    yield from _offers(journey, steps)
    for (instrument, _, _), time in _surveys_answered(steps).items():
        yield time, cell(ANSWERED, instrument), 1
    for step in steps:
        if step.action is Action.DISMISSED:
            yield step.time, cell(DISMISSED, step.instrument), 1
    yield from _covered(journey, steps)


def _offers(journey: JourneySnapshot, steps: list[SurveyStep]) -> Iterator[Amount]:
    for offer, is_answered in answered_offers(steps):
        cells = (
            (OFFERS, offer.instrument),
            (OFFERS_BY_OUTCOME, joined(offer.instrument, journey.outcome)),
            (OFFERS_BY_CHANNEL, joined(offer.instrument, offer.channel)),
        )
        for measure, labels in cells:
            yield offer.time, cell(measure, labels, _OFFERED), 1
            if is_answered:
                yield offer.time, cell(measure, labels, _ANSWERED), 1


def _surveys_answered(steps: list[SurveyStep]) -> dict[tuple[str, About, str], datetime]:
    """The time of the latest answer to each survey; its questions are one survey."""
    return {(a.instrument, a.about, a.touchpoint): a.time for a in latest_answers(steps)}


def _covered(journey: JourneySnapshot, steps: list[SurveyStep]) -> Iterator[Amount]:
    first: dict[str, datetime] = {}
    for step in steps:
        if step.action is Action.OFFERED:
            first.setdefault(step.instrument, step.time)
    ended = end_of(journey)
    for instrument, time in first.items():
        yield time, cell(COVERED, instrument, _OFFERED), 1
        if ended is not None:
            yield ended, cell(COVERED, instrument, _ENDED), 1


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Amounts of unlinked people; nobody knows how their journeys ended, or which they were."""
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    for chain in bucket.chain:
        instrument, by_channel = chain.instrument, joined(chain.instrument, bucket.channel)
        for measure, labels in ((OFFERS, instrument), (OFFERS_BY_CHANNEL, by_channel)):
            yield bucket.hour, cell(measure, labels, _OFFERED), chain.offered
            yield bucket.hour, cell(measure, labels, _ANSWERED), chain.answered
        yield bucket.hour, cell(ANSWERED, instrument), chain.answered
        yield bucket.hour, cell(DISMISSED, instrument), chain.dismissed


def _response(measure: str, reading: Reading) -> Score:
    offers = reading.bins(measure)
    return share(offers.get(_ANSWERED, 0), offers.get(_OFFERED, 0))


def _number(measure: str, bin_: str, reading: Reading) -> Score:
    return count(reading.bins(measure).get(bin_, 0))


def _coverage(reading: Reading) -> Score:
    covered = reading.bins(COVERED)
    if not any(covered.values()):  # it seemed to have been offered, until a journey was told anew
        return Score(0)
    offered = covered.get(_OFFERED, 0)
    ended = sum(sum(bins.values()) for bins in reading.groups(ENDED).values())
    return share(offered, offered + ended - covered.get(_ENDED, 0))


def _rate(metric_id: str, measure: str, labels: tuple[str, ...], means: str) -> Formula:
    return Formula(
        metric_id,
        (measure,),
        partial(_response, measure),
        labels=labels,
        when=When.OFFER,
        means=means,
        periods=FROM_DAYS,
    )


def _count_of(metric_id: str, measure: str, bin_: str, when: When, means: str) -> Formula:
    return Formula(
        metric_id,
        (measure,),
        partial(_number, measure, bin_),
        labels=("instrument",),
        unit=Unit.COUNT,
        when=when,
        means=means,
        periods=FROM_DAYS,
    )


FORMULAS = (
    _rate(
        "response_rate",
        OFFERS,
        ("instrument",),
        "Of the surveys offered, the share that was answered; a dismissal is no answer.",
    ),
    _rate(
        "response_rate.by_outcome",
        OFFERS_BY_OUTCOME,
        ("instrument", "outcome"),
        "The same by how the journey ended: who fails seldom answers. Linked people only.",
    ),
    _rate(
        "response_rate.by_channel",
        OFFERS_BY_CHANNEL,
        ("instrument", "channel"),
        "The same by the channel of the offer.",
    ),
    _count_of("survey_offered", OFFERS, _OFFERED, When.OFFER, "Surveys offered."),
    _count_of(
        "survey_answered",
        ANSWERED,
        "",
        When.ANSWER,
        "Surveys answered; those of unlinked people count by their first question.",
    ),
    _count_of("survey_dismissed", DISMISSED, "", When.DISMISSAL, "Surveys dismissed."),
    Formula(
        "coverage",
        (COVERED,),
        _coverage,
        labels=("instrument",),
        beside=(ENDED,),
        when=When.OFFER,
        means="Of the journeys that were offered the survey or ended without, the share that was "
        "offered it; those without count at their end.",
        periods=FROM_DAYS,
    ),
)
SURVEY = Family("survey", of_journey, of_bucket, FORMULAS)
