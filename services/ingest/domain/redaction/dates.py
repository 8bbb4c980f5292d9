"""Dates of birth: a whole date after a word that says so, or so long ago that it is one."""

import re
from collections.abc import Iterator
from datetime import date

from schemas.vocabulary import Redaction
from services.ingest.domain.redaction.found import Found

# English, German and French months by their first letters, in the order of the year.
_MONTHS = (
    ("jan", "jän"),
    ("feb", "fev", "fév"),
    ("mar", "mär"),
    ("apr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aou", "aoû"),
    ("sep",),
    ("oct", "okt"),
    ("nov",),
    ("dec", "dez", "déc"),
)
_NAMED = "|".join(rf"{short}[^\W\d_]{{0,8}}\.?" for month in _MONTHS for short in month)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?P<a>(?:19|20)?\d\d)|(?P<b>(?:19|20)\d\d)-\d\d-\d\d|"
    rf"\d{{1,2}}(?:st|nd|rd|th|er)?\.?\s(?:of\s)?(?:{_NAMED})\s(?P<c>(?:19|20)\d\d)|"
    rf"(?:{_NAMED})\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?P<d>(?:19|20)\d\d)|"
    rf"\d{{1,2}}(?:st|nd|rd|th|er)?\.?\s(?:of\s)?(?:{_NAMED}))(?!\d)",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|birth|birthday|dob|d\.o\.b|geb|geboren\w*|geburtsdatum|geburtstag|née?|naissance|"
    r"nee? le)\b",
    re.IGNORECASE,
)
_NEAR, _YEARS = 30, 14


def found(text: str, today: date) -> Iterator[Found]:
    """Those of a text that came today."""
    for match in _DATE.finditer(text):
        told = next((year for year in match.groups() if year), "")
        is_old = len(told) == 4 and int(told) <= today.year - _YEARS
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if is_old or _BORN.search(before):
            yield Found(*match.span(), Redaction.BIRTH_DATE)
