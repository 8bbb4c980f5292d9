"""Where in the body of a webhook things are: a mapping that is data, each place a JMESPath."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult
from pydantic import AfterValidator, BeforeValidator, StringConstraints, model_validator

from schemas.model import Contract
from schemas.yaml_file import nearest


@cache
def _compiled(path: str) -> ParsedResult:
    return jmespath.compile(path)


def _is_a_path(path: str) -> str:
    try:
        parsed = _compiled(path).parsed
    except JMESPathError as fault:
        place = getattr(fault, "lex_position", 0) + 1
        raise ValueError(f"{path!r} is no JMESPath at character {place}; one is data.id") from None
    for called in _calls(parsed):
        if called not in Functions.FUNCTION_TABLE:
            told = nearest(called, list(Functions.FUNCTION_TABLE))
            raise ValueError(f"{path!r} calls {called}, which is unknown; {told}")
    return path


def _calls(node: Mapping[str, Any]) -> Iterator[str]:
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        yield from _calls(child) if isinstance(child, dict) else ()


Path = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_is_a_path)]


class Layout(Contract):
    """`each` finds the list of things told, where a body tells several; the other places are then
    in each of them. `counts` says whether it is told as a contact at all. `answers` finds an object
    of answers by field, or a list in which `question` and `answer` are the places of both.
    """

    each: Path | None = None
    counts: Path | None = None
    id: Path | None = None
    time: Path | None = None
    citizen: Path | None = None
    visitor: Path | None = None
    case: Path | None = None
    name: Path | None = None
    form: Path | None = None
    code: Path | None = None
    address: Path | None = None
    language: Path | None = None
    test: Path | None = None
    answers: Path | None = None
    question: Path | None = None
    answer: Path | None = None

    @model_validator(mode="after")
    def _places_of_a_list_belong_together(self) -> Self:
        if (self.question is None) != (self.answer is None):
            raise ValueError("question and answer belong together: give both or neither")
        if self.question is not None and self.answers is None:
            raise ValueError("question and answer are places in what `answers` finds: give it too")
        return self

    def found(self, place: str, told: object) -> object:
        """What is at a place; None when nothing is, or the layout has no such place."""
        path = getattr(self, place)
        if path is None:
            return None
        try:
            found: object = _compiled(path).search(told)
        except JMESPathError:
            return None  # of another type than the path is for
        return found


# What is where in the bodies of tools that we know.
LAYOUTS: Mapping[str, Layout] = {
    # A response is told when it is begun, at each step and at its end; hidden fields are answers.
    "formbricks": Layout(
        counts="event == 'responseFinished'",
        id="data.id",
        time="data.updatedAt",
        citizen="data.contact.userId || data.contactAttributes.userId || data.data.citizen",
        visitor="data.data.visitor",
        case="data.data.case",
        form="data.surveyId",
        language="data.language",
        answers="data.data",
    ),
    # The fields of a form, as a subscription or a step of a workflow posts them.
    "qualtrics": Layout(
        counts="Status == null || Status == 'Complete'",
        id="ResponseID",
        citizen="citizen",
        visitor="visitor",
        case="case",
        form="SurveyID",
        language="Q_Language",
        answers="@",
    ),
    # The app sends the result as it is; the form is named in the address.
    "surveyjs": Layout(
        id="id", time="time", citizen="citizen", visitor="visitor", case="case", answers="@"
    ),
    # The widget of GSA Touchpoints; the form is named in the address.
    "touchpoints": Layout(
        address="submission.page", language="submission.language", answers="submission"
    ),
}


def _by_name(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in LAYOUTS:
        raise ValueError(f"unknown; {nearest(value, list(LAYOUTS))}, or places of your own")
    return LAYOUTS[value]


Signature = Literal["token", "standard", "qualtrics"]
"""How a webhook shows who sends: a token of the source, or a signature made with a secret of it, as
Standard Webhooks has it or Qualtrics.
"""


class Webhook(Contract):
    """How a source tells: its signature, and the name of a known layout or one of its own."""

    signature: Signature = "token"
    layout: Annotated[
        Layout,
        BeforeValidator(_by_name, json_schema_input_type=Layout | Literal[*LAYOUTS]),
    ]
