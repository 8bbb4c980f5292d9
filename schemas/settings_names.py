"""Every THROUGHLINE_ name, once: a name outside this list stops every process at its start."""

from collections.abc import Iterable

from schemas.yaml_file import nearest

PREFIX = "THROUGHLINE_"
# What each name means stands with the `Settings` that read it; the reference is made from those.
NAMES = frozenset(
    {
        "KAFKA_BOOTSTRAP",
        "KAFKA_USER_FILE",
        "KAFKA_CA_FILE",
        "INGEST_READER_USER_FILE",
        "REDIS_URL",
        "REDIS_USER_FILE",
        "REDIS_CA_FILE",
        "REDIS_PREFIX",
        "CATALOGUE",
        "SOURCES",
        "PSEUDONYM_KEYS",
        "AUTHORITY",
        "INSIDE_READERS",
        "INGEST_LISTEN",
        "INGEST_INSIDE",
        "INGEST_MAX_BODY_BYTES",
        "INGEST_MAX_IN_FLIGHT_BYTES",
        "INGEST_PUBLISH_TIMEOUT_SECONDS",
        "INGEST_DRAIN_SECONDS",
        "JOURNEY_INSIDE",
        "JOURNEY_SESSION_TIMEOUT_SECONDS",
        "JOURNEY_TICK_SECONDS",
        "JOURNEY_INSTANCE_ID",
        "METRICS_INSIDE",
        "METRICS_PUBLISH_SECONDS",
        "METRICS_SESSION_TIMEOUT_SECONDS",
        "PUBLISH_INSIDE",
        "PUBLISH_PUBLIC",
        "PUBLISH_PUBLIC_URL",
        "PUBLISH_LICENCE",
        "PUBLISH_COMMENTS",
        "LOG_LEVEL",
    }
)


def unknown(environment: Iterable[str]) -> list[str]:
    """A sentence for each THROUGHLINE_ variable that no service knows, naming the nearest."""
    known = sorted(PREFIX + name for name in NAMES)
    return [
        f"{name} is not a setting; {nearest(name, known)}"
        for name in sorted(environment)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]
