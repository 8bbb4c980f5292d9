"""Who may send, and what the file of sources is refused for."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from schemas.catalogue import load
from schemas.lawfulness import (
    ARTICLE_OF_BASIS,
    ARTICLE_OF_CATEGORY,
    LawfulBasis,
    SpecialCategory,
)
from schemas.sources import Sources
from schemas.yaml_file import FileRefused, parse
from tests.unit.schemas.test_catalogue import catalogue, text

SOURCE: dict[str, Any] = {
    "id": "portal",
    "agency": "municipality",
    "lawful_basis": "public_task",
    "notice_url": "https://municipality.example/privacy",
    "special_category": "none",
    "protocols": ["cloudevents"],
    "token_sha256": ["ab" * 32],
    "services": ["permit"],
    "channels": ["website"],
}


def sources(*changes: dict[str, Any]) -> Sources:
    content = {"sources": [SOURCE | change for change in changes or ({},)]}
    return parse(Sources, yaml.safe_dump(content), "sources.yaml")


def test_the_issuer_is_the_source_unless_it_is_said() -> None:
    found = sources({}, {"id": "app", "issuer": "login", "token_sha256": []})
    assert [s.issuer for s in found.sources] == ["portal", "login"]


@pytest.mark.parametrize(
    ("second", "what"),
    [({"token_sha256": []}, "a source"), ({"id": "app"}, "a token")],
)
def test_ids_and_tokens_are_declared_once(second: dict[str, Any], what: str) -> None:
    with pytest.raises(FileRefused, match=f"{what} is declared twice"):
        sources({}, second)


def test_a_token_in_the_clear_is_refused() -> None:
    with pytest.raises(FileRefused, match=r"token_sha256\.0"):
        sources({"token_sha256": ["secret"]})


def test_a_source_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(FileRefused, match=r"sources\.0"):
        parse(Sources, "sources: [portal]", "sources.yaml")


def test_sources_the_catalogue_knows_are_right() -> None:
    assert sources().check(catalogue()) == []


def test_an_unknown_service_is_named_with_the_nearest() -> None:
    assert sources({"services": ["permits"]}).check(catalogue()) == [
        "source portal: service 'permits' is unknown; did you mean 'permit'?"
    ]


def test_an_unknown_agency_is_named_with_the_nearest() -> None:
    assert sources({"agency": "municipalty"}).check(catalogue()) == [
        "source portal: agency 'municipalty' is unknown; did you mean 'municipality'?"
    ]


def test_a_source_sends_for_services_of_its_own_agency_alone() -> None:
    """The agency of an event is its source's, and that of a number must be its service's."""
    other = text("province", id="bridge")
    both = load([("a.yaml", text()), ("b.yaml", other)])
    assert sources({"services": ["permit", "bridge"]}).check(both) == [
        "source portal: service 'bridge' belongs to agency 'province'"
    ]


def test_the_largest_delay_of_a_service_counts_live_sources_only() -> None:
    found = sources(
        {"max_delay": "P2D"},
        {"id": "paper", "token_sha256": [], "max_delay": "P45D"},
        {"id": "log", "token_sha256": [], "max_delay": "P900D", "clock": "import-2011"},
    )
    assert found.max_delays() == {"permit": timedelta(days=45)}


@pytest.mark.parametrize(
    "change", [{"protocols": ["webhook"]}, {"webhook": {"layout": "formbricks"}}]
)
def test_a_webhook_and_its_settings_belong_together(change: dict[str, Any]) -> None:
    with pytest.raises(FileRefused, match="belong together: give both"):
        sources(change)
    both = sources({"protocols": ["webhook"], "webhook": {"layout": "formbricks"}})
    assert [source.webhook is not None for source in both.sources] == [True]


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("lawful_basis", "Write one of consent, contract, legal_obligation, vital_interests, "),
        ("notice_url", "Write its address, https://"),
        ("special_category", "Write one of none, explicit_consent, "),
    ],
)
def test_a_source_that_declares_no_right_to_send_is_named_with_what_to_write(
    field: str, what: str
) -> None:
    undeclared = {name: value for name, value in SOURCE.items() if name != field}
    with pytest.raises(FileRefused) as refused:
        parse(Sources, yaml.safe_dump({"sources": [undeclared]}), "town/sources.yaml")
    told = str(refused.value)
    assert told.startswith(f"town/sources.yaml: sources.portal.{field}: missing. ")
    assert what in told


def test_a_basis_is_one_of_the_law_and_a_notice_is_an_address() -> None:
    with pytest.raises(FileRefused, match=r"sources\.portal\.lawful_basis: Input should be 'cons"):
        sources({"lawful_basis": "because we can"})
    with pytest.raises(FileRefused, match=r"sources\.portal\.notice_url"):
        sources({"notice_url": "on the wall of the counter"})


def test_every_term_of_the_law_has_its_letter() -> None:
    assert [ARTICLE_OF_BASIS[one][-2] for one in LawfulBasis] == list("abcdef")
    assert ARTICLE_OF_CATEGORY.keys() == set(SpecialCategory) - {SpecialCategory.NONE}
    assert ARTICLE_OF_CATEGORY["substantial_public_interest"] == "Art. 9(2)(g)"
    assert ARTICLE_OF_CATEGORY["archiving_research_statistics"] == "Art. 9(2)(j)"
