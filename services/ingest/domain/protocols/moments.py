"""When something happened, as clients write it down."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = 10**6


def since_1970(told: object, per_second: int) -> object:
    """A number of parts of a second, or its digits, as RFC 3339. What cannot be read goes on as it
    is: the step for times refuses it.
    """
    try:
        number = int(told) if isinstance(told, str) else told
        if isinstance(number, int | float) and not isinstance(number, bool):
            span = timedelta(microseconds=number * (_MICROSECONDS // per_second))
            return (_EPOCH + span).isoformat()
    except (ValueError, OverflowError):
        pass
    return told
