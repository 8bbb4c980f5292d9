"""Personal data out of free text: what is found becomes the name of its kind in brackets.

Kept libraries find what has a form of its own (links, telephone numbers, check digits). Names and
addresses have none: lists and the words around them find many, never all.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from schemas.comment import LONGEST
from schemas.vocabulary import Redaction
from services.ingest.domain.redaction import dates, links, numbers, people, phones, places
from services.ingest.domain.redaction.found import Found

# What begins before the cut is looked at whole: half a number is none to those who look for them.
_BEYOND = 300
_FINDERS: tuple[Callable[[str], Iterable[Found]], ...] = (
    links.found,
    numbers.found,
    phones.found,
    places.found,
    people.found,
)
_ORDER = {kind: place for place, kind in enumerate(Redaction)}
# Signs nobody sees, which would part a number, and controls other than a new line and a tabulator.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200c\u2060\ufeff\u202a-\u202e]")


@dataclass(frozen=True, slots=True)
class Taken:
    """The text without what was found, and how much that was."""

    text: str
    counts: Mapping[Redaction, int]
    is_cut: bool


def redacted(text: str, today: date) -> Taken:
    """The text to publish. Pure; a usual one takes a millisecond, the worst a tenth of a
    second, since what is long is cut.
    """
    plain = _plain(text)
    places = found(plain[: LONGEST + _BEYOND], today)
    kept = [place for place in places if place.begin < LONGEST]
    end = max(LONGEST, kept[-1].end) if kept else LONGEST
    counts = Counter(place.kind for place in kept)
    return Taken(_without(plain[:end], kept).strip(), counts, is_cut=len(plain) > end)


def found(text: str, today: date) -> list[Found]:
    """What to take out, in its order; what touches or overlaps is one place, of the first kind."""
    looked = chain(dates.found(text, today), *(look(text) for look in _FINDERS))
    joined: list[Found] = []
    for place in sorted(looked):
        if joined and place.begin < joined[-1].end:
            joined[-1] = _one(joined[-1], place)
        else:
            joined.append(place)
    return joined


def _plain(text: str) -> str:
    """One spelling of digits, spaces and letters, without what is not seen."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip()


def _one(first: Found, second: Found) -> Found:
    kind = min(first.kind, second.kind, key=lambda one: _ORDER[one])
    return Found(first.begin, max(first.end, second.end), kind)


def _without(text: str, places: Sequence[Found]) -> str:
    parts, at = [], 0
    for place in places:
        parts += [text[at : place.begin], f"[{place.kind}]"]
        at = place.end
    return "".join([*parts, text[at:]])
