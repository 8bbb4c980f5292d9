"""A citizen's list of sessions with one event more; Faust leaves this to its user."""

from collections.abc import Sequence

GAP = 30 * 60 * 1000

# [first, last, count] of each session of a citizen; times are milliseconds since 1970.
Sessions = Sequence[Sequence[int]]


def inserted(known: Sessions, time: int) -> Sessions:
    """Put an event into the session it is near, which may join two."""
    near = [one for one in known if one[0] - GAP <= time <= one[1] + GAP]
    apart = [one for one in known if one not in near]
    first = min([time, *(one[0] for one in near)])
    last = max([time, *(one[1] for one in near)])
    return [*apart, [first, last, 1 + sum(one[2] for one in near)]]
