"""Compare the schemas with the released ones: `python -m schemas.compatibility [--release]`.

`golden/` holds every schema as subscribers know it, one file a major version. A breaking change
fails here until it comes under a new major version beside the old one, in a file of its own.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from schemas.breaking import Hurt, breaks
from schemas.generate import rendered

GOLDEN = Path(__file__).parent / "golden"
# Written by people's hands and read by our programs alone: nobody can be misled by a wider one.
_ONLY_READ = ("catalogue", "sources", "keyring", "authority")
_FILE = re.compile(r"(?P<model>\w+)\.v(?P<major>\d+)\.json")


def problems(released: Mapping[str, str], current: Mapping[str, str]) -> list[str]:
    """What breaks whom, one sentence each; both are schemas as text, by file name."""
    return [
        told for name, text in sorted(released.items()) for told in _of_file(name, text, current)
    ]


def _of_file(name: str, text: str, current: Mapping[str, str]) -> Iterator[str]:
    if name not in current:
        if _major(name) >= _newest(name, current):
            yield f"{name}: the schema is gone and no later major version is there"
        return
    for found in breaks(json.loads(text), json.loads(current[name])):
        if found.hurt is Hurt.OLD_RECORDS or _model(name) not in _ONLY_READ:
            yield f"{name}: {found}"


def _newest(name: str, current: Mapping[str, str]) -> int:
    """The greatest major version of the same model; 0 where there is none."""
    return max((_major(other) for other in current if _model(other) == _model(name)), default=0)


def _model(name: str) -> str:
    match = _FILE.fullmatch(name)
    return match["model"] if match else name


def _major(name: str) -> int:
    match = _FILE.fullmatch(name)
    return int(match["major"]) if match else 0


@click.command()
@click.option("--release", is_flag=True, help="Keep the schemas of now as the released ones.")
@click.option("--golden", default=GOLDEN, type=click.Path(path_type=Path), help="Where they are.")
def main(*, release: bool, golden: Path) -> None:
    """Fail when a schema breaks the readers or the records of the released one."""
    current = rendered()
    released = {path.name: path.read_text(encoding="utf-8") for path in golden.glob("*.json")}
    told = problems(released, current)
    if told:
        advice = (
            "a breaking change needs a new major version: CONTRIBUTING.md, A field of a contract"
        )
        raise click.ClickException("\n".join([*told, advice]))
    if release:
        golden.mkdir(parents=True, exist_ok=True)
        for name, text in current.items():
            (golden / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(prog_name="python -m schemas.compatibility")
