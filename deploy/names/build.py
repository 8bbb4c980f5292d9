"""Write the lists by which ingest finds names: `python -m deploy.names.build [--check]`.

They come from Faker (MIT), which is kept and has them by country. Ingest reads files instead, since
Faker itself takes a second and 60 MB to load.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from services.ingest.domain.redaction import names

FOLDER = Path(names.__file__).parent
# Of Europe and who moves here, as far as written in Latin letters.
_COUNTRIES = (
    *("en_GB", "en_US", "en_IE", "en_NZ", "en_IN", "en_PK", "en_NG", "de_DE", "de_AT", "de_CH"),
    *("fr_FR", "fr_BE", "fr_CA", "fr_CH", "fr_DZ", "nl_NL", "nl_BE", "es_ES", "it_IT", "pt_PT"),
    *("pl_PL", "tr_TR", "ro_RO", "sv_SE", "da_DK", "fi_FI", "cs_CZ", "hu_HU", "hr_HR"),
)
_LANGUAGES = ("en_US", "de_DE", "fr_FR")
_NAME = re.compile(r"[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*")  # noqa: RUF001


def rendered() -> dict[str, str]:
    """Each list as text, by file name, a name on a line."""
    people = [_provider("person", country) for country in _COUNTRIES]
    texts = [_provider("lorem", language) for language in _LANGUAGES]
    words = {word.casefold() for one in texts for word in one.word_list}
    return {
        "first.txt": _lines(name for one in people for name in one.first_names),
        "last.txt": _lines(name for one in people for name in one.last_names),
        "words.txt": _lines(words),
    }


def _provider(kind: str, locale: str) -> Any:
    return import_module(f"faker.providers.{kind}.{locale}").Provider


def _lines(found: Iterable[str]) -> str:
    """Of a name of several words each that is capital: they may stand alone."""
    parts = {part for name in found for part in name.split() if _NAME.fullmatch(part)}
    return "".join(f"{part}\n" for part in sorted(parts))


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not current.")
def main(*, check: bool) -> None:
    """Write, or check, the lists of names."""
    for name, text in rendered().items():
        path = FOLDER / name
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise click.ClickException(
                f"{path.name}: Faker says otherwise: python -m {__spec__.name}"
            )


if __name__ == "__main__":
    main()
