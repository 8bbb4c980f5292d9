"""Writes `docs/asyncapi.yaml`: `python -m deploy.asyncapi.build [--check]`."""

import sys
from pathlib import Path

import click
import yaml

from deploy.asyncapi.document import document

FILE = Path(__file__).resolve().parents[2] / "docs" / "asyncapi.yaml"
_HEAD = "# Written by `python -m deploy.asyncapi.build` from contracts and models: do not edit.\n"


def built() -> str:
    """The file's text, the same at every call."""
    return _HEAD + yaml.safe_dump(document(), sort_keys=False, width=100, allow_unicode=True)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the file is not current.")
def program(*, check: bool) -> None:
    """Write docs/asyncapi.yaml."""
    wanted = built()
    if not check:
        FILE.write_text(wanted, encoding="utf-8")
    elif not FILE.exists() or FILE.read_text(encoding="utf-8") != wanted:
        click.echo("docs/asyncapi.yaml is not current: python -m deploy.asyncapi.build")
        sys.exit(1)


if __name__ == "__main__":
    program(prog_name="python -m deploy.asyncapi.build")
