"""No identifier that a sender used is anywhere behind ingest: on a topic, in a log, in Redis, on
`/metrics`, on a page or in the JSON beside it.
"""

import asyncio
import http.server
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from schemas.topics import COMMENTS
from tests.system.conftest import Played
from tests.system.everywhere import in_logs, in_pages, in_topics, naming, words_in_redis

INSIDE = ("INGEST_INSIDE", "JOURNEY_INSIDE", "METRICS_INSIDE", "PUBLISH_INSIDE")
PLANTED = "000000000-planted-1"
NAMING = ("citizen", "visitor", "case")
CLOSING = timedelta(days=46)
RELEASE = (sys.executable, "-m", "services.publish", "release")
DECIDED = ("--proposed-by", "publish-steward", "--decided-by", "data-officer")
REACHING = re.compile(r"writer-[0-9a-f]+|4930\d{8}")
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.timeout(600)]


def identifiers(played: Played) -> list[str]:
    """What senders called people and cases, and what people wrote of how to reach them."""
    told = [sending.data for sending in played.plan.history.sendings]
    used = {str(data[kind]) for data in told for kind in NAMING if kind in data}
    written = {found for data in told for found in REACHING.findall(data.get("text", ""))}
    assert len(written) > 20
    return sorted(used | written)


def released(played: Played, public: str) -> None:
    """Makes the newest month public that is closed for most services, and waits until it is."""
    month = (played.plan.history.end - CLOSING).replace(day=1) - timedelta(days=1)
    settings = {**os.environ, **played.stack.environment()}
    command = (*RELEASE, "--period", f"{month:%Y-%m}", *DECIDED)
    ran = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    for _ in range(60):
        if any(page.endswith(".csv") for page in in_pages(public)):
            return
        time.sleep(0.5)


async def test_no_identifier_that_a_sender_used_is_anywhere(played: Played) -> None:
    stack, names = played.stack, identifiers(played)
    addresses = [f"{stack.url(one)}/metrics" for one in INSIDE]
    public = f"{stack.url('PUBLISH_PUBLIC')}/open-data/"
    await asyncio.to_thread(released, played, public)
    pages = in_pages(*addresses, f"{stack.url('PUBLISH_INSIDE')}/", public)
    found = await in_topics(stack.bootstrap) | await words_in_redis(stack.redis_url)
    found |= in_logs(stack.folder / "logs") | pages
    assert len(names) > 500
    assert len(pages) > 30
    assert any("/api/v1/" in page for page in pages)
    assert any("/open-data/" in page and page.endswith(".csv") for page in pages)
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
