"""Write the JSON Schema of every contract model: `python -m schemas.generate [--check]`.

The schemas are for those who do not read Python; our own programs decode with the models alone.
"""

import json
from pathlib import Path

import click

from schemas.audit import DecisionRecord
from schemas.authority import AuthorityFile
from schemas.catalogue import AgencyCatalogue
from schemas.comment import Comment
from schemas.control import Erasure, Handover, Link, Tick
from schemas.erasure import ErasureProposal, ErasureReceipt, ErasureRequest
from schemas.journey import Bucket, JourneySnapshot, Progress
from schemas.keyring import Keyring
from schemas.metric import ClockProgress, MetricMessage
from schemas.model import Contract
from schemas.public_metric import PublicMetric
from schemas.rejection import Rejection
from schemas.sources import Sources
from schemas.touchpoint_event import TouchpointEvent, TouchpointRecord

FOLDER = Path(__file__).parent / "jsonschema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAJOR = "v1"
# `touchpoint_event` is what a record's `dataschema` names; `touchpoint_record` is all of it.
MODELS: dict[str, type[Contract]] = {
    "touchpoint_event": TouchpointEvent,
    "touchpoint_record": TouchpointRecord,
    "tick": Tick,
    "link": Link,
    "handover": Handover,
    "erasure": Erasure,
    "erasure_proposal": ErasureProposal,
    "erasure_request": ErasureRequest,
    "erasure_receipt": ErasureReceipt,
    "journey": JourneySnapshot,
    "bucket": Bucket,
    "progress": Progress,
    "rejection": Rejection,
    "comment": Comment,
    "metric": MetricMessage,
    "public_metric": PublicMetric,
    "clock_progress": ClockProgress,
    "catalogue": AgencyCatalogue,
    "sources": Sources,
    "keyring": Keyring,
    "decision": DecisionRecord,
    "authority": AuthorityFile,
}


def file_name(name: str) -> str:
    """The file that holds the schema of the model called `name`."""
    return f"{name}.{MAJOR}.json"


def rendered() -> dict[str, str]:
    """Every schema as text, by file name."""
    return {file_name(name): _render(name, model) for name, model in MODELS.items()}


def differences(folder: Path) -> list[str]:
    """What in `folder` is not as the models say, one sentence each."""
    wanted = rendered()
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    told = [f"{name}: no model makes this file" for name in present.keys() - wanted.keys()]
    told += [f"{name}: missing" for name in wanted.keys() - present.keys()]
    told += [
        f"{name}: the model says something else"
        for name in wanted.keys() & present.keys()
        if wanted[name] != present[name]
    ]
    return sorted(told)


def write(folder: Path) -> None:
    """Make `folder` hold exactly the schemas of the models."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = rendered()
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def _render(name: str, model: type[Contract]) -> str:
    schema = {"$schema": DIALECT, "$id": file_name(name)} | model.model_json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not current.")
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path), help="Where to.")
def main(check: bool, folder: Path) -> None:  # noqa: FBT001 (click hands flags over by name)
    """Write, or check, the JSON Schema of every contract model."""
    if not check:
        write(folder)
        return
    told = differences(folder)
    if told:
        raise click.ClickException("\n".join([*told, "run: python -m schemas.generate"]))


if __name__ == "__main__":
    main()
