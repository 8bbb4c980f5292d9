"""The settings of publish: one frozen value, checked at the start."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import SettingsConfigDict

from schemas.authority import AUTHORITY_FILE
from schemas.inside_readers import InsideSettings
from schemas.kafka_access import KafkaSettings
from schemas.listen_address import address_of
from schemas.settings_names import PREFIX


class Settings(KafkaSettings, InsideSettings):
    """What publish is told from outside, each as THROUGHLINE_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    catalogue: Path = Path("deploy/catalogue")
    """The service catalogue: a file or a folder of *.yaml."""
    authority: Path = AUTHORITY_FILE
    """Who decides what: governance/authority.yaml, or another file like it."""
    publish_inside: str = "127.0.0.1:9083"
    """Where pages, JSON, /metrics, /livez and /readyz are served: exact numbers."""
    publish_public: str = "127.0.0.1:9084"
    """Where `publish public` serves the open data, to anybody."""
    publish_public_url: str = "http://127.0.0.1:9084"
    """What the public calls that address by, without a path: it stands in all metadata."""
    publish_licence: str = "https://creativecommons.org/licenses/by/4.0/"
    """The address of the licence of the open data."""
    publish_comments: str = ""
    """Where to comment on the open data: an address or e-mail; without, the agency's contact."""
    log_level: str = "info"
    """The least grave log line that is written: debug, info, warning or error."""

    @field_validator("publish_inside", "publish_public")
    @classmethod
    def _can_be_listened_on(cls, listen: str) -> str:
        host, port = address_of(listen)
        if host != "localhost":
            ipaddress.ip_address(host)
        if not 0 <= port < 2**16:
            raise ValueError(f"{port} is no port")
        return listen

    @field_validator("publish_public_url", "publish_licence")
    @classmethod
    def _can_be_followed(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            raise ValueError(f"{url!r} is no address such as https://data.example.org")
        return url.rstrip("/") if not urlsplit(url).path.strip("/") else url

    @field_validator("log_level")
    @classmethod
    def _level_is_known(cls, level: str) -> str:
        if level.lower() not in {"debug", "info", "warning", "error"}:
            raise ValueError("write debug, info, warning or error")
        return level.lower()
