"""The files: what they tell, that they stay as they are, and that others' programs read them."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from schemas.vocabulary import PublishState
from services.publish.domain.open_data.about import About, as_address
from services.publish.domain.open_data.calendar import Planned, planned
from services.publish.domain.open_data.columns import COLUMNS
from services.publish.domain.open_data.site import media_type, site
from services.publish.domain.release.measures import MEASURES
from tests.unit.publish.open_data.opened import (
    ABOUT,
    FIRST,
    MONTH,
    REVISED,
    TODAY,
    opened,
    records,
)
from tests.unit.publish.samples import catalogue


def rows(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(opened().files[path].decode())))


def read(path: str) -> Any:
    return json.loads(opened().files[path])


def test_every_revision_has_an_address_of_its_own() -> None:
    for day in (FIRST, REVISED):
        assert rows(f"{MONTH}/{day}.csv")
    assert {row["released"] for row in rows(f"{MONTH}/{FIRST}.csv")} == {str(FIRST)}
    assert str(REVISED) in {row["released"] for row in rows(f"{MONTH}/{REVISED}.csv")}


def test_a_revision_changes_no_file_that_was_there() -> None:
    before = site((one for one in records() if one.released == FIRST), ABOUT, FIRST)
    path = f"{MONTH}/{FIRST}.csv"
    assert before.files[path] == opened().files[path]


def test_what_is_suppressed_is_a_row_that_tells_nothing() -> None:
    hidden = [row for row in rows(f"{MONTH}/{FIRST}.csv") if row["state"] == "suppressed"]
    assert hidden
    for row in hidden:
        assert not any(row[name] for name in ("n", "numerator", "value", "ci_low", "counts"))


def test_every_number_is_a_row_and_every_count_is_rounded() -> None:
    found = rows(f"{MONTH}/{FIRST}.csv")
    of_the_month = [
        one
        for one in records()
        if (one.period, one.released, one.dimensions.service) == ("month", FIRST, "permits")
    ]
    assert len({row["number"] for row in found}) == len(found) == len(of_the_month)
    shown = [one for one in of_the_month if one.state is not PublishState.SUPPRESSED]
    assert [row["n"] for row in found if row["n"]] != []
    assert {int(row["n"]) % 5 for row in found if row["n"]} == {0}
    assert sum(1 for row in found if row["n"]) == len(shown)


def test_the_columns_are_described_alike_everywhere() -> None:
    names = [column.name for column in COLUMNS]
    (header,) = list(csv.reader(io.StringIO(opened().files[f"{MONTH}/{FIRST}.csv"].decode())))[:1]
    beside = read(f"{MONTH}/{FIRST}.csv-metadata.json")
    package = read(f"{MONTH}/datapackage.json")
    assert header == names
    assert [one["name"] for one in beside["tableSchema"]["columns"]] == names
    for resource in package["resources"]:
        assert [field["name"] for field in resource["schema"]["fields"]] == names


def test_every_dimension_of_a_public_measure_is_a_column() -> None:
    grounds = {measure.ground for measure in MEASURES.values()}
    named = {word for ground in grounds for word in ground.replace("}", "{").split("{")[1::2]}
    assert named | {"outcome", "channel"} <= {column.name for column in COLUMNS}


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    for path, content in files.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / MONTH.lstrip("/") / "datapackage.json"


def test_frictionless_reads_the_data_package_and_finds_a_changed_byte(tmp_path: Path) -> None:
    package = written(opened().files, tmp_path)
    assert Package(str(package)).validate().valid
    table = package.with_name(f"{FIRST}.csv")
    table.write_bytes(table.read_bytes().replace(b",month,", b",month ,", 1))
    assert not Package(str(package)).validate().valid


def test_frictionless_finds_a_value_that_is_not_of_its_column(tmp_path: Path) -> None:
    package = written(opened().files, tmp_path)
    described = json.loads(package.read_bytes())
    for resource in described["resources"]:
        resource.pop("hash")
        resource.pop("bytes")
    package.write_text(json.dumps(described), encoding="utf-8")
    table = package.with_name(f"{FIRST}.csv")
    table.write_bytes(table.read_bytes().replace(b"2026-12-01,", b"yesterday,"))
    errors = Package(str(package)).validate().flatten(["type", "fieldName"])
    assert set(map(tuple, errors)) == {("type-error", "released")}


def test_a_data_package_names_licence_contact_and_where_to_comment() -> None:
    package = read(f"{MONTH}/datapackage.json")
    assert package["created"] == f"{FIRST}T00:00:00Z"
    assert package["licenses"] == [{"path": ABOUT.licence}]
    assert package["comments"] == ABOUT.comments_on("office")
    own = About(ABOUT.url, ABOUT.licence, "https://talk.example/", catalogue())
    told = json.loads(site(records(), own, TODAY).files[f"{MONTH}/datapackage.json"])
    assert told["comments"] == "https://talk.example/"


def test_where_nothing_is_released_the_catalogue_was_not_modified() -> None:
    empty = json.loads(site([], ABOUT, TODAY).files["/open-data/catalog.jsonld"])
    assert "dct:modified" not in empty
    assert read("/open-data/catalog.jsonld")["dct:modified"]["@value"] == str(REVISED)


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("open@office.example", "mailto:open@office.example"),
        ("https://office.example/@us", "https://office.example/@us"),
        ("tel:+15550100", "tel:+15550100"),
        ("the desk @ room 4", None),
        ("Open data team", None),
    ],
)
def test_an_e_mail_address_can_be_followed(contact: str, address: str | None) -> None:
    assert as_address(contact) == address


def test_the_calendar_says_when_a_period_closes_and_when_numbers_may_change() -> None:
    coming = planned(catalogue(), date(2026, 10, 1))
    months = [one for one in coming if one.service == "passport-renewal"]
    assert Planned(date(2026, 11, 30), "passport-renewal", "2026-09") in months
    assert Planned(date(2026, 11, 30), "passport-renewal", "2026-Q3") in months
    revised = [(one.day, one.last) for one in coming if one.service is None]
    assert revised[:2] == [
        (date(2026, 10, 15), date(2026, 10, 21)),
        (date(2027, 1, 15), date(2027, 1, 21)),
    ]
    days = [one.day for one in coming]
    assert days == sorted(days)
    (first, *_) = (one for one in planned(catalogue(), date(2026, 10, 21)) if one.last)
    assert first.day == date(2026, 10, 15)
    told = read("/open-data/calendar.json")["planned"]
    assert told[0].keys() >= {"not_before", "what"}
    assert {"not_after" in one for one in told if one["what"] == "revision"} == {True}


def test_what_is_due_and_not_released_stays_in_the_calendar() -> None:
    due = Planned(date(2026, 11, 30), "passport-renewal", "2026-09")
    assert due in planned(catalogue(), date(2027, 1, 10))
    assert due not in planned(catalogue(), date(2027, 1, 10), {("passport-renewal", "2026-09")})


def test_the_calendar_is_in_the_order_of_day_service_and_period() -> None:
    coming = planned(catalogue(), date(2026, 10, 1))
    assert coming == sorted(coming, key=lambda one: (one.day, one.service or "", one.period or ""))


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        (f"{MONTH}/{FIRST}.csv", "text/csv"),
        (f"{MONTH}/{FIRST}.csv-metadata.json", "application/csvm+json"),
        (f"{MONTH}/datapackage.json", "application/json"),
        ("/open-data/catalog.jsonld", "application/ld+json"),
    ],
)
def test_every_file_is_served_as_what_it_is(path: str, type_: str) -> None:
    assert path in opened().files
    assert media_type(path) == type_
