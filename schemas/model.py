"""What every contract model has in common: frozen, closed, and exact about time."""

import warnings
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

# `construct` is what survey research calls the thing a question measures. Pydantic has a method of
# that name, long deprecated, which our models hide; each field says so to the type checker.
warnings.filterwarnings("ignore", message='Field name "construct"', category=UserWarning)


class Contract(BaseModel):
    """A frozen model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its offset from UTC")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time must lie within the years 1 to 9999 of UTC") from None


Instant = Annotated[datetime, AfterValidator(_in_utc)]
Count = Annotated[int, Field(ge=0)]
# An id of the catalogue, a source or a clock: it becomes part of keys, labels and addresses.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
# The hash of a token, which itself is written nowhere.
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
# base64url of 18 bytes of a keyed hash (design 6).
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{24}$")]
