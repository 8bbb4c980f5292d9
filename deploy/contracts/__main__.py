"""`python -m deploy.contracts`: every contract by the standard's schema and by our rules, what
sources and surveys declare, and who decides; exit 0 or 1.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import yaml
from jsonschema import Draft201909Validator

from deploy.contracts import authority, declarations
from deploy.contracts.rules import faults
from schemas.authority import AUTHORITY_FILE, read
from schemas.yaml_file import FileRefused

FOLDER = Path("schemas/contracts")
SOURCES, CATALOGUE = Path("deploy/sources.yaml"), Path("deploy/catalogue")


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="A day other than today.")
def main(on: datetime | None) -> None:
    """Check every contract in schemas/contracts, deploy/sources.yaml, deploy/catalogue and
    governance/authority.yaml; a sentence for each fault.
    """
    today = (on or datetime.now(UTC)).date()
    told = [sentence for path in sorted(FOLDER.iterdir()) for sentence in check(path, today)]
    told += declarations.of_sources(str(SOURCES), SOURCES.read_text(encoding="utf-8"))
    for path in sorted(CATALOGUE.glob("*.yaml")):
        told += declarations.of_surveys(str(path), path.read_text(encoding="utf-8"))
    told += who_decides(AUTHORITY_FILE, today)
    if told:
        sys.exit("\n".join(told))
    click.echo(f"{len(list(FOLDER.iterdir()))} contracts hold on {today}, and all can be decided")


def check(path: Path, today: date) -> list[str]:
    """By our rules only what the standard's schema accepts: they build on its forms."""
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    return list(unlike_the_standard(str(path), contract)) or faults(str(path), contract, today)


def who_decides(path: Path, today: date) -> list[str]:
    """What keeps a decision from being made; what the file itself may not say comes alone."""
    file = f"{path.parent.name}/{path.name}"
    try:
        return authority.faults(file, read(path.read_text(encoding="utf-8"), file), today)
    except FileRefused as refused:
        return str(refused).splitlines()


def unlike_the_standard(file: str, contract: Mapping[str, Any]) -> Iterator[str]:
    """What the Open Data Contract Standard itself refuses; its schema comes with its package."""
    schema = json.loads((files("open_data_contract_standard") / "schema.json").read_text("utf-8"))
    for error in Draft201909Validator(schema).iter_errors(contract):
        place = ".".join(str(part) for part in error.absolute_path) or "the contract"
        yield f"{file}: {place}: {error.message}; see the Open Data Contract Standard, v3.1."


if __name__ == "__main__":
    main(prog_name="python -m deploy.contracts")
