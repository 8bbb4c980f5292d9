"""The dashboards keep the rules by which dashboards are linted, and ask for real names.

Whether the expressions parse and find data is asked of a real Prometheus, of made series in
tests/integration/test_dashboard_on_prometheus.py and of the running stack in
tests/system/test_dashboard.py; how the panels look, in tests/system/test_dashboard_pictures.py.
Grafana itself is not asked: it comes in no package that tests have.
"""

import json
import re
from importlib import import_module
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana import build
from deploy.grafana.boards import BOARDS, expressions
from deploy.grafana.boards.outcomes import COLOURS
from deploy.grafana.query import (
    MATCHERS,
    SERVICE,
    Colour,
    Panel,
    Unit,
    concrete,
    most,
    net,
    recorded,
    share,
)
from deploy.prometheus.recordings import RECORDINGS
from deploy.prometheus.scraping import JOB_PREFIX
from deploy.reference.metrics import declared_names
from schemas.vocabulary import Outcome
from services.metrics.adapters.prometheus_collector import PREFIX
from services.metrics.domain.flows import FLOWS

DASHBOARDS: dict[str, dict[str, Any]] = {
    board.name: json.loads(build.built()[f"dashboards/{board.name}.json"]) for board in BOARDS
}
PANELS: list[tuple[str, dict[str, Any]]] = [
    (name, panel) for name, dashboard in DASHBOARDS.items() for panel in dashboard["panels"]
]
EXPRESSIONS = expressions()
SELECTOR = re.compile(r"(?<!:)\b(throughline_\w+|up)\{([^}]*)\}(\[[^\]]*\])?")
RECORDED = re.compile(r"\b\w+:throughline_\w+:\w+")
# As wide as Grafana says, as wide as the whole span, or as wide as the recording drawn beside.
SPANS = {"[$__rate_interval]", "[$__range]", "[1h]", "[1d]"}
COUNTER = re.compile(r"_total$|_bucket$")

each_dashboard = pytest.mark.parametrize("name", DASHBOARDS)
each_panel = pytest.mark.parametrize(
    "panel", [panel for _, panel in PANELS], ids=[f"{n}: {p['title']}" for n, p in PANELS]
)
each_expression = pytest.mark.parametrize("expression", EXPRESSIONS)


def variables(name: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in DASHBOARDS[name]["templating"]["list"]}


def test_the_committed_files_are_current_and_no_other_lies_there() -> None:
    result = CliRunner().invoke(build.program, ["--check"])
    assert (result.exit_code, result.output) == (0, "")


def test_the_four_dashboards_link_to_each_other_by_their_tag() -> None:
    assert list(DASHBOARDS) == ["service", "journey", "channels", "pipeline"]
    for name, dashboard in DASHBOARDS.items():
        assert dashboard["uid"] == f"throughline-{name}"
        assert dashboard["tags"] == ["throughline"]
        [link] = dashboard["links"]
        assert (link["type"], link["tags"], link["keepTime"]) == (
            "dashboards",
            ["throughline"],
            True,
        )


@each_dashboard
def test_panels_have_ids_and_titles_of_their_own(name: str) -> None:
    panels = DASHBOARDS[name]["panels"]
    assert [panel["id"] for panel in panels] == list(range(1, len(panels) + 1))
    assert len({panel["title"] for panel in panels}) == len(panels)


