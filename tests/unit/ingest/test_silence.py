"""Only who listens can say that it is silent."""

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
