"""The cells of a row, by the names of their columns, as a submitted event."""

from collections.abc import Mapping, Sequence

from schemas.vocabulary import Action, Polarity
from services.ingest.domain.protocols.protocol import given
from services.ingest.domain.submission import Submission

_WORDS = ("channel", "action", "initiator", "outcome", "provenance")
_ABOUT = ("service", "touchpoint", "transferred_to", "case", "citizen", "visitor", "language")
OF_DRIVERS = {"praised": Polarity.POSITIVE, "criticised": Polarity.NEGATIVE}
_YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}


def submission(said: Mapping[str, str], known_by: Sequence[str]) -> Submission:
    """The event of a row; it is known by `known_by` where it has no id of its own."""
    return Submission(
        id=said.get("id"),
        source="/csv",
        name="csv.row",
        time=said.get("time"),
        is_local=True,
        data=_data(said),
        marks={"code": said["code"]} if "code" in said else {},
        finds_service="service" not in said,
        makes_id=None if "id" in said else known_by,
    )


def _data(said: Mapping[str, str]) -> Mapping[str, object]:
    contact = given(
        reason=_word(said.get("reason")),
        avoidable=_yes_or_no(said.get("avoidable")),
        reached=_yes_or_no(said.get("reached")),
    )
    feedback = given(
        instrument=said.get("instrument"),
        construct=_word(said.get("construct")),
        answer=_number(said.get("answer")),
        drivers=_drivers(said) or None,
    )
    words = {name: _word(said.get(name)) for name in _WORDS}
    if words["action"] is None and (feedback or contact):
        words["action"] = Action.ANSWERED if feedback else Action.CONTACTED
    return given(
        **{name: said.get(name) for name in _ABOUT},
        **words,
        contact=contact or None,
        feedback=feedback or None,
        count=_number(said.get("count")),
    )


def _drivers(said: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {"driver": _word(driver), "polarity": polarity, "chosen": 1}
        for column, polarity in OF_DRIVERS.items()
        for driver in said.get(column, "").split("+")
        if driver.strip()
    ]


def _word(cell: str | None) -> str | None:
    """A word of a closed list as people write it: `In person`."""
    return cell and cell.strip().lower().replace(" ", "_").replace("-", "_")


def _number(cell: str | None) -> int | str | None:
    """What is no number goes on as it is: the step for fields refuses it."""
    return int(cell) if cell and cell.isascii() and cell.isdigit() and len(cell) < 10 else cell


def _yes_or_no(cell: str | None) -> bool | str | None:
    return _YES_OR_NO.get(cell.lower(), cell) if cell else cell
