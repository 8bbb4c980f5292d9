"""The themes of a page: the scores that belong together, and their parts."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.catalogue import Service
from schemas.vocabulary import About, Construct
from services.publish.domain import words
from services.publish.domain.breakdown import Breakdown, breakdowns
from services.publish.domain.figure import Figure
from services.publish.domain.measures import BY_ID, MEASURES
from services.publish.domain.measures.measure import Measure, Theme
from services.publish.domain.view import View

# Told in a chart or table of their own.
_APART = frozenset(
    {
        *("path_share", "path_completion", "path_satisfaction", "channel_switches"),
        *("survey_offered", "survey_answered", "survey_dismissed"),
    }
)
_TOLD = {
    Theme.FINISHING: ("Finishing", "How many came to the end of what they set out to do."),
    Theme.LEAVING: ("Leaving and waiting", "How many gave up, and how many wait for the agency."),
    Theme.PATHS: (
        "Ways through the service",
        "Which way people take, and where it goes in circles.",
    ),
    Theme.CONTACTS: (
        "Contacts and failure demand",
        "How often people had to ask, why, and how much of it need not have been.",
    ),
    Theme.CHANNELS: ("Channels", "Where people begin, and whether they stay there."),
    Theme.OPINION: ("Satisfaction and trust", "What people say, and how sure the number is."),
    Theme.SURVEYS: (
        "Who was asked and who answered",
        "A score speaks for those who answered; this says who they are.",
    ),
    Theme.LOYALTY: ("Loyalty", "Whether people come back, and to the same channel."),
    Theme.TIME: ("Time", "How long it took."),
    Theme.VOLUME: ("Volume", "How much there was of everything."),
    Theme.QUALITY: (
        "Quality of the data",
        "How much of what happened could be joined to somebody's journey.",
    ),
    Theme.OTHER: ("Other", "Measures that this page does not know by name."),
}

# What a survey asks, where the construct's own word would not do in a sentence.
_QUESTIONS = {
    Construct.TRUST_CHANGE: "trust gained or lost",
    Construct.TRUST_LEVEL: "trust in the agency",
    Construct.TASK_SUCCESS: "whether the task was done",
    Construct.RECOMMEND: "recommending it",
    Construct.REUSE_INTENT: "using it again",
    Construct.HELP_QUALITY: "the quality of help",
}


@dataclass(frozen=True)
class Section:
    """One theme. `not_asked` are questions that no survey here has: nobody's silence is a 0."""

    id: str
    title: str
    lead: str
    rows: tuple[Figure, ...]
    breakdowns: tuple[Breakdown, ...]
    not_asked: tuple[str, ...] = ()


def sections(view: View, asked: frozenset[Construct]) -> tuple[Section, ...]:
    """Every theme that has a measure at this level, in order; `asked` is what surveys ask."""
    made = (_section(view, theme, asked) for theme in Theme)
    return tuple(section for section in made if section.rows or section.breakdowns)


def asked_about_journeys(services: Iterable[Service]) -> frozenset[Construct]:
    """What the surveys of services ask about whole journeys, services or the agency."""
    return _asked(services, frozenset(About) - {About.TOUCHPOINT})


def asked_about_touchpoints(service: Service) -> frozenset[Construct]:
    """What the surveys of a service ask about its touchpoints."""
    return _asked((service,), frozenset({About.TOUCHPOINT}))


def _asked(services: Iterable[Service], about: frozenset[About]) -> frozenset[Construct]:
    instruments = (one for service in services for one in service.instruments)
    return frozenset(
        q.construct for one in instruments if one.about in about for q in one.constructs
    )


def _section(view: View, theme: Theme, asked: frozenset[Construct]) -> Section:
    measures = [one for one in _measures(view, theme) if one.id not in _APART]
    silent = [
        one for one in measures if one.construct not in {None, *asked} and not _has(view, one)
    ]
    shown = [one for one in measures if one not in silent]
    title, lead = _TOLD[theme]
    return Section(
        id=theme.value,
        title=title,
        lead=lead,
        rows=tuple(row for one in shown if _is_row(view, one) for row in view.figures(one.id)),
        breakdowns=tuple(made for one in shown for made in breakdowns(view, one.id)),
        not_asked=tuple(dict.fromkeys(_question(one) for one in silent)),
    )


def _measures(view: View, theme: Theme) -> list[Measure]:
    """Those of a theme at the level of the view, then those that only the numbers know."""
    if theme is not Theme.OTHER:
        return [one for one in MEASURES if one.theme is theme and view.level in one.levels]
    if view.touchpoint:
        return []
    unknown = sorted(view.numbers.at(view.period).whole_ids - set(BY_ID))
    return [Measure(id_, id_, "", "n") for id_ in unknown]


def _has(view: View, measure: Measure) -> bool:
    return view.message(measure.id) is not None or bool(view.parts(measure.id))


def _is_row(view: View, measure: Measure) -> bool:
    """What is cut into parts has a row only where the whole is told beside them."""
    return not measure.cut_by or view.message(measure.id) is not None


def _question(measure: Measure) -> str:
    construct = measure.construct
    return _QUESTIONS.get(construct, words.plain(construct)) if construct else ""
