"""Who answers for the data of each topic, and what is promised of it: a contract for its people."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import yaml

from schemas.access import Access, Classification, Grant, PersonalData, grants_of
from schemas.team import Member, members_of
from schemas.topics import NAMES

_SECONDS = {"s": 1, "min": 60, "h": 3600}
_DAYS = {"d": 1.0, "y": 365.25}
OWNER, STEWARD = "owner", "steward"


@dataclass(frozen=True)
class DataSet:
    """One contract. `kept` is None where the newest of each key stays; `available` is a share."""

    name: str
    title: str
    version: str
    purpose: str
    limitations: str
    classification: Classification
    personal_data: tuple[PersonalData, ...]
    team: tuple[Member, ...]
    grants: tuple[Grant, ...]
    kept: timedelta | None
    latency: timedelta
    available: float | None

    def who(self, role: str, day: date) -> tuple[str, ...]:
        """Who of the team is it on that day."""
        return tuple(one.username for one in self.team if one.role == role and one.is_here(day))

    def granted(self, access: Access) -> tuple[str, ...]:
        """The roles that may do so, by name."""
        return tuple(sorted({one.role for one in self.grants if one.access is access}))


def read_data_set(text: str) -> DataSet:
    """Read one ODCS document; raises KeyError or ValueError for what `deploy.contracts` refuses."""
    contract = yaml.safe_load(text)
    custom = {entry["property"]: entry["value"] for entry in contract["customProperties"]}
    promised = {entry["property"]: entry for entry in contract["slaProperties"]}
    return DataSet(
        name=contract["schema"][0]["name"],
        title=contract["name"],
        version=contract["version"],
        purpose=contract["description"]["purpose"],
        limitations=contract["description"]["limitations"],
        classification=Classification(custom["classification"]),
        personal_data=tuple(PersonalData(word) for word in custom.get("personalData", ())),
        team=tuple(members_of(contract)),
        grants=tuple(grants_of(contract)),
        kept=_kept(promised["retention"]),
        latency=timedelta(seconds=promised["latency"]["value"] * _seconds(promised["latency"])),
        available=promised["availability"]["value"] / 100 if "availability" in promised else None,
    )


def _kept(promised: Mapping[str, Any]) -> timedelta | None:
    if "unit" not in promised:
        return None
    return timedelta(days=math.ceil(promised["value"] * _DAYS[promised["unit"]]))


def _seconds(promised: Mapping[str, Any]) -> int:
    return _SECONDS[promised["unit"]]


def _load(name: str) -> DataSet:
    contract = files("schemas") / "contracts" / f"{name}.odcs.yaml"
    return read_data_set(contract.read_text(encoding="utf-8"))


DATA_SETS: tuple[DataSet, ...] = tuple(_load(name) for name in NAMES)
_BY_NAME = {one.name: one for one in DATA_SETS}


def data_set(name: str) -> DataSet:
    """The contract of a topic; raises KeyError for a topic that has none."""
    return _BY_NAME[name]
