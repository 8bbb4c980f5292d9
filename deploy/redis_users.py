"""`python -m deploy.redis_users metrics.user`: the users of Redis, as its file of them has them.

Metrics is the only service that has something in Redis. Its user may do what the code does, with
its own keys, and nothing else; the password is a hash. Who has no user may do nothing.
"""

import re
from hashlib import sha256
from pathlib import Path

import click

from schemas.secret_file import read_user

CONNECTING = ("evalsha", "exec", "multi", "ping", "script|load", "select")
COMMANDS = (
    "del",
    "get",
    "hdel",
    "hget",
    "hgetall",
    "hincrby",
    "hlen",
    "hmget",
    "hscan",
    "hset",
    "hsetnx",
    "hvals",
    "incr",
    "incrby",
    "pexpire",
    "sadd",
    "scan",
    "set",
    "smembers",
    "srem",
    "unlink",
)


def users(user: str, password: str, prefix: str = "") -> str:
    """The lines of the file that `aclfile` of Redis names."""
    keys = re.sub(r"([\[\]*?\\])", r"\\\1", prefix) + "{throughline:*"
    may = " ".join(f"+{command}" for command in (*CONNECTING, *COMMANDS))
    known = sha256(password.encode()).hexdigest()
    return (
        "user default off resetkeys resetchannels -@all\n"
        f"user {user} on #{known} resetkeys ~{keys} resetchannels -@all {may}\n"
    )


@click.command()
@click.argument("user_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--prefix", default="", help="THROUGHLINE_REDIS_PREFIX, where it is set.")
def main(user_file: Path, prefix: str) -> None:
    """Write what Redis must know of the user in USER_FILE (user:password): put it into the file
    that `aclfile` in redis.conf names, and let Redis read it (ACL LOAD).
    """
    try:
        click.echo(users(*read_user(user_file), prefix), nl=False)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None


if __name__ == "__main__":
    main(prog_name="python -m deploy.redis_users")
