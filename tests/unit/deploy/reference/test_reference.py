"""The page of reference says what the code says, of everything."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.reference import measures, metrics
from deploy.reference.__main__ import FILE, difference, main, rendered
from deploy.reference.markdown import codes, table
from deploy.reference.settings import SERVICES
from schemas.profiles import PROFILES
from schemas.reasons import IGNORED, MEANINGS
from schemas.settings_names import NAMES, PREFIX
from schemas.topics import TOPICS
from schemas.vocabulary import Ignored, Reason
from services.metrics.adapters.prometheus_collector import JourneyCollector, Shown
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.rules import rules_from
from tests.unit.schemas.test_shipped_files import catalogue


def test_the_committed_page_is_current() -> None:
    assert difference(FILE) is None


def test_everything_that_has_a_name_is_on_the_page() -> None:
    named = [t.name for t in TOPICS] + [PREFIX + name for name in NAMES]
    named += [f.metric_id for f in FORMULAS] + [*Reason, *Ignored]
    page = rendered()
    assert [name for name in named if f"`{name}`" not in page] == []


def test_nothing_on_the_page_is_of_this_machine() -> None:
    assert str(Path.cwd()) not in rendered()


def test_every_reason_has_its_meaning_in_sentences() -> None:
    assert set(MEANINGS) == set(Reason)
    assert set(IGNORED) == set(Ignored)
    told = [text for meaning in MEANINGS.values() for text in meaning]
    assert [text for text in told if not text.endswith(".")] == []


def test_every_setting_is_read_by_a_service_and_every_service_reads_known_ones() -> None:
    read = {name.upper() for model in SERVICES.values() for name in model.model_fields}
    assert read == NAMES


def test_every_measure_has_its_meaning_in_sentences() -> None:
    assert [f.metric_id for f in FORMULAS if not f.means.endswith(".")] == []


def test_every_interval_has_its_name_on_the_page() -> None:
    assert set(measures.INTERVALS) == set(Method)


def test_every_national_profile_is_on_the_page_in_its_words() -> None:
    page = rendered()
    words = [figure.words for profile in PROFILES for figure in profile.figures]
    words += [profile.name for profile in PROFILES]
    words += [lacking for profile in PROFILES for lacking in profile.lacks]
    assert [word for word in words if word not in page] == []


def test_the_metrics_of_journeys_are_those_the_collector_exports() -> None:
    shown = Shown({}, Watermarks({}))
    exported = JourneyCollector(rules_from(catalogue()), lambda: shown).collect()
    names = {metrics.declared(metric, ()).name for metric in exported}
    assert {metric.name for metric in metrics.of_journeys()} == names


def test_what_the_page_says_is_not_counted_is_not_counted() -> None:
    absent = set(metrics.NOT_COUNTED)
    assert absent & metrics.declared_names() == set()
    mentioned = set(re.findall(r"throughline_\w+", "".join(metrics.NOT_COUNTED.values())))
    assert mentioned <= metrics.declared_names()
    assert [name for name in absent if f"`{name}`" not in rendered()] == []


def test_a_missing_or_stale_page_is_told_with_what_to_run(tmp_path: Path) -> None:
    page = tmp_path / "reference.md"
    assert difference(page) == "reference.md is missing; run: python -m deploy.reference"
    page.write_text("old", encoding="utf-8")
    result = CliRunner().invoke(main, ["--check", "--file", str(page)])
    assert result.exit_code == 1
    assert "not what the code says; run: python -m deploy.reference" in result.output


def test_what_is_written_is_current(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "reference.md"
    for arguments in ([], ["--check"]):
        result = CliRunner().invoke(main, [*arguments, "--file", str(page)])
        assert result.exit_code == 0


@pytest.mark.parametrize(
    ("value", "cell"), [("a|b", "a\\|b"), ("two\nlines", "two lines"), (7, "7")]
)
def test_a_cell_stays_a_cell(value: object, cell: str) -> None:
    assert table(["x"], [[value]]) == f"| x |\n| --- |\n| {cell} |"


def test_codes_leave_out_nothing() -> None:
    assert codes(["a", "b"]) == "`a`, `b`"
