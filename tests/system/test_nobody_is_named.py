"""No identifier that a sender used is anywhere behind ingest: on a topic, in a log, in Redis, on
`/metrics`, on a page or in the JSON beside it.
"""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from schemas.topics import COMMENTS
from tests.system.conftest import Played
from tests.system.everywhere import in_logs, in_pages, in_topics, naming, words_in_redis

INSIDE = ("INGEST_INSIDE", "JOURNEY_INSIDE", "METRICS_INSIDE", "PUBLISH_INSIDE")
PLANTED = "000000000-planted-1"
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.timeout(300)]


def identifiers(played: Played) -> list[str]:
    """What senders called people and cases. A short one could be anything."""
    used = {
        str(sending.data[kind])
        for sending in played.plan.history.sendings
        for kind in ("citizen", "visitor", "case")
        if kind in sending.data
    }
    return sorted(name for name in used if len(name) >= 8)


async def test_no_identifier_that_a_sender_used_is_anywhere(played: Played) -> None:
    stack, names = played.stack, identifiers(played)
    addresses = [f"{stack.url(one)}/metrics" for one in INSIDE]
    pages = in_pages(*addresses, f"{stack.url('PUBLISH_INSIDE')}/")
    found = await in_topics(stack.bootstrap) | await words_in_redis(stack.redis_url)
    found |= in_logs(stack.folder / "logs") | pages
    assert len(names) > 500
    assert len(pages) > 30
    assert any("/api/v1/" in page for page in pages)
    assert {one for one in found if not one.startswith("page ")} > {"topic journeys.v1", "redis"}
    assert sum(one.startswith("log ") for one in found) >= 6
    assert naming(found, names) == []


class _Site(http.server.BaseHTTPRequestHandler):
    """An index that leads to a page, which has what it says as JSON too."""

    texts = {
        "/": '<a href="/page?period=day">',
        "/page": '<link rel="alternate" href="api/v1/page">',
        "/api/v1/page": f'{{"who": "{PLANTED}"}}',
    }

    def do_GET(self) -> None:
        """One of them."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.texts[self.path.partition("?")[0]].encode())

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def site() -> Iterator[str]:
    """Where it is."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


async def test_one_that_is_planted_is_found_wherever_it_is(
    played: Played, site: str, tmp_path: Path
) -> None:
    stack, word = played.stack, PLANTED.encode()
    async with AIOKafkaProducer(bootstrap_servers=stack.bootstrap) as producer:
        for value, key, header in ((word, b"1", b""), (b"2", word, b""), (b"3", b"3", word)):
            headers = [("planted", header)]
            await producer.send_and_wait(COMMENTS, b'{"a":"' + value + b'"}', key, headers=headers)
    (tmp_path / "ingest.log").write_bytes(b'{"event": "said to ' + word + b'"}')
    found = await in_topics(stack.bootstrap)
    places = naming(found, [PLANTED]) + naming(in_logs(tmp_path) | in_pages(site), [PLANTED])
    assert [place for place, _ in places] == [
        f"topic {COMMENTS}",
        "log ingest.log",
        f"page {site}api/v1/page",
    ]
    async with Redis.from_url(stack.redis_url) as redis:
        for plant in (
            redis.set(f"planted:{PLANTED}", 1),
            redis.set("planted", word),
            redis.hset("planted", "a", word.decode()),
            redis.zadd("planted", {word.decode(): 1}),
            redis.sadd("planted", word),
        ):
            await plant
            assert naming(await words_in_redis(stack.redis_url), [PLANTED])
            await redis.delete("planted", f"planted:{PLANTED}")
