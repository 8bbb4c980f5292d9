"""Who may read what on inside listeners, and that the file of them can change meanwhile."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.inside_readers import Gate, InsideSettings, read
from schemas.settings_names import PREFIX
from schemas.yaml_file import FileRefused
from services.ingest.settings import Settings as Ingest
from services.journey.settings import Settings as Journey
from services.metrics.settings import Settings as Metrics
from services.publish.settings import Settings as Publish

SETTINGS: dict[str, type[InsideSettings]] = {
    "ingest_inside": Ingest,
    "journey_inside": Journey,
    "metrics_inside": Metrics,
    "publish_inside": Publish,
}


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def written(file: Path, *tokens: str) -> Path:
    """Prometheus, with these tokens, and people, with one."""
    hashes = [hashed(token) for token in tokens]
    file.write_text(
        "readers:\n"
        f"  - {{id: prometheus, token_sha256: {hashes}, may: [metrics]}}\n"
        f"  - {{id: people, token_sha256: [{hashed('people')}], may: [scorecard]}}\n",
        encoding="utf-8",
    )
    os.utime(file, ns=(0, len(tokens)))  # a clock of files may stand still between two writes
    return file


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def note(told: list[str]) -> Callable[..., object]:
    return lambda event, **more: told.append(f"{event} {more['problem']}")


@pytest.mark.parametrize(
    ("path", "header", "status"),
    [
        ("/metrics", "Bearer old", None),
        ("/metrics", "bearer old", None),
        ("/metrics", "Bearer people", 403),
        ("/metrics", "Bearer guessed", 401),
        ("/metrics", "Bearer ", 401),
        ("/metrics", "Basic old", 401),
        ("/metrics", None, 401),
        ("/services/parking", "Bearer people", None),
        ("/services/parking", "Bearer old", 403),
        ("/api/v1/services", None, 401),
        ("/livez", None, None),
        ("/readyz", None, None),
    ],
)
def test_a_token_opens_what_its_reader_may_see(
    tmp_path: Path, note: Any, path: str, header: str | None, status: int | None
) -> None:
    denied = Gate(written(tmp_path / "readers.yaml", "old"), note).refusal(path, header)
    assert (denied and denied.status) == status


def test_a_token_is_changed_without_a_pause(tmp_path: Path, note: Any, told: list[str]) -> None:
    file = written(tmp_path / "readers.yaml", "old")
    gate = Gate(file, note)

    def opens(token: str) -> bool:
        return gate.refusal("/metrics", f"Bearer {token}") is None

    assert (opens("old"), opens("new")) == (True, False)
    written(file, "old", "new")
    assert (opens("old"), opens("new")) == (True, True)
    file.write_text("readers: []", encoding="utf-8")
    assert (opens("old"), opens("new"), len(told)) == (True, True, 1)
    assert str(file) in told[0]
    file.unlink()
    assert (opens("old"), len(told)) == (True, 2)
    written(file, "new")
    assert (opens("old"), opens("new"), len(told)) == (False, True, 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("readers: []", "readers"),
        (f"readers: [{{id: a, token_sha256: [{hashed('a')}], may: [everything]}}]", "may"),
        (
            "".join(
                f"{'readers:' if n == 0 else ''}\n- {{id: a{n}, token_sha256: [{hashed('a')}], "
                "may: [metrics]}"
                for n in range(2)
            ),
            "two readers have the same token",
        ),
    ],
)
def test_a_file_that_lets_in_the_wrong_people_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "readers.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused, match=sentence):
        read(tmp_path / "readers.yaml")


@pytest.mark.parametrize("name", SETTINGS)
def test_a_listener_for_other_machines_needs_readers(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}{name.upper()}", "0.0.0.0:9000")
    with pytest.raises(ValidationError, match=f"{name}: 0.0.0.0 is not loopback"):
        SETTINGS[name]()
    file = written(tmp_path / "readers.yaml", "old")
    monkeypatch.setenv(f"{PREFIX}INSIDE_READERS", str(file))
    assert SETTINGS[name]().inside_readers == file
    file.write_text("readers: nobody", encoding="utf-8")
    with pytest.raises(ValidationError, match=r"readers\.yaml: readers"):
        SETTINGS[name]()
