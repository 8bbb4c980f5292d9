"""The four dashboards: for who runs a service, who designs it, who feeds it, who runs the line."""

from deploy.grafana.boards.channels import CHANNELS
from deploy.grafana.boards.journey import JOURNEY
from deploy.grafana.boards.pipeline import PIPELINE
from deploy.grafana.boards.service import SERVICE_OVERVIEW

BOARDS = (SERVICE_OVERVIEW, JOURNEY, CHANNELS, PIPELINE)


def expressions() -> list[str]:
    """Every expression of every board, each once, in their order."""
    return list(dict.fromkeys(text for board in BOARDS for text in board.expressions))
