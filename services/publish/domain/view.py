"""One place in one period: a service, an agency or a touchpoint, and what is known of it there."""

from dataclasses import dataclass

from schemas.metric import MetricMessage
from schemas.vocabulary import Level
from services.publish.domain.figure import Figure, figure
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period


@dataclass(frozen=True)
class View:
    """Where to look: `touchpoint` is None for the service or agency as a whole."""

    numbers: Numbers
    period: Period
    touchpoint: str | None = None

    @property
    def level(self) -> Level:
        """At which level its measures are told; what is told of a service is of an agency too."""
        return Level.TOUCHPOINT if self.touchpoint else Level.SERVICE

    def at(self, touchpoint: str) -> "View":
        """The same period at one touchpoint."""
        return View(self.numbers, self.period, touchpoint)

    def message(self, metric_id: str) -> MetricMessage | None:
        """The message of a measure, of several surveys that with the most answers."""
        return self.numbers.first(self.period, metric_id, self.touchpoint)

    def parts(self, metric_id: str) -> tuple[MetricMessage, ...]:
        """The messages of the parts of a measure."""
        return self.numbers.parts(self.period, metric_id, self.touchpoint)

    def figure(self, metric_id: str) -> Figure:
        """The figure of a measure, likewise; without a message it says what there is none of."""
        return figure(self.message(metric_id), metric_id, self.period.kind)

    def figures(self, metric_id: str) -> tuple[Figure, ...]:
        """The figures of a measure, one for each survey; at least one."""
        found = self.numbers.find(self.period, metric_id, self.touchpoint)
        shown = tuple(figure(message, metric_id) for message in found)
        return shown or (self.figure(metric_id),)
