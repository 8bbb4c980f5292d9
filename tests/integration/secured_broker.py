"""A broker that asks who one is, with a certificate of its own and a user for every role."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from deploy.local.secured import Secured
from schemas.kafka_access import KafkaAccess
from schemas.topics import TOPICS

ADMINISTRATOR = "provision"
STRANGER = "stranger"
ROLES = sorted({grant.role for topic in TOPICS for grant in topic.grants})


@dataclass(frozen=True)
class SecuredBroker:
    """`access(role)` is how that role comes to it, `settings(role)` the same as variables."""

    bootstrap: str
    folder: Path
    ca: Path

    def access(self, user: str, password: str | None = None) -> KafkaAccess:
        return KafkaAccess(self.bootstrap, user, password or _password(user), str(self.ca))

    def settings(self, user: str) -> Mapping[str, str]:
        file = self.folder / f"{user}.user"
        file.write_text(f"{user}:{_password(user)}\n", encoding="utf-8")
        return {
            "THROUGHLINE_KAFKA_BOOTSTRAP": self.bootstrap,
            "THROUGHLINE_KAFKA_USER_FILE": str(file),
            "THROUGHLINE_KAFKA_CA_FILE": str(self.ca),
        }


@contextmanager
def running(folder: Path, processes: Processes) -> Iterator[SecuredBroker]:
    """A fresh one; nobody but its administrator may do anything yet."""
    authority, certificate, ca = trustme.CA(), folder / "broker.pem", folder / "ca.pem"
    certificate.write_bytes(_key_and_chain(authority.issue_cert("127.0.0.1")))
    authority.cert_pem.write_to_path(ca)
    users = {user: _password(user) for user in (ADMINISTRATOR, *ROLES, STRANGER)}
    secured = Secured(certificate, ca, users)
    with LocalKafka(folder, processes, secured=secured, name="kafka-secured") as broker:
        broker.format()
        broker.resume()
        yield SecuredBroker(broker.bootstrap, folder, ca)


def _key_and_chain(issued: trustme.LeafCert) -> bytes:
    """In the only form of a key that Java reads."""
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return b"".join([pem, *(one.bytes() for one in issued.cert_chain_pems)])


def _password(user: str) -> str:
    return f"{user}-secret"
