"""Tables, lists and documents of Markdown, from plain values."""

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


def document(head: str, chapters: Iterable[tuple[str, str]]) -> str:
    """A whole document: its head, and chapters of a title and a text."""
    return "\n\n".join([head, *(f"## {title}\n\n{text}" for title, text in chapters)]) + "\n"


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
