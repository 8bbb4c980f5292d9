"""Random touchpoint events of one citizen, and logs in which none of them comes too late."""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action
from services.journey.domain.entries import Entry, entry_of
from services.journey.domain.rules import Rules
from tests.builders import pseudonym, record
from tests.unit.journey.builders import HOUR, SHORT, ZERO, stage_of

SERVICE = "building-permit"
RULES = Rules({SERVICE: SHORT})
GRACE_HOURS = round(SHORT.grace / HOUR)
CASES = (None, None, pseudonym("case-1"), pseudonym("case-2"))

# Few by default, so that every save can run them; EXAMPLES=5000 for a long look.
examples = settings(
    max_examples=int(os.environ.get("EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def event(draw: st.DrawFn, ident: str) -> TouchpointRecord:
    """Anything one citizen or the agency can do within 60 hours, on the hour."""
    action = draw(st.sampled_from(Action))
    changes: dict[str, Any] = {
        "action": action,
        "stage": stage_of(action),
        "time": ZERO + draw(st.integers(0, 60)) * HOUR,
        "sequence": draw(st.integers(0, 1)),
        "touchpoint": f"t{draw(st.integers(0, 2))}",
        "channel": draw(st.sampled_from(["website", "phone"])),
        "initiator": draw(st.sampled_from(["citizen", "citizen", "agency"])),
        "case": draw(st.sampled_from(CASES)),
    }
    if action in (Action.OFFERED, Action.ANSWERED, Action.DISMISSED):
        changes["feedback"] = {"about": "journey", "instrument": "exit"}
    return record(ident, **changes)


@st.composite
def events(draw: st.DrawFn, most: int = 10) -> list[TouchpointRecord]:
    """Up to `most` events of one citizen, as they happened to be sent."""
    return [draw(event(f"e{n}")) for n in range(draw(st.integers(1, most)))]


@st.composite
def entries(draw: st.DrawFn, most: int = 10) -> list[Entry]:
    """The same as sorted entries."""
    return sorted((entry_of(e) for e in draw(events(most))), key=lambda e: e.order)


Moment = TouchpointRecord | int
"""An event that arrives, or a live tick at that hour."""


@st.composite
def on_time(draw: st.DrawFn, happened: list[TouchpointRecord]) -> list[Moment]:
    """A log of these events, some of them twice, and ticks: each arrives within grace."""
    hours = {e.id: round((e.time - ZERO) / HOUR) for e in happened}
    repeats = [e for e in happened if draw(st.booleans())]
    # An event is sorted after every tick that would not make it late.
    moments: list[tuple[int, int, int, Moment]] = [
        (hours[e.id] + draw(st.integers(0, GRACE_HOURS)), 1, n, e)
        for n, e in enumerate(draw(st.permutations(happened + repeats)))
    ]
    ticks = draw(st.lists(st.integers(0, 170), max_size=8))
    moments += [(hour, draw(st.sampled_from([0, 2])), n, hour) for n, hour in enumerate(ticks)]
    return [moment for *_, moment in sorted(moments, key=lambda m: m[:3])]
