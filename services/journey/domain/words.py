"""Words of the vocabulary as the plain strings that private state holds.

To load, compare or encode an enum member costs three to six times as much, and the fold does it
for every entry and journey.
"""

from typing import Final

from schemas.vocabulary import Action, Identity, Initiator, Outcome, Stage, Status, Turn

# Who acts, and whose turn it is: the same two words.
CITIZEN: Final = str(Initiator.CITIZEN)
AGENCY: Final = str(Turn.AGENCY)

TRANSACTION: Final = str(Stage.TRANSACTION)

VISITED: Final = str(Action.VISITED)
STARTED: Final = str(Action.STARTED)
SAVED: Final = str(Action.SAVED)
RESUMED: Final = str(Action.RESUMED)
SUBMITTED: Final = str(Action.SUBMITTED)
RETURNED: Final = str(Action.RETURNED)
COMPLETED: Final = str(Action.COMPLETED)
DECIDED: Final = str(Action.DECIDED)
FAILED: Final = str(Action.FAILED)
WITHDRAWN: Final = str(Action.WITHDRAWN)
TRANSFERRED: Final = str(Action.TRANSFERRED)
CONTACTED: Final = str(Action.CONTACTED)
OFFERED: Final = str(Action.OFFERED)
ANSWERED: Final = str(Action.ANSWERED)
DISMISSED: Final = str(Action.DISMISSED)

UNLINKED: Final = str(Identity.UNLINKED)

OPEN: Final = str(Status.OPEN)
ENDED: Final = str(Status.ENDED)
CLOSED: Final = str(Status.CLOSED)
FINAL: Final = str(Status.FINAL)

SUCCESS: Final = str(Outcome.SUCCESS)
NEGATIVE_BUT_CORRECT: Final = str(Outcome.NEGATIVE_BUT_CORRECT)
ERROR: Final = str(Outcome.ERROR)
ABANDONED: Final = str(Outcome.ABANDONED)
EXPIRED: Final = str(Outcome.EXPIRED)
UNDECIDED: Final = str(Outcome.UNDECIDED)
INFORMED: Final = str(Outcome.INFORMED)
