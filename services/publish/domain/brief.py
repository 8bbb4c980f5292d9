"""A service's period in a few sentences, as one would tell it to a minister."""

from collections.abc import Iterator

from services.publish.domain import words
from services.publish.domain.figure import Figure
from services.publish.domain.journey_map import Card, Column, cards_of


def brief(
    headlines: tuple[Figure, ...], started: Figure, informed: int, stages: tuple[Column, ...]
) -> tuple[str, ...]:
    """A sentence for each headline that has a number, then where more leave than elsewhere.

    `started` is the share completed of those who started: those who wait for years end in no month
    of theirs, and only this share has them.
    """
    of = {figure.formula: figure for figure in headlines}
    trusted = of.get("trust.positive")
    worst = next((card for card in cards_of(stages) if card.most_leave_here), None)
    return (
        *_of_completion(of["completion_rate.live"], of["journeys_ended"], informed),
        *_of_those_who_started(started),
        *_of_time(of["time_to_complete.completed.p50"]),
        *_of_opinion("Satisfaction", of["satisfaction.linear"]),
        *(_of_opinion("Trust", trusted) if trusted else ()),
        *_of_leaving(worst),
    )


def _of_completion(completed: Figure, ended: Figure, informed: int) -> Iterator[str]:
    """Who came for information alone has nothing to complete: said, or the sums do not add up."""
    if completed.is_missing:
        return
    if informed:
        n = words.count(informed)
        yield f"Of {ended.n_text} journeys that ended, {n} looked for information only."
        yield f"{completed.text} of the other {completed.n_text} were completed."
    else:
        yield f"{completed.text} of {completed.n_text} journeys that ended were completed."


def _of_those_who_started(started: Figure) -> Iterator[str]:
    if not started.is_missing:
        yield f"Of {started.n_text} that started, {started.text} came to completion in the end."


def _of_time(time: Figure) -> Iterator[str]:
    if not time.is_missing:
        yield f"Half of the completed ones took at most {time.text}."


def _of_opinion(name: str, opinion: Figure) -> Iterator[str]:
    if not opinion.is_missing:
        yield f"{name} was {opinion.text}, from {opinion.n_text} answers."


def _of_leaving(worst: Card | None) -> Iterator[str]:
    if worst and worst.drop_off:
        share = f"{words.count(worst.leavers)} of {worst.drop_off.n_text} who reached it"
        yield f"More left at “{worst.name}” than anywhere else: {share}."
