"""From a board as plain values to the dashboard that Grafana reads."""

from collections.abc import Iterator

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models import dashboard as models

from deploy.grafana.panels import SOURCE
from deploy.grafana.panels import drawn as drawn_panel
from deploy.grafana.query import Board, Panel, Shape

_COLUMNS = 24
_HEIGHTS = {Shape.NUMBER: 5, Shape.LINES: 9, Shape.STACKED: 9, Shape.BARS: 9, Shape.LISTED: 12}
# What can be chosen, and among what; all at first.
_CHOICES = {
    "job": 'label_values(up{job=~"throughline-.+"}, job)',
    "instance": 'label_values(up{job=~"$job"}, instance)',
    "service": 'label_values(throughline_journeys_started_total{job=~"$job"}, service)',
}


def drawn(board: Board) -> models.Dashboard:
    """The dashboard of a board; its uid is stable, so that addresses of it stay good."""
    made = (
        dashboard.Dashboard(board.title)
        .uid(f"throughline-{board.name}")
        .description(board.description)
        .tags(["throughline"])
        .link(_to_the_others())
        .readonly()
        .time("now-6h", "now")
        .refresh("30s")
        .timezone("browser")
    )
    for variable in (_data_source(), *_choices(board)):
        made.with_variable(variable)
    for number, (panel, place) in enumerate(_placed(board), start=1):
        made.with_panel(drawn_panel(panel, number, place))
    return made.build()


def _to_the_others() -> dashboard.DashboardLink:
    others = dashboard.DashboardLink("Throughline").type(models.DashboardLinkType.DASHBOARDS)
    chosen = others.tags(["throughline"]).keep_time(keep_time=True)
    return chosen.include_vars(include_vars=True).as_dropdown(as_dropdown=True)


def _data_source() -> dashboard.DatasourceVariable:
    return dashboard.DatasourceVariable("datasource").label("Data Source").type("prometheus")


def _choices(board: Board) -> Iterator[dashboard.QueryVariable]:
    """What some expression of the board asks for; a choice that changes nothing is none."""
    for name, query in _CHOICES.items():
        if any(f"${name}" in text for text in board.expressions):
            yield (
                dashboard.QueryVariable(name)
                .label(name)
                .query(query)
                .datasource(SOURCE)
                .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
                .multi(multi=True)
                .include_all(include_all=True)
                .all_value(".+")
            )


def _placed(board: Board) -> Iterator[tuple[Panel, models.GridPos]]:
    """Panels from left to right; a new row when one does not fit, as high as its highest."""
    x = y = height = 0
    for panel in board.panels:
        if x + panel.width > _COLUMNS:
            x, y, height = 0, y + height, 0
        own = panel.height or _HEIGHTS[panel.shape]
        height = max(height, own)
        yield panel, models.GridPos(h=own, w=panel.width, x=x, y=y)
        x += panel.width
