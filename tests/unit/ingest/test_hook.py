"""Webhooks: which surveys a form puts, and secrets that do not fit their sources."""

import pytest

from schemas.keyring import Keyring
from schemas.sources import Sources
from schemas.yaml_file import parse
from services.ingest.domain.hook import make_hooks
from tests.unit.ingest.world import KEYS, RULES, SOURCES


def test_every_source_with_a_webhook_has_one_and_no_other() -> None:
    assert set(RULES.hooks) == {"survey", "panel", "app-survey", "widget", "inbox"}


def test_a_form_is_found_by_the_patterns_of_instruments() -> None:
    hook = RULES.hooks["survey"]
    found = [
        one.instrument.id for form in ("typeform-7", "SV_1", "x") for one in hook.asked_by(form)
    ]
    assert found == ["quiet-survey", "quiet-survey"]


def test_secrets_are_not_shown() -> None:
    assert "first secret" not in repr(RULES.hooks["survey"])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("source: survei", r"secret demo-survey-1: no source 'survei' .*did you mean 'survey'\?"),
        ("source: inbox", "secret demo-survey-1: no source 'inbox' has a signed webhook"),
    ],
)
def test_a_secret_of_no_source_that_signs_is_refused(wrong: str, sentence: str) -> None:
    keys = parse(Keyring, KEYS.replace("source: survey", wrong), "keys.yaml")
    with pytest.raises(ValueError, match=sentence) as refused:
        make_hooks(RULES.catalogue, parse(Sources, SOURCES, "sources.yaml"), keys)
    unsigned = "source survey: its webhook is signed, and the keys have no secret of it"
    assert unsigned in str(refused.value)
