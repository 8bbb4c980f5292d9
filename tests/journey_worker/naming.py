"""The topics of one group of workers."""

from schemas import topics
from services.journey.adapters.faust_app import Topics


def topics_of(group: str) -> Topics:
    """The contracts' names, with the group behind them."""
    return Topics(
        source=f"{topics.TOUCHPOINTS}.{group}",
        state=f"{topics.JOURNEY_STATE}.{group}",
        journeys=f"{topics.JOURNEYS}.{group}",
        rejected=f"{topics.TOUCHPOINTS_REJECTED}.{group}",
    )
