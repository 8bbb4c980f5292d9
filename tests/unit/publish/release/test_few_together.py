"""What services and months have in common tells of few people, too: agencies, and what is left of a
quarter or an agency.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from schemas.metric import MetricMessage, Sums
from schemas.public_metric import PublicMetric
from schemas.vocabulary import PublishState
from services.publish.domain.period import Period
from services.publish.domain.release.asked import Asked, latest
from services.publish.domain.release.draft import draft
from services.publish.domain.release.few import with_few_together
from services.publish.domain.release.people import People
from services.publish.domain.release.policy import Policy
from services.publish.domain.release.suppression import sensitive
from services.publish.domain.release.tables import tables
from tests.unit.publish.release.town import MONTHS, ON_THE_DAY, QUARTER, message

SEPTEMBER = MONTHS[2]


def begun(
    n: int, citizens: int | None, service: str | None = "permits", period: str = SEPTEMBER
) -> MetricMessage:
    """Journeys, and of how many citizens they are for certain."""
    place = {"service": service} if service else {}
    sums = None if citizens is None else Sums(n=citizens)
    return message("journeys_started", n, None, period, place, citizens=sums)


def agency(*services: tuple[int, int], linked: bool = True) -> list[MetricMessage]:
    """Services of an agency, by how many journeys of how many citizens, and all of it."""
    own = [begun(n, c if linked else None, f"s{i}") for i, (n, c) in enumerate(services)]
    return [*own, begun(sum(n for n, _ in services), None, None)]


def quarter(*months: tuple[int, int], citizens: int) -> list[MetricMessage]:
    """The same of months, and of how many citizens they are together."""
    own = [begun(n, c, period=month) for month, (n, c) in zip(MONTHS, months, strict=True)]
    return [*own, begun(sum(n for n, _ in months), citizens, period=QUARTER)]


def records(
    told: Sequence[MetricMessage],
    periods: Iterable[str] = (SEPTEMBER,),
    before: Sequence[PublicMetric] = (),
    today: date = ON_THE_DAY,
) -> list[PublicMetric]:
    """All there are after the periods were released one after the other."""
    found = list(before)
    for period in periods:
        asked = Asked(Period.parse(period), latest(found), today)
        found += [row.record for row in draft(told, asked).rows]
    return found


def shown(told: Sequence[MetricMessage], periods: Iterable[str] = (SEPTEMBER,)) -> list[int]:
    """The numbers that are shown at last."""
    return numbers(records(told, periods))


def numbers(found: Iterable[PublicMetric]) -> list[int]:
    """What they tell at last, the fewest first."""
    newest = latest(found).values()
    return sorted(one.n or 0 for one in newest if one.state is not PublishState.SUPPRESSED)


def test_an_agency_is_of_as_many_people_as_its_largest_service() -> None:
    assert shown(agency((13, 13), (13, 13))) == [15, 15, 25]
    assert shown(agency((13, 13), (13, 13), linked=False)) == []


def test_an_agency_is_of_no_more_people_than_are_certain() -> None:
    """All of them may be the same nine."""
    told = agency((40, 9), (40, 9))
    assert shown(told) == []
    assert len(sensitive(tables(told), Policy())) == 3


def test_where_one_service_is_not_known_neither_is_its_agency() -> None:
    built = tables([begun(13, 13, "a"), begun(12, None, "b"), begun(25, None, None)])
    assert not built.at_agencies
    assert len(sensitive(built, Policy())) == 2


def test_unlinked_answers_of_all_services_are_an_agencys() -> None:
    question: dict[str, Any] = {
        "construct": "satisfaction",
        "scale": "1..5",
        "instrument": "exit",
    }

    def answers(service: str | None, n: int, linked: int | None) -> MetricMessage:
        known = None if linked is None else Sums(n=linked, distribution={"5": linked})
        rest = None if linked is None else Sums(n=n - linked, distribution={"5": n - linked})
        place = {"service": service} if service else {}
        told: dict[str, Any] = {"citizens": known, "unnamed": rest, "distribution": {"5": n}}
        return message("satisfaction.linear", n, None, SEPTEMBER, place, **told, **question)

    built = tables([answers("a", 13, 12), answers("b", 14, 11), answers(None, 27, None)])
    assert set(built.at_agencies.values()) >= {People(12, 4, is_opinion=True)}
    assert {count.table.place.service for count in sensitive(built, Policy())} == {None, "a", "b"}


def test_an_agency_is_revised_as_if_nobody_knew_who_came_to_several_services() -> None:
    first = records(agency((500, 500), (400, 400)))
    again = records(agency((515, 515), (417, 417)), before=first, today=date(2027, 1, 15))
    assert numbers(first) == [400, 500, 900]
    assert numbers(again) == [415, 515, 930]


def test_the_months_of_one_person_do_not_follow_from_the_quarter() -> None:
    told = quarter((16, 16), (12, 1), (12, 1), citizens=17)
    assert shown(told, (*MONTHS, QUARTER)) == [15]
    assert shown(told, (QUARTER, *MONTHS)) == [40]


def test_the_months_of_enough_people_together_may_follow_from_it() -> None:
    together = quarter((16, 16), (12, 5), (12, 5), citizens=26)
    assert shown(together, (*MONTHS, QUARTER)) == [15, 40]
    with_one_that_is_told = quarter((16, 16), (12, 12), (12, 1), citizens=17)
    assert shown(with_one_that_is_told, (*MONTHS, QUARTER)) == [10, 15]


def test_what_is_a_count_already_is_none_once_more() -> None:
    all_small = quarter((8, 8), (8, 8), (8, 8), citizens=24)
    of_one = quarter((8, 1), (8, 1), (8, 1), citizens=1)
    one_small = quarter((16, 16), (16, 16), (8, 1), citizens=17)
    for built in map(tables, (of_one, one_small)):
        assert with_few_together(built, Policy()) == built
    assert shown(all_small, (*MONTHS, QUARTER)) == [25]


@pytest.mark.parametrize(("citizens", "left"), [(8, 1), (12, 2)])
def test_services_of_the_same_few_do_not_follow_from_the_agency(citizens: int, left: int) -> None:
    told = agency((100, 100), (15, citizens), (15, 8), (15, 8))
    assert len(shown(told)) == left


def test_of_two_messages_about_one_count_the_least_is_certain() -> None:
    assert People(9, 30).least(People(10, 0)) == People(9, 0)
    place = {"service": "permits"}
    sums: dict[str, Any] = {"citizens": Sums(n=9), "unnamed": Sums(n=30)}
    told = [
        message("channel_mix", 40, 0, place=place, channel="phone", **sums),
        message("channel_mix", 40, 0, place=place, channel="website", citizens=Sums(n=10)),
    ]
    assert People(9, 0) in tables(told).people.values()
