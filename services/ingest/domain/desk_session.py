"""Who sits at a desk, and which form was given to them: signed, so that no process remembers it."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from schemas.keyring import SealingKey
from schemas.sources import Source

LASTS = timedelta(hours=12)
_BETWEEN = "~"  # in no name, no hash and no number


@dataclass(frozen=True, slots=True)
class Sessions:
    """Signs with a key made of the sealing key: each process of ingest can check what another has
    signed, and nobody else can make it.
    """

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, sealing: SealingKey) -> "Sessions":
        """With a key for this purpose alone."""
        secret = bytes.fromhex(sealing.secret.get_secret_value())
        return cls(hmac.digest(secret, b"desk session", "sha256"))

    def begun(self, source: Source, token_sha256: str, now: datetime) -> str:
        """The cookie of a source that showed the token with this hash."""
        parts = [source.id, token_sha256[:16], str(int((now + LASTS).timestamp()))]
        return _BETWEEN.join([*parts, self._signature("session", *parts)])

    def source(self, cookie: str, sources: Mapping[str, Source], now: datetime) -> Source | None:
        """Whose cookie it is; None when it is forged or over, or the token was taken away."""
        *parts, signature = cookie.split(_BETWEEN)
        if len(parts) != 3 or not self._is(signature, "session", *parts):
            return None
        id_, token, until = parts
        source = sources.get(id_)
        if source is None or datetime.fromtimestamp(int(until), UTC) <= now:
            return None
        return source if any(known.startswith(token) for known in source.token_sha256) else None

    def entry(self, cookie: str, uid: str) -> str:
        """The name of a form that is given out in this session: without it nothing is taken, so
        that no other page can send one.
        """
        return _BETWEEN.join([uid, self._signature("entry", cookie, uid)])

    def is_entry(self, entry: str, cookie: str) -> bool:
        """Whether a form was given out in this session."""
        uid, _, signature = entry.partition(_BETWEEN)
        return self._is(signature, "entry", cookie, uid)

    def _signature(self, *parts: str) -> str:
        told = _BETWEEN.join(parts).encode(errors="replace")
        digest = hmac.digest(self.key, told, "sha256")[:18]
        return base64.urlsafe_b64encode(digest).decode()

    def _is(self, signature: str, *parts: str) -> bool:
        expected = self._signature(*parts).encode()
        return hmac.compare_digest(expected, signature.encode(errors="replace"))
