"""Entries as a sorted set of touchpoint events."""

from datetime import UTC, datetime
from itertools import pairwise

from msgspec.structs import replace

from schemas.vocabulary import Action
from services.journey.domain.entries import (
    RANK,
    Help,
    Opinion,
    entry_of,
    hash_of,
    holds,
    insert,
    pack_id,
    union,
    without,
)
from tests.builders import pseudonym, record, uid
from tests.unit.journey.builders import day, entry

FIRST = entry(Action.VISITED, day(0), 1)


def test_an_entry_keeps_what_a_journey_needs_as_plain_words() -> None:
    told = record(
        "a",
        action="answered",
        touchpoint="exit",
        sequence=3,
        case=pseudonym("case"),
        feedback={
            "about": "journey",
            "instrument": "exit",
            "construct": "ease",
            "scale": "1..5",
            "answer": 2,
            "drivers": [{"driver": "ease", "polarity": "negative", "chosen": 1}],
        },
        contact={"reason": "chase", "avoidable": True},
    )
    made = entry_of(told)
    assert made == entry(
        Action.ANSWERED,
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        hash_of("/web/permits", "a"),
        uid=uid("a"),
        touchpoint="exit",
        sequence=3,
        case=pseudonym("case"),
        opinion=Opinion("journey", "exit", "ease", "1..5", 2, drivers=(("ease", "negative", 1),)),
        help=Help("chase", avoidable=True),
    )
    assert {type(made.action), type(made.stage), type(made.channel)} == {str}


def test_entries_sort_by_time_then_sequence_then_action_then_id_then_origin() -> None:
    in_order = [
        FIRST,
        entry(Action.VISITED, day(1), 9),
        entry(Action.SUBMITTED, day(1), 2),
        entry(Action.SUBMITTED, day(1), 3),
        entry(Action.SUBMITTED, day(1), 3, origin="visitor"),
        entry(Action.VISITED, day(1), 1, sequence=1),
    ]
    assert all(one.order < next_.order for one, next_ in pairwise(in_order))


def test_actions_rank_in_the_order_of_the_vocabulary() -> None:
    assert sorted(RANK, key=RANK.__getitem__) == list(Action)


def test_an_id_is_told_apart_from_one_that_only_reads_the_same() -> None:
    assert hash_of("/a", "bc") != hash_of("/ab", "c")


def test_of_two_copies_the_one_that_sorts_first_stays_whichever_came_first() -> None:
    later = replace(FIRST, time=day(5))
    assert insert([FIRST], later) == insert([later], FIRST) == [FIRST]


def test_the_copy_that_stays_keeps_the_uid_of_the_one_that_was_here() -> None:
    later = replace(FIRST, time=day(5), uid=uid("published"))
    [kept] = insert([later], FIRST)
    assert (kept.time, kept.uid) == (day(0), uid("published"))


def test_copies_of_two_origins_are_both_kept() -> None:
    copy = replace(FIRST, origin="visitor")
    assert insert([FIRST], copy) == [FIRST, copy]


def test_a_union_holds_what_is_in_both_once() -> None:
    other = entry(Action.SAVED, day(1), 2)
    assert union([FIRST], [FIRST, other]) == [FIRST, other]


def test_without_takes_out_what_one_origin_brought() -> None:
    copy = replace(FIRST, origin="visitor")
    assert without([FIRST, copy], "visitor") == [FIRST]


def test_a_row_of_ids_holds_only_whole_ids() -> None:
    row = pack_id(0x0102030405060708) + pack_id(0x1112131415161718)
    across = row[4:12]
    assert holds(row, pack_id(0x1112131415161718))
    assert not holds(row, across)
    assert not holds(b"", pack_id(1))


def test_an_id_behind_a_match_across_two_is_found() -> None:
    wanted = b"abcdefgh"
    assert holds(b"1234abcd" + b"efgh5678" + wanted, wanted)
