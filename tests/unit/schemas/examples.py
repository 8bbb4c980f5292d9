"""The committed examples: which there are, and of which model each is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.generate import MODELS
from schemas.model import Contract

FOLDER = Path("schemas/examples")
INVALID = ".invalid.json"


@dataclass(frozen=True)
class Example:
    """One file: `<model>.<what>.json`, or `<model>.<what>.invalid.json` with the reason beside."""

    path: Path

    @property
    def name(self) -> str:
        """Topic and file, for the test's id."""
        return f"{self.path.parent.parent.name}/{self.path.name}"

    @property
    def model_name(self) -> str:
        """The model it is an example of."""
        return self.path.name.split(".")[0]

    @property
    def model(self) -> type[Contract]:
        """The same, as the model itself."""
        return MODELS[self.model_name]

    @property
    def is_valid(self) -> bool:
        """Whether the contract takes it."""
        return not self.path.name.endswith(INVALID)

    @property
    def content(self) -> Any:
        """The file's JSON."""
        return json.loads(self.path.read_text(encoding="utf-8"))


EXAMPLES = [Example(path) for path in sorted(FOLDER.rglob("*.json"))]
VALID = [example for example in EXAMPLES if example.is_valid]
REFUSED = [example for example in EXAMPLES if not example.is_valid]
by_name: Callable[[Example], str] = lambda example: example.name  # noqa: E731 (pytest wants one)
