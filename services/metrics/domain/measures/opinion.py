"""What people say: satisfaction, trust, ease and the other questions, of journey and touchpoint.

The cells hold the distribution of the answers; every national figure is a reading of it.
"""

from collections.abc import Iterable, Iterator, Mapping

from schemas.journey import Bucket, BucketAnswer, JourneySnapshot, SurveyStep
from schemas.vocabulary import About, Construct, Level, Quality
from services.metrics.domain.measures.family import (
    Amount,
    Family,
    Formula,
    When,
    cell,
    joined,
)
from services.metrics.domain.measures.figures import FIGURES, Figure
from services.metrics.domain.measures.steps import NEVER_SCORED, counted, latest_answers

# By construct: answers about journey, service or agency, and those about one touchpoint; both by
# the time of the answer.
ANSWERS: Mapping[Construct, str] = {c: f"answers.{c}" for c in Construct}
TOUCHPOINT_ANSWERS: Mapping[Construct, str] = {c: f"touchpoint_answers.{c}" for c in Construct}
QUESTION = ("instrument", "scale", "wording")
FEWEST_AT_A_TOUCHPOINT = 5


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey's answers."""
    return _of_survey(journey.survey) if journey.survey else ()


def _of_survey(survey: tuple[SurveyStep, ...]) -> Iterator[Amount]:
    for answer in latest_answers(counted(survey)):
        if answer.construct is not None:
            yield answer.time, _cell(answer, answer.construct, answer.touchpoint), 1


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Amounts of unlinked people's answers; all of them happened at the bucket's hour."""
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    for answer in bucket.answers:
        yield bucket.hour, _cell(answer, answer.construct, bucket.touchpoint), answer.count


def _cell(answer: SurveyStep | BucketAnswer, construct: Construct, touchpoint: str) -> str:
    asked = question(answer)
    if answer.about is About.TOUCHPOINT:
        return cell(TOUCHPOINT_ANSWERS[construct], f"{touchpoint}/{asked}", str(answer.answer))
    return cell(ANSWERS[construct], asked, str(answer.answer))


def question(answer: SurveyStep | BucketAnswer) -> str:
    """The labels of the question that was answered: instrument, scale, wording."""
    return joined(answer.instrument, answer.scale, answer.wording)


def _formula(figure: Figure, level: Level) -> Formula:
    is_touchpoint = level is Level.TOUCHPOINT
    cells = TOUCHPOINT_ANSWERS if is_touchpoint else ANSWERS
    return Formula(
        figure.metric_id,
        (cells[figure.construct],),
        figure.score,
        labels=("touchpoint", *QUESTION) if is_touchpoint else QUESTION,
        level=level,
        constants={"construct": figure.construct.value},
        floor=FEWEST_AT_A_TOUCHPOINT if is_touchpoint else 0,
        few=figure.few,
        unit=figure.unit,
        when=When.ANSWER,
        means=figure.means,
        periods=figure.periods,
        interval=figure.interval,
    )


FORMULAS = (
    *(_formula(figure, Level.SERVICE) for figure in FIGURES),
    *(_formula(figure, Level.TOUCHPOINT) for figure in FIGURES if figure.is_of_touchpoints),
)
OPINION = Family("opinion", of_journey, of_bucket, FORMULAS)
