"""When a client that was turned away may come again."""

from dataclasses import dataclass

# While little is on its way, and when nothing more fits.
_CALM_SECONDS = 5
_FULL_SECONDS = 30
# However large the crowd is: clients keep what they have for minutes, not for hours.
_LONGEST_SECONDS = 120.0
# Of what a second has room for; the rest is for those who come for the first time.
_SHARE = 0.75


def spread(draw: float, fullness: float, least: int = 1) -> int:
    """Whole seconds from `least` on, by a number drawn from 0 to 1: thousands who are told the same
    would come in the same second, and be turned away again. The fuller it is (0 to 1), the wider.
    """
    full = min(1.0, max(0.0, fullness))
    return least + int(draw * (_CALM_SECONDS + (_FULL_SECONDS - _CALM_SECONDS) * full))


@dataclass(frozen=True)
class Crowd:
    """Those who were turned away, expected back one after another until then: the more they are,
    the later the last one comes, so that they never come faster than they can be worked on.
    """

    until: float = 0.0

    def joined(self, now: float, work: int, pace: float) -> "Crowd":
        """The crowd with one more, who brings so much work; a second has room for `pace` of it."""
        last = max(self.until, now) + work / (pace * _SHARE)
        return Crowd(min(last, now + _LONGEST_SECONDS))

    def seconds(self, now: float) -> int:
        """Whole seconds until the last one's place."""
        return int(max(0.0, self.until - now))
