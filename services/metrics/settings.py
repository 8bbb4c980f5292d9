"""The settings of metrics: one frozen value, checked at the start."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from schemas import catalogue as catalogues
from schemas.codec import explain
from schemas.inside_readers import InsideSettings
from schemas.kafka_access import KafkaSettings
from schemas.listen_address import address_of, stays_on_this_machine
from schemas.secret_file import ReadFile, UserFile, read_user
from schemas.settings_names import PREFIX, unknown
from schemas.yaml_file import FileRefused
from services.metrics.domain.rules import Rules, rules_from

_DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def _checked(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ValueError("must be host:port, such as 127.0.0.1:9082")
    return value


class Settings(KafkaSettings, InsideSettings):
    """What metrics is told from outside, each as THROUGHLINE_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    redis_url: str = Field(
        "redis://127.0.0.1:6379/0", description="where the counters are; with TLS rediss://"
    )
    redis_user_file: UserFile | None = Field(
        None, description="a file with user:password, where Redis asks who one is"
    )
    redis_ca_file: ReadFile | None = Field(
        None, description="who signed the certificate of Redis (PEM), if not whom the system trusts"
    )
    redis_prefix: str = Field("", description="before every key, where a Redis is shared")
    catalogue: Path = Field(_DEPLOY / "catalogue", description="a YAML file or a folder of them")
    metrics_inside: Annotated[str, AfterValidator(_checked)] = Field(
        "127.0.0.1:9082", description="/metrics, /livez and /readyz"
    )
    metrics_publish_seconds: float = Field(
        10, gt=0, description="between two rounds of metrics.internal.v1"
    )
    metrics_session_timeout_seconds: float = Field(
        45, ge=1, description="after which the group gives a silent process's partitions away"
    )
    log_level: str = Field("info", description="debug, info, warning or error")

    @property
    def inside(self) -> tuple[str, int]:
        """Host and port of the inside listener."""
        return address_of(self.metrics_inside)

    @property
    def shown(self) -> Mapping[str, object]:
        """What may be written to a log: of the address of Redis, neither name nor password."""
        address = urlsplit(self.redis_url)
        return self.model_dump(mode="json") | {"redis_url": f"{address.hostname}:{address.port}"}

    @property
    def redis_user(self) -> tuple[str, str] | None:
        """User and password of Redis, if they are in a file; reads it."""
        return read_user(self.redis_user_file) if self.redis_user_file else None

    @model_validator(mode="after")
    def _tells_redis_no_password_in_the_clear(self) -> Self:
        url = urlsplit(self.redis_url)
        is_encrypted = url.scheme == "rediss"
        if url.scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("redis_url: begins with rediss:// (TLS), redis:// or unix://")
        if self.redis_ca_file and not is_encrypted:
            raise ValueError(
                "redis_ca_file: there is TLS only where redis_url begins with rediss://"
            )
        if self.redis_user_file and url.password:
            raise ValueError("redis_user_file: redis_url has a password too; leave it out there")
        has_password = self.redis_user_file or url.password
        is_here = url.hostname is None or stays_on_this_machine(url.hostname)
        if has_password and not is_encrypted and not is_here:
            raise ValueError(
                f"redis_url: the password would go to {url.hostname} for everybody to read; "
                "write rediss://, and in redis_ca_file who signed its certificate"
            )
        return self


class StartRefused(Exception):
    """The environment is wrong; the text says where, in sentences for whoever wrote it."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of the process's environment. Raises StartRefused."""
    if wrong := unknown(environment):
        raise StartRefused("\n".join(wrong))
    try:
        return Settings()
    except ValidationError as error:
        raise StartRefused(explain(error)) from None


def load_rules(place: Path) -> Rules:
    """The rules of a catalogue. Raises FileRefused."""
    return rules_from(catalogues.load(_texts(place)))


def _texts(place: Path) -> Iterable[tuple[str, str]]:
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    try:
        return [(str(file), file.read_text(encoding="utf-8")) for file in files]
    except OSError as error:
        raise FileRefused(f"{error.filename}: {error.strerror}") from None
