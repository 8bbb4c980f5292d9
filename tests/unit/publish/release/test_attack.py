"""Nobody with a solver finds out what was hidden, from all releases and revisions together."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.public_metric import PublicMetric
from services.publish.domain.release.exposure import exposed
from services.publish.domain.release.policy import Policy
from services.publish.domain.release.protection import protected
from services.publish.domain.release.suppression import Decision, sensitive
from services.publish.domain.release.tables import tables
from tests.unit.publish.release.attack import Attacker, Group, suppressed
from tests.unit.publish.release.town import (
    ASSISTED,
    DIGITAL,
    MONTHS,
    QUARTER,
    Town,
    every_group,
    facts,
    messages,
    released,
    secrets,
)

K = Policy().k


def found_out(records: Sequence[PublicMetric], town: Town) -> list[str]:
    """The suppressed records whose numerator or complement the attacker confines."""
    attacker = Attacker(facts(records, town), every_group(town))
    return [
        f"{record.metric_id} {record.dimensions} {record.period_start:%Y-%m}"
        for record in suppressed(records)
        for groups in secrets(record, town)
        if attacker.finds_out(groups, K)
    ]


def town_of(*sizes: int) -> Town:
    """A town whose groups have these sizes, over and over."""
    ends, channels = ("success", "abandoned", "error", "informed"), ("website", "phone")
    services = ("permits", "passports")
    groups: list[Group] = [
        (m, s, o, c) for m in MONTHS for s in services for o in ends for c in channels
    ]
    groups += [
        (m, s, "success", c, how)
        for m in MONTHS
        for s in services
        for c in channels
        for how in (DIGITAL, ASSISTED)
    ]
    return {group: sizes[number % len(sizes)] for number, group in enumerate(groups)}


REAL = town_of(412, 268, 57, 31, 3, 6, 48, 22, 139, 61, 18, 2, 0, 4, 11, 27, 640, 1, 12)


def test_nothing_is_found_out_in_a_real_town() -> None:
    records = released(REAL)
    hidden = suppressed(records)
    assert 0 < len(hidden) <= 48  # of 192: what protects the small ones is chosen with care
    assert len(records) == 192
    assert found_out(records, REAL) == []


def test_take_up_is_of_the_completed_and_gives_nobody_away_who_gave_up() -> None:
    """The completed less than all who ended would be the four who fell silent."""
    here = (MONTHS[0], "permits")
    town: Town = {
        (*here, "success", "website"): 200,
        (*here, "success", "website", DIGITAL): 300,
        (*here, "success", "website", ASSISTED): 100,
        (*here, "abandoned", "website"): 4,
    }
    records = released(town, (MONTHS[0],))
    assert "abandonment_rate" in {one.metric_id for one in suppressed(records)}
    assert found_out(records, town) == []


@settings(max_examples=2, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([0, 1, 4, 9, 12, 40, 300]), min_size=5, max_size=17))
def test_nothing_is_found_out_in_any_town(sizes: list[int]) -> None:
    town = town_of(*sizes)
    assert found_out(released(town, (MONTHS[0],)), town) == []


def test_nothing_is_found_out_when_the_quarter_comes_first() -> None:
    assert found_out(released(REAL, (QUARTER, MONTHS[2])), REAL) == []


def test_without_complementary_suppression_a_small_number_is_found_out() -> None:
    town = REAL
    built = tables(m for m in messages(town) if m.period_start.month == 9)
    decision = Decision(sensitive(built, Policy()))
    shown = {c for s in built.statistics.values() if not decision.why(s) for c in s.tells}
    assert list(exposed(built, shown, decision.sensitive, K))
    safe = protected(built, decision, [*built.statistics.values()], {*built.statistics}, K)
    left = {c for s in built.statistics.values() if not safe.why(s) for c in s.tells}
    assert list(exposed(built, left, safe.sensitive, K)) == []


def test_every_group_is_in_the_attackers_world() -> None:
    assert set(REAL) <= set(every_group(REAL))
