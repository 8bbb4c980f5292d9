"""What somebody asks to be released, and who decides it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schemas.public_metric import PublicMetric, number_of
from services.publish.domain.period import Period
from services.publish.domain.release.policy import Policy

_USUAL = Policy()


class Responsible(NamedTuple):
    """Who proposed and who decided a release."""

    proposed_by: str
    decided_by: str


NOBODY = Responsible("nobody", "nobody")
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
    by: Responsible = NOBODY
