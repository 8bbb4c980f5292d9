"""Only who listens can say that it is silent."""

from services.ingest.adapters.kafka_publisher import Limits
from services.ingest.domain.silence import Silence


def test_who_looks_often_counts_all_of_it() -> None:
    silence = Silence(10.0)
    for look in range(1, 31):
        silence = silence.at(10.0 + look / 10)
    assert round(silence.seconds, 6) == 3.0


def test_who_was_busy_has_not_listened_meanwhile() -> None:
    busy = Silence(10.0).at(70.0)
    assert busy.seconds < 0.5
    assert busy.at(70.1).seconds - busy.seconds < 0.2


def test_the_eight_rounds_that_hearing_takes_are_no_silence_however_long_they_are() -> None:
    silence = Silence(0.0)
    for look in range(1, 9):
        silence = silence.at(10.0 * look)
    assert silence.seconds < 0.8 * Limits().timeout_seconds
