"""The measures of whether people would come back, and do."""

from schemas.vocabulary import Construct, Unit
from services.publish.domain.measures.measure import (
    ANSWERS,
    Measure,
    Theme,
    in_theme,
)

LOYALTY = in_theme(
    Theme.LOYALTY,
    Measure(
        "recommend_intent",
        "Would recommend",
        "Answers 9 and 10 of 1 to 10.",
        ANSWERS,
        construct=Construct.RECOMMEND,
    ),
    Measure(
        "nps",
        "Promoters less detractors",
        "9 and 10 less 0 to 6 on a scale of 0 to 10, from -100 to 100.",
        ANSWERS,
        Unit.SCORE_100,
        construct=Construct.RECOMMEND,
    ),
    Measure(
        "reuse_intent",
        "Would use it again",
        "The two highest answers.",
        ANSWERS,
        construct=Construct.REUSE_INTENT,
    ),
    Measure(
        "reuse_intent.by_channel",
        "Would use it again, by first channel",
        "The two highest answers.",
        ANSWERS,
        construct=Construct.REUSE_INTENT,
        cut_by="channel",
    ),
    Measure(
        "reuse_observed",
        "Came back by the same channel",
        "Journeys that begin in the channel in which the last one ended; linked people only.",
    ),
    Measure(
        "reuse_observed.by_channel",
        "Came back by the same channel, by channel",
        "Journeys that begin in the channel in which the last one ended; linked people only.",
        cut_by="channel",
    ),
    Measure(
        "return_rate",
        "Came back within a year",
        "Journeys of linked people that were followed by another.",
    ),
)
