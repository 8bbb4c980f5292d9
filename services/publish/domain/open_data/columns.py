"""The columns of a data set, once: the CSV and all that describes it are made from them."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from schemas.public_metric import PublicMetric, number_of


class Kind(StrEnum):
    """What a column holds, as Data Package and CSVW both call it."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    JSON = "json"


class Column(NamedTuple):
    """One column: how it is called, what it holds and means, and where that is in a record."""

    name: str
    kind: Kind
    means: str
    read: Callable[[PublicMetric], Any]


def _field(name: str, kind: Kind, means: str) -> Column:
    return Column(name, kind, means, lambda record: getattr(record, name))


def _dimension(name: str, means: str) -> Column:
    return Column(name, Kind.STRING, means, lambda record: getattr(record.dimensions, name))


NUMBER = "number"
COLUMNS = (
    Column(NUMBER, Kind.STRING, "Which number it is, the same in every revision.", number_of),
    _field("metric_id", Kind.STRING, "The measure; what it means stands in the reference."),
    _field("formula_version", Kind.INTEGER, "The version of its formula."),
    _field("level", Kind.STRING, "agency, service or touchpoint."),
    _dimension("agency", "The agency."),
    _dimension("service", "The service; empty for the agency as a whole."),
    _dimension("touchpoint", "The place in the service; empty for all of it."),
    _dimension("channel", "The means the citizens used; empty for all."),
    _dimension("outcome", "How the journeys ended; empty for all."),
    _dimension("instrument", "The survey, of an answer."),
    _dimension("construct", "What was asked about."),
    _dimension("scale", "The scale of the answers."),
    _dimension("wording", "The wording of the question."),
    _field("period", Kind.STRING, "month or quarter."),
    _field("period_start", Kind.DATETIME, "The first instant of the period."),
    _field("period_end", Kind.DATETIME, "The first instant after it."),
    _field("time_zone", Kind.STRING, "The time zone whose calendar it is."),
    _field("revision", Kind.INTEGER, "0 when it was released first, one more for each revision."),
    _field("revision_reason", Kind.STRING, "Why it was revised."),
    _field("released", Kind.DATE, "The day of this revision."),
    _field("state", Kind.STRING, "ok; low_n: of fewer than 30; suppressed: nothing is told."),
    _field("n", Kind.INTEGER, "How many it is about, rounded."),
    _field("numerator", Kind.INTEGER, "Of a share: the part, rounded."),
    _field("denominator", Kind.INTEGER, "Of a share: the whole, rounded."),
    _field("value", Kind.NUMBER, "The number, made of rounded counts."),
    _field("ci_low", Kind.NUMBER, "The lower end of its 95 % interval."),
    _field("ci_high", Kind.NUMBER, "The upper end."),
    _field("ci_method", Kind.STRING, "How the interval was made."),
    _field("rounded_to", Kind.INTEGER, "What every count is a multiple of."),
    _field("counts", Kind.JSON, "Every count that is told, by name, rounded."),
)


def as_csv(records: Iterable[PublicMetric]) -> str:
    """The table as RFC 4180 has it; what is not told is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    for record in records:
        writer.writerow(_written(column.read(record)) for column in COLUMNS)
    return text.getvalue()


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case float():
            return repr(round(value, 6))
        case dict():
            return json.dumps(value, sort_keys=True)
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
        case _:
            return str(value)
