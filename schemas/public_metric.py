"""The record of `metrics.public.v1`: one released number, every count in it rounded."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.authority import Person
from schemas.metric import Dimensions, key_for
from schemas.model import Contract, Count, Instant, Name
from schemas.vocabulary import Level, PeriodKind, PublishState, RevisionReason


class PublicMetric(Contract):
    """A number of a calendar period as the public sees it. Suppressed means that nothing is told:
    not even whether it was small itself or would have given another away.

    `counts` has the rounded counts by name; value and interval are made of them and of nothing
    else. `released` is the day of this revision, which one office proposed and another decided.
    """

    metric_id: Name
    formula_version: Annotated[int, Field(ge=1)] = 1
    period: PeriodKind
    period_start: Instant
    period_end: Instant
    time_zone: str
    level: Level
    dimensions: Dimensions
    revision: Count = 0
    revision_reason: RevisionReason | None = None
    released: date
    proposed_by: Person
    decided_by: Person
    state: PublishState
    n: Count | None = None
    numerator: Count | None = None
    denominator: Count | None = None
    counts: dict[str, Count] | None = None
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: Name | None = None
    rounded_to: Annotated[int, Field(ge=1)] = 5
    contract_id: Name = "metrics.public.v1"

    @model_validator(mode="after")
    def _suppressed_tells_nothing(self) -> Self:
        told = (self.n, self.numerator, self.denominator, self.counts, self.value, self.ci_low)
        if self.state is PublishState.SUPPRESSED and any(one is not None for one in told):
            raise ValueError("state: a suppressed number has no counts and no value")
        return self


def number_of(record: PublicMetric) -> str:
    """Which number it is, whatever its revision: the key of the internal message."""
    dimensions = record.dimensions.model_dump(exclude_none=True)
    return key_for(record.metric_id, dimensions, record.period, record.period_start)


def public_key(record: PublicMetric) -> str:
    """The key on the topic. With the revision in it, compaction keeps every one of them."""
    return f"{number_of(record)}/revision={record.revision}"
