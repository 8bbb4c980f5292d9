"""Nobody finds out from a revision, together with all that was public before, what was hidden. The
attacker even knows in which groups something changed, and that nothing did in all others; and
nothing is rounded for him.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pytest

from schemas.metric import MetricMessage
from schemas.public_metric import PublicMetric, number_of
from schemas.vocabulary import PublishState, RevisionReason
from services.publish.domain.period import Period
from services.publish.domain.release.asked import Asked, latest
from services.publish.domain.release.draft import Draft, draft
from services.publish.domain.release.policy import Policy
from tests.unit.publish.release.attack import Attacker, Fact, Group, suppressed
from tests.unit.publish.release.town import Town, every_group, facts, messages, secrets

POLICY, SEPTEMBER = Policy(base=1), Period.parse("2026-09")
FIRST, REVISED = date(2026, 12, 1), date(2027, 1, 15)
SIZES = {"success": 500, "error": 4, "abandoned": 200, "informed": 90}


def town(**changes: int) -> Town:
    sizes = SIZES | changes
    here: Town = {("2026-09", "permits", outcome, "website"): n for outcome, n in sizes.items()}
    return {**here, ("2026-09", "passports", "success", "phone"): 300}


BEFORE = town()


def books(now: Town) -> list[MetricMessage]:
    """What metrics tells: what is not as it was, is a revision."""
    first = {one.model_dump_json() for one in messages(BEFORE)}
    change = {"revision": 1, "revision_reason": RevisionReason.LATE_ENTRY}
    return [
        one if one.model_dump_json() in first else one.model_copy(update=change)
        for one in messages(now)
    ]


def made(now: Town, before: Sequence[PublicMetric], day: date) -> Draft:
    return draft(books(now), Asked(SEPTEMBER, latest(before), day, POLICY))


def written(made_: Draft) -> list[PublicMetric]:
    return [row.record for row in made_.rows]


OPENED = written(made(BEFORE, [], FIRST))


class Worlds:
    """The groups before and after; those in which nothing changed are the same in both."""

    def __init__(self, now: Town) -> None:
        self.now = now
        self._changed = {one for one in {*BEFORE, *now} if BEFORE.get(one) != now.get(one)}

    def groups(self, when: str, groups: Iterable[Group]) -> frozenset[Group]:
        return frozenset((when, *one) if one in self._changed else one for one in groups)

    def every_group(self) -> list[Group]:
        everywhere = every_group(BEFORE)
        return [*{g for when in ("then", "now") for g in self.groups(when, everywhere)}]

    def facts(self, when: str, records: Iterable[PublicMetric]) -> list[Fact]:
        found = facts(records, BEFORE)
        return [Fact(self.groups(when, groups), low, high) for groups, low, high in found]


def found_out(now: Town, later: Sequence[PublicMetric]) -> set[str]:
    """Of what was suppressed at first, what the attacker confines."""
    worlds = Worlds(now)
    told = [*worlds.facts("then", OPENED), *worlds.facts("now", moved(later))]
    attacker = Attacker(told, worlds.every_group())
    return {
        record.metric_id
        for record in suppressed(OPENED)
        for groups in secrets(record, BEFORE)
        if attacker.finds_out(worlds.groups("then", groups), POLICY.k)
    }


def moved(later: Iterable[PublicMetric]) -> list[PublicMetric]:
    """The later records with those counts only that are not told as they were."""
    were = latest(OPENED)

    def news(record: PublicMetric) -> Mapping[str, int]:
        old = were[number_of(record)].counts or {}
        return {name: n for name, n in (record.counts or {}).items() if old.get(name) != n}

    return [one.model_copy(update={"counts": dict(news(one))}) for one in later]


CHANGES = {
    "what was hidden grows": town(error=400),
    "what is shown grows": town(success=900),
    "what protected another shrinks": town(abandoned=140),
    "all of it changes": town(success=460, error=60, abandoned=260, informed=150),
}


@pytest.mark.parametrize("now", CHANGES.values(), ids=CHANGES)
def test_a_revision_gives_nothing_away_of_what_was_hidden(now: Town) -> None:
    later = written(made(now, OPENED, REVISED))
    assert suppressed(OPENED)
    assert later
    assert found_out(now, later) == set()


def test_were_it_not_hidden_again_it_would_be_found_out() -> None:
    now = CHANGES["what was hidden grows"]
    afresh = written(made(now, [], REVISED))
    assert found_out(now, afresh)
    hidden = {number_of(one) for one in suppressed(OPENED)}
    assert hidden > {number_of(one) for one in suppressed(afresh)}


def test_where_a_revision_would_give_something_away_there_is_none() -> None:
    few_left = town(abandoned=0, success=900)
    found = made(few_left, OPENED, REVISED)
    assert found.given_away
    assert not found.rows


def test_what_one_agency_gave_away_does_not_lock_the_others() -> None:
    def with_another(here: list[MetricMessage], there: list[MetricMessage]) -> list[MetricMessage]:
        moved_there = [
            one.model_copy(
                update={"dimensions": one.dimensions.model_copy(update={"agency": "another"})}
            )
            for one in there
        ]
        return [*here, *moved_there]

    before = with_another(books(BEFORE), books(BEFORE))
    opened = written(draft(before, Asked(SEPTEMBER, {}, FIRST, POLICY)))
    now = with_another(books(town(abandoned=0, success=900)), books(town(success=900)))
    found = draft(now, Asked(SEPTEMBER, latest(opened), REVISED, POLICY))
    assert set(found.given_away) == {"office"}
    assert {row.record.dimensions.agency for row in found.rows} == {"another"}


def test_a_measure_that_is_public_from_now_on_does_not_tell_what_another_hid() -> None:
    """Who gave up is those who were silent: 4 at first, and 400 by now."""
    few, many = books(town(abandoned=4)), books(town(abandoned=400))
    asked = Asked(SEPTEMBER, {}, FIRST, POLICY)
    rates = [one for one in few if one.metric_id != "journeys_ended"]
    first = written(draft(rates, asked))
    assert "abandonment_rate" in {one.metric_id for one in suppressed(first)}
    later = written(draft(many, Asked(SEPTEMBER, latest(first), FIRST, POLICY)))
    told = {
        one.dimensions.outcome
        for one in later
        if one.dimensions.service == "permits" and one.state is not PublishState.SUPPRESSED
    }
    assert told
    assert not {"abandoned", "expired"} <= told  # their sum is who was silent
