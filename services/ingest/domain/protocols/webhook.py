"""What survey tools and other services post when something happened: JSON or a form, signed or not.

What is where in it the file of sources says, what an answer means the catalogue: its instruments
name the forms that put them, and a form that none of them names is an event that rules of type
`form` look at. A response is an event for each question that was answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import msgspec

from schemas.layout import Layout
from schemas.vocabulary import Action
from schemas.vocabulary import Ignored as IgnoredReason
from services.ingest.domain.hook import Hook, Survey
from services.ingest.domain.outcome import Ignored, Rejected
from services.ingest.domain.protocols.cloudevents import reply
from services.ingest.domain.protocols.json_body import NotJson, parsed
from services.ingest.domain.protocols.moments import since_1970
from services.ingest.domain.protocols.protocol import (
    Malformed,
    Protocol,
    Request,
    bearer,
    given,
    language,
    object_of,
    text_of,
)
from services.ingest.domain.submission import Received, Submission
from services.ingest.domain.survey_answers import answered

NAME = "webhook"
SIGNED_FIELD = "MSG"
_MOST_TOLD = 1_000
_LONGEST_AROUND = 200
_KEPT, _BODY = "throughline", "body"
_LATEST_SECONDS = 10**11  # later ones are milliseconds


class _Told(NamedTuple):
    """One thing that is told, and what the request says around it; `only` one answer of it."""

    body: object
    form: str = ""
    id: str = ""
    only: str = ""

    def original(self, only: str = "") -> bytes:
        """The same as bytes that are read as it alone."""
        around = given(form=self.form, id=self.id, only=only or self.only)
        return msgspec.json.encode({_KEPT: around, _BODY: self.body})


def credential(request: Request) -> str | None:
    """A token or write key of the source, where it does not sign."""
    return bearer(request) or request.parameters.get("token")


def read(request: Request) -> tuple[Received, ...] | Malformed:
    """The events of a request, in their order."""
    hook = request.hook
    if hook is None:
        return Malformed("path: names no source with a webhook")
    document = _document(request)
    if not document:
        return Malformed("body: neither JSON nor the fields of a form")
    told = _told(document, request, hook.webhook.layout)
    if len(told) > _MOST_TOLD:
        return Malformed(f"each: more than {_MOST_TOLD}; send fewer at once")
    try:
        return tuple(event for one in told for event in _events(one, hook))
    except RecursionError:
        return Malformed("body: nested too deeply")


def _document(request: Request) -> object:
    if request.json is not None:
        return request.json
    if (message := request.form.get(SIGNED_FIELD)) is None:
        return request.form
    try:
        return object_of(parsed(message.encode()))  # and nothing beside it, which is not signed
    except NotJson:
        return {}


def _told(document: object, request: Request, layout: Layout) -> list[_Told]:
    kept = object_of(document)
    if isinstance(kept.get(_KEPT), dict) and _BODY in kept:
        around = {n: _short(object_of(kept[_KEPT]).get(n)) for n in ("form", "id", "only")}
        return [_Told(kept[_BODY], **around)]
    form = _short(request.parameters.get("form"))
    several = layout.found("each", document)
    if isinstance(several, list):
        return [_Told(one, form) for one in several]
    return [_Told(document, form, _short(request.headers.get("webhook-id")))]


def _short(told: object) -> str:
    """What stands around a body is kept with each event of it."""
    return text_of(told)[:_LONGEST_AROUND].encode(errors="replace").decode()


def _events(told: _Told, hook: Hook) -> Iterator[Received]:
    layout = hook.webhook.layout
    if layout.counts and not layout.found("counts", told.body):
        yield Received(told.original(), Ignored(IgnoredReason.MAPPED_TO_IGNORE))
        return
    form = _word(layout.found("form", told.body)) or told.form
    surveys = hook.asked_by(form)
    if not surveys:
        original = told.original()
        yield Received(original, _submission(told, form, layout, original))
        return
    events = [event for survey in surveys for event in _answers(told, form, layout, survey)]
    yield from events or [Received(told.original(), Ignored(IgnoredReason.EMPTY))]


def _answers(told: _Told, form: str, layout: Layout, survey: Survey) -> Iterator[Received]:
    answers = _by_field(layout.found("answers", told.body), layout)
    for wording, feedback, texts in answered(survey.instrument, answers):
        only = f"{survey.instrument.id}/{wording}"
        if told.only not in {"", only}:
            continue
        original = told.original(only)
        if isinstance(feedback, Rejected):
            yield Received(original, feedback)
            continue
        event = _submission(told, form, layout, original)
        said = {"service": survey.service, "action": Action.ANSWERED, "feedback": feedback}
        id_ = event.id and f"{event.id}/{only}"
        data = {**object_of(event.data), **said}
        yield Received(
            original, replace(event, id=id_, data=data, finds_service=False, texts=texts)
        )


def _by_field(answers: object, layout: Layout) -> Mapping[str, object]:
    """Of a field that is answered twice the last."""
    if isinstance(answers, list) and layout.question:
        named = [(layout.found("question", one), layout.found("answer", one)) for one in answers]
        return {field: answer for field, answer in named if isinstance(field, str)}
    return object_of(answers)


def _submission(told: _Told, form: str, layout: Layout, original: bytes) -> Submission:
    at = {place: layout.found(place, told.body) for place in Layout.model_fields}
    id_, happened = _word(at["id"]) or told.id, _time(at["time"])
    people = {name: _word(at[name]) or at[name] for name in ("citizen", "visitor", "case")}
    return Submission(
        id=id_ or None,
        makes_id=None if id_ else ((original.decode(),) if happened else ()),
        source=NAME,
        name=_word(at["name"]) or form or NAME,
        data=given(**people, language=language(text_of(at["language"]))),
        time=happened,
        address=text_of(at["address"]),
        is_test=at["test"] is True,
        marks={"form": form, "code": _word(at["code"])},
        finds_service=True,
    )


def _word(value: object) -> str:
    """Many systems have numbers for people, forms and responses."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else text_of(value)


def _time(value: object) -> object:
    """Text goes on as it is; numbers are seconds or milliseconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return since_1970(value, 1 if value < _LATEST_SECONDS else 1_000)
    return value


WEBHOOK = Protocol(
    name=NAME,
    version="1",
    paths=("/webhooks/{source}",),
    credential=credential,
    read=read,
    reply=reply,
    is_for_browsers=True,
)
