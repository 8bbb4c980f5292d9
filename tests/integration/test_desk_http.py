"""The desk through the real listener: who may sit there, and that a form counts once."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest
from aiohttp import ClientResponse, FormData

from schemas.codec import decode
from schemas.rejection import Rejection
from schemas.sources import Rate
from schemas.topics import TOUCHPOINTS, TOUCHPOINTS_REJECTED
from schemas.touchpoint_event import TouchpointRecord
from services.ingest.domain.sealing import unseal
from tests.integration.ingest_served import Served, served
from tests.unit.ingest.world import RULES, RecordingWorld

TOKEN = "town-hall-token"
CALL = {"channel": "phone", "place": "parking/counter", "reason": "chase", "case": "c-7"}

ROWS = b"service,channel,case\nparking,phone,c-7\nparking,phnoe,c-7\n"


@pytest.fixture
def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def desk(world: RecordingWorld) -> AsyncIterator[Served]:
    async with served(world, world) as found:
        yield found


async def sit_down(desk: Served, token: str = TOKEN) -> ClientResponse:
    """Sign in; no redirect is followed, and the cookie is kept by hand (the client's jar keeps none
    of an address in numbers).
    """
    url = f"{desk.public}/desk/login"
    async with desk.client.post(url, data={"token": token}, allow_redirects=False) as response:
        await response.read()
        return response


async def seated(desk: Served) -> dict[str, str]:
    """The headers of somebody who sits there."""
    response = await sit_down(desk)
    return {"Cookie": response.headers["Set-Cookie"].split(";")[0]}


async def form_of(desk: Served, headers: Mapping[str, str]) -> str:
    """The name of the form that was given out."""
    async with desk.client.get(f"{desk.public}/desk", headers=headers) as response:
        found = re.search(r'name="entry" value="([^"]+)"', await response.text())
        assert found is not None
        return found[1]


async def send(
    desk: Served, headers: Mapping[str, str], form: Mapping[str, str]
) -> tuple[int, str]:
    async with desk.client.post(f"{desk.public}/desk", data=form, headers=headers) as response:
        return response.status, await response.text()


def ids(world: RecordingWorld) -> list[str]:
    """The ids of what was published."""
    return [decode(TouchpointRecord, message.value).id for message in world.messages]


async def test_a_form_that_is_sent_twice_counts_once(desk: Served, world: RecordingWorld) -> None:
    headers = await seated(desk)
    form = CALL | {"entry": await form_of(desk, headers)}
    for _ in range(2):
        status, page = await send(desk, headers, form)
        assert status == 200
        assert '<h2 id="told">Recorded</h2>' in page
        assert "Take the next one below" in page
        assert "c-7" not in page
        assert '<option value="parking/counter" selected>' in page
    first, again = ids(world)
    assert first == again


async def test_a_cookie_stays_with_this_site_and_no_script_reads_it(desk: Served) -> None:
    response = await sit_down(desk)
    assert response.status == 303
    told = response.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/desk"} <= set(told.split("; "))
    assert "Secure" not in told  # on loopback there is no TLS
    url = f"{desk.public}/desk/login"
    far = {"Host": "throughline.example"}
    async with desk.client.post(
        url, data={"token": TOKEN}, headers=far, allow_redirects=False
    ) as other:
        assert "Secure" in other.headers["Set-Cookie"].split("; ")


@pytest.mark.parametrize("token", ["", "nobody", "web-token"])
async def test_who_has_no_token_of_a_desk_is_asked_again(desk: Served, token: str) -> None:
    response = await sit_down(desk, token)
    assert response.status == 401
    assert "Set-Cookie" not in response.headers


async def test_nothing_is_taken_without_a_session_and_its_own_form(
    desk: Served, world: RecordingWorld
) -> None:
    headers = await seated(desk)
    entry = await form_of(desk, headers)
    assert "Token of this desk" in (await send(desk, {}, CALL | {"entry": entry}))[1]
    elsewhere = headers | {"Origin": "https://elsewhere.example"}
    tries = [(headers, CALL), (headers, CALL | {"entry": f"{entry}x"})]
    tries += [(elsewhere, CALL | {"entry": entry})]
    for sent, form in tries:
        status, page = await send(desk, sent, form)
        assert (status, "another session" in page) == (403, True)
    assert world.messages == []


async def test_no_other_site_may_read_the_pages(desk: Served) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    async with desk.client.get(f"{desk.public}/desk", headers=headers) as response:
        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self'" in policy


async def test_when_kafka_is_away_the_form_keeps_its_name_and_words(
    desk: Served, world: RecordingWorld
) -> None:
    headers = await seated(desk)
    form = CALL | {"entry": await form_of(desk, headers)}
    world.is_away = True
    status, page = await send(desk, headers, form)
    assert status == 503
    assert f'value="{form["entry"]}"' in page
    assert 'value="c-7"' in page
    world.is_away = False
    assert (await send(desk, headers, form))[0] == 200
    assert len(world.messages) == 1


async def test_what_was_wrong_is_said_and_the_words_are_kept(desk: Served) -> None:
    headers = await seated(desk)
    form = CALL | {"entry": await form_of(desk, headers), "time": "2019-01-01T10:00"}
    status, page = await send(desk, headers, form)
    assert status == 422
    assert "longer ago than this source may take, which is 7 d" in page
    assert 'value="2019-01-01T10:00"' in page


async def test_a_list_is_recorded_row_by_row(desk: Served, world: RecordingWorld) -> None:
    headers = await seated(desk)
    for _ in range(2):
        form = FormData({"entry": await form_of(desk, headers)})
        form.add_field("rows", ROWS, filename="calls.csv", content_type="text/csv")
        url = f"{desk.public}/desk/rows"
        async with desk.client.post(url, data=form, headers=headers) as response:
            page = await response.text()
        assert response.status == 422
        assert "Rows recorded: 1, refused: 1" in page
        assert "Line 3, column channel: unknown; did you mean &#39;phone&#39;?" in page
    good = [m for m in world.messages if m.topic == TOUCHPOINTS]
    bad = [m for m in world.messages if m.topic == TOUCHPOINTS_REJECTED]
    assert (len(good), len(bad)) == (2, 2)
    assert decode(TouchpointRecord, good[0].value).id == decode(TouchpointRecord, good[1].value).id
    sealed = decode(Rejection, bad[0].value).original
    assert sealed is not None
    assert unseal(RULES.sealing, sealed).startswith(b"service,channel,case\r\nparking,phnoe,c-7")


async def test_a_desk_that_may_not_send_so_much_is_told_when_and_nothing_is_recorded() -> None:
    world = RecordingWorld()
    slow = RULES.sources["town-hall"].model_copy(update={"rate": Rate(per_second=0.1, burst=2)})
    rules = replace(RULES, sources={**RULES.sources, "town-hall": slow})
    async with served(world, world, rules=rules) as desk:
        headers = await seated(desk)
        entry = {"entry": await form_of(desk, headers)}
        statuses = [(await send(desk, headers, CALL | entry))[0] for _ in range(3)]
        form = FormData(entry)
        form.add_field("rows", ROWS, filename="calls.csv", content_type="text/csv")
        url = f"{desk.public}/desk/rows"
        async with desk.client.post(url, data=form, headers=headers) as response:
            assert (response.status, "Try again in" in await response.text()) == (429, True)
        labels = {"source": "town-hall", "reason": "rate_limited"}
        assert desk.value("throughline_refused_requests_total", **labels) == 2
    assert statuses == [200, 200, 429]
    assert len(world.messages) == 2


async def test_rows_are_posted_with_the_token(desk: Served, world: RecordingWorld) -> None:
    url, headers = f"{desk.public}/v1/csv", {"Authorization": f"Bearer {TOKEN}"}
    async with desk.client.post(url, data=ROWS, headers=headers) as response:
        told = await response.json()
    assert response.status == 200
    assert told["accepted"] == 1
    assert [(one["line"], one["column"]) for one in told["rejected"]] == [(3, "channel")]
    assert len(world.messages) == 2


async def test_a_list_from_elsewhere_or_of_no_table_is_refused(
    desk: Served, world: RecordingWorld
) -> None:
    headers = await seated(desk)
    url = f"{desk.public}/desk/rows"
    entry = await form_of(desk, headers)
    for sent, rows, status in (({}, ROWS, 403), ({"entry": entry}, b"a,b\n", 422)):
        form = FormData(sent)
        form.add_field("rows", rows, filename="calls.csv")
        async with desk.client.post(url, data=form, headers=headers) as response:
            assert response.status == status
    assert world.messages == []


async def test_who_leaves_is_gone(desk: Served) -> None:
    headers = await seated(desk)
    url = f"{desk.public}/desk/logout"
    async with desk.client.post(url, headers=headers, allow_redirects=False) as response:
        assert response.status == 303
        assert 'desk=""' in response.headers["Set-Cookie"]
