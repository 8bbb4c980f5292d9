"""The options that say which rejections a command is about."""

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from schemas.vocabulary import Reason
from services.ingest.domain.selection import Selection


class _Moment(click.ParamType):
    """ISO 8601; without an offset it is UTC, without a time midnight."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment; ends the command when there is none in it."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-03-01 or 2026-03-01T09:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command a `selection`."""

    @click.option(
        "--reason",
        "reasons",
        multiple=True,
        type=click.Choice([reason.value for reason in Reason]),
        metavar="REASON",
        help="Only those refused for it; may be given more than once.",
    )
    @click.option("--source", "sources", multiple=True, help="Only of this source; likewise.")
    @click.option("--since", type=_Moment(), help="Only what was refused then or later (ISO, UTC).")
    @click.option("--until", type=_Moment(), help="Only what was refused before.")
    @functools.wraps(command)
    def chosen(
        reasons: tuple[str, ...],
        sources: tuple[str, ...],
        since: datetime | None,
        until: datetime | None,
        **others: Any,
    ) -> None:
        selection = Selection(frozenset(reasons), frozenset(sources), since, until)
        command(selection=selection, **others)

    return chosen
