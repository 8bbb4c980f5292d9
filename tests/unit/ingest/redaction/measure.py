"""How much is found in texts of ours: `python -m tests.unit.ingest.redaction.measure`.

Texts mark what is personal as `[[kind:it]]`. What is marked is found when all of it is taken out,
whatever the kind is called; what is taken out is right when something marked lies under it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from schemas.vocabulary import Redaction
from services.ingest.domain.redaction import found
from services.ingest.domain.redaction.found import Found

TEXTS = Path(__file__).parent / "texts"
TODAY = date(2026, 3, 10)
_MARKED = re.compile(r"\[\[(\w+):(.*?)\]\]")


@dataclass(frozen=True)
class Text:
    """A text without its marks, and where they were."""

    plain: str
    marked: tuple[Found, ...]


@dataclass
class Account:
    """Counts of one language, by kind: of marks, and of what was taken out."""

    marked: Counter[Redaction] = field(default_factory=Counter)
    whole: Counter[Redaction] = field(default_factory=Counter)
    taken: Counter[Redaction] = field(default_factory=Counter)
    right: Counter[Redaction] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, text: Text) -> None:
        """What becomes of one text."""
        places = found(text.plain, TODAY)
        for mark in text.marked:
            is_whole = all(_is_under(at, places) for at in range(mark.begin, mark.end))
            self.marked[mark.kind] += 1
            self.whole[mark.kind] += is_whole
            if not is_whole:
                self.missed.append(f"{mark.kind}: {text.plain[mark.begin : mark.end]}")
        for place in places:
            is_right = any(_is_under(at, text.marked) for at in range(place.begin, place.end))
            self.taken[place.kind] += 1
            self.right[place.kind] += is_right
            if not is_right:
                self.wrong.append(f"{place.kind}: {text.plain[place.begin : place.end]}")


def languages() -> list[str]:
    """Those that there are texts of."""
    return sorted(path.stem for path in TEXTS.glob("*.txt"))


def texts(language: str) -> list[Text]:
    """The texts of a language."""
    lines = (TEXTS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [_read(line) for line in lines]


def accounts() -> dict[str, Account]:
    """What is found, by language."""
    told = {language: Account() for language in languages()}
    for language, account in told.items():
        for text in texts(language):
            account.add(text)
    return told


def table(told: dict[str, Account]) -> str:
    """Marks found whole of all marks, and what was right of what was taken out, by kind."""
    head = "| kind | " + " | ".join(f"{name}: found | right" for name in told) + " |"
    lines = [head, "|---" * (1 + 2 * len(told)) + "|"]
    for kind in Redaction:
        cells = (cell for one in told.values() for cell in _cells(one, (kind,)))
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    cells = (cell for one in told.values() for cell in _cells(one, tuple(Redaction)))
    lines.append("| **all** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(account: Account, kinds: tuple[Redaction, ...]) -> tuple[str, str]:
    marked, whole, taken, right = (
        sum(counts[kind] for kind in kinds)
        for counts in (account.marked, account.whole, account.taken, account.right)
    )
    return _share(whole, marked), _share(right, taken)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "–"  # noqa: RUF001


def _read(line: str) -> Text:
    plain, marked, at = "", [], 0
    for match in _MARKED.finditer(line):
        plain += line[at : match.start()]
        begin = len(plain)
        plain += match[2]
        marked.append(Found(begin, len(plain), Redaction(match[1])))
        at = match.end()
    return Text(plain + line[at:], tuple(marked))


def _is_under(at: int, places: Iterator[Found] | tuple[Found, ...] | list[Found]) -> bool:
    return any(place.begin <= at < place.end for place in places)


if __name__ == "__main__":
    measured = accounts()
    print(table(measured))  # noqa: T201
    for name, one in measured.items():
        print(f"\n{name} missed:", *one.missed, f"{name} wrong:", *one.wrong, sep="\n  ")  # noqa: T201
