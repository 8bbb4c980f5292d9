"""The journey map."""

from dataclasses import replace
from typing import Any

from schemas.metric import MetricMessage
from schemas.vocabulary import Channel, PublishState
from services.publish.domain.journey_map import Card, Column, cards_of, journey_map
from tests.unit.publish.samples import PAGE, message, passport, rate
from tests.unit.publish.view_of import view_of


def mapped(*messages: MetricMessage) -> tuple[Column, ...]:
    return journey_map(passport(), view_of(*messages))


def card(columns: tuple[Column, ...], touchpoint: str) -> Card:
    return next(card for card in cards_of(columns) if card.id == touchpoint)


def people(touchpoint: str, n: int) -> MetricMessage:
    counted: dict[str, Any] = {"n": n, "numerator": n, "value": n}
    return message("touchpoint_journeys", touchpoint=touchpoint, **counted)


def left(touchpoint: str, n: int, reached: int) -> MetricMessage:
    return rate("step_dropoff", n, reached, touchpoint=touchpoint)


def test_stages_stand_in_the_order_of_the_journey_and_touchpoints_in_the_catalogues() -> None:
    assert [(column.name, [card.id for card in column.cards]) for column in mapped()] == [
        ("Need", ["expiry-reminder"]),
        ("Information", ["guidance", "help-phone"]),
        (
            "Transaction",
            ["renewal-start", "renewal-photo", "renewal-payment", "renewal-sent", "passport-ready"],
        ),
        ("Follow-up", ["collection"]),
    ]


def test_a_card_has_the_catalogues_name_channels_and_who_acts() -> None:
    columns = mapped()
    reminder, start = card(columns, "expiry-reminder"), card(columns, "renewal-start")
    assert (reminder.name, reminder.channels, reminder.acts) == (
        "Your passport expires",
        (Channel.EMAIL, Channel.SMS),
        "by the agency",
    )
    assert (len(start.channels), start.acts) == (4, "")


def test_people_are_told_as_a_number_and_as_a_share_of_the_busiest_place() -> None:
    columns = mapped(people("guidance", 300), people("renewal-start", 1_200))
    told = {c.id: (c.people.text, c.people_share) for c in cards_of(columns)}
    assert told["guidance"] == ("300", 0.25)
    assert told["renewal-start"] == ("1,200", 1)
    assert told["collection"] == ("no journeys", 0)


def test_events_are_told_beside_the_journeys_for_they_include_who_cannot_be_joined() -> None:
    unlinked = message("touchpoint_events", touchpoint="guidance", n=7, value=7)
    guidance = card(mapped(unlinked), "guidance")
    assert (guidance.people.text, guidance.events.text) == ("no journeys", "7")


def test_only_a_step_of_the_transaction_that_the_citizen_takes_can_be_left() -> None:
    columns = mapped(left("guidance", 0, 300), left("renewal-photo", 9, 90))
    with_drop_off = [card.id for card in cards_of(columns) if card.drop_off]
    assert with_drop_off == ["renewal-start", "renewal-photo", "renewal-payment", "renewal-sent"]


def test_the_place_where_most_journeys_end_is_marked_by_their_number() -> None:
    columns = mapped(left("renewal-start", 30, 1_000), left("renewal-photo", 20, 100))
    marked = [card.id for card in cards_of(columns) if card.most_leave_here]
    assert marked == ["renewal-start"]


def test_where_nobody_leaves_nothing_is_marked() -> None:
    columns = mapped(left("renewal-start", 0, 1_000))
    assert not any(card.most_leave_here for card in cards_of(columns))


def test_satisfaction_here_is_that_of_the_survey_with_most_answers() -> None:
    other = PAGE | {"instrument": "pop-up"}
    columns = mapped(
        rate("satisfaction.linear", 30, 60, **PAGE, touchpoint="guidance"),
        rate("satisfaction.linear", 10, 40, **other, touchpoint="guidance"),
    )
    shown = card(columns, "guidance").satisfaction
    assert (shown.text, shown.n) == ("50.0%", 60)


def test_where_nobody_answered_there_is_no_0_and_trust_only_where_it_was_asked() -> None:
    shown = card(mapped(), "collection")
    assert (shown.satisfaction.text, shown.satisfaction.value) == ("no answers", None)
    assert shown.trust is None


def test_too_few_answers_are_hidden() -> None:
    few = PAGE | {"touchpoint": "guidance", "state": PublishState.SUPPRESSED}
    columns = mapped(rate("satisfaction.linear", 2, 3, **few), rate("trust.positive", 2, 3, **few))
    shown = card(columns, "guidance")
    assert shown.trust is not None
    assert [shown.satisfaction.text, shown.trust.text] == ["hidden", "hidden"]


def test_who_left_and_asked_for_help_is_told_where_a_step_can_be_left() -> None:
    columns = mapped(
        left("renewal-photo", 10, 90), rate("help_sought", 4, 10, touchpoint="renewal-photo")
    )
    helped = card(columns, "renewal-photo").help_sought
    assert helped is not None
    assert helped.text == "40.0%"
    assert card(columns, "guidance").help_sought is None


def test_a_touchpoint_that_left_the_catalogue_keeps_its_numbers_under_its_id() -> None:
    columns = mapped(people("fax", 12), people("other", 3), left("fax", 2, 12))
    assert columns[-1].name == "Elsewhere"
    gone = columns[-1].cards[0]
    assert (gone.id, gone.name, gone.people.text) == ("fax", "fax", "12")
    assert gone.drop_off is not None
    assert gone.drop_off.text == "16.7%"
    assert card(columns, "other").name == "Other"


def test_a_stage_without_touchpoints_has_no_column() -> None:
    service = passport()
    only = service.model_copy(update={"touchpoints": service.touchpoints[1:2]})
    columns = journey_map(only, view_of())
    assert [replace(column, cards=()) for column in columns] == [
        Column("Information", "Finding out what to do", ())
    ]
