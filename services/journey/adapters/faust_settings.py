"""Faust's own settings: what makes it deliver, and nothing more."""

from pathlib import Path
from typing import Any

from faust import SASLCredentials

from schemas.kafka_access import MECHANISM, KafkaAccess
from services.journey.adapters.chunks import ChunkScheduler
from services.journey.settings import Settings


def configuration(settings: Settings, folder: Path) -> dict[str, Any]:
    """Settings of a `faust.App`. Faust insists on a folder, and keeps nothing in it."""
    timeout = settings.journey_session_timeout_seconds
    return {
        "broker": [f"kafka://{address}" for address in settings.kafka_bootstrap.split(",")],
        "broker_credentials": _credentials(settings.kafka),
        "datadir": str(folder),
        "processing_guarantee": "at_least_once",  # Faust's exactly-once loses and doubles
        "ConsumerScheduler": ChunkScheduler,
        "consumer_auto_offset_reset": "earliest",
        # Of each partition, and compressed: what is fetched becomes records all at once, ten times
        # as large. With 4 MB the records held were more than the state of 100,000 citizens.
        "consumer_max_fetch_size": 2**19,
        "consumer_group_instance_id": settings.journey_instance_id,
        "broker_session_timeout": timeout,
        "broker_heartbeat_interval": min(3.0, timeout / 6),
        "broker_rebalance_timeout": max(60.0, timeout),
        "broker_request_timeout": max(60.0, timeout),
        "broker_commit_interval": 1.0,
        "stream_wait_empty": False,  # what is not acknowledged is delivered again
        "table_standby_replicas": 1,  # there is no table; this keeps Faust's sticky assignor
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
    }


def _credentials(kafka: KafkaAccess) -> SASLCredentials | None:
    if not kafka.user:
        return None
    return SASLCredentials(
        username=kafka.user,
        password=kafka.password,
        ssl_context=kafka.context(),
        mechanism=MECHANISM,
    )
