"""A mark for every channel: a colour and a shape for its kind, always beside its name."""

from schemas.vocabulary import Channel

# The kind names a colour of the style sheet and a shape of the template.
KINDS: dict[Channel, str] = {
    Channel.WEBSITE: "screen",
    Channel.MOBILE_APP: "screen",
    Channel.KIOSK: "screen",
    Channel.OTHER_DIGITAL: "screen",
    Channel.EMAIL: "message",
    Channel.SMS: "message",
    Channel.CHATBOT: "message",
    Channel.LIVE_CHAT: "message",
    Channel.SOCIAL_MEDIA: "message",
    Channel.PHONE: "voice",
    Channel.AUTOMATED_PHONE: "voice",
    Channel.IN_PERSON: "counter",
    Channel.FOCUS_GROUP: "counter",
    Channel.PAPER: "paper",
    Channel.POST: "paper",
    Channel.OTHER_NON_DIGITAL: "paper",
}


def kind_of(channel: str) -> str:
    """The kind of a channel; a word that is no channel has none."""
    return KINDS[Channel(channel)] if channel in set(Channel) else ""
