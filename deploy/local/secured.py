"""What a broker is told so that it asks who one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import LOOPBACK
from schemas.kafka_access import MECHANISM


@dataclass(frozen=True)
class Secured:
    """A broker that asks who one is: TLS, SCRAM and an access control list.

    `certificate` is its key (PKCS 8) with its chain and `authority` who signed it, both PEM;
    `users` are their passwords, and the first of them may do everything.
    """

    certificate: Path
    authority: Path
    users: Mapping[str, str]

    def properties(self, port: int, controller: int) -> dict[str, str]:
        """The broker's settings that differ."""
        first = next(iter(self.users))
        login = "org.apache.kafka.common.security.scram.ScramLoginModule required"
        return {
            "listeners": f"SASL_SSL://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller}",
            "advertised.listeners": f"SASL_SSL://{LOOPBACK}:{port}",
            "listener.security.protocol.map": "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "SASL_SSL",
            "sasl.enabled.mechanisms": MECHANISM,
            "sasl.mechanism.inter.broker.protocol": MECHANISM,
            f"listener.name.sasl_ssl.{MECHANISM.lower()}.sasl.jaas.config": (
                f'{login} username="{first}" password="{self.users[first]}";'
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.certificate),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            # Without a name come the broker and its own controller, on a listener of their own.
            "super.users": f"User:{first};User:ANONYMOUS",
        }

    @property
    def arguments(self) -> list[str]:
        """What makes the users when the folder is formatted."""
        users = [f"{MECHANISM}=[name={u},password={p}]" for u, p in self.users.items()]
        return [part for user in users for part in ("--add-scram", user)]
