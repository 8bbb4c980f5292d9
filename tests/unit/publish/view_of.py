"""A view of the newest 28 days of a few messages."""

from schemas.metric import MetricMessage
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from services.publish.domain.view import View


def view_of(*messages: MetricMessage, period: Period = ROLLING) -> View:
    """Where the page of the passport renewal would look."""
    return View(Numbers.of(messages), period)