@each_dashboard
def test_no_panel_lies_on_another_or_beyond_the_edge(name: str) -> None:
    taken = [
        (place["x"] + x, place["y"] + y)
        for place in (panel["gridPos"] for panel in DASHBOARDS[name]["panels"])
        for x in range(place["w"])
        for y in range(place["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


@each_dashboard
def test_the_library_reads_back_what_it_wrote(name: str) -> None:
    models = import_module("grafana_foundation_sdk.models.dashboard")
    again = json.dumps(models.Dashboard.from_json(DASHBOARDS[name]), cls=JSONEncoder)
    assert json.loads(again) == DASHBOARDS[name]


@each_dashboard
def test_a_dashboard_cannot_be_edited_in_place(name: str) -> None:
    assert DASHBOARDS[name]["editable"] is False


@each_dashboard
def test_the_data_source_is_a_variable(name: str) -> None:
    found = [v for v in variables(name).values() if v["type"] == "datasource"]
    assert [(v["name"], v["label"], v["query"]) for v in found] == [
        ("datasource", "Data Source", "prometheus")
    ]


@each_dashboard
@pytest.mark.parametrize("variable", ["job", "instance"])
def test_job_and_instance_are_chosen_from_what_there_is_and_reload_with_the_time(
    name: str, variable: str
) -> None:
    found = variables(name)[variable]
    told = {
        key: found[key]
        for key in ("label", "type", "multi", "includeAll", "allValue", "refresh", "datasource")
    }
    assert told == {
        "label": variable,
        "type": "query",
        "multi": True,
        "includeAll": True,
        "allValue": ".+",
        "refresh": 2,
        "datasource": {"type": "prometheus", "uid": "$datasource"},
    }


def test_a_service_can_be_chosen_where_panels_are_of_services() -> None:
    chosen = {name for name in DASHBOARDS if "service" in variables(name)}
    assert chosen == {"service", "journey", "channels"}


def test_the_dashboards_offer_the_jobs_that_are_scraped() -> None:
    for name in DASHBOARDS:
        assert f"{JOB_PREFIX}.+" in variables(name)["job"]["query"]


@each_panel
def test_a_panel_has_title_description_unit_source_and_targets_with_legends(
    panel: dict[str, Any],
) -> None:
    assert len(panel["title"]) > 5
    assert len(panel["description"]) > 40
    assert panel["fieldConfig"]["defaults"]["unit"] in set(Unit)
    sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
    assert {source["uid"] for source in sources} == {"$datasource"}
    letters = [target["refId"] for target in panel["targets"]]
    assert letters
    assert len(letters) == len(set(letters))
    assert all(target["legendFormat"] for target in panel["targets"])


@each_panel
def test_a_legend_names_every_label_that_tells_series_apart(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        expression, legend = target["expr"], target["legendFormat"]
        by = re.match(
            r"(?:\(|(?:sort_desc|label_replace)\(|topk\(\d+, |time\(\) - |"
            r"histogram_quantile\([\d.]+, )*\(?(?:sum|min|max) by \(([^)]*)\)",
            expression,
        )
        labels = [label.strip() for label in by[1].split(",")] if by else []
        told = [label for label in labels if label not in {"", "le", "job", "clock"}]
        assert [label for label in told if f"{{{{{label}}}}}" not in legend] == []


def test_every_query_of_every_panel_is_drawn() -> None:
    for board in BOARDS:
        panels: tuple[Panel, ...] = board.panels
        drawn = DASHBOARDS[board.name]["panels"]
        assert [len(p.queries) for p in panels] == [len(p["targets"]) for p in drawn]


@each_expression
def test_every_selector_asks_for_the_chosen_job_and_instance(expression: str) -> None:
    selectors = SELECTOR.findall(RECORDED.sub("", expression))
    assert selectors or RECORDED.search(expression)
    assert [name for name, matchers, _ in selectors if not matchers.startswith(MATCHERS)] == []


@each_expression
def test_no_job_instance_or_service_is_written_into_an_expression(expression: str) -> None:
    assert re.findall(r'\b(?:job|instance|service|source|agency)=~?"(?!\$)', expression) == []


@each_expression
def test_a_counter_stands_under_a_rate_and_nothing_else_does(expression: str) -> None:
    asked = SELECTOR.findall(RECORDED.sub("", expression))
    for metric, _, span in asked:
        assert (span in SPANS) if COUNTER.search(metric) else (span == "")
    under = re.findall(r"(?:rate|increase)\(throughline_\w+(?:_total|_bucket)\{", expression)
    assert len(under) == len([metric for metric, _, _ in asked if COUNTER.search(metric)])


@each_expression
def test_a_revisable_count_is_asked_for_with_its_twin(expression: str) -> None:
    revisable = {f"{PREFIX}{flow.name}" for flow in FLOWS}
    asked = [metric for metric, _, _ in SELECTOR.findall(expression)]
    added = [m for m in asked if m.removesuffix("_total") in revisable]
    taken_back = [m for m in asked if m.removesuffix("_retracted_total") in revisable]
    assert len(added) == len(taken_back)


def test_every_metric_is_one_that_a_service_has_and_every_recording_is_recorded() -> None:
    names = declared_names()
    known = names | {f"{name}_bucket" for name in names} | {"up"}
    asked = {m for text in EXPRESSIONS for m, _, _ in SELECTOR.findall(RECORDED.sub("", text))}
    assert asked - known == set()
    recordings = {name for text in EXPRESSIONS for name in RECORDED.findall(text)}
    assert recordings
    assert recordings - {rule.name for rule in RECORDINGS} == set()


def test_a_net_count_is_what_was_added_less_what_was_taken_back() -> None:
    chosen = f"{{{MATCHERS},{SERVICE}}}[$__rate_interval]"
    assert net("x", by="service") == (
        f"(sum by (service) (increase(throughline_x_total{chosen}))"
        f" - sum by (service) (increase(throughline_x_retracted_total{chosen})))"
    )


def test_a_share_of_nothing_is_not_drawn() -> None:
    assert share("a", "b") == "a / (b > 0)"


def test_the_most_of_nothing_is_a_nought_with_a_name_where_something_is_measured() -> None:
    assert most(3, "a", "source", "none") == (
        'sort_desc(topk(3, a > 0) or on () label_replace(0 * sum(a), "source", "none", "", ""))'
    )


@each_panel
def test_a_value_has_the_colours_the_board_gives_it_and_not_red_from_80_on(
    panel: dict[str, Any],
) -> None:
    if panel["type"] == "timeseries":
        return
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["color"] == {"mode": "thresholds"}
    first, *others = defaults["thresholds"]["steps"]
    assert "value" not in first or first["value"] is None
    assert {step["color"] for step in (first, *others)} <= set(Colour)


def test_every_outcome_has_a_colour_of_its_own() -> None:
    assert set(COLOURS) == set(Outcome) - {Outcome.OPEN}
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_a_recording_needs_no_braces() -> None:
    assert (recorded("a:b:c"), recorded("a:b:c", "d")) == ("a:b:c", "a:b:c{d}")


def test_variables_are_filled_in_before_prometheus_is_asked() -> None:
    asked = [concrete(expression) for expression in EXPRESSIONS]
    assert not [text for text in asked if re.search(r"\$[a-z_]", text)]
    assert concrete('x{job=~"$job",instance=~"$instance"}[$__rate_interval]', "5m") == (
        'x{job=~".+",instance=~".+"}[5m]'
    )


def test_grafana_finds_the_dashboards_and_its_source() -> None:
    files = {name: yaml.safe_load(t) for name, t in build.built().items() if name.endswith("yaml")}
    [provider] = files["provisioning/dashboards/throughline.yaml"]["providers"]
    assert (provider["type"], provider["options"]["path"]) == ("file", build.MOUNTED)
    [source] = files["provisioning/datasources/throughline.yaml"]["datasources"]
    assert (source["type"], source["isDefault"]) == ("prometheus", True)
