"""The pages: whole, for everybody, and with nothing from elsewhere."""

import base64
import hashlib
import re
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise

import pytest

from schemas.vocabulary import PeriodKind, PublishState
from services.publish.adapters.cards import Cards
from services.publish.adapters.pages import Pages
from services.publish.domain.period import Period
from services.publish.publish import Publication
from tests.unit.publish.markup import Element, parse
from tests.unit.publish.samples import AUTHORITY, NOW, ZONE, catalogue, message, progress
from tests.unit.publish.year import passport_year

HOSTILE = "<script>alert(1)</script>"
MAY = Period(PeriodKind.MONTH, date(2026, 5, 1))
HOUR = Period.beginning(PeriodKind.HOUR, datetime(2026, 9, 15, 9, tzinfo=UTC), ZONE)


PAGES = Pages(Cards(catalogue(), Publication.of(passport_year(), [progress()]), AUTHORITY))


ALL = {
    "overview": PAGES.overview(NOW),
    "service": PAGES.service("passport-renewal", None, NOW),
    "month": PAGES.service("passport-renewal", MAY, NOW),
    "hour": PAGES.service("passport-renewal", HOUR, NOW),
    "empty service": PAGES.service("lost-passport", None, NOW),
    "touchpoint": PAGES.touchpoint("passport-renewal", "renewal-photo", None, NOW),
    "empty touchpoint": PAGES.touchpoint("lost-passport", "report", None, NOW),
    "agency": PAGES.agency("passport-office", None, NOW),
    "profiles": PAGES.profiles("passport-renewal", None, NOW),
    "empty profiles": PAGES.profiles("lost-passport", None, NOW),
    "improvements": PAGES.improvements("passport-renewal"),
    "no improvements": PAGES.improvements("lost-passport"),
    "governance": PAGES.governance(NOW),
    "problem": PAGES.problem("Not Found", "service: unknown; did you mean 'x'?"),
}
each_page = pytest.mark.parametrize("html", ALL.values(), ids=ALL.keys())


@cache
def service_page() -> Element:
    return parse(ALL["service"])


@each_page
def test_every_tag_is_closed_in_its_turn_and_every_id_is_unique(html: str) -> None:
    ids = [element.attributes["id"] for element in parse(html).all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))


@each_page
def test_a_page_has_a_language_a_title_one_of_each_landmark_and_a_way_past_the_head(
    html: str,
) -> None:
    page = parse(html)
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("head").one("title").text
    landmarks = [len(list(page.one("body").all(tag))) for tag in ("header", "main", "footer")]
    assert landmarks == [1, 1, 1]
    skip = next(page.one("body").all("a"))
    assert skip.attributes["href"] == "#" + page.one("main").attributes["id"]


