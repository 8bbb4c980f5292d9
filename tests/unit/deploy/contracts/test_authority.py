"""Each decision that nobody may make today, and the sentence of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from deploy.contracts.__main__ import who_decides
from deploy.contracts.authority import faults
from schemas.authority import AUTHORITY_FILE, Teams
from schemas.vocabulary import Decision
from tests.unit.schemas.deciding import DAY, ROUTINE, TEAMS, authority, text

FILE = "authority.yaml"
NOBODY_LEFT = date(2027, 1, 1)


def of_release(teams: Teams) -> list[str]:
    """What is told of one decision; all have the same procedure."""
    told = faults(FILE, replace(authority(), teams=teams), DAY)
    assert len(told) == len(Decision)
    return [sentence for sentence in told if "decisions.release." in sentence]


def only(*names: str) -> Teams:
    """The teams, without anybody else."""
    return {"erasures.v1": [one for one in TEAMS["erasures.v1"] if one.username in names]}


def test_a_decision_that_nobody_may_make_or_propose_says_what_to_do() -> None:
    assert of_release(only("clerk", "heiress")) == [
        (
            f"{FILE}: decisions.release.decides: nobody is there as steward of erasures.v1 or "
            "owner of erasures.v1 on 2026-03-10; add who follows to the team of the contract, "
            "or name another office here."
        )
    ]
    assert of_release(only("chief"))[0].startswith(
        f"{FILE}: decisions.release.proposes: nobody is there as helper of erasures.v1 or steward"
    )


def test_four_eyes_need_two_who_are_there() -> None:
    assert of_release(only("officer"))[0].startswith(
        f"{FILE}: decisions.release.decides: only officer, who also proposes, is there as steward"
    )
    assert faults(FILE, replace(authority(four_eyes="false"), teams=only("officer")), DAY) == []
    assert faults(FILE, replace(authority(), teams=only("clerk", "officer")), DAY) == []


def test_a_routine_whose_decider_has_left_says_what_to_do_until_it_ends() -> None:
    with_routine = authority(more=ROUTINE)
    assert faults(FILE, with_routine, date(2026, 6, 30)) == []
    assert faults(FILE, with_routine, date(2026, 7, 1)) == [
        (
            f"{FILE}: routines.each-month.decided_by: chief may not decide release on "
            "2026-07-01; let who may now decide it anew, or take each-month out."
        )
    ]
    assert faults(FILE, with_routine, NOBODY_LEFT) == []


def test_a_file_that_cannot_be_read_is_told_as_the_others_are(tmp_path: Path) -> None:
    path = tmp_path / "governance" / FILE
    path.parent.mkdir()
    path.write_text(text().replace("true", "perhaps", 1), encoding="utf-8")
    assert who_decides(path, DAY)[0].startswith("governance/authority.yaml: decisions.release.")


def test_our_own_file_holds() -> None:
    assert who_decides(AUTHORITY_FILE, date(2026, 11, 29)) == []
