"""What people say: satisfaction of journeys and touchpoints, and who was asked at all."""

from collections.abc import Iterator

from schemas.journey import Bucket, BucketAnswer, JourneySnapshot, SurveyStep
from schemas.vocabulary import (
    SCALE_RANGE,
    About,
    Construct,
    Level,
    Quality,
    Scale,
)
from services.metrics.domain.intervals import adjusted_mean, mean
from services.metrics.domain.measures.family import (
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    cell,
    held,
    joined,
    share,
)
from services.metrics.domain.measures.steps import (
    NEVER_SCORED,
    answered_offers,
    counted,
    latest_answers,
)

ANSWERS = "answers"  # satisfaction of journey, service or agency, by answer time
TOUCHPOINT_ANSWERS = "touchpoint_answers"  # satisfaction of one touchpoint, by answer time
OFFERS = "offers"  # survey offers, and how many of them were answered, by offer time
_OFFERED, _ANSWERED = "offered", "answered"
_FEWEST_AT_A_TOUCHPOINT = 5


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey's survey."""
    if not journey.survey:
        return
    steps = counted(journey.survey)
    for answer in latest_answers(steps):
        if answer.construct is Construct.SATISFACTION:
            yield Amount(answer.time, _answer_cell(answer, answer.touchpoint))
    for offer, is_answered in answered_offers(steps):
        yield Amount(offer.time, cell(OFFERS, offer.instrument, _OFFERED))
        if is_answered:
            yield Amount(offer.time, cell(OFFERS, offer.instrument, _ANSWERED))


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Amounts of unlinked people's answers; all of them happened at the bucket's hour."""
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    for answer in bucket.answers:
        if answer.construct is Construct.SATISFACTION:
            yield Amount(bucket.hour, _answer_cell(answer, bucket.touchpoint), answer.count)
    for chain in bucket.chain:
        yield Amount(bucket.hour, cell(OFFERS, chain.instrument, _OFFERED), chain.offered)
        yield Amount(bucket.hour, cell(OFFERS, chain.instrument, _ANSWERED), chain.answered)


def _answer_cell(answer: SurveyStep | BucketAnswer, touchpoint: str) -> str:
    labels = (answer.instrument, answer.scale, answer.wording)
    if answer.about is About.TOUCHPOINT:
        return cell(TOUCHPOINT_ANSWERS, joined(touchpoint, *labels), str(answer.answer))
    return cell(ANSWERS, joined(*labels), str(answer.answer))


def _distribution(reading: Reading) -> dict[str, int]:
    (counts,) = reading.counts.values()
    return held(counts)


def _linear(reading: Reading) -> Score:
    low, high = SCALE_RANGE[Scale(reading.labels["scale"])]
    distribution = _distribution(reading)
    answers = {int(answer): n for answer, n in distribution.items()}
    n = sum(answers.values())
    if n == 0:
        return Score(0, 0, 0, distribution=distribution)
    interval = adjusted_mean(answers, low, high)
    return Score(
        n=n,
        numerator=sum(answer * times for answer, times in answers.items()),
        denominator=n,
        value=(mean(answers) - low) / (high - low),
        low=interval.low,
        high=interval.high,
        method="adjusted_mean",
        distribution=distribution,
    )


def _top2(reading: Reading) -> Score | None:
    if reading.labels["scale"] != Scale.ONE_TO_FIVE:
        return None
    distribution = _distribution(reading)
    top = distribution.get("4", 0) + distribution.get("5", 0)
    return share(top, sum(distribution.values()), distribution)


def _response(reading: Reading) -> Score:
    offers = reading.bins(OFFERS)
    return share(offers.get(_ANSWERED, 0), offers.get(_OFFERED, 0))


_LABELS = ("instrument", "scale", "wording")
_SATISFACTION = {"construct": Construct.SATISFACTION.value}
_SCORES = (("satisfaction.linear", _linear), ("satisfaction.top2", _top2))
FORMULAS = (
    *(
        Formula(metric_id, (ANSWERS,), score, labels=_LABELS, constants=_SATISFACTION)
        for metric_id, score in _SCORES
    ),
    *(
        Formula(
            metric_id,
            (TOUCHPOINT_ANSWERS,),
            score,
            labels=("touchpoint", *_LABELS),
            level=Level.TOUCHPOINT,
            constants=_SATISFACTION,
            floor=_FEWEST_AT_A_TOUCHPOINT,
        )
        for metric_id, score in _SCORES
    ),
    Formula("response_rate", (OFFERS,), _response, labels=("instrument",)),
)
OPINION = Family("opinion", of_journey, of_bucket, FORMULAS)
