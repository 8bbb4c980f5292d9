"""How many series Prometheus is given at most, and that showing them costs little."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from prometheus_client import CollectorRegistry, generate_latest

from schemas.catalogue import load
from services.metrics.adapters.prometheus_collector import JourneyCollector, Shown
from services.metrics.domain import flows
from services.metrics.domain.pairs import Pair
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.rules import Rules, rules_from

CATALOGUES = Path("deploy/catalogue")
CHANNELS = "website, mobile_app, email, phone, live_chat, in_person, post, paper"
# The library writes a series in about 5 us and we gather it in 1: so many are shown within 200 ms.
MOST_SERIES = 33_000
# A service that is met on a dozen channels has about 1,600; a Prometheus on one machine takes a
# million, so that a country's thousand services need two.
MOST_OF_A_SERVICE = 1_600


def worst(services: int = 30, touchpoints: int = 12) -> Rules:
    """Thirty services of twelve touchpoints, each met on eight channels, with three surveys."""
    lines = ["agency: town", "contact: desk@town.example", "services:"]
    for s in range(services):
        lines += [f"- {{id: s{s}, name: S, owner: O, time_zone: Europe/Amsterdam, touchpoints: ["]
        lines += [
            f"  {{id: t{t}, name: T, stage: transaction, channels: [{CHANNELS}]}},"
            for t in range(touchpoints)
        ]
        lines += ["  ], instruments: ["]
        lines += [f"  {{id: i{i}, about: journey, constructs: [{QUESTIONS}]}}," for i in range(3)]
        lines += ["  ]}"]
    return rules_from(load([("town.yaml", "\n".join(lines))]))


QUESTIONS = ", ".join(
    f'{{construct: {construct}, scale: "1..5", wording: w}}'
    for construct in ("satisfaction", "trust", "ease")
)


def demo() -> Rules:
    """The catalogue of the demo."""
    files = sorted(CATALOGUES.glob("*.yaml"))
    return rules_from(load([(file.name, file.read_text()) for file in files]))


def registry(rules: Rules) -> CollectorRegistry:
    """Every label set there is, and all of them counted."""
    pairs = {
        flows.counter(name, *labels): Pair(7, 2)
        for service in rules.services.values()
        for name, sets in flows.expected(service).items()
        for labels in sets
    }
    shown = Shown(pairs, Watermarks({"live": datetime(2026, 3, 2, tzinfo=UTC)}))
    found = CollectorRegistry()
    found.register(JourneyCollector(rules, lambda: shown))
    return found


def series(rules: Rules) -> int:
    """The lines of a scrape that are no comments."""
    lines = generate_latest(registry(rules)).splitlines()
    return sum(not line.startswith(b"#") for line in lines)


def test_the_worst_catalogue_is_within_the_budget() -> None:
    assert series(worst()) <= MOST_SERIES


def test_a_service_of_the_demo_is_within_the_budget() -> None:
    assert series(demo()) <= MOST_OF_A_SERVICE * len(demo().services)


def test_no_label_is_a_touchpoint_where_people_give_their_opinion() -> None:
    opinion = ("survey_", "driver_")
    named = [flow for flow in flows.FLOWS if flow.name.startswith(opinion)]
    assert len(named) == 7
    assert [flow for flow in named if "touchpoint" in flow.labels] == []


def cost(of: Callable[[], object]) -> float:
    """The least processor time of three runs."""
    spent = []
    for _ in range(3):
        began = process_time()
        of()
        spent.append(process_time() - began)
    return min(spent)


def test_gathering_the_series_costs_less_than_writing_them_down() -> None:
    found = registry(worst())
    gathering = cost(lambda: list(found.collect()))
    assert gathering < 0.5 * cost(lambda: generate_latest(found))
