"""Erasures on the inside listener: ask for one, and see how far it is."""

from aiohttp import web

from schemas.codec import SchemaViolation, decode
from schemas.erasure import ErasureProposal
from schemas.token import NotAllowed
from schemas.vocabulary import Power
from services.ingest.adapters.inside_access import InsideAccess
from services.ingest.domain.erasure import AskedErasure, ErasureRefused
from services.ingest.erase import Eraser, Standing
from services.ingest.sending import PublishFailed


class ErasureHttp:
    """`access` says who may ask."""

    def __init__(self, eraser: Eraser, access: InsideAccess) -> None:
        self._eraser = eraser
        self._access = access

    def add_to(self, app: web.Application) -> None:
        """Serve `/v1/erasures`."""
        app.router.add_post("/v1/erasures", self._ask)
        app.router.add_get("/v1/erasures/{id}", self._tell)

    async def _ask(self, http: web.Request) -> web.Response:
        try:
            by = self._access.person(http, Power.ERASURES)
            asked = decode(AskedErasure, await http.read())
            standing = await self._eraser.ask(asked, by)
        except NotAllowed as denied:
            return _refused(denied.status, str(denied))
        except (SchemaViolation, ErasureRefused) as fault:
            return _refused(400, str(fault))
        except PublishFailed as failed:
            return _away(failed)
        return _told(standing, 202)

    async def _tell(self, http: web.Request) -> web.Response:
        name = http.match_info["id"]
        try:
            self._access.caller(http, Power.ERASURES)
            standing = await self._eraser.standing(name)
        except NotAllowed as denied:
            return _refused(denied.status, str(denied))
        except PublishFailed as failed:
            return _away(failed)
        if standing is None:
            return _refused(404, f"no erasure {name[:64]} was asked for")
        return _told(standing, 200)


def _told(standing: Standing | ErasureProposal, status: int) -> web.Response:
    if isinstance(standing, ErasureProposal):
        proposed = standing.model_dump(mode="json", exclude={"meant"})
        return web.json_response({**proposed, "state": "proposed"}, status=status)
    request = standing.request
    return web.json_response(
        {
            **request.model_dump(mode="json", exclude={"meant"}),
            "state": "done" if standing.is_done else "asked",
            "receipts": len(standing.receipts),
            "of": request.subjects * request.partitions,
            "journeys": standing.journeys,
        },
        status=status,
    )


def _refused(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)


def _away(failed: PublishFailed) -> web.Response:
    response = _refused(503, f"{failed}; ask again with the same id")
    response.headers["Retry-After"] = "1"
    return response
