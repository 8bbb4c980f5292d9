"""What a catalogue file is refused for, and what its checks say."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from schemas.catalogue import Catalogue, Match, MatchType, check, known_or_sentence, load
from schemas.yaml_file import FileRefused

TOUCHPOINT = {"id": "form", "name": "Form", "stage": "transaction", "channels": ["website"]}
SERVICE = {
    "id": "permit",
    "name": "Permit",
    "owner": "Permits desk",
    "time_zone": "Europe/Amsterdam",
    "touchpoints": [TOUCHPOINT],
}


def text(agency: str = "municipality", **service: Any) -> str:
    content = {"agency": agency, "contact": "desk", "services": [SERVICE | service]}
    return yaml.safe_dump(content)


def catalogue(**service: Any) -> Catalogue:
    return load([("a.yaml", text(**service))])


def refusal(*files: tuple[str, str]) -> str:
    with pytest.raises(FileRefused) as refused:
        load(files)
    return str(refused.value)


def test_an_unknown_field_is_named_with_its_place_and_the_nearest_right_one() -> None:
    assert refusal(("a.yaml", text(timezone="UTC"))) == (
        "a.yaml: services.permit.timezone: unknown field; did you mean 'time_zone'?"
    )


def test_a_time_zone_must_exist() -> None:
    assert refusal(("a.yaml", text(time_zone="Europe/Atlantis"))) == (
        "a.yaml: services.permit.time_zone: Value error, 'Europe/Atlantis' is no IANA time zone, "
        "such as Europe/Amsterdam"
    )


def test_a_time_zone_is_not_a_path() -> None:
    assert "no IANA time zone" in refusal(("a.yaml", text(time_zone="../../etc/passwd")))


def test_a_touchpoint_is_declared_once() -> None:
    assert "touchpoint 'form' is declared twice" in refusal(
        ("a.yaml", text(touchpoints=[TOUCHPOINT, TOUCHPOINT]))
    )


def test_the_id_of_unmatched_events_is_kept() -> None:
    assert "touchpoint id 'other' is kept for events that match none" in refusal(
        ("a.yaml", text(touchpoints=[TOUCHPOINT | {"id": "other"}]))
    )


def test_an_instrument_is_declared_once() -> None:
    question = {"construct": "ease", "scale": "1..5", "wording": "w"}
    instrument = {"id": "exit", "about": "journey", "constructs": [question]}
    assert "instrument 'exit' is declared twice" in refusal(
        ("a.yaml", text(instruments=[instrument, instrument]))
    )


def test_a_service_is_declared_once_in_all_files() -> None:
    assert "service 'permit' is declared twice" in refusal(
        ("a.yaml", text()), ("b.yaml", text(agency="other-agency"))
    )


def test_a_list_whose_item_is_wrong_is_not_also_called_too_short() -> None:
    told = refusal(("a.yaml", text(touchpoints=[TOUCHPOINT | {"stage": "middle"}])))
    assert [line.split(": ")[1] for line in told.split("\n")] == [
        "services.permit.touchpoints.form.stage"
    ]


def test_text_that_is_no_yaml_is_refused_with_its_file() -> None:
    assert refusal(("a.yaml", "agency: [")).startswith("a.yaml: not YAML: ")


def test_an_empty_file_is_refused_at_its_top() -> None:
    assert refusal(("a.yaml", "")).startswith("a.yaml: top level: ")


def test_no_file_at_all_is_refused() -> None:
    assert "THROUGHLINE_CATALOGUE" in refusal()


def test_grace_must_reach_the_slowest_source() -> None:
    slow = {"permit": timedelta(days=61)}
    assert check(catalogue(), slow, timedelta(days=1100)) == [
        "permit: grace 60 d is less than the largest max_delay of its sources, 61 d: raise grace"
    ]


def test_grace_as_long_as_the_slowest_source_is_enough() -> None:
    assert check(catalogue(), {"permit": timedelta(days=60)}, timedelta(days=1100)) == []


def test_windows_that_outlast_the_retention_name_the_excess() -> None:
    windows = {"max_duration": "P800D"}
    [told] = check(catalogue(windows=windows), {}, timedelta(days=1100))
    assert told == (
        "permit: its windows need journeys.v1 kept 32 d longer than 1100 d: raise the retention "
        "or shorten max_duration"
    )


def test_the_default_windows_fit_the_retention() -> None:
    assert check(catalogue(), {}, timedelta(days=1100)) == []


def test_the_first_rule_that_fits_finds_the_touchpoint() -> None:
    rules = [
        TOUCHPOINT | {"id": "apply", "match": [{"type": "address", "pattern": "*/apply*"}]},
        TOUCHPOINT | {"id": "rest", "match": [{"type": "event", "pattern": "page*"}]},
    ]
    service = catalogue(touchpoints=rules).services["permit"]
    found = [
        service.matching({"event": event, "address": address})
        for event, address in [
            ("page view", "https://permits.example/apply/1"),
            ("page view", "https://permits.example/"),
            ("click", "https://permits.example/"),
        ]
    ]
    assert [one and one[0].id for one in found] == ["apply", "rest", None]


def test_a_rule_looks_at_what_its_type_names() -> None:
    seen: dict[MatchType, str] = {"event": "page view", "address": "elsewhere"}
    assert Match(type="event", pattern="page*").fits(seen)
    assert not Match(type="address", pattern="page*").fits(seen)
    assert not Match(type="form", pattern="*").fits(seen)


def test_a_service_knows_its_agency_zone_and_instruments() -> None:
    question = {"construct": "ease", "scale": "1..5", "wording": "w"}
    instrument = {"id": "exit", "about": "journey", "constructs": [question]}
    found = catalogue(instruments=[instrument])
    service = found.services["permit"]
    assert found.agency_of == {"permit": "municipality"}
    assert service.zone.key == "Europe/Amsterdam"
    assert list(service.by_instrument) == ["exit"]


def test_a_known_word_has_no_sentence_and_an_unknown_one_the_nearest() -> None:
    assert known_or_sentence("phone", ["phone", "post"], "channel") is None
    assert known_or_sentence("fone", ["phone", "post"], "channel") == (
        "channel: unknown; did you mean 'phone'?"
    )
    assert known_or_sentence("x", ["phone", "post"], "channel") == (
        "channel: unknown; known: phone, post"
    )
    assert known_or_sentence("x", [], "channel") == "channel: unknown; none is known"


def test_a_fault_of_yaml_names_the_line_and_does_not_show_it() -> None:
    """A file of keys has secrets in its lines."""
    told = refusal(("a.yaml", "agency: town\nsecret: [geheim\n"))
    assert told.startswith("a.yaml: not YAML: line 3: ")
    assert "geheim" not in told
