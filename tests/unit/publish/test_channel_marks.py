"""Every channel has a mark."""

from schemas.vocabulary import Channel
from services.publish.adapters.channel_marks import kind_of


def test_every_channel_is_of_a_kind_and_another_word_is_of_none() -> None:
    assert all(kind_of(channel) for channel in Channel)
    assert kind_of("drone") == ""
