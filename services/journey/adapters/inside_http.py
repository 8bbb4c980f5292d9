"""The inside listener: /metrics, /livez and /readyz, from a thread, alive during recovery."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from schemas.inside_readers import CHALLENGE, Gate

Answer = tuple[int, str, bytes]
_PLAIN = "text/plain; charset=utf-8"


class InsideListener:
    """Serves until `stop`; `is_ready` is asked from another thread than the event loop's."""

    def __init__(
        self,
        address: tuple[str, int],
        registry: CollectorRegistry,
        is_ready: Callable[[], bool],
        readers: Gate,
    ) -> None:
        answers = {
            "/metrics": lambda: (200, CONTENT_TYPE_PLAIN_0_0_4, generate_latest(registry)),
            "/livez": lambda: (200, _PLAIN, b"alive\n"),
            "/readyz": lambda: _readiness(is_ready=is_ready()),
        }
        self._server = ThreadingHTTPServer(address, _handler(answers, readers))
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="inside", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


def _readiness(*, is_ready: bool) -> Answer:
    return (200, _PLAIN, b"ready\n") if is_ready else (503, _PLAIN, b"recovering\n")


def _handler(
    answers: dict[str, Callable[[], Answer]], readers: Gate
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            answer = answers.get(path, lambda: (404, _PLAIN, b"not here\n"))
            denied = readers.refusal(path, self.headers.get("Authorization"))
            refused = denied and (denied.status, _PLAIN, f"{denied}\n".encode())
            status, content_type, body = refused or answer()
            self.send_response(status)
            if denied:
                self.send_header("WWW-Authenticate", CHALLENGE)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            """Nobody reads a line per scrape."""

    return Handler
