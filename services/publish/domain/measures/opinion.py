"""The measures of what people said of it: satisfaction, trust, ease, and what moved them."""

from dataclasses import replace

from schemas.vocabulary import Construct, Unit
from services.publish.domain.measures.measure import (
    ANSWERS,
    FROM_MONTHS,
    OF_BOTH,
    OF_TOUCHPOINT,
    OFFERS,
    Measure,
    Theme,
)


def _asked(measure: Measure, construct: Construct | None) -> Measure:
    return replace(measure, theme=Theme.OPINION, construct=construct)


_SATISFACTION = (
    Measure(
        "satisfaction.linear",
        "Satisfaction",
        "The mean answer, from 0% (all the lowest) to 100% (all the highest).",
        ANSWERS,
        levels=OF_BOTH,
    ),
    Measure(
        "satisfaction.linear.adjusted",
        "Satisfaction, adjusted",
        "As if those who ended in every way and channel had answered alike often.",
        ANSWERS,
    ),
    Measure(
        "satisfaction.top2",
        "Gave 4 or 5",
        "Answers 4 and 5 on a scale of 1 to 5.",
        ANSWERS,
        levels=OF_BOTH,
    ),
    Measure(
        "satisfaction.net",
        "Satisfied less dissatisfied",
        "The two highest answers less the two lowest, in points of 100.",
        ANSWERS,
        Unit.BALANCE,
        levels=OF_BOTH,
    ),
    Measure(
        "satisfaction.fr10",
        "Mark of 10",
        "The French observatory's mark; shown from 100 answers.",
        ANSWERS,
        Unit.SCORE_10,
        levels=OF_BOTH,
        spans=FROM_MONTHS,
    ),
    Measure(
        "journey_gap",
        "Whole journey less its parts",
        "Satisfaction with the journey less the mean at its touchpoints; below 0 the whole is "
        "worse than its parts.",
        of="journeys",
        unit=Unit.BALANCE,
    ),
    Measure(
        "touchpoint_impact",
        "Satisfaction with a visit here, less without",
        "Journeys that came by here less those that did not: an association, no proof of a cause.",
        ANSWERS,
        Unit.BALANCE,
        levels=OF_TOUCHPOINT,
        better=0,
    ),
)
_TRUST = (
    (
        Measure(
            "trust.positive",
            "Trust",
            "Thumbs up, or 4 and 5 on a scale of 1 to 5.",
            ANSWERS,
            levels=OF_BOTH,
        ),
        Construct.TRUST,
    ),
    (
        Measure(
            "trust.change_net",
            "Trust gained less lost",
            "Those whose trust grew less those whose trust fell, in points of 100.",
            ANSWERS,
            Unit.BALANCE,
            levels=OF_BOTH,
        ),
        Construct.TRUST_CHANGE,
    ),
    (
        Measure("trust.level", "Trust in the agency", "Answers 6 to 10 of 0 to 10.", ANSWERS),
        Construct.TRUST_LEVEL,
    ),
)
_EASE = (
    (
        Measure("ease", "Ease", "The mean answer.", ANSWERS, Unit.SCALE, levels=OF_BOTH),
        Construct.EASE,
    ),
    (
        Measure("ease.top2", "Found it easy", "The two highest answers.", ANSWERS, levels=OF_BOTH),
        Construct.EASE,
    ),
    (
        Measure("task_success.gc", "Did what they came for", "Said yes.", ANSWERS, levels=OF_BOTH),
        Construct.TASK_SUCCESS,
    ),
    (
        Measure(
            "comprehension.fr10",
            "Understood it, mark of 10",
            "The mean mark.",
            ANSWERS,
            Unit.SCORE_10,
            levels=OF_BOTH,
        ),
        Construct.COMPREHENSION,
    ),
    (
        Measure(
            "help_quality.fr10",
            "Quality of help, mark of 10",
            "The mean mark.",
            ANSWERS,
            Unit.SCORE_10,
            levels=OF_BOTH,
        ),
        Construct.HELP_QUALITY,
    ),
)
_DRIVERS = Measure(
    "driver_balance",
    "What moved the opinion",
    "Named as good less named as bad, in points of 100 of those who could name it.",
    OFFERS,
    Unit.BALANCE,
    Theme.OPINION,
    OF_BOTH,
    cut_by="driver",
)

OPINION = (
    *(_asked(measure, Construct.SATISFACTION) for measure in _SATISFACTION),
    *(_asked(measure, construct) for measure, construct in (*_TRUST, *_EASE)),
    _DRIVERS,
)
