"""Who may read what on the inside listeners: Prometheus its numbers, people the exact scorecard."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings

from schemas.listen_address import address_of, stays_on_this_machine
from schemas.model import Contract, Name, Sha256
from schemas.token import NotAllowed, allowed
from schemas.vocabulary import Scope
from schemas.yaml_file import FileRefused, parse

CHALLENGE = 'Bearer realm="throughline"'
"""What a 401 says in WWW-Authenticate."""
_OPEN = {"/livez", "/readyz"}
_WHOSE = "a reader in THROUGHLINE_INSIDE_READERS"


class InsideReader(Contract):
    """A person or program. Several tokens while one takes the place of another; only their hashes
    are here.
    """

    id: Name
    token_sha256: Annotated[tuple[Sha256, ...], Field(min_length=1)]
    may: Annotated[tuple[Scope, ...], Field(min_length=1)]


class InsideReaders(Contract):
    """The file of readers."""

    readers: Annotated[tuple[InsideReader, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_reader_a_token(self) -> Self:
        tokens = [token for one in self.readers for token in one.token_sha256]
        if len(tokens) != len(set(tokens)):
            raise ValueError("two readers have the same token")
        return self


def read(file: Path) -> Sequence[InsideReader]:
    """Who is in the file. Raises FileRefused."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise FileRefused(f"{file}: {error.strerror}") from None
    return parse(InsideReaders, text, str(file)).readers


def needed(path: str) -> Scope | None:
    """What one must be allowed to see a path; whoever starts and stops us may ask how we are."""
    if path in _OPEN:
        return None
    return Scope.METRICS if path == "/metrics" else Scope.SCORECARD


class Gate:
    """Lets in who may read. Without a file that is everybody on the machine; with one it is read
    again as soon as it is another. One that cannot be read changes nothing: a log is `told`.
    """

    def __init__(self, file: Path | None, told: Callable[..., object]) -> None:
        self._file = file
        self._told = told
        self._seen = _look(file) if file else None
        self._readers: Sequence[InsideReader] = read(file) if file else ()

    def refusal(self, path: str, authorization: str | None) -> NotAllowed | None:
        """Why this request is not answered; None where it is."""
        scope = needed(path)
        if self._file is None or scope is None:
            return None
        try:
            allowed(self._now(self._file), authorization or "", scope, _WHOSE)
        except NotAllowed as denied:
            return denied
        return None

    def _now(self, file: Path) -> Sequence[InsideReader]:
        if (seen := _look(file)) != self._seen:
            self._seen = seen
            try:
                self._readers = read(file)
            except FileRefused as refused:
                self._told("inside.readers_refused", problem=str(refused))
        return self._readers


def _look(file: Path) -> tuple[int, ...] | None:
    """What is another as soon as the file is."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _holds_readers(file: Path) -> Path:
    read(file)
    return file


class InsideSettings(BaseSettings):
    """What every service is told of who reads its inside listener."""

    inside_readers: Annotated[Path, AfterValidator(_holds_readers)] | None = Field(
        None,
        description="who may read inside listeners, by hashes of tokens (YAML); "
        "needed where one is not on loopback",
    )

    @model_validator(mode="after")
    def _is_read_by_who_is_known(self) -> Self:
        for name in type(self).model_fields:
            if name.endswith("_inside") and self.inside_readers is None:
                host, _ = address_of(getattr(self, name))
                if not stays_on_this_machine(host):
                    raise ValueError(
                        f"{name}: {host} is not loopback; name in inside_readers who may read "
                        "there (docs/securing.md)"
                    )
        return self
