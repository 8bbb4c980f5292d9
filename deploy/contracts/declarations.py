"""What sources and surveys must declare before anybody is measured: a sentence for each that does
not.

Ingest refuses a source without its right to send. A survey without `linkable` it takes for one
whose answers join nothing, which does no harm; but somebody must have looked at the notice, so here
the word has to be written.
"""

from collections.abc import Iterator

from schemas.catalogue import AgencyCatalogue
from schemas.instrument import Instrument
from schemas.sources import Sources
from schemas.yaml_file import FileRefused, parse


def of_sources(file: str, text: str) -> list[str]:
    """What a file of sources is refused for, its rights to send among it."""
    try:
        parse(Sources, text, file)
    except FileRefused as refused:
        return str(refused).split("\n")
    return []


def of_surveys(file: str, text: str) -> list[str]:
    """A sentence for each survey of a catalogue that leaves open whether its answers are joined."""
    try:
        catalogue = parse(AgencyCatalogue, text, file)
    except FileRefused as refused:
        return str(refused).split("\n")
    return [
        f"{file}: services.{service}.instruments.{survey.id}.linkable: missing. Write true where "
        "the notice of the survey says that its answers are joined to the journey, else false."
        for service, survey in _surveys(catalogue)
        if "linkable" not in survey.model_fields_set
    ]


def _surveys(catalogue: AgencyCatalogue) -> Iterator[tuple[str, Instrument]]:
    for service in catalogue.services:
        for survey in service.instruments:
            yield service.id, survey
