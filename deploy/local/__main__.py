"""`python -m deploy.local up | down | status | fetch`; `run` is what `up` leaves running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import click
import psutil

from deploy.local.jars import cache_folder, ensure_jars
from deploy.local.process import ROOT, StartFailed, same_process
from deploy.local.servers import Given
from deploy.local.stack import Recipe, Stack, StackFailed
from deploy.local.state import State, read_state

FOLDER = ROOT / ".local"


@click.group()
def main() -> None:
    """Keep a stack of this checkout running: broker, Redis, topics and the services."""


@main.command()
def run() -> None:
    """Run the stack in the foreground until Ctrl-C, `down`, or a process ends by itself."""
    signal.signal(signal.SIGTERM, _end)
    given = Given.in_environment(os.environ)
    recipe = Recipe(given=given, is_at_usual_addresses=True)
    try:
        with Stack(FOLDER, ROOT, recipe) as stack:
            stack.watch()
    except (StartFailed, StackFailed) as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        click.echo("stopped")


def _end(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@main.command()
def up() -> None:
    """Start the stack in the background and wait until it is ready."""
    if read_state(FOLDER):
        sys.exit("A stack of this checkout is already up; `make down` stops it.")
    FOLDER.mkdir(exist_ok=True)
    log = FOLDER / "runner.log"
    with log.open("wb") as output:
        runner = subprocess.Popen(
            [sys.executable, "-u", "-m", "deploy.local", "run"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _show_until_ready(runner, log)
    _show(_state())


def _show_until_ready(runner: "subprocess.Popen[bytes]", log: Path) -> None:
    with log.open(encoding="utf-8") as lines:
        while runner.poll() is None and not _is_ready():
            click.echo(lines.read(), nl=False)
            time.sleep(0.2)
        click.echo(lines.read(), nl=False)
    if runner.returncode is not None:
        sys.exit(1)


def _is_ready() -> bool:
    state = read_state(FOLDER)
    return state is not None and state.is_ready


@main.command()
def down() -> None:
    """Stop the stack of this checkout, if there is one."""
    state = read_state(FOLDER)
    runner = same_process(state.runner, state.started) if state else None
    if runner is None:
        click.echo("no stack of this checkout is running")
        return
    runner.terminate()
    try:
        runner.wait(90)
    except psutil.TimeoutExpired:
        runner.kill()  # its children die with it
    click.echo("stopped")


@main.command()
def status() -> None:
    """Say what runs and where; exit code 1 when nothing does."""
    _show(_state())


@main.command()
def fetch() -> None:
    """Fetch the broker's jars, and do nothing when they are there and right."""
    try:
        ensure_jars(cache_folder(), click.echo)
    except StartFailed as failure:
        sys.exit(str(failure))


def _state() -> State:
    state = read_state(FOLDER)
    if state is None:
        sys.exit("no stack of this checkout is running")
    return state


def _show(state: State) -> None:
    click.echo("ready" if state.is_ready else "starting")
    for name, address in state.addresses.items():
        click.echo(f"  {name:15} {address}")
    for name, process in state.processes.items():
        click.echo(f"  {name:15} process {process}, log .local/logs/{name}.log")


if __name__ == "__main__":
    main()
