"""The newest message of every key."""

from datetime import date

from schemas.codec import encode
from schemas.metric import MetricMessage, key_of
from schemas.vocabulary import Level
from services.publish.domain.period import ROLLING
from services.publish.publish import Publication
from tests.unit.publish.samples import message, of_month, progress, rate

MAY = date(2026, 5, 1)


class RecordingTelemetry:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def read(self, what: str) -> None:
        self.told.append(("read", what))

    def unreadable(self, key: str, problem: str) -> None:
        self.told.append((key, problem))


def held(publication: Publication) -> tuple[MetricMessage, ...]:
    numbers = publication.numbers("passport-renewal")
    return tuple(found for period in numbers.by_period for found in numbers.at(period))


def test_a_later_message_of_a_key_replaces_the_earlier() -> None:
    publication = Publication.of([rate("completion_rate.live", 1, 40)])
    newer = rate("completion_rate.live", 2, 41)
    publication.record(key_of(newer), encode(newer))
    assert held(publication) == (newer,)


def test_reading_everything_again_changes_nothing() -> None:
    messages = [rate("completion_rate.live", 1, 40), message(**of_month(MAY))]
    once, twice = Publication.of(messages), Publication.of(messages * 2)
    assert (held(once), once.held) == (held(twice), twice.held) == (tuple(messages), 2)


def test_a_removed_key_is_gone_and_removing_it_again_does_no_harm() -> None:
    sent = message()
    publication = Publication.of([sent], [progress()])
    for key in (key_of(sent), key_of(sent), "progress/live", "never/seen"):
        publication.record(key, None)
    assert list(publication.numbers("passport-renewal").by_period) == []
    assert publication.held == 0


def test_progress_is_kept_for_each_clock() -> None:
    clocks = [progress(clock="live"), progress(clock="archive", last=True)]
    assert Publication.of([], clocks).progress() == (clocks[1], clocks[0])


def test_a_record_that_breaks_the_contract_is_told_and_passed_over() -> None:
    telemetry = RecordingTelemetry()
    publication = Publication(telemetry)
    publication.record("a", b"\xff not JSON")
    publication.record("b", b'{"metric_id": "x"}')
    publication.record("c", encode(message(**of_month(MAY), time_zone="Mars/Olympus")))
    sent = message()
    publication.record(key_of(sent), encode(sent))
    assert [key for key, _ in telemetry.told] == ["a", "b", "c", "read"]
    assert telemetry.told[2] == ("c", "time_zone: not an IANA time zone")
    assert held(publication) == (sent,)


def test_an_agency_as_a_whole_is_apart_from_its_services() -> None:
    whole = rate("completion_rate.live", 9, 90, service=None, level=Level.AGENCY)
    publication = Publication.of([whole, rate("completion_rate.live", 1, 40)])
    found = publication.numbers_of_agency("passport-office")
    assert found.find(ROLLING, "completion_rate.live") == (whole,)
    assert publication.numbers("passport-office").choices == ()


def test_a_newer_message_is_seen_in_what_was_looked_at_before() -> None:
    first, later = rate("completion_rate.live", 1, 40), rate("completion_rate.live", 2, 41)
    publication = Publication.of([first])
    assert publication.numbers("passport-renewal").find(ROLLING, later.metric_id) == (first,)
    publication.record(key_of(later), encode(later))
    assert publication.numbers("passport-renewal").find(ROLLING, later.metric_id) == (later,)


def test_a_service_nobody_measured_has_no_numbers() -> None:
    assert Publication.of([message()]).numbers("lost-passport").choices == ()
