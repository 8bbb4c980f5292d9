"""A source that tells by webhook: how, with which secrets, and the surveys of its services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from schemas.catalogue import Catalogue
from schemas.instrument import Instrument
from schemas.keyring import Keyring
from schemas.layout import Webhook
from schemas.sources import Sources
from schemas.yaml_file import nearest


@dataclass(frozen=True)
class Survey:
    """An instrument, and the service it is about."""

    service: str
    instrument: Instrument


@dataclass(frozen=True)
class Hook:
    """What is needed to read a webhook's bodies."""

    source: str
    webhook: Webhook
    surveys: tuple[Survey, ...]
    secrets: tuple[bytes, ...] = field(repr=False)

    def asked_by(self, form: str) -> tuple[Survey, ...]:
        """The surveys that a form puts: usually one."""
        return tuple(
            survey
            for survey in self.surveys
            if any(fnmatchcase(form, pattern) for pattern in survey.instrument.forms)
        )


def make_hooks(catalogue: Catalogue, sources: Sources, keyring: Keyring) -> Mapping[str, Hook]:
    """The webhooks by source. Raises ValueError when secrets and sources do not fit."""
    if wrong := _wrong(sources, keyring):
        raise ValueError("\n".join(wrong))
    return {
        source.id: Hook(
            source=source.id,
            webhook=source.webhook,
            surveys=tuple(
                Survey(service, instrument)
                for service in source.services
                for instrument in catalogue.services[service].instruments
            ),
            secrets=tuple(one.key for one in keyring.webhooks if one.source == source.id),
        )
        for source in sources.sources
        if source.webhook is not None
    }


def _wrong(sources: Sources, keyring: Keyring) -> list[str]:
    signing = [s.id for s in sources.sources if s.webhook and s.webhook.signature != "token"]
    known = {one.source for one in keyring.webhooks}
    told = [
        f"source {source}: its webhook is signed, and the keys have no secret of it: add one to "
        "webhooks"
        for source in signing
        if source not in known
    ]
    return told + [
        f"secret {one.id}: no source {one.source!r} has a signed webhook; "
        f"{nearest(one.source, signing)}"
        for one in keyring.webhooks
        if one.source not in signing
    ]
