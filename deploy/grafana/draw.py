"""From a board as plain values to the dashboard that Grafana reads."""

from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    dashboard,
    prometheus,
    stat,
    timeseries,
)
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

from deploy.grafana.query import Board, Panel, Query, Shape

_SOURCE = common_models.DataSourceRef(type_val="prometheus", uid="$datasource")
_COLUMNS = 24
_HEIGHTS = {Shape.NUMBER: 5, Shape.LINES: 9, Shape.STACKED: 9, Shape.BARS: 9}
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
        made.with_panel(_panel(panel, number, place))
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
                .datasource(_SOURCE)
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
        height = max(height, _HEIGHTS[panel.shape])
        yield panel, models.GridPos(h=_HEIGHTS[panel.shape], w=panel.width, x=x, y=y)
        x += panel.width


def _panel(panel: Panel, number: int, place: models.GridPos) -> Any:
    shaped = _shaped(panel)
    made = (
        shaped.id(number)
        .title(panel.title)
        .description(panel.description)
        .datasource(_SOURCE)
        .unit(panel.unit)
        .grid_pos(place)
    )
    if panel.interval:
        made.interval(panel.interval)
    if panel.greatest is not None:
        made.min(0).max(panel.greatest)
    for letter, query in zip("ABCDEFG", panel.queries, strict=False):
        made.with_target(_target(letter, query, panel))
        if query.second_axis:
            made.override_by_query(letter, _right(query.second_axis))
    return made


def _shaped(panel: Panel) -> Any:
    match panel.shape:
        case Shape.NUMBER:
            return (
                stat.Panel()
                .reduce_options(_last())
                .graph_mode(common_models.BigValueGraphMode.NONE)
            )
        case Shape.BARS:
            made = bargauge.Panel().reduce_options(_last()).min(0)
            lying = made.orientation(common_models.VizOrientation.HORIZONTAL)
            return lying.display_mode(common_models.BarGaugeDisplayMode.BASIC)
        case Shape.LINES | Shape.STACKED:
            return _over_time(panel.shape)


def _over_time(shape: Shape) -> timeseries.Panel:
    made = (
        timeseries.Panel()
        .legend(common.VizLegendOptions().show_legend(show_legend=True))
        .tooltip(common.VizTooltipOptions().mode(common_models.TooltipDisplayMode.MULTI))
    )
    if shape is Shape.STACKED:
        stack = common.StackingConfig().mode(common_models.StackingMode.NORMAL)
        made.draw_style(common_models.GraphDrawStyle.BARS).fill_opacity(80).stacking(stack)
    return made


def _last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)


def _target(letter: str, query: Query, panel: Panel) -> prometheus.Dataquery:
    asked = prometheus.Dataquery().ref_id(letter).expr(query.expression)
    at_once = panel.shape in (Shape.NUMBER, Shape.BARS)
    asked = asked.instant() if at_once else asked.range()
    return asked.legend_format(query.legend).datasource(_SOURCE)


def _right(unit: str) -> list[models.DynamicConfigValue]:
    """An axis of its own, from 0 to whatever comes."""
    properties = {"custom.axisPlacement": "right", "unit": unit, "min": 0, "max": None}
    return [models.DynamicConfigValue(id_val=id_, value=v) for id_, v in properties.items()]
