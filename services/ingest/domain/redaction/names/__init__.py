"""Names of people, and words that are none, a line each: written by `deploy.names.build`.

They are Faker's, under the licence beside them.
"""

from functools import cache
from importlib.resources import files


@cache
def first() -> frozenset[str]:
    """First names."""
    return _read("first.txt")


@cache
def last() -> frozenset[str]:
    """Family names."""
    return _read("last.txt")


@cache
def words() -> frozenset[str]:
    """Common words of English, German and French, in small letters."""
    return _read("words.txt")


def _read(name: str) -> frozenset[str]:
    return frozenset((files(__package__) / name).read_text(encoding="utf-8").split())
