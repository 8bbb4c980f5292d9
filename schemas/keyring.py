"""Pseudonym keys by agency and time, the key that seals rejected originals, webhooks' secrets, and
who may do what inside.
"""

import base64
from string import hexdigits
from typing import Annotated, Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from schemas.model import Contract, Instant, Name, Sha256
from schemas.vocabulary import Power

DEMO_PREFIX = "demo-"
WEBHOOK_PREFIX = "whsec_"
ON_LOOPBACK: Final = "loopback"
"""Who asks where nobody is known: over loopback, and the keyring lists nobody who may erase."""


class KeySpan(Contract):
    """One agency's key, and the span of time in which it wrote. `after` names the key before it,
    which is missed where the file has it neither among `keys` nor `destroyed`.
    """

    id: Name
    agency: Name
    valid_from: Annotated[Instant, Field(alias="from")]
    until: Instant | None = None
    after: Name | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.valid_from:
            raise ValueError("`until` must be later than `from`")
        return self


class PseudonymKey(KeySpan):
    """A key that is there. Without `until` it is the one that writes; with it, what was made with
    it is still found, and joined to what is made with its successor.
    """

    secret: Annotated[SecretStr, Field(min_length=16)]


class DestroyedKey(KeySpan):
    """A key of which nothing is left but that there was one."""

    until: Instant
    destroyed: Instant


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


class WebhookSecret(Contract):
    """What a tool signs with for a source, as the tool shows it. A source has several at once while
    one takes the place of another.
    """

    id: Name
    source: Name
    secret: Annotated[SecretStr, Field(min_length=16)]

    @field_validator("secret")
    @classmethod
    def _can_be_read(cls, secret: SecretStr) -> SecretStr:
        try:
            _key_of(secret)
        except ValueError:
            raise ValueError(f"what follows {WEBHOOK_PREFIX} must be base64") from None
        return secret

    @property
    def key(self) -> bytes:
        """The bytes that sign."""
        return _key_of(self.secret)


class Operator(Contract):
    """A person or program that may move clocks or ask for erasures where the inside listener is not
    on loopback. Several tokens while one takes the place of another; only their hashes are here.
    """

    id: Name
    token_sha256: Annotated[tuple[Sha256, ...], Field(min_length=1)]
    may: Annotated[tuple[Power, ...], Field(min_length=1)]

    @field_validator("id")
    @classmethod
    def _is_somebody(cls, name: str) -> str:
        if name == ON_LOOPBACK:
            raise ValueError(f"{ON_LOOPBACK} is who is on the machine: call an operator otherwise")
        return name


def _key_of(secret: SecretStr) -> bytes:
    told = secret.get_secret_value()
    if not told.startswith(WEBHOOK_PREFIX):
        return told.encode()
    encoded = told.removeprefix(WEBHOOK_PREFIX).rstrip("=")
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)


class Keyring(Contract):
    """The file of keys."""

    keys: Annotated[tuple[PseudonymKey, ...], Field(min_length=1)]
    destroyed: tuple[DestroyedKey, ...] = ()
    sealing: SealingKey
    webhooks: tuple[WebhookSecret, ...] = ()
    operators: tuple[Operator, ...] = ()

    @model_validator(mode="after")
    def _one_current_key_an_agency(self) -> Self:
        agencies = [k.agency for k in self.keys if k.until is None]
        if len(agencies) != len(set(agencies)):
            raise ValueError("an agency has two keys without `until`")
        return self

    @model_validator(mode="after")
    def _one_key_an_id(self) -> Self:
        names = [key.id for key in (*self.keys, *self.destroyed)]
        if len(names) != len(set(names)):
            raise ValueError("two keys have the same id")
        return self

    @model_validator(mode="after")
    def _none_is_missing(self) -> Self:
        spans: tuple[KeySpan, ...] = (*self.keys, *self.destroyed)
        known = {(one.agency, one.id) for one in spans}
        for one in spans:
            if one.after is not None and (one.agency, one.after) not in known:
                raise ValueError(
                    f"key {one.id} is `after` {one.after}, which is not there: put it back among "
                    "`keys`, or name it in `destroyed`"
                )
        return self

    @model_validator(mode="after")
    def _newest_key_writes(self) -> Self:
        for now in (key for key in self.keys if key.until is None):
            for one in (*self.keys, *self.destroyed):
                if one.agency == now.agency and one.until and one.valid_from >= now.valid_from:
                    raise ValueError(
                        f"key {now.id} writes, and {one.id} has a `from` that is not before its: "
                        "what was changed is not changed back; make a new key instead"
                    )
        return self

    @model_validator(mode="after")
    def _one_secret_a_key(self) -> Self:
        known: dict[tuple[str, str], str] = {}
        for key in self.keys:
            before = known.setdefault((key.agency, key.secret.get_secret_value()), key.id)
            if before != key.id:
                raise ValueError(
                    f"keys {before} and {key.id} have the same secret: give the new one its own"
                )
        return self

    @model_validator(mode="after")
    def _one_operator_a_token(self) -> Self:
        tokens = [token for one in self.operators for token in one.token_sha256]
        if len(tokens) != len(set(tokens)):
            raise ValueError("two operators have the same token")
        return self

    @property
    def is_for_demonstration(self) -> bool:
        """Whether a key is a published one, good for nothing but a demo on loopback."""
        ids = [self.sealing.id, *(k.id for k in self.keys), *(w.id for w in self.webhooks)]
        return any(i.startswith(DEMO_PREFIX) for i in ids)

    def current(self, agency: str) -> PseudonymKey | None:
        """The agency's key without an end."""
        return next((k for k in self.keys if k.agency == agency and k.until is None), None)

    def former(self, agency: str) -> list[PseudonymKey]:
        """The agency's keys that write no more and are still there: what was made with them is."""
        return [key for key in self.keys if key.agency == agency and key.until is not None]
