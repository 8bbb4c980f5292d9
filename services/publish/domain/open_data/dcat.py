"""The catalogue of all data sets as DCAT 3, in JSON-LD: what DCAT-AP 3 and DCAT-US 3 ask for.

A data set is a period of an owner; its months, and its quarters, are a series. Every revision is a
distribution of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Any

from schemas.vocabulary import PeriodKind, PublishState
from services.publish.domain.open_data.about import About, titled
from services.publish.domain.open_data.data_set import ROOT, DataSet

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority"
_MEASURED = {
    "told": "The share of the numbers that are not suppressed.",
    "reliable": "The share of the numbers that are told of at least 30.",
    "n": "How many a number of the whole service or agency is about, rounded.",
}
Node = dict[str, Any]


def catalogue(sets: Sequence[DataSet], files: Mapping[str, bytes], about: About) -> Node:
    """The whole catalogue."""
    return {
        "@context": CONTEXT,
        "@id": about.address(f"{ROOT}/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": _text("Open data on citizens' journeys"),
        "dct:description": _text("What public services' journeys are like, as it was released."),
        "dct:publisher": _agent(about.publisher, about.home),
        "dct:license": {"@id": about.licence},
        "dct:language": {"@id": f"{_EU}/language/ENG"},
        **({"dct:modified": _day(max(one.days[0] for one in sets))} if sets else {}),
        "foaf:homepage": {"@id": about.home},
        "dcat:dataset": [
            *_all_series(sets, about),
            *(_data_set(one, files, about) for one in sets),
        ],
        "dct:hasPart": [_metric(name, means, about) for name, means in _MEASURED.items()],
    }


def _data_set(one: DataSet, files: Mapping[str, bytes], about: About) -> Node:
    return {
        "@id": about.address(one.path),
        "@type": "dcat:Dataset",
        "dct:identifier": about.address(one.path),
        **_described(about.title_of(one), about.says(one), one, about),
        "dct:issued": _day(one.days[-1]),
        "dct:modified": _day(one.days[0]),
        "dcat:version": f"{len(one.days)}.0.0",
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(one.period.start or date.min),
            "dcat:endDate": _day(one.last_day),
        },
        "dcat:inSeries": {"@id": _series_id(one, about)},
        "dcat:distribution": [_file(one, day, files, about) for day in one.days],
        "dqv:hasQualityMeasurement": [*_quality(one, about)],
    }


def _all_series(sets: Iterable[DataSet], about: About) -> Iterable[Node]:
    by_series = sorted(sets, key=lambda one: _series_id(one, about))
    for id_, members in groupby(by_series, key=lambda one: _series_id(one, about)):
        one = next(members)
        title = f"{about.name_of(one.owner)}, by {one.period.kind.value}"
        how_often = "MONTHLY" if one.period.kind is PeriodKind.MONTH else "QUARTERLY"
        yield {
            "@id": id_,
            "@type": "dcat:DatasetSeries",
            "dct:identifier": id_,
            **_described(title, f"{title}: every closed period that was released.", one, about),
            "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/{how_often}"},
        }


def _described(title: str, says: str, one: DataSet, about: About) -> Node:
    agency = one.owner.agency
    return {
        "dct:title": _text(title),
        "dct:description": _text(says),
        "dct:publisher": _agent(titled(agency), about.contact(agency)),
        "dcat:contactPoint": [
            _contact(titled(agency), about.contact(agency)),
            _contact("Comments on these data", about.comments_on(agency)),
        ],
        "dcat:keyword": [_text(word) for word in ("citizen journey", "public service")],
        "dcat:theme": {"@id": f"{_EU}/data-theme/GOVE"},
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dct:license": {"@id": about.licence},
        "dct:language": {"@id": f"{_EU}/language/ENG"},
        "dcat:landingPage": {"@id": about.home},
    }


def _file(one: DataSet, day: date, files: Mapping[str, bytes], about: About) -> Node:
    path = one.csv_path(day)
    address, content = about.address(path), files[path]
    return {
        "@id": f"{address}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _text(f"{about.title_of(one)}, as released on {day}"),
        "dct:issued": _day(day),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": {"@id": f"{_EU}/file-type/CSV"},
        "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
        "dct:license": {"@id": about.licence},
        "dct:conformsTo": {"@id": "http://www.w3.org/ns/csvw"},
        "dcat:byteSize": {"@value": len(content), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": sha256(content).hexdigest(),
                "@type": "xsd:hexBinary",
            },
        },
    }


def _quality(one: DataSet, about: About) -> Iterable[Node]:
    """How much is told and how reliable it is; of the whole owner's numbers, of how many."""
    everything, shown = one.as_of(one.days[0]), one.shown
    sure = [record for record in shown if record.state is PublishState.OK]
    yield _measured("told", round(len(shown) / len(everything), 3), about)
    yield _measured("reliable", round(len(sure) / len(everything), 3), about)
    for record in shown:
        of = record.dimensions
        if not (of.touchpoint or of.channel or of.outcome):
            yield _measured("n", record.n, about) | {"dct:subject": record.metric_id}


def _measured(name: str, value: float | None, about: About) -> Node:
    return {
        "@type": "dqv:QualityMeasurement",
        "dqv:isMeasurementOf": {"@id": f"{about.home}#quality-{name}"},
        "dqv:value": value,
    }


def _metric(name: str, means: str, about: About) -> Node:
    return {
        "@id": f"{about.home}#quality-{name}",
        "@type": "dqv:Metric",
        "skos:definition": _text(means),
        "dqv:expectedDataType": {"@id": "xsd:integer" if name == "n" else "xsd:double"},
    }


def _series_id(one: DataSet, about: About) -> str:
    return about.address(f"{one.owner.path}/{one.period.kind.value}s")


def _agent(name: str, homepage: str) -> Node:
    return {"@type": "foaf:Agent", "foaf:name": _text(name), "foaf:page": {"@id": homepage}}


def _contact(name: str, address: str) -> Node:
    by = "vcard:hasEmail" if address.startswith("mailto:") else "vcard:hasURL"
    return {"@type": "vcard:Organization", "vcard:fn": name, by: {"@id": address}}


def _text(text: str) -> Node:
    return {"@value": text, "@language": "en"}


def _day(day: date) -> Node:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
