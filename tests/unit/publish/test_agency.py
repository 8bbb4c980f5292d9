"""The overview and the page of an agency."""

from services.publish.adapters.cards import Cards
from services.publish.domain.agency import AgencyCard
from services.publish.publish import Publication
from tests.unit.publish.samples import AUTHORITY, NOW, catalogue, progress
from tests.unit.publish.year import passport_year

CARDS = Cards(catalogue(), Publication.of(passport_year(), [progress()]), AUTHORITY)


def agency() -> AgencyCard:
    return CARDS.agency("passport-office", None, NOW)


def test_the_overview_has_every_service_of_every_agency() -> None:
    shown = {
        line.name: [figure.text for figure in line.figures]
        for agency in CARDS.overview(NOW)
        for line in agency.services
    }
    assert shown == {
        "Passport renewal": ["84.6%", "74.6%", "64.1%", "6 days 7 hours", "1,323"],
        "Lost passport": ["no journeys", "no answers", "no journeys", "no journeys"],
    }


def test_an_agency_tells_its_own_numbers_and_those_of_its_services_in_the_same_period() -> None:
    assert agency().headlines[0].text == "84.6%"
    assert [(line.name, line.period) for line in agency().services] == [
        ("Passport renewal", "Last 28 days"),
        ("Lost passport", "Last 28 days"),
    ]


def test_an_agency_tells_every_theme_but_no_touchpoint() -> None:
    rows = [row.formula for section in agency().sections for row in section.rows]
    assert "contacts_per_resolved" in rows
    assert "step_dropoff" not in rows


def test_without_a_number_of_its_own_an_agency_claims_nothing() -> None:
    alone = Publication.of([m for m in passport_year() if m.dimensions.service])
    shown = Cards(catalogue(), alone, AUTHORITY).agency("passport-office", None, NOW)
    assert {figure.value for figure in shown.headlines} == {None}
