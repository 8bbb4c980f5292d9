"""The record of processing and the assessment say what the files say, and what is true."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.record import assessment, record
from deploy.record.__main__ import FOLDER, differences, main
from deploy.record.facts import ROOT, Facts, read
from deploy.record.protections import PROTECTIONS, gone
from schemas.access import HELD, PersonalData
from schemas.lawfulness import LawfulBasis, SpecialCategory
from schemas.topics import COMMENTS

FACTS = read()


def with_sources(**changes: object) -> Facts:
    """The same facts, of one source that declares something else."""
    return replace(FACTS, sources=(FACTS.sources[0].model_copy(update=changes),))


def test_the_committed_documents_are_current() -> None:
    assert differences(FOLDER) == []


def test_everybody_who_sends_asks_or_reads_is_in_the_record() -> None:
    page = record.page(FACTS)
    named = [source.id for source in FACTS.sources]
    named += [survey.id for _, survey in FACTS.surveys()]
    named += [data_set.name for data_set in FACTS.data_sets]
    named += [agency.agency for agency in FACTS.catalogue.agencies]
    named += FACTS.readers()
    assert [name for name in named if f"`{name}`" not in page] == []


def test_the_papers_name_whom_numbers_and_receipts_hold_and_what_stays_for_good() -> None:
    page = record.page(FACTS)
    assert "`audit.v1`, `metrics.public.v1`, `erasures.v1` name the staff" in page
    assert "a counter there may be of one person" in page
    assert "a mark with the pseudonym and two times stays for good" in page
    told = assessment.page(FACTS)
    assert "(Art. 21)" in told
    assert "one person can type both who proposes and who decides" in told


def test_every_kind_of_personal_data_has_its_words() -> None:
    assert set(HELD) == set(PersonalData)


def test_a_declaration_that_changes_changes_both_documents() -> None:
    changed = with_sources(
        lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        special_category=SpecialCategory.EXPLICIT_CONSENT,
        notice_url="https://elsewhere.example/",
        linkable=False,
    )
    told = record.page(changed)
    for part in (
        "legitimate interests, Art. 6(1)(f) | explicit consent, Art. 9(2)(a)",
        "<https://elsewhere.example/> | never",
    ):
        assert part in told
    asked = assessment.page(changed)
    assert "`permit-web` send by legitimate interests: a public authority may not" in asked
    assert "`permit-web` declare explicit consent, Art. 9(2)(a)" in asked
    assert "special categories are concerned, by `permit-web` (Art. 35(3)(b))" in asked


def test_what_nobody_declares_is_not_asked_about() -> None:
    asked = assessment.page(with_sources(special_category=SpecialCategory.NONE))
    assert "special categories" not in asked
    assert "by consent" not in asked
    assert "legitimate interests" not in asked


def test_only_readers_of_what_is_personal_are_recipients() -> None:
    readers = FACTS.readers()
    assert [d.name for d in readers["comment-steward"]] == [COMMENTS]
    assert "publish-inside" not in readers


def test_every_measure_is_in_the_code_and_shown_by_a_test() -> None:
    assert list(gone(ROOT)) == []


def test_a_measure_whose_code_or_test_is_gone_is_told(tmp_path: Path) -> None:
    one = PROTECTIONS[0]
    measure = replace(one.measures[0], code="services/nowhere.py", test="tests/nowhere.py::test_x")
    told = list(gone(tmp_path, (replace(one, measures=(measure,)),)))
    assert [sentence.split(":")[0] for sentence in told] == [
        "services/nowhere.py is gone",
        "tests/nowhere.py",
    ]


def test_a_document_that_is_not_current_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    arguments = ["--folder", str(tmp_path)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert CliRunner().invoke(main, [*arguments, "--check"]).exit_code == 0
    (tmp_path / "dpia.md").write_text("out of date", encoding="utf-8")
    refused = CliRunner().invoke(main, [*arguments, "--check"])
    assert (refused.exit_code, "dpia.md is not what the files say" in refused.output) == (1, True)
