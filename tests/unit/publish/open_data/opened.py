"""A site to look at: a month and its quarter, the month revised, some of it suppressed."""

from datetime import date
from functools import cache

from schemas.public_metric import PublicMetric
from services.publish.domain.open_data.about import About
from services.publish.domain.open_data.site import Site, site
from tests.unit.publish.release.town import Town, released
from tests.unit.publish.samples import catalogue

FIRST, REVISED = date(2026, 12, 1), date(2027, 1, 15)
TODAY = date(2027, 1, 20)
ABOUT = About("https://data.example.org", "https://licence.example/by", "", catalogue())
MONTH = "/open-data/services/permits/2026-09"


def _town(success: int) -> Town:
    sizes = {"success": success, "error": 4, "abandoned": 200, "informed": 90}
    return {("2026-09", "permits", outcome, "website"): n for outcome, n in sizes.items()}


@cache
def records() -> tuple[PublicMetric, ...]:
    """All revisions there are."""
    first = released(_town(500), ("2026-09", "2026-Q3"), today=FIRST)
    return tuple(released(_town(900), ("2026-09",), first, REVISED))


@cache
def opened() -> Site:
    """The files of them."""
    return site(records(), ABOUT, TODAY)
