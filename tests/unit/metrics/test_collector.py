"""What /metrics shows, and when it shows nothing."""

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from services.metrics.adapters.exposition import Exposition
from services.metrics.adapters.prometheus_collector import JourneyCollector, Shown
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.domain.periods import Watermarks
from tests.unit.metrics.snapshots import START, rules

TIMES = Watermarks({"live": START, "new": None})


def exposition(pairs: Pairs | None) -> str:
    shown = None if pairs is None else Shown(pairs, TIMES)
    return Exposition(JourneyCollector(rules(), lambda: shown)).text().decode()


def samples(pairs: Pairs) -> dict[str, float]:
    return {
        f"{s.name}{{{','.join(s.labels[name] for name in sorted(s.labels))}}}": s.value
        for family in text_string_to_metric_families(exposition(pairs))
        for s in family.samples
    }


def test_nothing_is_shown_by_who_is_not_the_owner_or_not_caught_up() -> None:
    assert exposition(None) == ""


def test_every_label_set_of_the_catalogue_is_there_at_zero() -> None:
    found = samples({})
    assert found["throughline_journeys_started_total{town,none,permit}"] == 0
    assert found["throughline_journeys_started_retracted_total{town,paper,permit}"] == 0
    assert found["throughline_survey_answers_total{town,5,satisfaction,1..5,permit}"] == 0
    assert found["throughline_open_journeys{town,permit,agency}"] == 0
    assert found["throughline_survey_offered_total{town,other,permit}"] == 0
    ended = [name for name in found if name.startswith("throughline_journeys_ended_total")]
    assert len(ended) == 4 * 9 * 2  # channels with `none`, outcomes but `open`, identities


def test_a_pair_is_two_counters() -> None:
    found = samples({"journeys_started|town|permit|website": Pair(7, 2)})
    assert found["throughline_journeys_started_total{town,website,permit}"] == 7
    assert found["throughline_journeys_started_retracted_total{town,website,permit}"] == 2


def test_open_journeys_are_what_is_left() -> None:
    found = samples({"open_journeys|town|permit|citizen": Pair(7, 2)})
    assert found["throughline_open_journeys{town,permit,citizen}"] == 5


def test_durations_are_a_pair_of_histograms() -> None:
    found = samples(
        {
            "journey_duration|town|permit|600": Pair(2, 1),
            "journey_duration|town|permit|+Inf": Pair(1, 0),
            "journey_duration_sum|town|permit": Pair(900, 300),
        }
    )
    name = "throughline_journey_duration_seconds"
    assert found[f"{name}_bucket{{town,60.0,permit}}"] == 0
    assert found[f"{name}_bucket{{town,600.0,permit}}"] == 2
    assert found[f"{name}_count{{town,permit}}"] == 3
    assert found[f"{name}_sum{{town,permit}}"] == 900
    assert found["throughline_journey_duration_retracted_seconds_count{town,permit}"] == 1


def test_a_clock_that_is_not_everywhere_has_no_watermark() -> None:
    marks = {n: v for n, v in samples({}).items() if "watermark" in n}
    assert marks == {"throughline_watermark_timestamp_seconds{live}": START.timestamp()}


def test_a_label_set_the_catalogue_lacks_is_shown_too() -> None:
    found = samples({"journeys_started|town|permit|sms": Pair(1, 0)})
    assert found["throughline_journeys_started_total{town,sms,permit}"] == 1


def test_every_scrape_is_what_the_library_would_write() -> None:
    odd = 'journeys_started|town|permit|a "new"\\\n\u2028 one'
    scrapes: list[Pairs] = [
        {},
        {"journeys_started|town|permit|website": Pair(7, 2)},
        {"journeys_started|town|permit|website": Pair(12_345_678, 2), odd: Pair(1, 0)},
        {odd: Pair(2, 1), "journey_duration|town|permit|600": Pair(2, 1)},
    ]
    shown = [Shown(pairs, TIMES) for pairs in reversed(scrapes)]
    collector = JourneyCollector(rules(), lambda: shown[-1])
    kept = Exposition(collector)
    texts = []
    while shown:
        texts.append(kept.text())
        assert texts[-1] == generate_latest(collector)
        shown.pop()
    assert len(set(texts)) == len(scrapes)
