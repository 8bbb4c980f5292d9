"""The settings of journey: one frozen value, checked at the start."""

import ipaddress
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from schemas.inside_readers import InsideSettings
from schemas.kafka_access import KafkaSettings
from schemas.listen_address import address_of
from schemas.settings_names import PREFIX

Seconds = Annotated[float, Field(gt=0, le=30)]


class Settings(KafkaSettings, InsideSettings):
    """What journey is told from outside, each as THROUGHLINE_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    catalogue: Path = Path("deploy/catalogue")
    """The service catalogue: a file or a folder of *.yaml."""
    sources: Path = Path("deploy/sources.yaml")
    """The sources: their largest delays are checked against the catalogue's grace."""
    journey_inside: str = "127.0.0.1:9081"
    """Where /metrics, /livez and /readyz are served; on port 0 a free one is taken and logged."""
    journey_session_timeout_seconds: Annotated[float, Field(ge=6, le=300)] = 45
    """After this long without a sign of life a worker's partitions go to the others."""
    journey_tick_seconds: Seconds = 5
    """How often the live clock moves in every partition, which is when silence is noticed."""
    journey_instance_id: Annotated[str, Field(min_length=1)] | None = None
    """A name that stays the same over restarts (the pod's), so that they move no partition."""
    log_level: str = "info"
    """The least grave log line that is written: debug, info, warning or error."""

    @field_validator("journey_inside")
    @classmethod
    def _is_an_address(cls, listen: str) -> str:
        host, port = address_of(listen)
        if host != "localhost":
            ipaddress.ip_address(host)
        if not 0 <= port < 2**16:
            raise ValueError(f"{port} is no port")
        return listen

    @field_validator("log_level")
    @classmethod
    def _level_is_known(cls, level: str) -> str:
        if level.lower() not in {"debug", "info", "warning", "error"}:
            raise ValueError("write debug, info, warning or error")
        return level.lower()
