"""`keys`: what each pseudonym key is good for, how long it is needed, and that one is destroyed."""

from datetime import datetime
from typing import NamedTuple

from rich.table import Table

from schemas.approval import Refused, approve
from schemas.audit import DecisionRecord, on_record
from schemas.key_life import needed_until, too_early
from schemas.keyring import DestroyedKey, PseudonymKey
from schemas.vocabulary import Decision
from schemas.yaml_file import nearest
from services.ingest.domain.rules import Rules


class KeyRefused(Exception):
    """A key may not be destroyed; the message says why, and when or whom to ask."""


class Destruction(NamedTuple):
    """That a key is destroyed: the record of it, and what is written for it under `destroyed`."""

    record: DecisionRecord
    entry: str


def destruction(
    rules: Rules, name: str, proposer: str, decider: str | None, now: datetime
) -> Destruction:
    """The decision that a key is destroyed, which nothing needs any more. Raises KeyRefused."""
    key = _known(rules, name)
    needed = needed_until(key, rules.catalogue)
    if needed is None or now < needed:
        raise KeyRefused(too_early(key, needed))
    found = approve(Decision.DESTROY_KEY, proposer, decider, now.date(), rules.authority)
    if isinstance(found, Refused):
        raise KeyRefused(found.sentence)
    return Destruction(on_record(found, name, now), _entry(key, now))


def _known(rules: Rules, name: str) -> PseudonymKey:
    known = {key.id: key for keys in rules.all_keys.values() for key in keys}
    if name not in known:
        raise KeyRefused(f"there is no key {name}; {nearest(name, list(known))}")
    return known[name]


def _entry(key: PseudonymKey, now: datetime) -> str:
    span = key.model_dump(exclude={"secret"}, exclude_none=True, by_alias=True)
    gone = DestroyedKey.model_validate({**span, "destroyed": now.replace(microsecond=0)})
    fields = gone.model_dump(mode="json", exclude_none=True, by_alias=True).items()
    return "- {" + ", ".join(f"{field}: {value}" for field, value in fields) + "}"


def listed_keys(rules: Rules) -> Table:
    """A line for each key that is there, without its secret."""
    table = Table("agency", "key", "from", "until", "may be destroyed from")
    for agency, keys in sorted(rules.all_keys.items()):
        for key in keys:
            until = f"{key.until:%Y-%m-%d %H:%M}" if key.until else "it writes"
            needed = needed_until(key, rules.catalogue)
            last = f"{needed:%Y-%m-%d}" if needed else "not while it writes"
            table.add_row(agency, key.id, f"{key.valid_from:%Y-%m-%d %H:%M}", until, last)
    return table
