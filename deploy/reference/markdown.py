"""Tables of Markdown, from rows of plain values."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with these column names."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def code(value: object) -> str:
    """A value as code; nothing for nothing."""
    return f"`{value}`" if str(value) else ""


def codes(values: Iterable[object]) -> str:
    """Values as code, separated by commas."""
    return ", ".join(code(value) for value in values)


def bullets(lines: Iterable[str]) -> str:
    """A list of these lines."""
    return "\n".join(f"* {line}" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
