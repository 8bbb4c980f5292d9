"""Pseudonym keys by agency and time, and the key that seals rejected originals."""

from string import hexdigits
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from schemas.model import Contract, Instant, Name

DEMO_PREFIX = "demo-"


class PseudonymKey(Contract):
    """One agency's key for a span of time; `until` None means that it is the current one."""

    id: Name
    agency: Name
    valid_from: Annotated[Instant, Field(alias="from")]
    until: Instant | None = None
    secret: Annotated[SecretStr, Field(min_length=16)]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.valid_from:
            raise ValueError("`until` must be later than `from`")
        return self


class SealingKey(Contract):
    """The key of AES-256-GCM for rejected originals: 64 hexadecimal digits."""

    id: Name
    secret: Annotated[SecretStr, Field(min_length=64, max_length=64)]

    @field_validator("secret")
    @classmethod
    def _is_hexadecimal(cls, secret: SecretStr) -> SecretStr:
        if set(secret.get_secret_value()) - set(hexdigits):
            raise ValueError("a sealing key is written in hexadecimal digits")
        return secret


class Keyring(Contract):
    """The file of keys."""

    keys: Annotated[tuple[PseudonymKey, ...], Field(min_length=1)]
    sealing: SealingKey

    @model_validator(mode="after")
    def _one_current_key_an_agency(self) -> Self:
        agencies = [k.agency for k in self.keys if k.until is None]
        if len(agencies) != len(set(agencies)):
            raise ValueError("an agency has two keys without `until`")
        return self

    @property
    def is_for_demonstration(self) -> bool:
        """Whether a key is a published one, good for nothing but a demo on loopback."""
        ids = [self.sealing.id, *(k.id for k in self.keys)]
        return any(i.startswith(DEMO_PREFIX) for i in ids)

    def current(self, agency: str) -> PseudonymKey | None:
        """The agency's key without an end."""
        return next((k for k in self.keys if k.agency == agency and k.until is None), None)
