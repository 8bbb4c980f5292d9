"""All files of the open data as one value: the same records give the same bytes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from schemas.public_metric import PublicMetric
from services.publish.domain.open_data import dcat, tabular
from services.publish.domain.open_data.about import About
from services.publish.domain.open_data.calendar import Planned, planned
from services.publish.domain.open_data.columns import as_csv
from services.publish.domain.open_data.data_set import ROOT, DataSet, data_sets

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "-metadata.json": "application/csvm+json",
        ".jsonld": "application/ld+json",
        ".json": "application/json",
        ".csv": "text/csv",
    }
)
CATALOGUE = f"{ROOT}/catalog.jsonld"
CALENDAR = f"{ROOT}/calendar.json"


@dataclass(frozen=True)
class Site:
    """Every file by its path, and the same for a page that leads to them."""

    about: About
    sets: tuple[DataSet, ...]
    planned: tuple[Planned, ...]
    files: Mapping[str, bytes]


def site(records: Iterable[PublicMetric], about: About, today: date) -> Site:
    """What is open on a day."""
    sets = data_sets(records)
    released = {(one.owner.service, one.period.name) for one in sets}
    coming = tuple(planned(about.catalogue, today, released))
    files: dict[str, bytes] = {}
    for one in sets:
        for day in one.days:
            files[one.csv_path(day)] = as_csv(one.as_of(day)).encode()
            described = tabular.csv_on_the_web(one, day, about)
            files[f"{one.csv_path(day)}-metadata.json"] = _json(described)
        files[f"{one.path}/datapackage.json"] = _json(tabular.data_package(one, files, about))
    files[CATALOGUE] = _json(dcat.catalogue(sets, files, about))
    files[CALENDAR] = _json({"planned": [_told(one) for one in coming]})
    return Site(about, sets, coming, files)


def media_type(path: str) -> str:
    """What a file is, by its name."""
    return next(type_ for ending, type_ in TYPES.items() if path.endswith(ending))


def _told(one: Planned) -> dict[str, str]:
    told = {"not_before": one.day.isoformat(), "what": "revision"}
    if one.service and one.period:
        told |= {"what": "first release", "service": one.service, "period": one.period}
    if one.last:
        told["not_after"] = one.last.isoformat()
    return told


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
