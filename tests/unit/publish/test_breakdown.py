"""A measure cut into its parts."""

from schemas.vocabulary import PublishState
from services.publish.domain.breakdown import breakdowns
from tests.unit.publish.samples import message, rate
from tests.unit.publish.view_of import view_of


def test_parts_stand_by_how_many_they_count() -> None:
    phone = rate("channel_mix", 30, 90, channel="phone")
    website = rate("channel_mix", 60, 90, channel="website")
    [cut] = breakdowns(view_of(phone, website), "channel_mix")
    assert [(part.name, part.figure.text, round(part.share or 0, 2)) for part in cut.parts] == [
        ("Website", "66.7%", 0.67),
        ("Phone", "33.3%", 0.33),
    ]


def test_the_longest_bar_of_counts_is_the_most_frequent_part() -> None:
    counts = [
        message("contacts.by_reason", n=n, value=n, reason=reason)
        for reason, n in (("error", 20), ("wrong_place", 80))
    ]
    [cut] = breakdowns(view_of(*counts), "contacts.by_reason")
    assert [(part.name, part.share) for part in cut.parts] == [
        ("Wrong place", 1.0),
        ("Error", 0.25),
    ]


def test_stages_stand_as_they_follow_each_other() -> None:
    stages = ("follow_up", "transaction", "need")
    times = [message("time_in_stage.p50", value=9.0, stage=stage) for stage in stages]
    [cut] = breakdowns(view_of(*times), "time_in_stage.p50")
    assert [part.label for part in cut.parts] == ["need", "transaction", "follow_up"]


def test_surveys_are_told_apart() -> None:
    rates = [
        rate("response_rate.by_channel", 9, 90, channel="phone", instrument=name)
        for name in ("exit", "letter")
    ]
    cuts = breakdowns(view_of(*rates), "response_rate.by_channel")
    assert [(cut.about, len(cut.parts)) for cut in cuts] == [("exit", 1), ("letter", 1)]


def test_a_balance_has_no_bar_and_a_hidden_part_no_number() -> None:
    told = [
        message("driver_balance", value=-0.2, driver="ease"),
        message("driver_balance", n=4, driver="employee", state=PublishState.SUPPRESSED),
    ]
    [cut] = breakdowns(view_of(*told), "driver_balance")
    assert {part.label: (part.share, part.figure.text) for part in cut.parts} == {
        "ease": (None, "−20.0 points"),  # noqa: RUF001 (a true minus sign)
        "employee": (None, "hidden"),
    }


def test_outcomes_have_their_names_and_who_said_nothing_is_told() -> None:
    parts = [
        rate("response_rate.by_outcome", 3, 9, outcome="negative_but_correct", instrument="exit"),
        rate("response_rate.by_outcome", 1, 9, outcome="none", instrument="exit"),
    ]
    [cut] = breakdowns(view_of(*parts), "response_rate.by_outcome")
    assert [part.name for part in cut.parts] == ["Refused, correctly", "Not told"]


def test_without_parts_there_is_no_breakdown() -> None:
    assert breakdowns(view_of(rate("channel_mix", 3, 9)), "channel_mix") == ()
