"""How each shape of a panel looks: numbers, bars and lines, and the colours of their values."""

from typing import Any

from grafana_foundation_sdk.builders import bargauge, common, dashboard, stat, timeseries
from grafana_foundation_sdk.models import common as models
from grafana_foundation_sdk.models.common import BarGaugeNamePlacement as Names
from grafana_foundation_sdk.models.dashboard import FieldColorModeId, Threshold, ThresholdsMode

from deploy.grafana.query import Colour, Panel, Shape, Steps

# Heights of bars and of their texts, in CSS pixels: they would grow with the room that few bars
# leave. Grafana makes room on the left for names of 12: of 11 none is cut off.
_BAR, _NAME = 30, 11
_VALUE = {Names.LEFT: 14, Names.TOP: 12}


def shaped(panel: Panel) -> Any:
    """The builder of a panel, with what its shape asks for."""
    match panel.shape:
        case Shape.NUMBER:
            return _coloured(panel, _number())
        case Shape.BARS:
            return _coloured(panel, _bars(Names.LEFT))
        case Shape.LISTED:
            return _coloured(panel, _bars(Names.TOP))
        case Shape.LINES:
            return _marked(panel, _over_time())
        case Shape.STACKED:
            return _stacked(_over_time())


def fixed(colour: Colour) -> dashboard.FieldColor:
    """One colour, whatever the value."""
    return dashboard.FieldColor().mode(FieldColorModeId.FIXED).fixed_color(colour)


def _number() -> stat.Panel:
    return stat.Panel().reduce_options(_last()).graph_mode(models.BigValueGraphMode.NONE)


def _bars(names: Names) -> bargauge.Panel:
    """Lying bars of one height."""
    made = bargauge.Panel().reduce_options(_last()).min(0)
    made.orientation(models.VizOrientation.HORIZONTAL).name_placement(names)
    made.sizing(models.BarGaugeSizing.MANUAL).max_viz_height(_BAR)
    made.text(common.VizTextDisplayOptions().title_size(_NAME).value_size(_VALUE[names]))
    return made.display_mode(models.BarGaugeDisplayMode.BASIC)


def _last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)


def _coloured(panel: Panel, made: Any) -> Any:
    """By the steps, else plain: left alone, Grafana paints 80 and more red."""
    scheme = dashboard.FieldColor().mode(FieldColorModeId.THRESHOLDS)
    return made.thresholds(_thresholds(panel.steps or ((0, Colour.PLAIN),))).color_scheme(scheme)


def _over_time() -> timeseries.Panel:
    tooltip = common.VizTooltipOptions().mode(models.TooltipDisplayMode.MULTI)
    legend = common.VizLegendOptions().show_legend(show_legend=True)
    return timeseries.Panel().axis_soft_min(0).legend(legend).tooltip(tooltip)


def _stacked(made: timeseries.Panel) -> timeseries.Panel:
    stack = common.StackingConfig().mode(models.StackingMode.NORMAL)
    return made.draw_style(models.GraphDrawStyle.BARS).fill_opacity(80).stacking(stack)


def _marked(panel: Panel, made: timeseries.Panel) -> timeseries.Panel:
    """With a dashed line at each step."""
    if panel.steps:
        dashed = common.GraphThresholdsStyleConfig().mode(models.GraphThresholdsStyleMode.DASHED)
        made.thresholds(_thresholds(panel.steps)).thresholds_style(dashed)
    return made


def _thresholds(steps: Steps) -> dashboard.ThresholdsConfig:
    (_, base), *others = steps
    made = [Threshold(None, base), *(Threshold(*step) for step in others)]
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(made)
