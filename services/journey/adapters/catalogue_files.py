"""Reads the catalogue and the sources from disk, and says what is wrong between them."""

from datetime import timedelta
from pathlib import Path

from schemas.catalogue import Catalogue, check, load
from schemas.sources import Sources
from schemas.topics import JOURNEYS, topic
from schemas.yaml_file import FileRefused, parse


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in a file or in the *.yaml of a folder. Raises FileRefused."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return load((str(file), _text(file)) for file in files)


def read_checked(catalogue_path: Path, sources_path: Path) -> Catalogue:
    """The catalogue, when what sources and topics promise fits it. Raises FileRefused."""
    catalogue = read_catalogue(catalogue_path)
    sources = parse(Sources, _text(sources_path), str(sources_path))
    retention = timedelta(milliseconds=int(topic(JOURNEYS).configuration["retention.ms"]))
    told = [*sources.check(catalogue), *check(catalogue, sources.max_delays(), retention)]
    if told:
        raise FileRefused("\n".join(told))
    return catalogue


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(f"{file}: cannot be read: {error}") from None
