"""A source or survey that leaves open by which right, and the sentence it is refused with."""

from pathlib import Path

from deploy.contracts import declarations
from deploy.contracts.__main__ import CATALOGUE, SOURCES

MUNICIPALITY = CATALOGUE / "municipality.yaml"


def without(path: Path, line: str) -> str:
    """A shipped file without the first line of this text."""
    text = path.read_text(encoding="utf-8")
    assert line in text
    return text.replace(line, "", 1)


def test_what_is_shipped_declares_everything() -> None:
    assert declarations.of_sources("sources.yaml", SOURCES.read_text(encoding="utf-8")) == []
    for path in CATALOGUE.glob("*.yaml"):
        assert declarations.of_surveys(path.name, path.read_text(encoding="utf-8")) == []


def test_a_source_without_a_basis_is_named_with_what_to_write() -> None:
    [told] = declarations.of_sources(
        "sources.yaml", without(SOURCES, "    lawful_basis: public_task\n")
    )
    assert told.startswith("sources.yaml: sources.permit-web.lawful_basis: missing. Which of GDPR")


def test_a_survey_that_leaves_open_whether_it_is_joined_is_named_with_what_to_write() -> None:
    text = without(MUNICIPALITY, "        linkable: false\n")
    [told] = declarations.of_surveys("m.yaml", text)
    assert told.startswith("m.yaml: services.building-permit.instruments.permit-page.linkable:")
    assert "missing" in told
    assert "Write true where the notice" in told


def test_a_catalogue_that_cannot_be_read_is_told_as_it_is() -> None:
    assert declarations.of_surveys("m.yaml", "agency: [")[0].startswith("m.yaml: not YAML")
