"""The improvement register in the catalogue."""

from typing import Any

import pytest
import yaml

from schemas.catalogue import load
from schemas.yaml_file import FileRefused

CHANGE = {
    "id": "plainer-form",
    "date": "2026-03-16",
    "touchpoint": "form",
    "owner": "Permits desk",
    "finding": {"metric_id": "step_dropoff", "period": "2026-02"},
    "changed": "The form is one page shorter.",
}


def service(id_: str, *changes: dict[str, Any]) -> dict[str, Any]:
    form = {"id": "form", "name": "Form", "stage": "transaction", "channels": ["website"]}
    named = {"id": id_, "name": id_, "owner": "Permits desk", "time_zone": "Europe/Amsterdam"}
    return named | {"touchpoints": [form], "changes": list(changes)}


def text(*changes: dict[str, Any]) -> str:
    services = [service("permit", *changes), service("parking")]
    return yaml.safe_dump({"agency": "town", "contact": "desk", "services": services})


def refusal(*changes: dict[str, Any]) -> str:
    with pytest.raises(FileRefused) as refused:
        load([("town.yaml", text(*changes))])
    return str(refused.value)


def test_a_change_is_dated_owned_and_says_what_was_found() -> None:
    [change] = load([("town.yaml", text(CHANGE))]).services["permit"].changes
    assert (change.date.isoformat(), change.finding.period) == ("2026-03-16", "2026-02")


def test_a_change_is_declared_once() -> None:
    assert "change 'plainer-form' is declared twice" in refusal(CHANGE, CHANGE)


def test_a_change_at_an_unknown_touchpoint_names_the_nearest() -> None:
    assert "did you mean 'form'?" in refusal(CHANGE | {"touchpoint": "from"})


def test_a_change_is_compared_with_another_service_of_the_catalogue() -> None:
    load([("town.yaml", text(CHANGE | {"comparison": "parking"}))])
    assert "did you mean 'parking'?" in refusal(CHANGE | {"comparison": "parkin"})
    assert "is compared with no service" in refusal(CHANGE | {"comparison": "permit"})


@pytest.mark.parametrize("period", ["rolling_28d", "2026", "2026-Q5", "March"])
def test_a_finding_is_of_a_calendar_period(period: str) -> None:
    finding = {"metric_id": "step_dropoff", "period": period}
    assert "finding.period" in refusal(CHANGE | {"finding": finding})
