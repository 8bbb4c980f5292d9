"""The closed lists fit each other."""

from schemas.vocabulary import (
    COMPLETE_OUTCOMES,
    DIGITAL_CHANNELS,
    IDENTITY_OF_KIND,
    SCALE_RANGE,
    Action,
    Channel,
    IdentityKind,
    Outcome,
    Scale,
)


def test_every_scale_has_a_range_that_goes_up() -> None:
    assert set(SCALE_RANGE) == set(Scale)
    assert all(low < high for low, high in SCALE_RANGE.values())


def test_every_kind_of_identity_says_how_much_can_be_joined() -> None:
    assert set(IDENTITY_OF_KIND) == set(IdentityKind)


def test_complete_means_done_or_rightly_refused() -> None:
    assert {Outcome.SUCCESS, Outcome.NEGATIVE_BUT_CORRECT} == COMPLETE_OUTCOMES


def test_the_counter_is_not_digital_and_the_website_is() -> None:
    assert Channel.WEBSITE in DIGITAL_CHANNELS
    assert Channel.IN_PERSON not in DIGITAL_CHANNELS


def test_of_two_actions_at_one_instant_the_start_comes_before_the_end() -> None:
    order = list(Action)
    assert order.index(Action.STARTED) < order.index(Action.SUBMITTED)
    assert order.index(Action.SUBMITTED) < order.index(Action.DECIDED)
    assert order.index(Action.OFFERED) < order.index(Action.ANSWERED)
