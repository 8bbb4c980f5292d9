"""What an import is refused for before it begins."""

from pathlib import Path

import pytest

from services.ingest.commands.import_plan import prepare
from services.ingest.commands.log_file import ImportRefused
from tests.unit.ingest.commands.test_import_log import MAPPING, write
from tests.unit.ingest.world import RULES


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("source: logs", "source: log", "source: unknown; did you mean 'logs'?"),
        ("source: logs", "source: web", "source web: add csv_log to its protocols"),
        (
            "service: parking",
            "service: taxes",
            "service: source logs may not send for it; known: parking",
        ),
        ("touchpoint: form", "touchpoint: frm", "activities.Received: touchpoint: unknown; did"),
        (
            "activity: step}",
            "activity: step, channel: via}\nchannels: {Desk: in_person}",
            "channels.Desk: source logs may send: website",
        ),
        ("clock: import-1", "clock: live", "an import has a clock of its own"),
        ("clock: import-1", "clok: x", "clok: unknown field; did you mean 'clock'?"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_before_a_row_is_read(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    log, mapping = write(tmp_path, 1, MAPPING.replace(old, new))
    with pytest.raises(ImportRefused, match=sentence.replace("?", "[?]")):
        prepare(log, mapping, RULES)


def test_a_mapping_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    log, mapping = write(tmp_path, 1)
    mapping.write_bytes(b"source: \xe9t\xe9\n")
    with pytest.raises(ImportRefused, match=r"map\.yaml: not UTF-8"):
        prepare(log, mapping, RULES)


def test_the_clock_is_named_after_the_file_unless_said(tmp_path: Path) -> None:
    log, mapping = write(tmp_path, 1, MAPPING.replace("clock: import-1\n", ""))
    plan = prepare(log, mapping, RULES)
    assert plan.fresh.clock == f"import-{plan.fresh.file_sha256[:8]}"
