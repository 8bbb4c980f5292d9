"""Which source sends: by a secret token, or by the write key that its clients put into pages."""

from collections.abc import Iterable

from schemas.sources import Source
from schemas.token import holder


class Senders:
    """Of tokens only hashes are held, and all of them are compared."""

    def __init__(self, sources: Iterable[Source]) -> None:
        every = list(sources)
        self._sources = every
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
        return None if token is None else holder(self._sources, token)
