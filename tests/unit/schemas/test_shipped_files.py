"""The catalogue, sources and keys that come with the project are right, and fit each other."""

from datetime import timedelta
from pathlib import Path

from schemas.catalogue import Catalogue, check, load
from schemas.keyring import Keyring
from schemas.sources import Sources
from schemas.topics import JOURNEYS, topic
from schemas.yaml_file import parse

DEPLOY = Path("deploy")


def catalogue() -> Catalogue:
    files = sorted((DEPLOY / "catalogue").glob("*.yaml"))
    return load([(path.name, path.read_text(encoding="utf-8")) for path in files])


def sources() -> Sources:
    path = DEPLOY / "sources.yaml"
    return parse(Sources, path.read_text(encoding="utf-8"), path.name)


def keyring() -> Keyring:
    path = DEPLOY / "demo-keys.yaml"
    return parse(Keyring, path.read_text(encoding="utf-8"), path.name)


def test_three_services_are_described() -> None:
    assert set(catalogue().services) == {"benefit-claim", "building-permit", "passport-renewal"}


def test_the_catalogue_its_sources_and_the_retention_fit() -> None:
    retention = timedelta(milliseconds=int(topic(JOURNEYS).configuration["retention.ms"]))
    assert check(catalogue(), sources().max_delays(), retention) == []


def test_the_sources_name_services_and_agencies_of_the_catalogue() -> None:
    assert sources().check(catalogue()) == []


def test_every_agency_has_a_current_key_and_all_are_published_ones() -> None:
    keys = keyring()
    assert all(keys.current(agency.agency) for agency in catalogue().agencies)
    assert all(key.id.startswith("demo-") for key in keys.keys)
    assert keys.sealing.id.startswith("demo-")
