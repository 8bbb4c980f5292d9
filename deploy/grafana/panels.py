"""From a panel as plain values to the panel that Grafana reads."""

from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue, GridPos

from deploy.grafana.query import Colour, Panel, Query, Shape, Unit
from deploy.grafana.shapes import fixed, shaped

SOURCE = DataSourceRef(type_val="prometheus", uid="$datasource")
_AT_ONCE = {Shape.NUMBER, Shape.BARS, Shape.LISTED}


def drawn(panel: Panel, number: int, place: GridPos) -> Any:
    """The builder of a panel, with its queries and what is said of single series."""
    made = shaped(panel).id(number).title(panel.title).description(panel.description)
    made.datasource(SOURCE).unit(panel.unit).grid_pos(place)
    made.decimals(_decimals(panel.unit, panel.shape))
    if panel.interval:
        made.interval(panel.interval)
    if panel.greatest is not None:
        made.min(0).max(panel.greatest)
    for name, colour in panel.colours.items():
        made.override_by_name(name, [_property("color", fixed(colour).build())])
    for letter, query in zip("ABCDEFG", panel.queries, strict=False):
        made.with_target(_target(letter, query, panel))
        if query.second_axis:
            made.override_by_query(letter, list(_apart(query.second_axis, behind=query.behind)))
    return made


def _decimals(unit: Unit, shape: Shape) -> int | None:
    """What was counted is whole, though Prometheus guesses how much of it lies in a span. A share
    as a number is read, on an axis it is measured.
    """
    if unit is Unit.COUNT or (unit is Unit.SHARE and shape in _AT_ONCE):
        return 0
    return 1 if unit is Unit.BYTES else None


def _target(letter: str, query: Query, panel: Panel) -> prometheus.Dataquery:
    asked = prometheus.Dataquery().ref_id(letter).expr(query.expression)
    asked = asked.instant() if panel.shape in _AT_ONCE else asked.range()
    return asked.legend_format(query.legend).datasource(SOURCE)


def _apart(unit: Unit, *, behind: bool) -> Iterator[DynamicConfigValue]:
    """An axis of its own, from 0 to whatever comes; and what stands behind is a shade."""
    yield _property("custom.axisPlacement", "right")
    yield _property("unit", unit)
    yield _property("decimals", _decimals(unit, Shape.LINES))
    yield _property("min", 0)
    yield _property("max", None)
    if behind:
        yield _property("color", fixed(Colour.FAINT).build())
        yield _property("custom.lineWidth", 0)
        yield _property("custom.fillOpacity", 15)


def _property(name: str, value: Any) -> DynamicConfigValue:
    return DynamicConfigValue(id_val=name, value=value)
