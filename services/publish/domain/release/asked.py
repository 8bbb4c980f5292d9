"""What somebody asks to be released, on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from schemas.public_metric import PublicMetric, number_of
from services.publish.domain.period import Period
from services.publish.domain.release.policy import Policy

_USUAL = Policy()


Before = Mapping[str, PublicMetric]
"""The newest revision of every number that was released, by which number it is."""


def latest(records: Iterable[PublicMetric]) -> dict[str, PublicMetric]:
    """The newest revision of every number."""
    newest: dict[str, PublicMetric] = {}
    for record in sorted(records, key=lambda one: one.revision):
        newest[number_of(record)] = record
    return newest


@dataclass(frozen=True)
class Asked:
    """What is to be released: one period, as the public knows the others, on a day."""

    period: Period
    before: Before
    today: date
    policy: Policy = _USUAL
