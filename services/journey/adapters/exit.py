"""The way out that acknowledges nothing."""

import os
import sys
from collections.abc import Callable

import structlog

EXIT_CODE = os.EX_SOFTWARE  # 70
End = Callable[[str, object], None]

log = structlog.get_logger()


def end_process(event: str, why: object) -> None:
    """Log why and end at once, from any thread: no clean-up, hence no commit and no goodbye."""
    error = why if isinstance(why, BaseException) else None
    log.critical(event, why=str(why), exc_info=error)
    sys.stderr.flush()
    os._exit(EXIT_CODE)
