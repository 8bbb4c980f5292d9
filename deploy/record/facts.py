"""What the two documents are made from, and the few words that people need for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from schemas.access import Access, Classification
from schemas.catalogue import AgencyCatalogue, Catalogue, Service, load
from schemas.instrument import Instrument
from schemas.lawfulness import ARTICLE_OF_BASIS, ARTICLE_OF_CATEGORY, SpecialCategory
from schemas.sources import Source, Sources
from schemas.stewardship import DATA_SETS, DataSet
from schemas.yaml_file import parse

ROOT = Path(__file__).resolve().parents[2]
SOURCES, CATALOGUE = ROOT / "deploy" / "sources.yaml", ROOT / "deploy" / "catalogue"


@dataclass(frozen=True)
class Facts:
    """Catalogue, sources and contracts, read together."""

    catalogue: Catalogue
    sources: tuple[Source, ...]
    data_sets: tuple[DataSet, ...] = DATA_SETS

    @property
    def personal(self) -> tuple[DataSet, ...]:
        """The topics that hold data of persons."""
        return tuple(d for d in self.data_sets if d.classification is Classification.PERSONAL)

    def of_agency(self, agency: AgencyCatalogue) -> tuple[Source, ...]:
        """Its sources."""
        return tuple(one for one in self.sources if one.agency == agency.agency)

    def surveys(self) -> Iterator[tuple[Service, Instrument]]:
        """Every survey with the service that asks."""
        for service in self.catalogue.services.values():
            for survey in service.instruments:
                yield service, survey

    def readers(self) -> dict[str, list[DataSet]]:
        """What of persons each role reads."""
        found: dict[str, list[DataSet]] = {}
        for data_set in self.personal:
            for role in data_set.granted(Access.READ):
                found.setdefault(role, []).append(data_set)
        return dict(sorted(found.items()))


def read() -> Facts:
    """The facts of the files that are shipped. Raises FileRefused."""
    files = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(CATALOGUE.iterdir())]
    sources = parse(Sources, SOURCES.read_text(encoding="utf-8"), SOURCES.name)
    return Facts(load(files), sources.sources)


def basis(source: Source) -> str:
    """A lawful basis with its article."""
    return f"{_words(source.lawful_basis)}, {ARTICLE_OF_BASIS[source.lawful_basis]}"


def category(source: Source) -> str:
    """A special category with its article; none."""
    if source.special_category is SpecialCategory.NONE:
        return "none"
    return f"{_words(source.special_category)}, {ARTICLE_OF_CATEGORY[source.special_category]}"


def kept(data_set: DataSet) -> str:
    """How long a topic keeps a record."""
    return "the newest of each key" if data_set.kept is None else days(data_set.kept)


def days(length: timedelta) -> str:
    """A length in days."""
    return f"{length.days:,} days"


def _words(term: str) -> str:
    return term.replace("_", " ")
