"""Whether a named clock may move to a time."""

from schemas.control import LIVE, Tick


def refusal(tick: Tick, newest: Tick | None) -> str | None:
    """Why a tick is refused, as a sentence; None when it may be sent.

    The same tick twice is fine, the last one too: its feeder did not hear our answer, and not every
    partition may have it. Another one after the last is not.
    """
    if tick.clock == LIVE:
        return "the clock live is moved by the journey workers alone"
    if newest is None or newest.time is None or tick.time is None:
        return None
    if tick == newest:
        return None
    if newest.last:
        return f"the clock {tick.clock} has had its last tick; use a new clock"
    if tick.time < newest.time:
        return f"the clock {tick.clock} is already at {newest.time.isoformat()}"
    return None
