"""Do people come back, and by the same way? Most cannot leave, so what counts is the channel."""

from collections.abc import Iterator
from datetime import timedelta

from schemas.journey import Bucket, BucketAnswer, JourneySnapshot, Predecessor, SurveyStep
from schemas.vocabulary import About, Construct, Identity, Quality
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
    share,
)
from services.metrics.domain.measures.opinion import QUESTION, question
from services.metrics.domain.measures.scores import TOP_TWO, share_of
from services.metrics.domain.measures.steps import NEVER_SCORED, counted, latest_answers
from services.metrics.domain.rules import NO_CHANNEL

RETURNS = "returns"  # linked journeys with a recent one before, when they opened
REUSE = "reuse"  # of those, by the last channel of the one before, where both channels are known
LINKED_ENDED = "linked_ended"  # linked journeys, by end
INTENT = "reuse_by_channel"  # answers to whether one would use it again, by answer time
_SAME, _OTHER = "same", "other"
_LONG_AGO = timedelta(days=365)


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey; only of linked people is it known whether they came back."""
    if journey.identity is Identity.LINKED:
        if (ended := end_of(journey)) is not None:
            yield ended, cell(LINKED_ENDED), 1
        if journey.predecessor is not None:
            yield from _after(journey, journey.predecessor)
    if journey.survey:
        yield from _intent(journey.survey, journey.first_channel or NO_CHANNEL)


def _after(journey: JourneySnapshot, before: Predecessor) -> Iterator[Amount]:
    if journey.opened - before.ended > _LONG_AGO:
        return
    yield journey.opened, cell(RETURNS), 1
    left_by, came_by = before.last_citizen_channel, journey.first_channel
    if left_by is not None and came_by is not None:
        yield journey.opened, cell(REUSE, left_by, _SAME if came_by is left_by else _OTHER), 1


def _intent(survey: tuple[SurveyStep, ...], channel: str) -> Iterator[Amount]:
    for answer in latest_answers(counted(survey)):
        if answer.construct is Construct.REUSE_INTENT and answer.about is not About.TOUCHPOINT:
            yield answer.time, _intent_cell(answer, channel), 1


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """What unlinked people intend, by the channel they said it on."""
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    for answer in bucket.answers:
        if answer.construct is Construct.REUSE_INTENT and answer.about is not About.TOUCHPOINT:
            yield bucket.hour, _intent_cell(answer, bucket.channel), answer.count


def _intent_cell(answer: SurveyStep | BucketAnswer, channel: str) -> str:
    return cell(INTENT, f"{channel}/{question(answer)}", str(answer.answer))


def _reused(reading: Reading) -> Score:
    counts = reading.bins(REUSE)
    same = counts.get(_SAME, 0)
    return share(same, same + counts.get(_OTHER, 0))


def _returned(reading: Reading) -> Score:
    returned, ended = (sum(reading.bins(measure).values()) for measure in (RETURNS, LINKED_ENDED))
    return share(returned, ended)


def _reuse(metric_id: str, labels: tuple[str, ...], means: str) -> Formula:
    return Formula(
        metric_id,
        (REUSE,),
        _reused,
        labels=labels,
        when=When.LATER_START,
        means=means,
        periods=FROM_DAYS,
    )


FORMULAS = (
    _reuse(
        "reuse_observed",
        (),
        "Of the linked journeys that opened within 365 days of the end of the one before, the "
        "share that began on the channel which that one had come to. Who never returns is not in "
        "it, nor who took no channel of their own.",
    ),
    _reuse(
        "reuse_observed.by_channel",
        ("channel",),
        "The same by the channel that the journey before had come to.",
    ),
    Formula(
        "return_rate",
        (RETURNS, LINKED_ENDED),
        _returned,
        when=When.LATER_START,
        means="Linked journeys that opened within 365 days of the end of the one before, against "
        "the linked journeys that ended in the period.",
        periods=FROM_DAYS,
    ),
    Formula(
        "reuse_intent.by_channel",
        (INTENT,),
        share_of(TOP_TWO),
        labels=("channel", *QUESTION),
        constants={"construct": Construct.REUSE_INTENT.value},
        when=When.ANSWER,
        means="The share of the two highest answers to whether one would use it again, by the "
        "first channel of the journey; of unlinked people by that of the answer.",
        periods=FROM_DAYS,
    ),
)
LOYALTY = Family("loyalty", of_journey, of_bucket, FORMULAS)
