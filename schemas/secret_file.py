"""Files that a setting names: that of a user, and those that must be there to be read."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator


def read_user(file: Path) -> tuple[str, str]:
    """The user and the password in a file of one line, `user:password`. Raises ValueError, which
    never shows what is in it.
    """
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from None
    user, _, password = text.partition(":")
    if not user or not password or "\n" in text:
        raise ValueError(f"{file}: must be one line, user:password")
    return user, password


def _holds_a_user(file: Path) -> Path:
    read_user(file)
    return file


def _is_there(file: Path) -> Path:
    if not file.is_file():
        raise ValueError(f"{file}: there is no such file")
    return file


UserFile = Annotated[Path, AfterValidator(_holds_a_user)]
ReadFile = Annotated[Path, AfterValidator(_is_there)]
