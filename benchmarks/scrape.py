"""What one scrape of a full budget of series costs: `python -m benchmarks.scrape`, no server."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter, process_time

import click
from prometheus_client import generate_latest

from benchmarks.machine import machine
from schemas.catalogue import load
from services.metrics.adapters.exposition import Exposition
from services.metrics.adapters.prometheus_collector import JourneyCollector, Shown
from services.metrics.domain import flows
from services.metrics.domain.pairs import Pair
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.rules import Rules, rules_from

_RUNS = 20
_CHANNELS = "website, mobile_app, email, phone, live_chat, in_person, post, paper"
_QUESTIONS = ", ".join(
    f'{{construct: {construct}, scale: "1..5", wording: w}}'
    for construct in ("satisfaction", "trust", "ease")
)


def worst(services: int = 30, touchpoints: int = 12) -> Rules:
    """Thirty services of twelve touchpoints, each met on eight channels, with three surveys."""
    lines = ["agency: town", "contact: desk@town.example", "services:"]
    for s in range(services):
        lines += [f"- {{id: s{s}, name: S, owner: O, time_zone: Europe/Amsterdam, touchpoints: ["]
        lines += [
            f"  {{id: t{t}, name: T, stage: transaction, channels: [{_CHANNELS}]}},"
            for t in range(touchpoints)
        ]
        lines += ["  ], instruments: ["]
        lines += [f"  {{id: i{i}, about: journey, constructs: [{_QUESTIONS}]}}," for i in range(3)]
        lines += ["  ]}"]
    return rules_from(load([("town.yaml", "\n".join(lines))]))


def collector(rules: Rules) -> JourneyCollector:
    """Every label set there is, and all of them counted."""
    pairs = {
        flows.counter(name, *labels): Pair(7, 2)
        for service in rules.services.values()
        for name, sets in flows.expected(service).items()
        for labels in sets
    }
    shown = Shown(pairs, Watermarks({"live": datetime(2026, 3, 2, tzinfo=UTC)}))
    return JourneyCollector(rules, lambda: shown)


def series_in(text: bytes) -> int:
    """The lines of a scrape that are no comments."""
    return sum(not line.startswith(b"#") for line in text.splitlines())


def cost(of: Callable[[], object], runs: int, clock: Callable[[], float] = process_time) -> float:
    """The least seconds of some runs."""
    spent = []
    for _ in range(runs):
        began = clock()
        of()
        spent.append(clock() - began)
    return min(spent)


@click.command()
def program() -> None:
    """Measure it, and say on what."""
    found = collector(worst())
    exposition = Exposition(found)
    text = exposition.text()
    busy, waited = cost(exposition.text, _RUNS), cost(exposition.text, _RUNS, perf_counter)
    plain = cost(lambda: generate_latest(found), _RUNS)
    click.echo(machine())
    click.echo(
        f"{series_in(text):,} series, {len(text) / 1e6:.1f} MB; the least of {_RUNS} scrapes:"
    )
    click.echo(f"{busy * 1000:.0f} ms of CPU, {waited * 1000:.0f} ms by the clock;")
    click.echo(f"{plain * 1000:.0f} ms of CPU when the library writes each line anew")


if __name__ == "__main__":
    program(prog_name="python -m benchmarks.scrape")
