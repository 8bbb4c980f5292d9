"""Starting the program: what it says before it does anything."""

import asyncio

import pytest
from click.testing import CliRunner, Result

from services.publish.__main__ import program
from services.publish.serving import ReaderLost, ended


def said(*arguments: str) -> Result:
    return CliRunner().invoke(program, arguments)


def test_help_tells_what_is_shown_and_which_settings_there_are() -> None:
    result = said("--help")
    assert result.exit_code == 0
    assert "metrics.internal.v1" in result.output
    assert "THROUGHLINE_KAFKA_BOOTSTRAP" in result.output


def test_a_setting_nobody_knows_ends_the_start_and_names_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THROUGHLINE_PUBLISH_INSIDEE", "127.0.0.1:1")
    result = said()
    assert result.exit_code == 1
    assert "did you mean 'THROUGHLINE_PUBLISH_INSIDE'?" in result.output


def test_a_setting_that_cannot_be_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_PUBLISH_INSIDE", "0.0.0.0:9083")
    result = said("serve")
    assert result.exit_code == 1
    assert "publish_inside: 0.0.0.0 is not loopback" in result.output


async def test_who_is_told_to_end_does_so_without_an_error() -> None:
    reading = asyncio.create_task(asyncio.sleep(60))
    asyncio.get_running_loop().call_soon(reading.cancel)
    await ended(reading)


async def test_a_cancel_that_nobody_asked_for_is_an_error() -> None:
    async def dropped_below() -> None:
        waiting = asyncio.get_running_loop().create_future()
        waiting.cancel()
        await waiting

    with pytest.raises(ReaderLost, match="nobody told us to end"):
        await ended(asyncio.create_task(dropped_below()))
