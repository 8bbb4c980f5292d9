"""What a request for an erasure comes to: it is decided, or put to somebody who may decide it."""

import hmac
import json
from datetime import datetime

from schemas.approval import Approval, Refusal, approve
from schemas.erasure import ErasureProposal, ErasureRequest
from schemas.keyring import ON_LOOPBACK
from schemas.token import NotAllowed
from schemas.vocabulary import Decision
from services.ingest.domain.erasure import AskedErasure, ErasureRefused
from services.ingest.domain.rules import Rules


def decided(
    asked: AskedErasure, by: str, before: ErasureProposal | None, rules: Rules, now: datetime
) -> Approval | ErasureProposal:
    """An approval, or a proposal for another to decide; `before` is what was proposed under this
    id, for the same people. Raises NotAllowed.
    """
    if by == ON_LOOPBACK:
        return _by_whoever_is_here(rules, now)
    proposer = by if before is None else before.by
    found = approve(Decision.ERASE, proposer, by, now.date(), rules.authority)
    if isinstance(found, Approval):
        return found
    if found.why is Refusal.MAY_NOT_PROPOSE or proposer != by:
        raise NotAllowed(403, found.sentence)
    meant = meant_by(asked, rules)
    return before or ErasureProposal(id=asked.id, agency=asked.agency, by=by, time=now, meant=meant)


def check_same(
    asked: AskedErasure, known: ErasureRequest | ErasureProposal | None, rules: Rules
) -> None:
    """Raises ErasureRefused where the id is known for other people or another wish."""
    if known is not None and known.meant not in (None, meant_by(asked, rules)):
        how = "proposed" if isinstance(known, ErasureProposal) else "asked"
        raise ErasureRefused(f"id: {asked.id} was {how} for others; give yours another id")


def _by_whoever_is_here(rules: Rules, now: datetime) -> Approval:
    procedure = rules.authority.file.decisions.erase
    if procedure.four_eyes:
        raise NotAllowed(401, "two must decide: name operators with `erasures` in the keyring")
    return Approval(
        decision=Decision.ERASE,
        proposer=ON_LOOPBACK,
        decider=ON_LOOPBACK,
        informed=rules.authority.holders(procedure.informed, now.date()),
        routine=None,
        day=now.date(),
        authority=rules.authority.digest,
    )


def meant_by(asked: AskedErasure, rules: Rules) -> str:
    """The same for the same people and wish under the same id, and nobody's to guess without the
    key.
    """
    people = sorted({(one.kind, one.issuer, one.id) for one in asked.people})
    told = json.dumps([asked.id, asked.agency, people, asked.objects]).encode()
    return hmac.digest(rules.sealing.secret.get_secret_value().encode(), told, "sha256").hex()
