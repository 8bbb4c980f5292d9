"""What people said: which answer counts for what, in which of the figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deploy.demo.facts import Glimpse, JourneyTruth, Opinion
from deploy.demo.truth.parts import Dimensions, Part, named
from schemas.vocabulary import About, Channel, Construct, Driver, Level, Polarity, Scale

_FIVE, _SEVEN, _TEN = Scale.ONE_TO_FIVE, Scale.ONE_TO_SEVEN, Scale.ONE_TO_TEN
_ELEVEN, _THUMBS, _SMILEYS = Scale.ZERO_TO_TEN, Scale.THUMBS, Scale.SMILEYS


@dataclass(frozen=True)
class Figure:
    """`worth` is what each answer adds, by scale; None is the answer itself, for a mean."""

    construct: Construct
    worth: Mapping[Scale, Mapping[int, int] | None]
    is_of_places: bool = True


def _for(*answers: int) -> dict[int, int]:
    return dict.fromkeys(answers, 1)


_NET = {_FIVE: {5: 1, 4: 1, 2: -1, 1: -1}}
_TOP = {_FIVE: _for(4, 5), _SEVEN: _for(6, 7), _TEN: _for(9, 10)}
_MARKS: Mapping[Scale, None] = {_FIVE: None}
FIGURES = {
    "satisfaction.linear": Figure(Construct.SATISFACTION, dict.fromkeys(Scale)),
    "satisfaction.top2": Figure(Construct.SATISFACTION, {_FIVE: _for(4, 5)}),
    "satisfaction.net": Figure(Construct.SATISFACTION, _NET),
    "satisfaction.fr10": Figure(Construct.SATISFACTION, {_FIVE: None, _SMILEYS: None}),
    "trust.positive": Figure(Construct.TRUST, {_THUMBS: _for(1), _FIVE: _for(4, 5)}),
    "trust.change_net": Figure(Construct.TRUST_CHANGE, _NET),
    "trust.level": Figure(
        Construct.TRUST_LEVEL, {_ELEVEN: _for(6, 7, 8, 9, 10)}, is_of_places=False
    ),
    "task_success.gc": Figure(Construct.TASK_SUCCESS, {Scale.YES_NO: _for(1)}),
    "ease": Figure(Construct.EASE, {_FIVE: None, _SEVEN: None, _TEN: None}),
    "ease.top2": Figure(Construct.EASE, _TOP),
    "nps": Figure(
        Construct.RECOMMEND,
        {_ELEVEN: {**dict.fromkeys(range(7), -1), 9: 1, 10: 1}},
        is_of_places=False,
    ),
    "recommend_intent": Figure(Construct.RECOMMEND, {_TEN: _for(9, 10)}, is_of_places=False),
    "reuse_intent": Figure(
        Construct.REUSE_INTENT, _TOP | {_ELEVEN: _for(9, 10)}, is_of_places=False
    ),
    "comprehension.fr10": Figure(Construct.COMPREHENSION, dict(_MARKS)),
    "help_quality.fr10": Figure(Construct.HELP_QUALITY, dict(_MARKS)),
}
_SIDE = {Polarity.POSITIVE: 1, Polarity.NEGATIVE: -1, None: 0}


def of_journey(journey: JourneyTruth) -> Iterator[Part]:
    """The answers of one journey that count."""
    forms: dict[tuple[str, About, str], Opinion] = {}
    for one in journey.latest:
        yield from _said(one, journey.first_channel, 1)
        if one.drivers:
            forms[one.instrument, one.about, one.place] = one
    for form in forms.values():
        yield from _drivers(form, 1)


def of_glimpse(glimpse: Glimpse) -> Iterator[Part]:
    """An answer of somebody without a name; drivers count with the first question."""
    if glimpse.opinion is not None:
        yield from _said(glimpse.opinion, glimpse.channel, glimpse.times)
        if glimpse.is_first:
            yield from _drivers(glimpse.opinion, glimpse.times)


def question(one: Opinion, **more: str | None) -> Dimensions:
    """Which question was answered."""
    return named(
        construct=one.construct,
        instrument=one.instrument,
        scale=one.scale,
        wording=one.wording,
        **more,
    )


def _said(one: Opinion, channel: Channel | None, times: int) -> Iterator[Part]:
    is_of_place = one.about is About.TOUCHPOINT
    asked = question(one, touchpoint=one.place) if is_of_place else question(one)
    level = Level.TOUCHPOINT if is_of_place else Level.SERVICE
    for metric, figure in FIGURES.items():
        if figure.construct is not one.construct or one.scale not in figure.worth:
            continue
        if is_of_place and not figure.is_of_places:
            continue
        worth = figure.worth[one.scale]
        points = times * (one.answer if worth is None else worth.get(one.answer, 0))
        yield Part(metric, one.time, points, times, str(one.answer), asked, level, times)
    if one.construct is Construct.REUSE_INTENT and not is_of_place:
        points = times * (_top(one.scale).get(one.answer, 0))
        by = question(one, channel=channel or "none")
        yield Part(
            "reuse_intent.by_channel", one.time, points, times, str(one.answer), by, times=times
        )


def _top(scale: Scale) -> Mapping[int, int]:
    return FIGURES["reuse_intent"].worth.get(scale) or {}


def _drivers(form: Opinion, times: int) -> Iterator[Part]:
    offered: Mapping[Driver, Polarity | None] = form.drivers or {}
    is_of_place = form.about is About.TOUCHPOINT
    for driver, side in offered.items():
        where = named(driver=driver, touchpoint=form.place if is_of_place else None)
        level = Level.TOUCHPOINT if is_of_place else Level.SERVICE
        cell = side.value if side else "neutral"
        points = times * _SIDE[side]
        yield Part("driver_balance", form.time, points, times, cell, where, level, times)
