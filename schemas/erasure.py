"""What `erasures.v1` says of an erasure: that it was proposed, that it was asked for, and what each
partition did.

Keyed by the request's id, proposals by `<id>/proposal`, receipts by `<id>.<number of the
subject>/<partition>`. No identifier of a person, and no pseudonym.
"""

from schemas.model import Contract, Count, Instant, Name, Sha256


class ErasureProposal(Contract):
    """An erasure that `by` proposed and somebody else must decide. `meant` is a keyed hash of who
    it is about and of its id: whoever decides it must mean the same.
    """

    id: Name
    agency: Name
    by: Name
    time: Instant
    meant: Sha256


class ErasureRequest(Contract):
    """An erasure that was asked for, `by` an operator (or somebody on the machine: `loopback`), of
    somebody who `objects` to being recognised from then on, or does not.

    It is carried out when each of `partitions` has given `subjects` receipts. `raw_gone_by` is when
    the last record of an event, a rejection or a comment from before has expired and the compacted
    logs have been rewritten, by the settings of the topics. `meant` is as in a proposal: whoever
    asks again under this id must mean the same.
    """

    id: Name
    agency: Name
    by: Name
    time: Instant
    subjects: Count
    partitions: Count
    raw_gone_by: Instant
    objects: bool = False
    meant: Sha256 | None = None


class ErasureReceipt(Contract):
    """What one partition did for one subject: how many journeys it has overwritten, and when."""

    id: Name
    number: Count
    partition: Count
    journeys: Count
    time: Instant
