"""`python -m services.ingest serve | import | explain | access | keys | rejected`.

Each command is a few lines; `serving.py` puts the server together, `program` holds what commands
share.
"""

import asyncio
import json
from pathlib import Path
from typing import BinaryIO

import click
import prometheus_client as prometheus
import structlog
from rich.console import Console

from schemas.codec import SchemaViolation, decode
from schemas.topics import JOURNEYS
from services.ingest.adapters.kafka_log import KafkaLog
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.adapters.tick_log import KafkaTickLog
from services.ingest.collect import Collector
from services.ingest.commands.access import accessed
from services.ingest.commands.explain import NothingToExplain, captured, explain_body
from services.ingest.commands.import_log import Importer, account
from services.ingest.commands.import_plan import Plan, prepare
from services.ingest.commands.import_progress import Progress
from services.ingest.commands.log_file import ImportRefused
from services.ingest.domain.erasure import ErasureRefused, Meant
from services.ingest.domain.rules import Rules
from services.ingest.feed import ClockFeeder
from services.ingest.program.keys import keys_commands
from services.ingest.program.rejected import rejected_commands
from services.ingest.program.running import EDGE, answer, end, publishing, start
from services.ingest.serving import serving
from services.ingest.settings import Settings, StartRefused

_log = structlog.get_logger()
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Admit what channels report: check it, hide who it was, and put it on Kafka.

    Without a command it serves. Settings are THROUGHLINE_ variables; see docs/reference.md.
    """
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Serve the public listener (events) and the inside one (health, metrics, clocks).

    SIGTERM: not ready, wait, stop accepting, finish what was begun, exit 0.
    """
    settings, rules = start()
    _log.info("ingest.starting", **settings.model_dump(mode="json"))
    try:
        asyncio.run(serving(settings, rules, EDGE))
    except StartRefused as refused:
        end(refused)


@main.command("import")
@click.argument("log", type=_FILE)
@click.option("--mapping", required=True, type=_FILE, help="What columns and values mean (YAML).")
@click.option("--finish", is_flag=True, help="End the clock after the last row: all is final.")
@click.option("--bootstrap", help="The broker; by default THROUGHLINE_KAFKA_BOOTSTRAP.")
def import_command(log: Path, mapping: Path, bootstrap: str | None, *, finish: bool) -> None:
    """Import the event log LOG (CSV), in the order of its times, on a clock of its own.

    Rows go through the same admission as HTTP. How far it is stands in LOG.progress: the same
    command goes on there after whatever stopped it.
    """
    settings, rules = start()
    console = Console(stderr=True)
    try:
        plan = prepare(log, mapping, rules)
        work = _import(settings.at(bootstrap), rules, plan, console, finish=finish)
        Console().print(account(asyncio.run(work)))
    except ImportRefused as refused:
        raise click.ClickException(str(refused)) from None
    except KeyboardInterrupt:
        raise click.ClickException("interrupted; the same command goes on") from None


async def _import(
    settings: Settings, rules: Rules, plan: Plan, console: Console, *, finish: bool
) -> Progress:
    telemetry = IngestTelemetry(prometheus.CollectorRegistry(), rules.sources.values())
    async with publishing(settings, telemetry) as publisher:
        feeder = ClockFeeder(publisher, KafkaTickLog(settings.kafka_as_reader))
        importer = Importer(plan, Collector(rules, publisher, telemetry, EDGE), feeder, console)
        return await importer.run(is_last=finish)


@main.command("explain")
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


@main.command("access")
@click.argument("person", type=click.File("rb"))
def access_command(person: BinaryIO) -> None:
    """Show the journeys of one PERSON (a file, or - for standard input), as JSON.

    PERSON is {"agency": "town", "people": [{"kind": "citizen", "issuer": "town", "id": "42"}]}, as
    for an erasure. THROUGHLINE_INGEST_READER_USER_FILE must be an auditor's: ingest itself may not
    read journeys. What comes out is about somebody: hand it to them and to nobody else.
    """
    settings, rules = start()
    log = KafkaLog(settings.kafka_as_reader, JOURNEYS)
    try:
        told = answer(accessed(decode(Meant, person.read()), rules, log))
    except (SchemaViolation, ErasureRefused) as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


main.add_command(keys_commands)
main.add_command(rejected_commands)

if __name__ == "__main__":
    main(prog_name="python -m services.ingest")
