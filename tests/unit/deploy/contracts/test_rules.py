"""Each broken contract, and the sentence it is refused with."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.contracts.__main__ import FOLDER, check, unlike_the_standard
from deploy.contracts.rules import faults
from schemas.access import WRITERS
from schemas.topics import NAMES

TODAY = date(2026, 11, 29)
FILE = "touchpoints.yaml"
Contract = dict[str, Any]
Change = Callable[[Contract], object]


def contract() -> Contract:
    text = (FOLDER / "touchpoints.v1.odcs.yaml").read_text(encoding="utf-8")
    read: Contract = yaml.safe_load(text)
    return read


def owner(found: Contract) -> Contract:
    return found["team"]["members"][0]  # type: ignore[no-any-return]


def role(name: str, access: str) -> Contract:
    approvers = {
        "firstLevelApprovers": "ingest-steward",
        "secondLevelApprovers": "channel-owner",
    }
    return {"role": name, "access": access, **approvers}


def custom(found: Contract, name: str) -> Contract:
    [one] = [each for each in found["customProperties"] if each["property"] == name]
    return one  # type: ignore[no-any-return]


def told(change: Change, today: date = TODAY) -> list[str]:
    found = contract()
    change(found)
    return faults(FILE, found, today)


def test_without_an_owner_a_topic_is_refused() -> None:
    assert told(lambda c: owner(c).update(role="reader")) == [
        f"{FILE}: team.members: nobody is owner; add who is, with role: owner and dateIn."
    ]


def test_an_owner_who_left_is_named_and_so_is_who_follows() -> None:
    sentences = told(lambda c: owner(c).update(dateOut="2026-11-28", replacedByUsername="kim"))
    assert sentences[0] == (
        f"{FILE}: team.members: owner channel-owner is not here on 2026-11-29; "
        "kim follows: add them, with role: owner and dateIn."
    )


def test_who_leaves_today_is_still_here_and_who_comes_tomorrow_is_not() -> None:
    assert told(lambda c: owner(c).update(dateOut="2026-11-29")) == []
    sentences = told(lambda c: owner(c).update(dateIn="2026-11-30"))
    assert sentences[0] == (
        f"{FILE}: team.members: owner channel-owner is not here on 2026-11-29; "
        "add who follows, with role: owner and dateIn."
    )


def test_a_successor_takes_the_place_of_an_owner_who_left() -> None:
    def hand_over(found: Contract) -> None:
        owner(found).update(dateOut="2026-06-30", replacedByUsername="kim")
        found["team"]["members"].append(
            {"username": "kim", "role": "owner", "dateIn": "2026-07-01"}
        )
        for entry in found["roles"]:
            entry["secondLevelApprovers"] = "kim"

    assert told(hand_over) == []


def test_an_approver_who_left_is_refused() -> None:
    sentence = (
        f"{FILE}: roles.auditor.firstLevelApprovers: robin is not in the team on 2026-11-29; "
        "name a member who is here."
    )

    def leave(found: Contract) -> None:
        gone = {"username": "robin", "role": "steward", "dateOut": "2026-01-31"}
        found["team"]["members"].append(gone)
        auditor = next(one for one in found["roles"] if one["role"] == "auditor")
        auditor["firstLevelApprovers"] = "robin"

    assert told(leave) == [sentence]


def test_both_levels_of_approval_have_a_name_and_not_the_same() -> None:
    def unnamed(found: Contract) -> None:
        found["roles"][0].pop("secondLevelApprovers")

    assert told(unnamed) == [
        f"{FILE}: roles.collector.secondLevelApprovers: nobody approves; name a member of the team."
    ]
    assert told(lambda c: c["roles"][0].update(secondLevelApprovers="ingest-steward")) == [
        (
            f"{FILE}: roles.collector.secondLevelApprovers: ingest-steward approves twice; "
            "name somebody else at one of the levels."
        )
    ]


def test_without_a_retention_a_topic_is_refused() -> None:
    assert told(lambda c: c.update(slaProperties=[])) == [
        (
            f"{FILE}: slaProperties.retention: missing; say how long records are kept, in d or y, "
            "or 'newest of each key'."
        )
    ]


@pytest.mark.parametrize(
    "promised",
    [{"value": 28, "unit": "d"}, {"value": 27, "unit": "h"}, {"value": "newest of each key"}],
)
def test_a_retention_that_is_not_what_the_broker_is_told_is_refused(promised: Contract) -> None:
    [sentence] = told(lambda c: c.update(slaProperties=[{"property": "retention", **promised}]))
    assert sentence.endswith("is promised and retention.ms is 2332800000; make them the same.")


def test_a_contract_says_how_private_its_records_are() -> None:
    assert told(lambda c: custom(c, "classification").update(value="secret")) == [
        f"{FILE}: customProperties.classification: secret; write one of personal, internal, public."
    ]


def test_a_contract_says_what_it_holds_of_a_person() -> None:
    known = "raw_identifiers, sealed_originals, pseudonyms, contacts, answers, free_text, "
    [missing] = told(lambda found: custom(found, "personalData").update(value=[]))
    assert missing.startswith(
        f"{FILE}: customProperties.personalData: missing; list what it holds of a person: {known}"
    )
    [unknown] = told(lambda found: custom(found, "personalData").update(value=["names"]))
    assert unknown.startswith(f"{FILE}: customProperties.personalData: names is unknown; write one")
    [open_] = told(lambda found: custom(found, "classification").update(value="internal"))
    assert open_ == (
        f"{FILE}: customProperties.personalData: what holds it is classified as personal; write so."
    )


def test_a_role_that_writes_outside_its_topics_is_refused() -> None:
    assert told(lambda c: c["roles"].append(role("metrics", "write"))) == [
        (
            f"{FILE}: roles.metrics: may not write touchpoints.v1; take the entry out, or, when it "
            "was decided so, name the role in WRITERS of schemas/access.py."
        )
    ]


@pytest.mark.parametrize("collects", ["collector", "internal-system"])
def test_nobody_both_collects_and_reads_touchpoints(collects: str) -> None:
    assert told(lambda c: c["roles"].append(role(collects, "read"))) == [
        (
            f"{FILE}: roles.{collects}: collects, and may not read touchpoints.v1 too; take the "
            "entry out, and let what must read it use a role of its own."
        )
    ]


def test_what_faces_the_public_reads_nothing_of_persons() -> None:
    assert told(lambda c: c["roles"].append(role("publish-public", "read"))) == [
        f"{FILE}: roles.publish-public: may not read what is personal; take the entry out."
    ]


def test_an_access_nobody_knows_is_refused() -> None:
    assert told(lambda c: c["roles"].append(role("auditor", "admin"))) == [
        f"{FILE}: roles.auditor.access: admin; write one of read, write, describe."
    ]


def test_what_the_standard_refuses_is_told_with_its_place() -> None:
    [sentence] = unlike_the_standard(FILE, contract() | {"kind": "Agreement"})
    assert sentence.startswith(f"{FILE}: kind: 'Agreement' is not one of")


def test_every_topic_has_writers_and_no_other_has() -> None:
    assert set(WRITERS) == set(NAMES)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_our_own_contracts_hold(path: Path) -> None:
    assert check(path, TODAY) == []
