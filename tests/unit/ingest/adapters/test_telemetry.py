"""What is counted."""

from datetime import timedelta

import prometheus_client as prometheus

from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason, Redaction
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Ignored, Rejected
from tests.unit.ingest.world import NOW, RULES, arrival, received, source, visit


def telemetry() -> tuple[IngestTelemetry, prometheus.CollectorRegistry]:
    registry = prometheus.CollectorRegistry()
    return IngestTelemetry(registry, RULES.sources.values()), registry


def test_an_accepted_event_is_counted_by_source_and_channel() -> None:
    counted, registry = telemetry()
    counted.decided(source(), admit(received(), arrival(), RULES), NOW)
    labels = {"source": "web", "channel": "website", "result": "accepted"}
    assert registry.get_sample_value("throughline_events_total", labels) == 1
    last = "throughline_feed_last_event_timestamp_seconds"
    assert registry.get_sample_value(last, {"source": "web"}) == NOW.timestamp()


def test_a_rejected_event_is_counted_by_agency_source_and_reason() -> None:
    counted, registry = telemetry()
    counted.decided(source(), Rejected(Reason.TOO_OLD, ""), NOW)
    labels = {"agency": "town", "source": "web", "reason": "too_old"}
    assert registry.get_sample_value("throughline_rejected_events_total", labels) == 1
    labels = {"source": "web", "channel": "none", "result": "rejected"}
    assert registry.get_sample_value("throughline_events_total", labels) == 1


def test_an_ignored_event_is_counted_by_reason() -> None:
    counted, registry = telemetry()
    counted.decided(source(), Ignored(IgnoredReason.EMPTY), NOW)
    labels = {"source": "web", "reason": "empty"}
    assert registry.get_sample_value("throughline_ignored_events_total", labels) == 1


def test_comments_and_unmatched_addresses_are_counted() -> None:
    counted, registry = telemetry()
    event = received(visit(text="x", touchpoint=None), address="/elsewhere")
    counted.decided(source(), admit(event, arrival(), RULES), NOW)
    for name in ("throughline_comments_total", "throughline_unmatched_events_total"):
        assert registry.get_sample_value(name, {"source": "web"}) == 1


def test_what_is_taken_out_of_texts_is_counted_by_kind() -> None:
    counted, registry = telemetry()
    event = received(visit(text="a@town.example or b@town.example"))
    counted.decided(source(), admit(event, arrival(), RULES), NOW)
    taken = {
        kind: registry.get_sample_value("throughline_redactions_total", {"kind": kind})
        for kind in Redaction
    }
    assert taken == {kind: 2 if kind is Redaction.EMAIL else 0 for kind in Redaction}


def test_every_series_of_a_source_starts_at_nought() -> None:
    _, registry = telemetry()
    labels = {"source": "web", "channel": "post", "result": "accepted"}
    assert registry.get_sample_value("throughline_events_total", labels) == 0
    labels = {"agency": "town", "source": "web", "reason": "internal"}
    assert registry.get_sample_value("throughline_rejected_events_total", labels) == 0


def test_only_a_source_that_may_not_be_silent_for_ever_says_how_long() -> None:
    registry = prometheus.CollectorRegistry()
    talkative = source().model_copy(update={"id": "web", "max_silence": timedelta(hours=6)})
    IngestTelemetry(registry, [talkative, source().model_copy(update={"id": "post"})])
    name = "throughline_feed_max_silence_seconds"
    assert registry.get_sample_value(name, {"source": "web"}) == 21_600
    assert registry.get_sample_value(name, {"source": "post"}) is None


def test_a_source_can_ask_for_its_own_account() -> None:
    counted, _ = telemetry()
    outcomes = [
        admit(received(), arrival(), RULES),
        Ignored(IgnoredReason.EMPTY),
        Rejected(Reason.TOO_OLD, ""),
    ]
    for outcome in outcomes:
        counted.decided(source(), outcome, NOW)
    assert counted.accounts["web"].told() == {
        "last_seen": "2026-03-10T12:00:00+00:00",
        "accepted": 1,
        "ignored": 1,
        "rejected": {"too_old": 1},
    }


def test_a_source_nobody_heard_of_has_an_empty_account() -> None:
    counted, _ = telemetry()
    expected: dict[str, object] = {"last_seen": None, "accepted": 0, "ignored": 0, "rejected": {}}
    assert counted.accounts["shy"].told() == expected
