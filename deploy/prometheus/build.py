"""Writes `prometheus.yml` and `rules/*.yml`: `python -m deploy.prometheus.build [--check]`."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from deploy.prometheus import alerts, recordings
from deploy.prometheus.rule import Alert, Recording, group
from deploy.prometheus.scraping import ADDRESSES, configuration

FOLDER = Path(__file__).parent
GROUPS: Mapping[str, Sequence[Recording | Alert]] = {
    "door": (*recordings.DOOR, *alerts.DOOR),
    "line": (*recordings.LINE, *alerts.LINE),
    "correctness": alerts.CORRECTNESS,
    "journeys": (*recordings.JOURNEYS, *alerts.FALLS),
}
_HEAD = "# Written by `python -m deploy.prometheus.build`: do not edit.\n"
_SCRAPING = "# All addresses are inside listeners on loopback.\n"


def built() -> dict[str, str]:
    """Every file's text by its name below this folder, the same at every call."""
    rules = {rules_file(name): _yaml(group(name, rules)) for name, rules in GROUPS.items()}
    files = {"prometheus.yml": _SCRAPING + _yaml(configuration(ADDRESSES)), **rules}
    return {name: _HEAD + text for name, text in files.items()}


def rules_file(name: str) -> str:
    """Where the rules of a group lie."""
    return f"rules/{name}.yml"


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, width=1_000)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a file is not current.")
def program(*, check: bool) -> None:
    """Write Prometheus' files beside this program."""
    stale = [name for name, text in built().items() if _present(name) != text]
    if check and stale:
        click.echo(f"not current: {', '.join(stale)}: python -m deploy.prometheus.build")
        sys.exit(1)
    for name in stale:
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(built()[name], encoding="utf-8")


def _present(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    program(prog_name="python -m deploy.prometheus.build")
