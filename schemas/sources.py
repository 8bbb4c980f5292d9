"""The sources: who may send, by which protocol, for which services, and how late."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from schemas.catalogue import Catalogue
from schemas.control import LIVE
from schemas.lawfulness import Basis, Category, Notice
from schemas.layout import Webhook
from schemas.model import Contract, Name, Sha256
from schemas.vocabulary import Channel
from schemas.yaml_file import nearest

WriteKey = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.:-]{1,200}$")]


def _issuer_may_be_left_out(schema: dict[str, Any]) -> None:
    schema["required"].remove("issuer")


class Rate(Contract):
    """How many events may come each second on the long run, and how many at once."""

    per_second: Annotated[float, Field(gt=0)]
    burst: Annotated[int, Field(ge=1)]


class Source(Contract):
    """One authenticated sender. `issuer` is who gave out the identifiers it sends: two sources that
    name the same issuer share their citizens. A silence longer than `max_silence` raises an alert.

    `write_keys` are what the clients of a protocol call themselves by (idsite, appId, writeKey):
    they stand in pages for everybody to read, so they are no secrets. `origins` are the sites whose
    pages may send; without any, all may. `webhook` says how its protocol of that name is told.
    Faster than `rate` is answered 429 for a while, by each process of ingest for itself.

    No source sends before somebody has said by which right, and where citizens can read of it.
    """

    model_config = ConfigDict(json_schema_extra=_issuer_may_be_left_out)

    id: Name
    agency: Name
    lawful_basis: Basis
    notice_url: Notice
    special_category: Category
    protocols: Annotated[tuple[Name, ...], Field(min_length=1)]
    token_sha256: tuple[Sha256, ...] = ()
    write_keys: dict[Name, tuple[WriteKey, ...]] = {}
    origins: tuple[Origin, ...] = ()
    webhook: Webhook | None = None
    services: Annotated[tuple[Name, ...], Field(min_length=1)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    issuer: Name
    clock: Name = LIVE
    max_delay: timedelta = timedelta(days=1)
    max_silence: timedelta | None = None
    rate: Rate | None = None
    linkable: bool = True

    @model_validator(mode="before")
    @classmethod
    def _issuer_is_the_source_unless_said(cls, values: object) -> object:
        if isinstance(values, dict) and "issuer" not in values and "id" in values:
            return {**values, "issuer": values["id"]}
        return values

    @model_validator(mode="after")
    def _write_keys_are_of_its_protocols(self) -> Self:
        for protocol in self.write_keys:
            if protocol not in self.protocols:
                raise ValueError(
                    f"write_keys: {protocol!r} is none of its protocols; "
                    f"{nearest(protocol, list(self.protocols))}"
                )
        return self

    @model_validator(mode="after")
    def _a_webhook_says_how_it_tells(self) -> Self:
        if ("webhook" in self.protocols) != (self.webhook is not None):
            raise ValueError("webhook: the protocol and its settings belong together: give both")
        return self


class Sources(Contract):
    """The file of all sources."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_and_tokens_are_unique(self) -> Self:
        ids = [s.id for s in self.sources]
        tokens = [t for s in self.sources for t in s.token_sha256]
        keys = [(p, k) for s in self.sources for p, own in s.write_keys.items() for k in own]
        everything: tuple[tuple[str, list[Any]], ...] = (
            *(("source", ids), ("token", tokens), ("write key", keys)),
        )
        for what, values in everything:
            if len(values) != len(set(values)):
                raise ValueError(f"a {what} is declared twice")
        return self

    def check(self, catalogue: Catalogue) -> list[str]:
        """What the sources say that the catalogue does not know, as sentences."""
        known, owners = list(catalogue.services), catalogue.agency_of
        agencies = [agency.agency for agency in catalogue.agencies]
        told = [
            f"source {source.id}: agency {source.agency!r} is unknown; "
            f"{nearest(source.agency, agencies)}"
            for source in self.sources
            if source.agency not in agencies
        ]
        told += [
            f"source {source.id}: service {service!r} belongs to agency {owners[service]!r}"
            for source in self.sources
            for service in source.services
            if source.agency in agencies and owners.get(service, source.agency) != source.agency
        ]
        return told + [
            f"source {source.id}: service {service!r} is unknown; {nearest(service, known)}"
            for source in self.sources
            for service in source.services
            if service not in catalogue.services
        ]

    def max_delays(self) -> dict[str, timedelta]:
        """The largest `max_delay` among the live sources of each service."""
        slowest: dict[str, timedelta] = {}
        for source in self.sources:
            for service in source.services if source.clock == LIVE else ():
                slowest[service] = max(slowest.get(service, timedelta(0)), source.max_delay)
        return slowest
