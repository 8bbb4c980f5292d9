"""A Redis that speaks TLS alone and asks who one is, with the users that we say it needs."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import Processes, Program
from deploy.local.redis import find_redis
from deploy.redis_users import users

USER, PASSWORD = "metrics", "metrics-in-redis"


@dataclass(frozen=True)
class SecuredRedis:
    """Where it answers, and the files of the user and of who signed its certificate."""

    url: str
    user: Path
    ca: Path

    def settings(self) -> Mapping[str, str]:
        """How metrics comes to it."""
        return {
            "THROUGHLINE_REDIS_URL": self.url,
            "THROUGHLINE_REDIS_USER_FILE": str(self.user),
            "THROUGHLINE_REDIS_CA_FILE": str(self.ca),
        }


@contextmanager
def running(folder: Path, processes: Processes) -> Iterator[SecuredRedis]:
    """An empty one. A Redis that was built without TLS skips the test, but on a build machine."""
    redis = SecuredRedis(
        f"rediss://{LOOPBACK}:{free_ports(1)[0]}/0", folder / "user", folder / "ca"
    )
    redis.user.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    (folder / "users.acl").write_text(users(USER, PASSWORD), encoding="utf-8")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(redis.ca)
    authority.issue_cert(LOOPBACK).private_key_and_cert_chain_pem.write_to_path(folder / "pem")
    port = redis.url.rpartition(":")[2].removesuffix("/0")
    tls = ["--tls-port", port, "--tls-cert-file", "pem", "--tls-key-file", "pem"]
    asks = ["--tls-auth-clients", "no", "--aclfile", "users.acl", "--save", ""]
    where = ["--port", "0", "--bind", LOOPBACK, "--dir", "."]
    command = [*find_redis().command, *where, *tls, *asks]
    child = processes.start(Program("redis-secured", command, folder=folder))
    if not child.wait_for("Ready to accept connections", 20):
        told = child.account()
        without_tls = "Bad directive" in told and os.environ.get("CI") != "true"
        (pytest.skip if without_tls else pytest.fail)(f"Redis with TLS did not start: {told}")
    yield redis
    child.stop()
    processes.forget(child)
