"""The measures of what was told of many at once: in no theme, for they stand apart from scores."""

from schemas.vocabulary import Provenance, Unit
from services.publish.domain.measures.measure import ANSWERS, CONTACTS, EVENTS, OF_BOTH, Measure

GROUPS, GUESSES = Provenance.MODERATED.value, Provenance.ESTIMATED.value
_KINDS = (
    ("events", "What people did", EVENTS, ""),
    ("contacts", "Contacts", CONTACTS, "reason"),
    ("themes", "What moved them", "mentions", "driver"),
    ("answers", "What they answered", ANSWERS, ""),
)

BESIDE = tuple(
    Measure(
        f"{told}.{kind}",
        name,
        "In no score and no n.",
        of,
        Unit.COUNT,
        levels=OF_BOTH,
        cut_by=cut_by,
        better=0,
    )
    for told in (GROUPS, GUESSES)
    for kind, name, of, cut_by in _KINDS
)
