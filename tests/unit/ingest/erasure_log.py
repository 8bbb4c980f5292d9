"""What is on record of erasures: what the world was sent, and what a test puts there."""

from dataclasses import dataclass, field

from schemas.codec import decode
from schemas.erasure import ErasureProposal
from services.ingest.erase import Standing
from tests.unit.ingest.world import RecordingWorld


@dataclass
class Log:
    """As the real one; `known` are requests that were asked for before."""

    world: RecordingWorld
    known: dict[str, Standing] = field(default_factory=dict)

    async def standing(self, name: str) -> Standing | None:
        """How far a request is."""
        return self.known.get(name)

    async def proposal(self, name: str) -> ErasureProposal | None:
        """The newest under this id."""
        found = [
            decode(ErasureProposal, one.value)
            for one in self.world.messages
            if ("kind", b"erasure_proposal") in one.headers
        ]
        return next((one for one in reversed(found) if one.id == name), None)
