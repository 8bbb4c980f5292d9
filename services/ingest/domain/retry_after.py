"""When a client that was turned away may come again."""

# While little is on its way, and when nothing more fits.
_CALM_SECONDS = 5
_FULL_SECONDS = 30


def spread(draw: float, fullness: float, least: int = 1) -> int:
    """Whole seconds from `least` on, by a number drawn from 0 to 1: thousands who are told the same
    would come in the same second, and be turned away again. The fuller it is (0 to 1), the wider.
    """
    full = min(1.0, max(0.0, fullness))
    return least + int(draw * (_CALM_SECONDS + (_FULL_SECONDS - _CALM_SECONDS) * full))
