"""The stand-in for Redis as a program: `python -m deploy.local.fake_redis PORT`, loopback only."""

import sys

from fakeredis import TcpFakeServer

from deploy.local.ports import LOOPBACK


def main() -> None:
    """Serve until the process is ended."""
    with TcpFakeServer((LOOPBACK, int(sys.argv[1])), server_type="redis") as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
