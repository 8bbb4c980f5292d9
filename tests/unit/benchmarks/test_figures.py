from datetime import date
from pathlib import Path

import pytest

from benchmarks.document import replaced
from benchmarks.peers.figures import HEADINGS, Figures, markdown, read, write

MEASURED = Figures(
    name="Some engine",
    version="1.2",
    state="on disk",
    measured_on=date(2026, 1, 5),
    machine="two cores",
    load_average=1.5,
    events=1_000_000,
    seconds=50,
    cpu_seconds=72.04,
    start_cpu_seconds=2.0,
    peak_megabytes=1_350,
    verdict="right",
    recovery_seconds=2.24,
    verdict_after_kill="wrong: 7 miscounted of 100",
    command="bench",
)
UNABLE = Figures(
    "Other", "2", "on disk", date(2026, 1, 5), "two cores", 1.5, trouble="no mvn", command="bench"
)


def test_a_row_tells_cpu_per_million_without_the_start_rate_memory_and_both_verdicts() -> None:
    assert MEASURED.cells() == (
        "Some engine 1.2",
        "on disk",
        "1,000,000",
        "70.0",
        "2.0",
        "20,000",
        "1,350",
        "right",
        "2.2 s",
        "wrong: 7 miscounted of 100",
        "1.5",
    )


def test_a_peer_that_cannot_run_says_why_in_its_row() -> None:
    assert UNABLE.cells()[:3] == ("Other 2", "on disk", "cannot run: no mvn")
    assert len(UNABLE.cells()) == len(HEADINGS)


def test_the_table_ends_with_who_was_measured_how_where_and_when() -> None:
    *rows, _, last = markdown([MEASURED, UNABLE]).splitlines()
    assert len(rows) == 4
    assert last == "Measured with `bench` on 2026-01-05 on two cores: Some engine; Other."


def test_figures_survive_being_written_and_read(tmp_path: Path) -> None:
    write(tmp_path / "figures.json", [MEASURED, UNABLE])
    assert read(tmp_path / "figures.json") == {"Some engine": MEASURED, "Other": UNABLE}


def test_no_file_is_nothing_found(tmp_path: Path) -> None:
    assert read(tmp_path / "none.json") == {}


def test_only_what_is_between_the_markers_is_replaced() -> None:
    text = "before\n<!-- a: begin -->\nold\n<!-- a: end -->\nafter"
    assert replaced(text, "a", "new\n") == text.replace("old", "new")


def test_a_document_without_the_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="must both be"):
        replaced("text", "a", "new")
