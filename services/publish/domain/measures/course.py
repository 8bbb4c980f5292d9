"""The measures of how journeys go: to an end, to none, and which way."""

from services.publish.domain.measures.measure import (
    ANY_SPAN,
    FROM_28_DAYS,
    OF_TOUCHPOINT,
    Measure,
    Theme,
    in_theme,
)

_WITHIN = (("1h", "an hour"), ("1d", "a day"), ("7d", "7 days"), ("28d", "28 days"))

FINISHING = in_theme(
    Theme.FINISHING,
    Measure(
        "completion_rate.live",
        "Completed, of those that ended",
        "Journeys that ended in the period with what the citizen came for, or a correct refusal.",
        spans=ANY_SPAN,
    ),
    Measure(
        "completion_rate.gds",
        "Completed, of those that started",
        "Journeys that started in the period; known once the last of them can no longer change.",
    ),
    *(
        Measure(
            f"completion_within.{key}",
            f"Completed within {text}",
            f"Journeys that were complete {text} after they started.",
            spans=ANY_SPAN,
        )
        for key, text in _WITHIN
    ),
    Measure(
        "start_rate",
        "Went on to start",
        "Journeys that began with a need or a search for information and then started.",
    ),
    Measure(
        "information_success",
        "Found what they looked for",
        "Journeys for information whose survey says yes, with no contact in the 7 days after.",
    ),
)

LEAVING = in_theme(
    Theme.LEAVING,
    Measure(
        "abandonment_rate",
        "Given up",
        "Journeys that fell silent or ran out of time, of those that ended.",
        spans=ANY_SPAN,
        better=-1,
    ),
    Measure(
        "undecided_rate",
        "Left undecided",
        "Journeys for which the agency did not decide in time, of those that ended.",
        better=-1,
    ),
    Measure(
        "step_dropoff",
        "Ended here",
        "Journeys that ended incomplete with this as the last step, of those that reached it.",
        levels=OF_TOUCHPOINT,
        spans=ANY_SPAN,
        better=-1,
    ),
    Measure(
        "help_sought",
        "Asked for help after it",
        "Of the journeys that ended here incomplete, those with a contact after this step.",
        levels=OF_TOUCHPOINT,
        better=-1,
    ),
)

PATHS = in_theme(
    Theme.PATHS,
    Measure(
        "detour_share",
        "Went a detour",
        "Ended journeys that left for another stage between their start and their submission.",
        better=-1,
    ),
    Measure(
        "loop_share",
        "Came back here",
        "Ended journeys that returned to this touchpoint after another one.",
        levels=OF_TOUCHPOINT,
        better=-1,
    ),
    Measure(
        "path_share",
        "Went this way",
        "Of the journeys that ended.",
        spans=FROM_28_DAYS,
        better=0,
        cut_by="path",
    ),
    Measure(
        "path_completion",
        "Completed on this way",
        "Of those on it.",
        spans=FROM_28_DAYS,
        cut_by="path",
    ),
    Measure(
        "path_satisfaction",
        "Satisfaction on this way",
        "The mean answer of those on it, from 0% to 100%.",
        of="answers",
        spans=FROM_28_DAYS,
        cut_by="path",
    ),
)
