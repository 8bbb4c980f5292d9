"""A survey as the catalogue has it: what its questions measure, and what forms call them."""

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from schemas.model import Contract, Name
from schemas.standard_questions import STANDARDS
from schemas.vocabulary import SCALE_RANGE, About, Construct, Driver, Polarity, Scale
from schemas.yaml_file import nearest

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Question(Contract):
    """One question of an instrument. Forms call it by its wording or one of `fields`; `words` are
    steps of its scale, for forms that send a label instead of a number.
    """

    construct: Construct  # type: ignore[assignment]
    scale: Scale
    wording: Name
    fields: tuple[Text, ...] = ()
    words: dict[Text, int] = {}

    @model_validator(mode="after")
    def _words_are_steps_of_its_scale(self) -> Self:
        low, high = SCALE_RANGE[self.scale]
        for word, step in self.words.items():
            if not low <= step <= high:
                raise ValueError(f"words: {word!r} is not on the scale {self.scale}")
        return self


class DriverChoice(Contract):
    """What a form asks about a driver: it was offered where one of `fields` was sent, and chosen
    where one of `words` is what was sent, or among it.
    """

    driver: Driver
    polarity: Polarity
    fields: Annotated[tuple[Text, ...], Field(min_length=1)]
    words: Annotated[tuple[Text, ...], Field(min_length=1)]


class OpenQuestion(Contract):
    """A question that is answered in the citizen's own words: what is said becomes a comment."""

    wording: Name
    fields: tuple[Text, ...] = ()


def _constructs_may_be_left_out(schema: dict[str, Any]) -> None:
    schema["required"].remove("constructs")


class Instrument(Contract):
    """A survey. Its answers stay unlinked unless the notice said otherwise (`linkable`). `forms`
    are what survey tools know it by, as shell patterns; `standard` names a published set of
    questions, which stands for constructs and drivers.
    """

    model_config = ConfigDict(json_schema_extra=_constructs_may_be_left_out)

    id: Name
    linkable: bool = False
    about: About
    forms: tuple[Text, ...] = ()
    standard: Name | None = None
    constructs: Annotated[tuple[Question, ...], Field(min_length=1)]
    drivers: tuple[DriverChoice, ...] = ()
    open: tuple[OpenQuestion, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _a_standard_has_its_questions(cls, values: object) -> object:
        if not isinstance(values, dict) or values.get("standard") is None:
            return values
        name = str(values["standard"])
        if name not in STANDARDS:
            raise ValueError(f"standard: unknown; {nearest(name, list(STANDARDS))}")
        return {**STANDARDS[name], **values}
