"""What the pages and the API say of costs, against the truth."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import aiohttp

from deploy.demo.compare import Verdict, compare, digits
from deploy.demo.reading import Shown, read, reads_as
from deploy.demo.truth.costs import Money
from schemas.catalogue import Catalogue

_PLACE = "/services/"


async def scorecards(inside: str, catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """The scorecards of the services that have a cost, by service."""
    found = {}
    async with aiohttp.ClientSession() as session:
        for name in (one.id for one in catalogue.services.values() if one.costs):
            async with session.get(f"{inside}/api/v1/services/{name}/scorecard") as answer:
                answer.raise_for_status()
                found[name] = await answer.json()
    return found


def compare_costs(
    truth: Mapping[str, Money],
    served: Mapping[str, str],
    published: Mapping[str, Mapping[str, Any]],
) -> Verdict:
    """Every page of a service says the same, whatever its period, and the API too."""
    must = {name: _must(money) for name, money in truth.items()}
    on_pages = _together(_on_pages(served))
    verdict = compare("cost on page", must, on_pages)
    verdict += compare("cost published", must, _together(_published(published)))
    return Verdict(verdict.compared, verdict.differences, Counter(costs=verdict.compared))


def _must(money: Money) -> str:
    if money.value is not None:
        return f"{digits(money.value)}, n {money.n}"
    why = f"not yet known: {money.measured} of 12 months measured"
    return f"{why if money.measured < 12 else 'nobody completed'}, n {money.n}"


def _on_pages(served: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for address, page in served.items():
        place = address.partition("?")[0]
        if place.startswith(_PLACE) and place.count("/") == 2:
            service = place.removeprefix(_PLACE)
            for one in read(page).costs:
                yield f"{service} {one.key}", _in_words(one)


def _in_words(one: Shown) -> str:
    if one.value is None:
        return f"{one.text}, n {one.n}"
    is_so = reads_as(one.text.partition(" ")[2], one.value)
    return f"{digits(one.value)}, n {one.n}" + ("" if is_so else f", but it reads {one.text!r}")


def _published(bodies: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for service, body in bodies.items():
        for one in body["costs"]:
            value = one["text"] if one["value"] is None else digits(one["value"])
            name = f"{service} {one['begins']} {one['name']}"
            yield name, f"{value}, n {one['completed']}"


def _together(said: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, words in said:
        found[name].add(words)
    return {name: " and ".join(sorted(words)) for name, words in found.items()}
