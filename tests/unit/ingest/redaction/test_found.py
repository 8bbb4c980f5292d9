"""How much is found in texts of ours, and that docs/comments.md says so."""

from pathlib import Path

import pytest

from schemas.vocabulary import Redaction
from tests.unit.ingest.redaction.measure import accounts, languages, table, texts

PAGE = Path("docs/comments.md")
ACCOUNTS = accounts()
# These have no form of their own: many are found, never all.
WITHOUT_FORM = {Redaction.NAME, Redaction.ADDRESS, Redaction.BIRTH_DATE}


@pytest.mark.parametrize("language", languages())
def test_there_are_enough_texts_and_every_kind_is_marked(language: str) -> None:
    found = texts(language)
    assert len(found) >= 60
    assert sum(not text.marked for text in found) >= 15
    assert {mark.kind for text in found for mark in text.marked} >= set(Redaction) - {
        Redaction.NUMBER
    }


@pytest.mark.parametrize("language", languages())
def test_what_has_a_form_of_its_own_is_found(language: str) -> None:
    told = ACCOUNTS[language]
    kinds = set(Redaction) - WITHOUT_FORM
    marked = sum(told.marked[kind] for kind in kinds)
    assert sum(told.whole[kind] for kind in kinds) >= 0.96 * marked, told.missed


@pytest.mark.parametrize("language", languages())
def test_of_the_rest_two_of_three_are_found(language: str) -> None:
    told = ACCOUNTS[language]
    for kind in WITHOUT_FORM:
        assert told.whole[kind] >= 2 / 3 * told.marked[kind], told.missed


@pytest.mark.parametrize("language", languages())
def test_little_is_taken_out_that_is_nobodys(language: str) -> None:
    told = ACCOUNTS[language]
    assert told.right.total() >= 0.95 * told.taken.total(), told.wrong


def test_the_page_shows_what_was_measured() -> None:
    assert table(ACCOUNTS) in PAGE.read_text(encoding="utf-8")
