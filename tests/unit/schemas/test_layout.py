"""A webhook's layout: what it finds, and the sentence for one that is broken."""

from typing import Any

import pytest
import yaml

from schemas.layout import LAYOUTS, Layout, Webhook
from schemas.yaml_file import FileRefused, parse


def webhook(**said: Any) -> Webhook:
    return parse(Webhook, yaml.safe_dump(said), "sources.yaml")


def test_a_known_layout_is_named_and_one_of_its_own_is_written_out() -> None:
    assert webhook(layout="formbricks").layout == LAYOUTS["formbricks"]
    assert webhook(layout={"id": "data.id"}).layout == Layout(id="data.id")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"layout": "formbrick"}, r"layout: .*did you mean 'formbricks'\?"),
        ({"layout": {"citizn": "a"}}, r"layout.citizn: unknown field; did you mean 'citizen'\?"),
        (
            {"layout": {"id": "data..id"}},
            r"layout.id: .*no JMESPath at character 6; one is data.id",
        ),
        ({"layout": {"id": "'id"}}, "layout.id: .*no JMESPath at character 1"),
        ({"layout": {"id": "a && lengthy(b)"}}, r"calls lengthy, .*did you mean 'length'\?"),
        ({"layout": {"question": "q"}}, "question and answer belong together"),
        ({"layout": {"question": "q", "answer": "a"}}, "what `answers` finds: give it too"),
        (
            {"layout": {}, "signature": "standards"},
            "signature: Input should be 'token', 'standard'",
        ),
    ],
)
def test_a_broken_layout_is_refused_with_its_place_and_the_nearest_right_thing(
    said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FileRefused, match=f"^sources.yaml: .*{sentence}") as refused:
        webhook(**said)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "told", "found"),
    [
        ("data.id", {"data": {"id": 7}}, 7),
        ("data.id", {"data": [7]}, None),
        ("data.id", 7, None),
        ("length(data)", {"data": 7}, None),
        ("a || b", {"b": "x"}, "x"),
    ],
)
def test_a_place_finds_what_is_there_and_never_raises(path: str, told: Any, found: Any) -> None:
    assert Layout(id=path).found("id", told) == found


def test_a_place_that_a_layout_does_not_have_finds_nothing() -> None:
    assert Layout().found("id", {"id": 7}) is None
