"""A CSV file of any size, read in the order of its times: an index of (time, place), then seeks."""

import csv
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from schemas.yaml_file import nearest
from services.ingest.domain.csv_log import LogReader, Row

_ENCODING = "utf-8"


class ImportRefused(Exception):
    """The import cannot begin or go on; the message is for whoever typed the command."""


class LogFile:
    """The rows of a file in event-time order; ties keep the order of the file."""

    def __init__(self, path: Path, reader: LogReader) -> None:
        self._path = path
        self._reader = reader
        self._header: list[str] = []
        self._places = array("q")
        self._order: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self._places)

    def index(self, bytes_read: Callable[[int], None]) -> None:
        """Read the whole file once; raises ImportRefused when it is not the CSV of the mapping."""
        times = array("q")
        with self._path.open("rb") as file:
            for place, original, cells in self._records(file):
                bytes_read(len(original))
                if not self._header:
                    self._take_header(cells)
                    continue
                self._places.append(place)
                times.append(self._reader.order(self._named(cells)))
        if not self._header:
            raise ImportRefused(f"{self._path}: is empty")
        self._order = array("q", sorted(range(len(times)), key=times.__getitem__))

    def rows(self, start: int, count: int) -> list[Row]:
        """Rows `start` to `start + count` of the order, read from the file."""
        with self._path.open("rb") as file:
            return [self._row(file, position) for position in self._order[start : start + count]]

    def _row(self, file: BinaryIO, position: int) -> Row:
        file.seek(self._places[position])
        _, original, cells = next(self._records(file))
        return Row(position + 1, original, self._named(cells))

    def _records(self, file: BinaryIO) -> Iterator[tuple[int, bytes, list[str]]]:
        """Each record with its place and bytes; a record may be several lines long."""
        place, lines = file.tell(), list[bytes]()
        records = csv.reader(_decoded(file, lines), delimiter=self._reader.mapping.delimiter)
        try:
            for cells in records:
                original = b"".join(lines)
                yield place, original, cells
                place += len(original)
                lines.clear()
        except csv.Error as fault:
            raise ImportRefused(f"{self._path}: byte {place}: not CSV: {fault}") from None

    def _named(self, cells: list[str]) -> dict[str, str]:
        return dict(zip(self._header, cells, strict=False))

    def _take_header(self, cells: list[str]) -> None:
        self._header = [cell.removeprefix("\ufeff").strip() for cell in cells]
        for what, column in self._reader.mapping.columns.named().items():
            if column not in self._header:
                hint = nearest(column, self._header)
                raise ImportRefused(f"{self._path}: no column {column!r} (columns.{what}); {hint}")


def _decoded(file: BinaryIO, lines: list[bytes]) -> Iterator[str]:
    for line in file:
        lines.append(line)
        yield line.decode(_ENCODING, errors="surrogateescape")
