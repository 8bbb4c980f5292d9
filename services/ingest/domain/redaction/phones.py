"""Telephone numbers, in national and international writing."""

import re
from collections.abc import Iterator
from itertools import islice

from phonenumbers import Leniency, PhoneNumberMatcher

from schemas.vocabulary import Redaction
from services.ingest.domain.redaction.found import Found

# A number without its country is one if it is in any of these.
_COUNTRIES = ("GB", "US", "DE", "FR")
_LIKELY = re.compile(r"[+(]{0,2}\d(?:[\s().\-/‐-―−]{0,3}\d){5,18}")  # noqa: RUF001
# Nobody leaves more; what is beyond is taken for a long number anyhow.
_MOST = 30
# The matcher wants to see what stands around: a price, or an extension.
_BEFORE, _AFTER = 2, 12


def found(text: str) -> Iterator[Found]:
    """Those of a text; only what has six digits in a row is shown to the matcher, which is slow."""
    for likely in islice(_LIKELY.finditer(text), _MOST):
        begin = max(0, likely.start() - _BEFORE)
        window = text[begin : likely.end() + _AFTER]
        for country in _COUNTRIES:
            for match in PhoneNumberMatcher(window, country, leniency=Leniency.VALID):
                yield Found(begin + match.start, begin + match.end, Redaction.PHONE)
