"""All that admission is decided by, as one frozen value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from crawlerdetect import CrawlerDetect

from schemas.authority import Authority
from schemas.catalogue import Catalogue
from schemas.keyring import Keyring, Operator, PseudonymKey, SealingKey
from schemas.sources import Source, Sources
from services.ingest.domain.hook import Hook, make_hooks

# What blind people read the web with: the libraries in their names are also those of programs.
_TEXT_BROWSERS = ("Lynx/", "Links (", "ELinks/", "w3m/", "edbrowse/")
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rules:
    """`keys` holds the key that writes for each agency, `all_keys` also its former ones, `former`
    these alone; `hooks` the webhooks by source, `operators` who may act inside, `authority` who
    decides what. Limits are bytes and time.
    """

    catalogue: Catalogue
    sources: Mapping[str, Source]
    keys: Mapping[str, PseudonymKey]
    sealing: SealingKey
    authority: Authority
    is_crawler: Callable[[str], bool] = field(repr=False)
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    operators: Sequence[Operator] = ()
    all_keys: Mapping[str, Sequence[PseudonymKey]] = field(default_factory=dict)
    former: Mapping[str, Sequence[PseudonymKey]] = field(default_factory=dict)
    max_event_bytes: int = 64 * 1024
    skew: timedelta = timedelta(minutes=5)
    future: timedelta = timedelta(days=1)

    def have_protocol(self, name: str) -> bool:
        """Whether any source may send it."""
        return any(name in source.protocols for source in self.sources.values())


def make_rules(
    catalogue: Catalogue, sources: Sources, keyring: Keyring, authority: Authority
) -> Rules:
    """Rules from the four files. Raises ValueError naming what has no key."""
    agencies = {source.agency for source in sources.sources}
    keys = {agency: key for agency in agencies if (key := keyring.current(agency))}
    if missing := sorted(agencies - set(keys)):
        raise ValueError(f"no current pseudonym key for agency {', '.join(missing)}")
    return Rules(
        catalogue=catalogue,
        sources={source.id: source for source in sources.sources},
        keys=keys,
        sealing=keyring.sealing,
        authority=authority,
        is_crawler=_crawler_detection(),
        hooks=make_hooks(catalogue, sources, keyring),
        operators=keyring.operators,
        all_keys={name: [key for key in keyring.keys if key.agency == name] for name in keys},
        former={name: found for name in keys if (found := keyring.former(name))},
    )


def _crawler_detection() -> Callable[[str], bool]:
    detector = CrawlerDetect()

    @lru_cache(maxsize=4096)
    def is_crawler(user_agent: str) -> bool:
        if not user_agent or user_agent.startswith(_TEXT_BROWSERS):
            return False
        return bool(detector.is_crawler(user_agent))

    return is_crawler
