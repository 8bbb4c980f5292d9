"""Settings of ingest: read once, checked against each other, made into the domain's rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import SettingsConfigDict

from schemas import catalogue as catalogues
from schemas.authority import AUTHORITY_FILE
from schemas.authority import read as read_authority
from schemas.catalogue import Catalogue
from schemas.codec import explain
from schemas.inside_readers import InsideSettings
from schemas.kafka_access import KafkaAccess, KafkaSettings
from schemas.key_life import destroyed_too_early, lost
from schemas.keyring import Keyring
from schemas.listen_address import address_of, stays_on_this_machine
from schemas.secret_file import UserFile
from schemas.settings_names import PREFIX, unknown
from schemas.sources import Sources
from schemas.topics import JOURNEYS, topic
from schemas.yaml_file import FileRefused, parse
from services.ingest.domain.rules import Rules, make_rules

_DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


class StartRefused(Exception):
    """A setting or a file does not say what it must, or cannot be had; the message is for the
    operator.
    """


class Address(NamedTuple):
    """Where a listener listens."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return stays_on_this_machine(self.host)


def _checked(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ValueError("must be host:port, such as 127.0.0.1:8080")
    return value


HostPort = Annotated[str, AfterValidator(_checked)]


class Settings(KafkaSettings, InsideSettings):
    """What THROUGHLINE_ variables say about ingest. Files are only read by `load_rules`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    catalogue: Path = Field(_DEPLOY / "catalogue", description="a YAML file or a folder of them")
    sources: Path = Field(_DEPLOY / "sources.yaml", description="who may send")
    pseudonym_keys: Path = Field(_DEPLOY / "demo-keys.yaml", description="the keyring")
    authority: Path = Field(AUTHORITY_FILE, description="who decides what")
    ingest_listen: HostPort = Field("127.0.0.1:8080", description="the public listener")
    ingest_inside: HostPort = Field("127.0.0.1:9080", description="health, metrics, clock ticks")
    ingest_max_body_bytes: int = Field(2**20, ge=1024, description="a body, also un-gzipped")
    ingest_max_in_flight_bytes: int = Field(
        64 * 2**20,
        ge=2**20,
        description="of bodies not read to their end, and as much sent and not acknowledged yet",
    )
    ingest_publish_timeout_seconds: float = Field(2, gt=0, description="then the answer is 503")
    ingest_reader_user_file: UserFile | None = Field(
        None, description="as whom commands and clocks read what was sent; by default the same user"
    )
    ingest_drain_seconds: float = Field(
        2, ge=0, description="between not ready and no new connection, at the end"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="what is logged"
    )

    @property
    def kafka_as_reader(self) -> KafkaAccess:
        """Who collects may not read touchpoints.v1: what must do that comes as somebody else."""
        return self.kafka_as(self.ingest_reader_user_file or self.kafka_user_file)

    def at(self, bootstrap: str | None) -> "Settings":
        """The same, for another broker where one is named."""
        return self.model_copy(update={"kafka_bootstrap": bootstrap}) if bootstrap else self

    @property
    def public(self) -> Address:
        """Where channels send to."""
        return _address(self.ingest_listen)

    @property
    def inside(self) -> Address:
        """Where health, metrics and clocks are."""
        return _address(self.ingest_inside)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the process' environment, of which `environment` names the variables. Raises
    StartRefused naming every THROUGHLINE_ variable that no service knows or that cannot be read.
    """
    if sentences := unknown(environment):
        raise StartRefused("\n".join(sentences))
    try:
        return Settings()
    except ValidationError as error:
        raise StartRefused(explain(error)) from None


def load_rules(settings: Settings, now: datetime, before: Rules | None = None) -> Rules:
    """The rules in the four files, checked against each other, and their keys against those of
    `before`, now. Raises StartRefused.
    """
    try:
        catalogue = catalogues.load(_texts(settings.catalogue))
        sources = parse(Sources, _text(settings.sources), str(settings.sources))
        keyring = parse(Keyring, _text(settings.pseudonym_keys), str(settings.pseudonym_keys))
        wrong = _wrong(settings, catalogue, sources, keyring)
        wrong += destroyed_too_early(keyring, catalogue, now)
        if before is not None:
            known = (key for keys in before.all_keys.values() for key in keys)
            wrong += lost(known, keyring, catalogue)
        if wrong:
            raise StartRefused("\n".join(wrong))
        decides = read_authority(_text(settings.authority), str(settings.authority))
        return make_rules(catalogue, sources, keyring, decides)
    except (FileRefused, ValueError) as fault:
        raise StartRefused(str(fault)) from None
    except OSError as fault:
        raise StartRefused(f"{fault.filename}: {fault.strerror}") from None


def fingerprint(settings: Settings) -> tuple[tuple[object, ...], ...]:
    """What is another as soon as one of the four files is, or whether it is there."""
    places = (*(settings.catalogue, settings.sources, settings.pseudonym_keys, settings.authority),)
    return tuple(_seen(file) for place in places for file in _files(place))


def _seen(file: Path) -> tuple[object, ...]:
    try:
        found = file.stat()
    except OSError:
        return (file,)
    return file, found.st_mtime_ns, found.st_size, found.st_ino


def _wrong(
    settings: Settings, catalogue: Catalogue, sources: Sources, keyring: Keyring
) -> list[str]:
    retention = timedelta(milliseconds=int(topic(JOURNEYS).configuration["retention.ms"]))
    told = catalogues.check(catalogue, sources.max_delays(), retention)
    told += sources.check(catalogue)
    if keyring.is_for_demonstration:
        told += [
            f"{name}: the keys in {settings.pseudonym_keys} are published ones, for loopback only"
            for name, address in (
                ("INGEST_LISTEN", settings.public),
                ("INGEST_INSIDE", settings.inside),
            )
            if not address.is_loopback
        ]
    return told


def _texts(place: Path) -> list[tuple[str, str]]:
    return [(str(file), _text(file)) for file in _files(place)]


def _files(place: Path) -> list[Path]:
    return sorted(place.glob("*.yaml")) if place.is_dir() else [place]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _address(value: str) -> Address:
    return Address(*address_of(value))
