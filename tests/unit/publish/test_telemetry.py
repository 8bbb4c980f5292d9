"""What publish tells of itself."""

from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from services.publish.adapters.telemetry import PublishTelemetry


def counted(registry: CollectorRegistry) -> dict[str, float | None]:
    name = "throughline_publish_messages_total"
    kinds = ("metric", "progress", "removal", "unreadable")
    return {kind: registry.get_sample_value(name, {"kind": kind}) for kind in kinds}


def test_every_kind_is_there_before_anything_was_read() -> None:
    registry = CollectorRegistry()
    PublishTelemetry(registry)
    assert counted(registry) == {"metric": 0, "progress": 0, "removal": 0, "unreadable": 0}
    assert registry.get_sample_value("throughline_publish_caught_up") == 0


def test_an_unreadable_record_is_counted_and_logged_by_its_key_and_problem() -> None:
    registry = CollectorRegistry()
    with capture_logs() as logs:
        PublishTelemetry(registry).unreadable("k" * 300, "n: Field required (got dict)")
    assert counted(registry)["unreadable"] == 1
    assert logs == [
        {
            "event": "metric.unreadable",
            "key": "k" * 200,
            "problem": "n: Field required (got dict)",
            "log_level": "warning",
        }
    ]


def test_having_caught_up_is_shown_and_logged_once() -> None:
    registry = CollectorRegistry()
    with capture_logs() as logs:
        PublishTelemetry(registry).caught_up(7)
    assert registry.get_sample_value("throughline_publish_caught_up") == 1
    assert logs == [{"event": "topic.caught_up", "held": 7, "log_level": "info"}]
