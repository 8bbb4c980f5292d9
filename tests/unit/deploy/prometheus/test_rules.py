"""Every rule does what it says, asked of promtool; and asks for metrics that a service has."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.prometheus.alerts import ALERTS
from deploy.prometheus.build import FOLDER, GROUPS, rules_file
from deploy.prometheus.promise import availability, promised
from deploy.prometheus.recordings import RECORDINGS
from deploy.prometheus.rule import Alert
from deploy.reference.metrics import declared_names
from schemas.topics import TOPICS
from tests.unit.deploy.prometheus.alert_cases import CASES, Case
from tests.unit.deploy.prometheus.recording_cases import RECORDED, Recorded

Test = dict[str, Any]
BY_NAME: Mapping[str, list[Alert]] = {
    name: [alert for alert in ALERTS if alert.name == name] for name in {a.name for a in ALERTS}
}
NAME = re.compile(r"[A-Z][a-z]+([A-Z][a-z]+)+")
SERIES = re.compile(r"\bthroughline_\w+")


def run(tool: str, folder: Path, group: str, tests: list[Test]) -> None:
    """Ask promtool, which says of a failure which alert or expression, when, and both sides."""
    files = []
    for step in {test["interval"] for test in tests}:
        alike = [test for test in tests if test["interval"] == step]
        rules = [str(FOLDER / rules_file(group))]
        asked = {"rule_files": rules, "evaluation_interval": step, "tests": alike}
        files.append(folder / f"{group}.{step}.yml")
        files[-1].write_text(yaml.safe_dump(asked), encoding="utf-8")
    command = [str(Path(tool).with_name("promtool")), "test", "rules", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def series(given: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"series": name, "values": values} for name, values in given.items()]


def asked(case: Case) -> Test:
    """The case as promtool reads it: labels and annotations must be equal, not only there."""
    expected = []
    if case.labels is not None:
        rule = next(a for a in BY_NAME[case.alert] if case.own.items() <= a.labels.items())
        labels = {"severity": rule.severity.value, **rule.labels, **case.labels}
        told = {"summary": case.summary, "description": rule.action}
        expected = [{"exp_labels": labels, "exp_annotations": told}]
    test = {"eval_time": case.at, "alertname": case.alert, "exp_alerts": expected}
    return {
        "interval": case.step,
        "input_series": series(case.series),
        "alert_rule_test": [test],
    }


def computed(case: Recorded) -> Test:
    """The recording as promtool reads it."""
    samples = [
        {"labels": f"{{{labels}}}", "value": round(value * 1e6)}
        for labels, value in case.values.items()
    ]
    exact = f"round({case.name} * 1e6)"  # no digits that only binary fractions have
    test = {"expr": exact, "eval_time": case.at, "exp_samples": samples}
    return {
        "interval": case.step,
        "input_series": series(case.series),
        "promql_expr_test": [test],
    }


@pytest.mark.prometheus
@pytest.mark.parametrize("group", GROUPS)
def test_alerts_fire_when_they_should_and_recordings_are_what_their_names_say(
    group: str, prometheus_program: str, tmp_path: Path
) -> None:
    rules = {rule.name for rule in GROUPS[group]}
    alerts = [asked(case) for case in CASES if case.alert in rules]
    recordings = [computed(case) for case in RECORDED if case.name in rules]
    run(prometheus_program, tmp_path, group, [*alerts, *recordings])


def test_every_alert_is_seen_to_fire_and_to_be_silent() -> None:
    fires = {case.alert for case in CASES if case.labels is not None}
    silent = {case.alert for case in CASES if case.labels is None}
    assert fires == silent == set(BY_NAME)


def test_every_recording_has_a_case() -> None:
    assert {case.name for case in RECORDED} == {rule.name for rule in RECORDINGS}


@pytest.mark.parametrize("name", BY_NAME)
def test_an_alert_says_what_is_wrong_and_what_to_do(name: str) -> None:
    assert NAME.fullmatch(name)
    for alert in BY_NAME[name]:
        assert len(alert.summary) > 20
        assert len(alert.action) > 40


def test_a_recording_is_named_by_level_metric_and_operation() -> None:
    named = re.compile(r"(job|source|clock|service):throughline_\w+:\w+")
    assert [rule.name for rule in RECORDINGS if not named.fullmatch(rule.name)] == []


def test_every_rule_asks_for_metrics_that_a_service_has() -> None:
    known = declared_names()
    recorded = {rule.name.split(":")[1] for rule in RECORDINGS}
    texts = [*(alert.expression for alert in ALERTS), *(rule.expression for rule in RECORDINGS)]
    asked_for = {name for text in texts for name in SERIES.findall(text)}
    assert asked_for - known - recorded == set()


@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
def test_every_contract_promises_a_latency_and_names_an_owner(topic: str) -> None:
    assert promised(topic).latency_seconds > 0
    assert promised(topic).owner


def test_limits_are_those_of_the_contracts() -> None:
    [late] = BY_NAME["JourneysLate"]
    assert late.expression.endswith(f"> {promised('journeys.v1').latency_seconds}")
    assert late.labels["owner"] == "data-officer"
    assert availability() == pytest.approx(0.999)
    [fast] = BY_NAME["IngestBurnsBudgetFast"]
    assert "> 0.0144" in fast.expression
