"""The chapter on measures, from the families of the metrics service and the national profiles."""

from datetime import timedelta

from deploy.reference.markdown import code, codes, table
from schemas.profiles import COST, PROFILES, Profile
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures import MEASURES
from services.metrics.domain.measures.family import Formula
from services.publish.domain import cost

ABOUT = (
    "What is told of a service is told of its agency too, all services added. The interval is "
    "that of 95 %; it describes how the process varies, not who was missed. A value with fewer "
    "than the first number below is shown as low, with fewer than the second it is suppressed. "
    "The cost per transaction is no message: publish makes it from the `costs` in the catalogue."
)
_COST = (
    code(cost.METRIC_ID),
    "cost",
    "`service`",
    "currency",
    "end of the journey",
    cost.MEANS,
    "",
    "when the books of all twelve months are closed",
    "",
)
INTERVALS = {
    Method.WILSON: "Wilson",
    Method.ADJUSTED_MEAN: "adjusted mean",
    Method.ADJUSTED_NET: "adjusted net",
    Method.ADJUSTED_STRATA: "adjusted mean of the strata",
    Method.DIFFERENCE: "of both adjusted means",
    Method.MEAN: "of a mean",
    Method.RATIO: "ratio, by journey",
    Method.RANKS: "binomial ranks",
    Method.BOUNDS: "bounds",
    Method.NONE: "",
}


def chapter() -> str:
    """Every measure: what it says, of what, how sure it is, and when it can change no more."""
    head = (
        "measure",
        "family",
        "of",
        "unit",
        "counts at",
        "meaning",
        "interval",
        "settled",
        "shown from",
    )
    rows = [_row(family.name, formula) for family in MEASURES for formula in family.formulas]
    rows.append(_COST)
    profiles = [row for profile in PROFILES for row in _profile(profile)]
    return "\n\n".join(
        [
            ABOUT,
            table(head, rows),
            "### National profiles",
            table(("profile", "country", "in its words", "measure"), profiles),
        ]
    )


def _row(family: str, formula: Formula) -> tuple[object, ...]:
    return (
        code(formula.metric_id),
        family,
        codes(dict.fromkeys((formula.level.value, *formula.labels))),
        formula.unit,
        formula.when,
        formula.means,
        INTERVALS[formula.method],
        _settled(formula),
        f"{formula.few}, {formula.floor}" if formula.floor else formula.few,
    )


def _settled(formula: Formula) -> str:
    if formula.horizon is None:
        return "when the period's books are closed"
    hours = formula.horizon / timedelta(hours=1)
    return f"{hours:.0f} h after the period" if hours < 48 else f"{hours / 24:.0f} d after it"


def _profile(profile: Profile) -> list[tuple[object, ...]]:
    known = [(figure.words, code(figure.metric_id)) for figure in profile.figures]
    lacking = [(words, _lacking(words)) for words in profile.lacks]
    return [(profile.name, profile.country, *figure) for figure in (*known, *lacking)]


def _lacking(words: str) -> str:
    return code(cost.METRIC_ID) if words == COST else "not measured"
