"""The command: what is refused, what is written in which order, and that it ends whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from schemas import authority
from schemas.audit import DecisionRecord
from schemas.authority import AUTHORITY_FILE
from schemas.codec import decode, encode
from schemas.metric import MetricMessage, key_of
from schemas.public_metric import PublicMetric, number_of, public_key
from schemas.team import Member
from schemas.topics import AUDIT
from schemas.vocabulary import Decision, Flag, PublishState
from services.publish.__main__ import program
from services.publish.adapters.whole_topic import Whole
from services.publish.commands.release import (
    Proposed,
    ReleaseRefused,
    account,
    allowed,
    calendar_period,
    decisions,
    in_order,
    may_be_public,
    prepared,
    refuse_another,
    refuse_if_late,
    table,
    to_be_sent,
)
from services.publish.domain.release.asked import Asked
from services.publish.domain.release.draft import Draft
from services.publish.domain.release.naming import name_of
from tests.unit.publish.release.town import Town, message, messages

SMALL: Town = {
    ("2026-09", "permits", outcome, "website"): n
    for outcome, n in {"success": 500, "error": 4, "abandoned": 200, "informed": 90}.items()
}
OFFICES = Proposed("publish-steward", "data-officer")


def asked(period: str = "2026-09") -> Asked:
    return Asked(calendar_period(period), {}, date(2026, 12, 1))


def told(sent: Iterable[MetricMessage]) -> dict[str, bytes]:
    return {key_of(one): encode(one) for one in sent}


TOLD = told(messages(SMALL, ("permits",)))


def lying(records: Iterable[PublicMetric]) -> dict[str, bytes]:
    return {public_key(one): encode(one) for one in records}


def written(made: Draft) -> list[PublicMetric]:
    return [record for batch in in_order(made) for record in batch]


def released(internal: Mapping[str, bytes], before: Sequence[PublicMetric] = ()) -> Draft:
    return prepared(internal, lying(before), asked())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("rolling_28d", "only calendar months"),
        ("2026-09-14", "only calendar months"),
        ("2026-13", "no period is called '2026-13'"),
    ],
)
def test_what_is_never_public_is_refused(name: str, why: str) -> None:
    with pytest.raises(ReleaseRefused, match=why):
        calendar_period(name)


def test_an_open_period_is_refused_and_says_whose_it_is() -> None:
    open_ = message("journeys_started", 900, None, place={"service": "p"}, flags=[Flag.PROVISIONAL])
    with pytest.raises(ReleaseRefused, match="2026-09 is still open for p: its numbers may"):
        prepared(told([open_]), {}, asked())


def test_who_is_closed_is_released_and_who_is_not_is_named() -> None:
    closed = message("journeys_started", 900, None, place={"service": "a"})
    open_ = message("journeys_started", 900, None, place={"service": "b"}, flags=[Flag.PROVISIONAL])
    made = released(told([closed, open_]))
    assert [row.record.dimensions.service for row in made.rows] == ["a"]
    assert "left out, because still open: b" in account(made, asked().period)


def test_a_period_nobody_told_is_refused() -> None:
    with pytest.raises(ReleaseRefused, match="2025-01: metrics has told no number of it"):
        prepared(TOLD, {}, asked("2025-01"))


def test_a_record_nobody_can_read_is_no_reason_to_go_on_without_it() -> None:
    with pytest.raises(ReleaseRefused, match="nobody can say what is safe"):
        released(TOLD | {"journeys_started/agency=a/month/x": b"{}"})


def test_the_same_release_again_writes_nothing() -> None:
    made = released(TOLD)
    again = released(TOLD, written(made))
    assert made.rows
    assert not again.rows
    assert account(again, asked().period) == [
        "2026-09: everything that may be released is public already"
    ]


def test_what_protects_is_written_before_what_is_told() -> None:
    states = [one.state is PublishState.SUPPRESSED for one in written(released(TOLD))]
    assert {True, False} == set(states)
    assert states == sorted(states, reverse=True)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.9])
def test_a_release_that_was_cut_off_is_completed_by_the_next(share: float) -> None:
    whole = written(released(TOLD))
    cut = whole[: int(share * len(whole))]
    rest = written(released(TOLD, cut))
    assert {number_of(one) for one in (*cut, *rest)} == {number_of(one) for one in whole}
    assert len(cut) + len(rest) == len(whole)
    assert not released(TOLD, [*cut, *rest]).rows


def test_cut_off_after_all_that_is_suppressed_it_ends_as_if_it_had_not_been() -> None:
    made = released(TOLD)
    hidden, shown = in_order(made)
    assert set(map(public_key, written(released(TOLD, hidden)))) == set(map(public_key, shown))


def test_the_approver_reads_what_becomes_of_every_number_and_why() -> None:
    made = released(TOLD)
    shown = table(made, k=10)
    assert shown.row_count == len(made.rows)
    becomes, why = (list(shown.columns[column].cells) for column in (4, 5))
    assert set(becomes) == {"published", "suppressed"}
    assert "may be about fewer than 10 people" in why
    assert all(
        bool(reason) is (how == "suppressed") for how, reason in zip(becomes, why, strict=True)
    )
    sentence, name = account(made, asked().period)
    assert f"{becomes.count('suppressed')} suppressed" in sentence
    assert name_of(made) in name


def test_what_was_looked_at_is_what_is_written_on_another_day_too() -> None:
    seen = name_of(released(TOLD))
    refuse_another(prepared(TOLD, {}, replace(asked(), today=date(2026, 12, 9))), seen)
    changed = dict(SMALL) | {("2026-09", "permits", "success", "website"): 600}
    other = released(told(messages(changed, ("permits",))))
    refuse_another(other, None)
    with pytest.raises(ReleaseRefused, match=f"not {seen}: numbers have changed"):
        refuse_another(other, seen)


def test_only_keys_of_public_measures_and_calendar_periods_are_read() -> None:
    assert all(may_be_public(key) for key in TOLD)
    assert not may_be_public("time_to_decision/agency=a/month/2026-09-01T00:00:00+00:00")
    assert not may_be_public("journeys_ended/agency=a/rolling_28d")
    assert not may_be_public("progress/live")


AUTHORITY = authority.read(AUTHORITY_FILE.read_text(encoding="utf-8"), "authority.yaml")
DAY = date(2026, 12, 1)
_TEAM = [Member("publish-steward", role) for role in ("owner", "steward")]
TWO_OFFICES = replace(AUTHORITY, teams={**AUTHORITY.teams, "metrics.public.v1": _TEAM})


def test_who_decides_is_asked_of_the_file_and_the_act_is_on_record_before_it_takes_effect() -> None:
    approval = allowed(Decision.RELEASE, Proposed(*OFFICES), DAY, AUTHORITY)
    made = released(TOLD)
    now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    first, *public = to_be_sent(made, [approval], "2026-09", now)
    (kept,) = [decode(DecisionRecord, one.value) for one in first]
    assert (first[0].topic, kept.decision, kept.subject) == (AUDIT, Decision.RELEASE, "2026-09")
    assert [one.key for batch in public for one in batch] == [*map(public_key, written(made))]


def test_who_may_not_decide_is_told_whom_to_ask() -> None:
    with pytest.raises(ReleaseRefused, match="proposes release and may not decide it too; ask"):
        allowed(Decision.RELEASE, Proposed("publish-steward", "publish-steward"), DAY, TWO_OFFICES)
    with pytest.raises(ReleaseRefused, match="anybody may not propose release"):
        allowed(Decision.RELEASE, Proposed("anybody", None), DAY, AUTHORITY)
    with pytest.raises(ReleaseRefused, match="nobody has decided release"):
        allowed(Decision.RELEASE, Proposed("publish-steward", None), DAY, AUTHORITY)


def test_what_changes_public_numbers_is_a_decision_of_its_own() -> None:
    first = released(TOLD)
    grown = told(messages({group: 3 * n for group, n in SMALL.items()}, ("permits",)))
    later = Asked(calendar_period("2026-09"), {}, date(2027, 1, 15))
    again = prepared(grown, lying(written(first)), later)
    assert decisions(first) == [Decision.RELEASE]
    assert decisions(again) == [Decision.REVISE]
    assert {row.record.revision for row in again.rows} == {1}


def test_on_each_record_stands_who_decided_what_becomes_of_it() -> None:
    first = released(TOLD)
    first_row, *_ = first.rows
    changed = replace(first_row, record=first_row.record.model_copy(update={"revision": 1}))
    release = allowed(Decision.RELEASE, Proposed(*OFFICES), DAY, AUTHORITY)
    revise = replace(release, decision=Decision.REVISE, proposer="somebody", decider="another")
    made = replace(first, rows=(changed, *first.rows))
    _, *public = to_be_sent(made, [release, revise], "2026-09", datetime(2026, 12, 1, tzinfo=UTC))
    sent = [decode(PublicMetric, one.value) for batch in public for one in batch]
    assert {(one.revision, one.proposed_by, one.decided_by) for one in sent} == {
        (0, *OFFICES),
        (1, "somebody", "another"),
    }


@pytest.mark.parametrize(
    ("end", "today", "told"),
    [
        (8, date(2026, 12, 1), "has changed since it was read: somebody else releases"),
        (7, date(2026, 12, 2), "2026-12-01 is over, and its files must not change"),
    ],
)
def test_what_was_drafted_is_not_written_when_it_is_late(end: int, today: date, told: str) -> None:
    refuse_if_late(7, 7, date(2026, 12, 1), date(2026, 12, 1))
    with pytest.raises(ReleaseRefused, match=told):
        refuse_if_late(7, end, date(2026, 12, 1), today)


def test_a_release_that_finds_another_before_it_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def internal(*_: object) -> dict[str, bytes]:
        return TOLD

    async def public(*_: object) -> Whole:
        return Whole({}, 7)

    async def end(*_: object) -> int:
        return 8

    def nobody(*of: object) -> object:
        return of

    edge = {"newest": internal, "whole": public, "end_of": end, "consumer_of": nobody}
    for name, instead in edge.items():
        monkeypatch.setattr(f"services.publish.__main__.{name}", instead)
    by = ["--proposed-by", OFFICES.proposer, "--decided-by", str(OFFICES.decider)]
    said = CliRunner().invoke(program, ["release", "--period", "2026-09", *by])
    assert "has changed since it was read" in said.output
    assert said.exit_code == 1


def test_nothing_is_released_by_nobody() -> None:
    said = CliRunner().invoke(program, ["release", "--period", "2026-09"])
    assert said.exit_code
    assert "a release is an act: give --proposed-by and --decided-by" in said.output
