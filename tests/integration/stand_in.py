"""A program in the place of a service: answers /readyz, or ends at once when it is told to."""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Ready(BaseHTTPRequestHandler):
    """200 for /readyz, with the settings this process was given."""

    def do_GET(self) -> None:
        body = "\n".join(f"{k}={v}" for k, v in os.environ.items() if k.startswith("THROUGHLINE_"))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    if sys.argv[1] == "fail":
        sys.exit("no catalogue anywhere")
    host, port = os.environ[f"THROUGHLINE_{sys.argv[1]}"].split(":")
    HTTPServer((host, int(port)), Ready).serve_forever()
