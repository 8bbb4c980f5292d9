"""`ingest explain`: what would become of a body, without a server and without sending it."""

import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from email.parser import BytesHeaderParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from schemas.yaml_file import nearest
from services.ingest.collect import Batch, Edge, explained
from services.ingest.domain.protocols import understood
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.rules import Rules


class NothingToExplain(Exception):
    """The source is unknown or no protocol can read the body; the message is for a person."""


_REQUEST_LINE = re.compile(rb"(GET|POST) (\S+) HTTP/1\.[01]\r?\n")
_BODY_BEGINS = re.compile(rb"(?:^|\r?\n)\r?\n")


def captured(raw: bytes, headers: Mapping[str, str]) -> Request:
    """A request as it was sent, from its request line on, or its body alone; `headers` come on top.
    Raises NothingToExplain for a gzipped body that is broken.
    """
    line = _REQUEST_LINE.match(raw)
    if line is None:
        return Request(headers, raw)
    head, body = _parted(raw[line.end() :])
    sent = {n.lower(): v for n, v in BytesHeaderParser().parsebytes(head).items()} | dict(headers)
    target = urlsplit(line[2].decode(errors="replace"))
    if "gzip" in sent.get("content-encoding", ""):
        body = _unpacked(body)
    return Request(sent, body, dict(parse_qsl(target.query)), target.path, line[1].decode())


def _parted(rest: bytes) -> tuple[bytes, bytes]:
    found = _BODY_BEGINS.search(rest)
    return (rest, b"") if found is None else (rest[: found.start()], rest[found.end() :])


def _unpacked(body: bytes) -> bytes:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        raise NothingToExplain("the body is not gzip, although it says so") from None


def explain_body(rules: Rules, edge: Edge, source_id: str, request: Request) -> dict[str, Any]:
    """The steps for each event in the body. Raises NothingToExplain."""
    source = rules.sources.get(source_id)
    if source is None:
        raise NothingToExplain(f"source: unknown; {nearest(source_id, list(rules.sources))}")
    found = understood(replace(request, hook=rules.hooks.get(source_id)))
    if isinstance(found, Malformed):
        raise NothingToExplain(found.detail)
    protocol, events = found
    batch = Batch(source, protocol.name, protocol.version, events)
    return {"protocol": protocol.name, "events": explained(batch, rules, edge)}
