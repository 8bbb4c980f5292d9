"""Figures of an agency: the cells of all its services, under the agency's own name."""

from datetime import timedelta

import pytest

from schemas.catalogue import load
from schemas.metric import MetricMessage, key_of
from schemas.vocabulary import Level, PeriodKind
from schemas.yaml_file import FileRefused
from services.metrics.close import Closing
from services.metrics.domain.rules import Rules, rules_from
from services.metrics.domain.told import told_by
from services.metrics.publish import Publication
from services.metrics.tally import Batch, Tally
from tests.builders import at
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import CATALOGUE, START, ended, journey, progress, record

NOW = at("2026-11-01 12:00")
OTHER = CATALOGUE[CATALOGUE.index("  - id: permit") :].replace("id: permit", "id: licence")


def both(other: str = OTHER) -> Rules:
    """A town with two services; the other one closes its books later."""
    return rules_from(load([("town.yaml", CATALOGUE + other.replace("P10D", "P20D"))]))


async def told(*bodies: object) -> dict[str, MetricMessage]:
    store, heard = MemoryStore({0: 0}), Heard()
    records = [record(n, body) for n, body in enumerate(bodies)]  # type: ignore[arg-type]
    await Tally(both(), store, heard).record(Batch(0, 0, len(records), records))
    await Closing(both(), store, heard).step()
    await Publication(both(), store, heard, "first").round(NOW, 1)
    again = told_by(heard.newest.values(), both())
    assert again == {target: sent for target, sent in store.told.items() if sent}
    return heard.newest


def months(found: dict[str, MetricMessage], metric_id: str) -> dict[str | None, MetricMessage]:
    return {
        m.dimensions.service: m
        for m in found.values()
        if (m.metric_id, m.period) == (metric_id, PeriodKind.MONTH)
    }


async def test_an_agency_is_the_sum_of_its_services() -> None:
    found = await told(
        ended("1"), ended("2", outcome="error"), ended("3", service="licence"), progress(START)
    )
    rates = months(found, "completion_rate.live")
    assert {name: (m.numerator, m.denominator) for name, m in rates.items()} == {
        "permit": (1, 2),
        "licence": (1, 1),
        None: (2, 3),
    }
    assert (rates[None].level, rates[None].dimensions.agency) == (Level.AGENCY, "town")
    assert len({key_of(m) for m in rates.values()}) == 3


async def test_every_figure_of_a_service_is_told_of_the_agency_too_but_for_hours() -> None:
    found = (await told(journey(), progress(START))).values()
    hours = (PeriodKind.HOUR, PeriodKind.ROLLING_1H)
    of_services = {(m.metric_id, m.period) for m in found if m.level is Level.SERVICE}
    of_agencies = {(m.metric_id, m.period) for m in found if m.level is Level.AGENCY}
    assert of_agencies == {one for one in of_services if one[1] not in hours}


async def test_the_books_of_an_agency_close_with_those_of_its_slowest_service() -> None:
    month_end = at("2026-03-31 22:00")
    done = ended(status="final"), ended("2", service="licence", status="final")
    found = await told(*done, progress(month_end + timedelta(days=15)))
    flags = {name: m.flags for name, m in months(found, "journeys_ended").items()}
    assert flags == {"permit": (), "licence": ("provisional",), None: ("provisional",)}


def test_services_that_count_other_days_are_no_agency() -> None:
    with pytest.raises(FileRefused, match=r"'town': permit counts in Europe/Amsterdam and licence"):
        both(OTHER.replace("Europe/Amsterdam", "America/New_York"))
