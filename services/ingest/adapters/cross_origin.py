"""What a browser wants to hear before a page of another site may send, and with every answer."""

from collections.abc import Mapping

from aiohttp import web

_SECONDS = "3600"
# Whoever sits at a desk is told by a cookie: no other site may read what these answer.
_PAGES_OF_OURS = "/desk"


def allowed(http: web.Request) -> dict[str, str]:
    """Headers of an answer. The origin is repeated: with credentials a browser takes no `*`."""
    origin = http.headers.get("Origin")
    if origin is None or http.path.startswith(_PAGES_OF_OURS):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }


async def preflight(http: web.Request) -> web.Response:
    """Yes, with whatever headers the page wants to send; who sends is looked at when it does."""
    asked = http.headers.get("Access-Control-Request-Headers", "")
    headers: Mapping[str, str] = {
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
        "Access-Control-Allow-Headers": asked[:1000],
        "Access-Control-Max-Age": _SECONDS,
    }
    return web.Response(headers={**headers, **allowed(http)})
