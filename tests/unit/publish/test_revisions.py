"""What changed after its period had ended."""

from datetime import date
from typing import Any

from schemas.vocabulary import Flag, PublishState
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING
from services.publish.domain.revisions import Revision, revisions
from tests.unit.publish.samples import message, of_month

MAY, JUNE = of_month(date(2026, 5, 1)), of_month(date(2026, 6, 1))
REVISED: dict[str, Any] = {"flags": (Flag.REVISED,), "revision": 1}


def test_revisions_are_told_by_period_and_reason_the_newest_first() -> None:
    sent = [
        message(**MAY, **REVISED, revision_reason="erased"),
        message("abandonment_rate", **JUNE, **REVISED, revision_reason="late_entry"),
        message("step_dropoff", **JUNE, **REVISED, touchpoint="x", revision_reason="late_entry"),
        message("undecided_rate", **JUNE),
    ]
    assert revisions(Numbers.of(sent), ROLLING) == (
        Revision(
            "2026-06",
            "June 2026",
            "late entry",
            (
                "Ended here at x: revised once: late entry",
                "Given up: revised once: late entry",
            ),
        ),
        Revision(
            "2026-05",
            "May 2026",
            "erased",
            ("Completed, of those that ended: revised once: erased",),
        ),
    )


def test_of_a_hidden_number_not_even_its_revision_is_told() -> None:
    hidden = message(**MAY, **REVISED, state=PublishState.SUPPRESSED)
    assert revisions(Numbers.of([hidden]), ROLLING) == ()
