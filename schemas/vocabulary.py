"""The closed lists: every word that may appear in a contract, a label or a file, once.

The order of `Action` breaks ties between touchpoint events of the same instant.
Long because it is one list of lists: a word is looked up here and nowhere else.
"""

from enum import StrEnum


class Channel(StrEnum):
    """The means the citizen used."""

    WEBSITE = "website"
    MOBILE_APP = "mobile_app"
    EMAIL = "email"
    CHATBOT = "chatbot"
    LIVE_CHAT = "live_chat"
    PHONE = "phone"
    AUTOMATED_PHONE = "automated_phone"
    IN_PERSON = "in_person"
    PAPER = "paper"
    POST = "post"
    KIOSK = "kiosk"
    SMS = "sms"
    SOCIAL_MEDIA = "social_media"
    FOCUS_GROUP = "focus_group"
    OTHER_DIGITAL = "other_digital"
    OTHER_NON_DIGITAL = "other_non_digital"


# No source fixes which channels are digital; `email` and `kiosk` are the judgement calls.
DIGITAL_CHANNELS = frozenset(
    {
        Channel.WEBSITE,
        Channel.MOBILE_APP,
        Channel.EMAIL,
        Channel.CHATBOT,
        Channel.LIVE_CHAT,
        Channel.KIOSK,
        Channel.SMS,
        Channel.SOCIAL_MEDIA,
        Channel.OTHER_DIGITAL,
    }
)


class Stage(StrEnum):
    """Where in the journey a touchpoint lies."""

    NEED = "need"
    INFORMATION = "information"
    TRANSACTION = "transaction"
    FOLLOW_UP = "follow_up"


class Action(StrEnum):
    """What happened at the touchpoint."""

    VISITED = "visited"
    STARTED = "started"
    SAVED = "saved"
    RESUMED = "resumed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PROCESSED = "processed"
    COMPLETED = "completed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    CONTACTED = "contacted"
    DECIDED = "decided"
    FOLLOWED_UP = "followed_up"
    OFFERED = "offered"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class Initiator(StrEnum):
    """Who acted."""

    CITIZEN = "citizen"
    AGENCY = "agency"
    SYSTEM = "system"


class Turn(StrEnum):
    """Whose move is next."""

    CITIZEN = "citizen"
    AGENCY = "agency"


class Outcome(StrEnum):
    """How a journey stands or ended."""

    SUCCESS = "success"
    NEGATIVE_BUT_CORRECT = "negative_but_correct"
    ERROR = "error"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    UNDECIDED = "undecided"
    INFORMED = "informed"
    OPEN = "open"


COMPLETE_OUTCOMES = frozenset({Outcome.SUCCESS, Outcome.NEGATIVE_BUT_CORRECT})


class Status(StrEnum):
    """How far a journey is: only `final` can no longer change."""

    OPEN = "open"
    ENDED = "ended"
    CLOSED = "closed"
    FINAL = "final"


class About(StrEnum):
    """What an answer is about."""

    TOUCHPOINT = "touchpoint"
    JOURNEY = "journey"
    SERVICE = "service"
    AGENCY = "agency"


class Construct(StrEnum):
    """What a question measures."""

    SATISFACTION = "satisfaction"
    TRUST = "trust"
    TRUST_CHANGE = "trust_change"
    TRUST_LEVEL = "trust_level"
    EASE = "ease"
    RECOMMEND = "recommend"
    REUSE_INTENT = "reuse_intent"
    TASK_SUCCESS = "task_success"
    COMPREHENSION = "comprehension"
    HELP_QUALITY = "help_quality"


class Scale(StrEnum):
    """The steps of an answer; `SCALE_RANGE` has the numbers."""

    ONE_TO_FIVE = "1..5"
    ONE_TO_SEVEN = "1..7"
    ONE_TO_TEN = "1..10"
    ZERO_TO_TEN = "0..10"
    THUMBS = "thumbs"
    YES_NO = "yes_no"
    SMILEYS = "smileys"


# Lowest and highest answer, both included.
SCALE_RANGE = {
    Scale.ONE_TO_FIVE: (1, 5),
    Scale.ONE_TO_SEVEN: (1, 7),
    Scale.ONE_TO_TEN: (1, 10),
    Scale.ZERO_TO_TEN: (0, 10),
    Scale.THUMBS: (0, 1),
    Scale.YES_NO: (0, 1),
    Scale.SMILEYS: (1, 3),
}


class Driver(StrEnum):
    """What moved the opinion."""

    EFFECTIVENESS = "effectiveness"
    EASE = "ease"
    EFFICIENCY = "efficiency"
    TRANSPARENCY = "transparency"
    HUMANITY = "humanity"
    EMPLOYEE = "employee"
    OTHER = "other"


class Polarity(StrEnum):
    """Whether a driver was named as good or bad."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class ContactReason(StrEnum):
    """Why the citizen made contact."""

    NEW_NEED = "new_need"
    CHASE = "chase"
    CLARIFY = "clarify"
    ERROR = "error"
    WRONG_PLACE = "wrong_place"
    COMPLAINT = "complaint"


class Quality(StrEnum):
    """Whether an event may join a journey: only `valid` ones do."""

    VALID = "valid"
    BOT_SUSPECTED = "bot_suspected"
    TEST = "test"


class Identity(StrEnum):
    """How much of a person's journey can be joined."""

    LINKED = "linked"
    PARTIAL = "partial"
    UNLINKED = "unlinked"


class IdentityKind(StrEnum):
    """What a pseudonym stands for, in the order in which a key is chosen."""

    CITIZEN = "citizen"
    VISITOR = "visitor"
    CASE = "case"
    ONCE = "once"


