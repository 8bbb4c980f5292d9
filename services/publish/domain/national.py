"""National profiles: the same numbers under the names that a country publishes them by."""

from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import Service
from schemas.profiles import COST, PROFILES, Profile
from services.publish.domain import words
from services.publish.domain.figure import Figure, figure
from services.publish.domain.heading import Heading, heading
from services.publish.domain.measures import measure_of
from services.publish.domain.view import View


@dataclass(frozen=True)
class Row:
    """One number: what the profile calls it, and which part of it where it is told in parts."""

    words: str
    part: str
    figure: Figure


@dataclass(frozen=True)
class National:
    """One profile. `lacks` is what the country also asks for and nobody told us."""

    id: str
    name: str
    country: str
    rows: tuple[Row, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class NationalCard:
    """One service in one period, in the words of every profile."""

    service_id: str
    name: str
    heading: Heading
    profiles: tuple[National, ...]


def national_card(service: Service, view: View, now: datetime) -> NationalCard:
    """The page of a service's national profiles. `now` only tells whether progress comes."""
    made = nationals(view, known=(COST,) if service.costs else ())
    figures = tuple(row.figure for profile in made for row in profile.rows)
    shown = heading(view, service.zone, now, figures)
    return NationalCard(service.id, service.name, shown, made)


def nationals(view: View, known: tuple[str, ...] = ()) -> tuple[National, ...]:
    """Every profile for the service and period of the view; `known` stands elsewhere."""
    return tuple(_national(view, profile, known) for profile in PROFILES)


def _national(view: View, profile: Profile, known: tuple[str, ...]) -> National:
    rows = (row for asked in profile.figures for row in _rows(view, asked.metric_id, asked.words))
    lacks = tuple(words for words in profile.lacks if words not in known)
    return National(profile.id, profile.name, profile.country, tuple(rows), lacks)


def _rows(view: View, metric_id: str, called: str) -> list[Row]:
    """One row for each survey, or for each part of what is only told in parts."""
    cut_by = measure_of(metric_id).cut_by
    parts = [
        Row(called, words.plain(str(getattr(part.dimensions, cut_by))), figure(part, metric_id))
        for part in (view.parts(metric_id) if cut_by else ())
    ]
    return parts or [Row(called, "", shown) for shown in view.figures(metric_id)]
