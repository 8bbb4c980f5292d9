"""As whom we come to the broker."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.kafka_access import KafkaAccess, KafkaSettings, client_options
from schemas.secret_file import read_user


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    file = tmp_path / "metrics.user"
    file.write_text("metrics:a:secret\n", encoding="utf-8")
    return file


def test_a_broker_that_asks_nobody_is_an_address() -> None:
    plain = {"bootstrap_servers": "broker:9092"}
    assert client_options("broker:9092") == client_options(KafkaAccess("broker:9092")) == plain
    assert client_options(KafkaSettings(kafka_bootstrap="broker:9092").kafka) == plain


def test_a_user_never_comes_without_encryption_nor_without_looking_who_answers(
    user_file: Path,
) -> None:
    settings = KafkaSettings(kafka_bootstrap="broker:9092", kafka_user_file=user_file)
    options = client_options(settings.kafka)
    context = options.pop("ssl_context")
    assert (context.check_hostname, context.verify_mode.name) == (True, "CERT_REQUIRED")
    assert options == {
        "bootstrap_servers": "broker:9092",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "metrics",
        "sasl_plain_password": "a:secret",
    }


def test_a_password_is_in_no_log(user_file: Path) -> None:
    settings = KafkaSettings(kafka_user_file=user_file)
    for told in (repr(settings.kafka), str(settings.kafka), repr(settings.model_dump())):
        assert "secret" not in told


@pytest.mark.parametrize("text", ["", "metrics", ":secret", "metrics:", "a:b\nc:d"])
def test_a_file_that_holds_no_user_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    file = tmp_path / "user"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValidationError, match="must be one line, user:password") as refused:
        KafkaSettings(kafka_user_file=file)
    assert "secret" not in str(refused.value)


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(ValueError, match="gone: No such file"):
        read_user(gone)
    with pytest.raises(ValidationError, match="gone: there is no such file"):
        KafkaSettings(kafka_ca_file=gone)
