"""How long nothing was heard, counted only while it could have been."""

from dataclasses import dataclass

# Who is busy for longer than this between two looks has not listened meanwhile. A look comes each
# tenth of a second, or a little later; and the eight rounds of the loop that an acknowledgement
# needs from the socket to the answer must count as less than a publish may take, however long.
_MOST_BETWEEN_LOOKS_SECONDS = 0.15


@dataclass(frozen=True)
class Silence:
    """So many seconds of it up to the last look: one long round of the event loop, in which
    thousands of requests are read, is no silence of Kafka.
    """

    looked: float
    seconds: float = 0.0

    def at(self, now: float) -> "Silence":
        """The silence when it is looked at again, and nothing was heard."""
        passed = min(now - self.looked, _MOST_BETWEEN_LOOKS_SECONDS)
        return Silence(now, self.seconds + passed)
