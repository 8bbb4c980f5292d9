"""`import`."""

import asyncio
from pathlib import Path

import click
import prometheus_client as prometheus
from rich.console import Console

from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.adapters.tick_log import KafkaTickLog
from services.ingest.collect import Collector
from services.ingest.commands.import_log import Importer, account
from services.ingest.commands.import_plan import Plan, prepare
from services.ingest.commands.import_progress import Progress
from services.ingest.commands.log_file import ImportRefused
from services.ingest.domain.rules import Rules
from services.ingest.feed import ClockFeeder
from services.ingest.program.running import EDGE, publishing, start
from services.ingest.settings import Settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
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
