"""The table of clients in `docs/channels.md` is of the versions that the tests run."""

import json
import re
from pathlib import Path

TOLD = re.compile(r"^\| `([^`]+)` ([\d.]+)(?: \(Node\.js\), ([\d.]+) \(Python\))?", re.MULTILINE)
PINNED = re.compile(r"^([a-z0-9-]+)==([\d.]+)", re.MULTILINE)


def test_the_clients_of_the_table_are_of_the_versions_that_are_tested() -> None:
    package = Path("tests/integration/clients/package.json").read_text(encoding="utf-8")
    node: dict[str, str] = json.loads(package)["dependencies"]
    python: dict[str, str] = {}
    for lock in ("test", "clients"):
        text = Path(f"requirements/{lock}.txt").read_text(encoding="utf-8")
        python |= dict(PINNED.findall(text))
    told = TOLD.findall(Path("docs/channels.md").read_text(encoding="utf-8"))
    for name, version, of_python in told:
        assert version == (node.get(name) or python[name])
        assert not of_python or of_python == python[name]
    assert node.keys() <= {name for name, *_ in told}
