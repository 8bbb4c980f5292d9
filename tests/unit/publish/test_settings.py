"""The settings of publish."""

import pytest
from pydantic import ValidationError

from schemas.listen_address import address_of
from schemas.settings_names import NAMES
from services.publish.settings import Settings


def test_every_setting_is_a_known_name() -> None:
    assert {name.upper() for name in Settings.model_fields} <= NAMES


def test_the_defaults_serve_on_loopback() -> None:
    settings = Settings(_env_file=None)
    assert (settings.kafka_bootstrap, settings.publish_inside) == (
        "127.0.0.1:9092",
        "127.0.0.1:9083",
    )


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_PUBLISH_INSIDE", "[::1]:7000")
    assert address_of(Settings().publish_inside) == ("::1", 7_000)


@pytest.mark.parametrize(
    ("listen", "told"),
    [
        ("0.0.0.0:9083", "0.0.0.0 is not loopback"),
        ("9083", "is not host:port"),
        ("127.0.0.1:99999", "99999 is no port"),
        ("scorecard.example:80", "does not appear to be an IPv4 or IPv6 address"),
    ],
)
def test_an_address_that_is_not_this_machines_is_refused(listen: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Settings(publish_inside=listen)


def test_an_unknown_log_level_is_refused() -> None:
    with pytest.raises(ValidationError, match="write debug, info, warning or error"):
        Settings(log_level="loud")
