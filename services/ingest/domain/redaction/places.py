"""Street addresses as English, German, French and Dutch write them, and whole British postcodes,
which stand for some fifteen households. A house without its street's kind of name is not found.
"""

import re
from collections.abc import Iterator

from schemas.vocabulary import Redaction
from services.ingest.domain.redaction.found import Found

# Of bounded length: what stands in others, in turn, would otherwise be tried in too many ways.
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]{0,24}(?:['’-][^\W\d_]{1,24}){0,2}"  # noqa: RUF001
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"
_ENGLISH = (
    r"[Ss]treet|St\.?|[Rr]oad|Rd\.?|[Aa]venue|Ave\.?|[Ll]ane|Ln\.?|[Dd]rive|Dr\.?|[Cc]lose|[Cc]ourt|"
    r"Ct\.?|[Cc]rescent|[Gg]ardens|[Gg]rove|Hill|[Mm]ews|Park|[Pp]lace|Pl\.?|Row|[Ss]quare|Sq\.?|"
    r"[Tt]errace|Way|[Bb]oulevard|Blvd\.?|Walk|Parade|Green|Rise"
)
_GERMAN = (
    "straße|strasse|str\\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|markt|steig|"
    "straat|laan|plein|gracht|kade"
)
_FRENCH = (
    "rue|avenue|av\\.|boulevard|bd|blvd|place|chemin|impasse|allée|quai|route|cours|square|passage|"
    "sentier"
)
_TOWN = rf"{_CAPITAL}(?:[ -]{_CAPITAL}){{0,2}}"
# A tail that says in which town it is.
_AFTER = rf"(?:,?\s+(?:[DF]-)?\d{{4,5}}\s+{_TOWN})?"
_PATTERNS = (
    re.compile(
        rf"\b(?:(?:[Ff]lat|[Aa]pt\.?|[Uu]nit)\s\w{{1,4}},?\s+)?\d{{1,5}}[A-Za-z]?,?\s+"
        rf"(?:{_CAPITAL}\s+){{1,3}}(?:{_ENGLISH})(?!\w)"
        rf"(?:,?\s+{_TOWN})?(?:,?\s+(?:{_POSTCODE}|[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?))?"
    ),
    re.compile(r"\bP\.?\s?O\.?\s[Bb]ox\s\d+"),
    re.compile(
        rf"\b(?:{_CAPITAL}[ -]){{0,3}}[^\W\d_]{{0,24}}(?i:{_GERMAN})"
        rf"\s+\d{{1,4}}\s?[a-zA-Z]?\b{_AFTER}"
    ),
    re.compile(
        rf"\b\d{{1,4}}\s?(?:bis|ter|quater|[A-D])?,?\s+(?i:{_FRENCH})\s+"
        rf"(?:(?:de|du|des|la|le|les|à|aux|et)\s+|[dl]['’])*"  # noqa: RUF001
        rf"{_TOWN}(?:\s+(?:(?:de|du|des|la|le|les)\s+|[dl]['’])*{_CAPITAL})?{_AFTER}"  # noqa: RUF001
    ),
    re.compile(_POSTCODE),
)


def found(text: str) -> Iterator[Found]:
    """Those of a text."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Found(*match.span(), Redaction.ADDRESS)
