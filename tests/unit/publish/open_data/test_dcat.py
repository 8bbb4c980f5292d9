"""The catalogue has what DCAT-AP 3 and DCAT-US 3 require, checked by SHACL shapes of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCTERMS, RDF, Graph, Namespace, URIRef

from services.publish.domain.open_data.site import CATALOGUE
from tests.unit.publish.open_data.opened import ABOUT, FIRST, MONTH, REVISED, opened, records

# rdflib's own to mend
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
SHAPES = Graph().parse(Path(__file__).with_name("dcat_shapes.ttl"))
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own is that of DCAT 2
DQV = Namespace("http://www.w3.org/ns/dqv#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")


@pytest.fixture
def graph() -> Graph:
    return Graph().parse(data=opened().files[CATALOGUE], format="json-ld")


def conforms(graph: Graph) -> bool:
    found, _, _ = validate(graph, shacl_graph=SHAPES)
    return bool(found)


def test_it_conforms(graph: Graph) -> None:
    found, _, told = validate(graph, shacl_graph=SHAPES)
    assert found, told


REQUIRED = [
    (DCAT.Catalog, DCTERMS.title),
    (DCAT.Catalog, DCTERMS.publisher),
    (DCAT.Catalog, DCAT.dataset),
    (DCAT.Dataset, DCTERMS.description),
    (DCAT.Dataset, DCTERMS.identifier),
    (DCAT.Dataset, DCAT.contactPoint),
    (DCAT.DatasetSeries, DCTERMS.title),
    (DCAT.Distribution, DCAT.accessURL),
    (FOAF.Agent, FOAF.name),
    (VCARD.Organization, VCARD.fn),
]


@pytest.mark.parametrize(("what", "field"), REQUIRED)
def test_without_a_required_field_it_does_not(graph: Graph, what: URIRef, field: URIRef) -> None:
    for one in list(graph.subjects(RDF.type, what)):
        graph.remove((one, field, None))
    assert not conforms(graph)


def datasets(graph: Graph) -> Iterator[URIRef]:
    return (one for one in graph.subjects(RDF.type, DCAT.Dataset) if isinstance(one, URIRef))


def test_every_period_of_every_owner_is_a_data_set_of_a_series(graph: Graph) -> None:
    owners = {(one.dimensions.service, one.period, one.period_start) for one in records()}
    assert len(list(datasets(graph))) == len(owners)
    for one in datasets(graph):
        (series,) = graph.objects(one, DCAT.inSeries)
        assert (series, RDF.type, DCAT.DatasetSeries) in graph


def test_every_revision_is_a_distribution_that_can_be_fetched(graph: Graph) -> None:
    month = URIRef(f"{ABOUT.url}{MONTH}")
    files = {
        str(graph.value(one, DCAT.downloadURL)) for one in graph.objects(month, DCAT.distribution)
    }
    assert files == {f"{ABOUT.url}{MONTH}/{day}.csv" for day in (FIRST, REVISED)}
    assert {file.removeprefix(ABOUT.url) for file in files} <= opened().files.keys()


def test_quality_is_measured_in_rounded_numbers(graph: Graph) -> None:
    month = URIRef(f"{ABOUT.url}{MONTH}")
    found: dict[str, list[float]] = {}
    for one in graph.objects(month, DQV.hasQualityMeasurement):
        name = str(graph.value(one, DQV.isMeasurementOf)).rsplit("-", 1)[-1]
        found.setdefault(name, []).append(float(str(graph.value(one, DQV.value))))
    assert found.keys() == {"told", "reliable", "n"}
    assert 0 < found["told"][0] < 1
    assert {n % 5 for n in found["n"]} == {0}
