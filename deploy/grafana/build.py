"""Writes `overview.json` from the queries: `python -m deploy.grafana.build [--check]`."""

import json
import sys
from pathlib import Path

import click
from grafana_foundation_sdk.builders import common, dashboard, prometheus, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

from deploy.grafana.queries import PANELS, Panel, Query, expressions

__all__ = ["built", "expressions"]

OVERVIEW = Path(__file__).with_name("overview.json")
_SOURCE = common_models.DataSourceRef(type_val="prometheus", uid="$datasource")
_WIDTH, _HEIGHT = 12, 9


def built() -> str:
    """The dashboard as JSON, the same at every call."""
    overview = (
        dashboard.Dashboard("Throughline overview")
        .uid("throughline-overview")
        .description("What came in, how far it is, how journeys end and what people say.")
        .tags(["throughline"])
        .readonly()
        .time("now-6h", "now")
        .refresh("30s")
        .timezone("browser")
    )
    for variable in (_data_source(), *_choices()):
        overview.with_variable(variable)
    for number, panel in enumerate(PANELS):
        overview.with_panel(_panel(number, panel))
    return json.dumps(overview.build(), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _data_source() -> dashboard.DatasourceVariable:
    return dashboard.DatasourceVariable("datasource").label("Data Source").type("prometheus")


def _choices() -> list[dashboard.QueryVariable]:
    """Which job and instance; all at first."""
    asked = {
        "job": 'label_values(up{job=~"throughline-.+"}, job)',
        "instance": 'label_values(up{job=~"$job"}, instance)',
    }
    return [
        dashboard.QueryVariable(name)
        .label(name)
        .query(query)
        .datasource(_SOURCE)
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .multi(multi=True)
        .include_all(include_all=True)
        .all_value(".+")
        for name, query in asked.items()
    ]


def _panel(number: int, panel: Panel) -> timeseries.Panel:
    column, row = number % 2, number // 2
    drawn = (
        timeseries.Panel()
        .id(number + 1)
        .title(panel.title)
        .description(panel.description)
        .datasource(_SOURCE)
        .unit(panel.unit)
        .grid_pos(models.GridPos(h=_HEIGHT, w=_WIDTH, x=column * _WIDTH, y=row * _HEIGHT))
        .legend(common.VizLegendOptions().show_legend(show_legend=True))
        .tooltip(common.VizTooltipOptions().mode(common_models.TooltipDisplayMode.MULTI))
    )
    for letter, query in zip("ABCD", panel.queries, strict=False):
        drawn.with_target(_target(letter, query))
        if query.second_axis:
            drawn.override_by_query(letter, _right(query.second_axis))
    return _shaped(drawn, panel)


def _shaped(drawn: timeseries.Panel, panel: Panel) -> timeseries.Panel:
    """A share keeps its whole axis; counts of kinds are stacked bars."""
    if panel.interval:
        drawn.interval(panel.interval)
    if panel.greatest is not None:
        drawn.min(0).max(panel.greatest)
    if panel.is_stacked:
        stack = common.StackingConfig().mode(common_models.StackingMode.NORMAL)
        drawn.draw_style(common_models.GraphDrawStyle.BARS).fill_opacity(80).stacking(stack)
    return drawn


def _target(letter: str, query: Query) -> prometheus.Dataquery:
    asked = prometheus.Dataquery().ref_id(letter).expr(query.expression).range()
    return asked.legend_format(query.legend).datasource(_SOURCE)


def _right(unit: str) -> list[models.DynamicConfigValue]:
    """An axis of its own, from 0 to whatever comes."""
    properties = {"custom.axisPlacement": "right", "unit": unit, "min": 0, "max": None}
    return [models.DynamicConfigValue(id_val=id_, value=v) for id_, v in properties.items()]


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the file is not current.")
def program(*, check: bool) -> None:
    """Write overview.json beside this program."""
    wanted = built()
    if not check:
        OVERVIEW.write_text(wanted, encoding="utf-8")
    elif not OVERVIEW.exists() or OVERVIEW.read_text(encoding="utf-8") != wanted:
        click.echo("deploy/grafana/overview.json is not current: python -m deploy.grafana.build")
        sys.exit(1)


if __name__ == "__main__":
    program(prog_name="python -m deploy.grafana.build")
