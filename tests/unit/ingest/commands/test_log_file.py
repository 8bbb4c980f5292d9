"""A CSV file, read in the order of its times."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schemas.yaml_file import parse
from services.ingest.commands.log_file import ImportRefused, LogFile
from services.ingest.domain.csv_log import LogReader, Mapping

MAPPING = """
source: logs
service: parking
columns: {case: dossier, time: moment, activity: step}
activities: {"*": {touchpoint: page}}
"""


def log(tmp_path: Path, content: bytes, mapping: str = MAPPING) -> LogFile:
    file = tmp_path / "log.csv"
    file.write_bytes(content)
    reader = LogReader(parse(Mapping, mapping, "m"), "import-1", "abcd", ZoneInfo("UTC"))
    return LogFile(file, reader)


def indexed(tmp_path: Path, content: bytes, mapping: str = MAPPING) -> LogFile:
    found = log(tmp_path, content, mapping)
    found.index(lambda _: None)
    return found


def test_rows_come_in_the_order_of_their_times_and_ties_in_that_of_the_file(tmp_path: Path) -> None:
    found = indexed(
        tmp_path,
        b"dossier,moment,step\nc,2011-01-03,x\na,2011-01-01,x\nd,2011-01-03,y\nb,2011-01-02,x\n",
    )
    rows = found.rows(0, 10)
    assert [(row.number, row.cells["dossier"]) for row in rows] == [
        (2, "a"),
        (4, "b"),
        (1, "c"),
        (3, "d"),
    ]


def test_the_bytes_of_a_row_are_its_own_even_over_several_lines(tmp_path: Path) -> None:
    found = indexed(
        tmp_path,
        b'dossier,moment,step\r\nb,2011-01-02,"two\r\nlines"\r\na,2011-01-01,\xc3\xa9\r\n',
    )
    first, second = found.rows(0, 2)
    assert (first.original, first.cells["step"]) == (b"a,2011-01-01,\xc3\xa9\r\n", "é")
    assert (second.original, second.cells["step"]) == (
        b'b,2011-01-02,"two\r\nlines"\r\n',
        "two\r\nlines",
    )


def test_a_part_of_the_order_can_be_read(tmp_path: Path) -> None:
    found = indexed(tmp_path, b"dossier,moment,step\nb,2011-01-02,x\na,2011-01-01,x\n")
    assert [row.cells["dossier"] for row in found.rows(1, 5)] == ["b"]
    assert len(found) == 2


def test_a_mark_at_the_beginning_and_another_delimiter_are_read(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfdossier;moment;step\na;2011-01-01;x\n"
    (row,) = indexed(tmp_path, content, MAPPING + 'delimiter: ";"\n').rows(0, 1)
    assert row.cells == {"dossier": "a", "moment": "2011-01-01", "step": "x"}


def test_every_byte_of_the_file_is_told_while_reading(tmp_path: Path) -> None:
    content = b"dossier,moment,step\na,2011-01-01,x\n"
    told: list[int] = []
    log(tmp_path, content).index(told.append)
    assert sum(told) == len(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"dosier,moment,step\n", "no column 'dossier' .columns.case.; did you mean 'dosier'?"),
        (b'dossier,moment,step\n"a' + b"x" * 200_000, "byte 20: not CSV: field larger"),
    ],
)
def test_a_file_that_is_not_the_csv_of_the_mapping_is_refused(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(ImportRefused, match=sentence):
        indexed(tmp_path, content)


def test_bytes_that_are_not_utf8_are_kept_for_the_row_to_be_refused(tmp_path: Path) -> None:
    (row,) = indexed(tmp_path, b"dossier,moment,step\n\xff,2011-01-01,x\n").rows(0, 1)
    assert (row.original, row.cells["dossier"]) == (b"\xff,2011-01-01,x\n", "\udcff")
