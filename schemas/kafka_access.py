"""Where the broker is and as whom we come to it: the one place that knows how clients are secured.

With a user every connection is encrypted (SASL_SSL) and the password is never sent (SCRAM): there
is no setting by which it could be otherwise.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings

from schemas.secret_file import ReadFile, UserFile, read_user

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


class KafkaSettings(BaseSettings):
    """What every service is told of the broker."""

    kafka_bootstrap: str = Field(
        "127.0.0.1:9092", description="the broker's addresses, separated by commas"
    )
    kafka_user_file: UserFile | None = Field(
        None, description="a file with user:password; with it connections are SASL_SSL, SCRAM"
    )
    kafka_ca_file: ReadFile | None = Field(
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
