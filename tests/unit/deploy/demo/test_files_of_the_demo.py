"""The catalogue, the sources and the published keys fit each other."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from deploy.demo.desks import desks, source_of
from schemas.catalogue import check, load
from schemas.keyring import Keyring
from schemas.sources import Sources
from schemas.yaml_file import parse

DEPLOY = Path("deploy")
CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted((DEPLOY / "catalogue").glob("*.yaml"))
)
SOURCES = parse(Sources, (DEPLOY / "sources.yaml").read_text("utf-8"), "sources")
KEYS = parse(Keyring, (DEPLOY / "demo-keys.yaml").read_text("utf-8"), "keys")


def test_windows_grace_and_retention_fit_each_other() -> None:
    assert check(CATALOGUE, SOURCES.max_delays(), timedelta(days=1_100)) == []
    assert SOURCES.check(CATALOGUE) == []


def test_every_agency_has_a_published_key() -> None:
    assert KEYS.is_for_demonstration
    assert all(KEYS.current(agency.agency) for agency in CATALOGUE.agencies)


def test_a_token_is_the_id_of_its_source_and_the_word_token() -> None:
    for source in SOURCES.sources:
        if source.token_sha256:
            assert source.token_sha256 == (sha256(f"{source.id}-token".encode()).hexdigest(),)


def test_every_place_has_a_source_for_each_of_its_channels_on_both_clocks() -> None:
    by_id = {source.id: source for source in SOURCES.sources}
    for desk in desks(CATALOGUE):
        for touchpoint in desk.service.touchpoints:
            for channel in touchpoint.channels:
                for clock in ("live", "demo"):
                    source = by_id[source_of(desk, channel, touchpoint.id, clock)]
                    assert channel in source.channels
                    assert desk.service.id in source.services
                    assert source.clock == clock


def test_sources_of_an_agency_know_a_citizen_by_the_same_number() -> None:
    assert all(source.issuer == source.agency for source in SOURCES.sources)


def test_an_archive_can_send_what_a_permit_log_holds() -> None:
    touchpoints = CATALOGUE.services["building-permit"].by_touchpoint
    (archive,) = [s for s in SOURCES.sources if s.id == "permit-archive"]
    for name, action in (
        ("receipt", "submitted"),
        ("handling", "processed"),
        ("decision", "decided"),
    ):
        assert touchpoints[name].action == action
        assert set(archive.channels) <= set(touchpoints[name].channels)
