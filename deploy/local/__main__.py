"""`python -m deploy.local up | down | status | fetch`; `run` is what `up` leaves running."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import psutil

from deploy.local.jars import cache_folder, ensure_jars
from deploy.local.process import ROOT, StartFailed, end_in_order, same_process
from deploy.local.servers import Given
from deploy.local.services import PUBLIC, SERVICES
from deploy.local.stack import Recipe, Stack, StackFailed
from deploy.local.state import State, read_state

FOLDER = ROOT / ".local"
# Where a stack of this checkout may run: what `up` keeps, and what the demo plays in.
PLACES = (FOLDER, FOLDER / "demo")


@click.group()
def main() -> None:
    """Keep a stack of this checkout running: broker, Redis, topics and the services."""


@main.command()
def run() -> None:
    """Run the stack in the foreground until Ctrl-C, `down`, or a process ends by itself."""
    end_in_order()
    given = Given.in_environment(os.environ)
    recipe = Recipe((*SERVICES, PUBLIC), given=given, is_at_usual_addresses=True)
    try:
        with Stack(FOLDER, ROOT, recipe) as stack:
            stack.watch()
    except (StartFailed, StackFailed) as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        click.echo("stopped")


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
    for place, state in running([FOLDER]):
        click.echo(account(place, state))


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
    """Stop the stack of this checkout, the one of a demo too, if there is one."""
    found = list(running(PLACES))
    for _, state in found:
        _stop(state)
    click.echo("stopped" if found else absence())


def _stop(state: State) -> None:
    runner = same_process(state.runner, state.started)
    if runner is None:
        return
    runner.terminate()
    try:
        runner.wait(90)
    except psutil.TimeoutExpired:
        runner.kill()  # its children die with it


@main.command()
def status() -> None:
    """Say what runs and where; exit code 1 when nothing does."""
    told = [account(place, state) for place, state in running(PLACES)]
    if not told:
        sys.exit(absence())
    click.echo("\n".join(told))


@main.command()
def fetch() -> None:
    """Fetch the broker's jars, and do nothing when they are there and right."""
    try:
        ensure_jars(cache_folder(), click.echo)
    except StartFailed as failure:
        sys.exit(str(failure))


def running(places: Iterable[Path]) -> Iterator[tuple[Path, State]]:
    """The stacks that live now, and the folder of each."""
    for place in places:
        if state := read_state(place):
            yield place, state


def absence(folder: Path = FOLDER) -> str:
    """Say that nothing runs and, where one was kept running before, what tells how it ended."""
    log = folder / "runner.log"
    told = "no stack of this checkout is running"
    return f"{told}; how the last one ended: {log}" if log.exists() else told


def account(place: Path, state: State) -> str:
    """How a stack stands: its addresses, its processes and their logs."""
    lines = [f"  {name:15} {address}" for name, address in state.addresses.items()]
    lines += [
        f"  {name:15} process {process}, log {place.relative_to(ROOT)}/logs/{name}.log"
        for name, process in state.processes.items()
    ]
    return "\n".join(["ready" if state.is_ready else "starting", *lines])


if __name__ == "__main__":
    main()
