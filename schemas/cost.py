"""What a service costs, as its accounts say: nobody can count that from events."""

import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.model import Contract

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
_QUARTERS = (1, 4, 7, 10)


class Cost(Contract):
    """Twelve whole months from the first day of a quarter: what all channels cost together, and of
    this the digital ones where the accounts tell them apart.
    """

    begins: datetime.date
    currency: Annotated[Currency, Field(description="ISO 4217, such as EUR")]
    total: Annotated[float, Field(gt=0)]
    digital: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _begins_with_a_quarter(self) -> Self:
        if self.begins.day != 1 or self.begins.month not in _QUARTERS:
            raise ValueError(
                f"cost from {self.begins}: twelve months begin with a quarter, on the first of "
                "January, April, July or October"
            )
        return self

    @model_validator(mode="after")
    def _digital_is_a_part(self) -> Self:
        if self.digital is not None and self.digital > self.total:
            raise ValueError(
                f"cost from {self.begins}: digital ({self.digital:g}) is a part of total "
                f"({self.total:g}) and cannot be more"
            )
        return self

    @property
    def months(self) -> tuple[datetime.date, ...]:
        """The first days of the twelve."""
        year, month = self.begins.year, self.begins.month - 1
        return tuple(
            datetime.date(year + (month + n) // 12, (month + n) % 12 + 1, 1) for n in range(12)
        )
