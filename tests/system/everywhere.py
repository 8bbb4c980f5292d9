"""Everything that a running line holds or shows, by where it is, to look for what must be nowhere.

Texts are kept as the words in them: a history says the same a million times.
"""

import re
import urllib.request
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from redis.asyncio import Redis

from schemas import topics
from tests.system.topic import read_all

_READ: Mapping[bytes, tuple[Any, ...]] = {
    b"string": ("get",),
    b"hash": ("hgetall",),
    b"set": ("smembers",),
    b"list": ("lrange", 0, -1),
    b"zset": ("zrange", 0, -1),
    b"stream": ("xrange",),
}
_LINK = re.compile(r"""(?:href|src)="([^"#]+)""")
_IN_WORDS = bytes(c if chr(c).isalnum() or chr(c) in "-_" or c > 127 else 32 for c in range(256))
Words = dict[str, set[bytes]]


def words(*texts: bytes | None) -> set[bytes]:
    """The words in texts, each once."""
    return {word for text in texts if text for word in text.translate(_IN_WORDS).split()}


def naming(found: Words, names: Iterable[str]) -> list[tuple[str, str]]:
    """Where which of the names is, whole or in a longer word."""
    joined = {place: b"\n".join(said) for place, said in found.items()}
    return [
        (place, name) for name in names for place, said in joined.items() if name.encode() in said
    ]


async def in_topics(bootstrap: str) -> Words:
    """Keys, values and headers of every topic."""
    found: Words = {}
    for topic in topics.NAMES:
        said = found.setdefault(f"topic {topic}", set())
        for record in await read_all(bootstrap, topic):
            said |= words(record.key, record.value, *(value for _, value in record.headers))
    return found


async def in_redis(client: Any) -> AsyncIterator[bytes]:
    """Every key, and all that lies under it."""
    async for key in client.scan_iter(count=1_000):
        yield key
        command, *arguments = _READ[await client.type(key)]
        for text in _flat(await getattr(client, command)(key, *arguments)):
            yield text


async def words_in_redis(url: str) -> Words:
    """The same, as words."""
    async with Redis.from_url(url) as client:
        return {"redis": {word async for text in in_redis(client) for word in words(text)}}


def in_logs(folder: Path) -> Words:
    """What every program has written."""
    return {f"log {log.name}": words(log.read_bytes()) for log in folder.glob("*.log")}


def in_pages(*first: str) -> Words:
    """These addresses, and all that they lead to: each path once for each set of parameters."""
    found: Words = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(first)
    while waiting:
        address = urldefrag(waiting.pop()).url
        parts = urlsplit(address)
        kind = f"{parts.netloc}{parts.path}", frozenset(parse_qs(parts.query))
        if kind in seen:
            continue
        seen.add(kind)
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  ours
            body = answer.read()
        found[f"page {address}"] = words(body, str(answer.headers).encode())
        links = (urljoin(address, link) for link in _LINK.findall(body.decode(errors="replace")))
        waiting += [link for link in links if urlsplit(link).netloc == parts.netloc]
    return found


def _flat(value: Any) -> Iterable[bytes]:
    if isinstance(value, dict):
        value = value.items()
    if isinstance(value, bytes | float | None):
        return [value] if isinstance(value, bytes) else []
    return [text for one in value for text in _flat(one)]
