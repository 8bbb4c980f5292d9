"""What ingest refuses to start with."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.authority import AUTHORITY_FILE
from services.ingest.settings import (
    Address,
    Settings,
    StartRefused,
    fingerprint,
    load_rules,
    read_settings,
)
from tests.unit.ingest.world import CATALOGUE, KEYS, NOW, SOURCES

DESTROYED = f"""{KEYS}
destroyed:
  - {{id: gone, agency: town, from: 2010-01-01T00:00:00Z, until: 2015-01-01T00:00:00Z,
     destroyed: {NOW + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}}}
"""

READERS = f"readers: [{{id: prometheus, token_sha256: [{'a' * 64}], may: [metrics]}}]"


def settings(tmp_path: Path, **changes: Any) -> Settings:
    """Settings on the files of the small agency; a text given by file name replaces one."""
    texts = {"catalogue": CATALOGUE, "sources": SOURCES, "pseudonym_keys": KEYS}
    if "inside_readers" in changes:
        texts["inside_readers"] = ""
    files: dict[str, Any] = {name: tmp_path / f"{name}.yaml" for name in texts}
    for name, text in texts.items():
        files[name].write_text(changes.pop(name, text), encoding="utf-8")
    return Settings(**files, **changes)


def test_the_shipped_files_are_what_it_starts_with() -> None:
    rules = load_rules(Settings(), NOW)
    assert {"permit-web", "permit-archive"} <= set(rules.sources)


def test_a_folder_is_read_as_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "town.yaml").write_text(CATALOGUE, encoding="utf-8")
    (folder / "notes.txt").write_text("not read", encoding="utf-8")
    found = settings(tmp_path).model_copy(update={"catalogue": folder})
    assert set(load_rules(found, NOW).catalogue.services) == {"parking", "taxes"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sources": SOURCES.replace("[parking]", "[parkin]", 1)}, "did you mean 'parking'"),
        ({"sources": SOURCES.replace("max_delay: P1D", "max_delay: P90D")}, "raise grace"),
        ({"sources": "sources: []"}, "sources.yaml: sources: Tuple should have at least 1"),
        (
            {"pseudonym_keys": KEYS.replace("agency: town", "agency: city")},
            "no current pseudonym key",
        ),
        (
            {"catalogue": CATALOGUE.replace("Europe/Amsterdam", "Europe/Atlantis", 1)},
            "no IANA time zone",
        ),
        (
            {
                "catalogue": CATALOGUE.replace(
                    "owner: Head of Parking", "owner: x\n    windows: {max_duration: P2000D}"
                )
            },
            "raise the retention or shorten max_duration",
        ),
        ({"pseudonym_keys": DESTROYED}, "key gone: `destroyed` is later than now"),
        ({"ingest_listen": "0.0.0.0:8080"}, "INGEST_LISTEN: the keys in .* loopback only"),
        (
            {"ingest_inside": "[::]:9080", "inside_readers": READERS},
            "INGEST_INSIDE: the keys in .* loopback only",
        ),
    ],
)
def test_what_does_not_fit_together_stops_the_start_with_a_sentence(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StartRefused, match=sentence):
        load_rules(settings(tmp_path, **changes), NOW)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    missing = settings(tmp_path).model_copy(update={"sources": tmp_path / "none.yaml"})
    with pytest.raises(StartRefused, match=r"none.yaml: No such file"):
        load_rules(missing, NOW)


def test_a_file_of_who_decides_that_leaves_one_out_stops_the_start_and_is_watched(
    tmp_path: Path,
) -> None:
    file = tmp_path / "authority.yaml"
    text = AUTHORITY_FILE.read_text(encoding="utf-8")
    file.write_text(text.replace("  erase:", "  erased:"), encoding="utf-8")
    found = settings(tmp_path).model_copy(update={"authority": file})
    with pytest.raises(StartRefused, match=r"authority.yaml: decisions.erase: ") as refused:
        load_rules(found, NOW)
    assert "did you mean 'erase'?" in str(refused.value)
    before = fingerprint(found)
    file.write_text(text, encoding="utf-8")
    assert fingerprint(found) != before
    assert load_rules(found, NOW).authority.file.decisions.erase.decides


def test_keys_that_are_not_published_may_listen_everywhere(tmp_path: Path) -> None:
    keys = KEYS.replace("demo-", "")
    found = settings(tmp_path, pseudonym_keys=keys, ingest_listen="0.0.0.0:8080")
    assert load_rules(found, NOW).keys["town"].id == "town-1"


def test_an_unknown_variable_stops_the_start_and_names_the_nearest() -> None:
    with pytest.raises(StartRefused, match="did you mean 'THROUGHLINE_INGEST_LISTEN'"):
        read_settings({"THROUGHLINE_INGEST_LISTN": "x"})


def test_other_variables_are_nobodys_business() -> None:
    read_settings({"PATH": "/bin", "THROUGHLINE_REDIS_URL": "redis://x"})


def test_a_variable_that_cannot_be_read_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THROUGHLINE_LOG_LEVEL", "LOUD")
    with pytest.raises(StartRefused, match="log_level: Input should be 'DEBUG'"):
        read_settings({})


@pytest.mark.parametrize("value", ["8080", ":8080", "host:", "host:port", "host:99999"])
def test_an_address_needs_host_and_port(value: str) -> None:
    with pytest.raises(ValidationError, match="must be host:port"):
        Settings(ingest_listen=value)


def test_an_address_of_version_6_loses_its_brackets() -> None:
    assert Settings(ingest_listen="[::1]:8080").public == Address("::1", 8080)


@pytest.mark.parametrize(
    ("address", "is_loopback"),
    [
        (Address("127.0.0.1", 1), True),
        (Address("localhost", 1), True),
        (Address("::1", 1), True),
        (Address("0.0.0.0", 1), False),  # noqa: S104
        (Address("example.org", 1), False),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(
    address: Address,
    is_loopback: bool,  # noqa: FBT001
) -> None:
    assert address.is_loopback is is_loopback


def test_what_reads_touchpoints_comes_as_somebody_else(tmp_path: Path) -> None:
    collector, steward = tmp_path / "collector", tmp_path / "steward"
    collector.write_text("collector:a", encoding="utf-8")
    steward.write_text("steward:b", encoding="utf-8")
    settings = Settings(kafka_user_file=collector, ingest_reader_user_file=steward)
    assert (settings.kafka.user, settings.kafka_as_reader.user) == ("collector", "steward")
    assert Settings(kafka_user_file=collector).kafka_as_reader.user == "collector"


def test_another_broker_is_come_to_as_the_same_user(tmp_path: Path) -> None:
    collector = tmp_path / "collector"
    collector.write_text("collector:a", encoding="utf-8")
    settings = Settings(kafka_bootstrap="one:9092", kafka_user_file=collector)
    found = settings.at("two:9092").kafka
    assert (found.bootstrap, found.user) == ("two:9092", "collector")
    assert settings.at(None) is settings
