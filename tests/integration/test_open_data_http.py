"""The public listener, over real HTTP: the open data, and nothing that is inside."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from prometheus_client import CollectorRegistry

from schemas.codec import encode
from schemas.inside_readers import Gate
from schemas.public_metric import public_key
from services.publish.adapters.cards import Cards
from services.publish.adapters.inside_http import Inside
from services.publish.adapters.public_http import PublicHttp
from services.publish.adapters.public_records import PublicRecords
from services.publish.publish import Publication
from tests.unit.publish.open_data.opened import ABOUT, FIRST, MONTH, REVISED, TODAY, opened, records
from tests.unit.publish.samples import AUTHORITY, catalogue

Client = TestClient[Request, Application]


class Heard:
    """Keeps what is told of records that nobody can read."""

    def __init__(self) -> None:
        self.unread: list[tuple[str, str]] = []

    def unreadable(self, key: str, problem: str) -> None:
        self.unread.append((key, problem.split(":", maxsplit=1)[0]))


class Readiness:
    """Whether the topic was read."""

    is_there = True


@pytest.fixture
def readiness() -> Readiness:
    return Readiness()


@pytest.fixture
def held() -> PublicRecords:
    holder = PublicRecords(ABOUT, Heard())
    for one in records():
        holder.record(public_key(one), encode(one))
    return holder


@pytest.fixture
async def client(held: PublicRecords, readiness: Readiness) -> AsyncIterator[Client]:
    public = PublicHttp(held, lambda: readiness.is_there, lambda: TODAY)
    async with TestClient(TestServer(public.application(), host="127.0.0.1")) as asking:
        yield asking


def inside_paths() -> list[str]:
    cards = Cards(catalogue(), Publication.of([]), AUTHORITY)
    inside = Inside(cards, CollectorRegistry(), lambda: True, Gate(None, print))
    router = inside.application().router
    names = {"service": "passport-renewal", "agency": "passport-office", "touchpoint": "guidance"}
    paths = {one.canonical for one in router.resources()}
    return sorted(path.format_map(names) for path in paths)


async def test_every_inside_path_is_not_there(client: Client) -> None:
    paths = inside_paths()
    assert {"/", "/metrics", "/api/v1/services", "/services/passport-renewal"} <= set(paths)
    for path in [*paths, "/open-data/../metrics", "/open-data/services", "/open-data//metrics"]:
        for method in ("GET", "POST"):
            async with client.request(method, path) as answer:
                assert (path, answer.status) in {(path, 404), (path, 405)}
                assert method == "POST" or answer.status == 404


async def test_every_file_is_at_its_address(client: Client) -> None:
    for path, content in opened().files.items():
        async with client.get(path) as answer:
            assert (answer.status, await answer.read()) == (200, content)


async def test_a_table_says_where_it_is_described_and_anybodys_page_may_read_it(
    client: Client,
) -> None:
    path = f"{MONTH}/{FIRST}.csv"
    async with client.get(path) as answer:
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert f'<{path}-metadata.json>; rel="describedby"' in answer.headers["Link"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


async def test_the_page_leads_to_every_file_of_every_data_set(client: Client) -> None:
    async with client.get("/open-data/") as answer:
        page = await answer.text()
        assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]
    for path in opened().files:
        assert f'href="{path}"' in page
    for told in ("Licence", ABOUT.licence, "mailto:feedback@passports.example", "30 November 2026"):
        assert told in page  # a period that is due and not released stays in the calendar


async def test_half_of_it_is_not_shown_as_all_of_it(client: Client, readiness: Readiness) -> None:
    readiness.is_there = False
    for path in ("/open-data/", "/open-data/catalog.jsonld"):
        async with client.get(path) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
            assert answer.headers["Cache-Control"] == "no-store"


async def test_what_is_released_while_it_serves_is_there_at_once(
    client: Client, held: PublicRecords
) -> None:
    later = date(2027, 4, 15)
    one = records()[-1].model_copy(update={"released": later, "revision": 2})
    async with client.get(f"{MONTH}/{later}.csv") as answer:
        assert answer.status == 404
    held.record(public_key(one), encode(one))
    async with client.get(f"{MONTH}/{later}.csv") as answer:
        assert answer.status == 200
    async with client.get(f"{MONTH}/{REVISED}.csv") as answer:
        assert await answer.read() == opened().files[f"{MONTH}/{REVISED}.csv"]


def test_a_record_that_nobody_can_read_is_told_and_passed_over() -> None:
    heard = Heard()
    holder = PublicRecords(ABOUT, heard)
    holder.record("x", b"{}")
    assert (heard.unread, holder.held) == ([("x", "metric_id")], 0)
