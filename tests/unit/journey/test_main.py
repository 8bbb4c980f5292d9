"""What stops journey before it begins, and with which words."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from services.journey.__main__ import main


def start(**settings: str) -> tuple[int, str]:
    """Exit code and words of a start with these settings."""
    environment = {f"THROUGHLINE_{name}": value for name, value in settings.items()}
    result = CliRunner().invoke(main, ["worker"], env=environment)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"JOURNEY_TICK_SECOND": "5"}, "did you mean 'THROUGHLINE_JOURNEY_TICK_SECONDS'?"),
        ({"JOURNEY_TICK_SECONDS": "soon"}, "journey_tick_seconds: "),
        ({"JOURNEY_TICK_SECONDS": "0"}, "journey_tick_seconds: "),
        ({"JOURNEY_SESSION_TIMEOUT_SECONDS": "1"}, "journey_session_timeout_seconds: "),
        ({"JOURNEY_INSTANCE_ID": ""}, "journey_instance_id: "),
        ({"JOURNEY_INSIDE": "9081"}, "'9081' is not host:port"),
        ({"JOURNEY_INSIDE": "somewhere:9081"}, "'somewhere' does not appear to be"),
        ({"LOG_LEVEL": "loud"}, "write debug, info, warning or error"),
    ],
)
def test_a_wrong_setting_stops_it_with_a_sentence(settings: dict[str, str], words: str) -> None:
    code, told = start(**settings)
    assert (code, words in told) == (1, True), told


def test_all_that_is_wrong_is_told_at_once() -> None:
    _, told = start(JOURNEY_TICK="1", LOG_LEVEL="loud")
    assert len(told.splitlines()) == 2


def test_a_broken_catalogue_stops_it_with_the_file_and_the_nearest_right_word(
    tmp_path: Path,
) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text("agency: municipality\nservises: []\n")
    code, told = start(CATALOGUE=str(file))
    assert (code, f"{file}: " in told, "did you mean 'services'?" in told) == (1, True, True)


def test_a_catalogue_that_is_not_there_stops_it(tmp_path: Path) -> None:
    code, told = start(CATALOGUE=str(tmp_path / "none.yaml"))
    assert (code, "cannot be read" in told) == (1, True)


def test_sources_that_deliver_later_than_the_catalogue_waits_stop_it(tmp_path: Path) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text(
        "sources:\n"
        "  - {id: slow, agency: municipality, protocols: [cloudevents], channels: [paper],\n"
        "     services: [building-permit], max_delay: P90D, lawful_basis: public_task,\n"
        "     notice_url: 'https://town.example/privacy', special_category: none}\n"
    )
    code, told = start(SOURCES=str(sources))
    assert (code, "building-permit: grace 60 d is less than" in told) == (1, True), told


def test_help_says_what_it_does() -> None:
    result = CliRunner().invoke(main, ["worker", "--help"])
    assert (result.exit_code, "touchpoints.v1" in result.output) == (0, True)
