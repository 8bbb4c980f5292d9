"""What is shown of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.address import scrubbed


@pytest.mark.parametrize(
    ("address", "sample"),
    [
        ("https://town.example/parking/start", "town.example/parking/start"),
        ("https://town.example/case/12345/edit?token=x#y", "town.example/case/*/edit"),
        ("https://jan:pw@town.example:8443/jan@example.org", "town.example/*"),
        ("/desk/counter-7", "/desk/*"),
        ("urn:uuid:1234", "/*"),
        ("http://[broken", "*"),
        ("", "*"),
        ("/a/b/c/d/e/f/g/h", "/a/b/c/d/e/f"),
    ],
)
def test_only_what_names_nobody_is_shown(address: str, sample: str) -> None:
    assert scrubbed(address) == sample


@given(st.text())
def test_scrubbing_never_raises_and_never_shows_a_digit_of_a_path(address: str) -> None:
    _, _, path = scrubbed(address).partition("/")
    assert not any(character.isdigit() for character in path)
