"""Numbers that are somebody's: accounts, cards, personal numbers, plates, references; and whatever
else has seven digits and is neither a date nor an amount, for people mistype what has check digits.
"""

import re
from collections.abc import Callable, Iterator

from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.us import ssn

from schemas.vocabulary import Redaction
from services.ingest.domain.redaction.found import Found

Valid = Callable[[str], bool]
# What may be one number: groups of digits with one sign between them, or letters and digits.
_GROUPED = re.compile(r"(?<!\w)(?:\d+(?:[ .\-/‐-―]\d+)*|[A-Z0-9]+)(?!\w)")  # noqa: RUF001
_JOINED = re.compile(r"[ .\-/‐-―]")  # noqa: RUF001
_PERSONAL: tuple[Valid, ...] = (
    *(nhs.is_valid, idnr.is_valid, nir.is_valid, nn.is_valid, ahv.is_valid, bsn.is_valid),
    *(dni.is_valid, nie.is_valid, pps.is_valid, codicefiscale.is_valid),
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{1,4}){3,8}(?!\w)", re.IGNORECASE)
# Of these the form says what it is, and some are checked too. The library knows no British one.
_FORMS: tuple[tuple[re.Pattern[str], Redaction, Valid], ...] = (
    (
        re.compile(
            r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)",
            re.IGNORECASE,
        ),
        Redaction.NATIONAL_ID,
        bool,
    ),
    (re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), Redaction.NATIONAL_ID, ssn.is_valid),
    (
        re.compile(r"(?<!\d)[2-6]\d{3}(?:[ -]?\d){8,15}(?!\d)"),
        Redaction.CARD,
        lambda told: luhn.is_valid(_compact(told)),
    ),
    (re.compile(r"(?<!\w)[A-Z]{2}\d\d\s?[A-Z]{3}(?!\w)"), Redaction.PLATE, bool),
    (
        re.compile(r"(?<!\w)[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[ -]?\d{1,4}[EH]?(?!\w)"),
        Redaction.PLATE,
        bool,
    ),
    (re.compile(r"(?<!\w)[A-Z]{2}-\d{3}-[A-Z]{2}(?!\w)"), Redaction.PLATE, bool),
    # As German courts and authorities write it.
    (
        re.compile(r"(?<!\w)\d{1,4}\s[A-Z][A-Za-z]{0,3}\s\d{1,5}/\d\d(?!\w)"),
        Redaction.REFERENCE,
        bool,
    ),
)
_REFERRED = re.compile(
    r"\b(?:(?<!in )case|reference|ref|file|ticket|application|booking|claim|customer|account|order|"
    r"invoice|passport|licen[cs]e|id|aktenzeichen|az|geschäftszeichen|vorgang|kassenzeichen|"
    r"[^\W\d_]{0,24}nummer|[^\W\d_]{0,24}ausweis|dossier|référence|réf|numéro|numero|commande|passeport|"
    r"facture|n°|nr|no)\b"
    r"(?:\s?(?:number|num|no|nr|n°|id|is|ist|est|lautet|de \w{1,20}|#|:|\.)){0,4}\s?[#:]?\s?"
    r"(?P<told>(?=(?:[A-Z/.-]*\d){3})[A-Z0-9][A-Z0-9/.-]{2,40}[A-Z0-9])(?!\w)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\w-])(?=[A-Z0-9/-]*[A-Z])(?:[A-Z0-9]+[-/])*[A-Z0-9]+(?![\w-])")
_LONG = re.compile(r"(?<![\w.,])\+?\d(?:[ .\-/‐-―']?\d){6,}(?![\w])")  # noqa: RUF001
_DATED = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d)"
    r"(?:\s?[-–]\s?(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d))?|"  # noqa: RUF001
    r"(?:19|20)\d\d[-–/](?:19|20)\d\d|"  # noqa: RUF001
    r"\d{1,2}\.\d\d[-–]\d{1,2}\.\d\d"  # noqa: RUF001
)
# In threes, by spaces up to 99 million: nine digits are more often somebody's.
_AMOUNT = re.compile(
    r"\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d\d)?|\d{1,2}(?: \d{3}){2}|\d+[.,]\d\d"  # noqa: RUF001
)
_MONEY = re.compile(r"\s?(?:€|\$|£|EUR|USD|GBP|CHF|euros?|dollars?|pounds?|Euro)(?!\w)")


def found(text: str) -> Iterator[Found]:
    """Those of a text."""
    yield from _accounts(text)
    for pattern, kind, is_valid in _FORMS:
        for match in pattern.finditer(text):
            if is_valid(match.group()):
                yield Found(*match.span(), kind)
    yield from _personal(text)
    yield from _references(text)
    yield from _long(text)


def _accounts(text: str) -> Iterator[Found]:
    """Words after it may look like more of it: the longest that is right is one."""
    for match in _IBAN.finditer(text):
        ends = [gap.start() for gap in re.finditer(r"\s", match.group())]
        for end in (len(match.group()), *reversed(ends)):
            if iban.is_valid(match.group()[:end]):
                yield Found(match.start(), match.start() + end, Redaction.BANK_ACCOUNT)
                break


def _personal(text: str) -> Iterator[Found]:
    for match in _GROUPED.finditer(text):
        told = _compact(match.group())
        if not 8 <= len(told) <= 18 or _is_dated_or_amount(text, match.span()):
            continue
        if any(is_valid(told) for is_valid in _PERSONAL):
            yield Found(*match.span(), Redaction.NATIONAL_ID)


def _references(text: str) -> Iterator[Found]:
    for match in _REFERRED.finditer(text):
        if not _is_dated_or_amount(text, match.span("told")):
            yield Found(*match.span("told"), Redaction.REFERENCE)
    for match in _CODE.finditer(text):
        if sum(one.isdigit() for one in match.group()) >= 5:
            yield Found(*match.span(), Redaction.REFERENCE)


def _long(text: str) -> Iterator[Found]:
    for match in _LONG.finditer(text):
        if not _is_dated_or_amount(text, match.span()):
            yield Found(*match.span(), Redaction.NUMBER)


def _is_dated_or_amount(text: str, span: tuple[int, int]) -> bool:
    told = text[span[0] : span[1]]
    if _DATED.fullmatch(told) or _AMOUNT.fullmatch(told):
        return True
    before = text[max(0, span[0] - 2) : span[0]].strip()
    return before in {"€", "$", "£"} or bool(_MONEY.match(text, span[1]))


def _compact(told: str) -> str:
    return _JOINED.sub("", told)
