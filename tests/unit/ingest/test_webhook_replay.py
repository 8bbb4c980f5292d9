"""An answer that was no step is one again when the catalogue has its word."""

from schemas import catalogue
from schemas.codec import decode
from schemas.keyring import Keyring
from schemas.rejection import Rejection
from schemas.sources import Sources
from schemas.vocabulary import Reason
from schemas.yaml_file import parse
from services.ingest.collect import Batch, Collector
from services.ingest.domain.outcome import Accepted, Rejected
from services.ingest.domain.protocols import addressed
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.protocols.webhook import WEBHOOK
from services.ingest.domain.replay import reconsider
from services.ingest.domain.rules import make_rules
from tests.unit.ingest.world import CATALOGUE, EDGE, KEYS, RULES, SOURCES, RecordingWorld, source

WORDS = "words: {Very satisfied: 5"
MENDED = make_rules(
    catalogue.load([("town.yaml", CATALOGUE.replace(WORDS, f"{WORDS}, rather: 4"))]),
    parse(Sources, SOURCES, "sources.yaml"),
    parse(Keyring, KEYS, "keys.yaml"),
    RULES.authority,
)


async def test_a_refused_answer_is_replayed_by_the_words_of_today() -> None:
    body = b'{"id": "s-1", "how-satisfied": "Rather", "citizen": "42"}'
    sent = Request({}, body, {"form": "journey-form"}, "/webhooks/app-survey")
    events = WEBHOOK.read(addressed(sent, RULES.hooks))
    assert not isinstance(events, Malformed)
    world = RecordingWorld()
    batch = Batch(source("app-survey"), WEBHOOK.name, WEBHOOK.version, events)
    await Collector(RULES, world, world, EDGE).collect(batch)
    kept = decode(Rejection, world.messages[0].value)
    still = reconsider(kept, RULES)
    assert isinstance(still, Rejected)
    assert still.reason is Reason.UNMAPPED_VALUE
    mended = reconsider(kept, MENDED)
    assert isinstance(mended, Accepted)
    assert mended.record.id == "s-1/linked-survey/en-1"
    assert mended.record.data.feedback is not None
    assert mended.record.data.feedback.answer == 4
