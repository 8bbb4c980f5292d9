"""What makes two rows of CSV one contact, and what is kept of a row."""

from dataclasses import replace

from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Accepted
from services.ingest.domain.protocols.csv_rows import COLUMNS, CSV
from services.ingest.domain.protocols.protocol import MOST_EVENTS, Malformed, Request
from services.ingest.domain.submission import Received, Submission
from tests.unit.ingest.world import RULES, arrival

HEADER = "time,service,touchpoint,channel,log\n"
ROW = "2026-03-10 09:30,parking,counter,phone,\n"


def rows(text: str) -> tuple[Received, ...]:
    found = CSV.read(Request({}, text.encode()))
    assert not isinstance(found, Malformed)
    return found


def ids(text: str) -> list[str]:
    """The ids under which the rows are published."""
    outcomes = [admit(one, arrival("town-hall", protocol="csv"), RULES) for one in rows(text)]
    return [one.record.id for one in outcomes if isinstance(one, Accepted)]


def test_the_same_file_twice_counts_once_and_a_file_that_grew_counts_what_is_new() -> None:
    first = ids(HEADER + ROW)
    grown = ids(HEADER + "2026-03-10 09:10,parking,page,phone,\n" + ROW)
    assert len(first) == 1
    assert ids(HEADER + ROW) == first
    assert grown[1:] == first
    assert grown[0] != first[0]


def test_equal_rows_are_as_many_contacts_as_there_are() -> None:
    assert len(set(ids(HEADER + ROW * 3))) == 3
    assert ids(HEADER + ROW * 3)[:2] == ids(HEADER + ROW * 2)


def test_order_case_and_separator_of_the_columns_are_no_part_of_a_row() -> None:
    moved = "Channel;TIME;touchpoint;service\n phone ;2026-03-10 09:30;counter;parking\n"
    assert ids(moved) == ids(HEADER + ROW)
    assert ids("\ufeff" + moved) == ids(HEADER + ROW)


def test_rows_of_two_logs_are_two_contacts() -> None:
    assert ids(HEADER + ROW) != ids(HEADER + ROW.replace("phone,", "phone,second desk"))


def test_a_row_is_kept_with_its_header_and_its_number_among_equals() -> None:
    *_, third = rows(HEADER + ROW * 3)
    head, row, _ = third.original.decode().split("\r\n")
    assert head == "time,service,touchpoint,channel,log,nth"
    assert row == "2026-03-10 09:30,parking,counter,phone,,3"
    assert ids(third.original.decode()) == ids(HEADER + ROW * 3)[2:]


def test_every_column_that_is_told_is_read() -> None:
    """Each says something that another value would not."""
    plain, numbers = "parking,counter,phone", {"count": "7", "answer": "4"}
    for column in set(COLUMNS) - {"service", "touchpoint", "channel", "log", "nth"}:
        cell = numbers.get(column, "yes")
        said, unsaid = (
            rows(f"service,touchpoint,channel,{column}\n{plain},{one}\n")[0].content
            for one in (cell, "")
        )
        assert isinstance(said, Submission)
        assert isinstance(unsaid, Submission)
        assert replace(said, makes_id=()) != replace(unsaid, makes_id=()), column


def test_no_column_can_hold_a_text_a_name_or_a_handle() -> None:
    assert not {"text", "comment", "note", "name", "author", "handle"} & set(COLUMNS)


def test_what_is_no_table_of_ours_is_refused_whole() -> None:
    for body, detail in (
        (b"service\n\xff\n", "body: not UTF-8; save it as `CSV UTF-8`"),
        (b'service\n"' + b"x" * 200_000, "line 2: cannot be read as CSV; is a quote left open?"),
        (b"service\n" + b"parking\n" * (MOST_EVENTS + 1), "body: more than 10000 rows; cut"),
    ):
        told = CSV.read(Request({}, body))
        assert isinstance(told, Malformed)
        assert told.detail.startswith(detail)
