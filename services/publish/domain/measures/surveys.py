"""The measures of who was asked and who answered."""

from schemas.vocabulary import Unit
from services.publish.domain.measures.measure import (
    ANSWERS,
    OFFERS,
    Measure,
    Theme,
    in_theme,
)

SURVEYS = in_theme(
    Theme.SURVEYS,
    Measure(
        "survey_offered",
        "Surveys offered",
        "",
        OFFERS,
        Unit.COUNT,
        better=0,
    ),
    Measure(
        "survey_answered",
        "Surveys answered",
        "",
        ANSWERS,
        Unit.COUNT,
        better=0,
    ),
    Measure(
        "survey_dismissed",
        "Surveys turned down",
        "",
        "refusals",
        Unit.COUNT,
        better=0,
    ),
    Measure("coverage", "Were asked", "Ended journeys that were offered the survey."),
    Measure("response_rate", "Response", "Offered surveys that were answered.", OFFERS),
    Measure(
        "response_rate.by_outcome",
        "Response, by outcome",
        "",
        OFFERS,
        cut_by="outcome",
    ),
    Measure(
        "response_rate.by_channel",
        "Response, by channel",
        "",
        OFFERS,
        cut_by="channel",
    ),
)
