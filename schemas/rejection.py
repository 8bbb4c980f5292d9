"""What lies on the rejected topics: why, where, and the sealed original."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.model import Contract, Instant, Name, Pseudonym
from schemas.vocabulary import Reason

Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$")]


class Sealed(Contract):
    """Bytes only the key's holder can read: AES-256-GCM, base64url without padding."""

    algorithm: Literal["AES-256-GCM"] = "AES-256-GCM"
    key_id: Name
    nonce: Base64
    ciphertext: Base64


class Origin(Contract):
    """Where on a topic a record lay that a reader refused: its identity, so that twice is once."""

    topic: str
    partition: Annotated[int, Field(ge=0)]
    offset: Annotated[int, Field(ge=0)]


class Rejection(Contract):
    """One refused event. `detail` names the field, the value's type and the nearest right thing,
    never a value; `subject` is the pseudonym where it could be read.
    """

    reason: Reason
    detail: Annotated[str, StringConstraints(max_length=1000)]
    source: Name
    protocol: Name
    at: Instant
    index: Annotated[int, Field(ge=0)] = 0
    subject: Pseudonym | None = None
    origin: Origin | None = None
    original: Sealed | None = None
