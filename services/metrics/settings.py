"""The settings of metrics: one frozen value, checked at the start."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import SettingsConfigDict

from schemas import catalogue as catalogues
from schemas.codec import explain
from schemas.kafka_access import KafkaSettings
from schemas.listen_address import address_of
from schemas.settings_names import PREFIX, unknown
from schemas.yaml_file import FileRefused
from services.metrics.domain.rules import Rules, rules_from

_DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def _checked(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ValueError("must be host:port, such as 127.0.0.1:9082")
    return value


class Settings(KafkaSettings):
    """What metrics is told from outside, each as THROUGHLINE_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    redis_url: str = Field("redis://127.0.0.1:6379/0", description="where the counters are")
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
