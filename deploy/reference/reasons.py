"""The chapter on refusals, from the closed list of reasons."""

from deploy.reference.markdown import code, table
from schemas.reasons import IGNORED, MEANINGS


def chapter() -> str:
    """Why an event was refused or ignored, and what to change."""
    refused = [(code(reason), told.what, told.change) for reason, told in MEANINGS.items()]
    ignored = [(code(reason), text) for reason, text in IGNORED.items()]
    return "\n\n".join(
        [
            table(("reason", "what happened", "what to change"), refused),
            "Ignored is not refused: such calls report no contact.",
            table(("ignored as", "because"), ignored),
        ]
    )
