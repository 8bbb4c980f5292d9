"""The stand-in for Redis as a program: `python -m deploy.local.fake_redis PORT`, loopback only."""

import sys
from collections.abc import Callable
from typing import Any

from fakeredis import TcpFakeServer
from redis.exceptions import ResponseError

from deploy.local.ports import LOOPBACK


def answering(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return an error reply as a value, so that it is sent and the connection stays.

    The stand-in would hang up after any error; a real Redis does not, and clients rely on it: a
    script is called by its digest first, and sent only when the answer is that it is unknown.
    """

    def read_response(*arguments: Any, **keywords: Any) -> Any:
        try:
            return read(*arguments, **keywords)
        except ResponseError as error:
            return error

    return read_response


def patient(handler: Any) -> Any:
    """Make a request handler that answers errors and goes on."""

    class Patient(handler):  # type: ignore[misc]  # the library has no public name for it
        def setup(self) -> None:
            super().setup()
            self.current_client.read_response = answering(self.current_client.read_response)

    return Patient


def main() -> None:
    """Serve until the process is ended."""
    with TcpFakeServer((LOOPBACK, int(sys.argv[1])), server_type="redis") as server:
        server.RequestHandlerClass = patient(server.RequestHandlerClass)
        server.serve_forever()


if __name__ == "__main__":
    main()
