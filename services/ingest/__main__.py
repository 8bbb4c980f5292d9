"""`python -m services.ingest serve | import | explain | access | keys | rejected`.

All that is real is chosen here. Each command is a few lines; `serving.py` puts the server together.
"""

import asyncio
import json
import logging
import os
import secrets
import sys
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar
from uuid import uuid4

import click
import prometheus_client as prometheus
import structlog
from rich.console import Console

from schemas.codec import SchemaViolation, decode
from schemas.topics import JOURNEYS
from services.ingest.adapters.kafka_log import KafkaLog, KafkaRejections, KafkaTouchpoints
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.adapters.tick_log import KafkaTickLog
from services.ingest.collect import Collector, Edge
from services.ingest.commands import rejected
from services.ingest.commands.access import accessed
from services.ingest.commands.choosing import choosing
from services.ingest.commands.explain import NothingToExplain, captured, explain_body
from services.ingest.commands.import_log import Importer, account
from services.ingest.commands.import_plan import Plan, prepare
from services.ingest.commands.import_progress import Progress
from services.ingest.commands.keys import Destruction, KeyRefused, destruction, listed_keys
from services.ingest.commands.log_file import ImportRefused
from services.ingest.domain.erasure import ErasureRefused, Meant
from services.ingest.domain.rules import Rules
from services.ingest.domain.sealing import NONCE_BYTES
from services.ingest.domain.selection import Selection
from services.ingest.feed import ClockFeeder
from services.ingest.sending import PublishFailed, on_audit
from services.ingest.serving import serving
from services.ingest.settings import Settings, StartRefused, load_rules, read_settings

EDGE = Edge(
    now=lambda: datetime.now(UTC),
    uid=uuid4,
    nonce=lambda: secrets.token_bytes(NONCE_BYTES),
)
_log = structlog.get_logger()
Answer = TypeVar("Answer")
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
    settings, rules = _start()
    _log.info("ingest.starting", **settings.model_dump(mode="json"))
    try:
        asyncio.run(serving(settings, rules, EDGE))
    except StartRefused as refused:
        _end(refused)


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
    settings, rules = _start()
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
    async with _publishing(settings, telemetry) as publisher:
        feeder = ClockFeeder(publisher, KafkaTickLog(settings.kafka_as_reader))
        importer = Importer(plan, Collector(rules, publisher, telemetry, EDGE), feeder, console)
        return await importer.run(is_last=finish)


@asynccontextmanager
async def _publishing(
    settings: Settings, telemetry: IngestTelemetry
) -> AsyncIterator[KafkaPublisher]:
    """A connected publisher, for the length of a command."""
    publisher = KafkaPublisher(settings.kafka, Limits(timeout_seconds=30), telemetry)
    await publisher.connect()
    try:
        yield publisher
    finally:
        await publisher.stop()


def _unread() -> IngestTelemetry:
    """Of a command that nobody scrapes."""
    return IngestTelemetry(prometheus.CollectorRegistry(), ())


@main.command("explain")
@click.argument("body", type=click.File("rb"))
@click.option("--source", required=True, help="The id of the source that would send it.")
@click.option("--header", "headers", multiple=True, help="NAME:VALUE, for binary CloudEvents.")
def explain_command(body: BinaryIO, source: str, headers: tuple[str, ...]) -> None:
    """Tell what would become of the events in BODY (a file, or - for standard input).

    BODY is what a client sends, in any protocol: a whole HTTP request as it was captured, from its
    `POST /path HTTP/1.1` on, or the body alone. Nothing is sent, and no server is needed.
    """
    _, rules = _start()
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
    settings, rules = _start()
    log = KafkaLog(settings.kafka_as_reader, JOURNEYS)
    try:
        told = _answer(accessed(decode(Meant, person.read()), rules, log))
    except (SchemaViolation, ErasureRefused) as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


@main.group("keys", invoke_without_command=True)
@click.pass_context
def keys_commands(context: click.Context) -> None:
    """Show the pseudonym keys: which one writes, and from when on a former one may be destroyed."""
    if context.invoked_subcommand is None:
        _, rules = _start()
        Console().print(listed_keys(rules))


