"""What of a snapshot's bytes the amounts depend on, as a number to compare.

A journey that has ended is told again when its follow-up is over, and when it is final: nearly a
third of all snapshots, and the longest. What was counted for it is then what is to be counted.
"""

import re
from hashlib import blake2b

from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.rules import Rules

# None of these is the first, and none of their values holds a comma or a brace. Where the bytes are
# written in another way the numbers differ, and the amounts are computed again.
_SAYS_NOTHING = re.compile(
    rb',"(?:version|revision|revision_reason|closed)":[^,}]*|,"status":"(?:ended|closed|final)"'
)


def essence_of(snapshot: bytes, basis: bytes) -> int:
    """The number of a snapshot as JSON."""
    told = _SAYS_NOTHING.sub(b"", snapshot)
    return int.from_bytes(blake2b(told, digest_size=6, key=basis).digest())


def basis_of(rules: Rules) -> bytes:
    """What else the amounts depend on: the measures there are, and the labels of the catalogue."""
    measures = [(formula.metric_id, formula.level, formula.version) for formula in FORMULAS]
    services = [
        (name, service.zone.key, sorted(service.touchpoints.items()), sorted(service.instruments))
        for name, service in sorted(rules.services.items())
    ]
    return blake2b(repr((measures, services)).encode(), digest_size=16).digest()
