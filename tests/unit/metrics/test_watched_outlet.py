"""What is seen of the messages that are sent."""

from collections.abc import Sequence

import pytest
from prometheus_client import CollectorRegistry

from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import PublishState, RevisionReason
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.adapters.watched_outlet import WatchedOutlet
from tests.unit.metrics.scoring import score
from tests.unit.metrics.snapshots import ended


class Sent:
    """An outlet that keeps what it was given, or breaks."""

    def __init__(self) -> None:
        self.messages: list[MetricMessage] = []
        self.is_broken = False

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        if self.is_broken:
            raise ConnectionError
        self.messages += messages

    async def retract(self, keys: Sequence[str]) -> None:
        raise NotImplementedError

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        raise NotImplementedError


def message(**changes: object) -> MetricMessage:
    found = score("journeys_ended", [ended()])
    assert found is not None
    return found.model_copy(update=changes)


REVISED = {"revision": 1, "revision_reason": RevisionReason.LATE_ENTRY}
MESSAGES = [message(), message(**REVISED), message(state=PublishState.SUPPRESSED)]


async def test_revisions_and_what_may_not_be_shown_are_counted_by_agency() -> None:
    registry, sent = CollectorRegistry(), Sent()
    await WatchedOutlet(sent, MetricsTelemetry(registry)).publish(MESSAGES)
    assert sent.messages == MESSAGES
    late = {"agency": "town", "kind": "late_entry"}
    assert registry.get_sample_value("throughline_metrics_revisions_total", late) == 1
    hidden = {"agency": "town", "kind": "service"}
    assert registry.get_sample_value("throughline_metrics_suppressed_cells_total", hidden) == 1


async def test_what_the_broker_does_not_have_was_not_told() -> None:
    registry, sent = CollectorRegistry(), Sent()
    sent.is_broken = True
    with pytest.raises(ConnectionError):
        await WatchedOutlet(sent, MetricsTelemetry(registry)).publish(MESSAGES)
    late = {"agency": "town", "kind": "late_entry"}
    assert registry.get_sample_value("throughline_metrics_revisions_total", late) is None
