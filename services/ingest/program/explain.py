"""`explain`."""

import json
from typing import BinaryIO

import click

from services.ingest.commands.explain import NothingToExplain, captured, explain_body
from services.ingest.program.running import EDGE, start


@click.command("explain")
@click.argument("body", type=click.File("rb"))
@click.option("--source", required=True, help="The id of the source that would send it.")
@click.option("--header", "headers", multiple=True, help="NAME:VALUE, for binary CloudEvents.")
def explain_command(body: BinaryIO, source: str, headers: tuple[str, ...]) -> None:
    """Tell what would become of the events in BODY (a file, or - for standard input).

    BODY is what a client sends, in any protocol: a whole HTTP request as it was captured, from its
    `POST /path HTTP/1.1` on, or the body alone. Nothing is sent, and no server is needed.
    """
    _, rules = start()
    pairs = (header.partition(":") for header in headers)
    named = {name.strip().lower(): value.strip() for name, _, value in pairs}
    try:
        told = explain_body(rules, EDGE, source, captured(body.read(), named))
    except NothingToExplain as nothing:
        raise click.ClickException(str(nothing)) from None
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))
