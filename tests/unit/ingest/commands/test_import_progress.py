"""What an import remembers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from services.ingest.commands.import_progress import Progress, load, save
from services.ingest.commands.log_file import ImportRefused
from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Ignored, Rejected
from tests.unit.ingest.world import RULES, arrival, received

FRESH = Progress(file_sha256="a", mapping_sha256="b", clock="import-1")
JUNE = datetime(2011, 6, 1, tzinfo=UTC)


def at(time: str) -> object:
    return admit(received(time=time), arrival("history"), RULES)


def test_every_outcome_is_in_the_account_and_the_clock_goes_to_the_latest_accepted_time() -> None:
    outcomes = [
        at("2011-06-01T00:00:00Z"),
        Ignored(IgnoredReason.EMPTY),
        Rejected(Reason.BAD_TIME, ""),
        Rejected(Reason.BAD_TIME, ""),
        at("2011-05-01T00:00:00Z"),
    ]
    found = FRESH.after(outcomes)  # type: ignore[arg-type]
    assert found == FRESH.model_copy(
        update={
            "rows": 5,
            "accepted": 2,
            "ignored": {IgnoredReason.EMPTY: 1},
            "rejected": {Reason.BAD_TIME: 2},
            "ticked": JUNE,
        }
    )


def test_rows_that_were_all_refused_do_not_move_the_clock() -> None:
    before = FRESH.model_copy(update={"ticked": JUNE})
    assert before.after([Rejected(Reason.BAD_TIME, "")]).ticked == JUNE
    assert FRESH.after([Rejected(Reason.BAD_TIME, "")]).ticked is None


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "log.csv.progress"
    progress = FRESH.after([Rejected(Reason.BAD_TIME, ""), Ignored(IgnoredReason.EMPTY)])
    save(file, progress)
    assert load(file, FRESH) == progress


def test_a_place_that_takes_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be written: No such file or directory"):
        save(tmp_path / "gone" / "log.csv.progress", FRESH)


def test_without_a_file_the_import_begins(tmp_path: Path) -> None:
    assert load(tmp_path / "none", FRESH) == FRESH


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"file_sha256": "x"}, "another log"),
        ({"mapping_sha256": "x"}, "another mapping"),
        ({"clock": "x"}, "another clock"),
    ],
)
def test_progress_of_something_else_is_refused(
    tmp_path: Path, other: dict[str, str], told: str
) -> None:
    file = tmp_path / "log.csv.progress"
    save(file, FRESH.model_copy(update=other))
    with pytest.raises(ImportRefused, match=told):
        load(file, FRESH)


def test_progress_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.csv.progress"
    file.write_bytes(b"{}")
    with pytest.raises(ImportRefused, match="delete it to begin anew"):
        load(file, FRESH)
