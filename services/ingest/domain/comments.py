"""Free text out of an event: each becomes a comment of its own, redacted."""

from collections.abc import Iterator

from schemas.comment import Comment, Redacted
from schemas.vocabulary import IdentityKind
from services.ingest.domain.draft import Draft
from services.ingest.domain.pseudonym import comment_id
from services.ingest.domain.rules import Rules

# What a comment has of its event as it is.
_SHARED = (
    *("identity_kind", "key_id", "agency", "service", "channel", "touchpoint", "stage", "action"),
    *("provenance", "quality", "clock"),
)


def made(draft: Draft, rules: Rules) -> tuple[Comment, ...]:
    """The comments of an event; only after the step that finds out whose it is."""
    return tuple(_comments(draft, rules))


def _comments(draft: Draft, rules: Rules) -> Iterator[Comment]:
    # Its libraries take a third of a second to load, and most events bring no text.
    from services.ingest.domain.redaction import redacted  # noqa: PLC0415

    values = draft.values
    key = rules.keys[values["agency"]].secret.get_secret_value().encode()
    for question, text in _texts(draft):
        taken = redacted(text, draft.arrival.received_at.date())
        if not taken.text:
            continue
        yield Comment(
            **{name: values[name] for name in _SHARED},
            **_whose(draft),
            id=comment_id(key, draft.published_source, str(draft.submission.id), question or ""),
            feedback=values.get("feedback"),
            question=question,
            text=taken.text,
            redacted=tuple(Redacted(kind=k, count=n) for k, n in taken.counts.items()),
            is_cut=taken.is_cut,
            language=draft.said.language,
            source=draft.arrival.source_id,
        )


def _texts(draft: Draft) -> Iterator[tuple[str | None, str]]:
    if draft.said.text:
        yield None, draft.said.text
    yield from draft.submission.texts.items()


def _whose(draft: Draft) -> dict[str, object]:
    """Of an event that is joined to nobody only the hour: the time would find it in the log."""
    values = draft.values
    if values["identity_kind"] is IdentityKind.ONCE:
        return {"time": values["time"].replace(minute=0, second=0, microsecond=0)}
    return {"time": values["time"], "subject": values["subject"]}
