"""What publish tells of the numbers over HTTP: the API's messages, and the scorecards behind pages.

A cell that is to be suppressed must be empty here, and nothing else may be.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import aiohttp

from deploy.demo.compare import Verdict, compare, key_of, name_of, number_of, rounded
from deploy.demo.truth.numbers import PERIODS, Key
from deploy.demo.truth.scores import Number
from schemas.catalogue import Catalogue
from schemas.metric import MetricMessage
from schemas.vocabulary import PublishState

_HIDDEN = "hidden"
_EMPTIED = (
    *("numerator", "denominator", "distribution", "value", "ci_low", "ci_high", "ci_method"),
    "citizens",
)
_NEVER_GIVEN = frozenset({"of_citizens", "of_unnamed"})


async def messages(inside: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """All that the API tells of services and agencies, but of days and hours."""
    paths = [
        *(f"services/{name}" for name in catalogue.services),
        *(f"agencies/{agency.agency}" for agency in catalogue.agencies),
    ]
    found: list[dict[str, Any]] = []
    async with aiohttp.ClientSession() as session:
        for path in paths:
            async with session.get(f"{inside}/api/v1/{path}/metrics") as answer:
                answer.raise_for_status()
                found += (await answer.json())["metrics"]
    return found


def compare_published(
    expected: Mapping[Key, Number],
    told: Iterable[MetricMessage],
    published: Iterable[Mapping[str, Any]],
) -> Verdict:
    """What the API says against the truth; `told` is the topic, which has messages about nobody."""
    nobody = {name_of(key_of(m)) for m in told if not number_of(m).says_something}
    must = {
        name_of(key): _HIDDEN if number.state is PublishState.SUPPRESSED else rounded(number)
        for key, number in expected.items()
    }
    said = {name: text for name, text in _said(published) if name not in nobody}
    return compare("published", must, said)


def _said(published: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for body in published:
        if body["period"] not in PERIODS:
            continue
        is_hidden = body["n"] is None
        message = MetricMessage.model_validate({**body, "n": body["n"] or 0})
        number = number_of(message)
        is_empty = all(not body[name] for name in _EMPTIED)
        if given := body.keys() & _NEVER_GIVEN:
            yield name_of(key_of(message)), f"must not be given: {', '.join(sorted(given))}"
        elif is_hidden:
            yield name_of(key_of(message)), _HIDDEN if is_empty else f"not empty: {body}"
        elif number.says_something:
            yield name_of(key_of(message)), rounded(number)
