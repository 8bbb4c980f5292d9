"""What an operator may say, and what is answered to a wrong word."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from schemas.yaml_file import FileRefused
from services.metrics.__main__ import program
from services.metrics.settings import Settings, load_rules
from tests.unit.metrics.snapshots import CATALOGUE, rules


def test_the_catalogue_may_be_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "town.yaml").write_text(CATALOGUE, encoding="utf-8")
    assert load_rules(tmp_path) == load_rules(tmp_path / "town.yaml") == rules()


def test_a_catalogue_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"none\.yaml: No such file"):
        load_rules(tmp_path / "none.yaml")


def test_the_catalogue_of_the_repository_is_the_default() -> None:
    assert set(load_rules(Settings().catalogue).services) >= {"building-permit", "benefit-claim"}


@pytest.mark.parametrize("address", ["9082", "localhost:", "127.0.0.1:99999"])
def test_a_listener_is_a_host_and_a_port(address: str) -> None:
    with pytest.raises(ValidationError, match="must be host:port"):
        Settings(metrics_inside=address)


def test_a_listener_is_taken_apart() -> None:
    assert Settings(metrics_inside="127.0.0.1:9082").inside == ("127.0.0.1", 9082)


def test_a_setting_nobody_knows_stops_the_start_with_the_nearest_name() -> None:
    result = CliRunner().invoke(program, ["serve"], env={"THROUGHLINE_REDIS_URI": "x"})
    assert result.exit_code == 1
    assert "THROUGHLINE_REDIS_URI is not a setting; did you mean 'THROUGHLINE_REDIS_URL'?" in (
        result.output
    )


def test_a_wrong_value_stops_the_start_and_names_the_field() -> None:
    environment = {"THROUGHLINE_METRICS_PUBLISH_SECONDS": "soon"}
    result = CliRunner().invoke(program, ["serve"], env=environment)
    assert result.exit_code == 1
    assert "metrics_publish_seconds" in result.output


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["rebuild", "--help"]])
def test_every_command_explains_itself(arguments: list[str]) -> None:
    result = CliRunner().invoke(program, arguments)
    assert (result.exit_code, "Usage:" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("url", "more", "sentence"),
    [
        ("redis://:word@redis.town:6379/0", {}, "would go to redis.town for everybody to read"),
        ("redis://redis.town/0", {"redis_user_file": "user"}, "would go to redis.town"),
        ("redis://127.0.0.1/0", {"redis_ca_file": "user"}, "begins with rediss://"),
        ("rediss://:word@redis.town/0", {"redis_user_file": "user"}, "has a password too"),
        ("http://redis.town", {}, "begins with rediss://"),
    ],
)
def test_redis_is_told_no_password_in_the_clear(
    tmp_path: Path, url: str, more: dict[str, str], sentence: str
) -> None:
    (tmp_path / "user").write_text("metrics:word", encoding="utf-8")
    files = {name: tmp_path / file for name, file in more.items()}
    with pytest.raises(ValidationError, match=sentence) as refused:
        Settings.model_validate({"redis_url": url, **files})
    assert "metrics:word" not in str(refused.value)


def test_redis_may_be_on_this_machine_or_behind_tls(tmp_path: Path) -> None:
    (tmp_path / "user").write_text("metrics:word", encoding="utf-8")
    for url in ("redis://127.0.0.1/0", "rediss://redis.town/0", "unix:///run/redis.sock"):
        settings = Settings.model_validate({"redis_url": url, "redis_user_file": tmp_path / "user"})
        assert settings.redis_user == ("metrics", "word")
