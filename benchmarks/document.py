"""The generated parts of docs/benchmarks.md, each between two markers."""

from pathlib import Path

from deploy.local.process import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"


def replaced(text: str, part: str, content: str) -> str:
    """Put the content between the part's markers; raises ValueError when they are not there."""
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    before, found, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        raise ValueError(f"{begin} and {end} must both be in the document")
    return f"{before}{begin}\n{content.strip()}\n{end}{after}"


def update(part: str, content: str, document: Path = DOCUMENT) -> None:
    """Write the part anew."""
    text = document.read_text(encoding="utf-8")
    document.write_text(replaced(text, part, content), encoding="utf-8")
