"""The oracle is worth something only as long as it shares nothing with what it judges."""

import ast
from pathlib import Path


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).split(".")[0])
    return names


def test_no_module_of_the_oracle_imports_a_service() -> None:
    modules = sorted(Path("tests/oracle").rglob("*.py"))
    assert [str(m) for m in modules if imported(m) & {"services", "deploy"}] == []
    assert {m.parent.name for m in modules} == {"oracle", "measures"}
