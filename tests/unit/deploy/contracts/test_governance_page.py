"""The table of who may do what says what the contracts say."""

import re
from pathlib import Path

from schemas.access import WHO, Access
from schemas.topics import NAMES, TOPICS

_EVERYTHING = "every topic and group"


def rights_told() -> set[tuple[str, Access, str]]:
    page = Path("docs/governance.md").read_text(encoding="utf-8")
    found: set[tuple[str, Access, str]] = set()
    for row in re.findall(r"^\| (`[a-z-]+` .*) \|$", page, re.MULTILINE):
        principal, _who, *cells = row.split(" | ")
        for access, cell in zip((Access.WRITE, Access.READ, Access.DESCRIBE), cells, strict=False):
            topics = NAMES if _EVERYTHING in cell else re.findall(r"`([^`]+)`", cell)
            found |= {(principal.strip("`"), access, name) for name in topics}
    return found


def test_the_table_of_principals_is_what_the_contracts_grant() -> None:
    assert rights_told() == {
        (grant.role, grant.access, topic.name) for topic in TOPICS for grant in topic.grants
    }


def test_the_table_says_who_comes_as_each_principal() -> None:
    page = Path("docs/governance.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z-]+)` \| ([^|`]+) \|.*\|.*\|.*\|$", page, re.MULTILINE))
    assert told == WHO
    assert {grant.role for topic in TOPICS for grant in topic.grants} == set(WHO)
