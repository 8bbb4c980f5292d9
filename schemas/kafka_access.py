"""Where the broker is and as whom we come to it: the one place that knows how clients are secured.

With a user every connection is encrypted (SASL_SSL) and the password is never sent (SCRAM): there
is no setting by which it could be otherwise.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

PROTOCOL = "SASL_SSL"
MECHANISM = "SCRAM-SHA-512"


@dataclass(frozen=True)
class KafkaAccess:
    """A broker's address, and a user where it asks for one; `ca` is a file, or what is trusted."""

    bootstrap: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""

    def __str__(self) -> str:
        return self.bootstrap

    def context(self) -> ssl.SSLContext:
        """What makes sure that it is the broker; reads the file."""
        return ssl.create_default_context(cafile=self.ca or None)


Kafka = str | KafkaAccess
"""An address alone is a broker that asks nobody who they are."""


def client_options(kafka: Kafka) -> dict[str, Any]:
    """What every client of aiokafka is made with."""
    if isinstance(kafka, str):
        return {"bootstrap_servers": kafka}
    if not kafka.user:
        return {"bootstrap_servers": kafka.bootstrap}
    return {
        "bootstrap_servers": kafka.bootstrap,
        "security_protocol": PROTOCOL,
        "sasl_mechanism": MECHANISM,
        "sasl_plain_username": kafka.user,
        "sasl_plain_password": kafka.password,
        "ssl_context": kafka.context(),
    }


def read_user(file: Path) -> tuple[str, str]:
    """The user and the password in a file of one line, `user:password`. Raises ValueError, which
    never shows what is in it.
    """
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from None
    user, _, password = text.partition(":")
    if not user or not password or "\n" in text:
        raise ValueError(f"{file}: must be one line, user:password")
    return user, password


def _holds_a_user(file: Path) -> Path:
    read_user(file)
    return file


def _is_there(file: Path) -> Path:
    if not file.is_file():
        raise ValueError(f"{file}: there is no such file")
    return file


UserFile = Annotated[Path, AfterValidator(_holds_a_user)]


class KafkaSettings(BaseSettings):
    """What every service is told of the broker."""

    kafka_bootstrap: str = Field(
        "127.0.0.1:9092", description="the broker's addresses, separated by commas"
    )
    kafka_user_file: UserFile | None = Field(
        None, description="a file with user:password; with it connections are SASL_SSL, SCRAM"
    )
    kafka_ca_file: Annotated[Path, AfterValidator(_is_there)] | None = Field(
        None, description="who signed the broker's certificate (PEM), if not whom the system trusts"
    )

    @property
    def kafka(self) -> KafkaAccess:
        """The broker as this process comes to it; reads the file of the user."""
        return self.kafka_as(self.kafka_user_file)

    def kafka_as(self, user_file: Path | None) -> KafkaAccess:
        """The same broker as somebody else."""
        user, password = read_user(user_file) if user_file else ("", "")
        ca = str(self.kafka_ca_file or "")
        return KafkaAccess(self.kafka_bootstrap, user, password, ca)
