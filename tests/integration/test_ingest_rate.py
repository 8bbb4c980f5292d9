"""A source that sends faster than it may is told when to come again, and what was taken is kept."""

from dataclasses import replace

from schemas.sources import Rate
from tests.integration.ingest_served import served
from tests.unit.ingest.world import RULES, RecordingWorld, cloudevent, json, source

WEB = {"Authorization": "Bearer web-token"}
SLOW = source().model_copy(update={"rate": Rate(per_second=0.1, burst=2)})
RULES_WITH_RATE = replace(RULES, sources={**RULES.sources, "web": SLOW})


async def test_explain_counts_too_since_it_costs_the_same() -> None:
    world = RecordingWorld()
    async with served(world, world, rules=RULES_WITH_RATE) as running:
        url = f"{running.public}/v1/explain"
        body = json([cloudevent(id="e-1"), cloudevent(id="e-2")])
        statuses = []
        for _ in range(2):
            async with running.client.post(url, data=body, headers=WEB) as response:
                statuses.append(response.status)
    assert statuses == [200, 429]


async def test_too_fast_is_429_with_the_time_to_wait_and_only_for_that_source() -> None:
    world = RecordingWorld()
    answers = []
    async with served(world, world, rules=RULES_WITH_RATE) as running:
        url = f"{running.public}/v1/events"
        history = {"Authorization": "Bearer history-token"}
        for number, headers in enumerate((WEB, WEB, WEB, history)):
            event = json(cloudevent(id=f"e-{number}"))
            async with running.client.post(url, data=event, headers=headers) as response:
                wait = response.headers.get("Retry-After")
                answers.append((response.status, wait and int(wait)))
        limited = running.value(
            "throughline_refused_requests_total", source="web", reason="rate_limited"
        )
    assert answers == [(200, None), (200, None), (429, 12), (200, None)]
    assert (limited, len(world.messages)) == (1, 3)
