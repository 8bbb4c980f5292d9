"""Rows of CSV with columns of ours: the logs of phones, counters and post rooms, and tallies.

The first line names the columns, in any order. A row without an `id` is known by all its cells and
by how many like it stand above: the same file twice counts once, a file that grew counts what is
new, and two equal rows are two contacts.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from schemas.yaml_file import nearest
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.protocols.csv_cells import OF_DRIVERS, submission
from services.ingest.domain.protocols.protocol import (
    MOST_EVENTS,
    Malformed,
    Protocol,
    Reply,
    Request,
    bearer,
)
from services.ingest.domain.submission import Received

NTH = "nth"
# The place of a field in an event, where it is not the name of its column.
_PLACES = {
    "contact.reason": "reason",
    "contact.avoidable": "avoidable",
    "contact.reached": "reached",
    "feedback.instrument": "instrument",
    "feedback.construct": "construct",
    "feedback.answer": "answer",
}
# In the order in which people are told of them: most lists need the first few.
COLUMNS = (
    *("time", "service", "touchpoint", "code", "channel", "case", "citizen", "visitor"),
    *("reason", "avoidable", "reached", "action", "initiator", "outcome", "transferred_to"),
    *("language", "instrument", "construct", "answer", *OF_DRIVERS, "count", "provenance"),
    *("id", "log", NTH),
)


class Problem(NamedTuple):
    """A row that was refused: the line it begins on, its column where one is to blame, and why."""

    line: int
    column: str | None
    reason: Reason
    detail: str


class _Row(NamedTuple):
    line: int
    cells: list[str]


class _Unreadable(ValueError):
    """The file as a whole is no CSV of ours."""


def read(request: Request) -> tuple[Received, ...] | Malformed:
    """An event for each row."""
    try:
        header, *rows = _rows(request.body)
        columns = _columns(header.cells)
    except _Unreadable as fault:
        return Malformed(str(fault))
    if len(rows) > MOST_EVENTS:
        return Malformed(f"body: more than {MOST_EVENTS} rows; cut the file in several")
    seen: Counter[tuple[str, ...]] = Counter()
    return tuple(_received(columns, row.cells, seen) for row in rows)


def reply(request: Request, outcomes: Sequence[Outcome]) -> Reply:
    """How many were accepted and ignored, and each refused row by its line and column."""
    counts = {
        "accepted": sum(isinstance(outcome, Accepted) for outcome in outcomes),
        "ignored": sum(isinstance(outcome, Ignored) for outcome in outcomes),
        "rejected": [problem._asdict() for problem in problems(request, outcomes)],
    }
    return Reply(msgspec.json.encode(counts))


def problems(request: Request, outcomes: Sequence[Outcome]) -> list[Problem]:
    """The refused rows."""
    if not any(isinstance(outcome, Rejected) for outcome in outcomes):
        return []
    _, *rows = _rows(request.body)
    return [
        _problem(row, outcome)
        for row, outcome in zip(rows, outcomes, strict=False)
        if isinstance(outcome, Rejected)
    ]


def _problem(row: _Row, outcome: Rejected) -> Problem:
    place, _, why = outcome.detail.partition(": ")
    column = _PLACES.get(place, place)
    if column in COLUMNS:
        return Problem(row.line, column, outcome.reason, why)
    return Problem(row.line, None, outcome.reason, outcome.detail)


def _rows(body: bytes) -> list[_Row]:
    """The header and what follows; empty lines are none. Raises _Unreadable."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Unreadable("body: not UTF-8; save it as `CSV UTF-8`") from None
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    found = [row for row in _lines(text, delimiter) if row.cells]
    if not found:
        raise _Unreadable("body: empty; the first line names the columns")
    return found


def _lines(text: str, delimiter: str) -> Iterator[_Row]:
    """Each row with the line it begins on: a quoted cell may go over several."""
    reader, begins = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
    try:
        for cells in reader:
            yield _Row(begins, cells)
            begins = reader.line_num + 1
    except csv.Error:
        raise _Unreadable(f"line {begins}: cannot be read as CSV; is a quote left open?") from None


def _columns(header: Sequence[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    for name in columns:
        if name not in COLUMNS:
            shown = name[:40] if name.isidentifier() else "without a name of ours"
            raise _Unreadable(f"line 1: column {shown}: unknown; {nearest(name[:64], COLUMNS)}")
        if columns.count(name) > 1:
            raise _Unreadable(f"line 1: column {name}: stands there twice")
    return columns


def _received(
    columns: Sequence[str], cells: Sequence[str], seen: Counter[tuple[str, ...]]
) -> Received:
    said = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    known_by = tuple(part for name in sorted(said.keys() - {NTH}) for part in (name, said[name]))
    seen[known_by] += 1
    nth = said.get(NTH) or str(seen[known_by])
    if len(cells) != len(columns):
        detail = f"row: {len(cells)} cells under {len(columns)} columns; quote a cell with a comma"
        return Received(_alone(columns, cells), Rejected(Reason.BAD_VALUE, detail))
    original = _alone(columns, cells) if nth == "1" else _numbered(columns, cells, nth)
    if not said:
        return Received(original, Ignored(IgnoredReason.EMPTY))
    return Received(original, submission(said, (*known_by, nth)))


def _alone(columns: Sequence[str], cells: Sequence[str]) -> bytes:
    """A file of this row: it is read again without the others."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([columns, cells])
    return text.getvalue().encode()


def _numbered(columns: Sequence[str], cells: Sequence[str], nth: str) -> bytes:
    if NTH in columns:
        return _alone(columns, cells)
    return _alone([*columns, NTH], [*cells, nth])


CSV = Protocol(
    name="csv",
    version="1",
    paths=("/v1/csv",),
    credential=bearer,
    read=read,
    reply=reply,
)
