"""The improvement register: what was found, who took it on, what was changed and when."""

import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.model import Contract, Name

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=600)]
FoundIn = Annotated[str, StringConstraints(pattern=r"^\d{4}-(\d{2}|Q[1-4]|\d{2}-\d{2})$")]


class Finding(Contract):
    """The number that gave rise to a change: a measure and the period in which it was seen."""

    metric_id: Name
    period: Annotated[
        FoundIn,
        Field(description="a month as 2026-03, a quarter as 2026-Q1 or a day as 2026-03-14"),
    ]


class Change(Contract):
    """One improvement. Without a `comparison`, a service where nothing was changed, what the
    measure does afterwards is an association and proves no effect.
    """

    id: Name
    date: datetime.date
    touchpoint: Name | None = None
    owner: Sentence
    finding: Finding
    changed: Sentence
    comparison: Name | None = None