IDENTITY_OF_KIND = {
    IdentityKind.CITIZEN: Identity.LINKED,
    IdentityKind.VISITOR: Identity.PARTIAL,
    IdentityKind.CASE: Identity.PARTIAL,
    IdentityKind.ONCE: Identity.UNLINKED,
}


class Provenance(StrEnum):
    """How a fact came to be known; `moderated` and `estimated` never enter a score."""

    OBSERVED = "observed"
    SELF_REPORTED = "self_reported"
    ESTIMATED = "estimated"
    MODERATED = "moderated"


class PublishState(StrEnum):
    """May a number be shown."""

    OK = "ok"
    LOW_N = "low_n"
    SUPPRESSED = "suppressed"


class Flag(StrEnum):
    """What a reader must know beside the number."""

    PROVISIONAL = "provisional"
    REVISED = "revised"
    STALE = "stale"


class RevisionReason(StrEnum):
    """Why something already published changed: one list for snapshots and metric messages."""

    LATE_ENTRY = "late_entry"
    REOPENED = "reopened"
    DECIDED = "decided"
    RELINKED = "relinked"
    ERASED = "erased"
    IMPORTED = "imported"
    REBUILT = "rebuilt"
    CORRECTED = "corrected"


class PeriodKind(StrEnum):
    """The spans a measure is summed over, from short to long; rolling ones overwrite themselves."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    ROLLING_1H = "rolling_1h"
    ROLLING_1D = "rolling_1d"
    ROLLING_28D = "rolling_28d"
    ROLLING_365D = "rolling_365d"


ROLLING = frozenset(
    {
        PeriodKind.ROLLING_1H,
        PeriodKind.ROLLING_1D,
        PeriodKind.ROLLING_28D,
        PeriodKind.ROLLING_365D,
    }
)


class Unit(StrEnum):
    """What a value is in."""

    SHARE = "0..1"
    BALANCE = "-1..1"
    SCORE_10 = "0..10"
    SCORE_100 = "-100..100"
    SCALE = "steps of the scale"
    COUNT = "number"
    RATIO = "per journey"
    SECONDS = "s"


class Level(StrEnum):
    """What a number describes."""

    TOUCHPOINT = "touchpoint"
    SERVICE = "service"
    AGENCY = "agency"


class Reason(StrEnum):
    """Why something was refused: metric label, field of the record, log field and row of the docs.

    The first group is ingest's, the second journey's, the third metrics'.
    """

    TOO_LARGE = "too_large"
    NOT_AN_OBJECT = "not_an_object"
    MISSING_FIELD = "missing_field"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    BAD_VALUE = "bad_value"
    UNKNOWN_SERVICE = "unknown_service"
    SERVICE_NOT_ALLOWED = "service_not_allowed"
    UNKNOWN_TOUCHPOINT = "unknown_touchpoint"
    UNKNOWN_CHANNEL = "unknown_channel"
    CHANNEL_NOT_ALLOWED = "channel_not_allowed"
    UNKNOWN_ACTION = "unknown_action"
    UNKNOWN_INSTRUMENT = "unknown_instrument"
    UNKNOWN_WORD = "unknown_word"
    UNMAPPED_VALUE = "unmapped_value"
    BAD_TIME = "bad_time"
    TOO_OLD = "too_old"
    IN_THE_FUTURE = "in_the_future"
    INTERNAL = "internal"

    CONTRACT_BROKEN = "contract_broken"
    LATE = "late"
    TOO_MANY = "too_many"
    ERASED = "erased"

    UNREADABLE_SNAPSHOT = "unreadable_snapshot"


class Ignored(StrEnum):
    """Why a call that reports no contact was set aside."""

    MAPPED_TO_IGNORE = "mapped_to_ignore"
    EMPTY = "empty"
    ONLY_TEXT = "only_text"


class Redaction(StrEnum):
    """What is taken out of free text. Where two kinds would fit, the first here is told."""

    EMAIL = "email"
    URL = "url"
    BANK_ACCOUNT = "bank_account"
    CARD = "card"
    PHONE = "phone"
    NATIONAL_ID = "national_id"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    NAME = "name"
    PLATE = "plate"
    REFERENCE = "reference"
    NUMBER = "number"


class RequestRefusal(StrEnum):
    """Why a request of a known source was refused whole: nothing of it was kept."""

    RATE_LIMITED = "rate_limited"
    MALFORMED = "malformed"
    WRONG_PROTOCOL = "wrong_protocol"
    WRONG_ORIGIN = "wrong_origin"


class Power(StrEnum):
    """What an operator may do on the inside listener of ingest."""

    CLOCKS = "clocks"
    ERASURES = "erasures"


class Scope(StrEnum):
    """What a reader may see on inside listeners: what is counted, or pages and exact numbers."""

    METRICS = "metrics"
    SCORECARD = "scorecard"


class Decision(StrEnum):
    """What governance/authority.yaml says who proposes, decides and is told of."""

    RELEASE = "release"
    REVISE = "revise"
    CHANGE_FORMULA = "change_formula"
    LINK_RULE = "link_rule"
    ERASE = "erase"
    DESTROY_KEY = "destroy_key"
    ADMIT_READER = "admit_reader"


class RecordKind(StrEnum):
    """Header `kind` of a control record and of everything on `journeys.v1` and `erasures.v1`."""

    TICK = "tick"
    LINK = "link"
    HANDOVER = "handover"
    ERASURE = "erasure"
    JOURNEY = "journey"
    BUCKET = "bucket"
    PROGRESS = "progress"
    ERASURE_PROPOSAL = "erasure_proposal"
    ERASURE_REQUEST = "erasure_request"
    ERASURE_RECEIPT = "erasure_receipt"
