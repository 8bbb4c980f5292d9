"""What ingest says of somebody whose key was changed: who they were, and who they are."""

from collections.abc import Sequence
from typing import Any

import pytest

from schemas import catalogue
from schemas.codec import decode
from schemas.control import KEY_ROTATION, Link
from schemas.keyring import Keyring
from schemas.sources import Sources
from schemas.topics import TOUCHPOINTS
from schemas.vocabulary import IdentityKind, RecordKind
from schemas.yaml_file import parse
from services.ingest.collect import Collector
from services.ingest.domain.admission import admit
from services.ingest.domain.erasure import AskedErasure, Reference, subjects
from services.ingest.domain.linked import Linked
from services.ingest.domain.outcome import Accepted
from services.ingest.domain.pseudonym import pseudonym
from services.ingest.domain.rules import Rules, make_rules
from services.ingest.sending import Message, PublishFailed
from tests.unit.ingest.world import (
    AUTHORITY,
    CATALOGUE,
    EDGE,
    KEY,
    KEYS,
    NOW,
    RULES,
    SOURCES,
    RecordingWorld,
    arrival,
    batch,
    received,
    visit,
)

NEXT = b"another secret of the town"
FORMER = "{id: demo-town-1, agency: town, from: 2020-01-01T00:00:00Z, secret:"


def rotated(keys: str = KEYS) -> str:
    """The file of keys after a rotation."""
    ended = FORMER.replace("secret:", f"until: {NOW.isoformat()}, secret:")
    newer = FORMER.replace("demo-town-1", "demo-town-2").replace("2020", "2026")
    writes = f"{newer} {NEXT.decode()}}}"
    return keys.replace(FORMER, ended).replace("keys:\n", f"keys:\n  - {writes}\n", 1)


def rules_by(keys: str) -> Rules:
    """The small agency, with these keys."""
    return make_rules(
        catalogue.load([("town.yaml", CATALOGUE)]),
        parse(Sources, SOURCES, "sources.yaml"),
        parse(Keyring, keys, "keys.yaml"),
        AUTHORITY,
    )


ROTATED = rules_by(rotated())


def links(rules: Rules = ROTATED, source_id: str = "web", **changes: Any) -> Sequence[Link]:
    """Those of a visit."""
    outcome = admit(received(visit(**changes)), arrival(source_id), rules)
    assert isinstance(outcome, Accepted)
    return outcome.links


def test_in_the_overlap_the_key_of_now_writes_and_the_link_says_who_it_was() -> None:
    outcome = admit(received(), arrival(), ROTATED)
    assert isinstance(outcome, Accepted)
    now, before = (pseudonym(key, "citizen", "town", "42") for key in (NEXT, KEY))
    assert (outcome.record.subject, outcome.record.data.key_id) == (now, "demo-town-2")
    kind = IdentityKind.CITIZEN
    expected = Link(
        lower=before, lower_kind=kind, upper=now, upper_kind=kind, rule=KEY_ROTATION, time=NOW
    )
    assert outcome.links == (expected,)


def test_a_case_is_named_under_both_keys() -> None:
    [told] = links(case="A-1")
    expected = [pseudonym(key, "case", "parking", "A-1") for key in (KEY, NEXT)]
    assert [told.former_case, told.case] == expected
    [alone] = links(citizen=None, case="A-1")
    assert [alone.lower, alone.upper] == [alone.former_case, alone.case] == expected


def test_a_visitor_is_linked_as_a_visitor() -> None:
    [told] = links(citizen=None, visitor="v-1")
    assert [told.lower, told.upper] == [pseudonym(k, "visitor", "town", "v-1") for k in (KEY, NEXT)]


def test_who_may_not_be_linked_is_not() -> None:
    assert links(source_id="shy") == ()
    assert links(RULES) == ()


def test_each_former_key_has_a_link_of_its_own() -> None:
    third = "{id: old, agency: town, from: 2019-01-01T00:00:00Z, until: 2020-01-01T00:00:00Z,"
    keys = rotated().replace("keys:\n", f"keys:\n  - {third} secret: a much older secret}}\n", 1)
    told = links(rules_by(keys))
    assert len({one.lower for one in told}) == 2
    assert len({one.upper for one in told}) == 1


def test_an_erasure_goes_under_every_key_that_is_there() -> None:
    person = Reference(kind="citizen", issuer="town", id="42")
    meant = subjects(AskedErasure(id="er-1", agency="town", people=(person,)), ROTATED)
    assert set(meant) == {pseudonym(key, "citizen", "town", "42") for key in (KEY, NEXT)}


def sent_links(world: RecordingWorld) -> list[Message]:
    kind = ("kind", RecordKind.LINK.value.encode())
    return [one for one in world.messages if kind in one.headers]


async def test_a_link_goes_where_the_former_pseudonym_is_before_the_event_and_once() -> None:
    world = RecordingWorld()
    collector = Collector(ROTATED, world, world, EDGE)
    await collector.collect(batch(received(), received(id="e-2")))
    await collector.collect(batch(received(id="e-3")))
    [first, *_] = world.messages
    assert sent_links(world) == [first]
    link = decode(Link, first.value)
    assert (first.topic, first.key) == (TOUCHPOINTS, link.lower.encode())
    await collector.collect(batch(received(visit(case="A-1"), id="e-4")))
    assert len(sent_links(world)) == 2


async def test_a_link_that_was_not_acknowledged_is_sent_again() -> None:
    world = RecordingWorld(is_away=True)
    collector = Collector(ROTATED, world, world, EDGE)
    with pytest.raises(PublishFailed):
        await collector.collect(batch(received()))
    world.is_away = False
    await collector.collect(batch(received()))
    assert len(sent_links(world)) == 1


def test_what_was_sent_is_forgotten_before_it_grows_without_end() -> None:
    def outcome(citizen: str) -> Accepted:
        found = admit(received(visit(citizen=citizen)), arrival(), ROTATED)
        assert isinstance(found, Accepted)
        return found

    linked = Linked(most=2)
    for number in range(4):
        linked.add(outcome(str(number)).links)
    assert linked.missing([outcome("3")]) == []
    assert linked.missing([outcome("0")]) != []
