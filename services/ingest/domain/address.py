"""An address no match rule fitted, as a sample that a person may read: it names nobody."""

import re
from urllib.parse import urlsplit

_SEGMENTS = 6
_PLAIN = re.compile(r"[A-Za-z][A-Za-z._-]{0,23}")


def scrubbed(address: str) -> str:
    """Host and path; whatever could be a person's (a number, a name with @, a long word, user,
    query and fragment) is a star or gone.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "*"
    segments = [s if _PLAIN.fullmatch(s) else "*" for s in parts.path.split("/") if s]
    return "/".join([host, *segments[:_SEGMENTS]])[:200] or "*"
