"""Which source sends: by a secret token, or by the write key that its clients put into pages."""

import hashlib
import hmac
from collections.abc import Iterable

from schemas.sources import Source


class Senders:
    """Of tokens only hashes are held, and all of them are compared."""

    def __init__(self, sources: Iterable[Source]) -> None:
        every = list(sources)
        self._hashes = [(bytes.fromhex(h), one) for one in every for h in one.token_sha256]
        self._keys = {
            (protocol, key): one
            for one in every
            for protocol, keys in one.write_keys.items()
            for key in keys
        }

    def find(self, protocol: str, credential: str | None) -> Source | None:
        """The source that has this write key of a protocol, or this token of any."""
        if credential is None:
            return None
        return self._keys.get((protocol, credential)) or self.by_token(credential)

    def by_token(self, token: str | None) -> Source | None:
        """The source that has this token."""
        digest = hashlib.sha256((token or "").encode(errors="surrogateescape")).digest()
        found = [source for known, source in self._hashes if hmac.compare_digest(known, digest)]
        return found[0] if found and token is not None else None
