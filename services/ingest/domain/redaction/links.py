"""E-mail addresses, and links that lead to somebody: those with a query or a part like an id."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS

from schemas.vocabulary import Redaction
from services.ingest.domain.address import scrubbed
from services.ingest.domain.redaction.found import Found

# Under any top-level domain, which the library does not do; the second is as people write it who
# do not want machines to read it.
_MAILS = (
    re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(
        r"(?<![\w.+-])[\w.+-]+\s?[\[({]\s?(?:at|ät|arobase|@)\s?[\])}]\s?[\w-]+"
        r"(?:\s?(?:\.|[\[({]\s?(?:dot|punkt|point|\.)\s?[\])}])\s?[\w-]+)+",
        re.IGNORECASE,
    ),
)


def found(text: str) -> Iterator[Found]:
    """Those of a text."""
    for mail in _MAILS:
        for match in mail.finditer(text):
            yield Found(*match.span(), Redaction.EMAIL)
    if "." in text:
        for link in _linkify().match(text) or ():
            if _leads_to_somebody(link.url):
                yield Found(link.index, link.last_index, Redaction.URL)


def _leads_to_somebody(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return bool(parts.query or parts.fragment or parts.username) or "*" in scrubbed(url)


@cache
def _linkify() -> LinkifyIt:
    return LinkifyIt(options={"fuzzy_email": False}).tlds(TLDS)
