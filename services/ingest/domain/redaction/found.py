"""A place in a text that holds personal data."""

from typing import NamedTuple

from schemas.vocabulary import Redaction


class Found(NamedTuple):
    """Characters `begin` to before `end`."""

    begin: int
    end: int
    kind: Redaction
