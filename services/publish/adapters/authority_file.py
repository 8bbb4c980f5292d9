"""Who decides, from its file."""

from pathlib import Path

from schemas.authority import Authority, read
from schemas.yaml_file import FileRefused


def read_authority(file: Path) -> Authority:
    """The file, with who holds its offices. Raises FileRefused."""
    try:
        return read(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise FileRefused(f"{file}: {error.strerror}") from None
