"""The commands, as somebody types them; nothing here reaches a server."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import structlog
from click.testing import CliRunner, Result

from services.ingest.__main__ import main
from tests.unit.ingest.world import CATALOGUE, KEYS, SOURCES, cloudevent, json, visit


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    texts = {"CATALOGUE": CATALOGUE, "SOURCES": SOURCES, "PSEUDONYM_KEYS": KEYS}
    for name, text in texts.items():
        file = tmp_path / f"{name.lower()}.yaml"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv(f"THROUGHLINE_{name}", str(file))
    yield
    structlog.reset_defaults()


def run(*arguments: str, body: bytes = b"") -> Result:
    return CliRunner().invoke(main, arguments, input=body)


def test_explain_tells_the_steps_of_every_event() -> None:
    found = run("explain", "-", "--source", "web", body=json([cloudevent(), 7]))
    told = msgspec.json.decode(found.stdout)
    assert [event["result"] for event in told["events"]] == ["accepted", "rejected"]


def test_explain_reads_binary_events_with_their_headers() -> None:
    headers = ("specversion:1.0", "id:1", "source:/s", "type:t")
    options = [part for header in headers for part in ("--header", f"Ce-{header}")]
    found = run("explain", "-", "--source", "web", *options, body=json(visit()))
    assert msgspec.json.decode(found.stdout)["events"][0]["result"] == "accepted"


VIEW = b"idsite=7&rec=1&uid=42&url=https%3A%2F%2Ftown.example%2Fparking%2Fpage"
CAPTURED = {
    "query": b"GET /matomo.php?" + VIEW + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "no header": b"GET /matomo.php?" + VIEW + b" HTTP/1.1\n\n",
    "no end": b"GET /matomo.php?" + VIEW + b" HTTP/1.1\nHost: x",
    "form": b"POST /matomo.php HTTP/1.1\r\nHost: x\r\n\r\n" + VIEW,
    "gzip": b"POST /matomo.php HTTP/1.1\nContent-Encoding: gzip\n\n" + gzip.compress(VIEW),
    "body alone": VIEW,
}


@pytest.mark.parametrize("body", CAPTURED.values(), ids=list(CAPTURED))
def test_explain_reads_a_captured_request(body: bytes) -> None:
    told = msgspec.json.decode(run("explain", "-", "--source", "web", body=body).stdout)
    assert told["protocol"] == "matomo"
    assert told["events"][0]["would_publish"]["data"]["touchpoint"] == "page"


@pytest.mark.parametrize("head", [b"", b"POST /webhooks/survey HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_explain_reads_a_webhook_of_its_source_and_asks_for_no_signature(head: bytes) -> None:
    answer = {"id": "r-1", "surveyId": "journey-form", "data": {"how-satisfied": 4}}
    body = head + json({"event": "responseFinished", "data": answer})
    told = msgspec.json.decode(run("explain", "-", "--source", "survey", body=body).stdout)
    assert told["protocol"] == "webhook"
    assert told["events"][0]["would_publish"]["data"]["feedback"]["answer"] == 4


@pytest.mark.parametrize(
    ("arguments", "body", "sentence"),
    [
        (("--source", "wbe"), b"{}", "source: unknown; did you mean 'web'?"),
        (("--source", "web"), b"hello", "cloudevents: body: JSON is malformed"),
        (("--source", "web"), CAPTURED["gzip"][:-5], "the body is not gzip, although it says so"),
    ],
)
def test_explain_says_why_there_is_nothing_to_explain(
    arguments: tuple[str, ...], body: bytes, sentence: str
) -> None:
    found = run("explain", "-", *arguments, body=body)
    assert (found.exit_code, sentence in found.stderr) == (1, True)


def test_an_import_with_a_wrong_mapping_ends_with_a_sentence(tmp_path: Path) -> None:
    log, mapping = tmp_path / "log.csv", tmp_path / "map.yaml"
    log.write_text("a,b\n", encoding="utf-8")
    mapping.write_text("sourcex: web\n", encoding="utf-8")
    found = run("import", str(log), "--mapping", str(mapping))
    assert found.exit_code == 1
    assert "sourcex: unknown field; did you mean 'source'?" in found.stderr


def test_an_unknown_setting_stops_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_SOURCE", "x")
    found = run("explain", "-", "--source", "web")
    assert found.exit_code == 1
    assert "did you mean 'THROUGHLINE_SOURCES'?" in str(found.exception) + found.output


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("serve",),
        ("import",),
        ("explain",),
        ("access",),
        ("rejected", "list"),
        ("rejected", "show"),
        ("rejected", "replay"),
    ],
)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    found = run(*command, "--help")
    assert found.exit_code == 0
    assert len(found.output) > 200
