"""The file of who decides: what it may not say, and the one that comes with the project."""

import pytest

from schemas.authority import AUTHORITY_FILE, Decisions, read
from schemas.vocabulary import Decision
from schemas.yaml_file import FileRefused
from tests.unit.schemas.deciding import DAY, TEAMS, authority, text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            text().replace("release:", "releese:"),
            "authority.yaml: decisions.releese: unknown field; did you mean 'release'?",
        ),
        (
            text().replace("four_eyes: true", "four_eye: true", 1),
            "authority.yaml: decisions.release.four_eye: unknown field; did you mean 'four_eyes'?",
        ),
        (
            text().replace("decides: [steward", "decides: [stewart", 1),
            (
                "authority.yaml: decisions.release.decides: nobody was ever 'stewart of "
                "erasures.v1'; did you mean 'steward of erasures.v1'?"
            ),
        ),
        (
            text().replace("[owner of erasures.v1, helper", "[owner of erasure.v1, helper", 1),
            (
                "authority.yaml: decisions.release.informed: nobody was ever 'owner of "
                "erasure.v1'; did you mean 'owner of erasures.v1'?"
            ),
        ),
    ],
)
def test_what_is_wrong_is_named_with_file_field_and_what_is_near(wrong: str, told: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(wrong, "authority.yaml", TEAMS)
    assert told in str(refused.value).splitlines()


def test_every_decision_there_is_has_a_procedure() -> None:
    assert set(Decisions.model_fields) == {decision.value for decision in Decision}
    assert authority().file.decisions.of(Decision.LINK_RULE).four_eyes


def test_who_holds_two_offices_is_named_once() -> None:
    both = ("owner of erasures.v1", "steward of erasures.v1", "owner of erasures.v1")
    assert authority().holders(both, DAY) == ("chief", "officer")


def test_the_file_that_comes_with_the_project_can_be_read() -> None:
    shipped = read(AUTHORITY_FILE.read_text(encoding="utf-8"), AUTHORITY_FILE.name)
    assert shipped.holders(shipped.file.decisions.erase.decides, DAY)
