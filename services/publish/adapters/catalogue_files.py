"""The service catalogue from its files."""

from pathlib import Path

from schemas.catalogue import Catalogue, load
from schemas.yaml_file import FileRefused


def read(place: Path) -> Catalogue:
    """The catalogue in a file or in all *.yaml of a folder. Raises FileRefused."""
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    try:
        return load((str(file), file.read_text(encoding="utf-8")) for file in files)
    except OSError as error:
        raise FileRefused(f"{place}: {error.strerror}") from None
