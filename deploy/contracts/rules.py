"""What every contract must say: each rule gives a sentence of where, what and what to do next."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from schemas.access import (
    COLLECTS,
    READS_AT_MOST,
    WRITERS,
    Access,
    Classification,
    PersonalData,
)
from schemas.team import Member, members_of
from schemas.topics import TOUCHPOINTS

Contract = Mapping[str, Any]
Rule = Callable[[Contract, date], Iterator[str]]
KEPT_FOR_EVER = "newest of each key"
_DAYS = {"d": 1.0, "y": 365.25}
_DAY_MILLISECONDS = 86_400_000
_NOBODYS = (Classification.INTERNAL, Classification.PUBLIC)


def faults(file: str, contract: Contract, today: date) -> list[str]:
    """A sentence for each fault of one contract, which the standard's own schema accepts."""
    return [f"{file}: {sentence}" for rule in RULES for sentence in rule(contract, today)]


def _owners(contract: Contract, today: date) -> Iterator[str]:
    for role in ("owner", "steward"):
        members = [one for one in members_of(contract) if one.role == role]
        if not members:
            yield f"team.members: nobody is {role}; add who is, with role: {role} and dateIn."
        elif not any(one.is_here(today) for one in members):
            last = members[-1]
            yield f"team.members: {role} {last.username} is not here on {today}{_successor(last)}"


def _successor(member: Member) -> str:
    """What to do, by whether the one who left said who follows."""
    if member.heir:
        return f"; {member.heir} follows: add them, with role: {member.role} and dateIn."
    return f"; add who follows, with role: {member.role} and dateIn."


def _approvers(contract: Contract, today: date) -> Iterator[str]:
    here = {one.username for one in members_of(contract) if one.is_here(today)}
    for role, field, names in _named_approvers(contract):
        if not names:
            yield f"roles.{role}.{field}: nobody approves; name a member of the team."
        for name in sorted(names - here):
            yield (
                f"roles.{role}.{field}: {name} is not in the team on {today}; "
                "name a member who is here."
            )


def _four_eyes(contract: Contract, _: date) -> Iterator[str]:
    levels: dict[str, list[frozenset[str]]] = {}
    for role, _field, names in _named_approvers(contract):
        levels.setdefault(role, []).append(names)
    for role, named in levels.items():
        if named[0] & named[1]:
            yield (
                f"roles.{role}.secondLevelApprovers: {', '.join(sorted(named[0] & named[1]))} "
                "approves twice; name somebody else at one of the levels."
            )


def _retention(contract: Contract, _: date) -> Iterator[str]:
    promised = _sla(contract, "retention")
    if promised is None:
        yield (
            "slaProperties.retention: missing; say how long records are kept, in d or y, "
            f"or {KEPT_FOR_EVER!r}."
        )
        return
    kept = int(_custom(contract).get("configuration", {}).get("retention.ms", -1))
    if _milliseconds(promised) != kept:
        yield (
            f"slaProperties.retention: {promised['value']} {promised.get('unit', '')}".rstrip()
            + f" is promised and retention.ms is {kept}; make them the same."
        )


def _milliseconds(promised: Mapping[str, Any]) -> int | None:
    """-1 for ever, as Kafka says it; None for what nobody can reckon with."""
    if promised["value"] == KEPT_FOR_EVER:
        return -1
    if not isinstance(promised["value"], int | float) or promised.get("unit") not in _DAYS:
        return None
    return math.ceil(promised["value"] * _DAYS[promised["unit"]]) * _DAY_MILLISECONDS


def _classification(contract: Contract, _: date) -> Iterator[str]:
    said = _custom(contract).get("classification")
    if said not in set(Classification):
        known = ", ".join(Classification)
        yield f"customProperties.classification: {said or 'missing'}; write one of {known}."


def _personal_data(contract: Contract, _: date) -> Iterator[str]:
    custom, known = _custom(contract), ", ".join(PersonalData)
    said = custom.get("personalData", [])
    if custom.get("classification") == Classification.PERSONAL and not said:
        yield f"customProperties.personalData: missing; list what it holds of a person: {known}."
    elif custom.get("classification") in _NOBODYS and said:
        yield "customProperties.personalData: what holds it is classified as personal; write so."
    for word in sorted(set(said) - set(PersonalData)):
        yield f"customProperties.personalData: {word} is unknown; write one of {known}."


def _writers(contract: Contract, _: date) -> Iterator[str]:
    topic = contract["schema"][0]["name"]
    for role in sorted(_roles(contract, Access.WRITE) - WRITERS.get(topic, frozenset())):
        yield (
            f"roles.{role}: may not write {topic}; take the entry out, or, when it was decided "
            "so, name the role in WRITERS of schemas/access.py."
        )


def _readers(contract: Contract, _: date) -> Iterator[str]:
    topic, said = contract["schema"][0]["name"], _custom(contract).get("classification")
    for role in sorted(_roles(contract, Access.READ)):
        if topic == TOUCHPOINTS and role in COLLECTS:
            yield (
                f"roles.{role}: collects, and may not read {topic} too; take the entry out, and "
                "let what must read it use a role of its own."
            )
        elif role in READS_AT_MOST and said not in READS_AT_MOST[role]:
            yield f"roles.{role}: may not read what is {said}; take the entry out."


def _known_access(contract: Contract, _: date) -> Iterator[str]:
    for entry in contract.get("roles", ()):
        if entry.get("access") not in set(Access):
            known = ", ".join(Access)
            yield f"roles.{entry['role']}.access: {entry.get('access')}; write one of {known}."


RULES: tuple[Rule, ...] = (
    _owners,
    _approvers,
    _four_eyes,
    _retention,
    _classification,
    _personal_data,
    _known_access,
    _writers,
    _readers,
)


def _named_approvers(contract: Contract) -> Iterator[tuple[str, str, frozenset[str]]]:
    for entry in contract.get("roles", ()):
        for field in ("firstLevelApprovers", "secondLevelApprovers"):
            names = {name.strip() for name in entry.get(field, "").split(",")}
            yield entry["role"], field, frozenset(names - {""})


def _roles(contract: Contract, access: Access) -> set[str]:
    return {one["role"] for one in contract.get("roles", ()) if one.get("access") == access}


def _custom(contract: Contract) -> dict[str, Any]:
    return {one["property"]: one["value"] for one in contract.get("customProperties", ())}


def _sla(contract: Contract, name: str) -> Mapping[str, Any] | None:
    found = [one for one in contract.get("slaProperties", ()) if one["property"] == name]
    return found[0] if found else None
