"""How long a key is needed, and what is said of one that is gone too early."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas import catalogue
from schemas.key_life import destroyed_too_early, lost, needed_until
from schemas.keyring import Keyring, PseudonymKey
from tests.unit.ingest.world import CATALOGUE

UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
TOWN = catalogue.load([("town.yaml", CATALOGUE)])
# A day, the longest journey with its follow-up and grace, and its last snapshot in its segment.
NEEDED = UNTIL + timedelta(days=1 + 730 + 180 + 60 + 1100 + 1)
SEALING = {"id": "seal", "secret": "0f" * 32}


def span(name: str, until: datetime | None) -> dict[str, Any]:
    valid_from = UNTIL - timedelta(days=365) if until else UNTIL
    return {"id": name, "agency": "town", "from": valid_from, "until": until}


def key(name: str, until: datetime | None) -> PseudonymKey:
    return PseudonymKey.model_validate(span(name, until) | {"secret": f"the secret of key {name}"})


def keyring(*keys: PseudonymKey, **destroyed: datetime) -> Keyring:
    gone = [span(name, UNTIL) | {"destroyed": at} for name, at in destroyed.items()]
    return Keyring.model_validate({"keys": keys, "destroyed": gone, "sealing": SEALING})


def test_a_key_is_needed_as_long_as_the_last_record_made_with_it_may_be_there() -> None:
    assert needed_until(key("former", UNTIL), TOWN) == NEEDED


def test_a_key_that_writes_is_needed() -> None:
    assert needed_until(key("now", None), TOWN) is None


def test_a_service_that_waits_longer_makes_a_key_needed_longer() -> None:
    slow = CATALOGUE.replace(
        "    time_zone: Europe/Amsterdam\n",
        "    time_zone: Europe/Amsterdam\n    windows: {grace: P90D}\n",
        1,
    )
    patient = catalogue.load([("town.yaml", slow)])
    assert needed_until(key("former", UNTIL), patient) == NEEDED + timedelta(days=30)


def test_a_key_that_was_destroyed_in_time_is_nobodys_business() -> None:
    assert list(destroyed_too_early(keyring(key("now", None), former=NEEDED), TOWN, NEEDED)) == []


def test_one_destroyed_too_early_is_told_with_the_day_from_which_it_may_be() -> None:
    [told] = destroyed_too_early(
        keyring(key("now", None), former=NEEDED - timedelta(seconds=1)), TOWN, NEEDED
    )
    assert told == (
        f"key former: what was made with it may be there until {NEEDED:%Y-%m-%d}; keep it among "
        "`keys` until then, and name it in `destroyed` when it is gone"
    )


def test_one_is_not_destroyed_on_a_day_that_has_not_come() -> None:
    at = NEEDED + timedelta(seconds=1)
    ring = keyring(key("now", None), former=at)
    assert list(destroyed_too_early(ring, TOWN, at)) == []
    told = "key former: `destroyed` is later than now; keep it among `keys` until then"
    assert list(destroyed_too_early(ring, TOWN, NEEDED)) == [told]


def test_a_key_that_is_there_no_more_is_missed() -> None:
    before = [key("former", UNTIL), key("now", None)]
    assert list(lost(before, keyring(*before), TOWN)) == []
    assert [told.split(":")[0] for told in lost(before, keyring(before[1]), TOWN)] == ["key former"]
    assert list(lost(before, keyring(before[1], former=NEEDED), TOWN)) == []


def test_the_key_that_writes_is_not_taken_away() -> None:
    [told] = lost([key("now", None)], keyring(key("next", None)), TOWN)
    assert told == "key now: it writes; give it an `until` and its agency another key first"
