"""The catalogue is read from a file or a folder."""

from pathlib import Path

import pytest

from schemas.yaml_file import FileRefused
from services.publish.adapters.catalogue_files import read

YAML = """
agency: {agency}
contact: x@example.org
services:
  - {{id: {agency}-permit, name: Permit, owner: Head, time_zone: Europe/Paris, touchpoints: [
      {{id: form, name: Form, stage: transaction, channels: [website]}}]}}
"""


def written(place: Path, agency: str) -> Path:
    place.write_text(YAML.format(agency=agency), encoding="utf-8")
    return place


def test_a_folder_is_read_in_the_order_of_its_files(tmp_path: Path) -> None:
    written(tmp_path / "b.yaml", "beta")
    written(tmp_path / "a.yaml", "alpha")
    written(tmp_path / "notes.txt", "gamma")
    assert list(read(tmp_path).services) == ["alpha-permit", "beta-permit"]


def test_one_file_is_a_catalogue_too(tmp_path: Path) -> None:
    assert list(read(written(tmp_path / "one.yaml", "alpha")).services) == ["alpha-permit"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"gone\.yaml: No such file"):
        read(tmp_path / "gone.yaml")


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="THROUGHLINE_CATALOGUE names a file or folder"):
        read(tmp_path)
