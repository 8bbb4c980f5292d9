"""The metric message (`metrics.internal.v1`) and the progress beside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.journey import Account
from schemas.model import Contract, Count, Instant, Name
from schemas.vocabulary import (
    ROLLING,
    Flag,
    Level,
    PeriodKind,
    Provenance,
    PublishState,
    RevisionReason,
)


class Dimensions(Contract):
    """What the number is of; None means all of it."""

    agency: Name
    service: Name | None = None
    touchpoint: Name | None = None
    channel: Name | None = None
    instrument: Name | None = None
    construct: Name | None = None  # type: ignore[assignment]
    scale: str | None = None
    wording: Name | None = None
    reason: Name | None = None
    outcome: Name | None = None
    driver: Name | None = None
    stage: Name | None = None
    from_channel: Name | None = None
    to_channel: Name | None = None
    path: str | None = None


class Sums(Contract):
    """The sums of a message once more, of a part of all that is counted in it."""

    n: Count
    numerator: float | None = None
    distribution: dict[str, int] | None = None


class MetricMessage(Contract):
    """One number with all that is needed to judge it. No data is null, never 0.

    `distribution` maps an answer, a duration bucket or an outcome to its count. `clocks` names the
    clocks whose cells were added. `of_citizens` are its sums with each linked citizen in them once
    at most: so many different people are behind them for certain, and `citizens` of them behind
    `n`. `of_unnamed` are those of visitors, cases and unlinked answers, of which nobody can tell
    how many people they are; null where there are none. All three are null where it is not known.
    """

    metric_id: Name
    formula_version: Annotated[int, Field(ge=1)] = 1
    period: PeriodKind
    period_start: Instant
    period_end: Instant
    time_zone: str
    watermark: Instant | None = None
    revision: Count = 0
    revision_reason: RevisionReason | None = None
    level: Level
    dimensions: Dimensions
    numerator: float | None = None
    denominator: float | None = None
    n: Count
    distribution: dict[str, int] | None = None
    citizens: int | None = None
    of_citizens: Sums | None = None
    of_unnamed: Sums | None = None
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: Name | None = None
    state: PublishState
    flags: tuple[Flag, ...] = ()
    provenance: Provenance = Provenance.OBSERVED
    contract_id: Name = "metrics.internal.v1"
    clocks: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _names_its_service(self) -> Self:
        if self.dimensions.service is None and self.level is not Level.AGENCY:
            raise ValueError("dimensions.service: Field required below the level of an agency")
        return self


class ClockProgress(Contract):
    """Key `progress/{clock}`: how far all partitions are, sent every 10 s. None for 60 s is stale.

    `account` sums the clock's own accounts over the partitions; `shares` are what it says of the
    quality of the data, by name, null while nothing has arrived.
    """

    clock: Name
    watermark: Instant | None = None
    last: bool
    account: Account
    shares: dict[Name, Annotated[float, Field(ge=0, le=1)] | None] = {}
    partitions: Count
    partitions_caught_up: Count
    sent_at: Instant


def key_of(message: MetricMessage) -> str:
    """The key that makes a compacted topic hold the newest revision.

    A rolling window overwrites itself; only calendar periods carry their start.
    """
    dimensions = message.dimensions.model_dump(exclude_none=True)
    return key_for(message.metric_id, dimensions, message.period, message.period_start)


def key_for(
    metric_id: str, dimensions: Mapping[str, str], period: PeriodKind, start: datetime
) -> str:
    """The same of a message that is not at hand; the dimensions are those that it has."""
    parts = [metric_id, *(f"{name}={value}" for name, value in sorted(dimensions.items()))]
    parts.append(period.value)
    if period not in ROLLING:
        parts.append(start.isoformat())
    return "/".join(parts)
