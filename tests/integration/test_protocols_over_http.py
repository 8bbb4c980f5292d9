"""What all protocols of clients share, through the real listener. Kafka is a fake here."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.ingest_served import Served, served
from tests.unit.ingest.world import RecordingWorld

ORIGIN = "https://town.example"
VIEW = {"idsite": "7", "rec": "1", "uid": "42", "url": f"{ORIGIN}/parking/page"}


@pytest.fixture
def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def ingest(world: RecordingWorld) -> AsyncIterator[Served]:
    async with served(world, world) as found:
        yield found


@pytest.mark.parametrize("path", ["/matomo.php", "/piwik.php"])
async def test_a_page_may_send_by_query_or_form(
    ingest: Served, world: RecordingWorld, path: str
) -> None:
    url = ingest.public + path
    async with ingest.client.get(url, params=VIEW) as response:
        assert (response.status, response.content_type) == (200, "image/gif")
        assert response.headers["Cache-Control"] == "no-store"
    async with ingest.client.post(url, data={**VIEW, "send_image": "0"}) as response:
        assert (response.status, await response.read()) == (204, b"")
    assert len(world.messages) == 2


async def test_a_browser_hears_that_pages_of_other_sites_may_send(ingest: Served) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Headers": "content-type"}
    async with ingest.client.options(f"{ingest.public}/matomo.php", headers=asked) as response:
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Headers"] == "content-type"
        _assert_allowed(response.headers)
    sent = {"Origin": ORIGIN}
    async with ingest.client.post(f"{ingest.public}/matomo.php", data=VIEW, headers=sent) as one:
        assert one.status == 200
        _assert_allowed(one.headers)


def _assert_allowed(headers: object) -> None:
    assert headers["Access-Control-Allow-Origin"] == ORIGIN  # type: ignore[index]
    assert headers["Access-Control-Allow-Credentials"] == "true"  # type: ignore[index]
    assert headers["Access-Control-Expose-Headers"] == "Retry-After"  # type: ignore[index]
    assert headers["Vary"] == "Origin"  # type: ignore[index]


async def test_pages_of_an_origin_that_is_not_the_sources_may_not_send(
    ingest: Served, world: RecordingWorld
) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    async with ingest.client.get(
        f"{ingest.public}/matomo.php", params=VIEW, headers=elsewhere
    ) as response:
        told = await response.json()
    assert response.status == 403
    assert told == {"error": "this source may not send from pages of this origin"}
    assert world.messages == []


async def test_a_write_key_no_source_has_is_refused(ingest: Served, world: RecordingWorld) -> None:
    unknown = {**VIEW, "idsite": "8"}
    async with ingest.client.get(f"{ingest.public}/matomo.php", params=unknown) as response:
        told = await response.json()
    assert (response.status, told) == (401, {"error": "no source has this token or write key"})
    assert world.messages == []


async def test_segments_clients_hear_no_with_a_code(ingest: Served) -> None:
    """Without one RudderStack's for Python takes it for a fault of the network, and asks again."""
    unknown = {"writeKey": "none", "batch": []}
    async with ingest.client.post(f"{ingest.public}/v1/batch", json=unknown) as response:
        told = await response.json()
    sentence = "no source has this token or write key"
    assert response.status == 401
    assert told == {"error": sentence, "code": "401", "message": sentence}


@pytest.mark.parametrize("path", ["/v1/explain/matomo.php", "/v1/explain"])
async def test_a_client_may_send_to_explain_what_it_sends_otherwise(
    ingest: Served, world: RecordingWorld, path: str
) -> None:
    async with ingest.client.post(ingest.public + path, data=VIEW) as response:
        told = await response.json()
    assert (response.status, told["protocol"]) == (200, "matomo")
    assert told["events"][0]["would_publish"]["data"]["touchpoint"] == "page"
    assert world.actions == []
