"""`python -m benchmarks.bare_handler PORT`: a server that reads each body, parses it, and says yes.

What every ingest in this language and on this library must spend at least. It checks nothing,
knows nobody and keeps nothing.
"""

import csv
import io
import sys
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web


async def parse(request: web.Request) -> web.Response:
    """The body, as what it is by its first byte."""
    body = await request.read()
    if body[:1] in {b"[", b"{"}:
        msgspec.json.decode(body)
    elif request.content_type == "text/csv":
        list(csv.reader(io.StringIO(body.decode())))
    else:
        dict(parse_qsl(body.decode()))
    return web.Response(body=b"ok")


def main(port: int) -> None:
    """Serve until ended."""
    app = web.Application(client_max_size=2**20)
    app.router.add_post("/{any:.*}", parse)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
