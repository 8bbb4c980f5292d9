"""The overview dashboard keeps the rules by which dashboards are linted, and asks for real names.

Whether the expressions parse and find data is asked of a real Prometheus in
tests/integration/test_dashboard_on_prometheus.py.
"""

import json
import re
from importlib import import_module
from typing import Any

import pytest
from click.testing import CliRunner
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from prometheus_client import CollectorRegistry

from deploy.grafana import build
from deploy.grafana.queries import MATCHERS, concrete, net, share
from services.ingest.adapters.telemetry import IngestTelemetry
from services.journey.adapters.telemetry import Telemetry as JourneyTelemetry
from services.metrics.adapters.prometheus_collector import PREFIX
from services.metrics.domain.flows import FLOWS

OVERVIEW: dict[str, Any] = json.loads(build.built())
PANELS: list[dict[str, Any]] = OVERVIEW["panels"]
VARIABLES = {variable["name"]: variable for variable in OVERVIEW["templating"]["list"]}
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel["targets"]]
SELECTOR = re.compile(r"(throughline_\w+)\{([^}]*)\}(\[[^\]]*\])?")
# Units of Grafana that the panels use.
UNITS = {"eps", "s", "short", "percentunit"}

each_panel = pytest.mark.parametrize("panel", PANELS, ids=[panel["title"] for panel in PANELS])
each_expression = pytest.mark.parametrize("expression", EXPRESSIONS)


def test_the_committed_file_is_current() -> None:
    result = CliRunner().invoke(build.program, ["--check"])
    assert (result.exit_code, result.output) == (0, "")


def test_the_six_panels_are_there_with_ids_of_their_own() -> None:
    assert {panel["id"]: panel["title"] for panel in PANELS} == {
        1: "Arrivals and refusals",
        2: "Lag and age of the watermark",
        3: "Journeys ended, by outcome",
        4: "Completion",
        5: "Satisfied answers",
        6: "Silence of the feeds",
    }


def test_no_panel_lies_on_another() -> None:
    taken = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in PANELS
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(taken) == len(set(taken))


def test_the_library_reads_back_what_it_wrote() -> None:
    models = import_module("grafana_foundation_sdk.models.dashboard")
    again = json.dumps(models.Dashboard.from_json(OVERVIEW), cls=JSONEncoder)
    assert json.loads(again) == OVERVIEW


def test_the_dashboard_cannot_be_edited_in_place() -> None:
    assert OVERVIEW["editable"] is False


def test_the_data_source_is_a_variable() -> None:
    found = [v for v in VARIABLES.values() if v["type"] == "datasource"]
    assert [(v["name"], v["label"], v["query"]) for v in found] == [
        ("datasource", "Data Source", "prometheus")
    ]


@pytest.mark.parametrize("name", ["job", "instance"])
def test_job_and_instance_are_chosen_from_what_there_is_and_reload_with_the_time(
    name: str,
) -> None:
    variable = VARIABLES[name]
    told = {
        key: variable[key]
        for key in ("label", "type", "multi", "includeAll", "allValue", "refresh", "datasource")
    }
    assert told == {
        "label": name,
        "type": "query",
        "multi": True,
        "includeAll": True,
        "allValue": ".+",
        "refresh": 2,
        "datasource": {"type": "prometheus", "uid": "$datasource"},
    }


@each_panel
def test_a_panel_has_title_description_unit_source_and_a_target(panel: dict[str, Any]) -> None:
    assert len(panel["title"]) > 5
    assert len(panel["description"]) > 40
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS
    sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
    assert {source["uid"] for source in sources} == {"$datasource"}
    letters = [target["refId"] for target in panel["targets"]]
    assert letters
    assert len(letters) == len(set(letters))


@each_expression
def test_every_selector_asks_for_the_chosen_job_and_instance(expression: str) -> None:
    selectors = SELECTOR.findall(expression)
    assert len(selectors) == expression.count("throughline_") > 0
    assert all(matchers.startswith(MATCHERS) for _, matchers, _ in selectors)


@each_expression
def test_a_counter_stands_under_a_rate_over_the_rate_interval_and_nothing_else_does(
    expression: str,
) -> None:
    for metric, _, span in SELECTOR.findall(expression):
        assert span == ("[$__rate_interval]" if metric.endswith("_total") else "")
    spans = re.findall(r"(rate|irate|increase)\(throughline_\w+_total\{", expression)
    assert len(spans) == expression.count("_total{")


@each_expression
def test_brackets_are_closed(expression: str) -> None:
    for opening, closing in ("()", "[]", "{}"):
        assert expression.count(opening) == expression.count(closing)


@each_expression
def test_a_revisable_count_is_asked_for_with_its_twin(expression: str) -> None:
    revisable = {f"{PREFIX}{flow.name}" for flow in FLOWS}
    asked = [metric for metric, _, _ in SELECTOR.findall(expression)]
    added = [m for m in asked if m.removesuffix("_total") in revisable]
    taken_back = [m for m in asked if m.removesuffix("_retracted_total") in revisable]
    assert len(added) == len(taken_back)


def test_every_metric_is_one_that_a_service_has() -> None:
    registry = CollectorRegistry()
    IngestTelemetry(registry, [])
    JourneyTelemetry(registry)
    known = {f"{PREFIX}{flow.name}{twin}" for flow in FLOWS for twin in ("", "_retracted")}
    known |= {metric.name for metric in registry.collect()}
    known |= {f"{PREFIX}watermark_timestamp_seconds"}
    asked = {metric for text in EXPRESSIONS for metric, _, _ in SELECTOR.findall(text)}
    assert {metric.removesuffix("_total") for metric in asked} <= known


def test_all_expressions_are_handed_out_for_tests() -> None:
    assert build.expressions() == EXPRESSIONS


def test_a_net_count_is_what_was_added_less_what_was_taken_back() -> None:
    chosen = f"{{{MATCHERS}}}[$__rate_interval]"
    assert net("x", by="service") == (
        f"(sum by (service) (increase(throughline_x_total{chosen}))"
        f" - sum by (service) (increase(throughline_x_retracted_total{chosen})))"
    )


def test_a_share_of_nothing_is_not_drawn() -> None:
    assert share("a", "b") == "a / (b > 0)"


def test_variables_are_filled_in_before_prometheus_is_asked() -> None:
    asked = [concrete(expression) for expression in EXPRESSIONS]
    assert not [text for text in asked if "$" in text]
    assert concrete('x{job=~"$job",instance=~"$instance"}[$__rate_interval]', "5m") == (
        'x{job=~".+",instance=~".+"}[5m]'
    )
