"""The chain of a survey: how often it was offered, answered and turned down."""

from dataclasses import dataclass

from schemas.metric import MetricMessage
from services.publish.domain.figure import Figure, figure
from services.publish.domain.view import View

STEPS = ("survey_offered", "survey_answered", "survey_dismissed")


@dataclass(frozen=True)
class Link:
    """One step of the chain; `share` is of the offered, for the length of its bar."""

    figure: Figure
    share: float


@dataclass(frozen=True)
class Chain:
    """One survey."""

    instrument: str
    links: tuple[Link, ...]


def chains(view: View) -> tuple[Chain, ...]:
    """A chain for every survey that was offered or answered, by name."""
    found = {id_: _by_instrument(view, id_) for id_ in STEPS}
    instruments = sorted({name for messages in found.values() for name in messages})
    return tuple(_chain(view, name, found) for name in instruments)


def _chain(view: View, name: str, found: dict[str, dict[str, MetricMessage]]) -> Chain:
    def shown(metric_id: str) -> Figure:
        return figure(found[metric_id].get(name), metric_id, view.period.kind)

    counts = [shown(id_) for id_ in STEPS]
    most = max((one.value or 0 for one in counts), default=0)
    links = (Link(one, (one.value or 0) / most if most else 0) for one in counts)
    return Chain(name, tuple(links))


def _by_instrument(view: View, metric_id: str) -> dict[str, MetricMessage]:
    messages = view.numbers.find(view.period, metric_id, view.touchpoint)
    return {m.dimensions.instrument: m for m in messages if m.dimensions.instrument}
