"""What describes a CSV file to programs: Data Package v2, and CSV on the Web."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from services.publish.domain.open_data.about import About, titled
from services.publish.domain.open_data.columns import COLUMNS, NUMBER, Kind
from services.publish.domain.open_data.data_set import DataSet

_PROFILE = "https://datapackage.org/profiles/2.0"
_PACKAGE_TYPES = {Kind.JSON: "object"}
_CSVW_TYPES = {Kind.DATETIME: "dateTime"}


def data_package(one: DataSet, files: Mapping[str, bytes], about: About) -> dict[str, Any]:
    """`datapackage.json` of a data set: every revision is a resource, the newest first."""
    return {
        "$schema": f"{_PROFILE}/datapackage.json",
        "name": f"{one.owner.service or one.owner.agency}-{one.period.name}".lower(),
        "id": about.address(one.path),
        "title": about.title_of(one),
        "description": about.says(one),
        "homepage": about.home,
        "version": f"{len(one.days)}.0.0",
        "created": f"{one.days[-1]}T00:00:00Z",
        "licenses": [{"path": about.licence}],
        "contributors": [
            {
                "title": titled(one.owner.agency),
                "path": about.contact(one.owner.agency),
                "roles": ["publisher", "contact"],
            }
        ],
        "comments": about.comments_on(one.owner.agency),
        "resources": [_resource(one, day, files[one.csv_path(day)]) for day in one.days],
    }


def _resource(one: DataSet, day: date, content: bytes) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILE}/dataresource.json",
        "type": "table",
        "name": day.isoformat(),
        "title": f"As released on {day}",
        "path": one.csv_path(day).rsplit("/", 1)[-1],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": {
            "$schema": f"{_PROFILE}/tableschema.json",
            "fields": [
                {
                    "name": column.name,
                    "type": _PACKAGE_TYPES.get(column.kind, column.kind.value),
                    "description": column.means,
                }
                for column in COLUMNS
            ],
            "missingValues": [""],
            "primaryKey": [NUMBER],
        },
    }


def csv_on_the_web(one: DataSet, day: date, about: About) -> dict[str, Any]:
    """The metadata that lies beside a CSV file, at its address with `-metadata.json`."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": one.csv_path(day).rsplit("/", 1)[-1],
        "dc:title": f"{about.title_of(one)}, as released on {day}",
        "dc:description": about.says(one),
        "dc:publisher": titled(one.owner.agency),
        "dc:license": {"@id": about.licence},
        "dc:issued": {"@value": day.isoformat(), "@type": "date"},
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ","},
        "tableSchema": {
            "primaryKey": NUMBER,
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:description": column.means,
                    "datatype": _CSVW_TYPES.get(column.kind, column.kind.value),
                    "null": "",
                }
                for column in COLUMNS
            ],
        },
    }