@each_page
def test_headings_begin_with_one_h1_and_skip_no_level(html: str) -> None:
    levels = [int(h.tag[1]) for h in parse(html).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


@each_page
def test_every_section_and_picture_is_named_by_something_on_the_page(html: str) -> None:
    page = parse(html)
    ids = {element.attributes.get("id") for element in page.all()}
    named = [
        reference
        for element in page.all()
        for reference in element.attributes.get("aria-labelledby", "").split()
    ]
    assert set(named) <= ids
    assert all("aria-labelledby" in section.attributes for section in page.all("section"))
    for svg in page.all("svg"):
        hidden = svg.attributes.get("aria-hidden") == "true"
        titled = svg.attributes.get("role") == "img" and any(svg.all("title"))
        assert hidden != titled


@each_page
def test_every_table_has_a_caption_and_every_header_a_scope(html: str) -> None:
    for table in parse(html).all("table"):
        assert table.one("caption").text
        assert {header.attributes.get("scope") for header in table.all("th")} <= {
            "col",
            "row",
            "rowgroup",
        }
        assert all(any(row.all("th")) for row in table.all("tr"))


@each_page
def test_nothing_runs_and_nothing_comes_from_elsewhere(html: str) -> None:
    page = parse(html)
    assert not list(page.all("script", "iframe", "object", "embed", "link", "img", "form"))
    attributes = [pair for element in page.all() for pair in element.attributes.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
    links = [value for name, value in attributes if name in {"href", "src"}]
    assert all(link.startswith(("/", "#", "?")) and not link.startswith("//") for link in links)
    assert not re.search(r"url\(|@import|https?:", html)


@each_page
def test_the_policy_lets_in_exactly_the_pages_own_style(html: str) -> None:
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert PAGES.policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    )


def test_words_of_the_catalogue_and_of_messages_are_text_and_never_markup() -> None:
    hostile = catalogue().model_copy(
        update={
            "agencies": tuple(
                agency.model_copy(
                    update={
                        "services": tuple(
                            service.model_copy(update={"name": HOSTILE, "owner": HOSTILE})
                            for service in agency.services
                        )
                    }
                )
                for agency in catalogue().agencies
            )
        }
    )
    ended = message("journeys_ended", distribution={HOSTILE: 3})
    shown = Pages(Cards(hostile, Publication.of([ended]), AUTHORITY))
    for html in (shown.overview(NOW), shown.service("passport-renewal", None, NOW)):
        assert HOSTILE not in html
        assert "&lt;script&gt;" in html


def test_the_map_is_an_ordered_list_of_stages_with_their_touchpoints() -> None:
    [stages] = [
        ol for ol in service_page().all("ol") if "map" in ol.attributes.get("class", "").split()
    ]
    told = [
        (stage.one("h3").text, [name.text for name in stage.all("h4")])
        for stage in stages.all("li")
        if stage.attributes.get("class") == "stage"
    ]
    assert told[0] == ("Need", ["Your passport expires"])
    assert told[-1] == ("Follow-up", ["Collection of the passport"])
    assert [name for name, _ in told] == ["Need", "Information", "Transaction", "Follow-up"]


def cards() -> dict[str, str]:
    found = (li for li in service_page().all("li") if "card" in li.attributes.get("class", ""))
    return {card.one("h4").text: card.text for card in found if list(card.all("h4"))}


def test_a_card_tells_people_drop_off_with_its_reasons_and_satisfaction_with_n() -> None:
    photo = cards()["Photo"]
    assert "Journeys 1,015" in photo
    assert "Ended here 9.4% 7.6% to 11.2% , n 1,015 abandoned 54, expired 31, error 10" in photo
    assert "Of these, asked for help 29.5% 20.3% to 38.6% , n 95" in photo
    assert "Satisfaction 55.6% 44.7% to 66.4% , n 81" in photo
    assert "Trust 49.4% 38.5% to 60.3% , n 81" in photo
    assert "More leave here than elsewhere" in photo


def test_no_answers_few_answers_and_hidden_answers_are_told_apart_in_words() -> None:
    told = cards()
    assert "Satisfaction no answers" in told["Passport ready"]
    assert "Few: only 17, read with care" in told["Call to the passport line"]
    assert "Satisfaction hidden Hidden: too few answers" in told["Payment"]


def test_hidden_numbers_are_nowhere_on_the_page() -> None:
    few = {"touchpoint": "guidance", "state": PublishState.SUPPRESSED, "n": 4}
    marked = message(
        "satisfaction.linear", value=0.4321, ci_low=0.1234, ci_high=0.8765, numerator=3, **few
    )
    shown = Pages(Cards(catalogue(), Publication.of([marked]), AUTHORITY))
    html = shown.service("passport-renewal", None, NOW)
    html += shown.touchpoint("passport-renewal", "guidance", None, NOW)
    assert not re.search(r"43\.2|12\.3|87\.6", html)


def test_every_score_has_value_interval_n_and_formula_in_its_row() -> None:
    rows = {
        row.one("code").text.replace(". ", "."): row
        for row in service_page().all("tr")
        if any(row.all("code"))
    }
    cells = [cell.text for cell in rows["completion_rate.live"].all("td")]
    assert cells == [
        "84.6%",
        "82.5% to 86.6%",
        "1,180 journeys",
        "Provisional: can still change",
        "completion_rate. live",
    ]


def test_on_a_narrow_screen_a_cell_still_says_what_it_is() -> None:
    tables = [t for t in service_page().all("table") if t.attributes.get("class") == "scores"]
    for table in tables:
        heads = [head.text for head in table.one("thead").all("th")]
        labels = {
            tuple(cell.attributes["data-label"] for cell in row.all("td"))
            for row in table.all("tr")
            if any(row.all("td"))
        }
        assert labels == {tuple(heads[1:])}
        roles = {element.attributes.get("role") for element in table.all("tr", "th", "td")}
        assert None not in roles


def test_the_chosen_period_is_marked_as_the_current_page() -> None:
    current = [
        a for a in parse(ALL["month"]).all("a") if a.attributes.get("aria-current") == "page"
    ]
    assert [(a.text, a.attributes["aria-label"]) for a in current] == [("May", "May 2026")]


def test_every_chart_has_its_numbers_as_a_table_too() -> None:
    for figure in service_page().all("figure"):
        assert figure.one("desc").text
        months = [row.one("th").text for row in figure.one("tbody").all("tr")]
        assert months[0] == "January 2026"
        assert len(months) == 9


def test_a_service_without_numbers_says_so() -> None:
    main = parse(ALL["empty service"]).one("main")
    told = main.text
    assert "Nothing was measured in this period." in told
    assert "No journey ended in this period." in told
    numbers = [s.text for s in main.all("span") if "number" in s.attributes["class"].split()]
    assert {"no journeys", "no answers", "only told of longer periods"} <= set(numbers)
    assert not [number for number in numbers if any(map(str.isdigit, number))]


def sections() -> dict[str, str]:
    return {one.attributes["aria-labelledby"]: one.text for one in service_page().all("section")}


def test_a_service_tells_every_theme_with_what_belongs_to_it() -> None:
    told = {
        "changed": "Revisions",
        "leaving": "Where, and why",
        "paths": "Most frequent ways",
        "contacts": "Avoidable contacts for a reason",
        "channels": "From one channel to another",
        "opinion": "What moved the opinion",
        "surveys": "Surveys turned down",
        "loyalty": "Came back by the same channel",
        "time": "Half stayed in the stage up to",
        "quality": "Joined to no journey",
        "months": "18 May 2026, Photo",
    }
    shown = sections()
    assert {id_: words for id_, words in told.items() if words not in shown[id_]} == {}


def test_the_flow_is_a_picture_and_a_table_of_the_same_moves() -> None:
    page = service_page()
    titles = [
        title.text
        for svg in page.all("svg")
        if svg.attributes.get("class") == "flow"
        for title in svg.all("title")
    ]
    assert "Start of the renewal to Photo: 874 journeys" in titles
    assert "Start of the renewal Photo 874" in [row.text for row in page.all("tr")]


def test_what_is_told_of_no_hour_says_so() -> None:
    assert "not told of hours" in ALL["hour"]
    assert "of this period there is none" in ALL["hour"]


def test_an_improvement_tells_found_owner_change_before_after_and_how_far_to_trust_it() -> None:
    told = parse(ALL["improvements"]).one("main").text
    assert "Owner Photo team" in told
    assert "Ended here, March 2026: 17.0%" in told
    assert "April 2026 June 2026 Difference" in told
    assert "Association: nothing else was compared, so it proves no effect." in told
    assert "Association so far" in told


def test_the_pages_lead_to_each_other_in_the_same_period() -> None:
    links = [a.attributes["href"] for a in parse(ALL["month"]).all("a")]
    assert "/services/passport-renewal/touchpoints/renewal-photo?period=2026-05" in links
    assert "/agencies/passport-office" in links
    assert "/services/passport-renewal/improvements" in links
