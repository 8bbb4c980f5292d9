"""The inside listener of publish, over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from prometheus_client import CollectorRegistry

from services.publish.adapters.inside_http import Inside
from services.publish.adapters.pages import Pages
from services.publish.adapters.telemetry import PublishTelemetry
from services.publish.publish import Publication
from tests.unit.publish.samples import NOW, catalogue, passport_year, progress

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
    publication = Publication.of(passport_year(), [progress()])
    inside = Inside(
        catalogue(),
        publication,
        Pages(catalogue(), publication),
        registry,
        lambda: readiness.is_there,
        lambda: NOW,
    )
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
                "no period is called 'yesterday'; write rolling_28d, a month as 2026-09 "
                "or a day as 2026-09-14"
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