@keys_commands.command("destroy")
@click.argument("key")
@click.option("--proposed-by", required=True, metavar="WHO", help="Who proposes it.")
@click.option("--decided-by", metavar="WHO", help="Who decides it, where no routine did.")
def destroy_command(key: str, proposed_by: str, decided_by: str | None) -> None:
    """Put on record that KEY is destroyed, and say what to change in the file of keys.

    Refused while records made with it may be there, and when governance/authority.yaml does not
    let these two decide it. The file is yours: nothing is changed in it.
    """
    settings, rules = _start()
    try:
        made = destruction(rules, key, proposed_by, decided_by, datetime.now(UTC))
    except KeyRefused as refused:
        raise click.ClickException(str(refused)) from None
    _answer(_keep(settings, made))
    click.echo(f"On record. Take {key} out of `keys`, and add under `destroyed`:\n  {made.entry}")
    click.echo(f"To be told: {', '.join(made.record.informed) or 'nobody'}.")


async def _keep(settings: Settings, made: Destruction) -> None:
    async with _publishing(settings, _unread()) as publisher:
        await publisher.publish([on_audit(made.record)])


@main.group("rejected")
def rejected_commands() -> None:
    """What was refused: list it, show one, and send it again after a rule was mended."""


@rejected_commands.command("list")
@choosing
def list_command(selection: Selection) -> None:
    """Count refusals by source and reason, with one of each as an example."""
    settings, _ = _start()
    log = KafkaRejections(settings.kafka_as_reader)
    Console().print(_answer(rejected.listed(log, selection, Console(stderr=True))))


@rejected_commands.command("show")
@click.argument("place")
def show_command(place: str) -> None:
    """Show the refusal at PLACE (as `list` calls it: 2/15), and what would become of it now.

    Its original is opened with the sealing key and may say who it was: keep it to yourself.
    """
    settings, rules = _start()
    log = KafkaRejections(settings.kafka_as_reader)
    told = _answer(rejected.shown(log, place, rules, Console(stderr=True)))
    if told is None:
        raise click.ClickException(f"{place}: there is no such refusal, or not any more")
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


@rejected_commands.command("replay")
@choosing
@click.option("--dry-run", is_flag=True, help="Send nothing; say what would become of them.")
def replay_command(selection: Selection, *, dry_run: bool) -> None:
    """Admit refusals by the rules as they are now, and send what is accepted.

    They count as having come when they came. What was sent already is not sent again: the same
    command may be run twice, and goes on after whatever stopped it.
    """
    settings, rules = _start()
    counts = _answer(_replay(settings, rules, selection, is_dry=dry_run))
    Console().print(rejected.account(counts, is_dry=dry_run))


async def _replay(
    settings: Settings, rules: Rules, selection: Selection, *, is_dry: bool
) -> Counter[str]:
    logs = KafkaRejections(settings.kafka_as_reader), KafkaTouchpoints(settings.kafka_as_reader)
    async with _publishing(settings, _unread()) as publisher:
        replayer = rejected.Replayer(*logs, publisher, rules, Console(stderr=True))
        return await replayer.run(selection, is_dry=is_dry)


def _answer(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What it returns, or the end of the process with a sentence."""
    try:
        return asyncio.run(work)
    except PublishFailed as failed:
        raise click.ClickException(str(failed)) from None
    except KeyboardInterrupt:
        raise click.ClickException("interrupted; the same command goes on") from None


def _start() -> tuple[Settings, Rules]:
    """Settings and rules, or the end of the process with sentences for the operator."""
    try:
        settings = read_settings(os.environ)
        _log_as_json(settings.log_level)
        return settings, load_rules(settings, datetime.now(UTC))
    except StartRefused as refused:
        _end(refused)


def _end(refused: StartRefused) -> NoReturn:
    sys.exit(f"ingest does not start:\n{refused}")


def _log_as_json(level: str) -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


if __name__ == "__main__":
    main(prog_name="python -m services.ingest")
