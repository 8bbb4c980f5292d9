"""Writes the dashboards and how Grafana finds them: `python -m deploy.grafana.build [--check]`."""

import json
import sys
from pathlib import Path
from typing import Any

import click
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.boards import BOARDS
from deploy.grafana.draw import drawn
from deploy.grafana.query import Board

FOLDER = Path(__file__).parent
MADE = ("dashboards", "provisioning/dashboards", "provisioning/datasources")
# Where a Grafana finds the dashboards: mount deploy/grafana/dashboards there.
MOUNTED = "/etc/grafana/dashboards"
_HEAD = "# Written by `python -m deploy.grafana.build`: do not edit.\n"


def built() -> dict[str, str]:
    """Every file's text by its name below this folder, the same at every call."""
    boards = {f"dashboards/{board.name}.json": _json(board) for board in BOARDS}
    return {
        **boards,
        "provisioning/dashboards/throughline.yaml": _yaml({"providers": [_provider()]}),
        "provisioning/datasources/throughline.yaml": _yaml({"datasources": [_source()]}),
    }


def _json(board: Board) -> str:
    return json.dumps(drawn(board), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _yaml(content: dict[str, Any]) -> str:
    return _HEAD + yaml.safe_dump({"apiVersion": 1, **content}, sort_keys=False)


def _provider() -> dict[str, Any]:
    return {
        "name": "throughline",
        "folder": "Throughline",
        "type": "file",
        "disableDeletion": True,
        "allowUiUpdates": False,
        "options": {"path": MOUNTED},
    }


def _source() -> dict[str, Any]:
    """Grafana fills in the address from its environment when it starts."""
    return {
        "name": "Prometheus",
        "uid": "prometheus",
        "type": "prometheus",
        "access": "proxy",
        "url": "$PROMETHEUS_URL",
        "isDefault": True,
        "editable": False,
        "jsonData": {"timeInterval": "15s"},
    }


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a file is not current.")
def program(*, check: bool) -> None:
    """Write the dashboards and the provisioning files beside this program."""
    wanted = built()
    lying = {f"{folder}/{path.name}" for folder in MADE for path in (FOLDER / folder).glob("*")}
    stale = {name for name, text in wanted.items() if _present(name) != text}
    if check and (stale or lying - wanted.keys()):
        told = ", ".join(sorted(stale | lying - wanted.keys()))
        click.echo(f"not current: {told}: python -m deploy.grafana.build")
        sys.exit(1)
    for name in lying - wanted.keys():
        (FOLDER / name).unlink()
    for name in stale:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(wanted[name], encoding="utf-8")


def _present(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    program(prog_name="python -m deploy.grafana.build")
