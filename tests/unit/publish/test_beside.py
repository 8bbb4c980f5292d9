"""What was told of many at once stands apart from every score, under the name of what it is."""

import re

from services.publish.adapters import answers
from services.publish.adapters.cards import Cards
from services.publish.adapters.pages import Pages
from services.publish.domain.beside import Beside, Table, beside
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING
from services.publish.domain.scorecard import Scorecard
from services.publish.domain.view import View
from services.publish.publish import Publication
from tests.unit.publish.groups import PLACE, told_of_many
from tests.unit.publish.samples import AUTHORITY, NOW, catalogue, rate

MESSAGES = [*told_of_many({}), rate("completion_rate.live", 80, 100)]
CARDS = Cards(catalogue(), Publication.of(MESSAGES), AUTHORITY)
SERVICE = "passport-renewal"


def shown(touchpoint: str | None = None) -> dict[str, Beside]:
    found = beside(View(Numbers.of(MESSAGES), ROLLING, touchpoint))
    return {one.provenance: one for one in found}


def rows(table: Table) -> list[tuple[str, str, list[tuple[str, int]]]]:
    return [(r.name, r.figure.text, [(p.name, p.n) for p in r.parts]) for r in table.rows]


def card() -> Scorecard:
    return CARDS.service(SERVICE, None, NOW)


def test_what_a_group_said_is_told_word_by_word() -> None:
    events, themes, said = shown()["moderated"].tables
    assert rows(events) == [("Altogether", "18", [("answered", 18)])]
    assert rows(themes) == [
        ("Ease", "12", [("criticised", 11), ("neither", 1)]),
        ("Humanity", "4", [("praised", 4)]),
        ("Employee", "hidden", []),
    ]
    assert rows(said) == [("Satisfaction", "11", [("2", 5), ("3", 4), ("4", 2)])]
    assert said.rows[0].figure.about.startswith("Survey passport-journey")


def test_a_tally_is_told_where_it_was_made_and_only_there() -> None:
    assert set(shown()) == {"moderated"}
    events, contacts = shown(PLACE)["estimated"].tables
    assert rows(events) == [("Altogether", "281", [("visited", 240), ("contacted", 41)])]
    assert rows(contacts) == [("Error", "41", [("avoidable", 38), ("not judged", 3)])]


def test_where_nothing_was_told_there_is_no_such_part() -> None:
    assert shown("collection") == {}
    page = Pages(CARDS).touchpoint(SERVICE, "collection", None, NOW)
    assert 'id="beside"' not in page


def test_it_is_in_no_theme_and_no_headline() -> None:
    ids = {figure.formula for figure in card().headlines}
    ids |= {row.formula for section in card().sections for row in section.rows}
    ids |= {cut.measure.id for section in card().sections for cut in section.breakdowns}
    assert "completion_rate.live" in ids
    assert [id_ for id_ in ids if id_.startswith(("moderated", "estimated"))] == []


def test_a_page_says_what_it_is_beside_every_number_of_it() -> None:
    page = Pages(CARDS).service(SERVICE, None, NOW)
    before, _, rest = page.partition('<h2 id="beside">')
    part, _, after = rest.partition("</section>")
    keys = re.findall(r'data-key="((?:moderated|estimated)[^"]*)"', part)
    assert len(keys) == 5
    assert "Said in groups" in part
    assert "(moderated)" in part
    assert "is in no score, no n and no trend" in part
    assert re.findall(r'data-key="(?:moderated|estimated)', before + after) == []


def test_the_json_tells_the_same_apart() -> None:
    told = answers.card(card())["beside"]
    assert [one["provenance"] for one in told] == ["moderated"]
    ease = told[0]["tables"][1]["rows"][0]
    assert (ease["name"], ease["figure"]["value"]) == ("Ease", 12)
    assert ease["parts"] == [{"name": "criticised", "n": 11}, {"name": "neither", "n": 1}]
    assert told[0]["tables"][1]["rows"][2]["figure"]["n"] is None
