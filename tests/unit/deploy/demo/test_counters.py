from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.demo.counters import expected_nets, nets_in
from deploy.demo.facts import Call, Glimpse, JourneyTruth, Offer, Opinion, Stay
from schemas.catalogue import load
from schemas.vocabulary import Action, Channel, Identity, Outcome, Quality

CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted(Path("deploy/catalogue").glob("*.yaml"))
)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
S = (("agency", "municipality"), ("service", "building-permit"))


def labels(**more: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((*S, *more.items())))


def test_a_journey_counts_in_each_counter_it_belongs_to() -> None:
    journey = JourneyTruth(
        service="building-permit",
        identity=Identity.LINKED,
        outcome=Outcome.SUCCESS,
        ended=AT,
        opened=AT,
        began=AT,
        chosen=(Channel.PHONE, Channel.POST),
        resumed=2,
        places={"receipt": Stay(AT, AT, 3)},
        calls=(Call(AT, Channel.IN_PERSON),),
        offers=(Offer(AT, "permit-journey", answered=True),),
        opinions=(Opinion(AT, "permit-journey", "w", 4),),
    )
    ended = labels(channel="phone", outcome="success", identity="linked")
    seen = labels(stage="transaction", touchpoint="receipt", quality="valid")
    said = labels(construct="satisfaction", scale="1..5", answer="4")
    nets = expected_nets(CATALOGUE, [journey], [])
    assert {series: n for series, n in nets.items() if "_seconds" not in series[0]} == {
        ("journeys_started", labels(channel="phone")): 1,
        ("journeys_resumed", labels(channel="phone")): 2,
        ("journeys_ended", ended): 1,
        ("touchpoint_events", seen): 3,
        ("contacts", labels(channel="phone", reason="none", avoidable="unknown")): 1,
        ("channel_switches", labels(from_channel="phone", to_channel="post")): 1,
        **{
            ("survey_eligible", labels(instrument=f"permit-{name}")): 1
            for name in ("agency", "journey", "page", "step")
        },
        ("survey_offered", labels(instrument="permit-journey")): 1,
        ("survey_completed", labels(instrument="permit-journey")): 1,
        ("survey_answers", said): 1,
    }


def test_nobody_known_counts_by_place_and_quality() -> None:
    glimpses = [
        Glimpse("building-permit", "other", AT, quality=Quality.TEST),
        Glimpse("building-permit", "guidance", AT, Action.DISMISSED, instrument="permit-page"),
    ]
    assert expected_nets(CATALOGUE, [], glimpses) == {
        (
            "touchpoint_events",
            labels(stage="information", touchpoint="other", quality="test"),
        ): 1,
        (
            "touchpoint_events",
            labels(stage="information", touchpoint="guidance", quality="valid"),
        ): 1,
        ("survey_dismissed", labels(instrument="permit-page")): 1,
    }


def test_a_net_is_what_was_counted_less_what_was_taken_back() -> None:
    exposition = (
        "# TYPE throughline_journeys_started counter\n"
        'throughline_journeys_started_total{channel="phone"} 5\n'
        "# TYPE throughline_journeys_started_retracted counter\n"
        'throughline_journeys_started_retracted_total{channel="phone"} 2\n'
        "# TYPE throughline_survey_offered counter\n"
        'throughline_survey_offered_total{instrument="a"} 3\n'
        "# TYPE throughline_survey_offered_retracted counter\n"
        'throughline_survey_offered_retracted_total{instrument="a"} 3\n'
        "# TYPE throughline_open_journeys gauge\n"
        "throughline_open_journeys 7\n"
    )
    assert nets_in(exposition) == Counter({("journeys_started", (("channel", "phone"),)): 3})


def test_times_are_counted_under_each_bound_they_keep() -> None:
    meetings = {
        "guidance": Stay(AT, AT + timedelta(minutes=1)),
        "receipt": Stay(AT + timedelta(minutes=31), AT + timedelta(minutes=40)),
        "decision": Stay(AT + timedelta(minutes=35), AT + timedelta(days=3)),
    }
    journey = JourneyTruth(
        service="building-permit",
        identity=Identity.LINKED,
        outcome=Outcome.SUCCESS,
        opened=AT,
        began=AT,
        ended=AT + timedelta(days=3),
        places=meetings,
    )
    nets = expected_nets(CATALOGUE, [journey], [])
    took, waited = "journey_duration_seconds", "touchpoint_wait_seconds"
    assert nets[f"{took}_sum", S] == 3 * 86400
    assert nets[f"{took}_count", S] == nets[f"{took}_bucket", labels(le="604800.0")] == 1
    assert nets[f"{took}_bucket", labels(le="86400.0")] == 0
    assert nets[f"{waited}_sum", S] == 1800
    assert nets[f"{waited}_count", S] == nets[f"{waited}_bucket", labels(le="+Inf")] == 2
    assert nets[f"{waited}_bucket", labels(le="60.0")] == 1


def test_a_histogram_has_a_net_too() -> None:
    exposition = (
        "# TYPE throughline_journey_duration_seconds histogram\n"
        'throughline_journey_duration_seconds_bucket{le="60.0"} 4\n'
        "# TYPE throughline_journey_duration_retracted_seconds histogram\n"
        'throughline_journey_duration_retracted_seconds_bucket{le="60.0"} 3\n'
        "throughline_journey_duration_retracted_seconds_sum 9\n"
    )
    assert nets_in(exposition) == Counter(
        {
            ("journey_duration_seconds_bucket", (("le", "60.0"),)): 1,
            ("journey_duration_seconds_sum", ()): -9,
        }
    )
