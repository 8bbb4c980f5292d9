"""The chapter on settings, from each service's `Settings`."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from deploy.reference.markdown import code, table
from schemas.settings_names import PREFIX
from services.ingest.settings import Settings as Ingest
from services.journey.settings import Settings as Journey
from services.metrics.settings import Settings as Metrics
from services.publish.settings import Settings as Publish

SERVICES: dict[str, type[BaseSettings]] = {
    "ingest": Ingest,
    "journey": Journey,
    "metrics": Metrics,
    "publish": Publish,
}
ROOT = Path(__file__).resolve().parents[2]


def chapter() -> str:
    """Every setting of every service, with its default."""
    return "\n\n".join(f"### {name}\n\n{_table(model)}" for name, model in SERVICES.items())


def _table(model: type[BaseSettings]) -> str:
    texts = _docstrings(model)
    rows = [
        (code(PREFIX + name.upper()), _default(info), info.description or texts.get(name, ""))
        for name, info in sorted(model.model_fields.items())
    ]
    return table(("variable", "default", "meaning"), rows)


def _default(info: FieldInfo) -> str:
    value = info.default
    if isinstance(value, Path) and value.is_absolute():
        value = value.relative_to(ROOT)
    return "none" if value in (None, "") else code(value)


def _docstrings(model: type[BaseSettings]) -> dict[str, str]:
    """The texts that stand below the fields, where they are not handed to `Field`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    classes = [part for part in tree.body if isinstance(part, ast.ClassDef)]
    return {name: text for part in classes for name, text in _below(part.body)}


def _below(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(body):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(told))),
            ):
                yield name, told
