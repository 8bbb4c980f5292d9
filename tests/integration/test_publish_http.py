"""The inside listener of publish, over real HTTP."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from html import escape
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from prometheus_client import CollectorRegistry

from schemas.inside_readers import Gate
from services.publish.adapters.api_routes import Api
from services.publish.adapters.cards import Cards
from services.publish.adapters.inside_http import Inside
from services.publish.adapters.telemetry import PublishTelemetry
from services.publish.publish import Publication
from tests.unit.publish.samples import AUTHORITY, NOW, catalogue, progress
from tests.unit.publish.year import passport_year

SHAPES = Path(__file__).with_name("publish_api_v1.json")
Client = TestClient[Request, Application]


class Readiness:
    """Whether the topic was read."""

    is_there = True


@pytest.fixture
def readiness() -> Readiness:
    return Readiness()


@pytest.fixture
async def client(readiness: Readiness) -> AsyncIterator[Client]:
    registry = CollectorRegistry()
    PublishTelemetry(registry).read("metric")
    cards = Cards(catalogue(), Publication.of(passport_year(), [progress()]), AUTHORITY)
    inside = Inside(cards, registry, lambda: readiness.is_there, Gate(None, print), lambda: NOW)
    async with TestClient(TestServer(inside.application(), host="127.0.0.1")) as asking:
        yield asking


Ask = Callable[[str], Awaitable[tuple[int, str]]]


@pytest.fixture
def ask(client: Client) -> Ask:
    async def asked(path: str) -> tuple[int, str]:
        async with client.get(path) as answer:
            return answer.status, await answer.text()

    return asked


async def test_the_overview_leads_to_every_service(ask: Ask) -> None:
    status, page = await ask("/")
    assert status == 200
    for service in catalogue().services:
        assert f'href="/services/{service}"' in page
        assert (await ask(f"/services/{service}"))[0] == 200


async def test_a_page_is_of_the_period_that_is_asked_for(ask: Ask) -> None:
    _, page = await ask("/services/passport-renewal?period=2026-05")
    assert "<title>Passport renewal, May 2026 - Throughline</title>" in page


async def test_every_answer_forbids_scripts_caches_and_guesses(client: Client) -> None:
    for path in ("/", "/services/nobody", "/api/v1/services", "/nowhere"):
        async with client.get(path) as answer:
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_unknown_service_is_a_page_that_names_the_nearest(ask: Ask) -> None:
    status, page = await ask("/services/passport-renewel")
    assert status == 404
    assert "did you mean &#39;passport-renewal&#39;?" in page


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        (
            "/api/v1/services/passport/metrics",
            404,
            "service: unknown; did you mean 'lost-passport'?",
        ),
        (
            "/api/v1/services/passport-renewal/metrics?period=yesterday",
            400,
            (
                "no period is called 'yesterday'; write rolling_1d, rolling_1h, rolling_28d, "
                "rolling_365d, a quarter as 2026-Q3, a month as 2026-09, a day as 2026-09-14 or "
                "an hour, in UTC, as 2026-09-14T11:00Z"
            ),
        ),
        ("/api/v1/nothing", 404, "404: Not Found"),
    ],
)
async def test_a_program_is_refused_in_json(
    client: Client, path: str, status: int, error: str
) -> None:
    async with client.get(path) as answer:
        assert (answer.status, await answer.json()) == (status, {"error": error})


async def test_a_page_cannot_be_written_to(client: Client) -> None:
    async with client.post("/", data=b"x") as answer:
        assert answer.status == 405


async def test_metrics_are_narrowed_by_period_and_metric_id(client: Client) -> None:
    query = {"period": "2026-05", "metric_id": "completion_rate.live"}
    async with client.get("/api/v1/services/passport-renewal/metrics", params=query) as answer:
        [given] = (await answer.json())["metrics"]
    assert (given["metric_id"], given["period"], given["period_start"]) == (
        "completion_rate.live",
        "month",
        "2026-04-30T21:00:00Z",
    )


async def test_progress_and_services_are_json(client: Client) -> None:
    async with client.get("/api/v1/progress") as answer:
        assert [one["clock"] for one in (await answer.json())["progress"]] == ["live"]
    async with client.get("/api/v1/services") as answer:
        assert len((await answer.json())["services"]) == 2


async def test_it_is_ready_only_once_the_topic_was_read(ask: Ask, readiness: Readiness) -> None:
    readiness.is_there = False
    assert [(await ask(path))[0] for path in ("/livez", "/readyz")] == [200, 503]
    readiness.is_there = True
    assert [(await ask(path))[0] for path in ("/livez", "/readyz")] == [200, 200]


async def test_its_own_metrics_are_exposed(ask: Ask) -> None:
    _, exposed = await ask("/metrics")
    assert 'throughline_publish_messages_total{kind="metric"} 1.0' in exposed
    assert 'throughline_publish_messages_total{kind="unreadable"} 0.0' in exposed


PLACES = (
    "/services/passport-renewal",
    "/services/passport-renewal/touchpoints/renewal-photo",
    "/services/passport-renewal/improvements",
    "/services/passport-renewal/profiles",
    "/agencies/passport-office",
    "/governance",
)


@pytest.mark.parametrize("path", PLACES)
async def test_every_place_has_a_page(ask: Ask, path: str) -> None:
    assert (await ask(path))[0] == 200


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/services/passport-renewal/touchpoints/photo", "touchpoint: unknown;"),
        ("/agencies/passport", "did you mean &#39;passport-office&#39;?"),
        ("/agencies/passport-office?period=2026-13", "no period is called"),
    ],
)
async def test_a_place_nobody_knows_is_told_with_the_nearest(
    ask: Ask, path: str, told: str
) -> None:
    status, page = await ask(path)
    assert status in {400, 404}
    assert told in page


async def test_the_json_of_a_place_has_the_numbers_of_its_page(client: Client, ask: Ask) -> None:
    async with client.get("/api/v1/services/passport-renewal/scorecard") as answer:
        card = await answer.json()
    _, page = await ask("/services/passport-renewal")
    figures = [row for section in card["sections"] for row in section["rows"]]
    assert len(figures) > 40
    assert [figure for figure in figures if escape(figure["text"]) not in page] == []
    assert card["stages"][2]["cards"][1]["drop_off"]["value"] == pytest.approx(95 / 1_015)


def test_every_path_of_the_api_is_described_for_those_who_call_it() -> None:
    described = Path("docs/scorecard-api.md").read_text(encoding="utf-8")
    cards = Cards(catalogue(), Publication.of([]), AUTHORITY)
    paths = [route.path for route in Api(cards, lambda: NOW).routes()]
    assert [path for path in paths if f"`{path}`" not in described] == []


def keys(told: object, place: str = "") -> set[str]:
    """Every field of a body, by where it lies."""
    if isinstance(told, list):
        return {key for one in told for key in keys(one, f"{place}[]")}
    if not isinstance(told, dict):
        return set()
    below = (keys(value, f"{place}.{name}") for name, value in told.items())
    return {f"{place}.{name}" for name in told}.union(*below)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("service", "/services/passport-renewal/scorecard?period=2026-09"),
        ("touchpoint", "/services/passport-renewal/touchpoints/renewal-photo"),
        ("agency", "/agencies/passport-office/scorecard"),
        ("improvements", "/services/passport-renewal/improvements"),
        ("profiles", "/services/passport-renewal/profiles"),
        ("governance", "/governance"),
    ],
)
async def test_no_field_of_the_api_goes_away(client: Client, name: str, path: str) -> None:
    """Within v1 a field may come; one that goes or is renamed breaks those who read it."""
    async with client.get(f"/api/v1{path}") as answer:
        given = keys(await answer.json())
    promised = json.loads(SHAPES.read_text(encoding="utf-8"))[name]
    assert [key for key in promised if key not in given] == []
