"""Which snapshots of a batch need be counted: of each journey the newest says all."""

from collections.abc import Sequence

from services.metrics.domain.contribution import is_no_more
from services.metrics.domain.reading import Read, Snapshot, reason_of


def newest_of(contents: Sequence[Read]) -> list[Read]:
    """All contents, in order, but for snapshots that a later one of the same batch makes needless:
    the numbers come out the same, and what lay between was never told.
    """
    kept: list[Read] = []
    later: dict[str, Snapshot] = {}
    for content in reversed(contents):
        if isinstance(content, Snapshot):
            beyond = later.get(content.id)
            if beyond is not None and _says_all(beyond, content):
                continue
            later[content.id] = content
        kept.append(content)
    kept.reverse()
    return kept


def _says_all(later: Snapshot, earlier: Snapshot) -> bool:
    """Whether nothing is lost with the earlier one. Where the journey is no more, it tells in which
    hours it was; and a reason of its own marks what it has changed.
    """
    return (
        later.body.version > earlier.body.version
        and not is_no_more(later.body)
        and reason_of(earlier.body) in (None, reason_of(later.body))
    )
