"""The answers of a form to what an instrument asks: one submitted feedback for each question."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from schemas.instrument import DriverChoice, Instrument, Question
from schemas.vocabulary import Driver, Polarity, Reason
from services.ingest.domain.outcome import Rejected

Answers = Mapping[str, object]


class Answered(NamedTuple):
    """A question that has an answer: its wording, and its feedback or why there is none. `texts`
    are what was said in own words, by the question.
    """

    wording: str
    feedback: dict[str, Any] | Rejected
    texts: Mapping[str, str] = {}


def answered(instrument: Instrument, answers: Answers) -> list[Answered]:
    """In the order of the instrument; the first is sent along with what was said of drivers, as
    journeys count them, and in own words.
    """
    found = list(_answered(instrument, answers))
    drivers = _mentioned(instrument.drivers, answers)
    if drivers and found and isinstance(found[0].feedback, dict):
        found[0].feedback["drivers"] = drivers
    if texts := _in_own_words(instrument, answers):
        alone = Answered(next(iter(texts)), {"instrument": instrument.id})
        found[:1] = [(found or [alone])[0]._replace(texts=texts)]
    return found


def _in_own_words(instrument: Instrument, answers: Answers) -> dict[str, str]:
    found = {}
    for question in instrument.open:
        told = [answers.get(field) for field in (question.wording, *question.fields)]
        said = next((one for one in told if isinstance(one, str) and one.strip()), None)
        if said is not None:
            found[question.wording] = said
    return found


def _answered(instrument: Instrument, answers: Answers) -> Iterator[Answered]:
    for question in instrument.constructs:
        told = [answers.get(field) for field in (question.wording, *question.fields)]
        said = next((one for one in map(_plain, told) if one), None)
        if said is not None:
            yield Answered(question.wording, _feedback(instrument, question, said))


def _plain(answer: object) -> Sequence[str]:
    """What was chosen, as texts: most forms send one answer, some a list, some commas."""
    if isinstance(answer, list):
        return [text for one in answer[:100] if (text := _text(one))]
    text = _text(answer)
    return [text] if text else []


def _text(answer: object) -> str:
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    return str(answer).strip()[:1000] if isinstance(answer, str | int | float) else ""


def _feedback(
    instrument: Instrument, question: Question, said: Sequence[str]
) -> dict[str, Any] | Rejected:
    step = _step(question, said[0]) if len(said) == 1 else None
    if step is None:
        detail = f"answers: to {question.wording} no step of {question.scale}; add it to its words"
        return Rejected(Reason.UNMAPPED_VALUE, detail)
    return {
        "instrument": instrument.id,
        "construct": question.construct,
        "scale": question.scale,
        "wording": question.wording,
        "answer": step,
    }


def _step(question: Question, said: str) -> int | None:
    words = {word.casefold(): step for word, step in question.words.items()}
    if said.casefold() in words:
        return words[said.casefold()]
    digits = said.removeprefix("-")
    return int(said) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _mentioned(choices: Sequence[DriverChoice], answers: Answers) -> list[dict[str, object]]:
    """A driver that no field asks about was not offered, and is not there."""
    chosen: dict[tuple[Driver, Polarity], int] = {}
    for choice in choices:
        told = [answers[field] for field in choice.fields if answers.get(field) is not None]
        if told:
            key = choice.driver, choice.polarity
            chosen[key] = max(chosen.get(key, 0), int(_is_among(choice.words, told)))
    return [{"driver": d, "polarity": p, "chosen": was} for (d, p), was in chosen.items()]


def _is_among(words: Sequence[str], told: list[object]) -> bool:
    texts = [text for one in told for text in _plain(one)]
    said = {part.strip().casefold() for text in texts for part in (text, *text.split(","))}
    return any(word.casefold() in said for word in words)
