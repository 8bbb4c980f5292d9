"""The period in a few sentences."""

from services.publish.domain.brief import brief
from services.publish.domain.figure import Figure, figure
from tests.unit.publish.samples import rate

NOBODY = tuple(
    figure(None, id_) for id_ in ("satisfaction.linear", "time_to_complete.completed.p50")
)


UNKNOWN = figure(None, "completion_rate.gds")


def completed(done: int, of: int, ended: int) -> tuple[Figure, ...]:
    known = figure(rate("completion_rate.live", done, of), "completion_rate.live")
    return (known, *NOBODY, figure(rate("journeys_ended", ended, ended), "journeys_ended"))


def test_those_who_only_wanted_information_are_told_apart_from_those_who_completed() -> None:
    assert brief(completed(30, 40, 50), UNKNOWN, 10, ()) == (
        "Of 50 journeys that ended, 10 looked for information only.",
        "75.0% of the other 40 were completed.",
    )


def test_without_them_one_sentence_is_enough() -> None:
    told = ("75.0% of 40 journeys that ended were completed.",)
    assert brief(completed(30, 40, 40), UNKNOWN, 0, ()) == told


def test_those_who_started_and_have_not_ended_are_not_forgotten() -> None:
    started = figure(rate("completion_rate.gds", 30, 60), "completion_rate.gds")
    assert brief(completed(30, 40, 40), started, 0, ())[1] == (
        "Of 60 that started, 50.0% came to completion in the end."
    )
