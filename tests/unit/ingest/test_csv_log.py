"""A row of a log, as its mapping says."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import Action, Channel, Outcome, Reason
from schemas.vocabulary import Ignored as IgnoredReason
from schemas.yaml_file import FileRefused, parse
from services.ingest.domain.admission import admit
from services.ingest.domain.csv_log import LogReader, Mapping, Row, instant
from services.ingest.domain.outcome import Accepted, Ignored, Rejected
from services.ingest.domain.submission import Submission
from tests.unit.ingest.world import RULES, arrival

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MAPPING = """
source: logs
service: parking
columns: {case: dossier, time: moment, channel: via, activity: step, id: nr}
channels: {Internet: website}
activities:
  Received: {touchpoint: form, action: submitted}
  Decided: {touchpoint: letter, outcome: success}
ignore: [Heartbeat]
"""


def reader(text: str = MAPPING) -> LogReader:
    return LogReader(parse(Mapping, text, "map.yaml"), "import-1", "abcd", AMSTERDAM)


def row(number: int = 3, **cells: Any) -> Row:
    usual = {
        "dossier": "c-7",
        "moment": "2011-10-11T13:45:40+02:00",
        "via": "Internet",
        "step": "Received",
        "nr": "n-3",
    }
    return Row(number, b"the row", usual | cells)


def test_a_row_becomes_a_submission_on_the_clock_of_the_import() -> None:
    found = reader().read(row())
    assert found.original == b"the row"
    assert found.content == Submission(
        id="n-3",
        source="/import/abcd",
        name="log.row",
        time="2011-10-11T11:45:40+00:00",
        clock="import-1",
        data={
            "service": "parking",
            "touchpoint": "form",
            "action": Action.SUBMITTED,
            "channel": Channel.WEBSITE,
            "case": "c-7",
            "sequence": 3,
        },
    )


def test_admission_takes_it() -> None:
    outcome = admit(reader().read(row(step="Decided")), arrival("history"), RULES)
    assert isinstance(outcome, Accepted)
    data = outcome.record.data
    assert (data.clock, data.action, data.outcome) == ("import-1", Action.DECIDED, Outcome.SUCCESS)


def test_a_row_without_an_id_is_known_by_its_number() -> None:
    content = reader().read(row(number=12, nr="")).content
    assert isinstance(content, Submission)
    assert content.id == "row-12"


@pytest.mark.parametrize(
    ("cells", "decided"),
    [
        (dict.fromkeys(["dossier", "moment", "via", "step", "nr"], ""), IgnoredReason.EMPTY),
        ({"step": "Heartbeat"}, IgnoredReason.MAPPED_TO_IGNORE),
    ],
)
def test_rows_that_report_no_contact_are_ignored(
    cells: dict[str, Any], decided: IgnoredReason
) -> None:
    assert reader().read(row(**cells)).content == Ignored(decided)


@pytest.mark.parametrize(
    ("cells", "detail"),
    [
        ({"step": "Secret"}, "step: a value that the mapping does not name; add it to activities"),
        ({"via": "Secret"}, "via: a value that the mapping does not name; add it to channels"),
        ({"via": ""}, "via: a value that the mapping does not name; add it to channels"),
    ],
)
def test_a_value_nobody_mapped_is_rejected_and_not_repeated(
    cells: dict[str, Any], detail: str
) -> None:
    content = reader().read(row(**cells)).content
    assert isinstance(content, Rejected)
    assert (content.reason, content.detail[: len(detail)]) == (Reason.UNMAPPED_VALUE, detail)


def test_a_star_stands_for_everything_that_is_not_named() -> None:
    text = MAPPING.replace("activities:\n", 'activities:\n  "*": {touchpoint: page}\n')
    content = reader(text).read(row(step="whatever")).content
    assert isinstance(content, Submission)
    assert isinstance(content.data, dict)
    assert content.data["touchpoint"] == "page"


def test_a_row_that_is_not_utf8_is_rejected() -> None:
    content = reader().read(row(dossier="c-\udcff")).content
    assert content == Rejected(Reason.BAD_VALUE, "row: not UTF-8")


def test_a_short_row_has_empty_cells() -> None:
    content = reader().read(Row(1, b"", {"dossier": "c-7"})).content
    assert isinstance(content, Rejected)
    assert content.reason is Reason.UNMAPPED_VALUE


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2011-10-11T13:45:40+02:00", datetime(2011, 10, 11, 11, 45, 40, tzinfo=UTC)),
        ("2011-10-11 13:45:40.276000+02:00", datetime(2011, 10, 11, 11, 45, 40, 276000, UTC)),
        ("2011-10-11 13:45:40", datetime(2011, 10, 11, 11, 45, 40, tzinfo=UTC)),
        (" 2011-01-11 ", datetime(2011, 1, 10, 23, tzinfo=UTC)),
        ("11.10.2011", None),
        ("", None),
        ("0001-01-01", None),
    ],
)
def test_a_time_without_an_offset_is_in_the_zone_of_the_service(
    cell: str, time: datetime | None
) -> None:
    assert instant(cell, AMSTERDAM) == time


def test_rows_whose_time_cannot_be_read_come_first_and_are_refused() -> None:
    bad = row(moment="soon")
    assert reader().order(bad.cells) < reader().order(row(moment="1900-01-01").cells)
    outcome = admit(reader().read(bad), arrival("logs"), RULES)
    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.BAD_TIME


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("source: logs", "sourcex: logs", "sourcex: unknown field; did you mean 'source'?"),
        ("channel: via, ", "", "columns.channel and channels belong together"),
        ("source: logs", "source: logs\ntime_zone: Mars/Base", "time_zone: .* no IANA time zone"),
        ("action: submitted", "action: sent", "activities.Received.action: Input should be"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_place(old: str, new: str, told: str) -> None:
    with pytest.raises(FileRefused, match=told):
        reader(MAPPING.replace(old, new))


cells = st.dictionaries(
    st.sampled_from(["dossier", "moment", "via", "step", "nr"]),
    st.text() | st.sampled_from(["Internet", "Received", "2011-10-11"]),
)


@given(cells)
def test_no_rule_fails_on_a_row(found: dict[str, Any]) -> None:
    one = Row(1, b"", found)
    reader().order(found)
    outcome = admit(reader().read(one), arrival("logs"), RULES)
    assert getattr(outcome, "reason", None) is not Reason.INTERNAL
